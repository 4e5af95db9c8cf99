//! Ids of what a verb makes, apart from bookings: those carry their numbers.

use crate::domain::ids::uuid_v7;

use super::Work;

impl Work<'_> {
    /// The bytes of a new id, of the batch's instant.
    pub(crate) fn new_id(&mut self) -> [u8; 16] {
        let millis = u64::try_from(self.now.micros() / 1_000).unwrap_or(0);
        let (high, low) = ((self.noise)(), (self.noise)());
        uuid_v7(millis, u16::try_from(high & 0x0fff).unwrap_or(0), low)
    }
}
