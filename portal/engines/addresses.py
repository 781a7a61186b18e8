"""Where the engines answer. Only computes: nothing is started, looked up or created."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DATABASE = "huduma"
# A UNIX socket path has at most 107 bytes, so sockets cannot live in DATA_DIR. A fixed folder, not TMPDIR or
# XDG_RUNTIME_DIR, which differ between two terminals: a shell must find what `make run` started.
SOCKETS = Path("/tmp")  # noqa: S108 - the folder in it is created 0700 and its owner is checked


@dataclass(frozen=True)
class Engines:
    database_url: str
    redis_url: str

    @property
    def broker_url(self) -> str:
        """The same Redis in the words of Celery, which spells a socket differently."""
        parts = urlsplit(self.redis_url)
        if parts.scheme != "unix":
            return self.redis_url
        number = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={number}"

    @property
    def cache_url(self) -> str:
        """Ours keeps the cache in a database of its own; a named server may offer only the one it names."""
        if self.redis_url.startswith("unix://"):
            return self.redis_url.replace("?db=0", "?db=1")
        return self.redis_url


def fingerprint(data_dir: Path) -> str:
    """The short name of a data folder, the same from every terminal and for every user."""
    return hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]


def socket_dir(data_dir: Path) -> Path:
    return SOCKETS / f"huduma-{fingerprint(data_dir)}"


def urls(data_dir: Path | str, environ: Mapping[str, str] = os.environ) -> Engines:
    """The engines that the environment names, and embedded ones for those it does not."""
    sockets = socket_dir(Path(data_dir))
    return Engines(
        database_url=environ.get("DATABASE_URL") or f"postgresql://{DATABASE}@/{DATABASE}?host={sockets}",
        redis_url=environ.get("REDIS_URL") or f"unix://{sockets}/redis.sock?db=0",
    )
