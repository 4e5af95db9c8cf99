//! A season: an organizer's venues, halls, events and schedules, as one file says them.
//!
//! Born in the season file or in the host's own code, checked by whoever makes it, and given to the import
//! as a whole. Everything is known by its slug.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::instant::{Instant, Span};
use crate::domain::money::Currency;
use crate::domain::plan::Plan;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::text::{Description, Name, Slug};
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};

/// The hold where an event says none.
pub const DEFAULT_HOLD: Span = Span::from_mins(5);
/// The shortest hold of an event.
pub const MIN_HOLD: Span = Span::from_secs(30);
/// The longest hold of an event.
pub const MAX_HOLD: Span = Span::from_mins(60);
/// The longest that extending may make a hold.
pub const MAX_MAX_HOLD: Span = Span::from_hours(2);
/// The most units of one booking where an event says nothing.
pub const DEFAULT_UNITS_PER_BOOKING: u32 = 10;
/// The most units of one booking that an event may allow.
pub const MAX_UNITS_PER_BOOKING: u32 = 100;
/// The most places of one area.
pub const MAX_AREA_CAPACITY: u32 = 1_000_000;

/// Everything one season file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonSpec {
    /// Who sells.
    pub organizer: OrganizerSpec,
    /// Where, in the order of the file.
    pub venues: Vec<VenueSpec>,
    /// What, in the order of the file.
    pub events: Vec<EventSpec>,
}

/// The company that sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizerSpec {
    /// Its name in commands.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// The currency of all its prices.
    pub currency: Currency,
}

/// A place with halls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueSpec {
    /// Its name in commands, unique in the season.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// Where it is.
    pub city: Option<Name>,
    /// The zone of the clock on its wall.
    pub zone: Zone,
    /// In the order of the file.
    pub halls: Vec<HallSpec>,
}

/// A room: with a plan, areas, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallSpec {
    /// Its name in commands, unique in its venue.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// Its seats.
    pub plan: PlanSource,
    /// Its areas, in the order of the file.
    pub areas: Vec<AreaSpec>,
    /// How long the hall stays empty between two slots.
    pub turnaround: Span,
    /// Other events may use it at the same time.
    pub shared: bool,
}

/// Where a hall's seats come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanSource {
    /// It has none, or keeps those it has.
    None,
    /// From a plan file, named relative to the season file and not read yet.
    File(String),
    /// From this plan: a grid's, or a file's that was read.
    Plan(Arc<Plan>),
}

/// A part of a hall with a capacity and no seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AreaSpec {
    /// Its name, unique in its hall.
    pub name: Name,
    /// How many people it takes: 1 to [`MAX_AREA_CAPACITY`].
    pub capacity: u32,
    /// Its price category; seats may be of the same.
    pub category: Name,
}

/// What people attend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSpec {
    /// Its name in commands, unique in the season.
    pub slug: Slug,
    /// What it is: `movie`, `match`, `timed_entry` .. 1 to 40 of a-z, 0-9, `_` and `-`.
    pub kind: String,
    /// Its name for people.
    pub title: Name,
    /// More about it.
    pub description: Option<Description>,
    /// Words to find it by.
    pub tags: Vec<Name>,
    /// In which hall it takes place.
    pub hall: HallRef,
    /// How long a slot is; none only where all its schedules have a length of their own.
    pub duration: Option<Span>,
    /// How long a hold lives.
    pub hold: Span,
    /// How old extending may make a hold.
    pub max_hold: Span,
    /// The most units of one booking.
    pub max_units_per_booking: u32,
    /// The most units of one buyer in one slot.
    pub max_units_per_buyer: Option<u32>,
    /// Sold to the public from then on.
    pub on_sale_from: Option<SaleBound>,
    /// Sold to the public until then.
    pub on_sale_until: Option<SaleBound>,
    /// Whether it sells at all.
    pub state: EventStart,
    /// One price for each category of the hall, in the order of the file.
    pub prices: Vec<PriceSpec>,
    /// In the order of the file: a schedule is known by its place here, from 0.
    pub schedules: Vec<ScheduleSpec>,
}

/// A hall by the slugs of its venue and itself: `riethsporthalle/arena`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HallRef {
    /// The venue's slug.
    pub venue: Slug,
    /// The hall's slug.
    pub hall: Slug,
}

/// A text that does not name a hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hall: the slugs of a venue and its hall are needed, as in riethsporthalle/arena")]
pub struct NotAHallRef;

impl std::str::FromStr for HallRef {
    type Err = NotAHallRef;

    fn from_str(text: &str) -> Result<Self, NotAHallRef> {
        let (venue, hall) = text.split_once('/').ok_or(NotAHallRef)?;
        let slug = |text: &str| text.parse::<Slug>().map_err(|_| NotAHallRef);
        Ok(Self { venue: slug(venue)?, hall: slug(hall)? })
    }
}

