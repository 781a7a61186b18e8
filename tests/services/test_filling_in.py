"""Filling in a draft: what is typed is kept, what is not asked is refused, and documents come and go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.models import AuditEntry, StoredFile
from services.actions import publish_version, retire_service
from services.definitions.documents import required_documents
from services.models import Application, Document
from tests.factories import BIRTH, LEAVE, PersonFactory, definition_of, fill_in, publish, start
from tests.services.answer_factory import post_data, valid_answers
from tests.services.cases import applicant_for, at, blank_pdf, browser, give_documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Application:
    return start(BIRTH, PersonFactory())


@pytest.fixture
def filled(draft: Application) -> Application:
    return fill_in(draft)


@pytest.fixture
def mine(draft: Application) -> Client:
    return browser(draft.applicant)


def typed(application: Application, section: str, **changed: object) -> dict[str, object]:
    return post_data(application.definition, section, valid_answers(application.definition) | changed)


def upload(name: str, content: bytes, content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def kind_of(application: Application) -> str:
    return required_documents(application.definition, application.answers)[0].code


# --- Sections ----------------------------------------------------------------------------------------------
def test_a_saved_section_leads_to_the_next(mine: Client, draft: Application) -> None:
    response = mine.post(at(draft, "parents/"), typed(draft, "parents"))

    draft.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, at(draft, "collection/"))
    assert draft.answers["mother_name"] == "Jaribio Mfano"
    assert AuditEntry.objects.filter(verb="services.application.saved", data={"section": "parents"}).count() == 1


def test_save_and_return_leads_to_the_list(mine: Client, draft: Application) -> None:
    response = mine.post(at(draft, "parents/"), typed(draft, "parents") | {"then": "list"})

    assert (response.status_code, response["Location"]) == (302, at(draft))


def test_wrong_answers_keep_what_was_typed_and_save_nothing(mine: Client, draft: Application) -> None:
    response = mine.post(at(draft, "parents/"), typed(draft, "parents") | {"mother_name": "", "father_name": "Juma K"})

    draft.refresh_from_db()
    assert response.status_code == 422
    assert 'value="Juma K"' in response.text
    assert draft.answers == {}
    assert not AuditEntry.objects.filter(verb="services.application.saved").exists()


def test_a_draft_is_resumed_on_another_device(draft: Application) -> None:
    browser(draft.applicant).post(at(draft, "parents/"), typed(draft, "parents") | {"mother_name": "Asha Ng'wanza"})

    page = browser(draft.applicant).get(at(draft, "parents/"))

    assert "Asha Ng&#x27;wanza" in page.text


@pytest.mark.parametrize(
    ("name", "value"), [("evil", "1"), ("state", "approved"), ("registration_type", "ndani_90"), ("sex", "ke")]
)
def test_a_field_that_the_page_does_not_ask_is_refused(mine: Client, draft: Application, name: str, value: str) -> None:
    response = mine.post(at(draft, "parents/"), typed(draft, "parents") | {name: value})

    draft.refresh_from_db()
    assert response.status_code == 422
    assert (draft.answers, draft.state) == ({}, "draft")


def test_a_choice_that_is_not_offered_is_refused(mine: Client, draft: Application) -> None:
    response = mine.post(at(draft, "child/"), typed(draft, "child") | {"sex": "bure"})

    draft.refresh_from_db()
    assert (response.status_code, draft.answers) == (422, {})


def test_a_locked_answer_is_taken_from_the_register_not_from_the_page() -> None:
    person = PersonFactory(public_servant=True, check_number="11223344")
    application = start(LEAVE, person)

    response = browser(person).post(
        at(application, "employee/"), typed(application, "employee") | {"check_number": "99999999"}
    )

    application.refresh_from_db()
    assert application.answers.get("check_number") != "99999999"
    assert response.status_code == 302 or application.answers == {}


def test_answers_that_are_no_longer_asked_are_dropped(mine: Client, draft: Application) -> None:
    birth = typed(draft, "birth", birth_place_type="kituo", facility_name="Amana", notification_number="TK-1")
    mine.post(at(draft, "birth/"), birth)
    draft.refresh_from_db()
    assert draft.answers["facility_name"] == "Amana"

    shown = {name: value for name, value in birth.items() if name not in ("facility_name", "notification_number")}
    response = mine.post(at(draft, "birth/"), shown | {"birth_place_type": "nyumbani"})

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.answers["birth_place_type"] == "nyumbani"
    assert "facility_name" not in draft.answers


@pytest.mark.parametrize("path", ["hakuna/", "documents/999999/", "certificate/", "certificate/pdf/"])
def test_parts_that_are_not_there_are_not_found(mine: Client, draft: Application, path: str) -> None:
    assert mine.get(at(draft, path)).status_code == 404


@pytest.mark.parametrize("value", ["\x00", "A\x00B"])
def test_a_null_character_is_refused_in_words(mine: Client, draft: Application, value: str) -> None:
    response = mine.post(at(draft, "parents/"), typed(draft, "parents") | {"mother_name": value})

    draft.refresh_from_db()
    assert (response.status_code, draft.answers) == (422, {})


def test_the_check_page_waits_until_all_is_there(mine: Client, draft: Application) -> None:
    filled = fill_in(draft)

    early = mine.get(at(draft, "check/"), follow=True)
    give_documents(filled)
    complete = mine.get(at(draft, "check/"))

    assert early.request["PATH_INFO"] == at(draft)
    assert "Finish every part first" in early.text
    assert complete.status_code == 200
    assert 'name="declaration"' in complete.text


# --- Documents ---------------------------------------------------------------------------------------------
def test_a_document_is_kept_and_given_back_to_its_owner_only(mine: Client, filled: Application) -> None:
    content = blank_pdf()
    mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "file": upload("hati.pdf", content)})
    document = Document.objects.get()

    given = mine.get(at(filled, f"documents/{document.pk}/"))
    stranger = browser(PersonFactory()).get(at(filled, f"documents/{document.pk}/"))
    nobody = Client().get(at(filled, f"documents/{document.pk}/"))

    assert (given.status_code, b"".join(given.streaming_content)) == (200, content)
    assert given["Content-Disposition"].startswith("attachment")
    assert stranger.status_code == 404
    assert (nobody.status_code, nobody["Location"].split("?")[0]) == (302, "/en/account/login/")


def test_a_document_of_another_application_is_not_found_under_mine(mine: Client, filled: Application) -> None:
    other = start(BIRTH, PersonFactory())
    give_documents(fill_in(other))

    assert mine.get(at(filled, f"documents/{other.documents.first().pk}/")).status_code == 404


def test_a_newer_document_replaces_and_the_older_is_kept(mine: Client, filled: Application) -> None:
    for name in ("kwanza.pdf", "pili.pdf"):
        mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "file": upload(name, blank_pdf())})

    old, new = Document.objects.order_by("pk")
    page = mine.get(at(filled, "documents/"))
    assert (old.superseded_at is not None, new.superseded_at) == (True, None)
    assert "pili.pdf" in page.text
    assert "kwanza.pdf" not in page.text


def test_a_removed_document_is_superseded(mine: Client, filled: Application) -> None:
    mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "file": upload("hati.pdf", blank_pdf())})

    response = mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "remove": "1"}, follow=True)

    assert "hati.pdf" not in response.text
    assert Document.objects.get().superseded_at is not None
    assert AuditEntry.objects.filter(verb="services.document.removed").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("programu.pdf", b"MZ" + b"\x90" * 600, "This kind of file is not accepted."),
        ("programu.pdf", b"\x7fELF" + b"\x00" * 600, "This kind of file is not accepted."),
        ("ukurasa.pdf", b"<html><script>1</script>", "This kind of file is not accepted."),
        ("tupu.pdf", b"", "The file is empty."),
        ("kubwa.pdf", b"%PDF-1.7\n" + b"0" * (30 * 1024 * 1024), "The file is too large."),
    ],
    ids=["windows program", "linux program", "page", "empty", "30 MB"],
)
def test_a_refused_file_is_named_and_loses_nothing(
    mine: Client, filled: Application, name: str, content: bytes, sentence: str
) -> None:
    mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "file": upload("hati.pdf", blank_pdf())})

    response = mine.post(at(filled, "documents/"), {"kind": kind_of(filled), "file": upload(name, content)})

    assert response.status_code == 422
    assert sentence in response.text
    assert "hati.pdf" in response.text
    assert (Document.objects.get().superseded_at, StoredFile.objects.count()) == (None, 1)
    assert Application.objects.get().answers == filled.answers


def test_no_file_at_all_is_said_so(mine: Client, filled: Application) -> None:
    response = mine.post(at(filled, "documents/"), {"kind": kind_of(filled)})

    assert response.status_code == 422
    assert "Choose the file first" in response.text


def test_a_document_that_nobody_asked_for_is_refused(mine: Client, filled: Application) -> None:
    response = mine.post(at(filled, "documents/"), {"kind": "kitu_kingine", "file": upload("hati.pdf", blank_pdf())})

    assert response.status_code == 422
    assert "does not ask for that document" in response.text
    assert not Document.objects.exists()
    assert StoredFile.objects.filter(linked_at=None).count() == StoredFile.objects.count()


# --- The catalogue changes under an open draft -------------------------------------------------------------
def test_a_draft_stays_on_the_version_it_was_started_on(mine: Client, draft: Application) -> None:
    definition = definition_of(BIRTH)
    text = definition.title.model_copy(update={"en": "A quite different birth certificate"})
    newer = publish_version(definition=definition.model_copy(update={"title": text}), actor=None)

    page = mine.get(at(draft))
    fresh = start_again(draft)

    draft.refresh_from_db()
    assert newer.number == draft.version.number + 1
    assert "A quite different birth certificate" not in page.text
    assert fresh.version == newer


def start_again(draft: Application) -> Application:
    browser(draft.applicant).post(f"/en/services/{BIRTH}/apply/")
    return Application.objects.exclude(pk=draft.pk).get()


def test_a_draft_of_a_retired_service_can_still_be_read_and_written(mine: Client, draft: Application) -> None:
    retire_service(slug=BIRTH, actor=PersonFactory(), reason="Imeunganishwa")

    response = mine.post(at(draft, "parents/"), typed(draft, "parents"))

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.answers["mother_name"] == "Jaribio Mfano"


# --- Whose it is -------------------------------------------------------------------------------------------
PAGES = ["", "child/", "check/", "documents/", "submit/", "submitted/", "withdraw/", "certificate/", "certificate/pdf/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_application_is_not_found(draft: Application, page: str, method: str) -> None:
    before = Application.objects.values().get()

    response = getattr(browser(PersonFactory()), method)(at(draft, page), {"declaration": "yes"})

    assert response.status_code in (404, 405)
    assert Application.objects.values().get() == before


def test_a_company_s_application_is_found_only_while_acting_for_it() -> None:
    person, company = applicant_for("brela-jina-la-biashara")
    application = start("brela-jina-la-biashara", person, company)

    assert browser(person, company).get(at(application)).status_code == 200
    assert browser(person).get(at(application)).status_code == 404


@pytest.mark.parametrize(
    "address", ["/en/applications/%00/", "/en/services/x%00/", "/en/verify/%00/", "/en/desk/cases/%00/"]
)
def test_a_null_character_in_an_address_is_refused(address: str) -> None:
    publish(BIRTH)

    assert browser(PersonFactory()).get(address).status_code == 400


@pytest.mark.parametrize("query", ["q=%00", "audience=%00", "category=%00", "institution=%00", "page=%00", "page=-1"])
def test_strange_questions_to_the_catalogue_are_answered(client: Client, query: str) -> None:
    publish(BIRTH)

    assert client.get(f"/en/services/?{query}").status_code == (400 if "%00" in query else 200)
