"""Every error has its class, its code and its facts, and nothing was done."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import venue
from venue.errors import from_json

from .box_office import SLOT, BoxOffice


class Errors(BoxOffice):
    def refused(self, code: str, details: Mapping[str, object], name: str, **members: object) -> None:
        with self.assertRaises(venue.Refused) as no:
            self.engine.call(name, **members)
        self.assertEqual((no.exception.code, no.exception.details), (code, details))

    def invalid(self, code: str, name: str, **members: object) -> venue.Invalid:
        with self.assertRaises(venue.Invalid) as no:
            self.engine.call(name, **members)
        self.assertEqual((no.exception.code, no.exception.status // 100), (code, 2))
        return no.exception

    def test_what_a_rule_refuses_has_the_facts(self) -> None:
        self.engine.hold(SLOT, seats=["A-1"])
        taken = {"seats": [{"seat": "A-1", "why": "held"}]}
        self.refused("seats_taken", taken, "hold", slot=SLOT, seats=["A-1", "A-2"])
        asked = {"limit": 10, "asked": 11}
        self.refused("booking_limit", asked, "sell", slot=SLOT, area="Empore", quantity=11)
        unknown = {"kind": "area", "names": ["Loge"]}
        self.refused("not_found", unknown, "sell", slot=SLOT, area="Loge", quantity=1)

    def test_what_is_wrong_is_named(self) -> None:
        for member, members in (
            ("seets", {"slot": SLOT, "seets": ["A-1"]}),
            ("slot", {"seats": ["A-1"]}),
            ("quantity", {"slot": SLOT, "area": "Empore", "quantity": "two"}),
            ("quantity", {"slot": SLOT, "area": "Empore", "quantity": -1}),
            ("quantity", {"slot": SLOT, "area": "Empore", "quantity": 10**30}),
            ("ttl", {"slot": SLOT, "seats": ["A-1"], "ttl": timedelta(days=400)}),
            ("buyer", {"slot": SLOT, "seats": ["A-1"], "buyer": "a\x00b"}),
            ("caller", {"slot": SLOT, "seats": ["A-1"], "caller": {"role": "king"}}),
        ):
            self.assertEqual(self.invalid("argument", "hold", **members).details["name"], member)
        self.assertEqual(self.free(), 60)

    def test_texts_that_are_none_are_refused(self) -> None:
        self.invalid("argument", "hold", slot=SLOT, seats=["A-\ud800"])
        self.invalid("bad_text", "in\x00fo")
        self.invalid("too_large", "hold", slot=SLOT, seats=["A-1"] * 300_000)
        with self.assertRaises(venue.Invalid) as no:
            self.engine.hold(SLOT, seats="A-1,A-2")
        self.assertEqual(no.exception.details["name"], "seats")

    def test_times_without_a_zone_and_parts_of_milliseconds_do_not_leave_python(self) -> None:
        for members in (
            {"now": datetime(2027, 1, 1)},
            {"deadline": timedelta(microseconds=1)},
            {"limit": float("nan")},
        ):
            with self.assertRaises(ValueError):
                self.engine.call("booking_list", **members)
        with self.assertRaises(TypeError):
            self.engine.call("booking_list", limit=object())

    def test_a_file_that_is_none_is_left_alone(self) -> None:
        poem = self.folder / "poem.txt"
        poem.write_text("Nel mezzo del cammin di nostra vita\n" * 40)
        for path, code in ((poem, "foreign_file"), (self.folder / "none.venue", "no_file")):
            with self.assertRaises(venue.Storage) as no:
                venue.open(path)
            self.assertEqual(no.exception.code, code)
        self.assertEqual(poem.read_text().count("\n"), 40)
        for odd in ("", ":memory:", "file:x"):
            with self.assertRaises(venue.Invalid) as bad:
                venue.open(odd)
            self.assertEqual(bad.exception.code, "bad_path")

    def test_a_closed_engine_says_so(self) -> None:
        self.engine.close()
        self.engine.close()
        self.invalid("bad_handle", "info")

    def test_an_engine_that_was_forgotten_is_closed_with_a_warning(self) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            forgotten = venue.open(self.path)
            del forgotten
        self.assertEqual([warning.category for warning in caught], [ResourceWarning])

    def test_an_engine_that_could_not_be_opened_is_forgotten_quietly(self) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with self.assertRaises(venue.Storage):
                venue.open(self.folder / "none.venue")
        self.assertEqual(caught, [])

    def test_every_class_has_its_exception(self) -> None:
        for status, code, kind in (
            (122, "sold_out", venue.Refused),
            (202, "argument", venue.Invalid),
            (304, "disk_full", venue.Storage),
            (401, "busy", venue.Busy),
            (402, "in_use", venue.Retry),
            (403, "limited", venue.Limited),
            (501, "unknown", venue.Unknown),
            (701, "bug", venue.Bug),
            (999, "of_tomorrow", venue.Bug),
        ):
            text = f'{{"data":{{"code":"{code}","message":"m","key":"k","retry_at":"2027-01-01T12:00:00.050000Z"}}}}'
            error = from_json(status, text.encode())
            self.assertIs(type(error), kind)
            self.assertEqual((error.key, error.status), ("k", status))
            at = datetime(2027, 1, 1, 12, microsecond=50_000, tzinfo=timezone.utc)
            self.assertEqual(error.retry_at, at)
            again = pickle.loads(pickle.dumps(copy.copy(error)))
            self.assertEqual((str(again), again.key, again.retry_at), (str(error), "k", at))
        self.assertIsInstance(from_json(701, b""), venue.Bug)


class Insisting(BoxOffice):
    def test_asking_again_keeps_the_key_until_it_is_answered(self) -> None:
        past = "2027-01-01T12:00:00Z" if datetime.now(timezone.utc).year > 2027 else "2020-01-01T12:00:00Z"
        troubles = [
            venue.Busy(401, {"code": "busy", "message": "full", "retry_at": past}),
            venue.Unknown(501, {"code": "unknown", "message": "who knows"}),
        ]
        keys = []

        def sell(key: str) -> venue.Booking:
            keys.append(key)
            if troubles:
                raise troubles.pop(0)
            return self.engine.sell(SLOT, seats=["A-1"], idempotency_key=key)

        self.assertEqual(venue.insist(sell)["state"], "confirmed")
        self.assertEqual((len(keys), len(set(keys))), (3, 1))

    def test_a_refusal_is_an_answer_and_patience_ends(self) -> None:
        asked = []

        def refuse(key: str) -> None:
            asked.append(key)
            self.engine.sell(SLOT, seats=["Z-1"], idempotency_key=key)

        with self.assertRaises(venue.Refused):
            venue.insist(refuse)
        self.assertEqual(len(asked), 1)

        def busy(key: str) -> None:
            asked.append(key)
            raise venue.Busy(401, {"code": "busy"})

        with self.assertRaises(venue.Busy):
            venue.insist(busy, key="order-9", attempts=3)
        self.assertEqual(asked[1:], ["order-9"] * 3)

        def limited(key: str) -> None:
            asked.append(key)
            raise venue.Limited(403, {"code": "limited", "retry_at": "9999-01-01T00:00:00Z"})

        with self.assertRaises(venue.Limited):
            venue.insist(limited, key="order-10")
        self.assertEqual(asked[4:], ["order-10"])
