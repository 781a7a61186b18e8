"""Delivers callbacks to the portal, again and again until it acknowledges them."""

import logging
import threading
from dataclasses import dataclass, field

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateway import statuses
from payments.gateway.elements import MalformedMessage
from payments.gateway.envelope import enclose, open_envelope
from payments.gateway.signature import Signer, Verifier
from payments.simulator.faults import Faults
from payments.simulator.store import Callback, Store

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 0.1


@dataclass
class Courier:
    store: Store
    signer: Signer
    verifier: Verifier
    callback_base: str
    faults: Faults
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with httpx.Client(timeout=10, trust_env=False) as client:
            while not self.stop.wait(PAUSE_SECONDS):
                for callback in self.store.due_callbacks():
                    self.deliver(client, callback)

    def deliver(self, client: httpx.Client, callback: Callback) -> None:
        acknowledged = self._send(client, callback)
        if acknowledged and self.faults.take("duplicate_callback"):
            self._send(client, callback)
        if not acknowledged:
            self.store.put_off(callback)
            return
        self.store.mark_delivered(callback)
        self.store.release_callbacks(callback.bill_id)

    def _send(self, client: httpx.Client, callback: Callback) -> bool:
        body = enclose(callback.message, self._signer())
        try:
            response = client.post(
                self.callback_base + callback.path, content=body, headers={"Content-Type": "application/xml"}
            )
        except httpx.HTTPError as error:
            logger.info("callback_failed", extra={"bill": callback.bill_id, "reason": type(error).__name__})
            return False
        return response.status_code == httpx.codes.OK and self._is_acknowledged(response.content)

    def _signer(self) -> Signer:
        if self.faults.take("bad_signature"):
            return Signer(rsa.generate_private_key(65537, 2048))
        return self.signer

    def _is_acknowledged(self, body: bytes) -> bool:
        """Live service providers answer unsigned or with an older algorithm: a signature is only reported."""
        try:
            envelope = open_envelope(body)
            ack = envelope.read()
        except MalformedMessage:
            return False
        verdict = self.verifier.verdict(envelope.message, envelope.signature)
        code = getattr(ack, "status_code", "")
        logger.info("callback_answered", extra={"code": code, "signature": verdict.value})
        return code == statuses.SUCCESS
