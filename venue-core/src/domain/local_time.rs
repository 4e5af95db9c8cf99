//! Wall time without a zone: what a clock on the wall of the venue shows.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date and a time of day on the venue's wall, in whole seconds, years 1970 to 9999.
///
/// Read as `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS` without an offset, written always with seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(NaiveDateTime);

/// A text that is not a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a local time: YYYY-MM-DDTHH:MM[:SS] without an offset is needed, as in 2027-09-04T19:30"
)]
pub struct NotALocalTime;

impl LocalTime {
    /// The first moment of 1970.
    pub const FIRST: Self = Self(DateTime::UNIX_EPOCH.naive_utc());

    /// The wall time that chrono's names, cut to whole seconds; none outside the years 1970 to 9999.
    pub fn from_chrono(time: NaiveDateTime) -> Option<Self> {
        let whole = chrono::Timelike::with_nanosecond(&time, 0)?;
        (1970..=9999).contains(&time.year()).then_some(Self(whole))
    }

    /// The same wall time for chrono.
    pub const fn to_chrono(self) -> NaiveDateTime {
        self.0
    }

    /// The date alone.
    pub const fn date(self) -> NaiveDate {
        self.0.date()
    }

    /// The same time of day on another date; none if that is outside the years 1970 to 9999.
    pub fn on(self, date: NaiveDate) -> Option<Self> {
        Self::from_chrono(date.and_time(self.0.time()))
    }
}

/// Reads a date, exactly `YYYY-MM-DD`, years 1970 to 9999.
pub fn parse_date(text: &str) -> Result<NaiveDate, NotALocalTime> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else {
        return Err(NotALocalTime);
    };
    let year = digits(&[*y0, *y1, *y2, *y3])?;
    let year = i32::try_from(year).map_err(|_| NotALocalTime)?;
    if year < 1970 {
        return Err(NotALocalTime);
    }
    NaiveDate::from_ymd_opt(year, digits(&[*m0, *m1])?, digits(&[*d0, *d1])?).ok_or(NotALocalTime)
}

fn digits(bytes: &[u8]) -> Result<u32, NotALocalTime> {
    let mut number = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return Err(NotALocalTime);
        }
        number = number * 10 + u32::from(byte - b'0');
    }
    Ok(number)
}

impl FromStr for LocalTime {
    type Err = NotALocalTime;

    fn from_str(text: &str) -> Result<Self, NotALocalTime> {
        let (date, time) = text.split_once('T').ok_or(NotALocalTime)?;
        let date = parse_date(date)?;
        let (hour, minute, second) = match time.as_bytes() {
            [h0, h1, b':', m0, m1] => (digits(&[*h0, *h1])?, digits(&[*m0, *m1])?, 0),
            [h0, h1, b':', m0, m1, b':', s0, s1] => {
                (digits(&[*h0, *h1])?, digits(&[*m0, *m1])?, digits(&[*s0, *s1])?)
            }
            _ => return Err(NotALocalTime),
        };
        date.and_hms_opt(hour, minute, second).map(Self).ok_or(NotALocalTime)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m-%dT%H:%M:%S").fmt(f)
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for LocalTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LocalTime".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string",
            "description": "wall time at the venue, YYYY-MM-DDTHH:MM:SS, without an offset"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_may_be_left_out_and_are_always_written() {
        for (text, out) in [
            ("2027-09-04T19:30", "2027-09-04T19:30:00"),
            ("2027-09-04T19:30:59", "2027-09-04T19:30:59"),
            ("1970-01-01T00:00", "1970-01-01T00:00:00"),
            ("9999-12-31T23:59:59", "9999-12-31T23:59:59"),
            ("2028-02-29T00:00", "2028-02-29T00:00:00"),
        ] {
            let local: LocalTime = text.parse().unwrap();
            assert_eq!(local.to_string(), out);
            assert_eq!(serde_json::to_string(&local).unwrap(), format!("\"{out}\""));
            assert_eq!(serde_json::from_str::<LocalTime>(&format!("\"{text}\"")).unwrap(), local);
        }
    }

    #[test]
    fn what_is_not_a_local_time_is_refused() {
        for wrong in [
            "",
            "2027-09-04",
            "2027-09-04 19:30",
            "2027-09-04t19:30",
            "2027-09-04T19:30Z",
            "2027-09-04T19:30+02:00",
            "2027-09-04T19:30:00.5",
            "2027-09-04T24:00",
            "2027-09-04T19:60",
            "2027-09-04T19:30:60",
            "2027-02-29T19:30",
            "2027-9-4T19:30",
            "1969-12-31T19:30",
            "+2027-09-04T19:30",
            "２０２７-09-04T19:30",
            "T",
        ] {
            assert_eq!(wrong.parse::<LocalTime>(), Err(NotALocalTime), "{wrong:?}");
        }
    }

    #[test]
    fn chrono_means_the_same_wall_time_in_whole_seconds_of_the_years_1970_to_9999() {
        let local: LocalTime = "2027-09-04T19:30:59".parse().unwrap();
        let split = local.to_chrono() + chrono::TimeDelta::milliseconds(999);
        assert_eq!(LocalTime::from_chrono(split), Some(local));
        assert_eq!(local.date(), parse_date("2027-09-04").unwrap());
        let before = LocalTime::FIRST.to_chrono() - chrono::TimeDelta::seconds(1);
        assert_eq!(LocalTime::from_chrono(before), None);
        assert_eq!(LocalTime::FIRST.to_string(), "1970-01-01T00:00:00");
    }

    #[test]
    fn the_time_of_day_stays_on_another_date() {
        let local: LocalTime = "2027-09-04T19:30".parse().unwrap();
        let date = parse_date("2028-02-29").unwrap();
        assert_eq!(format!("{:?}", local.on(date).unwrap()), "2028-02-29T19:30:00");
        assert_eq!(local.on(NaiveDate::MAX), None);
    }

    #[test]
    fn the_schema_says_that_there_is_no_offset() {
        let schema = schemars::schema_for!(LocalTime).to_value();
        assert!(
            schema["description"].as_str().is_some_and(|text| text.contains("without an offset"))
        );
    }
}
