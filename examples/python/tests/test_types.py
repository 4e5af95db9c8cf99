"""The types say what the engine says: they are compared with the published schema, and with real replies."""

from __future__ import annotations

import json
import types
import typing

from venue import types as shapes

from .box_office import EXAMPLES, SLOT, BoxOffice

SCHEMA = json.loads((EXAMPLES.parent / "docs" / "schema.json").read_text())

NAMES = {
    "Money": "Money",
    "Unit": "UnitView",
    "Ticket": "TicketView",
    "Booking": "BookingView",
    "HeldBooking": "BookingView",
    "IssuedTicket": "IssuedTicket",
    "CategoryFigures": "SlotCategory",
    "AreaFigures": "SlotArea",
    "Slot": "SlotView",
    "MapSeat": "MapSeat",
    "SlotMap": "SlotMap",
    "Change": "ChangeView",
    "Check": "Check",
    "Diagnosis": "Diagnosis",
    "Imported": "ImportDone",
    "Caller": "Caller",
}
"""Our names, and the schema's."""


def missing(shape: typing.Any, value: typing.Any) -> list[str]:
    """What the shape promises and the value has not."""
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin in (typing.Union, types.UnionType):
        some = [other for other in arguments if other is not type(None)]
        return [] if value is None else missing(some[0], value)
    if origin is typing.NotRequired:
        return missing(arguments[0], value)
    if origin is list:
        return [] if isinstance(value, list) and all(not missing(arguments[0], item) for item in value) else [str(value)]
    if origin is typing.Literal:
        return [] if value in arguments else [str(value)]
    if typing.is_typeddict(shape):
        hints = typing.get_type_hints(shape, include_extras=True)
        absent = [name for name in shape.__required_keys__ if name not in value]
        wrong = [name for name in hints if name in value and missing(hints[name], value[name])]
        return absent + wrong
    return [] if shape is typing.Any or origin is dict or isinstance(value, shape) else [str(value)]


class Shapes(BoxOffice):
    def test_every_member_stands_in_the_schema(self) -> None:
        for ours, theirs in NAMES.items():
            known = set(SCHEMA["$defs"][theirs]["properties"])
            named = set(typing.get_type_hints(getattr(shapes, ours)))
            self.assertLessEqual(named, known, ours)

    def test_the_words_of_states_and_roles_are_the_schemas(self) -> None:
        for words, name in (
            (shapes.Role, "Role"),
            (shapes.BookingState, "StateName"),
            (shapes.SlotState, "SlotState"),
            (shapes.UnitState, "UnitState"),
        ):
            known = {one["const"] for one in SCHEMA["$defs"][name]["oneOf"]}
            self.assertEqual(set(typing.get_args(words)), known, name)

    def test_real_replies_have_what_the_types_promise(self) -> None:
        engine = self.engine
        imported = engine.import_(EXAMPLES / "data" / "kino-season.toml", dry_run=True)
        hold = engine.hold(SLOT, seats=["A-1"], buyer="b1")
        held = engine.call("hold", slot=SLOT, area="Empore", quantity=2)
        booking = hold.confirm()
        for shape, value in (
            (shapes.Imported, imported),
            (shapes.HeldBooking, held),
            (shapes.Booking, booking),
            (shapes.Slot, engine.availability(SLOT)),
            (shapes.SlotMap, engine.slot_map(SLOT)),
            (shapes.Diagnosis, engine.doctor()),
            (shapes.BackedUp, engine.backup(self.folder / "copy.venue")),
            *((shapes.Change, change) for change in engine.feed()),
            *((shapes.IssuedTicket, ticket) for ticket in engine.tickets(slot=SLOT)),
        ):
            self.assertEqual(missing(shape, value), [], shape.__name__)
