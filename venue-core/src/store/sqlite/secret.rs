//! The secret beside the database, `<db>-secret`: 32 bytes that whoever copies the database alone does not get.

use crate::store::boundary::StoreError;

use super::disk::Rights;
use super::errors::system;
use super::file::Place;
use super::private::Private;

/// Bytes of a secret.
pub(super) const SECRET_BYTES: usize = 32;

/// Makes the secret whole, unless there is one.
pub(super) fn make(place: &Place, rights: Rights, secret: &[u8; 32]) -> Result<(), StoreError> {
    if load(place)?.is_some() {
        return Ok(());
    }
    let private = Private::make(place, rights, secret)?;
    private.name(&place.side("-secret")).map(|_| ())
}

/// Reads the secret; none if it was lost, or is not one.
pub(super) fn load(place: &Place) -> Result<Option<[u8; SECRET_BYTES]>, StoreError> {
    let path = place.side("-secret");
    let found = place.disk().look(&path).map_err(system("look at the secret"))?;
    if !found.is_some_and(|found| found.regular) {
        return Ok(None);
    }
    let bytes =
        place.disk().head(&path, SECRET_BYTES as u64 + 1).map_err(system("read the secret"))?;
    Ok(bytes.try_into().ok())
}
