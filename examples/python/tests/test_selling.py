"""Holds, contexts, bookings and pages."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import venue

from .box_office import NOW, SLOT, BoxOffice


class Selling(BoxOffice):
    def test_a_confirmed_hold_stays_sold_after_its_context(self) -> None:
        with self.engine.hold(SLOT, seats=["A-1"], ttl=timedelta(minutes=2)) as hold:
            self.assertEqual(hold.expires_at, "2027-01-01T12:02:00.000000Z")
            booking = hold.confirm(payment="card:tx-1:11.50")
        self.assertEqual(booking["tickets"][0]["number"], hold.reference + "-01")
        self.assertEqual(self.engine.booking(hold.reference)["state"], "confirmed")

    def test_a_hold_that_is_not_confirmed_is_released_at_the_end(self) -> None:
        with self.engine.hold(SLOT, area="Empore", quantity=5) as hold:
            self.assertEqual(self.free(), 55)
        self.assertEqual((self.free(), self.engine.booking(hold.id)["state"]), (60, "released"))

    def test_a_hold_is_released_when_its_context_fails(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "the card was declined"):
            with self.engine.hold(SLOT, seats=["A-1", "A-2"]):
                raise RuntimeError("the card was declined")
        self.assertEqual(self.free(), 60)

    def test_a_hold_that_ended_meanwhile_ends_its_context_quietly(self) -> None:
        with self.engine.hold(SLOT, seats=["A-1"]) as hold:
            self.engine.release(hold.reference)
        self.assertEqual(self.free(), 60)

    def test_an_unknown_confirm_is_not_released_behind_its_back(self) -> None:
        with self.assertRaises(venue.Unknown):
            with self.engine.hold(SLOT, seats=["A-1"]) as hold:
                act = hold._engine.call
                body = {"code": "unknown", "message": "the commit failed", "key": "k1"}

                def fail(name: str, /, **members: object) -> object:
                    if name == "confirm":
                        raise venue.Unknown(501, body)
                    return act(name, **members)

                self.engine.call = fail  # type: ignore[method-assign]
                hold.confirm()
        del self.engine.call
        self.assertEqual(self.engine.booking(hold.id)["state"], "held")

    def test_a_public_buyer_needs_the_token_and_the_hold_has_it(self) -> None:
        public = venue.Caller(role="public", address="192.0.2.7")
        hold = self.engine.hold(SLOT, seats=["A-1"], caller=public)
        with self.assertRaises(venue.Refused) as no:
            self.engine.confirm(hold.id, caller=public)
        self.assertEqual(no.exception.code, "forbidden")
        with self.assertRaises(venue.Refused) as no:
            hold.extend()  # No time has passed: nothing would be gained.
        self.assertEqual(no.exception.code, "extend_limit")
        later = self.engine.extend(
            hold.id, caller=public, token=hold.token or "", now="2027-01-01T12:01:00Z"
        )
        self.assertEqual(later["expires_at"], "2027-01-01T12:06:00.000000Z")
        self.assertEqual(hold.confirm()["state"], "confirmed")

    def test_lines_are_cancelled_one_by_one(self) -> None:
        booking = self.engine.sell(SLOT, seats=("A-1", "A-2"))
        self.engine.cancel(booking["reference"], lines=[1], reason="ill")
        self.assertEqual(self.free(), 59)
        self.assertEqual(self.engine.cancel(booking["id"])["state"], "cancelled")

    def test_lists_come_whole_whatever_the_size_of_a_page(self) -> None:
        sold = {self.engine.sell(SLOT, seats=[f"A-{n}"], buyer="b1")["id"] for n in range(1, 8)}
        for limit in (1, 3, 7, 100):
            pages = self.engine.bookings(buyer="b1", state="confirmed", limit=limit)
            self.assertEqual({booking["id"] for booking in pages}, sold)
        self.assertEqual(len(list(self.engine.tickets(slot=SLOT, limit=2))), 7)
        day = datetime(2027, 1, 7, tzinfo=timezone.utc)
        self.assertEqual(len(list(self.engine.slots(from_=day, until=day + timedelta(days=1)))), 1)

    def test_the_same_key_sells_once(self) -> None:
        first = self.engine.sell(SLOT, seats=["A-1"], idempotency_key="order-17")
        again = self.engine.sell(SLOT, seats=["A-1"], idempotency_key="order-17")
        self.assertEqual(first, again)
        with self.assertRaises(venue.Refused) as no:
            self.engine.sell(SLOT, seats=["A-2"], idempotency_key="order-17")
        self.assertEqual((no.exception.code, no.exception.details), ("idempotency_mismatch", {"field": "seats"}))

    def test_an_event_loop_sells_in_threads(self) -> None:
        async def rush() -> list[venue.Booking | BaseException]:
            asks = [
                asyncio.to_thread(self.engine.sell, SLOT, seats=["A-1"], buyer=f"b{n}")
                for n in range(8)
            ]
            return await asyncio.gather(*asks, return_exceptions=True)

        answers = asyncio.run(rush())
        refused = [answer for answer in answers if isinstance(answer, venue.Refused)]
        self.assertEqual((len(answers), len(refused)), (8, 7))
        self.assertEqual({no.code for no in refused}, {"seats_taken"})

    def test_a_file_is_made_once(self) -> None:
        self.engine.sell(SLOT, seats=["A-1"])
        venue.create(self.path)
        self.assertEqual(self.free(), 59)
        with self.assertRaises(venue.Invalid):
            venue.create(self.folder / "other.venue", now=NOW)
        self.assertFalse((self.folder / "other.venue").exists())

    def test_a_copy_is_made_while_the_file_is_open(self) -> None:
        self.engine.sell(SLOT, seats=["A-1"])
        copy = self.engine.backup(self.folder / "copy.venue")
        with venue.open(copy["file"]) as engine:
            self.assertEqual(engine.availability(SLOT)["sold"], 1)
        with self.assertRaises(venue.Storage) as no:
            self.engine.backup(copy["file"])
        self.assertEqual(no.exception.code, "target_exists")
