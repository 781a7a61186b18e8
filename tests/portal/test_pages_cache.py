"""Whole public pages are kept for those without a session; nobody ever sees what was made for another."""

import gzip
from collections.abc import Callable

import pytest
from django.test import Client

from portal.pages import is_public_page
from services.actions import publish_version, retire_service
from services.models import Service
from tests.factories import BIRTH, LEAVE, PersonFactory, definition_of, publish
from tests.services.cases import browser

pytestmark = pytest.mark.django_db
HOME, SERVICE = "/en/", f"/en/services/{BIRTH}/"


@pytest.fixture(autouse=True)
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process asks for the version of the catalogue at each page, and not once a second."""
    monkeypatch.setattr("portal.public_pages.VERSION_SECONDS", 0)


@pytest.fixture
def queries(django_assert_max_num_queries) -> Callable[[str], None]:
    def none(address: str, client: Client | None = None) -> str:
        with django_assert_max_num_queries(0):
            return (client or Client()).get(address).text

    return none


def renamed(title: str) -> None:
    definition = definition_of(BIRTH)
    changed = definition.model_copy(update={"title": definition.title.model_copy(update={"en": title})})
    publish_version(definition=changed, actor=None)


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/services/", f"/services/{BIRTH}/", "/track/", "/verify/", "/en/verify/"]
)
def test_the_pages_that_are_the_same_for_everybody(path: str) -> None:
    assert is_public_page(path)


@pytest.mark.parametrize(
    "path",
    [
        "/applications/", f"/services/{BIRTH}/apply/", "/verify/RITA-26-0000000-0/", "/account/login/", "/desk/",
        "/inbox/", "/bills/", "/api/v1/services/", "/admin/", "/en/applications/", "/enx/", "/en", "//",
        "/services/A/", "/healthz",
    ],
)  # fmt: skip
def test_all_other_pages_are_never_kept(path: str) -> None:
    assert not is_public_page(path)


@pytest.mark.parametrize("path", [HOME, SERVICE, "/en/services/?q=birth"])
def test_the_second_reader_costs_no_query_and_reads_the_same(path: str, queries) -> None:
    publish(BIRTH)

    first = Client().get(path)

    assert first.status_code == 200
    assert queries(path) == first.text


def test_a_page_made_for_somebody_is_not_kept_for_anybody() -> None:
    publish(BIRTH)
    person = PersonFactory(full_name="Asha Ng'wanza Pekee")
    own = browser(person).get(SERVICE)

    for reader in (Client(), browser(PersonFactory())):
        page = reader.get(SERVICE).text
        assert "Pekee" not in page
        assert page != own.text
    assert "csrfmiddlewaretoken" not in Client().get(SERVICE).text


def test_whoever_signs_in_leaves_the_kept_page_behind() -> None:
    publish(BIRTH)
    client = Client()
    assert "Sign in to apply" in client.get(SERVICE).text

    client.force_login(PersonFactory())
    assert f"/en/services/{BIRTH}/apply/" in client.get(SERVICE).text

    client.logout()
    assert "Sign in to apply" in client.get(SERVICE).text


def test_a_page_that_the_reader_has_is_not_sent_again() -> None:
    publish(BIRTH)
    etag = Client().get(SERVICE)["ETag"]

    again = Client().get(SERVICE, headers={"If-None-Match": etag})
    other = Client().get(SERVICE, headers={"If-None-Match": 'W/"0"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert other.status_code == 200


def test_a_kept_page_may_not_be_kept_by_others_without_asking() -> None:
    publish(BIRTH)

    for _time in range(2):
        response = Client().get(SERVICE)
        assert response["Cache-Control"] == "no-cache"
        assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in response["Vary"].split(",")}
        assert "Set-Cookie" not in response.headers
        assert response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/applications/", "/bills/", "/account/", "/api/v1/applications/", "/nothing/"])
def test_what_a_signed_in_person_saw_stays_in_no_browser(path: str) -> None:
    client = Client()
    client.force_login(PersonFactory())

    kept = [client.get(path).get("Cache-Control", "") for _time in range(2)]

    assert all({"private", "no-store"} <= set(value.split(", ")) for value in kept), kept


def test_kept_pages_are_sent_compressed_to_those_who_take_it() -> None:
    publish(BIRTH)
    plain = Client().get(SERVICE).content

    packed = Client().get(SERVICE, headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 2


def test_languages_and_questions_are_kept_apart() -> None:
    publish(BIRTH)
    publish(LEAVE)

    for _time in range(2):
        assert 'lang="sw"' in Client().get(f"/services/{BIRTH}/").text
        assert 'lang="en"' in Client().get(SERVICE).text
        assert "Birth certificate" in Client().get("/en/services/?q=birth").text
        assert "Birth certificate" not in Client().get("/en/services/?audience=G2E").text
    swahili = Client(headers={"Accept-Language": "en"}).get(f"/services/{BIRTH}/")
    assert 'lang="sw"' in swahili.text


def test_publishing_renews_the_pages(deliver_events) -> None:
    publish(BIRTH)
    assert "Birth certificate" in Client().get(SERVICE).text

    renamed("A wholly new title")
    deliver_events()

    assert "A wholly new title" in Client().get(SERVICE).text


def test_retiring_renews_the_pages(deliver_events) -> None:
    publish(BIRTH)
    assert "no longer takes new applications" not in Client().get(SERVICE).text

    retire_service(slug=BIRTH, actor=PersonFactory(), reason="Imeunganishwa")
    deliver_events()

    assert "no longer takes new applications" in Client().get(SERVICE).text


def test_reading_only_the_headers_neither_spoils_nor_needs_the_kept_page() -> None:
    publish(BIRTH)

    first = Client().head(SERVICE)
    whole = Client().get(SERVICE)
    again = Client().head(SERVICE)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "Birth certificate" in whole.text
    assert (first.content, again.content) == (b"", b"")


def test_what_is_sent_is_never_answered_from_what_is_kept() -> None:
    publish(BIRTH)
    client = Client()
    client.get("/en/track/")

    answered = client.post("/en/track/", {"reference": "x", "contact": "1"})

    assert (answered.status_code, client.get("/en/track/").status_code) == (422, 200)
    assert client.post(SERVICE).status_code in (302, 405)


def test_what_is_not_found_is_not_kept() -> None:
    address = f"/en/services/{BIRTH}/"
    assert Client().get(address).status_code == 404

    publish(BIRTH)

    assert Service.objects.exists()
    assert Client().get(address).status_code == 200
