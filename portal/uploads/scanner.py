"""The virus scanner, when the institution runs one: a ClamAV daemon spoken to by its INSTREAM command."""

import socket
import struct

from django.conf import settings

TIMEOUT_SECONDS = 30
CHUNK = 64 * 1024


class ScannerUnavailable(Exception):
    """No verdict: the file stays pending and the sweep tries again."""


def is_configured() -> bool:
    return bool(settings.CLAMAV_ADDRESS)


def is_clean(content: bytes) -> bool:
    """One file, one verdict. Anything but a clear `OK` or `FOUND` is no verdict."""
    try:
        answer = _ask(content)
    except OSError as error:
        raise ScannerUnavailable(str(error)) from error
    if answer.endswith("OK"):
        return True
    if answer.endswith("FOUND"):
        return False
    raise ScannerUnavailable(answer[:200])


def _ask(content: bytes) -> str:
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
        return connection.makefile("rb").read(4096).rstrip(b"\0\n").decode(errors="replace")


def _connect() -> socket.socket:
    """`CLAMAV_ADDRESS` is `host:port`, or the path of a UNIX socket."""
    address: str = settings.CLAMAV_ADDRESS
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
