//! The answer to a reading verb: one serialisable type for every face.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    CalendarView, ChangeView, EventView, HallView, IssuedTicket, Page, PlanSummary, PlanView,
    ScheduleItem, SlotMap, SlotView, VenueView,
};
use crate::domain::booking::BookingView;

/// The answer to a reading verb. Its JSON is `{"type": .., "data": ..}`; a list's data is its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// To venue_show.
    Venue(VenueView),
    /// To venue_list.
    VenueList(Page<VenueView>),
    /// To hall_show.
    Hall(HallView),
    /// To hall_list.
    HallList(Page<HallView>),
    /// To plan_show.
    Plan(Box<PlanView>),
    /// To plan_list.
    PlanList(Page<PlanSummary>),
    /// To event_show.
    Event(Box<EventView>),
    /// To event_list.
    EventList(Page<EventView>),
    /// To event_search.
    EventSearch(Page<EventView>),
    /// To schedule_list.
    ScheduleList(Page<ScheduleItem>),
    /// To slot_show and slot_next.
    Slot(Box<SlotView>),
    /// To slot_list.
    SlotList(Page<SlotView>),
    /// To slot_map.
    SlotMap(Box<SlotMap>),
    /// To slot_calendar and booking_calendar.
    Calendar(CalendarView),
    /// To booking_show.
    Booking(Box<BookingView>),
    /// To booking_list.
    BookingList(Page<BookingView>),
    /// To ticket_show.
    Ticket(Box<IssuedTicket>),
    /// To ticket_list.
    TicketList(Page<IssuedTicket>),
    /// To feed.
    Feed(Page<ChangeView>),
}

impl Answer {
    /// The answer as one JSON object: `{"type": .., "data": ..}`.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|_| unreachable!("plain data"))
    }

    /// The answer as the objects of the command line: one, or one for each item of a list and the page's last.
    pub fn to_lines(&self) -> Vec<Value> {
        match self {
            Self::VenueList(page) => lines("venue", page),
            Self::HallList(page) => lines("hall", page),
            Self::PlanList(page) => lines("plan", page),
            Self::EventList(page) | Self::EventSearch(page) => lines("event", page),
            Self::ScheduleList(page) => lines("schedule", page),
            Self::SlotList(page) => lines("slot", page),
            Self::BookingList(page) => lines("booking", page),
            Self::TicketList(page) => lines("ticket", page),
            Self::Feed(page) => lines("change", page),
            Self::Venue(_)
            | Self::Hall(_)
            | Self::Plan(_)
            | Self::Event(_)
            | Self::Slot(_)
            | Self::SlotMap(_)
            | Self::Calendar(_)
            | Self::Booking(_)
            | Self::Ticket(_) => vec![self.to_json()],
        }
    }
}

fn lines<T: Serialize>(kind: &str, page: &Page<T>) -> Vec<Value> {
    let items = page.items.iter().map(|item| json!({"type": kind, "data": item}));
    items.chain([json!({"type": "page", "data": {"next": page.next}})]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::VenueId;

    #[test]
    fn a_list_is_one_object_or_a_line_an_item() {
        let venue = VenueView {
            id: VenueId::from_bytes([1; 16]),
            slug: "v".parse().unwrap(),
            name: "V".into(),
            city: None,
            zone: "Europe/Berlin".into(),
        };
        let answer =
            Answer::VenueList(Page { items: vec![venue.clone()], next: Some("00".into()) });
        let whole = answer.to_json();
        assert_eq!(whole["type"], "venue_list");
        assert_eq!(whole["data"]["items"][0]["slug"], "v");
        assert_eq!(whole["data"]["next"], "00");
        let lines = answer.to_lines();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], Answer::Venue(venue).to_json());
        assert_eq!(lines[1], json!({"type": "page", "data": {"next": "00"}}));
        let empty = Answer::VenueList(Page { items: vec![], next: None });
        assert_eq!(empty.to_lines(), [json!({"type": "page", "data": {"next": null}})]);
    }
}
