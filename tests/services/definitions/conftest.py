from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from services.definitions.loader import load_all
from services.definitions.schema import Definition

TODAY = date(2026, 11, 24)

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def service() -> Callable[[str], Definition]:
    by_slug = {definition.slug: definition for definition in load_all()}
    return by_slug.__getitem__
