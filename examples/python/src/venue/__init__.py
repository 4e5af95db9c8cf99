"""VENUE, the embeddable booking engine, from Python.

    import venue

    with venue.open("kino.venue") as engine:
        with engine.hold("metropolis@2027-01-07T20:00", seats=["C-4", "C-5"]) as hold:
            booking = hold.confirm(payment="card:tx-17")
"""

from __future__ import annotations

import os
from typing import cast

from ._json import answered, request
from ._library import library
from .engine import Beside, Duration, Engine, File, Instant
from .errors import (
    Bug,
    Busy,
    Invalid,
    LibraryNotFound,
    Limited,
    Refused,
    Retry,
    Storage,
    Unknown,
    VenueError,
)
from .feed import Feed
from .hold import Hold
from .patience import insist
from .types import (
    BackedUp,
    Booking,
    Caller,
    Change,
    Diagnosis,
    Imported,
    IssuedTicket,
    Made,
    Money,
    Slot,
    SlotMap,
    Ticket,
    Unit,
)

__all__ = [
    "BackedUp",
    "Beside",
    "Booking",
    "Bug",
    "Busy",
    "Caller",
    "Change",
    "Diagnosis",
    "Duration",
    "Engine",
    "Feed",
    "File",
    "Hold",
    "Imported",
    "Instant",
    "Invalid",
    "IssuedTicket",
    "LibraryNotFound",
    "Limited",
    "Made",
    "Money",
    "Refused",
    "Retry",
    "Slot",
    "SlotMap",
    "Storage",
    "Ticket",
    "Unit",
    "Unknown",
    "VenueError",
    "init",
    "insist",
    "library_version",
    "open",
]


def init(
    path: File,
    *,
    test_clock: bool = False,
    now: Instant | None = None,
    group: int | None = None,
) -> Made:
    """Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is.

    A file with a test clock never reads the wall clock: it stands at ``now``, for tests.
    """
    members = {"test_clock": test_clock, "now": now, "group": group}
    return cast(Made, answered(library().init(os.fsencode(path), request(members))))


def open(
    path: File, *, organizer: str | None = None, caller: Caller | None = None
) -> Engine:
    """Opens a file that exists."""
    return Engine(path, organizer=organizer, caller=caller)


def library_version() -> str:
    """The version of the library that was found."""
    return library().version
