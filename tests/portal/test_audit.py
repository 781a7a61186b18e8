"""The audit trail: what may be written, that it only grows, and that an altered row is found."""

import pytest
from django.db import IntegrityError, connection, transaction

from portal.audit import VERBS, Verb, record, register
from portal.audit_chain import first_altered_entry, link_new_entries
from portal.models import AuditEntry, AuditLink
from portal.tasks import link_audit_entries
from tests.factories import InstitutionFactory, PersonFactory

pytestmark = pytest.mark.django_db
TRIED = Verb("tests.tried", "Tried", "case", frozenset({"what"}))


def entries(number: int) -> list[AuditEntry]:
    subject = InstitutionFactory()
    return [record(TRIED, subject, what=str(count)) for count in range(number)]


def tamper(sql: str, *values: object) -> None:
    """As somebody would who owns the table: the triggers are put aside, even without being superuser."""
    tables = ("portal_auditentry", "portal_auditlink")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_entry_names_who_did_what_to_which_thing() -> None:
    actor, subject = PersonFactory(), InstitutionFactory()

    entry = record(TRIED, subject, actor=actor, what="this")

    entry.refresh_from_db()
    assert (entry.verb, entry.actor, entry.data) == ("tests.tried", actor, {"what": "this"})
    assert (entry.subject_type, entry.subject_key) == ("accounts.institution", str(subject.pk))
    assert entry.digest == entry.content_digest()


def test_what_the_verb_did_not_declare_is_refused() -> None:
    with pytest.raises(ValueError, match="does not declare"):
        record(TRIED, InstitutionFactory(), what="this", phone="+255713000000")

    assert not AuditEntry.objects.filter(verb="tests.tried").exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_to_the_transaction_of_its_act() -> None:
    subject = InstitutionFactory()

    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(TRIED, subject, what="this")
    with pytest.raises(LookupError), transaction.atomic():
        record(TRIED, subject, what="this")
        raise LookupError

    assert not AuditEntry.objects.filter(verb="tests.tried").exists()


def test_a_verb_means_one_thing() -> None:
    register(TRIED)
    try:
        register(TRIED)
        with pytest.raises(ValueError, match="declared twice"):
            register(Verb("tests.tried", "Something else", "case"))
    finally:
        VERBS.pop("tests.tried")


@pytest.mark.parametrize("model", [AuditEntry, AuditLink])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_erase(model: type, act: str) -> None:
    entries(1)
    link_new_entries()
    table = model._meta.db_table
    sql = f"UPDATE {table} SET id = id" if act == "update" else f"DELETE FROM {table}"  # noqa: S608

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert model.objects.exists()


def test_the_chain_takes_each_entry_once_and_holds() -> None:
    written = entries(3)

    assert link_audit_entries() == AuditEntry.objects.count()
    assert link_audit_entries() == 0

    assert AuditLink.objects.filter(entry__in=written).count() == 3
    assert first_altered_entry() is None


def test_the_chain_grows_in_parts() -> None:
    entries(5)

    assert [link_new_entries(limit=2), link_new_entries(limit=2)] == [2, 2]
    link_new_entries()

    assert first_altered_entry() is None


@pytest.mark.parametrize(
    "change",
    [
        """data = '{"what": "other"}'""",
        "verb = 'tests.other'",
        "at = at - interval '1 second'",
        "subject_key = 'other'",
        "request_id = 'other'",
    ],
)
def test_the_first_altered_entry_is_found(change: str) -> None:
    written = entries(4)
    link_new_entries()

    tamper(f"UPDATE portal_auditentry SET {change} WHERE id >= %s", written[2].pk)  # noqa: S608

    assert first_altered_entry() == written[2]


def test_an_altered_entry_with_its_digest_put_right_is_found_too() -> None:
    written = entries(3)
    link_new_entries()
    forged = written[1]
    forged.data = {"what": "other"}

    tamper(
        """UPDATE portal_auditentry SET data = '{"what": "other"}', digest = %s WHERE id = %s""",
        forged.content_digest(),
        forged.pk,
    )

    assert first_altered_entry() == forged


def test_an_erased_entry_is_noticed_at_the_next_one() -> None:
    written = entries(3)
    link_new_entries()

    tamper("DELETE FROM portal_auditlink WHERE entry_id = %s", written[1].pk)
    tamper("DELETE FROM portal_auditentry WHERE id = %s", written[1].pk)

    assert first_altered_entry() == written[2]
