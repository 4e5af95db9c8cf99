//! Requests of the reading verbs: one type a verb. The members are the options of the command line, in
//! snake_case. Reading changes nothing, and its answer is as of the instant at which it was asked.

mod calendars;
mod lists;
mod names;
mod next;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cursor::Cursor;
use super::error::Invalid;
use super::request::{BookingName, SlotName};
use super::season::HallRef;
use super::text::Slug;

pub use calendars::{BookingCalendar, MOST_ENTRIES, SlotCalendar};
pub use lists::{
    BookingList, EventList, Feed, HallList, PlanList, ScheduleList, SlotList, TicketList, VenueList,
};
pub use names::{Moment, NotAMoment, NotATicket, TicketName};
pub use next::SlotNext;

/// The most items of one page.
pub const MOST_ITEMS: u32 = 1_000;
/// The items of one page where nothing is said.
pub const USUAL_ITEMS: u32 = 100;

/// One venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VenueShow {
    /// Which.
    pub venue: Slug,
}

/// One hall, with what it sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HallShow {
    /// Which.
    pub hall: HallRef,
}

/// A hall's plan with every seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanShow {
    /// Of this hall.
    pub hall: HallRef,
    /// In this version; the newest where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// One event with its prices and schedules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventShow {
    /// Which.
    pub event: Slug,
}

/// One slot and how much of it is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotShow {
    /// Which.
    pub slot: SlotName,
}

/// One slot with every seat and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotMapShow {
    /// Which.
    pub slot: SlotName,
}

/// One booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingShow {
    /// Which.
    pub booking: BookingName,
}

/// One ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketShow {
    /// Which.
    pub ticket: TicketName,
}

/// Gives the table of reading verbs to a macro: variant, request, and name on the command line and in JSON.
macro_rules! each_query {
    ($then:ident) => {
        $then! {
            VenueList(VenueList) "venue_list",
            VenueShow(VenueShow) "venue_show",
            HallList(HallList) "hall_list",
            HallShow(HallShow) "hall_show",
            PlanList(PlanList) "plan_list",
            PlanShow(PlanShow) "plan_show",
            EventList(EventList) "event_list",
            EventSearch(EventList) "event_search",
            EventShow(EventShow) "event_show",
            ScheduleList(ScheduleList) "schedule_list",
            SlotList(SlotList) "slot_list",
            SlotShow(SlotShow) "slot_show",
            SlotNext(SlotNext) "slot_next",
            SlotMap(SlotMapShow) "slot_map",
            SlotCalendar(SlotCalendar) "slot_calendar",
            BookingList(BookingList) "booking_list",
            BookingShow(BookingShow) "booking_show",
            BookingCalendar(BookingCalendar) "booking_calendar",
            TicketList(TicketList) "ticket_list",
            TicketShow(TicketShow) "ticket_show",
            Feed(Feed) "feed",
        }
    };
}
pub(crate) use each_query;

macro_rules! declare {
    ($($variant:ident($request:ident) $name:literal,)*) => {
        /// A reading command.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Query {
            $(
                #[doc = concat!("See [`", stringify!($request), "`].")]
                $variant($request),
            )*
        }

        impl Query {
            /// The verb's name.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }
        }
    };
}
each_query!(declare);

/// What the list among the queries says about its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging<'a> {
    /// From this cursor on.
    pub after: Option<&'a Cursor>,
    /// At most so many items.
    pub limit: u32,
    /// What the list's cursors are sealed with, beside the verb.
    pub filters: String,
}

