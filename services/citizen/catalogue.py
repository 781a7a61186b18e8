"""The catalogue and its service pages: everything a person must know before anything is started."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Institution
from services.citizen.home import AUDIENCES
from services.definitions.conditions import explain
from services.definitions.fees import fee_summary
from services.definitions.loader import vocabulary
from services.definitions.schema import Definition, Stage
from services.models import Service
from services.queries import (
    NEAR_MATCH,
    categories_with_services,
    open_services,
    service_for_public,
    services_matching,
)
from services.workflow.outcomes import ASSESSING

PAGE_SIZE = 20
FILTERS = {"audience": "audience", "category": "category__code", "institution": "institution__code"}


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    services = open_services().filter(**{FILTERS[name]: value[:80] for name, value in chosen.items()})
    found = services_matching(services, query)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [service_card(service) for service in page.object_list]
    total = page.paginator.count
    return render(
        request,
        "services/citizen/catalogue.html",
        {
            "nav": "services",
            "title": _title(chosen),
            "query": query,
            "total": total,
            "groups": filter_groups(request.GET, chosen),
            "page": page,
            "hidden": list(chosen.items()),
            "clear": _address({"q": query}) if chosen else "",
            "suggestions": near_matches(query) if not total else [],
        },
    )


def near_matches(query: str) -> list[dict[str, Any]]:
    return [service_card(service) for service in services_matching(open_services(), query, NEAR_MATCH)[:5]]


def _title(chosen: dict[str, str]) -> str:
    titles = {audience.value: title for audience, (title, _text) in AUDIENCES.items()}
    return str(titles.get(chosen.get("audience", ""), _("All services")))


def filter_groups(asked: QueryDict, chosen: dict[str, str]) -> list[dict[str, Any]]:
    audiences = [(audience.value, title) for audience, (title, _text) in AUDIENCES.items()]
    categories = [(category.code, category.name) for category in categories_with_services()]
    owners = Institution.objects.filter(services__in=open_services()).distinct()
    institutions = sorted(((owner.code, owner.name) for owner in owners), key=lambda pair: pair[1])
    return [
        _group(_("For whom"), "audience", audiences, asked, chosen),
        _group(_("Event"), "category", categories, asked, chosen),
        _group(_("Institution"), "institution", institutions, asked, chosen),
    ]


def _group(title: str, name: str, values: list[Any], asked: QueryDict, chosen: dict[str, str]) -> dict[str, Any]:
    """Counts say what each choice would leave, the other filters being as they are."""
    others = {FILTERS[key]: value for key, value in chosen.items() if key != name}
    counts = _counts(open_services().filter(**others), FILTERS[name])
    kept = {"q": asked.get("q", ""), **{key: value for key, value in chosen.items() if key != name}}
    options = [
        {
            "title": label,
            "count": counts.get(value, 0),
            "current": chosen.get(name) == value,
            "href": _address(kept if chosen.get(name) == value else kept | {name: value}),
        }
        for value, label in values
        if counts.get(value)
    ]
    return {"title": title, "options": options}


def _counts(services: QuerySet[Service], column: str) -> dict[str, int]:
    return dict(services.order_by().values_list(column).annotate(Count("pk")))


def _address(parameters: dict[str, str]) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"{reverse('services:catalogue')}?{urlencode(given)}" if given else reverse("services:catalogue")


def service_card(service: Service) -> dict[str, Any]:
    fee, estimate = fee_in_short(service.definition)
    return {
        "title": service.title,
        "summary": service.summary,
        "href": reverse("services:service", args=[service.slug]),
        "institution": service.institution.name,
        "audience": AUDIENCES[Service.Audience(service.audience)][0],
        "fee": fee,
        "fee_is_estimate": estimate,
        "days": service.definition.processing_time.working_days,
    }


def fee_in_short(definition: Definition) -> tuple[str, bool]:
    """The fee in a few words, and whether any part of it is an estimate."""
    lines = fee_summary(definition)
    if not lines:
        return _("Free of charge"), False
    estimate = any(line.is_estimate for line in lines)
    amounts = list(dict.fromkeys(line.amount.in_language(get_language()) for line in lines))
    if len(amounts) == 1:
        return amounts[0], estimate
    if definition.fee.model == "fixed" and not definition.fee.additional_items:
        return f"{definition.fee.currency} {definition.fee.amount:,.0f}", estimate
    if amounts[0] == _("Free of charge"):
        return _("Free or with a fee"), estimate
    return _("From %(amount)s") % {"amount": amounts[0]}, estimate


@login_not_required
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = service_for_public(slug)
    definition = found.definition
    return render(
        request,
        "services/citizen/service.html",
        {
            "nav": "services",
            "service": {
                "slug": slug,
                "title": found.title,
                "summary": found.summary,
                "institution": found.institution.name,
                "audience": AUDIENCES[Service.Audience(found.audience)][0],
                "audience_href": _address({"audience": found.audience}),
            },
            "facts": service_facts(found),
            "steps": service_steps(definition),
            "documents": service_documents(definition),
            "has_estimate": any(line.is_estimate for line in fee_summary(definition)),
            "closed": "" if found.is_open else _("This service no longer takes new applications."),
            "channels": service_channels(definition),
            "checked_on": found.current_version.published_at,
        },
    )


def service_facts(service: Service) -> list[dict[str, Any]]:
    definition, language = service.definition, get_language()
    return [
        *_fee_facts(definition),
        {
            "label": _("Time"),
            "value": _days(definition.processing_time.working_days),
            "tag": _("Estimate") if definition.processing_time.is_estimate else "",
        },
        {"label": _("Documents"), "value": _documents_in_short(definition)},
        {"label": _("Who may apply"), "value": definition.eligibility.in_language(language)},
        {"label": _("Institution"), "value": service.institution.name},
        {"label": _("What you receive"), "value": definition.output.title.in_language(language)},
    ]


def _days(number: int) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", number) % {"days": number}


def _documents_in_short(definition: Definition) -> str:
    if not definition.documents:
        return _("No document is needed")
    return _("%(number)s in the list") % {"number": len(definition.documents)}


def _fee_facts(definition: Definition) -> list[dict[str, Any]]:
    lines, language = fee_summary(definition), get_language()
    if not lines:
        return [{"label": _("Fee"), "value": _("Free of charge")}]
    return [
        {
            "label": _("Fee") if number == 0 else "",
            "value": line.amount.in_language(language),
            "note": line.label.in_language(language),
            "tag": _("Estimate") if line.is_estimate else "",
        }
        for number, line in enumerate(lines)
    ]


def service_steps(definition: Definition) -> list[dict[str, str]]:
    """What the applicant does and what each office does, in their order; paying stands where the fee falls due."""
    language = get_language()
    text = _("Answer the questions and add the documents. A draft is kept.")
    steps = [{"title": _("Apply online"), "text": text}]
    if _is_due(definition, "submission"):
        steps.append(_payment_step())
    if definition.in_person_step:
        steps.append({"title": _("In person"), "text": definition.in_person_step.in_language(language)})
    for stage in definition.stages:
        steps.append(_stage_step(stage))
        if ASSESSING in stage.actions and _is_due(definition, "after_assessment"):
            steps.append(_payment_step())
    title = definition.output.title.in_language(language)
    return [*steps, {"title": title, "text": _("Download it here; anybody can verify it.")}]


def _is_due(definition: Definition, moment: str) -> bool:
    return getattr(definition.fee, "payable_at", None) == moment


def _payment_step() -> dict[str, str]:
    text = _("By mobile money, bank or agent. Never in cash to anybody.")
    return {"title": _("Pay with a control number"), "text": text}


def _stage_step(stage: Stage) -> dict[str, str]:
    office = vocabulary().roles[stage.role].label.in_language(get_language())
    days = max(stage.working_days, 1)
    text = ngettext("%(office)s, within %(days)s working day", "%(office)s, within %(days)s working days", days)
    text %= {"office": office, "days": days}
    return {"title": stage.label.in_language(get_language()), "text": text}


def service_documents(definition: Definition) -> list[dict[str, Any]]:
    language = get_language() or "sw"
    kinds = vocabulary().documents
    return [
        {
            "title": kinds[wanted.document].label.in_language(language),
            "mandatory": wanted.mandatory,
            "note": _("When: %(condition)s") % {"condition": explain(wanted.when, definition, language)}
            if wanted.when
            else "",
        }
        for wanted in definition.documents
    ]


def service_channels(definition: Definition) -> list[dict[str, str]]:
    charter, language = definition.charter, get_language()
    return [
        {"title": _("Where else to go"), "text": charter.other_channels.in_language(language)},
        {"title": _("Questions"), "text": charter.contact.in_language(language)},
        {"title": _("If you do not agree"), "text": charter.appeal.in_language(language)},
    ]
