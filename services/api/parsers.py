"""Reading bodies that may be hostile: bounded, plain, and refused with a sentence."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from portal.errors import DomainError

JSON_MAX_BYTES = 1024 * 1024
"""A section holds at most 200,000 characters, of up to four bytes each."""
FORM_OVERHEAD = 64 * 1024


class BoundedJSONParser(JSONParser):
    """JSON that nests too deep, or holds half a character, is not JSON that we can keep or answer."""

    def parse(
        self, stream: BinaryIO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            _refuse_half_characters(data)
        except RecursionError as error:
            raise ParseError(_("The JSON nests too deep.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The JSON holds half of a surrogate pair.")) from error
        return data


def _refuse_half_characters(data: Any) -> None:
    if isinstance(data, str):
        data.encode()
    elif isinstance(data, Mapping):
        for name, value in data.items():
            name.encode()
            _refuse_half_characters(value)
    elif isinstance(data, list):
        for value in data:
            _refuse_half_characters(value)


def check_size(request: HttpRequest) -> None:
    """By the length that the request states: the server never hands over more than that."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    is_form = (request.content_type or "").startswith("multipart/")
    limit = settings.UPLOAD_MAX_BYTES + FORM_OVERHEAD if is_form else JSON_MAX_BYTES
    if not stated.isdigit() or int(stated) > limit:
        raise DomainError(_("The request is too large. Send less at once, or a smaller file."), "body_too_large")
