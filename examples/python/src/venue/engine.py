"""The engine: the open handle, any verb by its name, and typed methods for the usual ones."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, TypedDict, Unpack, cast

from ._json import answered, request
from ._library import library
from .errors import Invalid, VenueError
from .feed import Feed
from .hold import Hold
from .types import (
    BackedUp,
    Booking,
    BookingState,
    Caller,
    Diagnosis,
    HeldBooking,
    Imported,
    IssuedTicket,
    Slot,
    SlotMap,
)

Duration = str | timedelta
"""``"5m"``, ``"90s"``, ``"2h33m"``, or a timedelta."""
Instant = str | datetime
"""RFC 3339 with an offset, or an aware datetime."""
File = str | os.PathLike[str]


class Beside(TypedDict, total=False):
    """What may stand beside the members of every request."""

    caller: Caller
    idempotency_key: str
    request_id: str
    deadline: Duration
    now: Instant
    token: str


class Wanted(TypedDict, total=False):
    """Which units: ``seats``, or ``best`` with its filters, or ``area`` with ``quantity``."""

    seats: Iterable[str]
    best: int
    category: str
    section: str
    accessible: int
    area: str
    quantity: int


class Ask(Wanted, Beside, total=False):
    """What sell takes beside the slot."""

    payment: str
    buyer: str


class HoldAsk(Wanted, Beside, total=False):
    """What hold takes beside the slot."""

    ttl: Duration
    buyer: str


class Engine:
    """An open file. Any number of threads may use it at once; a child process opens one of its own.

    ``caller`` says who asks where a call does not say it itself; ``organizer`` is short for a caller of this organizer.
    """

    def __init__(
        self, path: File, *, organizer: str | None = None, caller: Caller | None = None
    ) -> None:
        self._handle = 0
        self._library = library()
        self.path = os.fspath(path)
        self.caller: Caller = {**caller} if caller else {}
        if organizer is not None:
            self.caller["organizer"] = organizer
        self._handle = self._library.open(os.fsencode(path))

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # A parent's handle in a forked child is not this one's to close, and the engine says so.
        if self._handle:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self)
            try:
                self.close()
            except VenueError:
                pass

    def __repr__(self) -> str:
        return f"venue.open({self.path!r})"

    def close(self) -> None:
        """Closes the file. Calls in flight end first; closing twice does nothing."""
        handle, self._handle = self._handle, 0
        if handle:
            self._library.close(handle)

    def call(self, name: str, /, **members: Any) -> Any:
        """Does what the verb of this name does, and gives the ``data`` of its reply.

        Members are the options of the command line in snake_case, and beside them ``caller``, ``idempotency_key``,
        ``request_id``, ``deadline``, ``now`` and ``token``. Members that are None are left out; ``from_`` is ``from``.
        ``docs/schema.json`` has all verbs and their members.
        """
        if self.caller:
            members["caller"] = {**self.caller, **(members.get("caller") or {})}
        return answered(self._library.call(self._handle, name.encode(), request(members)))

    def _next_changes(self, after: str | None, wait: float, filters: dict[str, Any]) -> Any:
        """A page of the feed; waits for it in the library, so many seconds at most."""
        said = {**self.caller, **(filters.get("caller") or {})}
        said |= {name: filters.get(name) for name in ("event", "slot")}
        timeout_ms = math.ceil(wait * 1000)
        cursor = (after or "").encode()
        return answered(self._library.feed_next(self._handle, cursor, timeout_ms, said))

    def pages(self, name: str, /, **members: Any) -> Iterator[Any]:
        """Every item of a list, page after page. ``limit`` is the size of a page."""
        while True:
            page = self.call(name, **members)
            yield from page["items"]
            members["after"] = page["next"]
            if members["after"] is None:
                return

    # Selling.

    def hold(self, slot: str, **ask: Unpack[HoldAsk]) -> Hold:
        """Takes units for a while. As a context, gives them back at its end unless they were confirmed."""
        booking = cast(HeldBooking, self.call("hold", slot=slot, **_listed(ask)))
        return Hold(self, booking, ask.get("caller"))

    def sell(self, slot: str, **ask: Unpack[Ask]) -> Booking:
        """Holds and confirms in one step: what a box office does."""
        return cast(Booking, self.call("sell", slot=slot, **_listed(ask)))

    def confirm(
        self, booking: str, *, payment: str | None = None, **beside: Unpack[Beside]
    ) -> Booking:
        """Makes a hold final. ``payment`` is ``METHOD[:REFERENCE[:AMOUNT]]``, as in ``card:tx-17:64.00``."""
        return cast(Booking, self.call("confirm", booking=booking, payment=payment, **beside))

    def extend(self, booking: str, **beside: Unpack[Beside]) -> Booking:
        """Gives a hold its time again, within the event's bound."""
        return cast(Booking, self.call("extend", booking=booking, **beside))

    def release(self, booking: str, **beside: Unpack[Beside]) -> Booking:
        """Gives a hold's units back."""
        return cast(Booking, self.call("release", booking=booking, **beside))

    def cancel(
        self,
        booking: str,
        *,
        lines: Iterable[int] = (),
        reason: str | None = None,
        **beside: Unpack[Beside],
    ) -> Booking:
        """Undoes a confirmed booking, or only some of its lines."""
        line = list(lines) or None
        return cast(
            Booking, self.call("cancel", booking=booking, line=line, reason=reason, **beside)
        )

    # Looking.

    def availability(self, slot: str, **beside: Unpack[Beside]) -> Slot:
        """A slot's figures, as of now: for the slot, each category and each area."""
        return cast(Slot, self.call("slot_show", slot=slot, **beside))

    def slot_map(self, slot: str, **beside: Unpack[Beside]) -> SlotMap:
        """A slot's figures and every seat's state."""
        return cast(SlotMap, self.call("slot_map", slot=slot, **beside))

    def slots(
        self, *, event: str | None = None, hall: str | None = None, **more: Any
    ) -> Iterator[Slot]:
        """The slots, in the order of their starts; ``from_`` and ``until`` bound them."""
        return self.pages("slot_list", event=event, hall=hall, **more)

    def booking(self, booking: str, **beside: Unpack[Beside]) -> Booking:
        """A booking by id or reference."""
        return cast(Booking, self.call("booking_show", booking=booking, **beside))

    def bookings(
        self,
        *,
        slot: str | None = None,
        buyer: str | None = None,
        state: BookingState | None = None,
        **more: Any,
    ) -> Iterator[Booking]:
        """The bookings, page by page."""
        return self.pages("booking_list", slot=slot, buyer=buyer, state=state, **more)

    def tickets(
        self, *, booking: str | None = None, slot: str | None = None, **more: Any
    ) -> Iterator[IssuedTicket]:
        """The tickets, page by page."""
        return self.pages("ticket_list", booking=booking, slot=slot, **more)

    def feed(
        self,
        after: str | None = None,
        *,
        follow: bool = False,
        timeout: float | None = None,
        event: str | None = None,
        slot: str | None = None,
        caller: Caller | None = None,
    ) -> Feed:
        """What happened after a cursor, in order. With ``follow`` it waits for more, and ends when nothing comes for
        ``timeout`` seconds; without a timeout, never."""
        return Feed(self, after, follow, timeout, event=event, slot=slot, caller=caller)

    # The file.

    def import_(
        self,
        *files: File,
        hall: str | None = None,
        dry_run: bool = False,
        **beside: Unpack[Beside],
    ) -> Imported:
        """Reads seasons (.toml) and plans (.json), whole or not at all."""
        paths = [os.fspath(file) for file in files]
        return cast(
            Imported, self.call("import", files=paths, hall=hall, dry_run=dry_run, **beside)
        )

    def backup(self, file: File) -> BackedUp:
        """Copies the file while sales go on. The target must not exist."""
        return cast(BackedUp, self.call("backup", file=file))

    def doctor(self) -> Diagnosis:
        """Recomputes everything from its rows. ``ok`` says whether all is as it should be."""
        return cast(Diagnosis, self.call("doctor"))


def _listed(ask: Any) -> dict[str, Any]:
    """Seats as a list: a text alone would be taken for its letters."""
    seats = ask.get("seats")
    if isinstance(seats, str):
        body = {"code": "argument", "message": "seats: a list is needed, not a text"}
        raise Invalid(202, {**body, "details": {"name": "seats", "problem": "a list is needed"}})
    return {**ask, "seats": list(seats)} if seats is not None else {**ask}
