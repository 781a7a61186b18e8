"""A small load generator: a few connections kept alive, each with a script of requests, for some seconds."""

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

Request = tuple[str, str, bytes]
FORM = "application/x-www-form-urlencoded"


class Client:
    """One keep-alive connection with its cookies."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=30)
        self._host = f"{host}:{port}"
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body: bytes = b"", expect: tuple[int, ...] = (200,)) -> tuple[str, bytes]:
        """The address that a redirect leads to (else empty) and the body. AssertionError on another status."""
        headers = {"Host": self._host, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": FORM, "Referer": f"http://{self._host}{path}"}
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        assert response.status in expect, f"{method} {path} answered {response.status}: {content[:300]!r}"
        return response.headers.get("Location", ""), content

    def hang_up(self) -> None:
        """The next request opens a new connection: the server closes those that stood idle."""
        self._connection.close()

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Post a form as its page would; returns where the answer leads."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}).encode()
        location, _content = self.send("POST", path, body, expect=(302,))
        return location


@dataclass(frozen=True)
class Figure:
    """`requests` answered in `seconds` by all clients together."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def measure(clients: list[Client], act: Callable[[Client], int], seconds: float) -> Figure:
    """Let each client `act` again and again; `act` returns how many requests counted."""
    begin = time.monotonic()

    def work(client: Client) -> int:
        client.hang_up()
        count = 0
        while time.monotonic() < begin + seconds:
            count += act(client)
        return count

    with ThreadPoolExecutor(len(clients)) as pool:
        total = sum(pool.map(work, clients))
    return Figure(total, time.monotonic() - begin)


def one_round(acts: dict[str, tuple[list[Client], Callable[[Client], int]]], seconds: float) -> dict[str, Figure]:
    """Measure every act once, one after the other: a slow moment of the machine then touches neighbours alike."""
    return {name: measure(clients, act, seconds) for name, (clients, act) in acts.items()}
