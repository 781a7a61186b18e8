"""Every refusal of the API as a problem document (RFC 9457), in the language of whoever asks.

`code` is stable for programmes, `detail` is for people; `errors` says what is wrong where.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response

from portal.errors import Conflict, DomainError, NotPermitted
from services.definitions.answers import Errors

MEDIA_TYPE = "application/problem+json"
_DOMAIN_STATUS = {
    "file_too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    "body_too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
}
_TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not do that"),
    406: gettext_lazy("Only JSON is spoken here"),
    409: gettext_lazy("This is no longer possible"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("This kind of content is not accepted"),
    422: gettext_lazy("Something needs correction"),
    429: gettext_lazy("Too many requests"),
}
_DETAILS = {
    405: gettext_lazy("Look at /api/docs/ for what this address does."),
    406: gettext_lazy("Ask for application/json in the header Accept."),
    415: gettext_lazy("Send application/json; documents are sent as multipart/form-data."),
    429: gettext_lazy("You have asked too often. Wait as long as the header Retry-After says, then try again."),
}
_CSRF = gettext_lazy("The CSRF token is missing or old. Send the cookie csrftoken again as the header X-CSRFToken.")
_SENTENCES = {
    "required": gettext_lazy("Fill this in."),
    "null": gettext_lazy("Fill this in."),
    "blank": gettext_lazy("Fill this in."),
    "empty": gettext_lazy("The file is empty. Choose another one."),
    "no_name": gettext_lazy("Send the file with its name."),
    "invalid_choice": gettext_lazy("This is not one of the choices. Look at /api/docs/ for them."),
    "max_length": gettext_lazy("This is too long. Shorten it."),
    "min_value": gettext_lazy("This number is too small."),
    "max_value": gettext_lazy("This number is too large."),
    "null_characters_not_allowed": gettext_lazy("Some characters cannot be stored. Type the answer again."),
    "invalid": gettext_lazy("Check how this is written."),
}
"""Django REST framework does not speak Swahili; these are all the refusals of our own serializers."""
_NOT_AUTHENTICATED = gettext_lazy("Sign in first, then send the request again with the session's cookie.")
_NOT_FOUND = gettext_lazy("There is nothing at this address, or it is not yours to see.")


@dataclass(frozen=True)
class Problem:
    status: int
    code: str
    detail: Any
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_data(self, path: str, request_id: str) -> dict[str, Any]:
        """`type` stays about:blank: the address of a page for each code would promise more than `code` does."""
        return {
            "type": "about:blank",
            "title": str(_TITLES.get(self.status, self.detail)),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
            "instance": path,
            "request_id": request_id,
            "errors": self.errors,
        }


class Invalid(DomainError):
    """What was sent cannot be kept; `errors` names each place."""

    def __init__(self, message: Any, code: str, errors: list[dict[str, Any]]) -> None:
        super().__init__(message, code)
        self.errors = errors


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """What is not known here is a fault of ours and passes through to the page for faults."""
    problem = _problem_of(error)
    if problem is None:
        return None
    request = context["request"]
    data = problem.as_data(request.path, getattr(request, "request_id", ""))
    return Response(data, status=problem.status, content_type=MEDIA_TYPE, headers=_headers_of(error))


def field_errors(errors: Errors, pointer: str = "") -> list[dict[str, Any]]:
    """The validator's errors as entries with a JSON pointer into what was sent."""
    return [
        _entry(f"{pointer}/{escaped(name)}", one.code, one.message, one.choices)
        for name, found in errors.items()
        for one in found
    ]


def escaped(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def error_entry(pointer: str, code: str, message: Any) -> dict[str, Any]:
    return _entry(pointer, code, message, ())


def _entry(pointer: str, code: str, message: Any, choices: Iterable[Any]) -> dict[str, Any]:
    return {
        "pointer": pointer,
        "code": code,
        "message": str(message),
        "choices": [{"value": choice.value, "label": str(choice.label)} for choice in choices],
    }


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case DomainError():
            return Problem(_domain_status(error), error.code, error.message, getattr(error, "errors", []))
        case Http404() | exceptions.NotFound():
            return Problem(404, "not_found", _NOT_FOUND)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem(401, "not_authenticated", _NOT_AUTHENTICATED)
        case exceptions.ValidationError():
            return Problem(422, "invalid", _TITLES[422], list(_serializer_errors(error.get_full_details())))
        case exceptions.APIException():
            code = _code_of(error)
            detail = _CSRF if code == "csrf_failed" else _DETAILS.get(error.status_code, error.detail)
            return Problem(error.status_code, code, detail)
        case RequestDataTooBig():
            return Problem(413, "body_too_large", _("Send less at once."))
        case PermissionDenied():
            return Problem(403, "permission_denied", _TITLES[403])
        case SuspiciousOperation():
            return Problem(400, "parse_error", _TITLES[400])
    return None


def _domain_status(error: DomainError) -> int:
    if isinstance(error, NotPermitted):
        return status.HTTP_403_FORBIDDEN
    if isinstance(error, Conflict):
        return status.HTTP_409_CONFLICT
    return _DOMAIN_STATUS.get(error.code, status.HTTP_422_UNPROCESSABLE_ENTITY)


def _code_of(error: exceptions.APIException) -> str:
    """Django REST framework has no code of its own for a refused CSRF token."""
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return "csrf_failed"
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _headers_of(error: Exception) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)
    return headers


def _serializer_errors(details: Any, pointer: str = "") -> Iterable[dict[str, Any]]:
    """Nested details of a serializer, flattened; what belongs to no field points at the whole."""
    if isinstance(details, Mapping) and {"message", "code"} <= details.keys() and isinstance(details["code"], str):
        yield error_entry(pointer, details["code"], _SENTENCES.get(details["code"], details["message"]))
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            step = "" if name == "non_field_errors" else f"/{escaped(str(name))}"
            yield from _serializer_errors(inner, pointer + step)
    else:
        for inner in details:
            yield from _serializer_errors(inner, pointer)
