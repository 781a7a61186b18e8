"""Everything that must happen later is a row first, and somebody comes for each row."""

import re

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from portal.engines.run import WORKER_QUEUES
from tests.architecture.tree import APPS, calls, name_of

SWEEPING = ("sweep_", "link_", "lapse_")


@pytest.fixture(scope="module")
def tasks() -> dict[str, object]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}


def test_tasks_are_named_after_their_app_and_what_they_do(tasks: dict[str, object]) -> None:
    named = re.compile(rf"({'|'.join(APPS)})\.[a-z]+(_[a-z]+)+")

    assert [name for name in tasks if not named.fullmatch(name)] == []
    assert {
        name: task.__module__ for name, task in tasks.items() if task.__module__ != f"{name.split('.')[0]}.tasks"
    } == {}


def test_every_task_goes_to_a_queue_that_the_worker_consumes(tasks: dict[str, object]) -> None:
    queues = {name: current_app.amqp.router.route({}, name)["queue"].name for name in tasks}

    assert {name: queue for name, queue in queues.items() if queue not in WORKER_QUEUES} == {}
    assert set(queues.values()) == set(WORKER_QUEUES)


def test_every_beat_entry_is_a_task(tasks: dict[str, object]) -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE

    assert [entry["task"] for entry in schedule.values() if entry["task"] not in tasks] == []
    assert {name: entry["task"] for name, entry in schedule.items() if name != entry["task"]} == {}


def test_every_sweep_has_a_beat_entry(tasks: dict[str, object]) -> None:
    sweeps = {name for name in tasks if name.split(".")[1].startswith(SWEEPING)}

    assert sweeps == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_every_task_that_is_called_by_name_exists(tasks: dict[str, object]) -> None:
    named = {call.args[0].value: name_of(path) for path, call in calls("signature") if call.args}

    assert {name: path for name, path in named.items() if name not in tasks} == {}
    assert set(named) == {name for name in tasks if not name.split(".")[1].startswith(SWEEPING)}


def dotted_paths() -> list[str]:
    """Settings that name something to import."""
    forms = [*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()]
    rest = settings.REST_FRAMEWORK
    api = [
        path for key, paths in rest.items() if key.startswith("DEFAULT_") and isinstance(paths, list) for path in paths
    ]
    return [
        *settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS, *settings.PASSWORD_HASHERS, *forms, *api,
        *(entry["NAME"] for entry in settings.AUTH_PASSWORD_VALIDATORS),
        *settings.TEMPLATES[0]["OPTIONS"]["context_processors"],
        *(storage["BACKEND"] for storage in settings.STORAGES.values()),
        *settings.SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"],
        *settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"].values(),
        settings.CACHES["default"]["BACKEND"], settings.ACCOUNT_ADAPTER, settings.MFA_ADAPTER, settings.SMS_PROVIDER,
        settings.EMAIL_BACKEND, settings.CSRF_FAILURE_VIEW, settings.WSGI_APPLICATION, rest["EXCEPTION_HANDLER"],
        rest["DEFAULT_SCHEMA_CLASS"], rest["DEFAULT_VERSIONING_CLASS"], rest["UNAUTHENTICATED_USER"],
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted(set(dotted_paths())))
def test_dotted_paths_in_the_settings_can_be_imported(path: str) -> None:
    assert import_string(path) is not None
