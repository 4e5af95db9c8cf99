"""What can go wrong, by class. ``code`` is stable and says exactly what; the class says what to do about it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


class LibraryNotFound(ImportError):
    """libvenue is not there, or has another binary interface."""


class VenueError(Exception):
    """An answer that is not "done"."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("message", f"status {status}"))
        self.status = status
        """The number in ``venue.h``; its hundreds are the class."""
        self.code: str = body.get("code", "")
        """The stable name: ``seats_taken``, ``hold_expired`` .."""
        self.details: dict[str, Any] = body.get("details") or {}
        """The facts by name, such as ``seats`` of ``seats_taken``."""
        self.key: str | None = body.get("key")
        """The idempotency key that the request had."""
        self._body = body

    @property
    def message(self) -> str:
        """The fact, as a sentence for people."""
        return str(self.args[0])

    @property
    def retry_at(self) -> datetime | None:
        """When asking again makes sense."""
        at = self._body.get("retry_at")
        return datetime.fromisoformat(at) if at else None

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def __reduce__(self) -> tuple[Any, ...]:
        # So that it comes through a pool of processes whole.
        return type(self), (self.status, self._body)


class Refused(VenueError):
    """A rule said no: ``seats_taken``, ``sold_out``, ``hold_expired``, ``forbidden``, ``not_found`` .. Nothing changed."""


class Invalid(VenueError):
    """The request is wrong: ``argument``, ``bad_path``, ``bad_handle``, ``forked`` .. Nothing changed."""


class Storage(VenueError):
    """The file or the machine: ``no_file``, ``disk_full``, ``damaged``, ``clock_behind`` .. Nothing changed."""


class Retry(VenueError):
    """Not now: ask again at ``retry_at``. Nothing changed."""


class Busy(Retry):
    """Too many wait, or another process had the file for too long."""


class Limited(Retry):
    """This caller asked too often."""


class Unknown(VenueError):
    """Nobody knows whether it was done. Ask again with the same key: ``key`` has it."""


class Bug(VenueError):
    """Our mistake. Nothing is lost."""


_BY_CODE: dict[str, type[VenueError]] = {"busy": Busy, "limited": Limited}
_BY_CLASS: dict[int, type[VenueError]] = {
    1: Refused,
    2: Invalid,
    3: Storage,
    4: Retry,
    5: Unknown,
    7: Bug,
}


def from_json(status: int, text: bytes) -> VenueError:
    """The exception for a status and the error's JSON."""
    try:
        body = json.loads(text)["data"]
    except (ValueError, KeyError, TypeError):
        body = {"code": "bug", "message": f"status {status} without an error text"}
    kind = _BY_CODE.get(body.get("code", "")) or _BY_CLASS.get(status // 100, Bug)
    return kind(status, body)
