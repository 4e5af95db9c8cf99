//! Calendars: a draft event for each series, in one hall. Known again by its UID.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Series, SeriesEvent, Skipped, slug};
use crate::domain::ids::{OrganizerId, ScheduleId};
use crate::domain::instant::Span;
use crate::domain::season::{DEFAULT_HOLD, DEFAULT_UNITS_PER_BOOKING, EventSpec, EventStart};
use crate::domain::season_diff::EventFields;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;
use crate::operations::Stop;
use crate::store::catalog::{calendars, events};

use super::events::event;
use super::places::ImportedHall;
use super::run::Run;

/// How far rules of another zone than the venue's are written out.
const WRITTEN_OUT: Span = Span::from_days(365);
/// What kind of event a calendar has: it does not say.
const KIND: &str = "event";
/// How old extending may make a hold of the usual length: three times as old.
const DEFAULT_MAX_HOLD: Span = Span::from_mins(15);

/// Makes the series' events, or changes those that they became before; says their schedules.
pub(super) fn events_of(
    run: &mut Run<'_, '_, '_>,
    organizer: OrganizerId,
    hall: &ImportedHall,
    series: &[Series],
) -> Result<Vec<ScheduleId>, Stop> {
    let until = run.work.now.plus(WRITTEN_OUT);
    let mut slugs = Slugs::default();
    let mut schedules = Vec::new();
    for series in series {
        let Some(found) = series.event(&hall.zone, until) else {
            skip(run, series, "it has no date that takes place".to_owned());
            continue;
        };
        let known = calendars::event_of(run.work.tx, hall.id, &series.uid)?;
        let stored = match &known {
            Some(slug) => events::by_slug(run.work.tx, organizer, slug)?,
            None => None,
        };
        if let (Some(slug), Some(row)) = (&known, &stored)
            && row.deleted
        {
            skip(run, series, format!("its event {slug} was deleted"));
            continue;
        }
        let slug = match known {
            Some(slug) => slug,
            None => slugs.free(run, organizer, series)?,
        };
        let is_new = stored.is_none();
        let spec = spec(series, found, slug, hall, stored.map(|row| row.fields));
        let event = event(run, organizer, &spec, hall, format!("line {}", series.line))?;
        if is_new {
            calendars::insert(run.work.tx, event.id, hall.id, &series.uid)?;
        }
        schedules.extend(event.schedules);
    }
    Ok(schedules)
}

/// Leaves a series out, and says so.
fn skip(run: &mut Run<'_, '_, '_>, series: &Series, reason: String) {
    let (uid, line) = (series.uid.clone(), series.line);
    run.done.skipped.push(Skipped { uid, line, reason });
}

/// The event as the calendar has it. What a calendar does not say stays as it is.
fn spec(
    series: &Series,
    found: SeriesEvent,
    slug: Slug,
    hall: &ImportedHall,
    stored: Option<EventFields>,
) -> EventSpec {
    let units = |units: i64| u32::try_from(units).unwrap_or(DEFAULT_UNITS_PER_BOOKING);
    let mut spec = EventSpec {
        slug,
        kind: KIND.to_owned(),
        title: series.title.clone(),
        description: series.description.clone(),
        tags: Vec::new(),
        hall: hall.name.clone(),
        duration: Some(found.duration),
        hold: DEFAULT_HOLD,
        max_hold: DEFAULT_MAX_HOLD,
        max_units_per_booking: DEFAULT_UNITS_PER_BOOKING,
        max_units_per_buyer: None,
        on_sale_from: None,
        on_sale_until: None,
        state: EventStart::Draft,
        prices: Vec::new(),
        schedules: found.schedules,
    };
    if let Some(stored) = stored {
        spec.kind = stored.kind;
        spec.tags = stored.tags;
        (spec.hold, spec.max_hold) = (stored.hold, stored.max_hold);
        spec.max_units_per_booking = units(stored.max_units_per_booking);
        spec.max_units_per_buyer = stored.max_units_per_buyer.map(units);
        (spec.on_sale_from, spec.on_sale_until) = (stored.on_sale_from, stored.on_sale_until);
        if stored.state == EventState::Published {
            spec.state = EventStart::Published;
        }
    }
    spec
}

/// The slugs that this import gave away.
#[derive(Debug, Default)]
struct Slugs {
    /// How often a slug was asked for: where the search for a free one goes on.
    asked: FxHashMap<String, u32>,
}

impl Slugs {
    /// A slug that no event of the organizer has: the title's, with a number behind it from the second one on.
    fn free(
        &mut self,
        run: &mut Run<'_, '_, '_>,
        organizer: OrganizerId,
        series: &Series,
    ) -> Result<Slug, Stop> {
        let base = slug(series.title.as_str());
        let asked = self.asked.entry(base.clone()).or_default();
        loop {
            *asked += 1;
            let text = if *asked == 1 { base.clone() } else { format!("{base}-{asked}") };
            let slug = Slug::stored(&text);
            if events::by_slug(run.work.tx, organizer, &slug)?.is_none() {
                return Ok(slug);
            }
        }
    }
}
