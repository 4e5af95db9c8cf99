//! Replies of the reading verbs. Every figure is as of the instant at which it was asked for: a due hold counts
//! as gone, whether or not anybody has written that down.

mod answer;
mod calendar;
mod catalog;
mod change;
mod plan;
mod slot;
mod ticket;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cursor::Cursor;

pub use answer::Answer;
pub use calendar::CalendarView;
pub use catalog::{
    AreaView, CategorySeats, EventView, HallView, PriceView, ScheduleItem, ScheduleView, VenueView,
};
pub use change::ChangeView;
pub use plan::{PlanSeat, PlanSummary, PlanView};
pub use slot::{MapSeat, SlotArea, SlotCategory, SlotMap, SlotView};
pub use ticket::IssuedTicket;

/// A part of a list.
///
/// Only a null `next` says that a list has ended: a filtered page may have fewer items than were asked for, even
/// none, and still go on. The feed's `next` is never null, because the feed never ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// In the order of the list.
    pub items: Vec<T>,
    /// Where the list goes on; null at its end.
    pub next: Option<Cursor>,
}
