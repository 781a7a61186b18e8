"""The supervisor of `make run`, with small real processes in place of the portal's."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.engines import run
from portal.engines.errors import EngineError
from portal.engines.processes import PidFile, birth, gone_within
from portal.engines.supervisor import Child, ChildEnded, Supervisor

FOREVER = Child("forever", ("sleep", "600"))
# Leads a group: its own child must not survive it, whatever it thinks of SIGTERM.
FAMILY = Child("family", ("sh", "-c", "sleep 600 & echo $!; wait"))
STUBBORN = Child("stubborn", ("sh", "-c", "trap '' TERM; echo deaf; while true; do sleep 0.1; done"))


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    (tmp_path / "run").mkdir()
    (tmp_path / "logs").mkdir()
    supervisor = Supervisor(tmp_path / "run", tmp_path / "logs")
    yield supervisor
    supervisor.stop()


def started(supervisor: Supervisor, child: Child) -> int:
    supervisor.start(child, os.environ)
    return supervisor.children[child.name].pid


def first_line(supervisor: Supervisor, name: str) -> str:
    log = supervisor.logs / f"{name}.log"
    assert supervisor.watch(lambda: "\n" in log.read_text(), seconds=30)
    return log.read_text().splitlines()[0]


def test_children_are_stopped_with_their_own_children(supervisor: Supervisor) -> None:
    pids = [started(supervisor, FOREVER), started(supervisor, FAMILY)]
    grandchild = int(first_line(supervisor, "family"))

    supervisor.check()
    supervisor.stop()

    assert [birth(pid) for pid in pids] == [None, None]
    assert gone_within(grandchild, 10)
    assert list(supervisor.running_dir.iterdir()) == []


def test_a_child_that_ends_is_named_with_its_last_words(supervisor: Supervisor) -> None:
    started(supervisor, FOREVER)
    started(supervisor, Child("web", ("sh", "-c", "echo no room; exit 3")))

    with pytest.raises(ChildEnded) as ended:
        supervisor.watch(lambda: False)

    assert str(ended.value) == "web has ended by itself (exit code 3). The end of its log:\nno room"


def test_a_killed_child_is_named_with_the_signal(supervisor: Supervisor) -> None:
    os.kill(started(supervisor, FOREVER), signal.SIGKILL)

    with pytest.raises(ChildEnded, match=r"^forever has ended by itself \(signal 9\)"):
        supervisor.watch(lambda: False)


def test_a_child_deaf_to_the_polite_signal_is_ended(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.engines.supervisor.PATIENCE", 0.2)
    pid = started(supervisor, STUBBORN)
    assert first_line(supervisor, "stubborn") == "deaf"

    supervisor.stop()

    assert birth(pid) is None


def test_the_log_of_the_run_before_is_kept(supervisor: Supervisor) -> None:
    for words in ("first", "second"):
        started(supervisor, Child("web", ("sh", "-c", f"echo {words}; sleep 600")))
        assert first_line(supervisor, "web") == words
        supervisor.stop()

    assert (supervisor.logs / "web.previous.log").read_text() == "first\n"
    assert (supervisor.logs / "web.log").read_text() == "second\n"


def test_children_of_a_killed_run_are_stopped_by_the_next(supervisor: Supervisor) -> None:
    code = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from portal.engines.supervisor import Child, Supervisor\n"
        "killed = Supervisor(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "killed.start(Child('orphan', ('sleep', '600')), os.environ)\n"
        "print(killed.children['orphan'].pid, flush=True)\ntime.sleep(600)"
    )
    command = [sys.executable, "-c", code, supervisor.running_dir, supervisor.logs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        orphan = int(killed.stdout.readline())
        killed.kill()
    assert birth(orphan) is not None

    assert supervisor.stop_orphans() == ["orphan"]

    assert birth(orphan) is None
    assert supervisor.stop_orphans() == []


def test_a_stranger_with_the_number_of_a_dead_child_is_left_alone(supervisor: Supervisor) -> None:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as stranger:
        note = PidFile(supervisor.running_dir / "child-web.pid")
        note.path.write_text(f'{{"pid": {stranger.pid}, "birth": "another time"}}')

        assert supervisor.stop_orphans() == []

        assert stranger.poll() is None
        assert not note.path.exists()
        stranger.kill()


@pytest.mark.parametrize("torn", ["", "{", '{"pid": 12'])
def test_a_torn_note_names_nobody(tmp_path: Path, torn: str) -> None:
    (tmp_path / "child-web.pid").write_text(torn)

    assert PidFile(tmp_path / "child-web.pid").living() is None


def test_waiting_ends_when_the_condition_holds_or_the_time_is_up(supervisor: Supervisor) -> None:
    pid = started(supervisor, FOREVER)

    assert supervisor.watch(lambda: True)
    assert not supervisor.watch(lambda: False, seconds=0)
    assert not gone_within(pid, 0)


def test_a_taken_port_is_said_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind((run.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EngineError) as refusal:
            run.check_free("PORT", port)

    assert str(refusal.value) == (
        f"Port {port} cannot be used (Address already in use). Name another: make run PORT={port + 10}"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8000 "])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(EngineError, match="is not a port"):
        run.demo_environ(tmp_path, {"PORT": port})


def test_the_demonstration_follows_the_port(tmp_path: Path) -> None:
    environ = run.demo_environ(tmp_path, {"PORT": "9000"})

    assert environ == {
        "DATA_DIR": str(tmp_path),
        "DEMO_MODE": "true",
        "DEMO_PASSWORD": "Huduma-2026!",
        "GEPG_BASE_URL": "http://127.0.0.1:9001",
        "GEPG_SIMULATOR_CALLBACK_BASE": "http://127.0.0.1:9000",
        "GEPG_SIMULATOR_PORT": "9001",
        "HTTPS": "false",
        "PORT": "9000",
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": "http://127.0.0.1:9000",
    }


def test_what_the_environment_says_is_kept(tmp_path: Path) -> None:
    said = {"SITE_URL": "https://huduma.example", "DEMO_MODE": "false", "GEPG_SIMULATOR_PORT": "7000"}

    environ = run.demo_environ(tmp_path, said)

    assert {name: environ[name] for name in said} == said


def test_the_portal_is_four_processes() -> None:
    assert [child.name for child in run.portal_children(8000)] == ["simulator", "worker", "beat", "web"]
