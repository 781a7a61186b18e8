"""What the simulator remembers: bills, payments and the callbacks it still owes, in one SQLite file."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS bills (
    bill_id TEXT PRIMARY KEY, sp_code TEXT NOT NULL, control_number TEXT NOT NULL UNIQUE,
    amount TEXT NOT NULL, paid TEXT NOT NULL, currency TEXT NOT NULL, payment_option TEXT NOT NULL,
    expires_at TEXT NOT NULL, description TEXT NOT NULL, payer_name TEXT NOT NULL, payer_phone TEXT NOT NULL,
    payer_email TEXT NOT NULL, is_cancelled INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY, bill_id TEXT NOT NULL, path TEXT NOT NULL, message BLOB NOT NULL,
    due_at REAL, attempts INTEGER NOT NULL DEFAULT 0, delivered_at REAL
);
"""
MOST_ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True)
class KnownBill:
    bill_id: str
    sp_code: str
    control_number: str
    amount: Decimal
    paid: Decimal
    currency: str
    payment_option: str
    expires_at: datetime
    description: str
    payer_name: str
    payer_phone: str
    payer_email: str
    is_cancelled: bool

    @property
    def is_settled(self) -> bool:
        return self.paid >= self.amount

    @property
    def outstanding(self) -> Decimal:
        return max(self.amount - self.paid, Decimal(0))


@dataclass(frozen=True)
class Callback:
    id: int
    bill_id: str
    path: str
    message: bytes
    attempts: int


class Store:
    """One connection behind one lock: simple, and quick enough for a practice gateway."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock, self._connection:
            yield

    def add_bill(self, bill: KnownBill) -> None:
        marks = ", ".join("?" * len(fields(KnownBill)))
        self._run(f"INSERT INTO bills VALUES ({marks})", *map(_to_sql, astuple(bill)))  # noqa: S608 - only marks

    def bill(self, bill_id: str) -> KnownBill | None:
        return self._bill("bill_id = ?", bill_id)

    def bill_with_number(self, control_number: str) -> KnownBill | None:
        return self._bill("control_number = ?", control_number)

    def unpaid_bills(self, limit: int = 50) -> list[KnownBill]:
        rows = self._run("SELECT * FROM bills WHERE NOT is_cancelled ORDER BY rowid DESC LIMIT ?", limit)
        return [bill for bill in map(_known_bill, rows) if not bill.is_settled]

    def set_paid(self, bill_id: str, paid: Decimal) -> None:
        self._run("UPDATE bills SET paid = ? WHERE bill_id = ?", str(paid), bill_id)

    def cancel_bill(self, bill_id: str) -> None:
        self._run("UPDATE bills SET is_cancelled = 1 WHERE bill_id = ?", bill_id)

    def owe_callback(self, bill_id: str, path: str, message: bytes, *, due_at: float | None) -> None:
        """A callback without a due time is held until `release_callbacks`."""
        self._run(
            "INSERT INTO callbacks (bill_id, path, message, due_at) VALUES (?, ?, ?, ?)",
            bill_id,
            path,
            message,
            due_at,
        )

    def release_callbacks(self, bill_id: str) -> None:
        self._run("UPDATE callbacks SET due_at = ? WHERE bill_id = ? AND due_at IS NULL", time.time(), bill_id)

    def due_callbacks(self) -> list[Callback]:
        rows = self._run(
            "SELECT id, bill_id, path, message, attempts FROM callbacks "
            "WHERE delivered_at IS NULL AND due_at <= ? AND attempts < ? ORDER BY due_at LIMIT 20",
            time.time(),
            MOST_ATTEMPTS,
        )
        return [Callback(*row) for row in rows]

    def mark_delivered(self, callback: Callback) -> None:
        self._run("UPDATE callbacks SET delivered_at = ? WHERE id = ?", time.time(), callback.id)

    def put_off(self, callback: Callback) -> None:
        wait = min(0.5 * 2**callback.attempts, LONGEST_WAIT_SECONDS)
        self._run(
            "UPDATE callbacks SET attempts = attempts + 1, due_at = ? WHERE id = ?",
            time.time() + wait,
            callback.id,
        )

    def _bill(self, condition: str, value: str) -> KnownBill | None:
        rows = self._run(f"SELECT * FROM bills WHERE {condition}", value)  # noqa: S608 - a literal of ours
        return _known_bill(rows[0]) if rows else None

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._connection:
            return self._connection.execute(statement, values).fetchall()


def _to_sql(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _known_bill(row: tuple[Any, ...]) -> KnownBill:
    values = dict(zip((part.name for part in fields(KnownBill)), row, strict=True))
    return KnownBill(
        **values
        | {
            "amount": Decimal(values["amount"]),
            "paid": Decimal(values["paid"]),
            "expires_at": datetime.fromisoformat(values["expires_at"]),
            "is_cancelled": bool(values["is_cancelled"]),
        }
    )
