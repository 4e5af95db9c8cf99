"""A fork server: a child gets an error on its parent's handle, not a damaged file, and opens one of its own."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection
from typing import Any

import venue

from .box_office import SLOT, BoxOffice


def child(inherited: venue.Engine, path: str, seat: str, answer: Connection) -> None:
    """What a worker of a fork server does."""
    codes = []
    for act in (lambda: inherited.call("info"), lambda: inherited.sell(SLOT, seats=[seat]), inherited.close):
        try:
            act()
            codes.append("done")
        except venue.Invalid as no:
            codes.append(no.code)
    with venue.open(path) as own:
        booking = own.sell(SLOT, seats=[seat])
    answer.send((codes, booking["state"], os.getpid()))


class Forking(BoxOffice):
    def test_children_get_forked_and_sell_through_handles_of_their_own(self) -> None:
        fork = multiprocessing.get_context("fork")
        self.engine.sell(SLOT, seats=["A-1"])
        started: list[tuple[Any, Connection]] = []
        for number in range(4):
            here, there = fork.Pipe(duplex=False)
            arguments = (self.engine, str(self.path), f"B-{number + 1}", there)
            worker = fork.Process(target=child, args=arguments)
            worker.start()
            started.append((worker, here))
        # The parent goes on meanwhile, on the handle that they inherited.
        for number in range(8):
            self.engine.sell(SLOT, seats=[f"C-{number + 1}"])
        pids = set()
        for worker, here in started:
            codes, state, pid = here.recv()
            self.assertEqual((codes, state), (["forked", "forked", "forked"], "confirmed"))
            pids.add(pid)
            worker.join()
            self.assertEqual(worker.exitcode, 0)
        self.assertEqual(len(pids | {os.getpid()}), 5)
        self.assertEqual(self.engine.availability(SLOT)["sold"], 1 + 4 + 8)

    def test_a_pool_of_forked_workers_sells_each_seat_once(self) -> None:
        fork = multiprocessing.get_context("fork")
        with fork.Pool(3, initializer=open_own, initargs=(str(self.path),)) as pool:
            answers = pool.map(sell_one, [f"A-{number % 8 + 1}" for number in range(24)])
        self.assertEqual(sorted(answers), ["confirmed"] * 8 + ["seats_taken"] * 16)


_own: venue.Engine


def open_own(path: str) -> None:
    """Every worker opens the file for itself."""
    global _own
    _own = venue.open(path)


def sell_one(seat: str) -> str:
    """The state of the booking, or why there is none."""
    try:
        return _own.sell(SLOT, seats=[seat])["state"]
    except venue.Refused as no:
        return no.code
