//! Requests for lists. Every list has `after`, a cursor of the page before, and `limit`, 1 to 1,000 items a page
//! (100 where nothing is said).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::Moment;
use crate::domain::booking_state::StateName;
use crate::domain::cursor::Cursor;
use crate::domain::request::{BookingName, SlotName};
use crate::domain::season::HallRef;
use crate::domain::slot::{EventState, SlotState};
use crate::domain::text::{Buyer, Name, SearchText, Slug};

macro_rules! list {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(
                $(#[$member_doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $member: Option<$type>,
            )*
            /// From the cursor of the page before; from the beginning where nothing is said.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub after: Option<Cursor>,
            /// At most so many items: 1 to 1,000, 100 where nothing is said.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub limit: Option<u32>,
        }

        impl $name {
            /// The filters alone, as the text that a cursor of this list is sealed with.
            #[allow(dead_code, reason = "a place in the feed is sealed without its filters")]
            pub(super) fn filters(&self) -> String {
                let mut bare = self.clone();
                (bare.after, bare.limit) = (None, None);
                serde_json::to_string(&bare).unwrap_or_else(|_| unreachable!("plain data"))
            }
        }
    };
}

list! {
    /// Venues, by slug.
    VenueList {}
}
list! {
    /// Halls, by the slugs of venue and hall.
    HallList {}
}
list! {
    /// Versions of plans, by hall and number.
    PlanList {
        /// Only those of this hall.
        hall: HallRef,
    }
}
list! {
    /// Events, by slug: an order that no change of an event ever changes. Asked for `event_search`, `text` is needed.
    EventList {
        /// Only those with a slot that takes place and does not start before. A local time, or a date, is of the
        /// hall's or venue's zone, else of the one zone of all venues, else of UTC.
        from: Moment,
        /// Only those with a slot that takes place and does not start after.
        until: Moment,
        /// Only those at this venue.
        venue: Slug,
        /// Only those in this hall.
        hall: HallRef,
        /// Only those of this kind; letter case and accents do not matter.
        kind: Name,
        /// Only those with this tag; letter case and accents do not matter.
        tag: Name,
        /// Only those with all words of this text, or words that contain them, in title, description, tags, venue, hall
        /// or city; letter case and accents do not matter.
        text: SearchText,
        /// Only those that are this.
        state: EventState,
        /// Only those with a slot, in this range, of which the caller can have at least so many units now.
        free: u32,
    }
}
list! {
    /// Schedules, by the slug of their event and their place in it.
    ScheduleList {
        /// Only those of this event.
        event: Slug,
    }
}
list! {
    /// Slots, by their start.
    SlotList {
        /// Only those of this event.
        event: Slug,
        /// Only those at this venue.
        venue: Slug,
        /// Only those in this hall.
        hall: HallRef,
        /// Only those of events of this kind; letter case and accents do not matter.
        kind: Name,
        /// Only those of events with this tag; letter case and accents do not matter.
        tag: Name,
        /// Only those of events with all words of this text, or words that contain them, in title, description, tags, venue, hall
        /// or city; letter case and accents do not matter.
        text: SearchText,
        /// None that starts before. A local time, or a date, is of the hall's, venue's or event's zone, else of the
        /// one zone of all venues, else of UTC.
        from: Moment,
        /// None that starts after.
        until: Moment,
        /// Only those that are this now.
        state: SlotState,
        /// Only those of which the caller can have at least so many units now.
        free: u32,
    }
}
list! {
    /// Bookings, by number: in the order in which they were made.
    BookingList {
        /// Only those of this slot.
        slot: SlotName,
        /// Only those for this buyer.
        buyer: Buyer,
        /// Only those that are this now.
        state: StateName,
    }
}
list! {
    /// Tickets of one booking, or of one slot, by number of the booking and of the ticket.
    TicketList {
        /// Of this booking.
        booking: BookingName,
        /// Of this slot.
        slot: SlotName,
    }
}
/// What happened, in its order. Its cursors are places in the one feed, whatever one looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Feed {
    /// Only what concerns this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Slug>,
    /// Only what concerns this slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotName>,
    /// From the cursor of a page or a change; from the beginning where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Cursor>,
    /// At most so many changes: 1 to 1,000, 100 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
