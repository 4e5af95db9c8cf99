"""The C library: where it lies, its functions, and texts across the edge.

Functions are called through ``ctypes.CDLL``, which lets go of the interpreter's lock for the time of the call.
"""

from __future__ import annotations

import ctypes
import functools
import json
import os
from collections.abc import Mapping
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any

from .errors import LibraryNotFound, from_json

ABI_VERSION = 1
"""The number of the binary interface that this package is written for."""

NAMES = (f"libvenue.so.{ABI_VERSION}", "libvenue.so", "libvenue.dylib")


ROLES = {"public": 1, "customer": 2, "terminal": 3, "organizer": 4, "admin": 5}
"""``VENUE_ROLE_..``; what is none of them is left to the library to refuse."""

NEW_TEST_CLOCK = 1
"""``VENUE_NEW_TEST_CLOCK``."""


class View(ctypes.Structure):
    """``venue_view``: a text that is lent."""

    _fields_ = [("data", c_char_p), ("size", c_size_t)]


class Options(ctypes.Structure):
    """``venue_options``: who asks, and what goes along."""

    _fields_ = [
        ("size", c_uint32),
        ("role", c_int32),
        *((name, View) for name in ("organizer", "actor", "terminal", "address")),
        *((name, View) for name in ("idempotency_key", "request_id", "token", "buyer", "payment")),
        *((name, View) for name in ("event", "slot")),
        *((name, c_uint32) for name in ("deadline_ms", "ttl_ms", "limit", "reserved")),
    ]

    @classmethod
    def of(cls, said: Mapping[str, str | None]) -> Options:
        """Options with these texts; ``role`` is one of them."""
        options = cls(size=ctypes.sizeof(cls))
        for name, text in said.items():
            if text is None:
                continue
            if name == "role":
                options.role = ROLES.get(text, -1)
            elif name in cls.TEXTS:
                data = text.encode("utf-8", "surrogatepass")
                setattr(options, name, View(data, len(data)))
            else:
                problem = {"name": name, "problem": "no member is called so"}
                raise from_json(202, json.dumps({"data": {
                    "code": "argument", "message": f"{name}: no member is called so", "details": problem,
                }}).encode())
        return options

    TEXTS = frozenset({"organizer", "actor", "terminal", "address", "event", "slot"})


class Text(ctypes.Structure):
    """``venue_text``: bytes that belong to us until ``venue_text_free``."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]


def candidates() -> list[str]:
    """Where the library may be: ``VENUE_LIBRARY`` alone if it is set, else this package's folder, then the system's."""
    named = os.environ.get("VENUE_LIBRARY")
    if named:
        return [named]
    beside = [Path(__file__).parent / name for name in NAMES]
    return [str(path) for path in beside if path.exists()] + list(NAMES)


class Library:
    """The loaded library."""

    def __init__(self, path: str) -> None:
        dll = ctypes.CDLL(path)
        self.path = path
        try:
            self._declare(dll)
        except AttributeError as missing:
            raise LibraryNotFound(f"{path} is not this package's libvenue: {missing}") from None

    def _declare(self, dll: ctypes.CDLL) -> None:
        self._abi_version = dll.venue_abi_version
        self._abi_version.restype, self._abi_version.argtypes = c_uint32, []
        found = self._abi_version()
        if found != ABI_VERSION:
            raise LibraryNotFound(
                f"{self.path} has the binary interface {found}, and this package needs {ABI_VERSION}:"
                " install a libvenue and a package of the same version"
            )
        text: list[Any] = [c_char_p, c_size_t]
        out = POINTER(Text)
        self._version = dll.venue_version
        self._version.restype, self._version.argtypes = c_char_p, []
        self._free = dll.venue_text_free
        self._free.restype, self._free.argtypes = None, [out]
        self._create = dll.venue_create
        self._create.restype, self._create.argtypes = c_int32, [*text, c_uint32, *text, out]
        self._open = dll.venue_open
        self._open.restype, self._open.argtypes = c_int32, [*text, POINTER(c_uint64), out]
        self._close = dll.venue_close
        self._close.restype, self._close.argtypes = c_int32, [c_uint64, out]
        self._call = dll.venue_call
        self._call.restype, self._call.argtypes = c_int32, [c_uint64, *text, *text, out, out]
        self._feed_next = dll.venue_feed_next
        options = POINTER(Options)
        self._feed_next.restype = c_int32
        self._feed_next.argtypes = [c_uint64, *text, c_uint32, options, out, out]

    @property
    def version(self) -> str:
        """The library's version."""
        version: bytes = self._version()
        return version.decode()

    def create(self, path: bytes, flags: int, now: bytes) -> None:
        """Makes a file."""
        with _Texts(self) as (reply, error):
            status = self._create(path, len(path), flags, now, len(now), byref(error))
            _taken(status, reply, error)

    def open(self, path: bytes) -> int:
        """Opens a file and gives its handle."""
        handle = c_uint64(0)
        with _Texts(self) as (reply, error):
            status = self._open(path, len(path), byref(handle), byref(error))
            _taken(status, reply, error)
            return handle.value

    def close(self, handle: int) -> None:
        """Closes a handle; waits for the calls that use it."""
        with _Texts(self) as (reply, error):
            _taken(self._close(handle, byref(error)), reply, error)

    def call(self, handle: int, name: bytes, request: bytes) -> bytes:
        """Does what the verb of this name does."""
        with _Texts(self) as (reply, error):
            status = self._call(
                handle, name, len(name), request, len(request), byref(reply), byref(error)
            )
            return _taken(status, reply, error)

    def feed_next(
        self, handle: int, cursor: bytes, timeout_ms: int, said: Mapping[str, str | None]
    ) -> bytes:
        """The changes after a cursor; waits for them at most so long."""
        options = Options.of(said)
        with _Texts(self) as (reply, error):
            status = self._feed_next(
                handle, cursor, len(cursor), timeout_ms, byref(options), byref(reply), byref(error)
            )
            return _taken(status, reply, error)


class _Texts:
    """A reply and an error that are freed whatever happens in between."""

    def __init__(self, library: Library) -> None:
        self._free = library._free
        self._texts = (Text(), Text())

    def __enter__(self) -> tuple[Text, Text]:
        return self._texts

    def __exit__(self, *_: object) -> None:
        for text in self._texts:
            self._free(byref(text))


def _copied(text: Text) -> bytes:
    return ctypes.string_at(text.data, text.size) if text.data else b""


def _taken(status: int, reply: Text, error: Text) -> bytes:
    """The reply, or the error as an exception."""
    if status != 0:
        raise from_json(status, _copied(error))
    return _copied(reply)


@functools.cache
def library() -> Library:
    """Loads the library, once in a process."""
    tried = []
    for path in candidates():
        try:
            return Library(path)
        except OSError as problem:
            tried.append(f"{path}: {problem}")
    raise LibraryNotFound(
        "libvenue was not found: build it with `cargo build --release -p venue-ffi`, and name it in VENUE_LIBRARY,"
        " lay it into this package's folder, or install it where the system looks\n  " + "\n  ".join(tried)
    )
