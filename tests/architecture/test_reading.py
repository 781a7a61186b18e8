"""Looking at a page changes nothing."""

from django.contrib import admin

from portal.admin import Confidential
from tests.architecture.conftest import Page

OF_THE_FRAMEWORK = {"django_session", "usersessions_usersession"}
READ = {"services.application.read", "services.document.read", "portal.record.read"}


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
    at_the_desk = {(page.who, page.name) for page in pages if page.audit and not page.name.startswith("admin:")}
    assert at_the_desk == {("officer", "desk:case"), ("officer", "desk:document"), ("officer", "desk:certificate")}


def test_each_record_about_people_that_the_administration_shows_is_noted(pages: list[Page]) -> None:
    confidential = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        for model, page in admin.site._registry.items()
        if isinstance(page, Confidential)
    }
    shown = {(page.who, page.name) for page in pages if page.name in confidential and page.status == 200}
    noted = {(page.who, page.name) for page in pages if page.audit and page.name.startswith("admin:")}

    assert noted == shown
    assert {("auditor", "admin:accounts_person_change"), ("auditor", "admin:payments_bill_change")} <= shown
