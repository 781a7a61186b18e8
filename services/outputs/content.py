"""The content of a certificate, licence, letter or report, from the definition and the answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.dates import format_date
from portal.pdf.furniture import Pair, pair, same
from services.definitions.schema import Definition, Output
from services.definitions.texts import Text
from services.outputs.facts import facts_of, holder_of
from services.outputs.validity import expiry_date
from services.outputs.words import both

TEMPLATES = {
    "cheti": "certificate", "kadi": "certificate", "pasipoti": "certificate", "namba": "certificate",
    "leseni": "licence", "kibali": "licence",
    "barua": "letter", "makubaliano": "letter", "ripoti": "letter",
}  # fmt: skip

OPENINGS: Mapping[str, str | Promise] = {
    "cheti": _("This certificate is issued to"),
    "leseni": _("This licence is granted to"),
    "kibali": _("This permit is granted to"),
    "kadi": _("This slip confirms the particulars of"),
    "pasipoti": _("This slip confirms the passport application of"),
    "namba": _("This number has been given to"),
}
CERTIFIED = _("This certificate certifies the particulars of")
"""A certificate about somebody who did not apply for it: a child, the dead, a couple, a business."""
DEFAULT_OPENING = _("This document is issued to")

APPROVED = _("Your application number %(reference)s of the service “%(service)s” has been approved.")
LETTER_BODIES: Mapping[str, tuple[str | Promise, ...]] = {
    "barua": (APPROVED, _("The particulars on which the decision was made are set out below.")),
    "ripoti": (
        _("This report answers application number %(reference)s of the service “%(service)s”."),
        _("The particulars below are as they stand in the records of this office on the day of issue."),
    ),
    "makubaliano": (
        _("This agreement is made under application number %(reference)s of the service “%(service)s”."),
        _("Both institutions keep to the particulars below and to the laws on personal data."),
    ),
}

ISSUED_ON = _("Issued on")
VALID_UNTIL = _("Valid until")
NO_EXPIRY = _("No expiry")
APPLICATION = _("Application number")


def build_output(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    number: str,
    applicant: str,
    reference: str,
    issued_on: date,
    approved_by_office: Text | str,
    institution_name: Text | str,
    language: str,
) -> dict[str, Any]:
    """JSON-able and complete: stored with the certificate, so that a reprint shows what was issued.

    `applicant` (the person or the organisation acted for) is the holder where no answer names another.
    """
    output = definition.output
    expires_on = expiry_date(output.validity, issued_on)
    return {
        "template": template_for(output.kind),
        "kind": output.kind,
        "service": definition.slug,
        "language": language,
        "number": number,
        "reference": reference,
        "holder": holder_of(definition, answers, language) or applicant,
        "institution": both(institution_name),
        "office": both(approved_by_office),
        "title": both(output.title),
        "opening": pair(_opening(output)),
        "body": _body(definition, reference),
        "facts": facts_of(definition, answers, language),
        "terms": _terms(issued_on, expires_on, reference, has_validity=output.validity is not None),
        "issued_on": issued_on.isoformat(),
        "expires_on": expires_on.isoformat() if expires_on else None,
    }


def template_for(kind: str) -> str:
    """A kind that a designer invents tomorrow is a letter: it holds any content."""
    return TEMPLATES.get(kind, "letter")


def _opening(output: Output) -> str | Promise:
    if output.kind == "cheti" and output.holder_fields:
        return CERTIFIED
    return OPENINGS.get(output.kind, DEFAULT_OPENING)


def _body(definition: Definition, reference: str) -> list[Pair]:
    paragraphs = LETTER_BODIES.get(definition.output.kind, LETTER_BODIES["barua"])
    places = {"reference": same(reference), "service": both(definition.title)}
    return [pair(paragraph, **places) for paragraph in paragraphs]


def _terms(issued_on: date, expires_on: date | None, reference: str, *, has_validity: bool) -> list[dict[str, Pair]]:
    terms = [{"label": pair(ISSUED_ON), "value": _date(issued_on)}]
    if expires_on is not None:
        terms.append({"label": pair(VALID_UNTIL), "value": _date(expires_on)})
    elif has_validity:
        terms.append({"label": pair(VALID_UNTIL), "value": pair(NO_EXPIRY)})
    return [*terms, {"label": pair(APPLICATION), "value": same(reference)}]


def _date(day: date) -> Pair:
    return {language: format_date(day, language) for language in ("sw", "en")}
