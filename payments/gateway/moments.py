"""Moments on the wire: East Africa Time, to the second, without a zone."""

import re
from datetime import datetime, timedelta, timezone

EAT = timezone(timedelta(hours=3), "EAT")
# Live gateways have been seen to send a space for the T and a fraction after a point or a colon.
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.:]\d{1,9})?\Z", re.ASCII)


def write_moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("Only a moment with a zone can be turned into East Africa Time.")
    return moment.astimezone(EAT).strftime("%Y-%m-%dT%H:%M:%S")


def read_moment(text: str) -> datetime:
    match = _MOMENT.match(text)
    if match is None:
        raise ValueError("Not a moment of the form yyyy-MM-ddTHH:mm:ss.")
    return datetime.fromisoformat("T".join(match.groups())).replace(tzinfo=EAT)
