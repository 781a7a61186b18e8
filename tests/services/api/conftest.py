"""A person at the API, and what stands in the answers."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import Person
from tests.factories import PersonFactory


@pytest.fixture
def applicant(db: None) -> Person:
    return PersonFactory(full_name="Asha Juma", public_servant=True)


@pytest.fixture
def client_of() -> Callable[..., APIClient]:
    """A client that is signed in by session, speaks English unless told otherwise, and sends JSON."""

    def make(person: Person | None = None, language: str = "en") -> APIClient:
        client = APIClient(HTTP_ACCEPT_LANGUAGE=language)
        client.default_format = "json"
        if person is not None:
            client.force_login(person)
        return client

    return make


@pytest.fixture
def api(client_of: Callable[..., APIClient], applicant: Person) -> APIClient:
    return client_of(applicant)


@pytest.fixture
def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(buffer, "PNG")
    return buffer.getvalue()
