//! Dates as people hang them on the wall: a month a leaf, weekdays in columns, the times of each day below its
//! number, and what is left out marked.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use venue_core::domain::zone::{LocalTime, Rejection};

use super::ink::Style;
use super::text::padded;

/// A column is at least so wide: a time and why it is left out.
const NARROWEST: usize = 11;
/// And not wider than two times beside each other.
const WIDEST: usize = 14;
/// A day with more times shows only the first, the last and their number.
const MOST_TIMES: usize = 6;

/// Something on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// What the wall shows then.
    pub(crate) local: LocalTime,
    /// Why it is left out; none: it takes place.
    pub(crate) left_out: Option<Rejection>,
}

/// Draws the months in which there is something, in the order of time. Where the terminal is too narrow for seven
/// columns, the dates stand below each other.
pub(crate) fn months(marks: &[Mark], week_start: Weekday, color: bool, width: usize) -> String {
    let mut days: BTreeMap<NaiveDate, Vec<Mark>> = BTreeMap::new();
    for mark in marks {
        days.entry(mark.local.date()).or_default().push(*mark);
    }
    for marks in days.values_mut() {
        marks.sort_unstable();
    }
    let column = (width / 7).min(WIDEST);
    if column < NARROWEST {
        return days.iter().map(|(date, marks)| listed(*date, marks, color)).collect();
    }
    let mut leaves: Vec<NaiveDate> = days.keys().filter_map(|date| date.with_day(1)).collect();
    leaves.dedup();
    let sheet = Sheet { days: &days, week_start, color, column };
    let drawn: Vec<String> = leaves.into_iter().map(|first| sheet.month(first)).collect();
    drawn.join("\n")
}

/// The days of all months, and how they are drawn.
struct Sheet<'a> {
    days: &'a BTreeMap<NaiveDate, Vec<Mark>>,
    week_start: Weekday,
    color: bool,
    column: usize,
}

impl Sheet<'_> {
    /// One month: its name, the weekdays, and its weeks.
    fn month(&self, first: NaiveDate) -> String {
        let title = first.format("%B %Y").to_string();
        let mut out = Style::Strong.paint(&title, self.color) + "\n";
        let mut weekday = self.week_start;
        let names: Vec<Piece> = std::iter::repeat_with(|| {
            let name = weekday.to_string();
            weekday = weekday.succ();
            Piece { text: name, style: Style::Faint }
        })
        .take(7)
        .collect();
        self.line(&names, &mut out);
        let blanks = first.weekday().days_since(self.week_start);
        let mut monday = first.checked_sub_days(Days::new(u64::from(blanks)));
        while let Some(begin) = monday.filter(|day| *day < first || day.month() == first.month()) {
            self.week(begin, first, &mut out);
            monday = begin.checked_add_days(Days::new(7));
        }
        out
    }

    /// One week of a month: the numbers of its days, then what is on them.
    fn week(&self, begin: NaiveDate, month: NaiveDate, out: &mut String) {
        let cells: Vec<Vec<Piece>> = begin
            .iter_days()
            .take(7)
            .map(|date| if date.month() == month.month() { self.cell(date) } else { Vec::new() })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for row in 0..height {
            let empty = || Piece { text: String::new(), style: Style::Plain };
            let pieces: Vec<Piece> =
                cells.iter().map(|cell| cell.get(row).cloned().unwrap_or_else(empty)).collect();
            self.line(&pieces, out);
        }
    }

    /// One day: its number, and what is on it.
    fn cell(&self, date: NaiveDate) -> Vec<Piece> {
        let number = format!("{:>2}", date.day());
        let Some(marks) = self.days.get(&date) else {
            return vec![Piece { text: number, style: Style::Faint }];
        };
        let mut cell = vec![Piece { text: number, style: Style::Strong }];
        cell.extend(self.times(marks));
        cell
    }

    /// The times of a day: two beside each other where there is room; of many the first and the last.
    fn times(&self, marks: &[Mark]) -> Vec<Piece> {
        let (taken, left_out): (Vec<&Mark>, Vec<&Mark>) =
            marks.iter().partition(|mark| mark.left_out.is_none());
        let times: Vec<String> = taken.iter().map(|mark| time(mark.local)).collect();
        let mut pieces = Vec::new();
        let plain = |text: String| Piece { text, style: Style::Plain };
        if let ([first, .., last], true) = (times.as_slice(), times.len() > MOST_TIMES) {
            // One column stays free between two days.
            let both = format!("{first}-{last}");
            if both.len() < self.column {
                pieces.push(plain(both));
            } else {
                pieces.extend([plain(format!("{first}-")), plain(last.clone())]);
            }
            pieces.push(plain(format!("{} slots", times.len())));
        } else {
            let longest = times.iter().map(String::len).max().unwrap_or(0);
            let beside = if 2 * longest + 1 < self.column { 2 } else { 1 };
            pieces.extend(times.chunks(beside).map(|times| plain(times.join(" "))));
        }
        pieces.extend(left_out.iter().map(|mark| Piece {
            text: format!("{} {}", time(mark.local), why(mark.left_out)),
            style: Style::Killed,
        }));
        pieces
    }

    /// One line of seven pieces.
    fn line(&self, pieces: &[Piece], out: &mut String) {
        let mut line = String::new();
        let last = pieces.iter().rposition(|piece| !piece.text.is_empty()).map_or(0, |at| at + 1);
        for (at, piece) in pieces.iter().take(last).enumerate() {
            line.push_str(&piece.style.paint(&piece.text, self.color));
            if at + 1 < last {
                let blanks = padded(&piece.text, self.column).len() - piece.text.len();
                line.push_str(&" ".repeat(blanks));
            }
        }
        let _ = writeln!(out, "{line}");
    }
}

