"""What somebody wrote when their session had ended: kept over the sign-in, so that nobody writes it twice."""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

from portal.limits import limited

View = Callable[..., HttpResponse]
SECONDS = 60 * 60
LONGEST = 32 * 1024
KEPT_AN_HOUR = 60
"""From one address: many people share one behind a mobile network, and none of them may fill the table of sessions."""
_SESSION_KEY = "kept_form"


def kept_over_sign_in(view: View) -> View:
    """Ask for a sign-in as everywhere, but keep the posted fields (never files) in the visitor's own session."""

    @login_not_required
    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return inner


def _keep(request: HttpRequest) -> None:
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    text = fields.urlencode()
    if len(text) <= LONGEST and not limited("kept", request.META["REMOTE_ADDR"], most=KEPT_AN_HOUR, seconds=SECONDS):
        request.session[_SESSION_KEY] = {"path": request.path, "fields": text, "until": time.time() + SECONDS}


def kept_fields(request: HttpRequest) -> QueryDict | None:
    """What was written at this very address before the sign-in, for an hour and until it is sent again."""
    kept = request.session.get(_SESSION_KEY)
    if kept is None or kept["path"] != request.path or kept["until"] < time.time():
        return None
    return QueryDict(kept["fields"])


def forget_fields(request: HttpRequest) -> None:
    request.session.pop(_SESSION_KEY, None)
