"""Both engines together, for as long as somebody needs them."""

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.engines.addresses import Engines, urls
from portal.engines.data_dir import Places, erase, prepare, sole_use
from portal.engines.postgres import Postgres
from portal.engines.processes import uninterrupted
from portal.engines.programs import programs
from portal.engines.redis import Redis

THROW_AWAY = "huduma-throwaway-"
Engine = Postgres | Redis


@contextmanager
def running(data_dir: Path, environ: Mapping[str, str] = os.environ, *, keep: bool = True) -> Iterator[Engines]:
    """Start what the environment does not name; stop it whatever happens. Hold `sole_use` around it."""
    places = prepare(data_dir)
    started = wanted(places, environ, keep=keep)
    try:
        for engine in started:
            engine.start()
        yield urls(data_dir, environ)
    finally:
        with uninterrupted():
            for engine in reversed(started):
                engine.stop()
            with suppress(OSError):  # another command beside us still needs it
                places.sockets.rmdir()


def wanted(places: Places, environ: Mapping[str, str], *, keep: bool = True) -> list[Engine]:
    """The engines that the environment leaves to us."""
    kinds = [kind for kind, name in ((Postgres, "DATABASE_URL"), (Redis, "REDIS_URL")) if not environ.get(name)]
    if not kinds:
        return []
    found = programs(places)
    return [kind(places, found, keep) for kind in kinds]


@contextmanager
def throw_away(environ: Mapping[str, str] = os.environ) -> Iterator[tuple[Path, Engines]]:
    """Engines in a temporary folder, gone afterwards."""
    _sweep_abandoned()
    data_dir = Path(tempfile.mkdtemp(prefix=THROW_AWAY)).resolve()
    if os.geteuid() == 0:
        data_dir.chmod(0o711)  # the user of the engines walks through
    try:
        with sole_use(data_dir, "a throw-away run"), running(data_dir, environ, keep=False) as engines:
            yield data_dir, engines
    finally:
        with uninterrupted():
            erase(prepare(data_dir))


def _sweep_abandoned() -> None:
    """A run that was killed could not clean up; nobody holds its lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{THROW_AWAY}*"):
        if folder.stat().st_uid != os.geteuid() or not _abandoned(folder):
            continue
        places = prepare(folder)
        for engine in wanted(places, {}):
            engine.stop()
        erase(places)


def _abandoned(folder: Path) -> bool:
    try:
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
