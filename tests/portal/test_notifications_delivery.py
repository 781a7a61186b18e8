"""A message is carried once, survives what is down, and ends in a state that a person can see."""

import json
import smtplib
import stat
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person
from portal.errors import Conflict
from portal.models import AuditEntry, Delivery
from portal.notifications import CODES, delivery, notify, sms
from portal.tasks import send_notification, sweep_notifications

NOON = datetime(2026, 7, 8, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 7, 8, 20, 30, tzinfo=UTC)
"""Half past eleven in Dar es Salaam."""

PENDING, SENT, FAILED = Delivery.State.PENDING, Delivery.State.SENT, Delivery.State.FAILED


class Network:
    """A provider whose phones ring. It keeps what it was given, and fails as it is told."""

    rings_phones = True

    def __init__(self):
        self.messages = []
        self.failure = None

    def send(self, to, text, reference):
        if self.failure:
            raise self.failure
        self.messages.append((to, text, reference))
        return f"net-{reference}"


@pytest.fixture
def network(monkeypatch):
    network = Network()
    monkeypatch.setattr(sms, "provider", lambda: network)
    return network


@pytest.fixture
def asha(db):
    return Person.objects.create_user("asha@demo.example", phone="+255754000001", full_name="Asha Juma")


@pytest.fixture
def administrator(db):
    return Person.objects.create_superuser("msimamizi@demo.example", "Huduma-2026!", full_name="Msimamizi")


def tell(person, key="1:approved", code="application_approved", path="/applications/RITA-26-7K3M9Q2-X/"):
    with transaction.atomic():
        return notify(person, code, key=key, context=CODES[code].sample_context, path=path)


def line(notification, channel="sms"):
    return notification.deliveries.get(channel=channel)


@time_machine.travel(NOON, tick=False)
def test_an_sms_is_sent_and_the_row_says_so(asha, network):
    row = line(tell(asha))

    assert send_notification(row.pk) is True

    assert network.messages == [("+255754000001", row.text, f"{row.pk}-0")]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.sent_at, row.error) == (SENT, 1, NOON, "")
    assert row.provider_reference == f"net-{row.pk}-0"


def test_an_email_is_sent_with_a_name_of_its_own(asha, settings):
    settings.DEFAULT_FROM_EMAIL = "Huduma <huduma@huduma.go.tz>"
    row = line(tell(asha), "email")

    assert delivery.send(row.pk) is True

    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (
        ["asha@demo.example"],
        row.notification.subject,
        row.text,
    )
    assert message.message()["Message-ID"] == f"<delivery-{row.pk}-0@huduma.go.tz>"
    row.refresh_from_db()
    assert (row.state, row.provider_reference) == (SENT, f"<delivery-{row.pk}-0@huduma.go.tz>")


@time_machine.travel(NOON)
def test_sending_again_later_sends_nothing(asha, network):
    row = line(tell(asha))
    delivery.send(row.pk)

    assert delivery.send(row.pk) is False

    assert len(network.messages) == 1


@pytest.mark.django_db
def test_a_delivery_that_does_not_exist_is_skipped():
    assert delivery.send(123_456_789) is False


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_once(asha, monkeypatch):
    row, workers = line(tell(asha)), 6
    start, release, results, network = threading.Barrier(workers), threading.Event(), [], Network()
    network.rings_phones = False

    def slow_send(to, text, reference):
        release.wait(30)
        network.messages.append(reference)
        return reference

    monkeypatch.setattr(network, "send", slow_send)
    monkeypatch.setattr(sms, "provider", lambda: network)

    def work():
        start.wait(30)
        try:
            results.append(delivery.send(row.pk))
        finally:
            connection.close()
            if len(results) == workers - 1:
                release.set()  # the one that talks to the network goes on when all others have given up

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(results) == [False] * (workers - 1) + [True]
    assert network.messages == [f"{row.pk}-0"]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_network_is_asked(asha, monkeypatch):
    row, seen = line(tell(asha)), []
    network = Network()
    network.rings_phones = False

    def send(to, text, reference):
        seen.append((connection.in_atomic_block, Delivery.objects.get(pk=row.pk).attempts))
        return reference

    monkeypatch.setattr(network, "send", send)
    monkeypatch.setattr(sms, "provider", lambda: network)

    delivery.send(row.pk)

    assert seen == [(False, 1)]


