//! What a failure of the store is to a caller.

use crate::domain::error::{Error, Invalid, StorageCode};
use crate::store::boundary::{StoreError, StoreFailure};

/// The caller's error for a store's, where nothing happened and nothing can come back.
pub(crate) fn storage_error(error: StoreError) -> Error {
    let code = match error.failure {
        StoreFailure::Full => StorageCode::DiskFull,
        StoreFailure::Io => StorageCode::IoError,
        StoreFailure::Memory => StorageCode::OutOfMemory,
        StoreFailure::Corrupt => StorageCode::Damaged,
        StoreFailure::ReadOnly => StorageCode::ReadOnly,
        StoreFailure::Moved => StorageCode::Moved,
        StoreFailure::NoFile => StorageCode::NoFile,
        StoreFailure::Foreign => StorageCode::ForeignFile,
        StoreFailure::NewerSchema => StorageCode::NewerSchema,
        StoreFailure::NetworkFs => StorageCode::NetworkFs,
        StoreFailure::TargetExists => StorageCode::TargetExists,
        StoreFailure::Locked | StoreFailure::InUse => return Error::InUse,
        StoreFailure::Forked => return Invalid::Forked.into(),
        StoreFailure::BadPath => return Invalid::BadPath { path: error.message }.into(),
        StoreFailure::Constraint => return Error::Bug { message: error.message },
        StoreFailure::Other => StorageCode::Database,
    };
    Error::Storage { code, message: error.message }
}
