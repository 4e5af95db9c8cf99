//! Opening hours as they are written: `tue-fri 10:00-18:00`, `2027-12-24 10:00-13:00`, `2027-12-25 closed`.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, Weekday};

use crate::domain::zone::parse_date;

/// Seconds of a day on the wall.
pub(super) const DAY: u32 = 86_400;

/// A stretch of opening hours on the wall, as in `10:00-18:00`.
///
/// Always true: it opens on its own date, and closes later, at most on the next date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours {
    opens: u32,
    closes: u32,
}

/// Opening hours of some weekdays, as in `tue-fri 10:00-18:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeeklyHours {
    /// A bit for each weekday, Monday first; never none.
    days: u8,
    /// When it is open on each of them.
    pub hours: Hours,
}

/// Opening hours of one date in place of its weekday's, as in `2027-12-24 10:00-13:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DatedHours {
    /// The date.
    pub date: NaiveDate,
    /// When it is open; none if it is closed.
    pub hours: Option<Hours>,
}

/// Why a text is not opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotHours {
    /// Two words are needed.
    #[error("days and hours are needed, as in \"tue-fri 10:00-18:00\"")]
    Weekly,
    /// Two words are needed.
    #[error("a date and hours or \"closed\" are needed, as in \"2027-12-24 10:00-13:00\"")]
    Dated,
    /// The days are none.
    #[error("not days: mon tue wed thu fri sat sun are needed, as in \"tue-fri\" or \"sat,sun\"")]
    Days,
    /// A range ends where it begins.
    #[error("a range of days ends on another day than it begins: name one day alone")]
    DayRange,
    /// The date is none.
    #[error("not a date: YYYY-MM-DD is needed")]
    Date,
    /// The hours are none.
    #[error(
        "not hours: HH:MM[:SS]-HH:MM[:SS] is needed, from 00:00 to 24:00, as in \"10:00-18:00\""
    )]
    Hours,
    /// They open when the day is over.
    #[error("24:00 is the end of a day: hours open at 00:00 of the next one")]
    OpensAtEnd,
    /// They open and close at one time.
    #[error("hours close at another time than they open: the whole day is \"00:00-24:00\"")]
    Equal,
}

impl Hours {
    /// When it opens: seconds on the wall from 00:00 of its date.
    pub const fn opens(self) -> u32 {
        self.opens
    }

    /// When it closes: seconds on the wall from 00:00 of its date, up to two days.
    pub const fn closes(self) -> u32 {
        self.closes
    }

    /// Joins the hours of one date that touch or overlap; what is left is ascending.
    pub fn merged(mut all: Vec<Self>) -> Vec<Self> {
        all.sort_unstable();
        let mut merged: Vec<Self> = Vec::with_capacity(all.len());
        for hours in all {
            match merged.last_mut().filter(|last| hours.opens <= last.closes) {
                Some(last) => last.closes = last.closes.max(hours.closes),
                None => merged.push(hours),
            }
        }
        merged
    }
}

impl WeeklyHours {
    /// True if they are open on this weekday.
    pub fn holds(&self, day: Weekday) -> bool {
        self.days >> day.num_days_from_monday() & 1 == 1
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (opens, closes) = text.split_once('-').ok_or(NotHours::Hours)?;
        let (opens, closes) = (time(opens)?, time(closes)?);
        if opens == DAY {
            return Err(NotHours::OpensAtEnd);
        }
        if opens == closes {
            return Err(NotHours::Equal);
        }
        // The last minute or second that counts means the full minute behind it.
        let last = closes / 60 == DAY / 60 - 1 || closes % 60 == 59;
        let full = if last { (closes / 60 + 1) * 60 } else { closes };
        let closes = if closes < opens { full + DAY } else { full };
        Ok(Self { opens, closes })
    }
}

/// Seconds from 00:00, at most 24:00.
fn time(text: &str) -> Result<u32, NotHours> {
    let (hour, minute, second) = match text.as_bytes() {
        [h0, h1, b':', m0, m1] => (two(*h0, *h1)?, two(*m0, *m1)?, 0),
        [h0, h1, b':', m0, m1, b':', s0, s1] => (two(*h0, *h1)?, two(*m0, *m1)?, two(*s0, *s1)?),
        _ => return Err(NotHours::Hours),
    };
    let seconds = hour * 3_600 + minute * 60 + second;
    if minute > 59 || second > 59 || seconds > DAY {
        return Err(NotHours::Hours);
    }
    Ok(seconds)
}

fn two(tens: u8, ones: u8) -> Result<u32, NotHours> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Ok(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    } else {
        Err(NotHours::Hours)
    }
}

