//! An answer got lost on the way. Asking again with the same key gives it again, and sells nothing twice.

use venue_core::{Caller, Request, Sell, Wanted};
use venue_examples::{BoxOffice, Story, game};

pub(crate) fn main() -> Story {
    let office = BoxOffice::new()?;
    let till = Caller::local();
    let sale = |seat: &str, key: &str| -> Result<Request, Box<dyn std::error::Error>> {
        let sell = Sell::new(game(), Wanted::seats(vec![seat.parse()?]));
        Ok(Request::new(&till, sell).key(key.parse()?))
    };

    let first = office.engine.call(sale("D-14-9", "order-4711")?)?;
    let again = office.engine.call(sale("D-14-9", "order-4711")?)?;
    assert_eq!(first, again);
    println!("asked twice, sold once");

    // The same key for something else is a mistake of the caller, and is called so.
    match office.engine.call(sale("D-14-10", "order-4711")?) {
        Err(error) => println!("refused: {} ({error})", error.code()),
        Ok(_) => return Err("one key, two sales".into()),
    }

    // A refusal is an answer too: the key keeps it.
    for _ in 0..2 {
        match office.engine.call(sale("D-14-9", "order-4712")?) {
            Err(error) => println!("refused: {}", error.code()),
            Ok(_) => return Err("one seat, two sales".into()),
        }
    }
    Ok(())
}
