"""The feed: every change in its order, from a cursor on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .types import Caller, Change

if TYPE_CHECKING:
    from .engine import Engine


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
        began = time.monotonic()
        while True:
            page = self._engine.call("feed", after=self._next, **self._filters)
            self._next = page["next"]
            if page["items"] or not self._follow:
                return list(page["items"])
            if self._timeout is not None and time.monotonic() - began >= self._timeout:
                return []
            time.sleep(0.05)