/// The two words of a text.
fn words(text: &str, wrong: NotHours) -> Result<(&str, &str), NotHours> {
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(first), Some(second), None) => Ok((first, second)),
        _ => Err(wrong),
    }
}

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn day(text: &str) -> Result<usize, NotHours> {
    NAMES.iter().position(|name| name.eq_ignore_ascii_case(text)).ok_or(NotHours::Days)
}

impl FromStr for WeeklyHours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (names, hours) = words(text, NotHours::Weekly)?;
        let mut days = 0;
        for part in names.split(',') {
            let Some((first, last)) = part.split_once('-') else {
                days |= 1 << day(part)?;
                continue;
            };
            let (mut at, last) = (day(first)?, day(last)?);
            if at == last {
                return Err(NotHours::DayRange);
            }
            while at != last {
                days |= 1 << at;
                at = (at + 1) % 7;
            }
            days |= 1 << last;
        }
        Ok(Self { days, hours: hours.parse()? })
    }
}

impl FromStr for DatedHours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (date, hours) = words(text, NotHours::Dated)?;
        let date = parse_date(date).map_err(|_| NotHours::Date)?;
        let closed = hours.eq_ignore_ascii_case("closed");
        Ok(Self { date, hours: if closed { None } else { Some(hours.parse()?) } })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time(f, self.opens)?;
        f.write_str("-")?;
        let on_next = self.closes.saturating_sub(DAY);
        let closes = match on_next {
            0 => self.closes,
            // These would read as hours of the opening date, or of no length at all.
            DAY => DAY - 60,
            on_next if on_next == self.opens => on_next - 1,
            on_next => on_next,
        };
        write_time(f, closes)
    }
}

fn write_time(f: &mut fmt::Formatter<'_>, seconds: u32) -> fmt::Result {
    write!(f, "{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)?;
    if seconds.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", seconds % 60) }
}

impl fmt::Display for WeeklyHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = NAMES.iter().enumerate().filter(|(at, _)| self.days >> at & 1 == 1);
        let names: Vec<&str> = named.map(|(_, name)| *name).collect();
        write!(f, "{} {}", names.join(","), self.hours)
    }
}

