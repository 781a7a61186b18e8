"""`make bench`: requests per second of the portal's pages, and their ratio to a bare Django view.

Starts gunicorn with the settings of `make run` on the engines that DATABASE_URL and REDIS_URL name, measures
in rounds, and prints the median of each figure and of each ratio. The load comes from threads of this very
process on the same machine, so absolute figures are low; the ratios are what counts.
"""

import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from tests.bench.load import Client, Figure, one_round
from tests.journeys.stories import annual_leave

HOST = "127.0.0.1"
CONNECTIONS = 4
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = float(os.environ.get("SECONDS", "2"))
LEAVE = "/services/utumishi-likizo-ya-mwaka/apply/"
SUBMISSION = "submission, per POST"
AIMS = {"catalogue": 2.0, "service page": 2.0, "dashboard": 0.5, SUBMISSION: 0.3}


def main() -> int:
    port = _free_port()
    with _server(port):
        anonymous = [Client(HOST, port) for _number in range(CONNECTIONS)]
        servants = [_signed_in(port) for _number in range(CONNECTIONS)]
        _fill_dashboard(servants[0])
        acts = {
            "bare view": (anonymous, _get("/bare/read/")),
            "catalogue": (anonymous, _get("/services/")),
            "service page": (anonymous, _get("/services/rita-cheti-cha-kuzaliwa/")),
            "dashboard": (servants, _get("/applications/")),
            "bare insert": (anonymous, _insert),
            SUBMISSION: (servants, _application),
        }
        rounds = [one_round(acts, SECONDS) for _round in range(ROUNDS)]
    _print(rounds)
    return 0


def _get(path: str) -> Callable[[Client], int]:
    def act(client: Client) -> int:
        client.send("GET", path)
        return 1

    return act


def _insert(client: Client) -> int:
    client.send("POST", "/bare/insert/", b"x=1")
    return 1


def _application(client: Client) -> int:
    """One whole application for annual leave: start, four sections, send. Counts its POSTs."""
    home = client.post(LEAVE, {})
    answers = annual_leave()
    for section, fields in answers.items():
        client.post(f"{home}{section}/", fields | {"then": "next"})
    sent = client.post(f"{home}submit/", {"declaration": "yes"})
    assert sent.endswith("/submitted/"), sent
    return len(answers) + 2


def _fill_dashboard(client: Client) -> None:
    """What a public servant may have at hand: two applications on their way, and a draft."""
    _application(client)
    _application(client)
    client.post(LEAVE, {})


def _signed_in(port: int) -> Client:
    client = Client(HOST, port)
    client.send("GET", "/account/login/")
    password = os.environ.get("DEMO_PASSWORD", "Huduma-2026!")
    client.post("/account/login/", {"login": "mtumishi@demo.example", "password": password})
    client.send("GET", "/applications/")
    return client


def _print(rounds: list[dict[str, Figure]]) -> None:
    print(f"{date.today():%Y-%m-%d}  {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{ROUNDS} rounds of {SECONDS:g} s, {CONNECTIONS} connections, gunicorn with 2 workers of threads\n")
    print(f"{'':24}{'per second':>12}{'ratio':>9}{'aim':>8}")
    for name in rounds[0]:
        base = "bare insert" if name in ("bare insert", SUBMISSION) else "bare view"
        rate = statistics.median(figures[name].rate for figures in rounds)
        ratio = statistics.median(figures[name].rate / figures[base].rate for figures in rounds)
        aim = f"{AIMS[name]:.1f}" if name in AIMS else ""
        print(f"{name:24}{rate:12.0f}{ratio:9.2f}{aim:>8}")


@contextmanager
def _server(port: int) -> Iterator[None]:
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "HTTPS": "0", "DEMO_MODE": "1", "RATE_LIMITS_OFF": "1",
        "LOG_LEVEL": "WARNING", "SITE_URL": f"http://{HOST}:{port}",
    }  # fmt: skip
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", f"{HOST}:{port}"]
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *options, "--log-level", "warning"]
    with subprocess.Popen(command, env=environ) as server:
        try:
            _wait(port)
            yield
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("gunicorn does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
