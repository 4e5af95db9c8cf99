"""A hold as an object that knows its token, and as a context that gives back what was not sold."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from .errors import Refused, Unknown, VenueError
from .types import Booking, Caller, HeldBooking, Money, Unit

if TYPE_CHECKING:
    from .engine import Engine


class Hold:
    """Units that are ours until ``expires_at``.

    As a context it releases them at the end, if neither ``confirm`` nor ``release`` was done. After an
    :class:`~venue.errors.Unknown` it does not: the confirm may have been done, and is to be asked again with its key.
    """

    def __init__(self, engine: Engine, booking: HeldBooking, caller: Caller | None = None) -> None:
        self._engine = engine
        self._caller: Caller = caller or {}
        self._settled = False
        self.token = booking["token"]
        """What shows that the hold is ours."""
        self.booking: Booking = booking
        """The booking as it was answered last."""

    @property
    def id(self) -> str:
        """The booking's id."""
        return self.booking["id"]

    @property
    def reference(self) -> str:
        """The booking's reference, as people say it on the phone."""
        return self.booking["reference"]

    @property
    def units(self) -> list[Unit]:
        """What is held."""
        return self.booking["units"]

    @property
    def total(self) -> Money:
        """What it costs."""
        return self.booking["total"]

    @property
    def expires_at(self) -> str | None:
        """Until when it is held."""
        return self.booking["expires_at"]

    def __repr__(self) -> str:
        return f"<Hold {self.reference} {self.booking['state']}>"

    def confirm(
        self, *, payment: str | None = None, idempotency_key: str | None = None
    ) -> Booking:
        """Makes it final: the booking that is answered has the tickets."""
        try:
            self._act("confirm", payment=payment, idempotency_key=idempotency_key)
        except Unknown:
            self._settled = True
            raise
        self._settled = True
        return self.booking

    def extend(self) -> Booking:
        """Gives it its time again, within the event's bound."""
        return self._act("extend")

    def release(self) -> Booking:
        """Gives the units back."""
        self._act("release")
        self._settled = True
        return self.booking

    def _act(self, verb: str, **members: str | None) -> Booking:
        self.booking = self._engine.call(
            verb, booking=self.id, token=self.token, caller=self._caller, **members
        )
        return self.booking

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._settled:
            return
        try:
            self.release()
        except Refused:
            pass  # It ended by itself meanwhile, or somebody else ended it.
        except VenueError as problem:
            # The units come free at expires_at in any case. What went wrong first is the news.
            if error is None:
                raise
            error.add_note(f"the hold {self.reference} could not be released: {problem}")
