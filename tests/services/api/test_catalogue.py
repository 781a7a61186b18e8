"""The catalogue: open to everybody, searched and filtered, told in both languages."""

import pytest
from rest_framework.test import APIClient

from services.actions import retire_service
from tests.factories import BIRTH, BUSINESS_NAME, LEAVE, PersonFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(HTTP_ACCEPT_LANGUAGE="en")


def slugs(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [service["slug"] for service in response.json()["results"]]


def test_everybody_reads_the_catalogue(anybody):
    publish(BIRTH)
    publish(LEAVE)

    response = anybody.get("/api/v1/services/")

    assert slugs(response) == [BIRTH, LEAVE]
    assert response.json()["count"] == 2
    assert response.json()["next"] is None
    assert response["Content-Type"] == "application/json"


def test_a_service_in_short_says_its_fee_and_how_sure_it_is(anybody):
    publish(BIRTH)

    service = anybody.get("/api/v1/services/").json()["results"][0]

    assert service["title"] == {"sw": "Cheti cha kuzaliwa", "en": "Birth certificate"}
    assert service["institution"]["code"] == "RITA"
    assert service["fee"]["is_free"] is False
    assert service["fee"]["lines"][0]["certainty"] in ("published", "published-secondary", "illustrative")
    assert isinstance(service["fee"]["lines"][0]["is_estimate"], bool)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("audience=G2C", [BIRTH]),
        ("audience=G2E", [LEAVE]),
        ("institution=BRELA", [BUSINESS_NAME]),
        ("category=utumishi", [LEAVE]),
        ("category=no-such-event", []),
        ("q=kuzaliwa", [BIRTH]),
        ("q=kuzaliwwa", [BIRTH]),
        ("q=leave", [LEAVE]),
        ("audience=G2B&institution=RITA", []),
    ],
)
def test_filters_and_search(anybody, query, expected):
    for slug in (BIRTH, LEAVE, BUSINESS_NAME):
        publish(slug)

    assert slugs(anybody.get(f"/api/v1/services/?{query}")) == expected


def test_pages(anybody):
    for slug in (BIRTH, LEAVE, BUSINESS_NAME):
        publish(slug)

    first = anybody.get("/api/v1/services/?page_size=2")
    second = anybody.get(first.json()["next"])

    assert slugs(first) == [BUSINESS_NAME, BIRTH]
    assert slugs(second) == [LEAVE]
    assert anybody.get("/api/v1/services/?page=9").status_code == 404


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("audiance=G2C", "unknown_field", "/audiance"),
        ("audience=G2X", "invalid_choice", "/audience"),
        ("institution=%00", "null_characters_not_allowed", "/institution"),
        ("page=0", "min_value", "/page"),
    ],
)
def test_a_wrong_parameter_is_named(anybody, query, code, pointer):
    response = anybody.get(f"/api/v1/services/?{query}")

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    errors = [(error["code"], error["pointer"]) for error in response.json()["errors"]]
    assert (code, pointer) in errors


def test_the_whole_definition(anybody):
    publish(LEAVE)

    service = anybody.get(f"/api/v1/services/{LEAVE}/").json()

    assert [section["key"] for section in service["sections"]] == ["employee", "dates", "fare", "cover"]
    fare = service["sections"][2]
    assert [field["name"] for field in fare["fields"]] == ["fare_claim", "dependants", "destination"]
    assert fare["fields"][0]["options"][0] == {"value": "ndiyo", "label": {"sw": "Ndiyo", "en": "Yes"}}
    assert fare["fields"][1]["show_if"] == {"field": "fare_claim", "eq": "ndiyo"}
    assert [column["name"] for column in fare["fields"][1]["columns"]] == ["name", "relationship", "age"]
    assert fare["fields"][1]["repeat"] == {"min": 0, "max": 4}
    assert [stage["key"] for stage in service["stages"]] == ["recommendation", "hr", "approval"]
    assert service["fee"] == {"is_free": True, "is_estimate": False, "lines": []}
    assert service["charter"]["certainty"] == "illustrative"
    assert service["version"] == 1


def test_documents_of_a_definition_say_when_they_are_needed(anybody):
    publish(BIRTH)

    documents = anybody.get(f"/api/v1/services/{BIRTH}/").json()["documents"]

    assert {type(document["mandatory"]) for document in documents} == {bool}
    assert all(document["label"]["en"] for document in documents)


def test_a_retired_service_is_told_but_not_offered(anybody):
    publish(LEAVE)
    retire_service(slug=LEAVE, actor=PersonFactory(), reason="Imeunganishwa na nyingine")

    assert slugs(anybody.get("/api/v1/services/")) == []
    assert anybody.get(f"/api/v1/services/{LEAVE}/").json()["is_open"] is False


def test_events_with_their_services(anybody):
    publish(LEAVE)

    assert anybody.get("/api/v1/categories/").json()[0]["code"] == "utumishi"
    assert anybody.get("/api/v1/categories/").json()[0]["services"] == 1


@pytest.mark.parametrize("address", ["/api/v1/services/no-such/", "/api/v1/no-such/", "/api/v1/applications/%00/"])
def test_what_is_not_there_is_a_problem_document(anybody, address):
    response = anybody.get(address)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (404, "not_found")
    assert problem["request_id"] == response["X-Request-ID"]
