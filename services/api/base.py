"""What every view of the API has in common: language, size, who asks and for whom."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import Organisation, Person
from accounts.queries import organisation_for_member
from portal.errors import NotPermitted
from services.api.parsers import BoundedJSONParser, check_size

ACTING_FOR = "X-Acting-For"
MYSELF = "self"


class BrowserSession(SessionAuthentication):
    """The session of the pages, with its CSRF token; without one the answer is 401 and not a page to sign in."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'


class Pages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class FileNegotiation(DefaultContentNegotiation):
    """A file is what it is, whatever the request accepts; only a refusal is JSON."""

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


# The permissions below decide; the middleware would send programmes to a page for people.
@method_decorator(login_not_required, name="dispatch")
class ApiView(APIView):
    authentication_classes: ClassVar = [BrowserSession]
    permission_classes: ClassVar[list[type[BasePermission]]] = [IsAuthenticated]
    parser_classes: ClassVar = [BoundedJSONParser]
    # The schema describes the API; OPTIONS would only tell our class names and docstrings.
    http_method_names: ClassVar = ["get", "head", "post", "put", "patch", "delete"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """The addresses of the API carry no language, so it is settled here, before anything can be refused."""
        translation.activate(_language_of(request))
        request.LANGUAGE_CODE = translation.get_language()
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_size(request._request)
        super().initial(request, *args, **kwargs)

    @property
    def person(self) -> Person:
        return self.request.user

    @property
    def acting_for(self) -> Organisation | None:
        """From the header where there is one, else as chosen on the pages. The mandate is read each time."""
        chosen = self.request.headers.get(ACTING_FOR, "").strip()
        if not chosen:
            return self.request._request.acting_for
        if chosen == MYSELF:
            return None
        organisation = organisation_for_member(self.person, int(chosen)) if _is_id(chosen) else None
        if organisation is None:
            raise NotPermitted(_("You have no mandate to act for this organisation."), "no_mandate")
        return organisation

    def query(self, serializer: type[Serializer]) -> dict[str, Any]:
        """The parameters in the address, checked like a body."""
        checked = serializer(data=self.request.query_params.dict())
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def page(
        self, rows: QuerySet[Any], serializer: type[Serializer], present: Callable[[Any], Any] = lambda row: row
    ) -> Response:
        pages = Pages()
        found = [present(row) for row in pages.paginate_queryset(rows, self.request, view=self)]
        return pages.get_paginated_response(serializer(found, many=True).data)


class PublicApiView(ApiView):
    permission_classes: ClassVar = [AllowAny]


def _language_of(request: HttpRequest) -> str:
    """What the request asks for, else the person's own language."""
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return getattr(request.user, "language", None) or translation.get_language_from_request(request)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def data_of(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """The body, checked; raises what the exception handler turns into 422."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def response_for(serializer: type[Serializer], thing: Any, status: int = 200, **headers: str) -> Response:
    return Response(serializer(thing).data, status=status, headers=headers)
