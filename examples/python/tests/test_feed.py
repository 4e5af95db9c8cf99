"""The feed: whole, in order, filtered, and followed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

import venue

from .box_office import SEASON, SLOT, BoxOffice


class Following(BoxOffice):
    def test_what_happened_comes_once_and_in_order_from_any_cursor(self) -> None:
        for n in range(1, 8):
            self.engine.sell(SLOT, seats=[f"A-{n}"])
        feed = self.engine.feed()
        changes = list(feed)
        self.assertEqual([change["kind"] for change in changes], ["import.done"] + ["booking.confirmed"] * 7)
        sequences = [change["sequence"] for change in changes]
        self.assertEqual(sequences, list(range(sequences[0], sequences[0] + 8)))
        self.assertEqual(list(self.engine.feed(changes[4]["cursor"])), changes[5:])
        self.assertEqual(list(self.engine.feed(feed.cursor)), [])

    def test_a_filter_leaves_out_the_others_and_its_cursor_goes_on(self) -> None:
        feed = self.engine.feed(event="metropolis")
        self.assertEqual(list(feed), [])
        self.assertIsNotNone(feed.cursor)
        self.engine.sell(SLOT, seats=["A-1"])
        slot = self.engine.availability(SLOT)["id"]
        self.assertEqual(len(list(self.engine.feed(feed.cursor, slot=slot))), 1)

    def test_a_follower_ends_when_nothing_comes_and_goes_on_later(self) -> None:
        feed = self.engine.feed(follow=True, timeout=0.01)
        self.assertEqual(len(list(feed)), 1)
        self.engine.import_(SEASON, dry_run=True)
        self.assertEqual(list(feed), [])
        self.engine.sell(SLOT, seats=["A-1"])
        self.assertEqual([change["kind"] for change in feed], ["booking.confirmed"])

    def test_a_follower_hears_what_another_handle_sells(self) -> None:
        heard: list[str] = []

        def follow() -> None:
            for change in self.engine.feed(follow=True, event="metropolis"):
                heard.append(change["kind"])
                if change["kind"] == "booking.confirmed":
                    return

        follower = threading.Thread(target=follow)
        follower.start()
        with venue.open(self.path) as other:
            with other.hold(SLOT, seats=["A-1"]):
                pass
            other.sell(SLOT, seats=["A-1"])
        follower.join()
        self.assertEqual(heard, ["booking.held", "booking.released", "booking.confirmed"])

    def test_closing_ends_a_follower(self) -> None:
        engine = venue.open(self.path)
        first, codes = threading.Event(), []

        def follow() -> None:
            try:
                for _ in engine.feed(follow=True):
                    first.set()
            except venue.Invalid as no:
                codes.append(no.code)

        follower = threading.Thread(target=follow)
        follower.start()
        first.wait()
        engine.close()
        follower.join()
        self.assertIn(codes, (["engine_closed"], ["bad_handle"]))

    def test_wrong_cursors_filters_and_callers_are_refused(self) -> None:
        king, rule = cast(venue.Caller, {"role": "king"}), cast(venue.Caller, {"rule": "x"})
        wrong: tuple[tuple[str, Callable[[], venue.Feed]], ...] = (
            ("bad_cursor", lambda: self.engine.feed("yesterday")),
            ("argument", lambda: self.engine.feed(event="no such event!")),
            ("argument", lambda: self.engine.feed(caller=king)),
            ("argument", lambda: self.engine.feed(caller=rule)),
            ("not_found", lambda: self.engine.feed(event="nosferatu")),
            ("bad_text", lambda: self.engine.feed(event="a\x00b")),
            ("bad_text", lambda: self.engine.feed(event="a\ud800b")),
        )
        for code, ask in wrong:
            with self.subTest(code), self.assertRaises(venue.VenueError) as no:
                list(ask())
            self.assertEqual(no.exception.code, code)
