//! Hold two seats, confirm them, print the tickets, and see one refusal.

use venue_core::{Caller, Confirm, Hold, Role, Wanted};
use venue_examples::{BoxOffice, Story, game};

pub(crate) fn main() -> Story {
    let office = BoxOffice::new()?;
    let ada = Caller::new(Role::Customer).actor("ada".parse()?);
    let seats = Wanted::seats(vec!["E-14-7".parse()?, "E-14-8".parse()?]);

    let hold = office.engine.hold(&ada, Hold::new(game(), seats.clone()))?;
    println!("held {} for {}", hold.reference, hold.total);

    // Somebody else comes too late, and learns why.
    let grace = Caller::new(Role::Customer).actor("grace".parse()?);
    match office.engine.hold(&grace, Hold::new(game(), seats)) {
        Err(error) => println!("refused: {} ({error})", error.code()),
        Ok(_) => return Err("two holds of one seat".into()),
    }

    // Ada is the buyer. Whoever is nobody in particular shows the hold's token instead.
    let booking = office.engine.confirm(&ada, Confirm::new(hold.id))?;
    for ticket in &booking.tickets {
        println!("ticket {} for {}", ticket.number, ticket.seat.as_deref().unwrap_or("a place"));
    }
    Ok(())
}
