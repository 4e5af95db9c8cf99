//! Instants and lengths of time, both in whole microseconds.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Read as RFC 3339 with an offset, written as `YYYY-MM-DDTHH:MM:SS.ffffffZ`. Years 1970 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A text that is not an instant in the contract's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant: RFC 3339 with an offset is needed, as in 2027-09-04T17:30:00Z")]
pub struct NotAnInstant;

impl Instant {
    /// The first instant of 1970, before which nothing lies.
    pub const EPOCH: Self = Self(0);
    /// The last microsecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The instant so many microseconds after 1970 began; none before it or after the year 9999.
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros < 0 || micros > Self::MAX.0 { None } else { Some(Self(micros)) }
    }

    /// The instant nearest to so many microseconds after 1970 began.
    pub fn clamped(micros: i64) -> Self {
        Self(micros.clamp(0, Self::MAX.0))
    }

    /// Microseconds since 1970 began.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This much later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.micros()).min(Self::MAX.0))
    }

    /// This much earlier, at least the start of 1970.
    #[must_use]
    pub fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.micros()).max(0))
    }

    /// How long after `earlier` this is; nothing if it is before it.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }

    /// The same instant for chrono.
    pub fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// The instant that chrono's names, cut to whole microseconds.
    pub fn from_chrono(at: DateTime<Utc>) -> Option<Self> {
        Self::from_micros(at.timestamp_micros())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_chrono().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let bytes = text.as_bytes();
        // The shape first: chrono is more lenient than the contract (spaces, leap seconds, nanoseconds).
        let shape = b"0000-00-00T00:00:00";
        if bytes.len() < 20 {
            return Err(NotAnInstant);
        }
        for (have, want) in bytes.iter().zip(shape) {
            let fits =
                if *want == b'0' { have.is_ascii_digit() } else { have.eq_ignore_ascii_case(want) };
            if !fits {
                return Err(NotAnInstant);
            }
        }
        if &bytes[17..19] == b"60" {
            return Err(NotAnInstant);
        }
        let rest = &bytes[19..];
        let fraction = match rest.strip_prefix(b".") {
            Some(rest) => match rest.iter().take_while(|b| b.is_ascii_digit()).count() {
                digits @ 1..=6 => 1 + digits,
                _ => return Err(NotAnInstant),
            },
            None => 0,
        };
        let offset = &rest[fraction..];
        let digits = |at: &[usize]| at.iter().all(|at| offset[*at].is_ascii_digit());
        let offset_fits = match offset {
            [b'Z' | b'z'] => true,
            [b'+' | b'-', _, _, b':', _, _] => digits(&[1, 2, 4, 5]),
            _ => false,
        };
        if !offset_fits {
            return Err(NotAnInstant);
        }
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| NotAnInstant)?;
        Self::from_chrono(at.to_utc()).ok_or(NotAnInstant)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0; 27];
        serializer.serialize_str(self.write(&mut buffer))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time",
            "description": "an instant, written as YYYY-MM-DDTHH:MM:SS.ffffffZ"})
    }
}

impl Instant {
    /// Writes the contract's form without allocating: an instant stands in every change several times, and
    /// chrono's formatter would be a fifth of the time of a sale.
    ///
    /// # Source
    /// The days-to-date conversion is Howard Hinnant's `civil_from_days`.
    fn write(self, buffer: &mut [u8; 27]) -> &str {
        let seconds = self.0 / 1_000_000;
        let mut fraction = self.0 % 1_000_000;
        let (days, mut second) = (seconds / 86_400, seconds % 86_400);
        let z = days + 719_468;
        let era = z / 146_097;
        let day_of_era = z % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        *buffer = *b"0000-00-00T00:00:00.000000Z";
        let mut put = |at: std::ops::Range<usize>, value: &mut i64| {
            for place in buffer[at].iter_mut().rev() {
                *place = b'0' + u8::try_from(*value % 10).unwrap_or(0);
                *value /= 10;
            }
        };
        put(0..4, &mut { year });
        put(5..7, &mut { month });
        put(8..10, &mut { day });
        put(17..19, &mut { second % 60 });
        second /= 60;
        put(14..16, &mut { second % 60 });
        put(11..13, &mut { second / 60 });
        put(20..26, &mut fraction);
        std::str::from_utf8(buffer).unwrap_or("")
    }
}

/// A length of time in whole microseconds, never negative.
///
/// Text: digits and a unit (`ms s m h d`), joined as in `2h33m`; no sign, space, fraction or bare number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

/// A text that is not a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a length of time: digits and a unit are needed, as in 90s, 5m or 2h33m")]
pub struct NotASpan;

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many microseconds; a negative number is nothing.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < 0 { Self(0) } else { Self(micros) }
    }
    /// So many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }
    /// So many seconds.
    pub const fn from_secs(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }
    /// So many minutes.
    pub const fn from_mins(minutes: i64) -> Self {
        Self::from_secs(minutes.saturating_mul(60))
    }
    /// So many hours.
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_mins(hours.saturating_mul(60))
    }
    /// So many days of 24 hours.
    pub const fn from_days(days: i64) -> Self {
        Self::from_hours(days.saturating_mul(24))
    }
    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// The same length for std.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_micros(u64::try_from(self.0).unwrap_or(0))
    }
}

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let mut rest = text.as_bytes();
        if rest.is_empty() {
            return Err(NotASpan);
        }
        let mut total: i64 = 0;
        while !rest.is_empty() {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let mut number: i64 = 0;
            for digit in &rest[..digits] {
                number = number
                    .checked_mul(10)
                    .and_then(|n| n.checked_add(i64::from(digit - b'0')))
                    .ok_or(NotASpan)?;
            }
            rest = &rest[digits..];
            let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let unit: i64 = match &rest[..letters] {
                b"ms" => 1_000,
                b"s" => 1_000_000,
                b"m" => 60_000_000,
                b"h" => 3_600_000_000,
                b"d" => 86_400_000_000,
                _ => return Err(NotASpan),
            };
            if digits == 0 {
                return Err(NotASpan);
            }
            rest = &rest[letters..];
            total = number.checked_mul(unit).and_then(|n| n.checked_add(total)).ok_or(NotASpan)?;
        }
        Ok(Self(total))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0 / 1_000;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, millis) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
            if rest >= millis {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        if rest > 0 { write!(f, "{rest}ms") } else { Ok(()) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string",
            "description": "a length of time: digits and a unit (ms s m h d), joined as in 2h33m"})
    }
}

#[cfg(test)]
#[path = "instant_tests.rs"]
mod tests;
