"""A session that ends while somebody writes: what was written is there after the sign-in, for that person alone."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal import kept_forms
from services.models import Application
from tests.factories import BIRTH, PASSWORD, PersonFactory, start
from tests.services.answer_factory import post_data, valid_answers
from tests.services.cases import at, browser

pytestmark = pytest.mark.django_db
KEPT = "What you wrote is kept here"


@pytest.fixture
def draft() -> Application:
    return start(BIRTH, PersonFactory(password=PASSWORD))


def typed(draft: Application, **changed: object) -> dict[str, object]:
    return post_data(draft.definition, "child", valid_answers(draft.definition) | changed)


def sign_in(client: Client, draft: Application, address: str) -> str:
    response = client.post(address, {"login": draft.applicant.email, "password": PASSWORD}, follow=True)
    return response.text


def test_what_was_written_is_there_after_the_sign_in_and_saved_by_hand(draft: Application) -> None:
    client = Client()

    away = client.post(at(draft, "child/"), typed(draft, child_first_name="Neema-Rehema"))
    assert (away.status_code, "Neema" in away["Location"]) == (302, False)
    page = sign_in(client, draft, away["Location"])

    assert KEPT in page
    assert 'value="Neema-Rehema"' in page
    draft.refresh_from_db()
    assert draft.answers == {}

    client.post(at(draft, "child/"), typed(draft, child_first_name="Neema-Rehema") | {"then": "list"})
    draft.refresh_from_db()
    assert draft.answers["child_first_name"] == "Neema-Rehema"
    assert KEPT not in client.get(at(draft, "child/")).text


def test_another_page_and_another_person_see_nothing_of_it(draft: Application) -> None:
    client = Client()
    client.post(at(draft, "child/"), typed(draft, child_first_name="Neema-Rehema"))
    client.force_login(PersonFactory())

    assert client.get(at(draft, "child/")).status_code == 404

    client.force_login(draft.applicant)
    assert "Neema-Rehema" not in client.get(at(draft, "birth/")).text


def test_it_is_kept_for_an_hour(draft: Application) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(at(draft, "child/"), typed(draft, child_first_name="Neema-Rehema"))
        clock.shift(kept_forms.SECONDS + 1)
        client.force_login(draft.applicant)

        page = client.get(at(draft, "child/")).text

    assert KEPT not in page
    assert "Neema-Rehema" not in page


def test_reading_and_what_is_too_long_keep_nothing(draft: Application) -> None:
    Client().get(at(draft, "child/"))
    Client().post(at(draft, "child/"), typed(draft, child_first_name="N" * kept_forms.LONGEST))

    assert not Session.objects.exists()


def test_one_address_may_not_fill_the_table_of_sessions(draft: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_forms, "KEPT_AN_HOUR", 2)
    with time_machine.travel(timezone.now(), tick=False):
        answers = [Client().post(at(draft, "child/"), typed(draft)).status_code for _time in range(4)]

    assert answers == [302] * 4
    assert Session.objects.count() == 2


def test_whoever_is_signed_in_saves_as_ever(draft: Application) -> None:
    response = browser(draft.applicant).post(at(draft, "child/"), typed(draft))

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.answers != {}
