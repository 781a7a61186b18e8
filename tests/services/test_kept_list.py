"""The list of applications is kept while nothing in it changed, and never a moment longer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from services.actions import withdraw_application
from tests.factories import LEAVE, PersonFactory, publish, start
from tests.services.cases import browser, decide, forward, in_review

pytestmark = pytest.mark.django_db
LIST = "/en/applications/"


def reader(person: Person) -> Client:
    """Somebody whose browser has the CSRF cookie, as everybody has who signed in on the page: only then is kept."""
    visitor = browser(person)
    visitor.cookies["csrftoken"] = "k" * 32
    return visitor


def test_an_unchanged_list_is_kept_and_answers_the_same() -> None:
    application = in_review(LEAVE)
    visitor = reader(application.applicant)
    first = visitor.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        second = visitor.get(LIST)

    assert first.content == second.content
    assert not any("services_task" in query["sql"] for query in queries)
    assert "private" in second.headers["Cache-Control"]


def test_a_returned_application_shows_at_once() -> None:
    application = in_review(LEAVE)
    visitor = reader(application.applicant)
    assert all("Returned to you" not in visitor.get(LIST).text for _visit in range(2))

    decide(application, "rudisha", "Rekebisha tarehe.")

    assert "Returned to you" in visitor.get(LIST).text


def test_the_next_stage_shows_at_once() -> None:
    application = in_review(LEAVE)
    visitor = reader(application.applicant)
    before = [visitor.get(LIST).text for _visit in range(2)][-1]

    forward(application)

    after = visitor.get(LIST).text
    assert before.count('class="done"') + 1 == after.count('class="done"')


def test_a_withdrawn_draft_leaves_the_list_at_once() -> None:
    publish(LEAVE)
    application = in_review(LEAVE)
    draft = start(LEAVE, application.applicant)
    visitor = reader(application.applicant)
    assert all(draft.reference in visitor.get(LIST).text for _visit in range(2))

    withdraw_application(reference=draft.reference, actor=draft.applicant)

    assert draft.reference not in visitor.get(LIST).text


def test_nobody_reads_the_list_of_another() -> None:
    application = in_review(LEAVE)
    reader(application.applicant).get(LIST)

    other = reader(PersonFactory())

    assert all(application.reference not in other.get(LIST).text for _visit in range(2))
