"""Reads calendars that VENUE wrote with the icalendar package, and compares them with VENUE's own lists."""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from icalendar import Calendar

folder, reference = Path(sys.argv[1]), sys.argv[2]


def entries(name):
    """The entries of a calendar, after a look at its bytes."""
    data = (folder / name).read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        line.decode("utf-8")
        assert len(line) <= 75, line
    calendar = Calendar.from_ical(data)
    assert str(calendar["VERSION"]) == "2.0" and calendar["PRODID"]
    assert not calendar.errors, calendar.errors
    found = calendar.walk("VEVENT")
    for event in found:
        assert not event.errors, event.errors
        assert event["DTSTAMP"].dt.tzinfo is not None and int(event["SEQUENCE"]) >= 1
    return found


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


lines = [json.loads(line) for line in (folder / "slots.json").read_text().splitlines()]
slots = [line["data"] for line in lines if line["type"] == "slot"]
found = entries("slots.ics")
assert len(found) == len(slots) > 0, (len(found), len(slots))
for event, slot in zip(found, slots):
    assert str(event["UID"]) == slot["id"]
    assert event["DTSTART"].dt == instant(slot["starts_at"])
    assert event["DTEND"].dt == instant(slot["ends_at"])
    assert str(event["STATUS"]) == ("CANCELLED" if slot["state"] == "cancelled" else "CONFIRMED")
    assert event["SUMMARY"] and event["LOCATION"]

[booking] = entries("booking.ics")
assert reference in str(booking["DESCRIPTION"]) and f"{reference}-02" in str(booking["DESCRIPTION"])
assert booking["DTSTART"].dt == instant("2027-12-26T16:00:00Z")
print(f"{len(found)} slots and a booking: read by icalendar with the same times")
