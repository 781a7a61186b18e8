"""The real portal, started once a run as `make run` starts it, and always stopped again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.engines.processes import PidFile
from tests.journeys.stories import Place

READY_WITHIN = 240
PASSWORD = "Huduma-2026!"
_MINE = (
    "ALLOWED_HOSTS", "DATABASE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "EMAIL_BACKEND", "HTTPS", "KEYS_PASSPHRASE",
    "REDIS_URL", "SECRET_KEY", "SITE_URL",
)  # fmt: skip
"""What the tests set for themselves; the portal finds its own."""


@dataclass(frozen=True)
class Portal:
    place: Place
    data_dir: Path

    def signal(self, part: str, number: signal.Signals) -> None:
        """To one part by its process id, as an operator would."""
        pid = PidFile(self.data_dir / "run" / f"{part}.pid").living()
        assert pid is not None, f"{part} does not run"
        os.kill(pid, number)


@pytest.fixture(scope="session")
def portal(django_db_blocker: object) -> Iterator[Portal]:
    data_dir = Path(tempfile.mkdtemp(prefix="hj-", dir="/tmp"))
    port, gateway = _free_ports()
    environ = {name: value for name, value in os.environ.items() if name not in _MINE}
    environ |= {"PORT": str(port), "GEPG_SIMULATOR_PORT": str(gateway), "DEMO_PASSWORD": PASSWORD}
    log = data_dir / "make-run.log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "portal.engines", "--data-dir", str(data_dir), "run"],
            env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_ready(running, log)
        yield Portal(Place(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{gateway}", PASSWORD), data_dir)
    finally:
        _stop(running)
        shutil.rmtree(data_dir, ignore_errors=True)


def _wait_until_ready(running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while "The portal is ready" not in (said := log.read_text(errors="replace")):
        assert running.poll() is None, f"the portal ended by itself:\n{said[-3000:]}"
        assert time.monotonic() < end, f"the portal is not ready after {READY_WITHIN} s:\n{said[-3000:]}"
        time.sleep(0.2)


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGINT)
    try:
        running.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