@pytest.mark.django_db(transaction=True)
def test_broker_down_the_rows_are_there_and_the_sweep_delivers(asha, network):
    with time_machine.travel(NOON):
        notification = tell(asha)

        assert set(notification.deliveries.values_list("state", flat=True)) == {PENDING}
        assert sweep_notifications() == 2

    assert set(notification.deliveries.values_list("state", flat=True)) == {SENT}
    assert (len(network.messages), len(mail.outbox)) == (1, 1)


def test_each_delivery_is_kicked_when_the_transaction_has_committed(
    asha, monkeypatch, django_capture_on_commit_callbacks
):
    kicked = []
    monkeypatch.setattr(send_notification, "apply_async", lambda args, kwargs, **options: kicked.extend(args))

    with django_capture_on_commit_callbacks(execute=True):
        notification = tell(asha)
        assert kicked == []

    assert sorted(kicked) == sorted(notification.deliveries.values_list("pk", flat=True))


def test_a_provider_that_is_down_is_tried_again_later_and_later(asha, network):
    network.failure = sms.RetryableError("gateway timeout")
    row = line(tell(asha))
    with time_machine.travel(NOON, tick=False) as clock:
        Delivery.objects.filter(pk=row.pk).update(next_attempt_at=NOON)
        assert delivery.send(row.pk) is False
        row.refresh_from_db()
        assert (row.state, row.attempts, row.error) == (PENDING, 1, "RetryableError: gateway timeout")
        assert row.next_attempt_at == NOON + timedelta(seconds=30)

        assert delivery.send(row.pk) is False
        row.refresh_from_db()
        assert row.attempts == 1

        clock.shift(timedelta(seconds=30))
        network.failure = None
        assert delivery.send(row.pk) is True

    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (SENT, 2, "")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (5, 480), (10, 15_360), (11, 21_600), (40, 21_600)]
)
def test_waiting_doubles_up_to_six_hours(attempts, seconds):
    assert delivery.retry_delay(attempts) == timedelta(seconds=seconds)


@time_machine.travel(NOON)
def test_a_number_that_does_not_exist_is_given_up_at_once(asha, network):
    network.failure = sms.TerminalError("unknown subscriber")
    row = line(tell(asha))

    assert delivery.send(row.pk) is False

    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (FAILED, 1, "TerminalError: unknown subscriber")
    network.failure = None
    assert delivery.send(row.pk) is False
    assert network.messages == []


@time_machine.travel(NOON)
def test_the_last_attempt_ends_in_failure(asha, network):
    network.failure = sms.RetryableError("down for days")
    row = line(tell(asha))
    Delivery.objects.filter(pk=row.pk).update(attempts=delivery.MAX_ATTEMPTS - 1)

    delivery.send(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (FAILED, delivery.MAX_ATTEMPTS)


@pytest.mark.parametrize(("code", "state"), [(550, FAILED), (451, PENDING)])
def test_a_mail_server_that_refuses_an_address_is_believed(asha, monkeypatch, code, state):
    refusal = smtplib.SMTPRecipientsRefused({"asha@demo.example": (code, b"no")})
    monkeypatch.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(refusal))
    row = line(tell(asha), "email")

    delivery.send(row.pk)

    row.refresh_from_db()
    assert row.state == state


@time_machine.travel(NOON)
def test_one_failing_message_does_not_stop_the_others(asha, monkeypatch):
    first, second = line(tell(asha, "1")), line(tell(asha, "2", path="/inbox/"))
    network = Network()

    def fail_for_the_first(to, text, reference):
        if reference == first.sender_reference:
            raise ZeroDivisionError("a mistake in the program")
        return reference

    monkeypatch.setattr(network, "send", fail_for_the_first)
    monkeypatch.setattr(sms, "provider", lambda: network)

    delivery.sweep()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == (PENDING, "ZeroDivisionError: a mistake in the program")
    assert second.state == SENT


