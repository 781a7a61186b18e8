"""What the simulator reads from its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Config:
    port: int
    callback_base: str
    data_dir: Path
    keys_dir: Path
    keys_passphrase: str
    sp_code: str
    lists_unpaid_bills: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        data_dir = Path(environment.get("DATA_DIR") or PROJECT / ".data").resolve()
        return cls(
            port=int(environment.get("GEPG_SIMULATOR_PORT") or 8001),
            callback_base=(environment.get("GEPG_SIMULATOR_CALLBACK_BASE") or "http://127.0.0.1:8000").rstrip("/"),
            data_dir=data_dir / "simulator",
            keys_dir=Path(environment.get("KEYS_DIR") or data_dir / "keys"),
            keys_passphrase=environment.get("KEYS_PASSPHRASE", ""),
            sp_code=environment.get("GEPG_SP_CODE") or "SP99001",
            lists_unpaid_bills=environment.get("DEMO_MODE", "").lower() in {"1", "true", "yes", "on"},
        )
