"""The feed: every change in its order, from a cursor on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .types import Caller, Change

if TYPE_CHECKING:
    from .engine import Engine


PIECE = 0.25
"""Seconds that a follower waits at once."""


class Feed(Iterator[Change]):
    """An iterator over changes. ``cursor`` is where to go on after what was taken so far."""

    def __init__(
        self,
        engine: Engine,
        after: str | None,
        follow: bool,
        timeout: float | None,
        **filters: str | Caller | None,
    ) -> None:
        self._engine = engine
        self._follow = follow
        self._timeout = timeout
        self._filters: dict[str, Any] = filters
        self._page: list[Change] = []
        self._next = after
        self.cursor = after
        """The last change that was taken, or where the feed began."""

    def __next__(self) -> Change:
        if not self._page:
            self._page = self._read()
        if not self._page:
            self.cursor = self._next
            raise StopIteration
        change = self._page.pop(0)
        self.cursor = change["cursor"]
        return change

    def _read(self) -> list[Change]:
        """The changes after what was read before; waits for them if told so."""
        ends = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            # Waits in short pieces, so that Ctrl-C is heard.
            left = PIECE if ends is None else min(max(ends - time.monotonic(), 0), PIECE)
            page = self._engine._next_changes(
                self._next, left if self._follow else 0, self._filters
            )
            self._next = page["next"]
            items: list[Change] = page["items"]
            if items or not self._follow or (ends is not None and time.monotonic() >= ends):
                return items
