//! A hundred buyers want one of the last ten seats. Ten get one, ninety are told so.

use venue_core::{Caller, Sell, Wanted};
use venue_examples::{BoxOffice, Story, game};

const BUYERS: usize = 100;
const SEATS: usize = 10;

pub(crate) fn main() -> Story {
    let office = BoxOffice::new()?;
    let answers: Vec<_> = std::thread::scope(|scope| {
        let buyers: Vec<_> = (0..BUYERS)
            .map(|n| {
                let engine = office.engine.clone();
                scope.spawn(move || {
                    let seat = format!("B-1-{}", n % SEATS + 1).parse().expect("a seat's name");
                    let sale = Sell::new(game(), Wanted::seats(vec![seat]));
                    engine.sell(&Caller::local(), sale)
                })
            })
            .collect();
        buyers.into_iter().filter_map(|buyer| buyer.join().ok()).collect()
    });

    let sold = answers.iter().filter(|answer| answer.is_ok()).count();
    let taken = answers
        .iter()
        .filter(|answer| answer.as_ref().is_err_and(|error| error.code() == "seats_taken"))
        .count();
    println!("{BUYERS} buyers, {SEATS} seats: {sold} sold, {taken} refused as taken");
    assert_eq!((sold, taken), (SEATS, BUYERS - SEATS));
    Ok(())
}
