"""The four stories on real processes: gunicorn, Celery worker and beat, the practice gateway, PostgreSQL, Redis.

One portal for all of them, so all run on the same worker (`--dist loadgroup` or one process).
"""

import json
import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.browser import Browser
from tests.journeys.conftest import Portal
from tests.journeys.people import apply, sign_in
from tests.journeys.stories import STORIES, Story, annual_leave, birth, pay, tell, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(480)]


@pytest.fixture
def steps() -> Iterator[list[str]]:
    """What was said on the way; shown when a story gets stuck."""
    said: list[str] = []
    yield said
    print("\n".join(said))  # noqa: T201


@pytest.mark.parametrize("story", STORIES, ids=[story.slug for story in STORIES])
def test_a_whole_story_arrives(portal: Portal, story: Story, steps: list[str]) -> None:
    number = tell(story, portal.place, steps.append)

    assert steps[-1] == f"anybody can verify {number}"


def inbox(browser: Browser, reference: str) -> str | None:
    return reference if reference in browser.text else None


def test_a_broker_that_hangs_loses_nothing(portal: Portal, steps: list[str]) -> None:
    """Redis stops answering while somebody sends; the answer comes all the same, the news a little later."""
    with sign_in(portal.place.site, "mtumishi", portal.place.password) as applicant:
        portal.signal("redis", signal.SIGSTOP)
        try:
            reference = apply(applicant, "utumishi-likizo-ya-mwaka", annual_leave(), steps.append)
        finally:
            portal.signal("redis", signal.SIGCONT)

        assert wait_for(applicant, "/inbox/", lambda page: inbox(page, reference), "the news") == reference


def test_a_payment_told_twice_counts_once(portal: Portal, steps: list[str]) -> None:
    twice = {"duplicate_callback": True, "times": 2}
    assert httpx.post(f"{portal.place.gateway}/control/faults", json=twice, timeout=30).status_code == 200
    with sign_in(portal.place.site, "mwananchi", portal.place.password) as applicant:
        reference = apply(applicant, "rita-cheti-cha-kuzaliwa", birth(), steps.append)
        pay(applicant, reference, portal.place, steps.append)

        told = json.loads(applicant.download("/api/v1/bills/"))["results"]
        number = next(bill["number"] for bill in told if bill["subject"].endswith(reference))
        bill = json.loads(applicant.download(f"/api/v1/bills/{number}/"))

    assert (bill["state"], len(bill["receipts"])) == ("settled", 1)
    assert bill["paid_amount"] == bill["amount"]
