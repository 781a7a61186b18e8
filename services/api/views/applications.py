"""One's own applications: start, fill in, send, follow, withdraw."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from portal.errors import Conflict, DomainError
from portal.files import open_download
from services.actions import save_section, start_application, submit_application, withdraw_application
from services.api.base import ApiView, FileNegotiation, Pages, data_of, response_for
from services.api.documentation import ACTING_FOR_HEADER, IDEMPOTENCY_HEADER, problems
from services.api.problems import Invalid, field_errors
from services.api.representations import (
    application_in_full,
    application_in_short,
    kept_answers,
    section_in_full,
    what_is_missing,
)
from services.api.serializers.applications import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    ApplicationsQuery,
    SectionAnswersSerializer,
    StartSerializer,
    SubmitSerializer,
    TimelineSerializer,
    WithdrawSerializer,
)
from services.definitions.schema import Section
from services.models import Application, Certificate, Service
from services.presenters import stage_line, timeline
from services.queries import application_for_applicant, applications_of

TAGS = [_("Applications")]
ANSWERS = {
    "type": "object",
    "additionalProperties": True,
    "description": "Answers by field name. The definition of the service says which fields a section has.",
}


class OwnApplicationView(ApiView):
    def own(self, reference: str) -> Application:
        """404 for everybody but the applicant, or who holds a mandate of the organisation just now."""
        return application_for_applicant(self.person, self.acting_for, reference)

    def told(self, application: Application, status: int = 200, **headers: str) -> Response:
        data = application_in_full(application, self.request)
        return response_for(ApplicationDetailSerializer, data, status, **headers)


class Applications(OwnApplicationView):
    pagination_class = Pages

    @extend_schema(
        operation_id="list_applications", summary=_("My applications"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER, ApplicationsQuery],
        responses={200: ApplicationSerializer(many=True)} | problems(401, 403, 404, 422, 429),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = self.query(ApplicationsQuery)
        found = applications_of(self.person, self.acting_for)
        if "state" in asked:
            found = found.filter(state=asked["state"])
        return self.page(found, ApplicationSerializer, application_in_short)

    @extend_schema(
        operation_id="start_application", summary=_("Start an application"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER, IDEMPOTENCY_HEADER], request=StartSerializer,
        responses={201: ApplicationDetailSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        slug = data_of(StartSerializer, request)["service"]
        try:
            application = start_application(
                slug=slug, actor=self.person, acting_for=self.acting_for, channel=Application.Channel.API,
                key=_idempotency_key(request),
            )  # fmt: skip
        except Service.DoesNotExist as error:
            raise Http404 from error
        where = reverse("v1:application", args=[application.reference], request=request)
        return self.told(application, status.HTTP_201_CREATED, Location=where)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not re.fullmatch(r"[!-~]{1,64}", key):
        raise DomainError(
            _("Write the Idempotency-Key with 1 to 64 printable characters without spaces."), "idempotency_key_wrong"
        )
    return key


class ApplicationDetail(OwnApplicationView):
    @extend_schema(
        operation_id="get_application", summary=_("State, parts, fee, errors and next steps"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={200: ApplicationDetailSerializer} | problems(401, 403, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str) -> Response:
        return self.told(self.own(reference))


class ApplicationSection(OwnApplicationView):
    @extend_schema(
        operation_id="get_section", summary=_("The answers of one section"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={200: SectionAnswersSerializer} | problems(401, 403, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str, section: str) -> Response:
        own = self.own(reference)
        return response_for(SectionAnswersSerializer, section_in_full(own, _section(own, section)))

    @extend_schema(
        operation_id="replace_section", summary=_("Save a section; what is not sent becomes empty"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request={"application/json": ANSWERS},
        responses={200: SectionAnswersSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def put(self, request: Request, reference: str, section: str) -> Response:
        own = self.own(reference)
        return self._save(own, _section(own, section), {})

    @extend_schema(
        operation_id="change_section", summary=_("Save a section; what is not sent stays"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request={"application/json": ANSWERS},
        responses={200: SectionAnswersSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def patch(self, request: Request, reference: str, section: str) -> Response:
        own = self.own(reference)
        found = _section(own, section)
        return self._save(own, found, kept_answers(own, found))

    def _save(self, own: Application, section: Section, kept: Mapping[str, Any]) -> Response:
        if not isinstance(self.request.data, Mapping):
            raise DomainError(_("Send the answers as an object: field name and value."), "invalid")
        raw = {**kept, **self.request.data}
        saved, cleaned = save_section(reference=own.reference, actor=self.person, section=section.key, raw=raw)
        if cleaned.errors:
            errors = field_errors(cleaned.errors)
            raise Invalid(_("Some answers need correction. Nothing was saved."), "invalid", errors)
        return response_for(SectionAnswersSerializer, section_in_full(saved, section))


class Submission(OwnApplicationView):
    @extend_schema(
        operation_id="submit_application", summary=_("Send the application; sent again, it answers the same"),
        tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request=SubmitSerializer,
        responses={200: ApplicationDetailSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def post(self, request: Request, reference: str) -> Response:
        own = self.own(reference)
        declared = data_of(SubmitSerializer, request)["declared"]
        try:
            submit_application(reference=own.reference, actor=self.person, declared=declared)
        except Conflict as conflict:
            if conflict.code != "already_submitted" or self.own(reference).submitted_at is None:
                raise
        except DomainError as refusal:
            raise Invalid(refusal.message, refusal.code, what_is_missing(own)) from refusal
        return self.told(self.own(reference))


class Withdrawal(OwnApplicationView):
    @extend_schema(
        operation_id="withdraw_application", summary=_("Take the application back"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request=WithdrawSerializer,
        responses={200: ApplicationDetailSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def post(self, request: Request, reference: str) -> Response:
        own = self.own(reference)
        reason = data_of(WithdrawSerializer, request)["reason"]
        withdraw_application(reference=own.reference, actor=self.person, reason=reason)
        return self.told(self.own(reference))


class Timeline(OwnApplicationView):
    @extend_schema(
        operation_id="get_timeline", summary=_("What happened, and the way ahead"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={200: TimelineSerializer} | problems(401, 403, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str) -> Response:
        own = self.own(reference)
        return response_for(TimelineSerializer, {"events": timeline(own.events.all()), "stages": stage_line(own)})


class CertificateFile(OwnApplicationView):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="download_certificate", summary=_("The signed PDF"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY} | problems(401, 403, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str) -> HttpResponse:
        issued = get_object_or_404(
            Certificate.objects.select_related("file"), application=self.own(reference), file__isnull=False
        )
        return open_download(issued.file)


def _section(application: Application, key: str) -> Section:
    try:
        return application.definition.section(key)
    except KeyError as error:
        raise Http404 from error