/// A text in a column.
#[derive(Clone)]
struct Piece {
    text: String,
    style: Style,
}

/// One date on a line of its own.
fn listed(date: NaiveDate, marks: &[Mark], color: bool) -> String {
    let mut line = date.format("%a %Y-%m-%d").to_string();
    for mark in marks {
        let why = why(mark.left_out);
        let text = time(mark.local);
        let (text, style) = match why {
            "" => (text, Style::Plain),
            why => (format!("{text} {why}"), Style::Killed),
        };
        let _ = write!(line, " {}", style.paint(&text, color));
    }
    line + "\n"
}

/// `19:30`, with seconds where there are any.
fn time(local: LocalTime) -> String {
    let text = local.to_string();
    let time = text.get(11..).unwrap_or_default();
    time.strip_suffix(":00").unwrap_or(time).to_owned()
}

/// What stands beside a time that is left out.
fn why(left_out: Option<Rejection>) -> &'static str {
    match left_out {
        None => "",
        Some(Rejection::Gap) => "gap",
        Some(Rejection::Fold) => "twice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(texts: &[&str]) -> Vec<Mark> {
        let mark = |text: &&str| Mark { local: text.parse().unwrap(), left_out: None };
        texts.iter().map(mark).collect()
    }

    #[test]
    fn a_month_is_a_leaf_with_the_times_below_the_days() {
        let mut marks = marks(&["2027-03-27T19:30", "2027-03-29T10:00", "2027-03-29T11:00:30"]);
        let local = "2027-03-28T02:30".parse().unwrap();
        marks.push(Mark { local, left_out: Some(Rejection::Gap) });
        let drawn = months(&marks, Weekday::Mon, false, 80);
        let expected = "\
March 2027
Mon        Tue        Wed        Thu        Fri        Sat        Sun
 1          2          3          4          5          6          7
 8          9         10         11         12         13         14
15         16         17         18         19         20         21
22         23         24         25         26         27         28
                                                       19:30      02:30 gap
29         30         31
10:00
11:00:30
";
        assert_eq!(drawn, expected);
        assert!(months(&marks, Weekday::Mon, true, 80).contains("\u{1b}[31m02:30 gap\u{1b}[0m"));
        let sundays = months(&marks, Weekday::Sun, false, 80);
        assert!(sundays.starts_with("March 2027\nSun        Mon        Tue"), "{sundays}");
        assert!(sundays.contains("\n            1          2"), "{sundays}");
    }

    #[test]
    fn months_without_dates_are_left_out() {
        let drawn =
            months(&marks(&["2027-12-31T20:00", "2028-02-29T20:00"]), Weekday::Mon, false, 80);
        let titles: Vec<&str> = drawn.lines().filter(|line| line.contains(" 202")).collect();
        assert_eq!(titles, ["December 2027", "February 2028"]);
        assert!(drawn.contains("\n27         28         29         30         31\n"), "{drawn}");
    }

    #[test]
    fn many_times_of_a_day_are_the_first_the_last_and_their_number() {
        let times: Vec<String> = (10..18).map(|hour| format!("2027-06-01T{hour}:00")).collect();
        let times: Vec<&str> = times.iter().map(String::as_str).collect();
        let drawn = months(&marks(&times), Weekday::Mon, false, 100);
        assert!(drawn.contains("10:00-17:00\n") && drawn.contains("8 slots\n"), "{drawn}");
        let narrow = months(&marks(&times), Weekday::Mon, false, 77);
        assert!(narrow.contains("10:00-\n") && narrow.contains("17:00\n"), "{narrow}");
        let drawn = months(&marks(&times[..4]), Weekday::Mon, false, 100);
        assert!(drawn.contains("10:00 11:00\n") && drawn.contains("12:00 13:00\n"), "{drawn}");
        let narrow = months(&marks(&times[..4]), Weekday::Mon, false, 77);
        assert!(narrow.contains("10:00\n") && narrow.contains("13:00\n"), "{narrow}");
    }

    #[test]
    fn where_seven_columns_do_not_fit_the_dates_stand_below_each_other() {
        let mut marks = marks(&["2027-03-27T19:30", "2027-03-27T22:00"]);
        let local = "2027-10-31T02:30".parse().unwrap();
        marks.push(Mark { local, left_out: Some(Rejection::Fold) });
        let expected = "Sat 2027-03-27 19:30 22:00\nSun 2027-10-31 02:30 twice\n";
        assert_eq!(months(&marks, Weekday::Mon, false, 76), expected);
        assert_eq!(months(&[], Weekday::Mon, false, 100), "");
    }
}