impl std::fmt::Display for HallRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.venue, self.hall)
    }
}

/// One end of the time in which the public may buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaleBound {
    /// At this wall time of the venue, for all slots.
    At(LocalTime),
    /// So long before each slot starts.
    BeforeStart(Span),
}

impl SaleBound {
    /// The instant for a slot that starts then. A wall time that does not exist or exists twice is read as
    /// calendars do.
    pub fn for_slot(self, starts_at: Instant, zone: &Zone) -> Instant {
        match self {
            Self::At(local) => match zone.resolve(local, GapPolicy::Compatible) {
                Resolved::At(at) => at,
                Resolved::Rejected(_) => Instant::EPOCH,
            },
            Self::BeforeStart(span) => starts_at.minus(span),
        }
    }
}

/// When a slot that starts then is sold to the public, by its event's bounds: from the event's publication and
/// until the start where they say nothing.
pub fn sale_window(
    (from, until): (Option<SaleBound>, Option<SaleBound>),
    starts_at: Instant,
    zone: &Zone,
) -> (Option<Instant>, Instant) {
    let from = from.map(|bound| bound.for_slot(starts_at, zone));
    (from, until.map_or(starts_at, |bound| bound.for_slot(starts_at, zone)))
}

/// The state in which a season file puts an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventStart {
    /// It sells nothing yet.
    #[default]
    Draft,
    /// It sells.
    Published,
}

/// What one unit of a category costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceSpec {
    /// The category of seats and areas.
    pub category: Name,
    /// In minor units of the organizer's currency.
    pub minor: i64,
}

/// A price too few or too many.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceProblem {
    /// A category of the hall has no price.
    #[error("the category {0:?} of the hall has no price")]
    Missing(Name),
    /// A price is for a category that the hall does not have.
    #[error("the hall has no category {0:?}")]
    Unknown(Name),
}

/// Checks that every category of a hall has a price and no other does.
///
/// # Takes
/// `categories`: those of the hall, as [`HallSpec::categories`] lists them or as the store knows them.
pub fn check_prices(event: &EventSpec, categories: &[Name]) -> Result<(), PriceProblem> {
    for price in &event.prices {
        if !categories.contains(&price.category) {
            return Err(PriceProblem::Unknown(price.category.clone()));
        }
    }
    for category in categories {
        if !event.prices.iter().any(|price| price.category == *category) {
            return Err(PriceProblem::Missing(category.clone()));
        }
    }
    Ok(())
}

impl HallSpec {
    /// The plan, where there is one and it was read.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        match &self.plan {
            PlanSource::Plan(plan) => Some(plan),
            PlanSource::None | PlanSource::File(_) => None,
        }
    }

    /// All categories: those of the plan, then those that only areas have. None while the plan file is
    /// not read.
    pub fn categories(&self) -> Option<Vec<Name>> {
        let mut names: Vec<Name> = match &self.plan {
            PlanSource::None => Vec::new(),
            PlanSource::File(_) => return None,
            PlanSource::Plan(plan) => plan.categories().iter().map(|c| c.name.clone()).collect(),
        };
        for area in &self.areas {
            if !names.contains(&area.category) {
                names.push(area.category.clone());
            }
        }
        Some(names)
    }
}

impl SeasonSpec {
    /// The venue and hall that an event names.
    pub fn hall(&self, hall: &HallRef) -> Option<(&VenueSpec, &HallSpec)> {
        let venue = self.venues.iter().find(|venue| venue.slug == hall.venue)?;
        Some((venue, venue.halls.iter().find(|h| h.slug == hall.hall)?))
    }

    /// The plan files that are still to be read, each once, in the order of the file.
    pub fn plan_files(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for hall in self.venues.iter().flat_map(|venue| &venue.halls) {
            if let PlanSource::File(name) = &hall.plan
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// Puts a plan in the place of every plan file, asking for each file once.
    pub fn resolve<E>(&mut self, mut read: impl FnMut(&str) -> Result<Plan, E>) -> Result<(), E> {
        let mut known: Vec<(String, Arc<Plan>)> = Vec::new();
        for hall in self.venues.iter_mut().flat_map(|venue| &mut venue.halls) {
            let PlanSource::File(name) = &hall.plan else { continue };
            let found = known.iter().find(|(n, _)| n == name).map(|(_, plan)| Arc::clone(plan));
            let plan = if let Some(plan) = found {
                plan
            } else {
                let plan = Arc::new(read(name)?);
                known.push((name.clone(), Arc::clone(&plan)));
                plan
            };
            hall.plan = PlanSource::Plan(plan);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "season_tests.rs"]
mod tests;
