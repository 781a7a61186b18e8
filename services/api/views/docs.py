"""The published schema, and the same as a page for people."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

API_VERSION = "v1"
# Only our own addresses: the pages have no place in the schema.
PATTERNS = [path("api/v1/", include(("services.api.urls", "api"), namespace=API_VERSION))]


@method_decorator(login_not_required, name="dispatch")
class Schema(SpectacularAPIView):
    api_version = API_VERSION
    patterns = PATTERNS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """In English for everybody, so that what is published is one text."""
        with translation.override("en"):
            return super().get(request, *args, **kwargs)


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The addresses of the API carry no language, so this page takes it from `?language=` or the browser."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    with translation.override(language):
        context = {"groups": groups(language), "schema_href": reverse("api_schema")}
        return render(request, "services/api/docs.html", context | {"language_links": _languages(language)})


def _languages(current: str) -> list[tuple[str, str, str, bool]]:
    address = reverse("api_docs")
    return [(code, name, f"{address}?language={code}", code == current) for code, name in settings.LANGUAGES]


@lru_cache(maxsize=len(settings.LANGUAGES))
def groups(language: str) -> list[dict[str, Any]]:
    """Operations by tag, in the order of the addresses. The code does not change while it runs."""
    with translation.override(language):
        schema = SchemaGenerator(api_version=API_VERSION, patterns=PATTERNS).get_schema(request=None, public=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            found.setdefault(operation["tags"][0], []).append(_operation(address, method, operation))
    return [{"title": tag, "operations": operations} for tag, operations in found.items()]


def _operation(address: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": address,
        "summary": operation["summary"],
        "needs_session": {} not in operation.get("security", []),
        "parameters": [
            {"name": one["name"], "place": one["in"], "text": one.get("description", "")}
            for one in operation.get("parameters", [])
        ],
        "answers": [
            {"code": code, "text": answer.get("description", "")} for code, answer in operation["responses"].items()
        ],
    }
