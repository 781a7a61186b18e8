"""Events: once per occurrence, carried by rows, whatever becomes of the broker or of a handler."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery.app.task import Task
from django.db import transaction
from django.utils import timezone

from portal import outbox
from portal.models import Notification, OutboxDelivery, OutboxMessage
from portal.tasks import deliver_outbox, sweep_outbox
from services.actions import submit_application
from tests.factories import LEAVE, InstitutionFactory
from tests.services.cases import at, browser, ready

pytestmark = pytest.mark.django_db
Handle = Callable[[Callable[[dict[str, Any]], None]], None]


@pytest.fixture
def handled() -> Iterator[Handle]:
    """Puts a handler under the topic `tests.happened`, for one test."""

    def put(handler: Callable[[dict[str, Any]], None], name: str = "first") -> None:
        outbox._handlers.setdefault("tests.happened", {})[name] = handler

    yield put
    outbox._handlers.pop("tests.happened", None)


def state_of(delivery: OutboxDelivery) -> tuple[str, int]:
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts


def test_an_event_reaches_each_handler_once(handled: Handle) -> None:
    seen: list[dict[str, Any]] = []
    handled(seen.append)
    handled(seen.append, "second")

    outbox.publish("tests.happened", key="1", what="this")
    assert seen == []
    assert (outbox.sweep(), outbox.sweep()) == (2, 0)

    assert seen == [{"what": "this"}] * 2


def test_the_same_occurrence_is_told_once(handled: Handle) -> None:
    seen: list[dict[str, Any]] = []
    handled(seen.append)

    for what in ("this", "that"):
        outbox.publish("tests.happened", key="1", what=what)
    outbox.publish("tests.happened", key="2", what="more")
    outbox.sweep()

    assert seen == [{"what": "this"}, {"what": "more"}]


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_to_the_transaction_that_causes_it() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.publish("tests.happened", key="1")
    with pytest.raises(LookupError), transaction.atomic():
        outbox.publish("tests.happened", key="1")
        raise LookupError

    assert not OutboxMessage.objects.exists()


def test_a_topic_without_handlers_is_kept_and_delivered_to_nobody() -> None:
    outbox.publish("tests.nobody", key="1")

    assert (OutboxMessage.objects.count(), OutboxDelivery.objects.count()) == (1, 0)


def test_a_failing_handler_is_tried_again_later_and_leaves_nothing(handled: Handle) -> None:
    def half(payload: dict[str, Any]) -> None:
        InstitutionFactory(code="NUSU")
        raise LookupError("no such thing")

    handled(half)
    outbox.publish("tests.happened", key="1")
    delivery = OutboxDelivery.objects.get()

    assert outbox.deliver(delivery.pk) is False

    assert state_of(delivery) == ("pending", 1)
    assert delivery.error == "LookupError: no such thing"
    assert delivery.next_attempt_at > timezone.now() + timedelta(seconds=25)
    assert not type(InstitutionFactory()).objects.filter(code="NUSU").exists()
    assert outbox.sweep() == 0


def test_one_failing_handler_does_not_repeat_the_other(handled: Handle) -> None:
    seen: list[dict[str, Any]] = []
    handled(seen.append)
    handled(lambda payload: {}["missing"], "second")
    outbox.publish("tests.happened", key="1")

    outbox.sweep()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        outbox.sweep()

    assert len(seen) == 1
    assert dict(OutboxDelivery.objects.values_list("handler", "state")) == {"first": "done", "second": "pending"}


def test_a_handler_that_recovers_is_done_and_its_error_forgotten(handled: Handle) -> None:
    handled(lambda payload: {}["missing"])
    outbox.publish("tests.happened", key="1")
    outbox.sweep()
    handled(lambda payload: None)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        outbox.sweep()

    delivery = OutboxDelivery.objects.get()
    assert (state_of(delivery), delivery.error) == (("done", 2), "")


def test_a_handler_that_never_recovers_ends_as_failed(handled: Handle) -> None:
    handled(lambda payload: {}["missing"])
    outbox.publish("tests.happened", key="1")
    delivery = OutboxDelivery.objects.get()

    for _attempt in range(outbox.MAX_ATTEMPTS + 2):
        deliver_outbox(delivery.pk)

    assert state_of(delivery) == ("failed", outbox.MAX_ATTEMPTS)


def test_a_handler_that_no_longer_exists_is_not_lost_in_silence(handled: Handle) -> None:
    handled(lambda payload: None)
    outbox.publish("tests.happened", key="1")
    outbox._handlers["tests.happened"].clear()

    outbox.sweep()

    assert OutboxDelivery.objects.get().error.startswith("KeyError")


def test_waiting_doubles_and_has_an_end() -> None:
    seconds = [outbox.retry_delay(attempts).total_seconds() for attempts in (1, 2, 3, 8, 20)]

    assert seconds == [30, 60, 120, 3840, 21600]


def test_a_delivered_event_is_skipped(handled: Handle) -> None:
    seen: list[dict[str, Any]] = []
    handled(seen.append)
    outbox.publish("tests.happened", key="1")
    delivery = OutboxDelivery.objects.get()

    assert [deliver_outbox(delivery.pk), deliver_outbox(delivery.pk), deliver_outbox(0)] == [True, False, False]
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_the_request_succeeds_and_the_sweep_delivers() -> None:
    """Without the mark `broker` every call to the broker fails, so each commit here meets that."""
    draft = ready(LEAVE)

    response = browser(draft.applicant).post(at(draft, "submit/"), {"declaration": "yes"})

    assert response.status_code == 302
    assert OutboxDelivery.objects.filter(state="pending").exists()
    assert not Notification.objects.exists()
    while sweep_outbox():
        pass
    assert list(Notification.objects.values_list("code", flat=True)) == ["application_submitted"]


@pytest.mark.django_db(transaction=True)
def test_one_kick_that_fails_does_not_keep_the_others_back(handled: Handle, monkeypatch) -> None:
    kicked: list[int] = []

    def refuse(task: Task, args: list[int], *rest: object, **options: object) -> None:
        kicked.append(args[0])
        raise OSError("broker away")

    monkeypatch.setattr(Task, "apply_async", refuse)
    handled(lambda payload: None)
    handled(lambda payload: None, "second")

    with transaction.atomic():
        outbox.publish("tests.happened", key="1")

    assert kicked == list(OutboxDelivery.objects.values_list("pk", flat=True))
    assert len(kicked) == 2


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_tells_nobody() -> None:
    draft = ready(LEAVE)

    with pytest.raises(LookupError), transaction.atomic():
        submit_application(reference=draft.reference, actor=draft.applicant, declared=True)
        raise LookupError

    assert not OutboxMessage.objects.filter(topic="services.application.submitted").exists()
