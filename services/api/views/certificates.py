"""Verification by anybody: is this document real, and is it valid today?"""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.references import is_valid_reference, normalise_reference
from portal.signing import mask_name
from services.api.base import PublicApiView, response_for
from services.api.documentation import problems
from services.api.serializers.certificates import VerificationSerializer
from services.models import Certificate
from services.queries import certificate_for_public


class Verification(PublicApiView):
    throttle_scope = "verify"

    @extend_schema(
        operation_id="verify_certificate", summary=_("Is this document real and valid today?"),
        tags=[_("Certificates")],
        responses={200: VerificationSerializer} | problems(404, 429),
    )  # fmt: skip
    def get(self, request: Request, number: str) -> Response:
        number = normalise_reference(number)
        if not is_valid_reference(number):
            raise Http404
        return response_for(VerificationSerializer, _facts(certificate_for_public(number)))


def _facts(found: Certificate) -> dict[str, object]:
    return {
        "number": found.number,
        "verdict": found.verdict.value,
        "document": found.application.definition.output.title,
        "holder": mask_name(found.holder),
        "institution": found.application.institution,
        "issued_on": timezone.localdate(found.issued_at),
        "expires_on": found.expires_on,
        "checked_at": timezone.now(),
    }
