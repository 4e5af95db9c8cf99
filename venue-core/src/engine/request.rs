//! A command as an embedder makes it: a verb, by a caller, with what goes along.

use std::sync::Arc;

use crate::domain::caller::Caller;
use crate::domain::instant::Span;
use crate::domain::request::Verb;
use crate::domain::text::{Key, RequestId};

/// A command: what, by whom, and optionally under which key, until when, with which hold token.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is called"]
pub struct Request {
    pub(super) verb: Verb,
    pub(super) caller: Caller,
    pub(super) key: Option<Key>,
    pub(super) request_id: Option<RequestId>,
    pub(super) deadline: Option<Span>,
    pub(super) token: Option<Arc<str>>,
}

impl Request {
    /// A verb by a caller.
    pub fn new(caller: &Caller, verb: impl Into<Verb>) -> Self {
        Self {
            verb: verb.into(),
            caller: caller.clone(),
            key: None,
            request_id: None,
            deadline: None,
            token: None,
        }
    }

    /// Makes it safe to repeat: the same key and content get the same answer for at least 24 hours.
    pub fn key(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// Names it in the logs.
    pub fn request_id(mut self, request_id: RequestId) -> Self {
        self.request_id = Some(request_id);
        self
    }

    /// How long it may wait to be begun; 5 seconds by default.
    pub fn deadline(mut self, deadline: Span) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Shows the token that `hold` answered with.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }
}
