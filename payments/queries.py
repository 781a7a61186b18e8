"""Reads of bills. Fetching is authorising: who may not see a bill gets 404."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, Person
from payments.models import Bill
from payments.policies import bills_visible_to
from payments.states import LIVE, PAID


def bills_of_payer(person: Person, organisation: Organisation | None = None) -> QuerySet[Bill]:
    """The bills of the organisation that the person acts for, else of the person alone."""
    bills = Bill.objects.select_related("institution").prefetch_related("lines")
    if organisation is not None:
        return bills.filter(bills_visible_to(person), payer_organisation=organisation)
    return bills.filter(payer=person, payer_organisation=None)


def bill_for_payer(person: Person, number: str) -> Bill:
    bills = Bill.objects.select_related("institution", "payer_organisation").prefetch_related("lines", "receipts")
    return get_object_or_404(bills.filter(bills_visible_to(person)), number=number)


def current_bill_for(subject: str) -> Bill | None:
    """The live bill of a subject, else its newest."""
    bills = Bill.objects.filter(subject=subject)
    return bills.filter(state__in=LIVE).first() or bills.first()


def current_bills(subjects: Iterable[str]) -> dict[str, Bill]:
    """Subject -> its current bill, in one query."""
    bills = Bill.objects.filter(subject__in=list(subjects)).order_by("pk")
    newest = {bill.subject: bill for bill in bills}
    return newest | {bill.subject: bill for bill in bills if bill.state in LIVE}


def is_settled(number: str) -> bool:
    return Bill.objects.filter(number=number, state__in=PAID).exists()


def was_billed(subject: str) -> bool:
    return Bill.objects.filter(subject=subject).exists()


def paid_for(subject: str) -> dict[str, Decimal]:
    """Currency -> what has arrived for a subject, on all its bills."""
    paid = Bill.objects.filter(subject=subject, paid_amount__gt=0).order_by()
    return dict(paid.values_list("currency").annotate(Sum("paid_amount")))
