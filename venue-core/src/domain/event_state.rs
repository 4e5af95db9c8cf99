//! The state machine of an event: the one place that says what may become of it.
//!
//! ```text
//!          publish              complete, when all slots are over
//!   draft ---------> published -----------> completed
//!     |                  |
//!     `---- cancel ------+----> cancelled
//! ```
//!
//! An event without live bookings may be deleted in every state; then it is found nowhere, and its slug is spent.

use super::instant::Instant;
use super::slot::EventState;

/// What one can do to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventAct {
    /// Begin its sale.
    Publish,
    /// Change its terms.
    Edit,
    /// Call it off, with all slots that are not over.
    Cancel,
    /// Close the book on it.
    Complete,
    /// Make it go away.
    Delete,
}

/// What is true of an event's slots and bookings, as far as the acts need it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// Slots that are neither cancelled nor over.
    pub slots_to_come: i64,
    /// When the last of them ends.
    pub last_end: Option<Instant>,
    /// Bookings that own units: confirmed ones, and live holds.
    pub live_bookings: i64,
}

/// What an act that is allowed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventStep {
    /// draft -> published
    Publish,
    /// It is so already: done, and nothing to write.
    Nothing,
    /// Its terms change, its state does not.
    Edit,
    /// draft, published -> cancelled
    Cancel,
    /// published -> completed
    Complete,
    /// It is deleted.
    Delete,
}

/// Why an act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRefusal {
    /// It was never published.
    Draft,
    /// It was called off.
    Cancelled,
    /// The book on it is closed.
    Completed,
    /// Some of its slots are still to come.
    NotOver {
        /// So many.
        slots: i64,
        /// When the last of them ends.
        until: Option<Instant>,
    },
    /// Somebody has a booking.
    LiveBookings {
        /// So many.
        bookings: i64,
    },
}

impl EventState {
    /// What `act` does to an event of which these facts are true, or why it may not be done.
    ///
    /// # Errors
    /// The state first, then what is true of slots and bookings.
    pub fn step(self, act: EventAct, facts: EventFacts) -> Result<EventStep, EventRefusal> {
        match (self, act) {
            (Self::Draft, EventAct::Publish) => Ok(EventStep::Publish),
            (Self::Published, EventAct::Publish) => Ok(EventStep::Nothing),
            (Self::Draft | Self::Published, EventAct::Edit) => Ok(EventStep::Edit),
            (Self::Draft | Self::Published, EventAct::Cancel) => Ok(EventStep::Cancel),
            (Self::Draft, EventAct::Complete) => Err(EventRefusal::Draft),
            (Self::Published, EventAct::Complete) if facts.slots_to_come > 0 => {
                let (slots, until) = (facts.slots_to_come, facts.last_end);
                Err(EventRefusal::NotOver { slots, until })
            }
            (Self::Published, EventAct::Complete) => Ok(EventStep::Complete),
            (
                Self::Cancelled,
                EventAct::Publish | EventAct::Edit | EventAct::Cancel | EventAct::Complete,
            ) => Err(EventRefusal::Cancelled),
            (
                Self::Completed,
                EventAct::Publish | EventAct::Edit | EventAct::Cancel | EventAct::Complete,
            ) => Err(EventRefusal::Completed),
            (
                Self::Draft | Self::Published | Self::Cancelled | Self::Completed,
                EventAct::Delete,
            ) if facts.live_bookings > 0 => {
                Err(EventRefusal::LiveBookings { bookings: facts.live_bookings })
            }
            (
                Self::Draft | Self::Published | Self::Cancelled | Self::Completed,
                EventAct::Delete,
            ) => Ok(EventStep::Delete),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [EventAct; 5] =
        [EventAct::Publish, EventAct::Edit, EventAct::Cancel, EventAct::Complete, EventAct::Delete];

    #[test]
    fn the_table_is_the_published_one() {
        use EventRefusal as No;
        use EventStep as Yes;
        let (off, book_closed) = (Err(No::Cancelled), Err(No::Completed));
        #[rustfmt::skip]
        let table = [
            (EventState::Draft, [Ok(Yes::Publish), Ok(Yes::Edit), Ok(Yes::Cancel), Err(No::Draft), Ok(Yes::Delete)]),
            (EventState::Published, [Ok(Yes::Nothing), Ok(Yes::Edit), Ok(Yes::Cancel), Ok(Yes::Complete), Ok(Yes::Delete)]),
            (EventState::Cancelled, [off, off, off, off, Ok(Yes::Delete)]),
            (EventState::Completed, [book_closed, book_closed, book_closed, book_closed, Ok(Yes::Delete)]),
        ];
        for (state, row) in table {
            for (act, expected) in ACTS.into_iter().zip(row) {
                assert_eq!(state.step(act, EventFacts::default()), expected, "{state:?} {act:?}");
            }
        }
    }

    #[test]
    fn slots_to_come_keep_an_event_open_and_live_bookings_keep_it_there() {
        let end = Some(Instant::clamped(7));
        let facts = EventFacts { slots_to_come: 2, last_end: end, live_bookings: 3 };
        let not_over = EventRefusal::NotOver { slots: 2, until: end };
        assert_eq!(EventState::Published.step(EventAct::Complete, facts), Err(not_over));
        for state in EventState::ALL {
            let live = EventRefusal::LiveBookings { bookings: 3 };
            assert_eq!(state.step(EventAct::Delete, facts), Err(live));
        }
        assert_eq!(EventState::Published.step(EventAct::Cancel, facts), Ok(EventStep::Cancel));
        assert_eq!(EventState::Draft.step(EventAct::Publish, facts), Ok(EventStep::Publish));
    }
}
