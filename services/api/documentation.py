"""What the schema says beyond the shapes: problems, headers and parameters."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from services.api.problems import MEDIA_TYPE
from services.api.serializers.common import ProblemSerializer

Responses = dict[Any, Any]
_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
_SAID = {
    400: _("The request cannot be read."),
    401: _("Nobody is signed in."),
    403: _("Signed in, but not permitted."),
    404: _("Nothing here, or not yours to see."),
    409: _("No longer possible: it has changed meanwhile."),
    413: _("Too large."),
    415: _("Not a content type that is accepted here."),
    422: _("Something needs correction; “errors” says what and where."),
    429: _("Too many requests; “Retry-After” says when to try again."),
}
ACTING_FOR_HEADER = OpenApiParameter(
    "X-Acting-For",
    {"type": "string", "pattern": "^(self|[0-9]{1,18})$"},
    OpenApiParameter.HEADER,
    description=_("Id of the organisation for which you act, or “self”. Without it, as chosen on the pages."),
)
IDEMPOTENCY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,64}$"},
    OpenApiParameter.HEADER,
    description=_("A key of your own choice. The same start sent again with it answers with the same application."),
)


def problems(*codes: int) -> Responses:
    return {(code, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=_SAID[code]) for code in codes}


class BrowserSessionScheme(OpenApiAuthenticationExtension):
    target_class = "services.api.base.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of the pages. Requests that write also send the CSRF token as X-CSRFToken.",
        }


def complete_responses(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """No answer without a word, and whatever else an operation answers is a problem document."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                response["description"] = response["description"] or str(_("Done."))
            operation["responses"]["default"] = {
                "description": str(_("Any other refusal is a problem document too.")),
                "content": {MEDIA_TYPE: _PROBLEM},
            }
    return result
