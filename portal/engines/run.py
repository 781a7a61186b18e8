"""`make run`: a whole demonstration portal from nothing, and everything stopped again afterwards."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.engines.console import say
from portal.engines.data_dir import prepare, sole_use
from portal.engines.embedded import Engine, running, wanted
from portal.engines.errors import EngineError
from portal.engines.processes import uninterrupted
from portal.engines.supervisor import Child, Supervisor

HOST = "127.0.0.1"
READY_WITHIN = 90
WORKER_QUEUES = ("default", "gateway", "notifications")
SIGN_INS = {
    "mwananchi@demo.example": "citizen Asha",
    "jirani@demo.example": "another citizen",
    "biashara@demo.example": "owner of a company",
    "karani@demo.example": "her clerk",
    "mtumishi@demo.example": "public servant",
    "mapokezi@demo.example": "intake officer",
    "mtaalamu@demo.example": "technical officer",
    "muidhinishaji@demo.example": "approver",
    "mhasibu@demo.example": "revenue officer",
    "mbunifu@demo.example": "catalogue designer",
    "mkaguzi@demo.example": "auditor",
    "msimamizi@demo.example": "administrator",
}


def demo_environ(data_dir: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What makes a portal a demonstration on this machine. Whatever is set already stays."""
    port = _port(environ, "PORT", 8000)
    simulator = _port(environ, "GEPG_SIMULATOR_PORT", port + 1)
    defaults = {
        "DEMO_MODE": "true",
        "DEMO_PASSWORD": "Huduma-2026!",
        "HTTPS": "false",
        "SITE_URL": f"http://{HOST}:{port}",
        "GEPG_BASE_URL": f"http://{HOST}:{simulator}",
    }
    fixed = {
        "DATA_DIR": str(data_dir.resolve()),
        "PORT": str(port),
        "GEPG_SIMULATOR_PORT": str(simulator),
        "GEPG_SIMULATOR_CALLBACK_BASE": f"http://{HOST}:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **environ, **fixed}


def run(data_dir: Path) -> int:
    """The exit code: 0 after Ctrl-C, 1 when a part ended by itself."""
    begun = time.monotonic()
    environ = demo_environ(data_dir)
    with sole_use(data_dir, f"make run at {environ['SITE_URL']}"):
        places = prepare(data_dir)
        supervisor = Supervisor(places.running, places.logs)
        _stop_left_overs(supervisor)
        for name in ("PORT", "GEPG_SIMULATOR_PORT"):
            check_free(name, int(environ[name]))
        if places.user and places.moved:
            say(f"The user {places.user.pw_name} may not enter {places.data_dir};")
            say(f"the database is kept in {places.home}")
        try:
            with running(data_dir, environ):
                _set_up(environ)
                return _serve(supervisor, environ, wanted(places, environ), begun)
        finally:
            say("Everything is stopped.")


def set_up(data_dir: Path) -> None:
    environ = demo_environ(data_dir)
    with sole_use(data_dir, "make setup"), running(data_dir, environ):
        _set_up(environ)


def _serve(supervisor: Supervisor, environ: Mapping[str, str], engines: Sequence[Engine], begun: float) -> int:
    try:
        for child in portal_children(int(environ["PORT"])):
            supervisor.start(child, environ)
        _wait_until_ready(supervisor, environ)
        _announce(environ, supervisor.logs, time.monotonic() - begun)
        supervisor.watch(lambda: _engine_ended(engines), every=0.5)
    except EngineError as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        with uninterrupted():
            say("Stopping…")
            supervisor.stop()
    return 1


def _wait_until_ready(supervisor: Supervisor, environ: Mapping[str, str]) -> None:
    url, simulator = f"http://{HOST}:{environ['PORT']}/readyz", int(environ["GEPG_SIMULATOR_PORT"])
    if not supervisor.watch(lambda: _answers(url) and _listens(simulator), seconds=READY_WITHIN):
        raise EngineError(f"{url} does not answer; the logs are in {supervisor.logs}")


def _engine_ended(engines: Sequence[Engine]) -> bool:
    for engine in engines:
        if not engine.alive:
            say(f"{engine.log.stem} has ended by itself; its log is {engine.log}")
            return True
    return False


def portal_children(port: int) -> list[Child]:
    python = (sys.executable, "-m")
    celery = (*python, "celery", "-A", "portal")
    web = "--worker-class gthread --workers 2 --threads 4 --preload --graceful-timeout 5 --no-control-socket"
    return [
        Child("simulator", (*python, "payments.simulator")),
        Child(
            "worker",
            (*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "-Q", ",".join(WORKER_QUEUES)),
        ),
        Child("beat", (*celery, "beat", "--loglevel", "INFO", "--pidfile", "")),
        Child("web", (*python, "gunicorn", "portal.wsgi:application", *web.split(), "--bind", f"{HOST}:{port}")),
    ]


def _set_up(environ: Mapping[str, str]) -> None:
    if "SECRET_KEY" not in environ and not (Path(environ["DATA_DIR"]) / "keys/secret-key").exists():
        # The settings ask for the key that this very command makes.
        _manage("make_keys", dict(environ) | {"SECRET_KEY": secrets.token_hex()})
    _manage("setup", environ)


def _manage(command: str, environ: Mapping[str, str]) -> None:
    done = subprocess.run([sys.executable, "manage.py", command], env=dict(environ), check=False)
    if done.returncode:
        raise EngineError(f"`manage.py {command}` failed; what it says is above.")


def _stop_left_overs(supervisor: Supervisor) -> None:
    stopped = supervisor.stop_orphans()
    if stopped:
        say(f"Stopped what an earlier run left behind: {', '.join(stopped)}")


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise EngineError(f"{name}={text} is not a port; it is a number from 1 to 65535.")
    return int(text)


def check_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EngineError(
                f"Port {port} cannot be used ({error.strerror}). Name another: make run {name}={port + 10}"
            ) from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - always our own http address
            return bool(response.status == 200)
    except OSError:
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _announce(environ: Mapping[str, str], logs: Path, seconds: float) -> None:
    site, password = environ["SITE_URL"], environ["DEMO_PASSWORD"]
    addresses = {
        "Kiswahili": f"{site}/",
        "English": f"{site}/en/",
        "Officers": f"{site}/desk/",
        "Administration": f"{site}/admin/",
        "API": f"{site}/api/docs/",
        "Pay a bill (GePG simulator)": f"{environ['GEPG_BASE_URL']}/",
        "Logs": str(logs),
    }
    width = max(map(len, (*addresses, *SIGN_INS)))
    say("")
    say(f"The portal is ready after {seconds:.1f} s.")
    say("")
    for what, address in addresses.items():
        say(f"  {what:<{width}}  {address}")
    say("")
    say(f"Sign in with the password {password} as")
    for email, role in SIGN_INS.items():
        say(f"  {email:<{width}}  {role}")
    say("")
    say("Ctrl-C stops everything.")
