"""One portal with a full world, one Chromium a process."""

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.browsers import MISSING, Visitors, chromium, launch
from tests.e2e.portals import shared_world
from tests.e2e.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[World]:
    """E2E_WORLD names a kept world of a portal that runs already: for writing tests, not for proving anything."""
    if kept := os.environ.get("E2E_WORLD"):
        yield pickle.loads(Path(kept).read_bytes())  # noqa: S301
        return
    base = tmp_path_factory.getbasetemp()
    with shared_world((base if worker_id == "master" else base.parent) / "portal") as world:
        yield world


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """The portal of these tests is a process of its own, with its own cache."""


@pytest.fixture(scope="session")
def visitors(world: World) -> Iterator[Visitors]:
    if chromium() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    # Playwright keeps an event loop in this thread; Django would take every later query for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield Visitors(launch(playwright), world)
