"""The queues of an officer: what waits in the officer's roles and institutions."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.policies import works_on_files
from portal.dates import working_days_between
from portal.references import normalise_reference
from services.models import Task
from services.officer.rail import QUEUES, rail
from services.queries import queue
from services.workflow.routing import stage_of

PAGE_SIZE = 25


def check_officer(person: Person) -> None:
    """The desk does not exist for people without a role of the stages."""
    if not works_on_files(person):
        raise Http404


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    check_officer(request.user)
    return redirect("desk:queue", "unclaimed")


@require_safe
def queue_page(request: HttpRequest, key: str) -> HttpResponse:
    check_officer(request.user)
    query = request.GET.get("q", "").strip()[:100]
    tasks = searched(queue(request.user, key), query)
    page = Paginator(tasks, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [case_row(task, key) for task in page.object_list]
    return render(
        request,
        "services/officer/queue.html",
        {
            "nav": "desk",
            "rail": rail(request.user, key),
            "queue": {"key": key, "title": QUEUES[key]},
            "query": query,
            "total": page.paginator.count,
            "page": page,
        },
    )


def searched(tasks: QuerySet[Task], query: str) -> QuerySet[Task]:
    if not query:
        return tasks
    return tasks.filter(
        Q(application__reference__startswith=normalise_reference(query))
        | Q(application__applicant__full_name__icontains=query)
        | Q(application__acting_for__name__icontains=query)
    )


def case_row(task: Task, key: str) -> dict[str, Any]:
    application = task.application
    return {
        "reference": application.reference,
        "href": f"{reverse('desk:case', args=[application.reference])}?queue={key}",
        "service": application.definition.title.in_language(get_language()),
        "applicant": str(application.acting_for or application.applicant),
        "stage": stage_of(application.definition, task.stage).label.in_language(get_language()),
        "received": application.submitted_at,
        "days_left": days_left(task),
        "assignee": str(task.assignee) if task.assignee else "",
    }


def days_left(task: Task) -> int:
    """Working days until the task is due; negative when it is late."""
    today = timezone.localdate()
    if task.due_on >= today:
        return working_days_between(today, task.due_on) - 1 if task.due_on > today else 0
    return -working_days_between(task.due_on, today) + 1
