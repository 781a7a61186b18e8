"""The floor in the administration: what was sent, what was done, what waits. Looked at, hardly touched."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from portal import audit, outbox_retry
from portal.errors import Conflict
from portal.models import AuditEntry, Delivery, Notification, OutboxDelivery, OutboxMessage
from portal.notifications import delivery
from portal.verbs import RECORD_READ


class ReadOnly:
    """Nobody adds, changes or deletes here, not even a superuser: these rows are records."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Confidential:
    """Rows about people: whoever opens one leaves an entry before it is shown (decision 0010)."""

    reading: audit.Verb = RECORD_READ

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is not None and self.has_view_or_change_permission(request, row):
            audit.record_reading(self.reading, row, actor=request.user)
        return super().change_view(request, object_id, *args, **kwargs)


class DeliveryInline(ReadOnly, TabularInline):
    model = Delivery
    fields = ("channel", "address", "state", "attempts", "sent_at", "provider_reference", "error")
    readonly_fields = fields
    extra = 0


@admin.register(Notification)
class NotificationAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = ("created_at", "recipient", "code", "subject", "read_at")
    list_filter = ("code", "language")
    search_fields = ("recipient__full_name", "recipient__email", "recipient__phone", "key")
    list_select_related = ("recipient",)
    date_hierarchy = "created_at"
    inlines = (DeliveryInline,)


@admin.register(Delivery)
class DeliveryAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = (
        "pk",
        "notification",
        "channel",
        "address",
        "state",
        "attempts",
        "next_attempt_at",
        "sent_at",
    )
    list_filter = ("state", "channel", "notification__code")
    search_fields = ("address", "notification__key", "provider_reference")
    list_select_related = ("notification",)
    actions = ("resend",)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal.change_delivery")

    @admin.action(description=_("Send again"), permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: models.QuerySet[Delivery]) -> None:
        for row in queryset:
            _act(self, request, row, delivery.resend, _("%(number)s will be sent again."))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "actor", "sentence", "subject_type", "subject_key", "request_id")
    list_filter = ("verb", "subject_type")
    search_fields = ("subject_key", "request_id", "actor__full_name", "actor__email")
    list_select_related = ("actor",)
    date_hierarchy = "at"

    @admin.display(description=_("what was done"), ordering="verb")
    def sentence(self, entry: AuditEntry) -> str:
        verb = audit.VERBS.get(entry.verb)
        return str(verb.sentence) if verb else entry.verb


class OutboxDeliveryInline(ReadOnly, TabularInline):
    model = OutboxDelivery
    fields = ("handler", "state", "attempts", "next_attempt_at", "error")
    readonly_fields = fields
    extra = 0


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, ModelAdmin):
    list_display = ("published_at", "topic", "key")
    list_filter = ("topic",)
    search_fields = ("key",)
    inlines = (OutboxDeliveryInline,)


@admin.register(OutboxDelivery)
class OutboxDeliveryAdmin(ReadOnly, ModelAdmin):
    list_display = ("pk", "message", "handler", "state", "attempts", "next_attempt_at")
    list_filter = ("state", "handler")
    list_select_related = ("message",)
    actions = ("retry",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal.change_outboxdelivery")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: models.QuerySet[OutboxDelivery]) -> None:
        for row in queryset:
            _act(self, request, row, outbox_retry.retry, _("%(number)s will be tried again."))


def _act(
    page: ModelAdmin, request: HttpRequest, row: models.Model, act: Callable[..., None], done: str | Promise
) -> None:
    """One row at a time, each with its own answer: a refused one does not stop the others."""
    try:
        act(row, request.user)
    except Conflict as refusal:
        page.message_user(request, f"{row.pk}: {refusal.message}", messages.WARNING)
    else:
        page.message_user(request, str(done) % {"number": row.pk}, messages.SUCCESS)
