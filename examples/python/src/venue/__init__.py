"""VENUE, the embeddable booking engine, from Python.

    import venue

    with venue.open("kino.venue") as engine:
        with engine.hold("metropolis@2027-01-07T20:00", seats=["C-4", "C-5"]) as hold:
            booking = hold.confirm(payment="card:tx-17")
"""

from __future__ import annotations

import os

from ._json import instant
from ._library import NEW_TEST_CLOCK, library
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
    "create",
    "insist",
    "library_version",
    "open",
]


def create(path: File, *, test_clock: bool = False, now: Instant | None = None) -> None:
    """Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is.

    A file with a test clock never reads the wall clock: it stands at ``now``, for tests.
    """
    flags = NEW_TEST_CLOCK if test_clock else 0
    library().create(os.fsencode(path), flags, instant(now).encode())


def open(
    path: File, *, organizer: str | None = None, caller: Caller | None = None
) -> Engine:
    """Opens a file that exists."""
    return Engine(path, organizer=organizer, caller=caller)


def library_version() -> str:
    """The version of the library that was found."""
    return library().version
