"""Every page, read once by everybody in the cast with a database that notes what is written."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.template import engines
from django.urls import get_resolver, reverse
from django.urls.resolvers import RoutePattern, URLPattern, URLResolver

from portal.models import AuditEntry
from tests.architecture.cast import CAST, World, make_world

ADMINISTRATION = (
    "admin:index",
    "admin:accounts_person_changelist",
    "admin:payments_bill_changelist",
    "admin:portal_auditentry_changelist",
    "admin:services_application_change",
)
"""What everybody tries of the administration; staff try all of it."""
UNDEFINED = "«undefined»"
_WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


class Undefined(str):
    """What an undefined variable is in our templates: nothing for a condition, a loop or `default`, else visible."""

    __slots__ = ()

    def __str__(self) -> str:
        return UNDEFINED


@dataclass(frozen=True)
class Page:
    who: str
    name: str
    path: str
    status: int
    content_type: str
    text: str
    location: str
    writes: tuple[str, ...]
    audit: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.who}: {self.name}"


def named_addresses() -> Iterator[tuple[str, list[str]]]:
    """(name, names of its parts) of every address that can be named."""
    yield from _walk(get_resolver().url_patterns, "", [])


def _walk(patterns: list[Any], prefix: str, parts: list[str]) -> Iterator[tuple[str, list[str]]]:
    for entry in patterns:
        here = parts + (list(entry.pattern.converters) if isinstance(entry.pattern, RoutePattern) else [])
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, here)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}", here


def arguments(world: World) -> dict[str, list[object]]:
    """What stands in the addresses that have parts. The case is the one on the desk, unless its page needs another."""
    case = world.open.reference
    document = world.open.documents.first().pk
    number = world.issued.certificate.number
    return {
        "v1:service": [world.open.service.slug],
        "v1:application": [case],
        "v1:section": [case, world.open.definition.sections[0].key],
        "v1:documents": [case],
        "v1:document": [case, world.open.documents.first().kind],
        "v1:submit": [case],
        "v1:withdraw": [case],
        "v1:timeline": [case],
        "v1:certificate": [world.issued.reference],
        "v1:bill": [world.bill.number],
        "v1:verification": [number],
        "services:service": [world.open.service.slug],
        "services:apply": [world.open.service.slug],
        "services:application": [case],
        "services:check": [world.draft.reference],
        "services:documents": [world.draft.reference],
        "services:document": [case, document],
        "services:submit": [case],
        "services:submitted": [case],
        "services:withdraw": [case],
        "services:certificate": [world.issued.reference],
        "services:certificate_pdf": [world.issued.reference],
        "services:section": [world.draft.reference, world.draft.definition.sections[0].key],
        "verify:certificate": [number],
        "desk:queue": ["all"],
        "desk:case": [case],
        "desk:document": [case, document],
        "desk:certificate": [world.issued.reference],
        "payments:bill": [world.bill.number],
        "inbox_read": [1],
        "page": ["help"],
        "accounts:act_for": [world.company.pk],
        "accounts:organisation": [world.company.pk],
        "accounts:revoke_mandate": [world.company.pk, world.company.memberships.last().pk],
        "mfa_remove_webauthn": [1],
        "mfa_edit_webauthn": [1],
    }


def addresses(world: World) -> dict[str, str]:
    """Name -> address, for all that is not the administration."""
    known = arguments(world)
    return {
        name: reverse(name, args=known[name] if parts else [])
        for name, parts in named_addresses()
        if not name.startswith("admin:") and name != "v1:nothing"
    }


def administration() -> dict[str, str]:
    """The pages of every model that is registered, with a row when there is one."""
    found = {"admin:index": reverse("admin:index")}
    for model in site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found[f"{stem}_changelist"] = reverse(f"{stem}_changelist")
        found[f"{stem}_add"] = reverse(f"{stem}_add")
        row = model._default_manager.first()
        if row is not None:
            found |= {f"{stem}_{page}": reverse(f"{stem}_{page}", args=[row.pk]) for page in ("change", "history")}
    return found


@contextmanager
def noted_writes() -> Iterator[list[str]]:
    """The statements that change a table, as "INSERT INTO table"."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if match := _WRITES.match(sql):
            found.append(f"{match[1].upper()} {match[2]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


@contextmanager
def undefined_variables_shown(ours: bool) -> Iterator[None]:
    """The templates of Django's administration rely on silence."""
    engine = engines["django"].engine
    engine.string_if_invalid = Undefined() if ours else ""
    yield
    engine.string_if_invalid = ""


_read: list[Page] = []


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def pages(db: None) -> list[Page]:
    """Read once in each process: what was read is plain data."""
    if not _read:
        world = make_world()
        _read.extend([page for who in CAST for page in _read_by(who, world)])
    return _read


def _read_by(who: str, world: World) -> Iterator[Page]:
    client = world.client(who)
    everything = addresses(world)
    office = administration()
    tried = office if who in ("nobody", "auditor", "admin") else ADMINISTRATION
    everything |= {name: office[name] for name in tried}
    for name, path in everything.items():
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with noted_writes() as writes, undefined_variables_shown(not name.startswith("admin:")):
            response = client.get(path)
        content = response.getvalue()
        yield Page(
            who=who,
            name=name,
            path=path,
            status=response.status_code,
            content_type=response.get("Content-Type", "").split(";")[0],
            text=content.decode(errors="replace"),
            location=response.get("Location", ""),
            writes=tuple(writes),
            audit=tuple(AuditEntry.objects.filter(pk__gt=last).values_list("verb", flat=True)),
        )
