"""The HTTP face: the gateway's endpoints, a page where a payer pays, and controls for tests and the demo."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from payments.gateway import statuses
from payments.gateway.amounts import read_amount
from payments.gateway.control_numbers import normalise_control_number
from payments.gateway.envelope import MAXIMUM_BYTES
from payments.simulator import html
from payments.simulator.channels import CHANNELS
from payments.simulator.gateway import Gateway, Paid, RequestRefused
from payments.simulator.store import KnownBill

XML, HTML, JSON, CSS = (
    "application/xml",
    "text/html; charset=utf-8",
    "application/json",
    "text/css; charset=utf-8",
)
SECURITY_HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
]
STYLESHEET = Path(__file__).parent / "pages" / "practice.css"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    body: bytes
    content_type: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    headers: list[tuple[str, str]] = field(default_factory=list)


class TooLarge(Exception):
    pass


@dataclass(frozen=True)
class Application:
    gateway: Gateway
    lists_unpaid_bills: bool

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = self.respond(_request(environ))
        except TooLarge:
            response = Response(b"", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except ValueError as error:
            response = _json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        start_response(
            f"{response.status.value} {response.status.phrase}",
            [("Content-Type", response.content_type), *SECURITY_HEADERS, *response.headers],
        )
        return [response.body]

    def respond(self, request: Request) -> Response:
        for method, pattern, handler in self._routes():
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                return handler(request, *match.groups())
        return Response(html.missing_page(), status=HTTPStatus.NOT_FOUND)

    def _routes(self) -> list[tuple[str, str, Callable[..., Response]]]:
        return [
            ("POST", "/api/bill/20/submission", self.submission),
            ("POST", "/api/bill/20/cancellation", self.cancellation),
            ("GET", "/", self.home),
            ("GET", r"/pay/(\d+)", self.bill),
            ("POST", r"/pay/(\d+)", self.pay),
            ("POST", "/control/pay", self.control_pay),
            ("POST", "/control/faults", self.control_faults),
            ("GET", "/healthz", lambda request: _json({"status": "ok"})),
            ("GET", "/practice.css", lambda request: Response(STYLESHEET.read_bytes(), CSS)),
        ]

    def submission(self, request: Request) -> Response:
        ack = self.gateway.take_submission(request.headers, request.body)
        if self.gateway.faults.take("drop_ack"):
            return Response(b"", XML, HTTPStatus.GATEWAY_TIMEOUT)
        return Response(ack, XML)

    def cancellation(self, request: Request) -> Response:
        return Response(self.gateway.take_cancellation(request.headers, request.body), XML)

    def home(self, request: Request) -> Response:
        number = normalise_control_number(request.query.get("number", ""))
        if number and self.gateway.store.bill_with_number(number):
            return Response(b"", status=HTTPStatus.SEE_OTHER, headers=[("Location", f"/pay/{number}")])
        bills = self.gateway.store.unpaid_bills() if self.lists_unpaid_bills else []
        page = html.home_page(bills, number=number)
        return Response(page, status=HTTPStatus.NOT_FOUND if number else HTTPStatus.OK)

    def bill(self, request: Request, number: str) -> Response:
        bill = self.gateway.store.bill_with_number(number)
        if bill is None:
            return Response(html.home_page([], number=number), status=HTTPStatus.NOT_FOUND)
        return Response(html.bill_page(bill))

    def pay(self, request: Request, number: str) -> Response:
        bill = self.gateway.store.bill_with_number(number)
        if bill is None:
            return Response(html.home_page([], number=number), status=HTTPStatus.NOT_FOUND)
        form = _pairs(request.body.decode("utf-8", "replace"))
        try:
            paid = self._take_money(bill, form.get("amount", "").replace(",", ""), form.get("channel", ""))
        except RequestRefused as refusal:
            return Response(html.bill_page(bill, refused=refusal.code), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return Response(html.paid_page(paid))

    def control_pay(self, request: Request) -> Response:
        """{control_number or bill_id, amount?, channel?}: pays as the page does, for tests and the demo."""
        order = _object(request.body)
        store = self.gateway.store
        bill = store.bill_with_number(str(order.get("control_number", ""))) or store.bill(str(order.get("bill_id", "")))
        if bill is None:
            return _json({"code": statuses.BILL_UNKNOWN}, HTTPStatus.NOT_FOUND)
        try:
            amount = str(order.get("amount", bill.outstanding))
            paid = self._take_money(bill, amount, str(order.get("channel", "mpesa")))
        except RequestRefused as refusal:
            return _json({"code": refusal.code}, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _json({"receipt": paid.receipt_id, "control_number": paid.control_number, "amount": str(paid.amount)})

    def control_faults(self, request: Request) -> Response:
        order = _object(request.body)
        self.gateway.faults.arm(order, int(order.pop("times", 1)))
        return _json({"armed": sorted(order)})

    def _take_money(self, bill: KnownBill, amount: str, channel: str) -> Paid:
        if channel not in CHANNELS:
            raise RequestRefused(statuses.REQUEST_INVALID)
        try:
            exact = read_amount(amount.strip())
        except ValueError:
            raise RequestRefused(statuses.REQUEST_INVALID) from None
        return self.gateway.pay(bill, exact, channel)


def _request(environ: WSGIEnvironment) -> Request:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAXIMUM_BYTES:
        raise TooLarge
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    query = _pairs(environ.get("QUERY_STRING", ""))
    body = environ["wsgi.input"].read(length) if length > 0 else b""
    return Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], query, headers, body)


def _pairs(encoded: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(encoded).items()}


def _object(body: bytes) -> dict[str, Any]:
    order = json.loads(body or b"{}", parse_float=Decimal)
    if not isinstance(order, dict):
        raise ValueError("a JSON object is expected")
    return order


def _json(content: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(json.dumps(content).encode(), JSON, status)
