"""A private Redis: one socket, an append-only file, stopped by the portal."""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis as Client
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.engines.data_dir import Places, own_folder
from portal.engines.errors import EngineError
from portal.engines.processes import PAUSE, PidFile, stop
from portal.engines.programs import Programs

PATIENCE = 30


@dataclass
class Redis:
    places: Places
    programs: Programs
    keep: bool = True

    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def socket(self) -> Path:
        return self.places.sockets / "redis.sock"

    @property
    def log(self) -> Path:
        return self.places.logs / "redis.log"

    @property
    def _note(self) -> PidFile:
        return PidFile(self.places.running / "redis.pid")

    def start(self) -> None:
        self.stop()  # what a killed run left behind
        data = self.places.home / "redis"
        if not data.exists():
            own_folder(self.places, data)
        with self.log.open("wb") as log:
            self._server = server = subprocess.Popen(
                [self.programs.redis_server, *self._settings()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                cwd=data, **self.places.identity(),
            )  # fmt: skip
        self._note.write(server.pid)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if server.poll() is not None or time.monotonic() > deadline:
                words = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise EngineError(f"Redis did not start. The end of {self.log}:\n{words}")
            time.sleep(PAUSE)

    def stop(self) -> None:
        pid = self._note.living()
        if pid is not None:
            stop(pid, patience=15)  # it saves first
        if self._server and self._server.poll() is None:  # interrupted before its number was noted
            stop(self._server.pid)
            self._server.wait()
        self.socket.unlink(missing_ok=True)
        self._note.clear()

    @property
    def alive(self) -> bool:
        return self._note.living() is not None

    def _settings(self) -> list[str]:
        return [
            "--port", "0",
            "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--appendonly", "yes" if self.keep else "no",
            "--save", "",
            "--daemonize", "no",
        ]  # fmt: skip

    def _answers(self) -> bool:
        """A server that still reads its file answers with an error of its own: not ready, but alive."""
        client = Client(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except RedisError:
            return False
            return False
        finally:
            client.close()
