//! What a season file makes of what is there: pure, without a store. Nothing is ever removed.

use crate::domain::ids::HallId;
use crate::domain::instant::Span;
use crate::domain::schedule::ScheduleError;
use crate::domain::season::{AreaSpec, EventSpec, EventStart, PriceSpec, SaleBound};
use crate::domain::slot::EventState;
use crate::domain::text::Name;

/// Why a season or a plan cannot be imported over what is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportProblem {
    /// The organizer has slots: prices were quoted in its currency.
    #[error("the currency is {was}, and cannot change once there are slots")]
    Currency {
        /// The currency.
        was: String,
    },
    /// The venue has slots: they were made in its zone.
    #[error("the time zone is {was}, and cannot change once there are slots")]
    Zone {
        /// The zone.
        was: String,
    },
    /// The event has slots: they take place where they are.
    #[error("the event's hall cannot change once it has slots")]
    HallOfEvent,
    /// Somebody has more places of an area than it is to have.
    #[error("{used} places are taken in one of the slots, {asked} are too few")]
    AreaTooSmall {
        /// So many have an owner in one slot.
        used: i64,
        /// So many the area is to have.
        asked: i64,
    },
    /// An event's hall has a category without a price.
    #[error("the event {event} has no price for the category {category:?}")]
    NoPrice {
        /// The event's slug.
        event: String,
        /// The category.
        category: String,
    },
    /// A price is for a category that the hall does not have.
    #[error("the hall has no category {category:?}")]
    NoCategory {
        /// The category.
        category: String,
    },
    /// An event names a hall that the season does not have.
    #[error("this file has no hall {hall}")]
    NoHall {
        /// The hall.
        hall: String,
    },
    /// A hall's plan file was not read.
    #[error("the plan file {name:?} was not read")]
    PlanNotRead {
        /// The file.
        name: String,
    },
    /// Nothing says how long a schedule's slots are.
    #[error("a duration is needed, or a length in the schedule")]
    NoDuration,
    /// A schedule's keys, rules or opening hours are wrong.
    #[error("{}", .0.message)]
    Schedule(ScheduleError),
    /// The event was deleted: its slug is spent.
    #[error("the event {event} was deleted; another slug is needed")]
    EventDeleted {
        /// The event's slug.
        event: String,
    },
}

/// An event's fields beside its slug, prices and schedules: what an import compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFields {
    /// What it is.
    pub kind: String,
    /// Its name for people.
    pub title: Name,
    /// More about it; may be empty.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<Name>,
    /// Where it takes place.
    pub hall: HallId,
    /// How long a slot is.
    pub duration: Option<Span>,
    /// How long a hold lives.
    pub hold: Span,
    /// How old extending may make a hold.
    pub max_hold: Span,
    /// The most units of one booking.
    pub max_units_per_booking: i64,
    /// The most units of one buyer in one slot.
    pub max_units_per_buyer: Option<i64>,
    /// Sold to the public from then on.
    pub on_sale_from: Option<SaleBound>,
    /// Sold to the public until then.
    pub on_sale_until: Option<SaleBound>,
    /// What it is now.
    pub state: EventState,
}

impl EventFields {
    /// The fields that an event has after the import of a season.
    pub fn of(spec: &EventSpec, hall: HallId, stored: Option<EventState>) -> Self {
        let description = spec.description.as_ref().map_or("", |text| text.as_str());
        Self {
            kind: spec.kind.clone(),
            title: spec.title.clone(),
            description: description.to_owned(),
            tags: spec.tags.clone(),
            hall,
            duration: spec.duration,
            hold: spec.hold,
            max_hold: spec.max_hold,
            max_units_per_booking: i64::from(spec.max_units_per_booking),
            max_units_per_buyer: spec.max_units_per_buyer.map(i64::from),
            on_sale_from: spec.on_sale_from,
            on_sale_until: spec.on_sale_until,
            state: state_after(stored, spec.state),
        }
    }
}

/// The state of an event after an import. A file publishes a draft; it takes nothing back that was published,
/// cancelled or completed.
pub fn state_after(stored: Option<EventState>, file: EventStart) -> EventState {
    match (stored, file) {
        (None | Some(EventState::Draft), EventStart::Draft) => EventState::Draft,
        (None | Some(EventState::Draft), EventStart::Published) => EventState::Published,
        (
            Some(state @ (EventState::Published | EventState::Cancelled | EventState::Completed)),
            _,
        ) => state,
    }
}

/// The areas of a hall after an import: the file's in its order, then those that it does not name.
pub fn merge_areas(stored: &[AreaSpec], file: &[AreaSpec]) -> Vec<AreaSpec> {
    merge(stored, file, |area| &area.name)
}

/// The prices of an event after an import: the file's in its order, then those that it does not name. They
/// stand for slots that keep an older plan.
pub fn merge_prices(stored: &[PriceSpec], file: &[PriceSpec]) -> Vec<PriceSpec> {
    merge(stored, file, |price| &price.category)
}

fn merge<T: Clone>(stored: &[T], file: &[T], name: impl Fn(&T) -> &Name) -> Vec<T> {
    let mut merged: Vec<T> = Vec::with_capacity(stored.len().max(file.len()));
    for item in file.iter().chain(stored) {
        if !merged.iter().any(|known| name(known) == name(item)) {
            merged.push(item.clone());
        }
    }
    merged
}

/// The categories of a hall: its plan's, then those that only areas have.
pub fn hall_categories(plan: &[Name], areas: &[AreaSpec]) -> Vec<Name> {
    let mut names = plan.to_vec();
    for area in areas {
        if !names.contains(&area.category) {
            names.push(area.category.clone());
        }
    }
    names
}

/// The first category without a price.
pub fn unpriced<'a>(categories: &'a [Name], prices: &[PriceSpec]) -> Option<&'a Name> {
    categories.iter().find(|category| !prices.iter().any(|price| price.category == **category))
}

/// The first price for a category that is not there.
pub fn misplaced<'a>(categories: &[Name], prices: &'a [PriceSpec]) -> Option<&'a Name> {
    prices.iter().map(|price| &price.category).find(|category| !categories.contains(category))
}

#[cfg(test)]
#[path = "season_diff_tests.rs"]
mod tests;
