"""The story: open, import, hold, confirm, tickets, feed, and what bad input is answered."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import venue

SEASON = Path(__file__).parent.parent / "data" / "kino-season.toml"
SLOT = "metropolis@2027-01-07T20:00"


def money(amount: venue.Money) -> str:
    """An amount as people read it."""
    return f"{amount['minor'] // 100}.{amount['minor'] % 100:02} {amount['currency']}"


def sell(engine: venue.Engine) -> None:
    """Holds, confirms, sells, and gives back."""
    print(f"imported: {engine.import_(SEASON)['created']['slots']} slot")
    slot = engine.availability(SLOT)
    print(f"free: {slot['free']} of {slot['capacity']}")

    with engine.hold(SLOT, seats=["C-4", "C-5"]) as hold:
        seats = ", ".join(unit["label"] for unit in hold.units)
        print(f"held: {seats} for {money(hold.total)} until {hold.expires_at}")
        try:
            engine.hold(SLOT, seats=["C-5", "C-6"])
        except venue.Refused as no:
            taken = no.details["seats"][0]
            print(f"refused: {no.code}, {taken['seat']} is {taken['why']}")
        booking = hold.confirm(payment="card:tx-17")
    tickets = booking["tickets"]
    assert tickets[0]["number"] == booking["reference"] + "-01"
    print(f"sold: {len(tickets)} tickets, {' and '.join(ticket['seat'] for ticket in tickets)}")

    places = engine.sell(SLOT, area="Empore", quantity=3, payment="cash")
    print(f"sold: {places['units'][0]['quantity']} places of Empore for {money(places['total'])}")

    # Nobody confirms this one: it is given back at the end of its context.
    with engine.hold(SLOT, seats=["D-1"]):
        pass
    states = {seat["seat"]: seat["state"] for seat in engine.slot_map(SLOT)["seats"]}
    print(f"given back: D-1 is {states['D-1']} again")
    slot = engine.availability(SLOT)
    print(f"free: {slot['free']} of {slot['capacity']}")
    print("happened:", ", ".join(change["kind"] for change in engine.feed()))


def bad_input(engine: venue.Engine) -> None:
    """What is wrong is named, and nothing is half done."""
    sold = next(iter(engine.bookings(state="confirmed")))["reference"]
    wrong: list[Callable[[], object]] = [
        lambda: engine.call("hold", slot=SLOT, seets=["A-1"]),
        lambda: engine.call("salute"),
        lambda: engine.hold("metropolis", seats=["A-1"]),
        lambda: engine.hold(SLOT, seats=["Z-99"]),
        lambda: engine.confirm(sold),
    ]
    for ask in wrong:
        try:
            ask()
        except (venue.Invalid, venue.Refused) as no:
            kind = type(no).__name__.lower()
            named = no.details.get("name") or ", ".join(no.details.get("names", []))
            print(f"{kind}: {no.code}, {named}" if named else f"{kind}: {no.code}")


def main() -> int:
    """Tells it, on a file of its own with a test clock."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kino.venue"
        venue.create(path, test_clock=True, now="2027-01-01T12:00:00Z")
        with venue.open(path) as engine:
            sell(engine)
            bad_input(engine)
        try:
            engine.doctor()
        except venue.Invalid as no:
            print(f"invalid: {no.code}")
        with venue.open(path) as engine:
            well = engine.doctor()["ok"]
            print("doctor: all is well" if well else "doctor: something is wrong")
            return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
