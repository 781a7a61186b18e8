"""What every test shares: a fresh folder for data, real engines, no network beyond this machine."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def keys(django_db_blocker: object) -> None:
    """Real keys, made once a run."""
    from django.core.management import call_command

    call_command("make_keys", verbosity=0)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that leaves this machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def plain_settings(settings: object, tmp_path: Path) -> None:
    """No hashed file names, cheap password hashes, files in the test's own folder."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PRIVATE_FILES_DIR = tmp_path / "files"
    settings.SMS_OUTBOX = tmp_path / "sms.log"


@pytest.fixture(autouse=True)
def swahili_again() -> Iterator[None]:
    """A page read in English does not leave the next test speaking English."""
    from django.utils import translation

    yield
    translation.activate("sw")


@pytest.fixture(autouse=True)
def empty_cache(worker_id: str, settings: object) -> Iterator[None]:
    """Each process keeps its own names in the cache, and each test finds none."""
    from django.core.cache import cache

    from portal.public_pages import pages

    pages.clear()
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": f"test-{worker_id}"}}
    yield
    for key in cache._cache.get_client().scan_iter(f"test-{worker_id}:*"):
        cache._cache.get_client().delete(key)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Without the mark `broker`, telling Celery fails as it does when the broker is down: rows must suffice."""
    if "broker" in request.keywords:
        return
    from celery.app.task import Task
    from kombu.exceptions import OperationalError

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("no broker in this test")

    monkeypatch.setattr(Task, "apply_async", refuse)


@pytest.fixture
def deliver_events() -> Callable[[], None]:
    """Run the outbox until nothing is due, as the sweep does."""
    from portal.outbox import sweep

    def run() -> None:
        while sweep():
            pass

    return run
