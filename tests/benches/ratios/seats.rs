//! Numbered seats of a large hall, beside places of an area: through the engine, and by hand.

use super::by_hand::Loop;
use super::callers::{self, median};
use super::catalog::{self, Hall};
use super::engine_side::{House, Order, pair_of};
use super::measure::{Bench, factor};
use super::report::{Good, Line};
use super::rows::Paper;

/// The share that is asked of named seats, and the aim.
const ASKED: [f64; 2] = [0.7, 0.9];

/// Callers who buy pairs of seats, in two orders.
pub(crate) fn sold(bench: &Bench) -> Vec<Line> {
    let named = |order| {
        let folder = bench.fresh();
        let house = House::make(folder.path(), Hall::Seats(bench.seats));
        let buyer = |_| house.seat_buyer(bench.seats, order);
        callers::run(bench.callers, bench.span, buyer).per_second
    };
    let (seats, area) = bench.in_turn(
        || [Order::Scattered, Order::FrontFirst].map(named),
        || [bench.engine_round(bench.callers).per_second; 2],
    );
    let line = |name, what, place: usize| {
        let of = |rounds: &[[f64; 2]]| median(rounds.iter().map(|round| round[place]));
        let [asked, aim] = ASKED;
        factor(name, what, "sales/s", [of(&seats)], [of(&area)], Good::High, asked, aim)
    };
    vec![
        line("seats", "named seats of 80,000 all over, of the area's", 0),
        line("seats_front", "the same, the front rows first", 1),
    ]
}

/// Nearly the same rows by hand (the claims and lines of seats, all else as of an area's sale), without callers, in
/// batches as large as those of so many callers: what the tables themselves cost, whoever sells.
pub(crate) fn by_hand(bench: &Bench) -> Vec<Line> {
    let sales = bench.callers;
    let open = |hall| {
        let folder = bench.fresh();
        let path = folder.path().join("venue.db");
        catalog::make(&path, hall);
        (Loop::open(&path), folder)
    };
    let answers = || u32::try_from(sales).expect("a batch");
    let seats = || {
        let (mut by_hand, _folder) = open(Hall::Seats(bench.seats));
        let mut sold = 0;
        callers::alone(bench.span, || {
            let slot = pair_of(sold, bench.seats, Order::Scattered).0;
            let pairs: Vec<_> = (sold..sold + sales)
                .map(|n| pair_of(n, bench.seats, Order::Scattered))
                .filter_map(|(of, pair)| (of == slot).then_some(pair))
                .collect();
            sold += pairs.len();
            by_hand.batch_of_seats(&Paper::new(by_hand.file_id(), slot), &pairs);
            u32::try_from(pairs.len()).expect("a batch")
        })
    };
    let area = || {
        let (mut by_hand, _folder) = open(Hall::Area);
        let (mut slot, places) = (0, i64::from(answers()));
        callers::alone(bench.span, || {
            while !by_hand.batch(&Paper::new(by_hand.file_id(), slot), places) {
                slot += 1;
            }
            answers()
        })
    };
    let (seats, area) = bench.in_turn(seats, area);
    let what = "seats all over by hand, of the area's by hand";
    let [asked, aim] = ASKED;
    vec![factor("seats_by_hand", what, "sales/s", seats, area, Good::High, asked, aim)]
}
