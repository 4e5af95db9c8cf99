"""The shapes of replies. They are plain dictionaries, as the engine answers them; members are only ever added."""

from typing import Any, Literal, NotRequired, TypedDict

Role = Literal["public", "customer", "terminal", "organizer", "admin"]
BookingState = Literal["held", "confirmed", "released", "expired", "cancelled"]
SlotState = Literal["open", "not_on_sale", "closed", "cancelled", "over"]
UnitState = Literal["free", "held", "sold", "house", "killed"]


class Money(TypedDict):
    """An amount in minor units: 3200 of EUR are 32.00."""

    minor: int
    currency: str


class Unit(TypedDict):
    """A line of a booking: a seat, or places of an area."""

    line: int
    seat: NotRequired[str]
    label: NotRequired[str]
    area: NotRequired[str]
    quantity: NotRequired[int]
    category: str
    price: Money


class Ticket(TypedDict):
    """Admits one person."""

    id: str
    number: str
    seat: NotRequired[str]
    area: NotRequired[str]


class Booking(TypedDict):
    """The whole record, born held. Instants are texts, ``2027-01-01T12:00:00.000000Z``."""

    id: str
    reference: str
    state: BookingState
    event: str
    slot: str
    buyer: str | None
    units: list[Unit]
    total: Money
    created_at: str
    expires_at: str | None
    ended_at: str | None
    ended_why: str | None
    tickets: NotRequired[list[Ticket]]


class HeldBooking(Booking):
    """A booking as hold answers it: with the token that confirm, extend and release ask for."""

    token: str | None


class IssuedTicket(TypedDict):
    """A ticket with what it is for."""

    id: str
    number: str
    state: Literal["valid", "void"]
    booking: str
    reference: str
    event: str
    slot: str
    category: str
    seat: NotRequired[str]
    label: NotRequired[str]
    area: NotRequired[str]


class CategoryFigures(TypedDict):
    """A category's price and what is free of it."""

    category: str
    price: Money | None
    capacity: int
    free: int


class AreaFigures(TypedDict):
    """An area's figures: capacity = sold + held + house + killed + free."""

    area: str
    category: str
    capacity: int
    sold: int
    held: int
    house: int
    killed: int
    free: int


class Slot(TypedDict):
    """One bookable occurrence of an event, and its figures as of now."""

    id: str
    event: str
    hall: str
    starts_at: str
    ends_at: str
    local: str
    state: SlotState
    capacity: int
    sold: int
    held: int
    house: int
    killed: int
    free: int
    categories: list[CategoryFigures]
    areas: list[AreaFigures]


class MapSeat(TypedDict):
    """A seat of a slot, where it stands and whose it is."""

    seat: str
    label: str
    row: str
    category: str
    accessible: bool
    state: UnitState
    x_milli: int
    y_milli: int


class SlotMap(Slot):
    """A slot with every seat."""

    seats: list[MapSeat]


class Change(TypedDict):
    """What happened, in order. ``booking`` is the booking as it was after the change."""

    cursor: str
    shard: int
    sequence: int
    at: str
    kind: str
    event: str | None
    slot: str | None
    booking: Booking | None
    due_at: NotRequired[str]


class Check(TypedDict):
    """One thing that doctor looked at."""

    name: str
    ok: bool
    found: list[str]


class Diagnosis(TypedDict):
    """What doctor found."""

    ok: bool
    checks: list[Check]


class Imported(TypedDict):
    """What import did."""

    files: int
    created: dict[str, int]
    changed: int
    unchanged: int
    slots: int
    unsupported: list[dict[str, Any]]


class BackedUp(TypedDict):
    """The copy that backup made, and the last change in it."""

    file: str
    bytes: int
    sequence: int


class Caller(TypedDict, total=False):
    """Who asks: a till named ``local`` unless told otherwise."""

    organizer: str
    actor: str
    role: Role
    terminal: str
    address: str
