"""A whole portal for the tests of one run: started by the first process that needs it, stopped by the last."""

import fcntl
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.world import Maker, World
from tests.journeys.stories import Place

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Huduma-2026!"
READY_SECONDS = 240
_STARTED: list[subprocess.Popen[bytes]] = []
"""Held until the end: a forgotten child process is complained of."""
# The rest of the environment belongs to the tests, not to a portal that starts on a bare machine.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


@contextmanager
def shared_world(folder: Path) -> Iterator[World]:
    """The same portal for all processes of a run; `folder` is theirs in common."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _users(folder, +1)
        world = _found_or_made(folder)
    try:
        yield world
    finally:
        with _alone(folder):
            if _users(folder, -1) == 0:
                _stop(int((folder / "pid").read_text()))


def _found_or_made(folder: Path) -> World:
    kept = folder / "world"
    if not kept.exists():
        place = _start(folder)
        kept.write_bytes(pickle.dumps(Maker(place).world()))
    return pickle.loads(kept.read_bytes())  # noqa: S301 (ours, written above)


def _start(folder: Path) -> Place:
    web, gateway = _free_ports()
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"PORT": str(web), "DATA_DIR": str(folder / "data"), "RATE_LIMITS_OFF": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.engines", "run"], cwd=ROOT, env=environment, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    _STARTED.append(process)
    (folder / "pid").write_text(str(process.pid))
    _wait(process, folder / "log")
    return Place(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{gateway}", PASSWORD)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while b"The portal is ready" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the portal did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    end = time.monotonic() + 30
    while _is_running(pid) and time.monotonic() < end:
        time.sleep(0.1)


def _is_running(pid: int) -> bool:
    """A child that has ended but that its parent, another process of the run, has not asked about is over too."""
    for process in _STARTED:
        process.poll()
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _free_ports() -> tuple[int, int]:
    """A free port whose successor is free too: the practice gateway stands there."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port, port + 1


def _users(folder: Path, change: int) -> int:
    counter = folder / "users"
    number = (int(counter.read_text()) if counter.exists() else 0) + change
    counter.write_text(str(number))
    return number


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
