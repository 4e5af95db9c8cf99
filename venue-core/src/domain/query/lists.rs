//! Requests for lists. Every list has `after`, a cursor of the page before, and `limit`, 1 to 1,000 items a page
//! (100 where nothing is said).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::Moment;
use crate::domain::booking_state::StateName;
use crate::domain::cursor::Cursor;
use crate::domain::request::{BookingName, SlotName};
use crate::domain::season::HallRef;
use crate::domain::slot::SlotState;
use crate::domain::text::{Buyer, Slug};

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
    /// Events, by slug.
    EventList {}
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
        /// Only those in this hall.
        hall: HallRef,
        /// None that starts before. A date is one of the hall's or event's zone, else of UTC.
        from: Moment,
        /// None that starts after.
        until: Moment,
        /// Only those that are this now.
        state: SlotState,
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
