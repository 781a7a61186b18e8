"""Messages written once, in the language of the person; read by nobody else."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from portal.models import Delivery, Notification
from portal.notifications import CODES, mark_read, notify, unread_count

pytestmark = pytest.mark.django_db

PATH = "/applications/RITA-26-7K3M9Q2-X/"
CONTEXT = {
    "reference": "RITA-26-7K3M9Q2-X",
    "service": "Cheti cha kuzaliwa",
    "institution": "RITA",
    "institution_prefix": "RITA",
}


@pytest.fixture
def asha():
    return Person.objects.create_user("asha@demo.example", phone="+255754000001", full_name="Asha Juma")


@pytest.fixture
def neighbour():
    return Person.objects.create_user("jirani@demo.example", full_name="Jirani Mwema")


def tell(person, key="1:approved", code="application_approved", path=PATH, **context):
    return notify(person, code, key=key, context=CONTEXT | context, path=path)


def test_a_person_is_told_in_inbox_email_and_sms(asha):
    notification = tell(asha)

    assert (notification.recipient, notification.code, notification.language) == (
        asha,
        "application_approved",
        "sw",
    )
    assert notification.read_at is None
    email, sms = notification.deliveries.order_by("channel")
    assert (email.channel, email.address, email.state) == ("email", "asha@demo.example", "pending")
    assert (sms.channel, sms.address, sms.state) == ("sms", "+255754000001", "pending")
    assert notification.body in email.text
    assert sms.text.startswith("RITA: ")


def test_a_person_without_phone_gets_no_sms(neighbour):
    notification = tell(neighbour)

    assert [delivery.channel for delivery in notification.deliveries.all()] == ["email"]


def test_a_person_without_email_gets_an_sms_only():
    phone_only = Person.objects.create_user(None, phone="+255754000009", full_name="Bibi Mwajuma")

    assert [delivery.channel for delivery in tell(phone_only).deliveries.all()] == ["sms"]


def test_the_same_occurrence_is_told_once(asha, django_capture_on_commit_callbacks):
    first = tell(asha)
    with django_capture_on_commit_callbacks() as kicks:
        again = tell(asha)

    assert again == first
    assert (Notification.objects.count(), Delivery.objects.count(), kicks) == (1, 2, [])


def test_two_occurrences_of_the_same_kind_are_told_twice(asha):
    tell(asha, key="1:approved")
    tell(asha, key="2:approved")

    assert Notification.objects.count() == 2


@pytest.mark.parametrize(("language", "other"), [("sw", "en"), ("en", "sw")])
def test_the_language_is_the_recipients_whoever_is_at_work(asha, language, other):
    asha.language = language
    with translation.override(other):
        notification = tell(asha)
        assert translation.get_language() == other

    with translation.override(language):
        expected = tell(asha, key="2:approved")
    assert (notification.language, notification.subject, notification.body) == (
        language,
        expected.subject,
        expected.body,
    )
    assert ("Approved: " in notification.subject) == (language == "en")


@pytest.mark.parametrize(("language", "prefix"), [("sw", ""), ("en", "/en")])
def test_the_email_links_to_the_page_in_the_recipients_language(asha, settings, language, prefix):
    settings.SITE_URL = "https://huduma.go.tz"
    asha.language = language

    text = tell(asha).deliveries.get(channel="email").text

    assert f" https://huduma.go.tz{prefix}{PATH}\n" in text


@pytest.mark.parametrize("path", [PATH, f"/en{PATH}", f"/sw{PATH}"])
def test_the_path_is_kept_without_a_language(asha, path):
    assert tell(asha, path=path).path == PATH


def test_an_unknown_kind_fails_and_writes_nothing(asha):
    with pytest.raises(KeyError, match="application_forgotten"):
        tell(asha, code="application_forgotten")

    assert not Notification.objects.exists()


def test_an_undeclared_value_fails_and_writes_nothing(asha):
    with pytest.raises(Exception, match="does not speak of"):
        tell(asha, nin="19900101141010000123")

    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/en//evil.example/",
        "/\\evil.example",
        "applications/",
        "",
    ],
)
def test_a_message_only_leads_into_the_portal(asha, path):
    with pytest.raises(ValueError, match="not a path"):
        tell(asha, path=path)

    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_telling_outside_a_transaction_is_refused(asha):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        tell(asha)

    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_told(asha):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(asha)
        raise ZeroDivisionError

    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_unread_messages_are_counted_for_one_person(asha, neighbour, django_assert_num_queries):
    mark_read(tell(asha, key="1:approved"))
    tell(asha, key="2:approved")
    tell(neighbour, key="3:approved")

    with django_assert_num_queries(1):
        assert unread_count(asha) == 1


def test_reading_twice_keeps_the_first_time(asha):
    notification = tell(asha)
    earlier = timezone.now() - timedelta(days=1)
    Notification.objects.filter(pk=notification.pk).update(read_at=earlier)

    mark_read(notification)

    notification.refresh_from_db()
    assert notification.read_at == earlier


def test_the_inbox_shows_ones_own_messages_only(client, asha, neighbour):
    mine, other = (
        tell(asha, service="Cheti cha kuzaliwa"),
        tell(neighbour, key="2", service="Pasipoti ya kawaida"),
    )
    client.force_login(asha)

    page = client.get(reverse("inbox")).text

    assert mine.subject in page
    assert other.subject not in page
    assert "Pasipoti ya kawaida" not in page


def test_looking_at_the_inbox_reads_nothing(client, asha):
    notification = tell(asha)
    client.force_login(asha)

    assert client.get(reverse("inbox")).status_code == 200

    notification.refresh_from_db()
    assert notification.read_at is None


def test_the_inbox_has_pages_of_twenty(client, asha):
    for number in range(21):
        tell(asha, key=f"{number}:approved")
    client.force_login(asha)

    assert len(client.get(reverse("inbox")).context["page"]) == 20
    assert len(client.get(reverse("inbox"), {"page": "2"}).context["page"]) == 1
    assert len(client.get(reverse("inbox"), {"page": "x"}).context["page"]) == 20


def test_one_message_is_marked_as_read(client, asha):
    notification, other = tell(asha), tell(asha, key="2:approved")
    client.force_login(asha)

    response = client.post(reverse("inbox_read", args=[notification.pk]))

    assert (response.status_code, response.url) == (302, reverse("inbox"))
    notification.refresh_from_db()
    other.refresh_from_db()
    assert notification.read_at is not None
    assert other.read_at is None


@pytest.mark.parametrize(("language", "prefix"), [("sw", ""), ("en", "/en")])
def test_opening_marks_as_read_and_leads_on_in_the_language_of_the_page(client, asha, language, prefix):
    notification = tell(asha)
    client.force_login(asha)
    with translation.override(language):
        address = reverse("inbox_read", args=[notification.pk])

    response = client.post(address, {"open": "1"})

    assert (response.status_code, response.url) == (302, prefix + PATH)
    notification.refresh_from_db()
    assert notification.read_at is not None


def test_all_messages_are_marked_as_read_and_nobody_elses(client, asha, neighbour):
    tell(asha)
    tell(asha, key="2:approved")
    tell(neighbour, key="3:approved")
    client.force_login(asha)

    assert client.post(reverse("inbox_read_all")).status_code == 302

    assert (unread_count(asha), unread_count(neighbour)) == (0, 1)


def test_somebody_elses_message_does_not_exist(client, asha, neighbour):
    notification = tell(asha)
    client.force_login(neighbour)

    response = client.post(reverse("inbox_read", args=[notification.pk]), {"open": "1"})

    assert response.status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None


def test_reading_is_never_done_by_a_link(client, asha):
    notification = tell(asha)
    client.force_login(asha)

    assert client.get(reverse("inbox_read", args=[notification.pk])).status_code == 405
    assert client.get(reverse("inbox_read_all")).status_code == 405
    assert unread_count(asha) == 1


@pytest.mark.parametrize(("name", "arguments"), [("inbox", []), ("inbox_read", [1]), ("inbox_read_all", [])])
def test_nobody_reads_without_signing_in(client, name, arguments):
    response = client.post(reverse(name, args=arguments))

    assert response.status_code == 302
    assert "/account/" in response.url


def test_every_kind_can_be_told(asha):
    for code, kind in CODES.items():
        notify(asha, code, key=f"1:{code}", context=kind.sample_context, path="/inbox/")

    assert Notification.objects.count() == len(CODES)
    assert Delivery.objects.count() == 2 * len(CODES)
