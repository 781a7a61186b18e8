"""Which pages are the same for everybody who is not signed in, and the version under which they are kept."""

import re
from datetime import date

from django.core.cache import cache
from django.utils import timezone

_PUBLIC = re.compile(r"^/(en/)?(services/([a-z0-9-]+/)?|pages/[a-z-]+/|track/|verify/)?$")
_VERSION_KEY = "catalogue-version"
_CHANGED_KEY = "catalogue-changed-on"
VERSION_TOPIC = "services.catalogue.changed"


def is_public_page(path: str) -> bool:
    return _PUBLIC.match(path) is not None


def catalogue_version() -> str:
    """Changes whenever something that public pages show has changed."""
    return cache.get(_VERSION_KEY, "0")


def renew_public_pages(version: str) -> None:
    cache.set_many({_VERSION_KEY: version, _CHANGED_KEY: timezone.localdate()}, timeout=None)


def last_updated() -> date | None:
    """The day on which something that public pages show last changed; unknown while the cache is new."""
    return cache.get(_CHANGED_KEY)
