"""What a person at the terminal reads. At once, also through a pipe."""

import sys
from typing import TextIO


def say(text: str) -> None:
    _write(text, sys.stdout)


def complain(text: str) -> None:
    _write(text, sys.stderr)


def _write(text: str, stream: TextIO) -> None:
    stream.write(f"{text}\n")
    stream.flush()
