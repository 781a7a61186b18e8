"""How often somebody may try, and that a cache that is away stops nobody."""

import socket

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from portal.caches import ForgivingRedisCache
from portal.limits import limited
from portal.references import new_reference

NOON = "2026-11-24 12:00:10+03:00"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis does not answer."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise RedisAway("away")

    client = type(cache._cache)
    for name in ("get", "set", "add", "incr", "touch", "delete", "get_many", "set_many", "has_key"):
        monkeypatch.setattr(client, name, refuse)


def test_so_many_tries_and_no_more() -> None:
    with time_machine.travel(NOON, tick=False):
        answers = [limited("test", "somebody", most=3, seconds=60) for _try in range(5)]

    assert answers == [False, False, False, True, True]


def test_each_person_and_each_act_is_counted_alone() -> None:
    with time_machine.travel(NOON, tick=False):
        assert not limited("test", "one", most=1, seconds=60)
        assert not limited("test", "two", most=1, seconds=60)
        assert not limited("other", "one", most=1, seconds=60)
        assert limited("test", "one", most=1, seconds=60)


def test_the_next_window_begins_at_nothing() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert not limited("test", "one", most=1, seconds=60)
        assert limited("test", "one", most=1, seconds=60)
        clock.shift(60)
        assert not limited("test", "one", most=1, seconds=60)


def test_a_counter_does_not_stay_for_ever() -> None:
    limited("test", "one", most=1, seconds=60)

    client = cache._cache.get_client()
    prefix = cache.key_prefix
    assert all(0 < client.ttl(key) <= 60 for key in client.scan_iter(f"{prefix}:*limit:test:*"))


def test_with_the_cache_away_nobody_is_stopped(away: None) -> None:
    assert [limited("test", "one", most=1, seconds=60) for _try in range(3)] == [False] * 3


def test_a_cache_that_hangs_is_one_that_misses(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        hanging = ForgivingRedisCache(address, settings.CACHES["default"])

        hanging.set("key", "value")
        assert (hanging.get("key", "nothing"), hanging.add_one("count", 60)) == ("nothing", 0)


@pytest.mark.django_db
def test_tracking_is_limited_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.citizen.tracking.TRIES_AN_HOUR", 2)
    asked = {"reference": "RITA-26-0000000-0", "contact": "0000"}

    with time_machine.travel(NOON, tick=False):
        statuses = [Client().post("/en/track/", asked).status_code for _try in range(3)]
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/en/track/", asked).status_code

    assert (statuses[:2], statuses[2], elsewhere) == ([422, 422], 429, 422)


@pytest.mark.django_db
def test_the_tries_for_one_reference_count_from_wherever_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.citizen.tracking.TRIES_FOR_ONE", 2)
    one, other = new_reference("RITA"), new_reference("RITA")

    with time_machine.travel(NOON, tick=False):
        statuses = [track(one, number) for number in range(3)]
        of_another = track(other, 3)

    assert (statuses, of_another) == ([404, 404, 429], 404)


def track(reference: str, number: int) -> int:
    guess = {"reference": reference, "contact": f"{number:04}"}
    return Client(REMOTE_ADDR=f"192.0.2.{number}").post("/en/track/", guess).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/services/", "/en/", "/track/", "/verify/", "/account/login/", "/healthz"])
def test_with_the_cache_away_pages_still_open(away: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
