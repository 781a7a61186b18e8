"""Misbehaviour on demand, so that tests can meet over real HTTP what a live gateway does on a bad day."""

import threading
from typing import Any

KNOWN = {"duplicate_callback", "delay_seconds", "payment_before_control_number", "bad_signature", "drop_ack"}


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, tuple[Any, int]] = {}

    def arm(self, wanted: dict[str, Any], times: int) -> None:
        if unknown := set(wanted) - KNOWN:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        with self._lock:
            for name, value in wanted.items():
                self._armed[name] = (value, times)

    def take(self, name: str) -> Any:
        """The value of an armed fault, used up once; None when it is not armed."""
        with self._lock:
            value, times = self._armed.get(name, (None, 0))
            if times <= 0 or not value:
                return None
            self._armed[name] = (value, times - 1)
            return value