def test_logs_name_neither_number_nor_text(asha, network, caplog):
    row = line(tell(asha))
    network.failure = sms.TerminalError("unknown subscriber +255754000001")

    with caplog.at_level("INFO"), time_machine.travel(timezone.localtime().replace(hour=12)):
        Delivery.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())
        delivery.send(row.pk)

    said = [str(vars(record)) for record in caplog.records if record.name.startswith("portal.notifications")]
    assert len(said) == 2
    assert not any("754000001" in words or row.text in words for words in said)


def test_a_sender_that_died_is_followed_by_another_with_the_same_reference(asha, network):
    with time_machine.travel(NOON, tick=False) as clock:
        row = line(tell(asha))
        assert delivery._claim(row.pk) is not None  # and then the power went

        assert delivery.send(row.pk) is False
        assert network.messages == []

        clock.shift(delivery.LEASE)
        assert delivery.sweep() >= 1

    assert [reference for _to, _text, reference in network.messages] == [f"{row.pk}-0"]


@time_machine.travel(NOON)
def test_the_late_failure_of_a_slow_sender_does_not_undo_a_success(asha, network):
    row = line(tell(asha))
    slow = delivery._claim(row.pk)
    Delivery.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())
    delivery.send(row.pk)

    delivery._record_failure(slow, sms.TerminalError("late"))

    row.refresh_from_db()
    assert (row.state, row.error) == (SENT, "")


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 7, 8, 17, 59, tzinfo=UTC), None),
        (datetime(2026, 7, 8, 18, 0, tzinfo=UTC), datetime(2026, 7, 9, 4, 0, tzinfo=UTC)),
        (datetime(2026, 7, 9, 0, 0, tzinfo=UTC), datetime(2026, 7, 9, 4, 0, tzinfo=UTC)),
        (datetime(2026, 7, 9, 3, 59, tzinfo=UTC), datetime(2026, 7, 9, 4, 0, tzinfo=UTC)),
        (datetime(2026, 7, 9, 4, 0, tzinfo=UTC), None),
    ],
)
def test_nights_last_from_nine_to_seven_in_dar_es_salaam(now, morning):
    assert delivery.end_of_quiet_hours(now) == morning


def test_no_phone_rings_at_night_and_the_sms_comes_in_the_morning(asha, network):
    with time_machine.travel(NIGHT, tick=False) as clock:
        row = line(tell(asha))

        assert delivery.send(row.pk) is False
        row.refresh_from_db()
        assert (row.state, row.attempts) == (PENDING, 0)
        assert row.next_attempt_at == datetime(2026, 7, 9, 4, 0, tzinfo=UTC)

        clock.move_to(row.next_attempt_at)
        delivery.sweep()

    assert [reference for _to, _text, reference in network.messages] == [f"{row.pk}-0"]


@time_machine.travel(NIGHT)
def test_email_does_not_wait_for_the_morning(asha, network):
    assert delivery.send(line(tell(asha), "email").pk) is True


@time_machine.travel(NIGHT)
def test_a_control_number_for_which_somebody_waits_comes_at_night_too(asha, network):
    assert delivery.send(line(tell(asha, code="application_awaiting_payment")).pk) is True


@time_machine.travel(NIGHT)
def test_where_no_phone_rings_there_is_no_night(asha, network):
    network.rings_phones = False

    assert delivery.send(line(tell(asha)).pk) is True


def test_after_an_outage_one_sms_says_where_the_case_is(asha, network):
    with time_machine.travel(NOON, tick=False) as clock:
        network.failure = sms.RetryableError("six hours away")
        old, middle = line(tell(asha, "1")), line(tell(asha, "2"))
        another_case = line(tell(asha, "3", path="/applications/RITA-26-XXXXXXX-X/"))
        delivery.sweep()
        clock.shift(timedelta(hours=6))
        newest = line(tell(asha, "4", code="application_issued"))
        network.failure = None
        delivery.sweep()

    assert {to_reference for _to, _text, to_reference in network.messages} == {
        another_case.sender_reference,
        newest.sender_reference,
    }
    for row in (old, middle):
        row.refresh_from_db()
        assert row.state == Delivery.State.REPLACED


