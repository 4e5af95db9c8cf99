//! Who made a change: what every row of the feed says beside what happened.

use std::borrow::Cow;

use crate::domain::caller::Caller;
use crate::domain::ids::OrganizerId;
use crate::domain::instant::Instant;
use crate::domain::text::{Actor, RequestId, Terminal};
use crate::store::changes::ChangeRow;

/// Who acts, in which request, for which organizer, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By<'a> {
    /// Who acts.
    pub(crate) caller: &'a Caller,
    /// In which request.
    pub(crate) request_id: Option<&'a RequestId>,
    /// For which organizer.
    pub(crate) organizer: OrganizerId,
    /// The batch's instant.
    pub(crate) at: Instant,
}

impl By<'_> {
    /// A change of this kind, not yet about anything.
    pub(crate) fn change(&self, kind: impl Into<Cow<'static, str>>) -> ChangeRow {
        ChangeRow {
            seq: 0,
            at: self.at,
            organizer: self.organizer,
            event: None,
            slot: None,
            booking: None,
            kind: kind.into(),
            body: None,
            due_at: None,
            actor: self.caller.actor.as_ref().map(Actor::shared),
            role: Cow::Borrowed(self.caller.role.name()),
            terminal: self.caller.terminal.as_ref().map(Terminal::shared),
            request_id: self.request_id.map(RequestId::shared),
        }
    }
}
