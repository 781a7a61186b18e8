"""The description of the API, open to everybody and drawn by ourselves."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_for_people_lists_every_operation(client: Client):
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    operations = [operation for path in schema["paths"].values() for operation in path.values()]

    page = client.get("/api/docs/?language=en")

    assert page.status_code == 200
    assert len(operations) == 21
    for operation in operations:
        assert f'id="{operation["operationId"]}"' in page.text
        assert operation["summary"] in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert '<html lang="en">' in page.text
    assert '<html lang="sw">' in client.get("/api/docs/?language=xx").text


def test_reading_the_page_leaves_the_language_alone(client: Client):
    client.get("/api/docs/?language=en")

    assert '<html lang="sw">' in client.get("/").text


def test_the_page_says_what_is_open(client: Client):
    page = client.get("/api/docs/?language=en").text

    verify = page[page.index('id="verify_certificate"') :].partition("</details>")[0]
    start = page[page.index('id="start_application"') :].partition("</details>")[0]
    assert "Open to everybody." in verify
    assert "Needs a session." in start


def test_the_schema_loads_nothing_from_elsewhere(client: Client):
    response = client.get("/api/schema/")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/vnd.oai.openapi")
    assert "openapi: 3.1.0" in response.text
