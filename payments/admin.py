"""Bills and money in the administration: read only, for everybody."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from payments.models import Bill, BillLine, GatewayMessage, GatewayRequest, Receipt, SuspenseEntry
from portal.admin import Confidential, ReadOnly


class BillLineInline(ReadOnly, TabularInline):
    model = BillLine
    extra = 0


class ReceiptInline(ReadOnly, TabularInline):
    model = Receipt
    fields = readonly_fields = ("number", "gateway_receipt", "psp_name", "amount", "paid_at")
    extra = 0


class GatewayRequestInline(ReadOnly, TabularInline):
    model = GatewayRequest
    fields = readonly_fields = ("kind", "state", "attempts", "due_at", "problem")
    extra = 0


@admin.register(Bill)
class BillAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = (
        "number",
        "institution",
        "payer_name",
        "currency",
        "amount",
        "state",
        "control_number",
        "expires_at",
    )
    list_filter = ("state", "institution", "currency")
    list_select_related = ("institution",)
    search_fields = ("number", "control_number", "payer_name", "subject", "receipts__gateway_receipt")
    date_hierarchy = "issued_at"
    inlines = (BillLineInline, ReceiptInline, GatewayRequestInline)


@admin.register(Receipt)
class ReceiptAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = ("number", "bill", "gateway_receipt", "psp_name", "currency", "amount", "paid_at")
    list_filter = ("psp_name", "currency")
    list_select_related = ("bill",)
    search_fields = ("number", "gateway_receipt", "trx_id", "bill__number", "bill__control_number")
    date_hierarchy = "paid_at"


@admin.register(SuspenseEntry)
class SuspenseEntryAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = (
        "gateway_receipt",
        "reason",
        "claimed_bill",
        "claimed_control_number",
        "currency",
        "amount",
        "paid_at",
    )
    list_filter = ("reason", "currency")
    search_fields = ("gateway_receipt", "trx_id", "claimed_bill", "claimed_control_number", "payer_name")
    date_hierarchy = "received_at"


@admin.register(GatewayMessage)
class GatewayMessageAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = (
        "received_at",
        "direction",
        "kind",
        "verdict",
        "http_status",
        "status_code",
        "bill",
        "handled_at",
    )
    list_filter = ("direction", "kind", "verdict")
    list_select_related = ("bill",)
    search_fields = ("bill__number",)
    fields = (*list_display, "text")
    readonly_fields = ("text",)
    date_hierarchy = "received_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[GatewayMessage]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description=_("message"))
    def text(self, message: GatewayMessage) -> str:
        return bytes(message.raw).decode("utf-8", "replace")
