//! What the entries of a calendar come to: one series for each UID, or the reason why it is left out.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Added, Change, Moment, Recurring, Series, Skipped};
use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::{ListedDate, MAX_LISTED, MAX_RULES};
use crate::domain::text::{Description, Name};
use crate::domain::zone::Zone;

use super::content_line::ContentLine;
use super::file::{RawEntry, RawFile};
use super::value::{Fault, Floating, Stamp, between, duration, moment, period, stamp, zone};

/// Why a series is left out, and the line that is the reason.
#[derive(Debug)]
struct Skip(u32, Fault);

/// An entry with the zone of its calendar.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    raw: &'a RawEntry,
    floating: &'a Floating,
}

/// Gathers the series of a file, in the order in which it first names each UID.
pub(super) fn gather(file: &RawFile, default: &Zone) -> (Vec<Series>, Vec<Skipped>) {
    let floating = |line: &Option<ContentLine>| match line {
        Some(line) => {
            let name = line.text();
            Floating(zone(name.trim()).map_err(|_| name.trim().chars().take(100).collect()))
        }
        None => Floating(Ok(default.clone())),
    };
    let zones: Vec<Floating> = file.zones.iter().map(floating).collect();
    let mut skipped = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut found: Vec<(String, Vec<Entry<'_>>)> = Vec::new();
    for raw in &file.entries {
        let Some(floating) = zones.get(raw.calendar) else { continue };
        let uid = raw.find("UID").map(|line| line.text().trim().to_owned()).unwrap_or_default();
        if uid.is_empty() || uid.chars().count() > 1_000 {
            let reason = Fault::Missing("a UID of at most 1000 characters").to_string();
            skipped.push(Skipped { uid: String::new(), line: raw.line, reason });
            continue;
        }
        let place = *places.entry(uid.clone()).or_insert(found.len());
        if place == found.len() {
            found.push((uid, Vec::new()));
        }
        found[place].1.push(Entry { raw, floating });
    }
    let mut all = Vec::new();
    for (uid, entries) in found {
        match series(&uid, &entries) {
            Ok(series) => all.extend(series),
            Err(Skip(line, fault)) => {
                skipped.push(Skipped { uid, line, reason: fault.to_string() });
            }
        }
    }
    skipped.sort_by_key(|skipped| skipped.line);
    (all, skipped)
}

/// What the entries of one UID come to; none if it is cancelled.
fn series(uid: &str, entries: &[Entry<'_>]) -> Result<Option<Series>, Skip> {
    let is_main = |entry: &&Entry<'_>| entry.raw.find("RECURRENCE-ID").is_none();
    // Of equals the last one is taken.
    let main = entries.iter().filter(is_main).max_by_key(|entry| entry.sequence()).copied();
    if main.is_some_and(Entry::is_cancelled) {
        return Ok(None);
    }
    let recurring = main.map(Entry::recurring).transpose()?;
    let mut latest: BTreeMap<Instant, (Entry<'_>, Moment)> = BTreeMap::new();
    for entry in entries {
        let Some(line) = entry.raw.find("RECURRENCE-ID") else { continue };
        if line.param("RANGE").is_some() {
            return Err(Skip(line.line, Fault::Range));
        }
        let replaces = entry.moment(line)?;
        let at = replaces.at();
        let known = latest.get(&at).map(|(known, _)| known.sequence());
        if known.is_none_or(|known| entry.sequence() >= known) {
            latest.insert(at, (*entry, replaces));
        }
    }
    let length = recurring.as_ref().map(|main| main.length);
    let mut changes = Vec::new();
    for (entry, replaces) in latest.into_values() {
        let becomes = entry.becomes(&replaces, length)?;
        changes.push(Change { replaces, becomes });
    }
    let Some(first) = main.or_else(|| entries.first().copied()) else { return Ok(None) };
    Ok(Some(Series {
        uid: uid.to_owned(),
        line: first.raw.line,
        title: title(first.raw, uid),
        description: description(first.raw),
        main: recurring,
        changes,
    }))
}

/// The summary as one line without control characters, else the UID.
fn title(entry: &RawEntry, uid: &str) -> Name {
    let plain = |text: &str| {
        let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let cut: String = spaced.trim().chars().take(200).collect();
        cut.trim_end().parse::<Name>().ok()
    };
    let summary = entry.find("SUMMARY").and_then(|line| plain(&line.text()));
    summary.or_else(|| plain(uid)).unwrap_or_else(|| Name::stored("untitled"))
}

/// The description, cut to what an event keeps.
fn description(entry: &RawEntry) -> Option<Description> {
    let text = entry.find("DESCRIPTION")?.text();
    let kept = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let cut: String = kept.take(10_000).collect();
    let cut = cut.trim();
    if cut.is_empty() { None } else { cut.parse().ok() }
}

impl Entry<'_> {
    /// How often it was revised.
    fn sequence(&self) -> i64 {
        let line = self.raw.find("SEQUENCE");
        line.and_then(|line| line.value.trim().parse().ok()).unwrap_or(0)
    }

    fn is_cancelled(self) -> bool {
        let line = self.raw.find("STATUS");
        line.is_some_and(|line| line.value.trim().eq_ignore_ascii_case("CANCELLED"))
    }

    fn moment(&self, line: &ContentLine) -> Result<Moment, Skip> {
        moment(line, self.floating).map_err(|fault| Skip(line.line, fault))
    }

    /// How long it is from its start; none if it says nothing of its end.
    fn length(&self, starts: &Moment) -> Result<Option<Span>, Skip> {
        if let Some(line) = self.raw.find("DTEND") {
            let ends = self.moment(line)?;
            return between(starts, &ends).map(Some).map_err(|fault| Skip(line.line, fault));
        }
        let Some(line) = self.raw.find("DURATION") else { return Ok(None) };
        duration(line, &line.value).map(Some).map_err(|fault| Skip(line.line, fault))
    }

    /// Reads a main entry.
    fn recurring(self) -> Result<Recurring, Skip> {
        if let Some(line) = self.raw.find("EXRULE") {
            return Err(Skip(line.line, Fault::ExRule));
        }
        let Some(line) = self.raw.find("DTSTART") else {
            return Err(Skip(self.raw.line, Fault::Missing("DTSTART")));
        };
        let starts = self.moment(line)?;
        let length = self.length(&starts)?.ok_or(Skip(line.line, Fault::NoLength))?;
        let (mut rules, mut rule_texts) = (Vec::new(), Vec::new());
        for line in self.raw.all("RRULE") {
            if rules.len() >= MAX_RULES {
                return Err(Skip(line.line, Fault::TooMany));
            }
            let text = line.value.trim();
            let rule = text.parse().map_err(|error| Skip(line.line, Fault::Rule(error)))?;
            rules.push(rule);
            rule_texts.push(text.to_owned());
        }
        let added = self.added(&starts)?;
        let removed = self.removed(&starts)?;
        Ok(Recurring { starts, length, rules, rule_texts, added, removed })
    }

    /// The values of all lines of a name, each with its line.
    fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (&'s ContentLine, &'s str)> {
        self.raw.all(name).flat_map(|line| line.value.split(',').map(move |value| (line, value)))
    }

    /// The dates beside the rules.
    fn added(&self, starts: &Moment) -> Result<Vec<Added>, Skip> {
        let mut added = Vec::new();
        for (line, value) in self.values("RDATE") {
            let skip = |fault| Skip(line.line, fault);
            if added.len() >= MAX_LISTED {
                return Err(skip(Fault::TooMany));
            }
            if value.contains('/') {
                let (starts, length) = period(line, value, self.floating).map_err(skip)?;
                added.push(Added { starts, length: Some(length) });
                continue;
            }
            let starts = match stamp(line, value, self.floating).map_err(skip)? {
                Stamp::At(moment) => moment,
                Stamp::Date(day) => {
                    let wall = starts.wall.on(day);
                    let wall =
                        wall.ok_or(skip(Fault::Value("RDATE".into(), "a date from 1970 on")))?;
                    Moment { wall, zone: starts.zone.clone() }
                }
            };
            added.push(Added { starts, length: None });
        }
        Ok(added)
    }

    /// The dates that are left out.
    fn removed(&self, starts: &Moment) -> Result<Vec<ListedDate>, Skip> {
        let mut removed = Vec::new();
        for (line, value) in self.values("EXDATE") {
            let skip = |fault| Skip(line.line, fault);
            if removed.len() >= MAX_LISTED {
                return Err(skip(Fault::TooMany));
            }
            removed.push(match stamp(line, value, self.floating).map_err(skip)? {
                Stamp::Date(day) => ListedDate::Date(day),
                Stamp::At(moment) if moment.zone == starts.zone => ListedDate::Local(moment.wall),
                Stamp::At(moment) => ListedDate::At(moment.at()),
            });
        }
        Ok(removed)
    }

    /// When a single date takes place and how long it is; none if it is cancelled. What it does not say is as it was.
    fn becomes(&self, was: &Moment, length: Option<Span>) -> Result<Option<(Moment, Span)>, Skip> {
        if self.is_cancelled() {
            return Ok(None);
        }
        let line = self.raw.find("DTSTART");
        let starts = match line {
            Some(line) => self.moment(line)?,
            None => was.clone(),
        };
        let inherited = if line.is_none() { length } else { None };
        let at = line.map_or(self.raw.line, |line| line.line);
        let length = self.length(&starts)?.or(inherited).ok_or(Skip(at, Fault::NoLength))?;
        Ok(Some((starts, length)))
    }
}
