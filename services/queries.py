"""Reading. Each function answers one audience and is its permission: what is not theirs is not found."""

import re
from datetime import datetime, timedelta
from functools import reduce
from operator import add

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Organisation, Person
from accounts.policies import holds_role
from accounts.queries import organisations_of, roles_and_institutions
from payments.models import Bill
from payments.states import BillState
from services.models import Application, Category, Certificate, Document, Service, Task
from services.models.applications import BILL_SUBJECT
from services.policies import can_work_on, is_own_case
from services.search import words_of
from services.workflow.states import State

WEAKEST_MATCH = 0.45
"""Mean trigram similarity of the words looked for; below it a service is not an answer."""
NEAR_MATCH = 0.25


# --- The catalogue, for everybody --------------------------------------------------------------------------
def open_services() -> QuerySet[Service]:
    return (
        Service.objects.filter(retired_at=None, current_version__isnull=False)
        .select_related("institution", "category")
        .defer("search_text", "search_title")
        .order_by("slug")
    )


def services_matching(services: QuerySet[Service], text: str, weakest: float = WEAKEST_MATCH) -> QuerySet[Service]:
    """Services that answer `text`, best first. A misspelt word counts by the trigrams that it shares."""
    words = words_of(text)
    if not words:
        return services
    found = services.annotate(similarity=_similarity(words, "search_text")).filter(similarity__gte=weakest)
    return found.annotate(rank=F("similarity") + _similarity(words, "search_title")).order_by("-rank", "slug")


def _similarity(words: list[str], column: str) -> Combinable:
    """The mean over the words of how well each is found in the column: 0 to 1."""
    return reduce(add, (TrigramWordSimilarity(word, column) for word in words)) / len(words)


def service_for_public(slug: str) -> Service:
    return get_object_or_404(
        Service.objects.select_related("current_version", "institution", "category").defer("current_version__content"),
        slug=slug,
        current_version__isnull=False,
    )


def categories_with_services() -> QuerySet[Category]:
    live = Q(services__retired_at=None, services__current_version__isnull=False)
    return (
        Category.objects.annotate(service_count=Count("services", filter=live))
        .filter(service_count__gt=0)
        .order_by("position")
    )


# --- The applicant -----------------------------------------------------------------------------------------
def cases() -> QuerySet[Application]:
    """Applications with what every page of theirs needs. Definitions are parsed once, so not read again."""
    return Application.objects.select_related(
        "service__institution", "institution", "acting_for__institution", "applicant__employer"
    ).defer("service__search_text", "service__search_title")


TASKS = Prefetch("tasks", Task.objects.select_related("institution").order_by("pk"))


def applications_of(person: Person, acting_for: Organisation | None) -> QuerySet[Application]:
    """A person's own applications, or those of the organisation for which the person acts just now."""
    return cases().filter(_own(person, acting_for))


def _own(person: Person, acting_for: Organisation | None) -> Q:
    return Q(acting_for=acting_for) if acting_for is not None else Q(applicant=person, acting_for=None)


def listed_applications(person: Person, acting_for: Organisation | None) -> QuerySet[Application]:
    """Those that the list shows: not the drafts that were thrown away."""
    return applications_of(person, acting_for).exclude(state=State.WITHDRAWN, submitted_at=None)


_VERSION = """
    SELECT (SELECT max(changed_at) FROM services_application WHERE applicant_id = %(person)s AND acting_for_id IS NULL),
           (SELECT max(changed_at) FROM services_application WHERE acting_for_id = %(organisation)s),
           (SELECT count(*) FROM portal_notification WHERE recipient_id = %(person)s AND read_at IS NULL)
"""


def applications_version(person: Person, acting_for: Organisation | None) -> str:
    """Changes with everything that the list of applications shows of them, and with the unread messages.

    Asked on each visit, so it is one plain statement: composing it anew would cost more than running it.
    """
    organisation = acting_for.pk if acting_for is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"organisation": organisation, "person": person.pk})
        newest = cursor.fetchone()
    return f"{organisation}:{newest}"


def unpaid_applications(since: datetime) -> QuerySet[Application]:
    """Those that wait for the payment of a bill that expired before `since`."""
    subject = Concat(Value(BILL_SUBJECT), OuterRef("reference"))
    expired = Bill.objects.filter(subject=subject, state=BillState.EXPIRED, expires_at__lt=since)
    return Application.objects.filter(Exists(expired), state=State.AWAITING_PAYMENT)


