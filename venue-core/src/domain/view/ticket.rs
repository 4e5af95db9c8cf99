//! A ticket as replies about tickets show it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{BookingId, SlotId, TicketId};
use crate::domain::reference::Reference;
use crate::domain::text::Slug;
use crate::domain::ticket::{TicketNumber, TicketState};

/// A ticket: valid until its line is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssuedTicket {
    /// Its id.
    pub id: TicketId,
    /// Its number: REFERENCE-NN.
    pub number: TicketNumber,
    /// Its booking.
    pub booking: BookingId,
    /// Its booking's reference.
    pub reference: Reference,
    /// The event's slug.
    pub event: Slug,
    /// The slot.
    pub slot: SlotId,
    /// For this seat, by its stable id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Arc<str>>,
    /// The seat's label, as it was sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Arc<str>>,
    /// For a place of this area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Arc<str>>,
    /// Its category.
    pub category: Arc<str>,
    /// What it is good for.
    pub state: TicketState,
}
