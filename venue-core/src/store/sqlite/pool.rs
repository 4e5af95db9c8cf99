//! The reading side: connections that cannot write.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

use crate::canary::{Canary, planted};
use crate::store::boundary::{Read, StoreError, StoreFailure, Tx};

use super::connection::connect;
use super::errors::{sqlite, system};
use super::held::OpenFile;
use super::settings::Role;
use super::tx::Session;

/// Readers of one file: the first connection opens with the first read, a pool with the first contended one.
///
/// Reads are short: what runs here reads a page of a list or one object, so no view grows old enough to keep the
/// log from being cut. Backups and checks open connections of their own.
///
/// They can be closed while clones of them live: a handle that is closed lets go of the file at once.
#[derive(Clone)]
pub struct Readers(Arc<Mutex<Option<Arc<Inner>>>>);

struct Inner {
    first: Mutex<Option<Session>>,
    pool: OnceLock<r2d2::Pool<Manager>>,
    file: Arc<OpenFile>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    pub(super) fn new(file: Arc<OpenFile>) -> Self {
        let inner = Inner { first: Mutex::new(None), pool: OnceLock::new(), file };
        Self(Arc::new(Mutex::new(Some(Arc::new(inner)))))
    }

    fn inner(&self) -> Result<Arc<Inner>, StoreError> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        inner.ok_or_else(|| StoreError::new(StoreFailure::Other, "the file was closed"))
    }

    /// The file that is read.
    pub(super) fn file(&self) -> Result<Arc<OpenFile>, StoreError> {
        Ok(Arc::clone(&self.inner()?.file))
    }

    /// Closes the connections, of all clones; what reads at this moment ends first.
    pub fn close(&self) {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(inner);
    }

    /// Bytes of the log beside the file.
    pub fn wal_bytes(&self) -> Result<u64, StoreError> {
        let file = self.file()?;
        let log = file.place.disk().look(&file.place.wal()).map_err(system("look at the log"))?;
        Ok(log.map_or(0, |log| log.length))
    }
}

impl Inner {
    fn read_first(
        &self,
        first: &mut Option<Session>,
        with: &mut dyn FnMut(&mut dyn Tx),
    ) -> Result<(), StoreError> {
        let session = match first {
            Some(session) => session,
            None => first.insert(session(&self.file)?),
        };
        if planted(Canary::StaleView) {
            if !session.is_open() {
                session.begin("BEGIN").map_err(sqlite)?;
            }
            with(session);
            return Ok(());
        }
        view(session, with)
    }

    fn read_pooled(&self, with: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError> {
        let pool = self.pool.get_or_init(|| {
            r2d2::Pool::builder()
                .max_size(4)
                .min_idle(Some(0))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(5))
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build_unchecked(Manager(Arc::clone(&self.file)))
        });
        let mut session = pool
            .get()
            .map_err(|error| StoreError::new(StoreFailure::Locked, format!("read: {error}")))?;
        view(&mut session, with)
    }
}

impl Read for Readers {
    fn read(&self, with: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError> {
        let inner = self.inner()?;
        inner.file.check_process()?;
        inner.file.check_identity()?;
        match inner.first.try_lock() {
            Ok(mut first) => inner.read_first(&mut first, with),
            Err(TryLockError::Poisoned(poisoned)) => {
                inner.read_first(&mut poisoned.into_inner(), with)
            }
            Err(TryLockError::WouldBlock) => inner.read_pooled(with),
        }
    }
}

fn session(file: &OpenFile) -> Result<Session, StoreError> {
    Ok(Session::new(connect(&file.place.path, &file.place.access, Role::Reader)?))
}

/// Runs `with` inside one read transaction, which ends even if `with` panics.
pub(super) fn view(
    session: &mut Session,
    with: &mut dyn FnMut(&mut dyn Tx),
) -> Result<(), StoreError> {
    struct End<'a>(&'a mut Session);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            self.0.rollback();
        }
    }
    session.begin("BEGIN").map_err(sqlite)?;
    let end = End(session);
    with(end.0);
    Ok(())
}

/// Makes connections for the pool.
struct Manager(Arc<OpenFile>);

impl r2d2::ManageConnection for Manager {
    type Connection = Session;
    type Error = StoreError;

    fn connect(&self) -> Result<Session, StoreError> {
        session(&self.0)
    }

    fn is_valid(&self, _: &mut Session) -> Result<(), StoreError> {
        Ok(())
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.is_open() || !session.connection.is_autocommit()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.file.is_forked() {
            // Closing in a child could damage the parent's file.
            let first = self.first.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(first.take());
            std::mem::forget(self.pool.take());
        }
    }
}
