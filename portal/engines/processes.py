"""Processes that outlive their parent's accidents: known by number and start time, stopped as a group."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def birth(pid: int) -> str | None:
    """When the process started: a number alone may since belong to a stranger. None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return None if Path("/proc/self").exists() else _birth_by_ps(pid)
    except ProcessLookupError:
        return None
    return None if fields[0] == "Z" else f"{_boot()}:{fields[19]}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _birth_by_ps(pid: int) -> str | None:
    return _ps(pid, "lstart=")


def _ps(pid: int, field: str) -> str | None:
    found = subprocess.run(["ps", "-o", field, "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return "" if Path("/proc/self").exists() else (_ps(pid, "command=") or "")


@dataclass(frozen=True)
class PidFile:
    path: Path

    def write(self, pid: int) -> None:
        self.path.write_text(json.dumps({"pid": pid, "birth": birth(pid)}))

    def living(self) -> int | None:
        """The process it names, if that is still the same one."""
        try:
            noted = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return None
        born = birth(noted["pid"])
        return noted["pid"] if born is not None and born == noted["birth"] else None

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _gone(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def _gone(pid: int) -> bool:
    with suppress(ChildProcessError):  # not our child: an orphan of an earlier run
        os.waitpid(pid, os.WNOHANG)
    return birth(pid) is None


def stop(pid: int, *, politely: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask the leader, wait, then end whatever is left of its group. It must lead a session of its own."""
    with suppress(ProcessLookupError):
        os.kill(pid, politely)
        gone_within(pid, patience)
    with suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        os.killpg(pid, signal.SIGKILL)
    gone_within(pid, 5)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A second Ctrl-C while stopping must not leave half of it running; every wait in here has an end."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
