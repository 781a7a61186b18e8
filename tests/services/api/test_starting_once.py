"""A start that a programme repeats, because it never saw the answer, is the same application again."""

import pytest

from portal.errors import DomainError
from portal.models import AuditEntry
from services.actions import drafts, start_application
from services.models import Application
from tests.factories import BIRTH, BUSINESS_NAME, LEAVE, MembershipFactory, PersonFactory, publish, start
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def begin(api, service: str, key: str | None = "k-1"):
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post("/api/v1/applications/", {"service": service}, headers=headers)


def test_the_same_key_answers_with_the_same_application(api, applicant) -> None:
    publish(LEAVE)

    first, second = begin(api, LEAVE), begin(api, LEAVE)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] == second.json()["reference"]
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1
    assert AuditEntry.objects.filter(verb="services.application.started").count() == 1


def test_another_key_or_none_is_another_draft(api, applicant) -> None:
    publish(LEAVE)

    answers = [begin(api, LEAVE, key) for key in ("k-1", "k-2", None, None)]

    assert len({answer.json()["reference"] for answer in answers}) == 4


def test_the_key_of_another_start_is_refused(api, applicant) -> None:
    publish(LEAVE)
    publish(BIRTH)
    begin(api, LEAVE)

    refused = begin(api, BIRTH)

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_used")
    assert Application.objects.get().service.slug == LEAVE


def test_a_key_tells_nothing_of_an_organisation_whose_mandate_has_ended(api, applicant) -> None:
    mandate = MembershipFactory(person=applicant)
    started = start(BUSINESS_NAME, applicant, mandate.organisation)
    Application.objects.filter(pk=started.pk).update(start_key="k-1")
    mandate.revoked_at = mandate.granted_at
    mandate.save()

    refused = begin(api, BUSINESS_NAME)

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_used")
    assert started.reference not in refused.text
    assert Application.objects.count() == 1


def test_the_key_is_the_persons_own(api, applicant) -> None:
    publish(LEAVE)
    other = PersonFactory(employer=applicant.employer)
    start_application(slug=LEAVE, actor=other, key="k-1")

    assert begin(api, LEAVE).status_code == 201
    assert Application.objects.count() == 2


@pytest.mark.parametrize("key", ["", "two words", "x" * 65, "ufunguo\x7f"])
def test_a_key_that_cannot_be_kept_starts_nothing(api, applicant, key: str) -> None:
    publish(LEAVE)

    refused = begin(api, LEAVE, key)

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_wrong")
    assert not Application.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_starts_at_the_same_moment_are_one() -> None:
    publish(BIRTH)
    person = PersonFactory()

    answers = at_once(*[lambda: start_application(slug=BIRTH, actor=person, key="k-1").pk] * 8)

    assert answers == [Application.objects.get().pk] * 8


@pytest.mark.django_db(transaction=True)
def test_the_last_free_draft_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_OPEN_DRAFTS", 2)
    person = PersonFactory()
    start(BIRTH, person)

    answers = at_once(*[lambda: start_application(slug=BIRTH, actor=person)] * 4)

    refusals = [answer.code for answer in answers if isinstance(answer, DomainError)]
    assert refusals == ["too_many_drafts"] * 3
    assert Application.objects.count() == 2
