//! Looking at a file from outside: `doctor` and `info`. Both only read.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::diagnosis::Diagnosis;
use crate::domain::error::Error;
use crate::domain::ids::FileId;
use crate::domain::instant::Instant;
use crate::domain::text::Slug;
use crate::store::boundary::{Read, StoreError, Tx};
use crate::store::sqlite::{self, Found, Readers, health};
use crate::store::{audit, events, meta};

use super::failure::storage_error;
use super::open::OpenOptions;
use super::{Engine, Progress};

/// What `info` tells of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Info {
    /// Where it lies.
    pub path: String,
    /// The same in every copy.
    pub file_id: FileId,
    /// Changed by restore alone.
    pub epoch: i64,
    /// The version of its schema.
    pub schema: i64,
    /// The version of the SQLite library.
    pub sqlite: String,
    /// How commits are made durable.
    pub synchronous: String,
    /// The instant of the last commit.
    pub floor: Instant,
    /// True if it never reads the wall clock.
    pub test_clock: bool,
    /// Bytes of the log beside it.
    pub wal_bytes: u64,
    /// True while a log beside it may hold commits.
    pub dirty: bool,
    /// What its owner should know.
    pub warnings: Vec<String>,
    /// Who sells from it.
    pub organizers: Vec<Slug>,
}

impl Engine {
    /// Checks everything in a file: recomputes counters from lines, replays the feed, verifies its chain.
    /// Reads only; the file may be in use.
    ///
    /// # Errors
    /// Invalid `bad_path`; storage `no_file`, `foreign_file`, `newer_schema`, `io_error`. What is wrong with
    /// the content is a finding, not an error.
    pub fn doctor(
        path: impl AsRef<Path>,
        options: &OpenOptions,
        progress: Progress<'_>,
    ) -> Result<Diagnosis, Error> {
        let (readers, found) = open_to_read(path.as_ref(), options)?;
        read(&readers, |tx| audit::diagnose(tx, &found.warnings, progress))
    }

    /// What a file is: its ids, its schema, its clock, who sells from it.
    ///
    /// # Errors
    /// As by [`Engine::doctor`], and storage `damaged`.
    pub fn info(path: impl AsRef<Path>, options: &OpenOptions) -> Result<Info, Error> {
        let (readers, found) = open_to_read(path.as_ref(), options)?;
        let wal_bytes = readers.wal_bytes().map_err(storage_error)?;
        read(&readers, |tx| {
            let row = meta::load(tx)?;
            let organizers = events::organizers(tx)?;
            Ok(Info {
                path: found.path.display().to_string(),
                file_id: row.file_id,
                epoch: row.epoch,
                schema: health::pages(tx)?.schema,
                sqlite: health::sqlite_version().to_owned(),
                synchronous: health::SYNCHRONOUS.to_owned(),
                floor: row.floor,
                test_clock: row.test_clock,
                wal_bytes,
                dirty: row.dirty,
                warnings: found.warnings.iter().map(|warning| warning.code().to_owned()).collect(),
                organizers: organizers.into_iter().map(|organizer| organizer.slug).collect(),
            })
        })
    }

    /// Copies a file that need not be open: see [`Engine::backup`].
    ///
    /// # Errors
    /// As by [`Engine::doctor`], and storage `target_exists`, `disk_full`, `damaged`.
    pub fn backup_file(
        path: impl AsRef<Path>,
        target: impl AsRef<Path>,
        options: &OpenOptions,
    ) -> Result<sqlite::BackedUp, Error> {
        let (readers, _) = open_to_read(path.as_ref(), options)?;
        readers.backup(target.as_ref()).map_err(storage_error)
    }
}

fn open_to_read(path: &Path, options: &OpenOptions) -> Result<(Readers, Found), Error> {
    sqlite::open_to_read(path, options.access()).map_err(storage_error)
}

fn read<T>(
    readers: &Readers,
    mut run: impl FnMut(&mut dyn Tx) -> Result<T, StoreError>,
) -> Result<T, Error> {
    let mut answer = None;
    readers.read(&mut |tx| answer = Some(run(tx))).map_err(storage_error)?;
    answer.unwrap_or_else(|| unreachable!("the view was read")).map_err(storage_error)
}
