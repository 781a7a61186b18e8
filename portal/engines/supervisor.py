"""Keeps the processes of a portal together: all of them run, or none."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.engines.errors import EngineError
from portal.engines.processes import PidFile, stop

PATIENCE = 10
LAST_WORDS = 20


@dataclass(frozen=True)
class Child:
    name: str
    command: Sequence[str]


class ChildEnded(EngineError):
    """Nothing is restarted silently: a part that ends by itself is a fault to be seen."""


@dataclass
class Supervisor:
    """Each child leads a session of its own, so that Ctrl-C reaches only us and we stop them in order."""

    running_dir: Path
    logs: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def stop_orphans(self) -> list[str]:
        """Children of a run that was killed and could not stop them."""
        stopped = []
        for note in sorted(self.running_dir.glob("child-*.pid")):
            pid = PidFile(note).living()
            if pid is not None:
                stop(pid, patience=PATIENCE)
                stopped.append(note.stem.removeprefix("child-"))
            note.unlink()
        return stopped

    def start(self, child: Child, environ: Mapping[str, str]) -> None:
        with self._fresh_log(child.name).open("wb") as log:
            process = subprocess.Popen(
                child.command, env=dict(environ), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._note(child.name).write(process.pid)
        self.children[child.name] = process

    def check(self) -> None:
        for name, process in self.children.items():
            status = process.poll()
            if status is not None:
                raise ChildEnded(
                    f"{name} has ended by itself ({_ending(status)}). The end of its log:\n{self._tail(name)}"
                )

    def watch(self, until: Callable[[], bool], *, every: float = 0.1, seconds: float | None = None) -> bool:
        """True once the condition holds, False when the time is up; raises when a child ends."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not until():
            self.check()
            if deadline is not None and time.monotonic() > deadline:
                return False
            time.sleep(every)
        return True

    def stop(self) -> None:
        for process in self.children.values():
            process.terminate()  # all at once, then wait for each
        for name in reversed(list(self.children)):
            stop(self.children[name].pid, patience=PATIENCE)
            self.children[name].wait()
            self._note(name).clear()
        self.children.clear()

    def _note(self, name: str) -> PidFile:
        return PidFile(self.running_dir / f"child-{name}.pid")

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _fresh_log(self, name: str) -> Path:
        log = self._log(name)
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        return log

    def _tail(self, name: str) -> str:
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-LAST_WORDS:])


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit code {status}"