@time_machine.travel(NOON)
def test_fresh_messages_about_one_case_are_all_sent(asha, network):
    tell(asha, "1"), tell(asha, "2", code="application_issued")

    delivery.sweep()

    assert len(network.messages) == 2


@time_machine.travel(NOON)
def test_sending_again_is_a_new_message_and_leaves_an_entry(asha, administrator, network):
    row = line(tell(asha))
    delivery.send(row.pk)

    delivery.resend(row, administrator)
    delivery.send(row.pk)

    assert [reference for _to, _text, reference in network.messages] == [f"{row.pk}-0", f"{row.pk}-1"]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.subject_key) == (
        "portal.delivery.resent",
        administrator,
        str(row.pk),
    )
    assert entry.data == {"before": "sent", "channel": "sms"}


@time_machine.travel(NOON)
def test_a_failed_delivery_begins_anew_when_it_is_sent_again(asha, administrator, network):
    network.failure = sms.TerminalError("unknown subscriber")
    row = line(tell(asha))
    delivery.send(row.pk)

    delivery.resend(row, administrator)

    row.refresh_from_db()
    assert (row.state, row.attempts, row.error, row.resends) == (PENDING, 0, "", 1)


def test_a_waiting_delivery_is_not_sent_again(asha, administrator):
    row = line(tell(asha))

    with pytest.raises(Conflict):
        delivery.resend(row, administrator)

    assert not AuditEntry.objects.exists()
    row.refresh_from_db()
    assert row.resends == 0


def test_the_console_provider_keeps_private_lines(settings, tmp_path):
    settings.SMS_OUTBOX = tmp_path / "outgoing" / "sms.log"

    assert sms.ConsoleProvider().send("+255754000001", "Habari", "7-0") == "console-7-0"
    sms.ConsoleProvider().send("+255754000002", "Ng'ombe [é]", "8-0")

    first, second = (json.loads(text) for text in settings.SMS_OUTBOX.read_text().splitlines())
    assert (first["to"], first["text"], first["reference"], first["parts"]) == (
        "+255754000001",
        "Habari",
        "7-0",
        1,
    )
    assert second["text"] == "Ng'ombe [é]"
    assert stat.S_IMODE(settings.SMS_OUTBOX.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.SMS_OUTBOX.parent.stat().st_mode) == 0o700


def test_a_code_goes_out_at_once_and_leaves_no_row(db, network):
    with time_machine.travel(NIGHT):
        sms.send_now("+255754000001", "HUDUMA: Msimbo wako ni 123 456. Usimpe mtu… ")

    ((to, text, reference),) = network.messages
    assert (to, text) == ("+255754000001", "HUDUMA: Msimbo wako ni 123 456. Usimpe mtu... ")
    assert reference.startswith("now-")
    assert not Delivery.objects.exists()


def test_a_code_that_cannot_be_sent_is_the_callers_to_tell(network):
    network.failure = sms.RetryableError("down")

    with pytest.raises(sms.RetryableError):
        sms.send_now("+255754000001", "HUDUMA: 123 456")


def test_demonstration_email_is_one_private_file_for_each_message(settings, tmp_path):
    settings.EMAIL_BACKEND = "portal.notifications.email_file.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "email"

    EmailMessage("Ombi limepokelewa", "Habari Asha", "huduma@localhost", ["asha@demo.example"]).send()
    EmailMessage("Limeidhinishwa", "Habari", "huduma@localhost", ["asha@demo.example"]).send()

    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    assert [message_from_bytes(file.read_bytes())["Subject"] for file in files] == [
        "Ombi limepokelewa",
        "Limeidhinishwa",
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {file.suffix for file in files} == {".eml"}
