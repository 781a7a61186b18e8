"""For whom the person works now: for himself, or for an organisation with a mandate that still lives."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actions.acting import SESSION_KEY
from accounts.models import Organisation
from accounts.queries import organisation_for_member


class ActingForMiddleware:
    """Sets `request.acting_for`. The mandate is read on each request, so that revoking it works at once.

    Requests without a session cookie touch neither session nor database: public pages stay cacheable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting_for = self._organisation(request)
        return self.get_response(request)

    @staticmethod
    def _organisation(request: HttpRequest) -> Organisation | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        chosen = request.session.get(SESSION_KEY)
        if chosen is None or not request.user.is_authenticated:
            return None
        return organisation_for_member(request.user, chosen)
