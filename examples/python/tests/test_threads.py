"""The interpreter's lock is let go of while a call runs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import venue

from .box_office import SLOT, BoxOffice

THREADS = 20


class Threads(BoxOffice):
    def test_twenty_threads_hold_at_once_and_a_seat_goes_to_one(self) -> None:
        together = threading.Barrier(THREADS)

        def rush(number: int) -> list[str]:
            together.wait()
            codes: list[str] = []
            for seat in [f"{row}-{n}" for row in "ABCDE" for n in range(1, 9)]:
                try:
                    hold = self.engine.hold(SLOT, seats=[seat], buyer=f"b{number}")
                    codes.append(hold.confirm()["state"])
                except venue.Refused as no:
                    codes.append(no.code)
            return codes

        with ThreadPoolExecutor(THREADS) as pool:
            codes = [code for codes in pool.map(rush, range(THREADS)) for code in codes]
        self.assertEqual(codes.count("confirmed"), 40)
        self.assertEqual(codes.count("seats_taken"), 40 * THREADS - 40)
        self.assertEqual(len(list(self.engine.tickets(slot=SLOT))), 40)

    def test_a_thread_that_waits_in_the_library_does_not_stop_another(self) -> None:
        after = list(self.engine.feed())[-1]["cursor"]
        begun = threading.Event()

        def wait() -> list[str]:
            begun.set()
            # One call of a minute at most: with the interpreter's lock in its hand the sale below could not begin
            # before it has ended with nothing.
            page = self.engine._next_changes(after, 60, {})
            return [change["kind"] for change in page["items"]]

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(wait)
            begun.wait()
            self.engine.sell(SLOT, seats=["A-1"])
            self.assertEqual(waiting.result(), ["booking.confirmed"])

    def test_closing_waits_for_calls_and_later_ones_are_told(self) -> None:
        engine = venue.open(self.path)
        begun = threading.Barrier(THREADS + 1)

        def ask() -> str:
            begun.wait()
            while True:
                try:
                    engine.availability(SLOT)
                except venue.Invalid as no:
                    return no.code

        with ThreadPoolExecutor(THREADS) as pool:
            answers = [pool.submit(ask) for _ in range(THREADS)]
            begun.wait()
            engine.close()
            self.assertEqual({answer.result() for answer in answers}, {"bad_handle"})
