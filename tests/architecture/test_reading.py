"""Looking at a page changes nothing."""

from tests.architecture.conftest import Page

OF_THE_FRAMEWORK = {"django_session", "usersessions_usersession"}
READ = {"services.application.read", "services.document.read"}


def test_every_address_can_be_read_by_everybody_without_a_crash(pages: list[Page]) -> None:
    assert [f"{page} {page.status}" for page in pages if page.status >= 500] == []


def test_reading_writes_nothing_but_the_entry_of_the_reading(pages: list[Page]) -> None:
    written = {
        str(page): sorted(tables)
        for page in pages
        if (tables := {write.split()[-1] for write in page.writes} - OF_THE_FRAMEWORK - {"portal_auditentry"})
    }

    assert written == {}


def test_the_entry_of_a_reading_only_says_that_staff_read(pages: list[Page]) -> None:
    entries = {str(page): page.audit for page in pages if page.audit}

    assert {verb for verbs in entries.values() for verb in verbs} <= READ
    assert {name: verbs for name, verbs in entries.items() if len(verbs) != 1} == {}
    assert {(page.who, page.name) for page in pages if page.audit} == {
        ("officer", "desk:case"),
        ("officer", "desk:document"),
        ("officer", "desk:certificate"),
        ("auditor", "admin:services_application_change"),
    }
