//! What the season of the small stage says, as the model knows it: events with their terms, schedules and slots.

use std::collections::BTreeSet;

use super::{HOUR, MINUTE, SECOND};

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Not public yet.
    Draft,
    /// Public.
    Published,
    /// Called off.
    Cancelled,
    /// Over, and the book on it closed.
    Completed,
}

/// One end of the public's sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// For all slots.
    At(i64),
    /// So long before the start.
    Before(i64),
}

impl Bound {
    fn of(self, starts: i64) -> i64 {
        match self {
            Self::At(at) => at,
            Self::Before(span) => starts - span,
        }
    }
}

/// An event with its terms.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) state: EventState,
    pub(super) deleted: bool,
    pub(super) version: u32,
    pub(super) per_booking: i64,
    pub(super) per_buyer: Option<i64>,
    pub(super) hold: i64,
    pub(super) max_hold: i64,
    pub(super) from: Option<Bound>,
    pub(super) until: Option<Bound>,
    /// What a seat of row A, one of row B, and a place costs.
    pub(super) prices: [i64; 3],
    pub(super) duration: i64,
    pub(super) schedules: Vec<Schedule>,
}

impl Event {
    /// From when to when a slot that starts then is on sale to the public.
    pub(super) fn sale(&self, starts: i64) -> (Option<i64>, i64) {
        let until = self.until.map_or(starts, |bound| bound.of(starts));
        (self.from.map(|bound| bound.of(starts)), until)
    }
}

/// Dates of an event, and those of them that have been made: never again.
#[derive(Debug, Clone, Default)]
pub(super) struct Schedule {
    pub(super) dates: BTreeSet<i64>,
    pub(super) made: BTreeSet<i64>,
}

/// A slot, and what staff keep back of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot {
    pub(super) event: usize,
    pub(super) starts: i64,
    pub(super) ends: i64,
    pub(super) from: Option<i64>,
    pub(super) until: i64,
    pub(super) closed: bool,
    pub(super) cancelled: bool,
    pub(super) house: BTreeSet<usize>,
    pub(super) killed: BTreeSet<usize>,
    pub(super) house_places: i64,
    pub(super) killed_places: i64,
}

impl Slot {
    pub(super) fn new(event: usize, of: &Event, starts: i64) -> Self {
        let (from, until) = of.sale(starts);
        Self { event, starts, ends: starts + of.duration, from, until, ..Self::default() }
    }

    /// How many units staff keep for themselves, and how many from everybody.
    pub(super) fn withheld(&self) -> [i64; 2] {
        let count = |seats: &BTreeSet<usize>| i64::try_from(seats.len()).unwrap_or(0);
        [count(&self.house) + self.house_places, count(&self.killed) + self.killed_places]
    }
}

/// The events of the season: `scenarios/seasons/buehne.toml`, in its order.
pub(super) fn events() -> Vec<Event> {
    let plain = |slug: &str, title: &str, dates: &[i64]| Event {
        slug: slug.to_owned(),
        title: title.to_owned(),
        state: EventState::Published,
        deleted: false,
        version: 1,
        per_booking: 10,
        per_buyer: None,
        hold: 5 * MINUTE,
        max_hold: 15 * MINUTE,
        from: None,
        until: None,
        prices: [3_000, 2_000, 1_000],
        duration: 2 * HOUR,
        schedules: vec![Schedule {
            dates: dates.iter().copied().collect(),
            made: dates.iter().copied().collect(),
        }],
    };
    vec![
        Event {
            per_booking: 4,
            per_buyer: Some(6),
            max_hold: 12 * MINUTE,
            prices: [2_000, 1_250, 800],
            ..plain("konzert", "Konzert", &[58 * HOUR, 1_186 * HOUR])
        },
        Event {
            prices: [1_000, 1_000, 500],
            duration: HOUR,
            ..plain("lesung", "Lesung", &[104 * HOUR, FAR_SLOT])
        },
        Event {
            from: Some(Bound::At(24 * HOUR)),
            until: Some(Bound::Before(HOUR)),
            ..plain("premiere", "Premiere", &[226 * HOUR])
        },
        Event { state: EventState::Draft, ..plain("entwurf", "Entwurf", &[274 * HOUR]) },
    ]
}

/// The slot of the year 2100: the first of June at 18:00 on the clock of the venue.
const FAR_SLOT: i64 = 645_007 * HOUR;

/// The slots that the season has made, in the order of events and dates.
pub(super) fn slots(events: &[Event]) -> Vec<Slot> {
    let of = |(event, of): (usize, &Event)| {
        let dates: Vec<i64> = of.schedules.iter().flat_map(|it| it.dates.clone()).collect();
        dates.into_iter().map(|date| Slot::new(event, of, date)).collect::<Vec<_>>()
    };
    events.iter().enumerate().flat_map(of).collect()
}

/// The wall clock of the venue at an instant, to the second. All that happens here but the slot of the year 2100 does
/// before the next summer.
pub(super) fn local(at: i64) -> String {
    let ahead = if at < 3_500 * HOUR { HOUR } else { 2 * HOUR };
    let text = super::request::instant(at + ahead - at.rem_euclid(SECOND)).to_string();
    text[..19].to_owned()
}
