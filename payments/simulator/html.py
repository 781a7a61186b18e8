"""The payer's pages of the practice gateway: Swahili first, English beside it."""

from html import escape
from pathlib import Path
from string import Template

from payments.gateway import statuses
from payments.gateway.control_numbers import group_in_fours
from payments.gateway.messages import PaymentOption
from payments.simulator.channels import CHANNELS
from payments.simulator.gateway import Paid
from payments.simulator.store import KnownBill

PAGES = Path(__file__).parent / "pages"
SWAHILI = {
    statuses.BILL_CANCELLED: "Ankara hii imefutwa.",
    statuses.BILL_SETTLED: "Ankara hii imeshalipwa yote.",
    statuses.BILL_EXPIRED: "Muda wa kulipa ankara hii umekwisha.",
    statuses.AMOUNT_INSUFFICIENT: "Kiasi ulichoandika ni pungufu.",
    statuses.AMOUNT_NOT_EXACT: "Lipa kiasi kilichoandikwa kwenye ankara, si zaidi wala pungufu.",
    statuses.REQUEST_INVALID: "Andika kiasi kwa tarakimu na uchague njia ya kulipa.",
}
ENGLISH = {
    statuses.REQUEST_INVALID: "Write the amount in digits and choose a way to pay.",
    statuses.AMOUNT_NOT_EXACT: "Pay exactly the amount of the bill.",
}
OPTIONS: dict[str, str] = {
    PaymentOption.FULL: "Kwa mkupuo mmoja / In one payment",
    PaymentOption.PARTIAL: "Kwa awamu / In parts",
    PaymentOption.EXACT: "Kiasi kamili tu / Exact amount only",
}


def home_page(bills: list[KnownBill], *, number: str) -> bytes:
    problem = (
        _problem("Hakuna ankara yenye namba hiyo. Hakiki tarakimu.", "No bill has that number. Check the digits.")
        if number
        else ""
    )
    return _page("home.html", "Lipa ankara", problem=problem, number=escape(number), bills=_list(bills))


def bill_page(bill: KnownBill, *, refused: str = "") -> bytes:
    problem = ""
    if refused:
        english = ENGLISH.get(refused, statuses.sentence_for(refused))
        problem = _problem(SWAHILI.get(refused, "Malipo hayakukubaliwa."), f"{english} ({refused})")
    return _page(
        "bill.html",
        "Lipa ankara",
        problem=problem,
        number=bill.control_number,
        spaced_number=group_in_fours(bill.control_number),
        payee=escape(bill.sp_code),
        description=escape(bill.description),
        payer=escape(bill.payer_name),
        amount=_money(bill.currency, bill.amount),
        paid=_money(bill.currency, bill.paid),
        outstanding=f"{bill.outstanding:f}",
        expires=f"{bill.expires_at:%d/%m/%Y %H:%M}",
        option=OPTIONS.get(bill.payment_option, bill.payment_option),
        form=_form(bill),
    )


def paid_page(paid: Paid) -> bytes:
    return _page(
        "paid.html",
        "Malipo yamepokelewa",
        spaced_number=group_in_fours(paid.control_number),
        amount=_money(paid.currency, paid.amount),
        receipt=paid.receipt_id,
        transaction=paid.transaction_id,
        channel=escape(CHANNELS[paid.channel].name),
    )


def missing_page() -> bytes:
    return _page("missing.html", "Ukurasa haupatikani")


def _page(name: str, title: str, **values: str) -> bytes:
    content = Template((PAGES / name).read_text()).substitute(values)
    return Template((PAGES / "layout.html").read_text()).substitute(title=title, content=content).encode()


def _form(bill: KnownBill) -> str:
    if bill.is_settled:
        return '<p class="done">Imelipwa yote. <span lang="en">Paid in full.</span></p>'
    if bill.is_cancelled:
        return '<p class="done">Imefutwa. <span lang="en">Cancelled.</span></p>'
    return Template((PAGES / "form.html").read_text()).substitute(
        number=bill.control_number, amount=f"{bill.outstanding:f}", channels="".join(map(_choice, CHANNELS))
    )


def _choice(code: str) -> str:
    checked = " checked" if code == "mpesa" else ""
    return (
        f'<li><input type="radio" name="channel" id="{code}" value="{code}"{checked}>'
        f'<label for="{code}">{escape(CHANNELS[code].name)}</label></li>'
    )


def _list(bills: list[KnownBill]) -> str:
    if not bills:
        return ""
    heading = '<h2>Ankara ambazo hazijalipwa <span lang="en">Unpaid bills</span></h2>'
    return f'{heading}<ul class="bills">{"".join(map(_row, bills))}</ul>'


def _row(bill: KnownBill) -> str:
    link = f'<a href="/pay/{bill.control_number}">{group_in_fours(bill.control_number)}</a>'
    amount = _money(bill.currency, bill.outstanding)
    return f"<li>{link} <span>{escape(bill.description)}</span> <strong>{amount}</strong></li>"


def _problem(swahili: str, english: str) -> str:
    return f'<p class="problem" role="alert">{escape(swahili)} <span lang="en">{escape(english)}</span></p>'


def _money(currency: str, amount: object) -> str:
    text = f"{amount:,.2f}"
    return f"{escape(currency)} {text.removesuffix('.00') if currency == 'TZS' else text}"
