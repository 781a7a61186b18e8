"""One POST to the gateway. The answer is bytes: verifying and reading them is the caller's work."""

from dataclasses import dataclass

import httpx

from payments.gateway.envelope import MAXIMUM_BYTES

ALGORITHM = "00S2"  # SHA256withRSA, as agreed at integration


class GatewayUnreachable(Exception):
    """No usable answer: it may or may not have been received, so the same bill is sent again."""


@dataclass(frozen=True)
class Answer:
    http_status: int
    body: bytes


@dataclass(frozen=True)
class GatewayClient:
    base_url: str
    sp_group_code: str
    timeout_seconds: float

    def post(self, path: str, body: bytes, *, communication: str) -> Answer:
        headers = {
            "Content-Type": "application/xml",
            "Gepg-Com": communication,
            "Gepg-Code": self.sp_group_code,
            "Gepg-Alg": ALGORITHM,
        }
        try:
            with (
                httpx.Client(timeout=self.timeout_seconds, trust_env=False) as client,
                client.stream("POST", self.base_url + path, content=body, headers=headers) as response,
            ):
                return Answer(response.status_code, _bounded(response))
        except httpx.HTTPError as error:
            raise GatewayUnreachable(type(error).__name__) from error


def _bounded(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAXIMUM_BYTES:
            raise GatewayUnreachable("The answer is too large.")
    return body
