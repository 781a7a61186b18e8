"""`python -m payments.simulator`: the practice gateway on 127.0.0.1, until it is interrupted."""

import logging
import signal
import sys
import threading
from socketserver import ThreadingMixIn
from types import FrameType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from payments.gateway.signature import Signer, Verifier
from payments.simulator.config import Config
from payments.simulator.courier import Courier
from payments.simulator.faults import Faults
from payments.simulator.gateway import Gateway
from payments.simulator.store import Store
from payments.simulator.web import Application


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """One line for each request is noise beside the portal's own."""

    def address_string(self) -> str:
        return str(self.client_address[0])


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    config = Config.from_environment()
    keys = config.keys_dir
    try:
        signer = Signer.from_pkcs12(keys / "gepg-gateway.p12", config.keys_passphrase)
        verifier = Verifier.from_files([keys / "gepg-sp.crt.pem"], config.keys_passphrase)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing: run `python manage.py make_keys --simulator` first.")
    store, faults = Store(config.data_dir / "gateway.sqlite3"), Faults()
    courier = Courier(store, signer, verifier, config.callback_base, faults)
    application = Application(Gateway(store, signer, verifier, config.sp_code, faults), config.lists_unpaid_bills)
    signal.signal(signal.SIGTERM, _interrupt)
    with make_server("127.0.0.1", config.port, application, ThreadingServer, QuietHandler) as server:
        threading.Thread(target=courier.run, daemon=True).start()
        sys.stdout.write(f"Practice gateway: http://127.0.0.1:{server.server_port}/\n")
        sys.stdout.flush()
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            courier.stop.set()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
