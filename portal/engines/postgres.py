"""A private PostgreSQL: made once, reached over one socket, by us and nobody else."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psycopg2  # type: ignore[import-untyped]

from portal.engines.addresses import DATABASE
from portal.engines.data_dir import Places, own_folder
from portal.engines.errors import EngineError
from portal.engines.processes import PAUSE, birth, command_line, stop
from portal.engines.programs import Programs

PATIENCE = 60
ENVIRON = {"PATH": os.defpath, "LC_ALL": "C"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
MAKE_DATABASE = f"""\
CREATE ROLE {DATABASE} LOGIN CREATEDB;
CREATE DATABASE {DATABASE} OWNER {DATABASE};
"""


@dataclass
class Postgres:
    places: Places
    programs: Programs
    keep: bool = True
    """False for a database that is thrown away: it need not survive the loss of power."""

    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.places.home / "postgres"

    @property
    def log(self) -> Path:
        return self.places.logs / "postgres.log"

    def start(self) -> None:
        self.stop()  # what a killed run left behind
        self._write_settings()
        if not self.data.exists():
            self._make()
        self._check_version()
        deadline = time.monotonic() + PATIENCE
        while not self._up(deadline):
            # After SIGKILL the old backends take a moment to notice, and hold the shared memory until then.
            if time.monotonic() > deadline or "shared memory" not in self._last_words():
                raise EngineError(f"PostgreSQL did not start. The end of {self.log}:\n{self._last_words()}")
            time.sleep(1)

    def stop(self) -> None:
        pid = self._pid()
        if pid is not None:
            stop(pid, politely=signal.SIGINT, patience=30)
        if self._server and self._server.poll() is None:  # interrupted before it had noted its number
            stop(self._server.pid, politely=signal.SIGINT, patience=30)
            self._server.wait()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    @property
    def alive(self) -> bool:
        return self._pid() is not None

    def _pid(self) -> int | None:
        """The server of this very folder: a left-over number may meanwhile belong to another process."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if birth(pid) is not None and str(self.data) in command_line(pid) else None

    def _up(self, deadline: float) -> bool:
        with self.log.open("wb") as log:
            self._server = server = self._spawn(log)
        while server.poll() is None and time.monotonic() < deadline:
            try:
                psycopg2.connect(host=str(self.places.sockets), user=DATABASE, dbname=DATABASE).close()
            except psycopg2.OperationalError:
                time.sleep(PAUSE)
            else:
                return True
        return False

    def _spawn(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal must reach us, who then stop it in order.
        return subprocess.Popen(
            [self.programs.postgres_bin / "postgres", "-D", self.data, f"--config-file={self._settings}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            cwd=self.places.home, env=ENVIRON, **self.places.identity(),
        )  # fmt: skip

    @property
    def _settings(self) -> Path:
        return self.places.home / "postgresql.conf"

    def _write_settings(self) -> None:
        hba, ident = self.places.home / "pg_hba.conf", self.places.home / "pg_ident.conf"
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "unix_socket_permissions": "0700",
            "hba_file": str(hba),
            "ident_file": str(ident),
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.keep else THROW_AWAY),
        }
        lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
        self._write(self._settings, "# Written anew at every start.\n" + "".join(lines))
        self._write(hba, "local all all peer map=portal\n")
        self._write(
            ident,
            "".join(f'portal "{name}" {role}\n' for name in self._names() for role in (DATABASE, "postgres")),
        )

    def _names(self) -> list[str]:
        """Those whom the kernel names as the other end of the socket: we, and the user of the engines."""
        names = {pwd.getpwuid(os.geteuid()).pw_name}
        return sorted(names | ({self.places.user.pw_name} if self.places.user else set()))

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if self.places.user:
            os.chown(path, -1, self.places.user.pw_gid)
        path.chmod(0o640)

    def _make(self) -> None:
        """Made aside and renamed when complete, so that a killed first run leaves nothing half-made."""
        unfinished = self.places.home / "postgres-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        own_folder(self.places, unfinished)
        self._run(
            "initdb", f"--pgdata={unfinished}", "--username=postgres", "--auth=peer", "--no-instructions",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *([] if self.keep else ["--no-sync"]),
        )  # fmt: skip
        self._run(
            "postgres", "--single", "-D", str(unfinished), f"--config-file={self._settings}", "postgres",
            words=MAKE_DATABASE,
        )  # fmt: skip
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [self.programs.postgres_bin / program, *arguments],
            input=words, capture_output=True, text=True, check=False,
            cwd=self.places.home, env=ENVIRON, **self.places.identity(),
        )  # fmt: skip
        if done.returncode or "ERROR:" in done.stderr:
            raise EngineError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _check_version(self) -> None:
        ours = (self.data / "PG_VERSION").read_text().strip()
        done = subprocess.run(
            [self.programs.postgres_bin / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        installed = done.stdout.split()[-1].partition(".")[0]
        if ours != installed:
            raise EngineError(
                f"The data in {self.data} are of PostgreSQL {ours}, and PostgreSQL {installed} is installed."
                " docs/operations/engines.md says how to carry them over."
            )

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
