//! From arguments to a configuration: which file, which caller, and how to answer.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde_json::{Map, Value, json};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Error, Invalid, StorageCode};
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::text::{Key, RequestId};
use venue_core::engine::{Engine, OpenOptions, Request};

use crate::args::Globals;
use crate::exit::Failure;

/// The most bytes that are read of a token.
const MOST_TOKEN_BYTES: u64 = 4_096;

/// What every command needs to know.
#[derive(Debug)]
pub(crate) struct Config {
    db: Option<OsString>,
    /// Any option that says who asks was given.
    caller_named: bool,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The key that makes the command safe to repeat.
    pub(crate) key: Option<Key>,
    /// The request's name, if one was given.
    pub(crate) request_id: Option<RequestId>,
    /// How long the command may wait.
    pub(crate) deadline: Option<Span>,
    /// What stands for the wall clock.
    pub(crate) now: Option<Instant>,
    /// Network file systems are fine.
    pub(crate) allow_fs: bool,
}

/// Where the database file is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Nobody named it: it is where the user's data lies.
    pub(crate) is_default: bool,
}

impl Config {
    /// What the global options say.
    pub(crate) fn new(globals: Globals) -> Self {
        let caller_named = globals.role.is_some()
            || globals.actor.is_some()
            || globals.terminal.is_some()
            || globals.address.is_some()
            || globals.organizer.is_some();
        let mut caller = Caller::new(globals.role.unwrap_or(Role::Terminal));
        caller.organizer = globals.organizer;
        caller.terminal = globals.terminal;
        caller.address = globals.address;
        caller.actor = globals.actor;
        // Staff that nobody named acts as the till it stands at, else as `local`; the public stays nameless.
        if caller.role.is_staff() && caller.is_anonymous() {
            caller.actor = Caller::local().actor;
        }
        Self {
            db: globals.db,
            caller_named,
            caller,
            key: globals.idempotency_key,
            request_id: globals.request_id,
            deadline: globals.deadline,
            now: globals.now,
            allow_fs: globals.allow_fs,
        }
    }

    /// Where the file is: --db, else VENUE_DB, else the user's data folder.
    ///
    /// # Errors
    /// Invalid `bad_path` for what never names a file.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        if let Some(named) = self.named_place()? {
            return Ok(named);
        }
        let folders = etcetera::choose_base_strategy().map_err(|_| {
            let (message, advice) = ("there is no home folder", "name the file with --db");
            Failure::usage(message.to_owned(), advice.to_owned())
        })?;
        Ok(Place { path: folders.data_dir().join("venue").join("venue.db"), is_default: true })
    }

    /// Where the file is, if somebody said so: --db, else VENUE_DB.
    pub(crate) fn named_place(&self) -> Result<Option<Place>, Failure> {
        let Some(named) = self.db.clone().or_else(|| std::env::var_os("VENUE_DB")) else {
            return Ok(None);
        };
        check_path(&named)?;
        Ok(Some(Place { path: named.into(), is_default: false }))
    }

    /// How a file is opened by a process of one command.
    pub(crate) fn open_options(&self) -> OpenOptions {
        OpenOptions::default().now(self.now).allow_network_fs(self.allow_fs).quick(true)
    }

    /// Opens the file.
    pub(crate) fn open(&self) -> Result<Engine, Failure> {
        self.with_path(|path| self.open_at(path))
    }

    /// Does something with the file's path, where the file must be.
    pub(crate) fn with_path<T>(
        &self,
        run: impl FnOnce(&Path) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let place = self.place()?;
        run(&place.path).map_err(|error| missing_at(error, &place.path).into())
    }

    /// Opens the file at a path.
    pub(crate) fn open_at(&self, path: &Path) -> Result<Engine, Error> {
        let engine = Engine::open(path, &self.open_options())?;
        tracing::debug!(path = %path.display(), "the file is open");
        for warning in engine.warnings() {
            tracing::warn!(warning, "the file is not as it was left");
        }
        Ok(engine)
    }

    /// A command of the caller's, with all that goes along.
    pub(crate) fn request(&self, verb: impl Into<venue_core::domain::request::Verb>) -> Request {
        let mut request = Request::new(&self.caller, verb);
        if let Some(key) = &self.key {
            request = request.key(key.clone());
        }
        if let Some(request_id) = &self.request_id {
            request = request.request_id(request_id.clone());
        }
        if let Some(deadline) = self.deadline {
            request = request.deadline(deadline);
        }
        request
    }

    /// What was given of a command's members, for a request in JSON.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            members.extend(value.map(|value| (name.to_owned(), value)));
        };
        add("caller", self.caller_named.then(|| json!(self.caller)));
        add("idempotency_key", self.key.as_ref().map(|key| json!(key)));
        add("request_id", self.request_id.as_ref().map(|id| json!(id)));
        add("deadline", self.deadline.map(|deadline| json!(deadline)));
        members
    }
}

impl Place {
    /// Makes the folders of the default place; those of a named one are its owner's business.
    pub(crate) fn make_folders(&self) -> Result<(), Failure> {
        let Some(folder) = self.path.parent().filter(|_| self.is_default) else {
            return Ok(());
        };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(folder);
        made.map_err(|error| Failure::io(&folder.display().to_string(), &error))
    }
}

/// Refuses what SQLite would take for something else than a file's name.
fn check_path(path: &OsStr) -> Result<(), Invalid> {
    let bytes = path.as_encoded_bytes();
    let scheme = bytes.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"file:"));
    if bytes.is_empty() || bytes.starts_with(b":memory:") || scheme {
        return Err(Invalid::BadPath { path: path.to_string_lossy().into_owned() });
    }
    Ok(())
}

/// Says which file is missing.
fn missing_at(error: Error, path: &Path) -> Error {
    match error {
        Error::Storage { code: StorageCode::NoFile, .. } => Error::Storage {
            code: StorageCode::NoFile,
            message: format!("there is no file {}", path.display()),
        },
        other => other,
    }
}

/// The token of a hold, from a file, stdin or the environment: never from an argument.
pub(crate) fn token(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let wrong = |problem: String| Invalid::argument("token_file", problem);
    let text = match file {
        Some(path) => read_limited(path, MOST_TOKEN_BYTES)
            .map_err(|error| wrong(format!("{}: {error}", path.display())))?,
        None => match std::env::var_os("VENUE_TOKEN") {
            Some(token) => token.into_encoded_bytes(),
            None => return Ok(None),
        },
    };
    let text = String::from_utf8(text).map_err(|_| wrong("a token is plain text".to_owned()))?;
    let token = text.trim_end_matches(['\r', '\n']);
    if file.is_some() && token.is_empty() {
        return Err(wrong("there is no token in it".to_owned()).into());
    }
    Ok(Some(token.to_owned()).filter(|token| !token.is_empty()))
}

/// At most so many bytes of a file, or of stdin (`-`).
pub(crate) fn read_limited(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_takes_for_something_else_is_no_path() {
        for wrong in ["", ":memory:", "file:x.db", "FILE:x.db", "file:"] {
            assert!(check_path(OsStr::new(wrong)).is_err(), "{wrong:?}");
        }
        for right in ["x.db", "./file:x.db", "memory", "a:b"] {
            assert!(check_path(OsStr::new(right)).is_ok(), "{right:?}");
        }
    }
}
