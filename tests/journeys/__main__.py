"""`make demo`: lives the four stories against a running portal and prints every step with its time."""

import os
import sys
import time

import httpx

from tests.journeys.browser import Stuck
from tests.journeys.stories import STORIES, Place, tell


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    place = Place(
        site=os.environ.get("SITE", f"http://127.0.0.1:{port}"),
        gateway=os.environ.get("GATEWAY", f"http://127.0.0.1:{port + 1}"),
        password=os.environ.get("DEMO_PASSWORD", "Huduma-2026!"),
    )
    failed = [story.title for story in STORIES if not lived(story, place)]
    print(f"\n{len(STORIES) - len(failed)} of {len(STORIES)} journeys arrived.")
    return 1 if failed else 0


def lived(story, place: Place) -> bool:
    print(f"\n{story.title}")
    start = last = time.monotonic()

    def say(step: str) -> None:
        nonlocal last
        now = time.monotonic()
        print(f"  {now - start:6.1f} s  (+{now - last:4.1f})  {step}", flush=True)
        last = now

    try:
        tell(story, place, say)
    except (Stuck, httpx.HTTPError) as trouble:
        print(f"  FAILED: {trouble}")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
