//! How much one may have: units per booking, units per buyer and slot.

/// The most units of one booking, whatever the event says.
pub const HARD_CAP: i64 = 100;

/// Why a request asks for too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitRefusal {
    /// More units than one booking may have.
    Booking {
        /// At most so many.
        limit: i64,
    },
    /// The event counts units by buyer, and no buyer was named.
    BuyerNeeded,
    /// More units than one buyer may have of a slot.
    Buyer {
        /// At most so many.
        limit: i64,
        /// The buyer has so many in live bookings.
        has: i64,
    },
}

/// Whether a booking of `asked` units is within the limits. `buyer_has` is what the buyer's live bookings of
/// the slot add up to; none: no buyer was named. Staff may sell to nobody in particular.
pub fn within(
    per_booking: i64,
    per_buyer: Option<i64>,
    asked: i64,
    buyer_has: Option<i64>,
    staff: bool,
) -> Result<(), LimitRefusal> {
    let limit = per_booking.min(HARD_CAP);
    if asked > limit {
        return Err(LimitRefusal::Booking { limit });
    }
    match (per_buyer, buyer_has) {
        (Some(_), None) if !staff => Err(LimitRefusal::BuyerNeeded),
        (Some(limit), Some(has)) if has + asked > limit => Err(LimitRefusal::Buyer { limit, has }),
        (None | Some(_), None | Some(_)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_hold_in_their_order() {
        for (per_booking, per_buyer, asked, has, staff, answer) in [
            (10, None, 10, None, false, Ok(())),
            (10, None, 11, None, false, Err(LimitRefusal::Booking { limit: 10 })),
            (10, Some(5), 11, None, false, Err(LimitRefusal::Booking { limit: 10 })),
            (200, None, 101, None, true, Err(LimitRefusal::Booking { limit: 100 })),
            (10, Some(5), 1, None, false, Err(LimitRefusal::BuyerNeeded)),
            (10, Some(5), 1, None, true, Ok(())),
            (10, Some(5), 2, Some(3), false, Ok(())),
            (10, Some(5), 3, Some(3), true, Err(LimitRefusal::Buyer { limit: 5, has: 3 })),
        ] {
            assert_eq!(within(per_booking, per_buyer, asked, has, staff), answer);
        }
    }
}
