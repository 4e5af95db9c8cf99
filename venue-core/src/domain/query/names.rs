//! How the reading verbs name things: halls, tickets, and the ends of a time range.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ids::TicketId;
use crate::domain::instant::Instant;
use crate::domain::local_time::{LocalTime, parse_date};
use crate::domain::season::HallRef;
use crate::domain::ticket::TicketNumber;
use crate::domain::zone::{GapPolicy, Resolved, Zone};

/// A ticket as it is typed: an id, or the number that stands on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketName {
    /// By id.
    Id(TicketId),
    /// By number: REFERENCE-NN.
    Number(TicketNumber),
}

/// A text that does not name a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket: an id or a number is needed, as in 7Q4ZK2MB-01")]
pub struct NotATicket;

impl FromStr for TicketName {
    type Err = NotATicket;
    fn from_str(text: &str) -> Result<Self, NotATicket> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        text.parse().map(Self::Number).map_err(|_| NotATicket)
    }
}

impl fmt::Display for TicketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl From<TicketId> for TicketName {
    fn from(id: TicketId) -> Self {
        Self::Id(id)
    }
}

/// One end of a time range, inclusive: an instant, or a time or a whole day on the clock of a place. A time that the
/// clock there skips is as long after the gap; of one that it shows twice the range has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// This instant.
    At(Instant),
    /// This time on the clock of a place.
    Local(LocalTime),
    /// From the beginning, or until the end, of this day.
    Day(NaiveDate),
}

/// A text that is neither an instant nor a local time nor a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a moment: RFC 3339 with an offset is needed, as in 2027-09-04T17:30:00Z, or a local time without one, or a date"
)]
pub struct NotAMoment;

impl FromStr for Moment {
    type Err = NotAMoment;
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        if let Ok(date) = parse_date(text) {
            return Ok(Self::Day(date));
        }
        if let Ok(local) = text.parse() {
            return Ok(Self::Local(local));
        }
        text.parse().map(Self::At).map_err(|_| NotAMoment)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            Self::Local(local) => local.fmt(f),
            Self::Day(date) => date.fmt(f),
        }
    }
}

impl Moment {
    /// The first instant of the range that begins here; days are of this zone, or of UTC.
    pub fn first(self, zone: Option<&Zone>) -> Instant {
        match self {
            Self::At(at) => at,
            Self::Local(local) => resolve(local, zone, GapPolicy::Compatible),
            Self::Day(date) => day_start(date, zone),
        }
    }

    /// The last instant of the range that ends here; days are of this zone, or of UTC.
    pub fn last(self, zone: Option<&Zone>) -> Instant {
        match self {
            Self::At(at) => at,
            Self::Local(local) => resolve(local, zone, GapPolicy::Later),
            Self::Day(date) => match date.checked_add_days(Days::new(1)) {
                Some(next) => Instant::clamped(day_start(next, zone).micros() - 1),
                None => Instant::MAX,
            },
        }
    }
}

/// The first instant of a day: midnight, or where the clock jumps over it the moment after the jump.
fn day_start(date: NaiveDate, zone: Option<&Zone>) -> Instant {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let Some(local) = LocalTime::from_chrono(midnight) else {
        return Instant::MAX;
    };
    resolve(local, zone, GapPolicy::Compatible)
}

/// A time on the clock of this zone, or of UTC.
fn resolve(local: LocalTime, zone: Option<&Zone>, policy: GapPolicy) -> Instant {
    match zone.map(|zone| zone.resolve(local, policy)) {
        Some(Resolved::At(at)) => at,
        Some(Resolved::Rejected(_)) | None => {
            Instant::clamped(local.to_chrono().and_utc().timestamp_micros())
        }
    }
}

macro_rules! as_text {
    ($name:ty, $title:literal, $description:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "description": $description})
            }
        }
    };
}
as_text!(TicketName, "TicketName", "a ticket's id, or its number, REFERENCE-NN");
as_text!(Moment, "Moment", "an instant, or a local time without an offset, or a date, YYYY-MM-DD");
as_text!(HallRef, "HallRef", "a hall by the slugs of its venue and itself, venue/hall");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_place() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let day: Moment = "2027-03-28".parse().unwrap();
        for (zone, first, last) in [
            (None, "2027-03-28T00:00:00Z", "2027-03-28T23:59:59.999999Z"),
            // The clock is put forward that night: the day has 23 hours.
            (Some(&berlin), "2027-03-27T23:00:00Z", "2027-03-28T21:59:59.999999Z"),
        ] {
            assert_eq!(day.first(zone), first.parse().unwrap());
            assert_eq!(day.last(zone), last.parse().unwrap());
        }
        let last: Moment = "9999-12-31".parse().unwrap();
        assert!(last.last(Some(&berlin)) <= Instant::MAX);
        for wrong in
            ["", "2027-3-28", "2027-03-28 12:00", "2027-03-28T25:00", "today", "2027-02-30"]
        {
            assert_eq!(wrong.parse::<Moment>(), Err(NotAMoment), "{wrong}");
        }
    }

    #[test]
    fn local_times_are_those_of_the_place() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        for (local, zone, first, last) in [
            ("2027-06-01T12:00", None, "2027-06-01T12:00:00Z", "2027-06-01T12:00:00Z"),
            ("2027-06-01T12:00", Some(&berlin), "2027-06-01T10:00:00Z", "2027-06-01T10:00:00Z"),
            // Skipped, and shown twice.
            ("2027-03-28T02:30", Some(&berlin), "2027-03-28T01:30:00Z", "2027-03-28T01:30:00Z"),
            ("2027-10-31T02:30", Some(&berlin), "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"),
        ] {
            let moment: Moment = local.parse().unwrap();
            assert_eq!(moment.first(zone), first.parse().unwrap(), "{local}");
            assert_eq!(moment.last(zone), last.parse().unwrap(), "{local}");
        }
    }

    #[test]
    fn a_day_without_midnight_begins_after_the_jump() {
        let zone: Zone = "America/Sao_Paulo".parse().unwrap();
        let day: Moment = "2018-11-04".parse().unwrap();
        assert_eq!(day.first(Some(&zone)), "2018-11-04T03:00:00Z".parse().unwrap());
    }

    #[test]
    fn tickets_are_named_by_id_or_number() {
        assert!(matches!("7q4z-k2mb-01".parse(), Ok(TicketName::Number(_))));
        assert!(matches!("01999999-9999-7999-8999-999999999901".parse(), Ok(TicketName::Id(_))));
        assert_eq!("7Q4ZK2MB".parse::<TicketName>(), Err(NotATicket));
    }

    #[test]
    fn a_name_is_written_as_it_is_typed() {
        let id = "01999999-9999-7999-8999-999999999901";
        for text in [id, "7Q4ZK2MB-01"] {
            assert_eq!(text.parse::<TicketName>().unwrap().to_string(), text);
        }
        let ticket: TicketId = id.parse().unwrap();
        assert_eq!(TicketName::from(ticket), TicketName::Id(ticket));
        for text in ["2027-03-28", "2027-03-28T12:00:00", "2027-03-28T12:00:00.000000Z"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
    }
}
