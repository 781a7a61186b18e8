"""The published schema is what the API does: it is committed, and every operation is tried against it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

from services.models import Application
from tests.factories import LEAVE, PersonFactory, fill_in, start

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.yaml"
CSRF = "a" * 32
PLAIN = {"Accept-Encoding": "identity"}
EXAMPLES = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def test_the_published_schema_is_the_one_served(client: Client, db: None) -> None:
    """When it has changed on purpose: `curl -s http://127.0.0.1:8000/api/schema/ > docs/openapi.yaml`."""
    served = client.get("/api/schema/")

    assert served.text == PUBLISHED.read_text()


def documented_status(ctx: CheckContext, response: Response, case: Case) -> None:
    """`default` would let every status pass, so each must be named."""
    if case.method.lower() != case.operation.method.lower():
        assert response.status_code in (401, 404, 405)
        return
    named = case.operation.definition.raw["responses"]
    assert str(response.status_code) in named, f"{response.status_code} is not in the schema"


CHECKS = [
    not_a_server_error,
    documented_status,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of requests in a second are the point here."""
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", dict.fromkeys(("anon", "user", "verify")))


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """A server closes its connections after a request; here the test's own transaction is on it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def draft(db: None) -> Application:
    return fill_in(start(LEAVE, PersonFactory(public_servant=True)))


@pytest.fixture
def session(draft: Application) -> dict[str, str]:
    client = Client()
    client.force_login(draft.applicant)
    return {"session": client.cookies["session"].value, "csrftoken": CSRF}


@contextmanager
def undone() -> Iterator[None]:
    """Each example finds the draft as the one before has found it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@lru_cache(maxsize=1)
def server() -> Any:
    return get_wsgi_application()


def portal(environ: dict[str, Any], start_response: Any) -> Any:
    """Made at the first request: tests are collected without settings of their own."""
    return server()(environ, start_response)


schema = schemathesis.openapi.from_path(PUBLISHED)
schema.app = portal


@schema.parametrize()
@EXAMPLES
@pytest.mark.usefixtures("one_connection", "unhurried")
def test_nobody_at_every_operation(case: Case) -> None:
    with undone():
        case.call_and_validate(checks=CHECKS, headers=PLAIN)


@schema.parametrize()
@EXAMPLES
@pytest.mark.usefixtures("one_connection", "unhurried")
def test_an_applicant_at_every_operation(case: Case, draft: Application, session: dict[str, str]) -> None:
    known = {"reference": draft.reference, "section": "dates", "slug": LEAVE}
    case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}

    with undone():
        case.call_and_validate(checks=CHECKS, cookies=session, headers={"X-CSRFToken": CSRF} | PLAIN)
