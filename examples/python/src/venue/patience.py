"""Asking again, safely: with the same key, when it makes sense."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TypeVar

from .errors import Retry, Unknown

T = TypeVar("T")


def insist(act: Callable[[str], T], *, key: str | None = None, attempts: int = 5, longest: float = 10) -> T:
    """Does ``act(key)`` until it is answered, at most so many times.

    After :class:`~venue.errors.Retry` it waits until ``retry_at``, if that is not more than ``longest`` seconds away; after
    :class:`~venue.errors.Unknown` it asks at once.
    The key stays the same, so nothing is done twice, whatever became of the attempt before. A key that outlives this
    process (an order's number) makes it safe across a crash too.
    """
    key = key or str(uuid.uuid4())
    while True:
        attempts -= 1
        try:
            return act(key)
        except Retry as later:
            wait = 0.0
            if later.retry_at is not None:
                wait = (later.retry_at - datetime.now(timezone.utc)).total_seconds()
            if attempts <= 0 or wait > longest:
                raise
            time.sleep(max(wait, 0))
        except Unknown:
            if attempts <= 0:
                raise