impl Query {
    /// Which page of a list is wanted; none for a query of one thing.
    pub fn paging(&self) -> Option<Paging<'_>> {
        let (after, limit, filters) = match self {
            Self::VenueList(it) => (&it.after, it.limit, it.filters()),
            Self::HallList(it) => (&it.after, it.limit, it.filters()),
            Self::PlanList(it) => (&it.after, it.limit, it.filters()),
            Self::EventList(it) | Self::EventSearch(it) => (&it.after, it.limit, it.filters()),
            Self::ScheduleList(it) => (&it.after, it.limit, it.filters()),
            Self::SlotList(it) => (&it.after, it.limit, it.filters()),
            Self::BookingList(it) => (&it.after, it.limit, it.filters()),
            Self::TicketList(it) => (&it.after, it.limit, it.filters()),
            // A place in the feed is the same place whatever one looks for.
            Self::Feed(it) => (&it.after, it.limit, String::new()),
            Self::VenueShow(_)
            | Self::HallShow(_)
            | Self::PlanShow(_)
            | Self::EventShow(_)
            | Self::SlotShow(_)
            | Self::SlotNext(_)
            | Self::SlotMap(_)
            | Self::SlotCalendar(_)
            | Self::BookingCalendar(_)
            | Self::BookingShow(_)
            | Self::TicketShow(_) => return None,
        };
        Some(Paging { after: after.as_ref(), limit: limit.unwrap_or(USUAL_ITEMS), filters })
    }

    /// What can be checked without any data.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Some(paging) = self.paging()
            && !(1..=MOST_ITEMS).contains(&paging.limit)
        {
            let problem = format!("a number from 1 to {MOST_ITEMS} is needed");
            return Err(Invalid::argument("limit", problem));
        }
        match self {
            Self::PlanShow(PlanShow { version: Some(0), .. }) => {
                Err(Invalid::argument("version", "versions start at 1"))
            }
            Self::TicketList(it) if it.booking.is_some() == it.slot.is_some() => {
                Err(Invalid::argument("booking", "either booking or slot is needed"))
            }
            Self::EventSearch(EventList { text: None, .. }) => {
                Err(Invalid::argument("text", "what is searched for is needed"))
            }
            Self::EventList(EventList { free: Some(0), .. })
            | Self::EventSearch(EventList { free: Some(0), .. })
            | Self::SlotList(SlotList { free: Some(0), .. }) => {
                Err(Invalid::argument("free", "a number from 1 is needed"))
            }
            Self::SlotNext(SlotNext { quantity: 0, .. }) => {
                Err(Invalid::argument("quantity", "a number from 1 is needed"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_one_to_a_thousand() {
        for (limit, fits) in [
            (None, true),
            (Some(1), true),
            (Some(1_000), true),
            (Some(0), false),
            (Some(1_001), false),
        ] {
            let query = Query::EventList(EventList { limit, ..EventList::default() });
            assert_eq!(query.validate().is_ok(), fits, "{limit:?}");
        }
    }

    #[test]
    fn unknown_members_are_refused() {
        assert!(serde_json::from_str::<SlotList>(r#"{"event":"e","limit":3}"#).is_ok());
        for wrong in
            [r#"{"evnt":"e"}"#, r#"{"limit":-1}"#, r#"{"limit":1,"limit":2}"#, r#"{"from":"now"}"#]
        {
            assert!(serde_json::from_str::<SlotList>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<HallShow>(r#"{"hall":"v/h","x":1}"#).is_err());
        assert!(serde_json::from_str::<HallShow>(r#"{"hall":"v"}"#).is_err());
    }

    #[test]
    fn tickets_are_listed_of_one_thing() {
        let booking = Some("7Q4ZK2MB".parse().unwrap());
        let slot: Option<SlotName> = Some("m@2027-09-04T19:30".parse().unwrap());
        let list = |booking, slot| {
            Query::TicketList(TicketList { booking, slot, ..TicketList::default() })
        };
        assert!(list(booking, None).validate().is_ok());
        assert!(list(None, slot.clone()).validate().is_ok());
        assert!(list(None, None).validate().is_err());
        assert!(list(booking, slot).validate().is_err());
    }

    #[test]
    fn a_page_and_its_size_are_no_filters() {
        let list = |event: &str, limit| {
            let event = Some(event.parse().unwrap());
            Query::SlotList(SlotList { event, limit, ..SlotList::default() })
        };
        let filters = |query: &Query| query.paging().unwrap().filters;
        assert_eq!(filters(&list("a", None)), filters(&list("a", Some(7))));
        assert_ne!(filters(&list("a", None)), filters(&list("b", None)));
    }

    #[test]
    fn versions_of_a_plan_start_at_one() {
        let show = |version| {
            let hall = "kino/saal".parse().unwrap();
            Query::PlanShow(PlanShow { hall, version })
        };
        assert!(show(None).validate().is_ok() && show(Some(1)).validate().is_ok());
        assert!(show(Some(0)).validate().is_err());
        assert_eq!((show(None).name(), show(None).paging()), ("plan_show", None));
    }
    #[test]
    fn what_is_searched_for_and_how_much_must_be_free_is_something() {
        let events = |json: &str| serde_json::from_str::<EventList>(json).unwrap();
        let slots = |json: &str| serde_json::from_str::<SlotList>(json).unwrap();
        let next = |json: &str| serde_json::from_str::<SlotNext>(json).unwrap();
        for (query, wrong) in [
            (Query::EventSearch(events(r#"{"text":"a"}"#)), None),
            (Query::EventSearch(events("{}")), Some("text")),
            (Query::EventSearch(events(r#"{"text":"a","free":1}"#)), None),
            (Query::EventSearch(events(r#"{"text":"a","free":0}"#)), Some("free")),
            (Query::EventList(events(r#"{"free":1}"#)), None),
            (Query::EventList(events(r#"{"free":0}"#)), Some("free")),
            (Query::SlotList(slots(r#"{"free":1}"#)), None),
            (Query::SlotList(slots(r#"{"free":0}"#)), Some("free")),
            (Query::SlotNext(next(r#"{"quantity":1}"#)), None),
            (Query::SlotNext(next(r#"{"quantity":0}"#)), Some("quantity")),
        ] {
            let named = query.validate().err().map(|invalid| match invalid {
                Invalid::Argument { name, .. } => name,
                other => other.code().to_owned(),
            });
            assert_eq!(named.as_deref(), wrong, "{query:?}");
        }
    }
}
