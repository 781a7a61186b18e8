"""Records of the floor are looked at in the administration; what was done is never altered there."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from portal import audit
from portal.models import AuditEntry, Delivery, Notification, OutboxDelivery, OutboxMessage
from portal.notifications import CODES, notify
from portal.verbs import DELIVERY_RESENT
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

RECORDS = ["auditentry", "notification", "delivery", "outboxmessage", "outboxdelivery"]


@pytest.fixture
def administrator():
    return Person.objects.create_superuser("msimamizi@demo.example", "Huduma-2026!", full_name="Msimamizi")


@pytest.fixture
def onlooker():
    """Staff who may look at the records and do nothing to them."""
    person = Person.objects.create_user("mkaguzi@demo.example", full_name="Mkaguzi", is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(
            codename__in=[f"view_{record}" for record in RECORDS], content_type__app_label="portal"
        )
    )
    return person


@pytest.fixture
def rows(administrator):
    with transaction.atomic():
        kind = CODES["application_approved"]
        notification = notify(administrator, kind.code, key="1", context=kind.sample_context, path="/inbox/")
        delivery = notification.deliveries.get()
        entry = audit.record(DELIVERY_RESENT, delivery, actor=administrator, before="sent", channel="email")
        message = OutboxMessage.objects.create(topic="portal.tested", key="1")
        event = OutboxDelivery.objects.create(
            message=message, handler="portal.handlers.test", state="failed", attempts=10
        )
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    return {
        "auditentry": entry, "notification": notification, "delivery": delivery, "outboxmessage": message,
        "outboxdelivery": event,
    }  # fmt: skip


@pytest.mark.parametrize("record", RECORDS)
def test_every_record_can_be_looked_at(client, administrator, rows, record):
    client.force_login(administrator)

    assert client.get(reverse(f"admin:portal_{record}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:portal_{record}_change", args=[rows[record].pk])).status_code == 200


@pytest.mark.parametrize("record", RECORDS)
def test_no_record_is_added_changed_or_deleted_even_by_a_superuser(client, administrator, rows, record):
    client.force_login(administrator)
    row = rows[record]
    before = type(row).objects.filter(pk=row.pk).values().get()

    answers = [
        client.get(reverse(f"admin:portal_{record}_add")),
        client.post(reverse(f"admin:portal_{record}_add"), {"verb": "made.up"}),
        client.post(reverse(f"admin:portal_{record}_change", args=[row.pk]), {"verb": "made.up", "subject": "x"}),
        client.post(reverse(f"admin:portal_{record}_delete", args=[row.pk]), {"post": "yes"}),
    ]
    client.post(
        reverse(f"admin:portal_{record}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert type(row).objects.filter(pk=row.pk).values().get() == before
    assert type(row).objects.count() == 1


def test_the_trail_says_what_was_done_in_words(client, administrator, rows):
    client.force_login(administrator)

    with translation.override("en"):
        page = client.get(reverse("admin:portal_auditentry_changelist")).text

    assert "Sent a message again" in page


def test_an_administrator_sends_a_message_again(client, administrator, rows):
    client.force_login(administrator)
    row = rows["delivery"]

    act(client, "delivery", "resend", row)

    row.refresh_from_db()
    assert (row.state, row.attempts, row.resends) == ("pending", 0, 1)
    entry = AuditEntry.objects.exclude(pk=rows["auditentry"].pk).get()
    assert (entry.verb, entry.actor, entry.subject_key) == (
        "portal.delivery.resent",
        administrator,
        str(row.pk),
    )
    assert entry.data == {"before": "sent", "channel": "email"}


def test_a_waiting_message_is_left_alone_and_the_others_are_sent(client, administrator, rows):
    waiting = Delivery.objects.create(
        notification=rows["notification"], channel="sms", address="+255754000001", text="Habari"
    )
    client.force_login(administrator)

    act(client, "delivery", "resend", waiting, rows["delivery"])

    assert list(Delivery.objects.order_by("channel").values_list("channel", "resends")) == [
        ("email", 1),
        ("sms", 0),
    ]


def test_an_administrator_tries_a_failed_event_again(client, administrator, rows):
    client.force_login(administrator)
    row = rows["outboxdelivery"]

    act(client, "outboxdelivery", "retry", row)
    act(client, "outboxdelivery", "retry", row)

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 0)
    entry = AuditEntry.objects.exclude(pk=rows["auditentry"].pk).get()
    assert (entry.verb, entry.data) == ("portal.event.retried", {"handler": "portal.handlers.test"})


@pytest.mark.parametrize(("record", "action"), [("delivery", "resend"), ("outboxdelivery", "retry")])
def test_who_may_only_look_may_not_act(client, onlooker, rows, record, action):
    client.force_login(onlooker)
    before = type(rows[record]).objects.values().get()
    assert client.get(reverse(f"admin:portal_{record}_changelist")).status_code == 200

    act(client, record, action, rows[record])

    assert type(rows[record]).objects.values().get() == before
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("record", RECORDS)
def test_who_is_not_staff_sees_no_records(client, rows, record):
    client.force_login(Person.objects.create_user("asha@demo.example", full_name="Asha"))

    response = client.get(reverse(f"admin:portal_{record}_changelist"))

    assert response.status_code in (302, 403)
    assert Notification.objects.get().subject not in response.text


def act(client, record, action, *rows):
    client.post(
        reverse(f"admin:portal_{record}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_administration_runs_no_code_from_elsewhere(prefix: str) -> None:
    client = Client()
    client.force_login(PersonFactory(superuser=True))

    ours = client.get(f"{prefix}/inbox/")["Content-Security-Policy"].split("; ")
    theirs = client.get(f"{prefix}/admin/")["Content-Security-Policy"].split("; ")

    assert "script-src 'self'" in ours
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval'" in theirs
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(theirs)
