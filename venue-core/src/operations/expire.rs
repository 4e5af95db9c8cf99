//! `expire`: writes down that a hold's time ran out.

use crate::domain::booking_state::{Act, Step};
use crate::domain::reply::Reply;
use crate::domain::request::Expire;

use super::confirm::step;
use super::sweep::close_hold;
use super::{Context, Done, Stop, Work, replay, subject};

/// Expires a due hold: refused `not_found`, `not_due`, `already_confirmed`, `released`, `cancelled`. On an
/// expired booking it is done and writes nothing but its key.
pub(super) fn expire(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Expire,
) -> Result<Done, Stop> {
    let number = subject::booking(work, context, request.booking)?;
    let Some(booking) = work.booking(number)? else { unreachable!("the booking was found") };
    let booking = booking.clone();
    match step(&booking, Act::Expire, context)? {
        Step::Expire { .. } => close_hold(work, number, Some(context))?,
        Step::Nothing => {}
        Step::Confirm | Step::Extend { .. } | Step::Release | Step::Cancel => {
            unreachable!("expire expires")
        }
    }
    let Some(booking) = work.booking(number)? else { unreachable!("the booking was found") };
    let booking = booking.clone();
    let view = booking.view(&work.slot(booking.slot()).terms.slug, context.now);
    let reply = Reply::Booking(Box::new(view));
    Ok(Done { stored: replay::kept(&reply), reply })
}
