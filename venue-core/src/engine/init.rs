//! Making a file by JSON: what `venue_init` of the C ABI is. It needs no open file, so it is no verb of `call`.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::error::{Error, Invalid};
use crate::domain::instant::Instant;

use super::members::read_members;
use super::{Created, Engine, NewFile, OpenOptions};

/// What a new file is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InitCall {
    /// The file never reads the wall clock; `now` stands for it.
    #[serde(default)]
    test_clock: bool,
    /// Where a test clock begins.
    #[serde(default)]
    now: Option<Instant>,
    /// Who shares the file: a group's number.
    #[serde(default)]
    group: Option<u32>,
}

/// What making a file did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InitDone {
    /// The file.
    pub file: String,
    /// Whether it was made; else a VENUE file was there, and is as it was.
    pub created: bool,
    /// Whether it was made with a test clock.
    pub test_clock: bool,
}

impl Engine {
    /// Makes a file as [`Engine::create`] does. The request is a JSON object, or empty: `test_clock`, `now`, `group`.
    ///
    /// # Errors
    /// Invalid `too_large`, `argument` naming the member that is unknown, repeated or malformed; else as
    /// [`Engine::create`].
    pub fn create_json(
        path: impl AsRef<Path>,
        request: &[u8],
        options: &OpenOptions,
    ) -> Result<InitDone, Error> {
        let path = path.as_ref();
        let new: InitCall = read_members(request)?.rest(None)?;
        if new.now.is_some() && !new.test_clock {
            return Err(Invalid::argument("now", "goes with test_clock").into());
        }
        if new.group == Some(u32::MAX) {
            return Err(Invalid::argument("group", "no group has this number").into());
        }
        let mut file = NewFile::default().group(new.group);
        if new.test_clock {
            file = file.test_clock(new.now);
        }
        let created = Self::create(path, &file, options)? == Created::New;
        let test_clock = new.test_clock && created;
        Ok(InitDone { file: path.display().to_string(), created, test_clock })
    }
}
