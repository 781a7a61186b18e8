"""The measure: what Django itself does at least, behind the same middleware."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.models import OutboxMessage
from services.models import Service

_PAGE = engines["django"].from_string("<!doctype html><title>{{ service.slug }}</title><p>{{ service.audience }}</p>")


@login_not_required
@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """One query, one small template."""
    return HttpResponse(_PAGE.render({"service": Service.objects.order_by("pk").first()}))


@csrf_exempt
@login_not_required
@require_POST
@transaction.atomic
def insert(request: HttpRequest) -> HttpResponse:
    """One row, one short answer."""
    OutboxMessage.objects.create(topic="bench", key=uuid.uuid4().hex)
    return HttpResponse("ok")
