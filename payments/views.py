"""A payer's pages. Fetching is authorising: a bill of somebody else is 404."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from payments.models import Bill
from payments.qr_text import qr_text_of
from payments.queries import bill_for_payer, bills_of_payer
from payments.ways_to_pay import ways_to_pay
from portal.dates import format_datetime
from portal.money import format_money
from portal.qr import qr_svg

PAGE_SIZE = 20


@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    page = Paginator(bills_of_payer(request.user, request.acting_for), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "payments/bills.html", {"page": page, "nav": "payments"})


@require_safe
def bill(request: HttpRequest, number: str) -> HttpResponse:
    found = bill_for_payer(request.user, number)
    context = {"bill": found, "facts": _facts(found), "nav": "payments"}
    if found.can_be_paid_now:
        context |= {
            "ways": ways_to_pay(),
            # Drawn by us from our own data, without script or style.
            "qr": mark_safe(qr_svg(qr_text_of(found), title=_("Code that a wallet's app can read"))),  # noqa: S308
            "practice_url": f"{settings.GEPG_BASE_URL}/pay/{found.control_number}" if settings.DEMO_MODE else "",
        }
    return render(request, "payments/bill.html", context)


def _facts(bill: Bill) -> list[dict[str, str]]:
    facts = [{"label": _("Amount"), "value": format_money(bill.money)}]
    if bill.paid_amount and not bill.is_settled:
        facts += [
            {"label": _("Paid so far"), "value": format_money(bill.paid_money)},
            {"label": _("Still to pay"), "value": format_money(bill.outstanding)},
        ]
    return [
        *facts,
        {"label": _("Paid to"), "value": bill.institution.name},
        {"label": _("Payer"), "value": bill.payer_name},
        {"label": _("Pay before"), "value": format_datetime(bill.expires_at)},
        {"label": _("Bill number"), "value": bill.number},
    ]
