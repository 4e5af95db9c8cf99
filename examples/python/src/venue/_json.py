"""Requests as JSON: Python's times and paths become the texts that the engine reads."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from typing import Any

_MILLISECOND = timedelta(milliseconds=1)


def instant(value: str | datetime | None) -> str:
    """An instant as a text; none is empty."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"an instant has an offset: {value!r}")
        return value.astimezone(timezone.utc).isoformat()
    return value or ""


def _text(value: object) -> str:
    if isinstance(value, timedelta):
        if value % _MILLISECOND:
            raise ValueError(f"a duration has whole milliseconds: {value!r}")
        return f"{value // _MILLISECOND}ms"
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    raise TypeError(f"{type(value).__name__} cannot be sent to VENUE")


def request(members: dict[str, Any]) -> bytes:
    """The request, without the members that are None. ``from_`` stands for ``from``, which is a word of Python."""
    said = {name.rstrip("_"): value for name, value in members.items() if value is not None}
    return json.dumps(said, default=_text, allow_nan=False).encode()


def answered(reply: bytes) -> Any:
    """The ``data`` of a reply."""
    return json.loads(reply)["data"]