impl fmt::Display for DatedHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.date.format("%Y-%m-%d"))?;
        match self.hours {
            Some(hours) => hours.fmt(f),
            None => f.write_str("closed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> (u32, u32) {
        let hours: Hours = text.parse().unwrap();
        (hours.opens() / 60, hours.closes() / 60)
    }

    #[test]
    fn a_close_before_the_open_is_on_the_next_day() {
        for (text, opens, closes) in [
            ("10:00-18:00", 600, 1_080),
            ("10:00:00-18:00:00", 600, 1_080),
            ("22:00-02:00", 1_320, 1_560),
            ("00:01-00:00", 1, 1_440),
            ("18:00-00:00", 1_080, 1_440),
            ("18:00-24:00", 1_080, 1_440),
            ("00:00-24:00", 0, 1_440),
            ("23:59-24:00", 1_439, 1_440),
            ("23:58-23:57", 1_438, 2_877),
        ] {
            assert_eq!(bounds(text), (opens, closes), "{text}");
        }
    }

    #[test]
    fn a_close_in_the_last_minute_or_second_means_the_next_full_minute() {
        for (text, closes) in [
            ("00:00-23:59", DAY),
            ("00:00-23:59:00", DAY),
            ("00:00-23:59:30", DAY),
            ("00:00-23:59:59", DAY),
            ("10:00-17:59:59", 18 * 3_600),
            ("10:00-17:59", 18 * 3_600 - 60),
            ("10:00-17:59:58", 18 * 3_600 - 2),
            // Over midnight too: a whole day from 18:00 on, and until the end of the next day but one second.
            ("18:00-17:59:59", DAY + 18 * 3_600),
            ("23:59:30-23:59", 2 * DAY),
        ] {
            assert_eq!(text.parse::<Hours>().unwrap().closes(), closes, "{text}");
        }
    }

    #[test]
    fn what_is_not_hours_is_refused() {
        for text in [
            "",
            "-",
            "10:00",
            "10:00-",
            "-18:00",
            "10-18",
            "1:00-2:00",
            "10:00-24:01",
            "25:00-26:00",
            "10:60-11:00",
            "10:00-11:00:60",
            "10:00-11:00:00.5",
            "10:00–18:00",
            "10:00-18:00-19:00",
            "+1:00-02:00",
            "１0:00-18:00",
            "10:00-18:00Z",
            "10.00-18.00",
        ] {
            assert_eq!(text.parse::<Hours>(), Err(NotHours::Hours), "{text:?}");
        }
        for text in ["10:00-10:00", "00:00-00:00", "00:00:00-00:00", "23:59-23:59"] {
            assert_eq!(text.parse::<Hours>(), Err(NotHours::Equal), "{text:?}");
        }
        assert_eq!("24:00-02:00".parse::<Hours>(), Err(NotHours::OpensAtEnd));
    }

    #[test]
    fn days_are_names_lists_and_ranges_that_may_run_over_sunday() {
        for (text, days) in [
            ("mon", "mon"),
            ("mon-fri", "mon,tue,wed,thu,fri"),
            ("sat,sun", "sat,sun"),
            ("sat-tue", "mon,tue,sat,sun"),
            ("sun-mon", "mon,sun"),
            ("mon-sun", "mon,tue,wed,thu,fri,sat,sun"),
            ("tue-mon", "mon,tue,wed,thu,fri,sat,sun"),
            ("mon-wed,fri,wed", "mon,tue,wed,fri"),
            ("Mon-FRI", "mon,tue,wed,thu,fri"),
        ] {
            let weekly: WeeklyHours = format!("{text} 10:00-18:00").parse().unwrap();
            assert_eq!(weekly.to_string(), format!("{days} 10:00-18:00"), "{text}");
        }
        let weekend: WeeklyHours = "sat-sun  10:00-18:00".parse().unwrap();
        assert!(weekend.holds(Weekday::Sat) && weekend.holds(Weekday::Sun));
        assert!(!weekend.holds(Weekday::Fri) && !weekend.holds(Weekday::Mon));
        for (text, wrong) in [
            ("10:00-18:00", NotHours::Weekly),
            ("mon", NotHours::Weekly),
            ("mon, tue 10:00-18:00", NotHours::Weekly),
            ("mon 10:00-12:00 14:00-18:00", NotHours::Weekly),
            ("monday 10:00-18:00", NotHours::Days),
            ("mon, 10:00-18:00", NotHours::Days),
            ("mon-tue-wed 10:00-18:00", NotHours::Days),
            ("- 10:00-18:00", NotHours::Days),
            ("mon-mon 10:00-18:00", NotHours::DayRange),
            ("mon 10:00-10:00", NotHours::Equal),
            ("mon closed", NotHours::Hours),
        ] {
            assert_eq!(text.parse::<WeeklyHours>(), Err(wrong), "{text:?}");
        }
    }

    #[test]
    fn a_date_has_hours_or_is_closed() {
        for text in ["2027-12-24 10:00-13:00", "2027-12-25 closed", "2027-12-31 22:00-04:00"] {
            assert_eq!(text.parse::<DatedHours>().unwrap().to_string(), text);
        }
        assert_eq!("2027-12-25 Closed".parse::<DatedHours>().unwrap().hours, None);
        for (text, wrong) in [
            ("2027-12-24", NotHours::Dated),
            ("", NotHours::Dated),
            ("closed 2027-12-24", NotHours::Date),
            ("2027-02-29 closed", NotHours::Date),
            ("2027-12-24 open", NotHours::Hours),
            ("2027-12-24 10:00-12:00 14:00-16:00", NotHours::Dated),
        ] {
            assert_eq!(text.parse::<DatedHours>(), Err(wrong), "{text:?}");
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same_hours() {
        for text in
            ["00:00-24:00", "22:00-02:00", "10:00:30-11:00", "18:00-18:00:01", "00:01-24:00"]
        {
            let hours: Hours = text.parse().unwrap();
            assert_eq!(hours.to_string(), text);
        }
        for text in ["00:01-00:00", "18:00-17:59:59", "23:59:30-23:59", "00:00-23:59"] {
            let hours: Hours = text.parse().unwrap();
            assert_eq!(hours.to_string().parse(), Ok(hours), "{text} {hours}");
        }
    }

    #[test]
    fn hours_that_touch_or_overlap_become_one() {
        let merged = |texts: &[&str]| {
            let all = texts.iter().map(|text| text.parse().unwrap()).collect();
            Hours::merged(all).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        for (texts, expected) in [
            (&["18:00-20:00", "10:00-18:00"][..], "10:00-20:00"),
            (&["10:00-12:00", "12:00:01-14:00"], "10:00-12:00 12:00:01-14:00"),
            (&["10:00-18:00", "11:00-12:00", "17:00-17:30"], "10:00-18:00"),
            (&["22:00-02:00", "20:00-23:00", "00:00-02:00"], "00:00-02:00 20:00-02:00"),
            (&["18:00-24:00", "10:00-12:00"], "10:00-12:00 18:00-24:00"),
            (&[], ""),
        ] {
            assert_eq!(merged(texts), expected);
        }
    }
}
