from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from services.api.base import PublicApiView


@extend_schema(exclude=True)
class NothingHere(PublicApiView):
    """Every other address under the API: a problem document instead of a page for people."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