def application_for_applicant(person: Person, acting_for: Organisation | None, reference: str) -> Application:
    """404 for everybody but the applicant, or the people who hold a mandate of the organisation just now."""
    return get_object_or_404(applications_of(person, acting_for), reference=reference)


def application_to_change(person: Person, acting_for: Organisation | None, reference: str) -> Application:
    """The same permission, for a request that changes the application: joining seven tables costs more than that."""
    return get_object_or_404(Application, _own(person, acting_for), reference=reference)


def current_documents(application: Application) -> dict[str, Document]:
    current = application.documents.filter(superseded_at=None).select_related("file")
    return {document.kind: document for document in current}


def open_task(application: Application) -> Task | None:
    return application.tasks.filter(state=Task.State.OPEN).select_related("institution", "assignee").first()


# --- The public --------------------------------------------------------------------------------------------
def application_for_tracking(reference: str, contact: str) -> Application:
    """Whoever knows the reference and the applicant's phone (its last four digits) or email sees the state, no more."""
    application = get_object_or_404(
        cases().exclude(state=State.DRAFT),
        reference=reference,
    )
    if not _is_contact_of(application.applicant, contact):
        raise Http404
    return application


def _is_contact_of(person: Person, contact: str) -> bool:
    if "@" in contact:
        return (person.email or "").casefold() == contact.casefold()
    end = re.sub(r"[^0-9]", "", contact)[-4:]
    return len(end) == 4 and (person.phone or "").endswith(end)


def certificate_for_public(number: str) -> Certificate:
    certificates = Certificate.objects.select_related("application__service", "application__institution", "file")
    return get_object_or_404(certificates, number=number)


# --- Officers ----------------------------------------------------------------------------------------------
def tasks_for_officer(officer: Person) -> QuerySet[Task]:
    """Open tasks in the queues of the officer's roles and institutions, never of the officer's own files."""
    scope = Q(pk__in=[])
    for role, institutions in roles_and_institutions(officer).items():
        scope |= Q(role=role, institution_id__in=institutions)
    own = Q(application__applicant=officer) | Q(application__acting_for__in=organisations_of(officer))
    return (
        Task.objects.filter(scope, state=Task.State.OPEN)
        .exclude(own)
        .select_related(
            "application__service",
            "application__version",
            "application__applicant",
            "institution",
            "assignee",
        )
    )


def application_for_officer(officer: Person, reference: str) -> Application:
    """A file whose open task stands in one of the officer's queues, or on which the officer has worked."""
    application = get_object_or_404(
        cases(),
        reference=reference,
    )
    task = open_task(application)
    works_now = task is not None and can_work_on(officer, task)
    if not works_now and not has_worked_on(officer, application):
        raise Http404
    if is_own_case(officer, application):
        raise Http404
    return application


def has_worked_on(officer: Person, application: Application) -> bool:
    """Looking back is for officers who still hold the role in which they worked on the file."""
    worked = application.tasks.filter(decided_by=officer).select_related("institution")
    return any(holds_role(officer, task.role, task.institution) for task in worked)


def document_for_officer(officer: Person, reference: str, pk: int) -> Document:
    application = application_for_officer(officer, reference)
    return get_object_or_404(application.documents.select_related("file"), pk=pk)


def queue_counts(officer: Person) -> dict[str, int]:
    """How many files wait, by queue: all, mine, unclaimed, due today, overdue."""
    today = timezone.localdate()
    return tasks_for_officer(officer).aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=Q(assignee=officer)),
        unclaimed=Count("pk", filter=Q(assignee=None)),
        today=Count("pk", filter=Q(due_on=today)),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
    )


def queue(officer: Person, name: str) -> QuerySet[Task]:
    today = timezone.localdate()
    chosen = {
        "all": Q(),
        "mine": Q(assignee=officer),
        "unclaimed": Q(assignee=None),
        "today": Q(due_on=today),
        "overdue": Q(due_on__lt=today),
    }
    if name not in chosen:
        raise Http404
    return tasks_for_officer(officer).filter(chosen[name]).order_by("due_on", "pk")


# --- Figures that are shown to everybody -------------------------------------------------------------------
def public_figures() -> dict[str, int | None]:
    """Services on offer, decisions of the last thirty days, and their median in whole days (None: none yet)."""
    since = timezone.now() - timedelta(days=30)
    decided = Application.objects.filter(decided_at__gte=since).values_list("submitted_at", "decided_at")
    days = sorted((end - start).days for start, end in decided if start and end)
    return {
        "services": open_services().count(),
        "decided_month": len(days),
        "median_days": days[len(days) // 2] if days else None,
    }
