"""How often somebody may try: counters in the cache, one for each action, person or address, and window."""

import time

from django.core.cache import cache


def limited(action: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one try; True when there have been more than `most` in this window of `seconds`.

    With the cache away nobody is limited: people come first, and sign-in keeps its own limits.
    """
    key = f"limit:{action}:{who}:{int(time.time()) // seconds}"
    return cache.add_one(key, seconds) > most
