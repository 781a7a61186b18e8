"""A person's inbox. Looking changes nothing; reading is said by a button."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from portal.models import Notification
from portal.notifications import inbox_of, localised, mark_all_read, mark_read, unread_count

PAGE_SIZE = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(inbox_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [_entry(notification) for notification in page.object_list]
    return render(request, "portal/inbox.html", {"page": page, "unread": unread_count(request.user), "nav": "inbox"})


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read; the button `open` also goes to the page that it is about."""
    notification = get_object_or_404(inbox_of(request.user), pk=pk)
    mark_read(notification)
    if "open" in request.POST and notification.path:
        return redirect(localised(notification.path, translation.get_language()))
    return redirect("inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(request.user)
    return redirect("inbox")


def _entry(notification: Notification) -> dict[str, Any]:
    return {
        "pk": notification.pk,
        "title": notification.subject,
        "body": notification.body,
        "language": notification.language,
        "at": notification.created_at,
        "unread": notification.read_at is None,
    }


urlpatterns = [
    path("", inbox, name="inbox"),
    path("read/", read_all, name="inbox_read_all"),
    path("<int:pk>/read/", read, name="inbox_read"),
]
