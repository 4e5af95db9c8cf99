//! Many at once: tills that sell the hall down, and the callers who race for what is left.

use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex, PoisonError};
use std::time::Instant;

use indicatif::ProgressBar;
use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Class, Error};
use venue_core::domain::inventory::UnitState;
use venue_core::domain::request::{Confirm, Hold, House, HouseKind, Payment, Sell, Wanted};
use venue_core::domain::text::{Name, SeatName};
use venue_core::engine::Engine;

use super::stage::Stage;
use super::story::{customer, seats};
use crate::bench::micros_since;

/// The standing area of the season.
const AREA: &str = "Stehplatz";
/// So many places of it are left.
pub(super) const LEFT: i64 = 10;
/// The event's most units a booking.
const MOST: i64 = 10;
/// So many tills sell at once.
const TILLS: usize = 8;

fn bug(what: &str) -> Error {
    Error::Bug { message: format!("demo: {what}") }
}

fn area() -> Result<Name, Error> {
    AREA.parse().map_err(|_| bug("the area's name"))
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    /// A number below this one.
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Withholds some seats, then sells all but ten of the standing places and most seats.
pub(super) fn sell_down(stage: &Stage, seed: u64, bars: bool) -> Result<usize, Error> {
    let staff = Caller::new(Role::Organizer).actor("club".parse().map_err(|_| bug("an actor"))?);
    for (section, row, places, kind) in
        [("Block B", "1", 0..6, HouseKind::Hold), ("Block A", "12", 0..3, HouseKind::Kill)]
    {
        let wanted = Wanted::seats(seats(stage, section, row, places)?);
        stage.engine.house(&staff, House { slot: stage.slot_name(), wanted, kind, lift: false })?;
    }
    let orders = orders(stage, seed)?;
    let count = orders.len();
    let bar = bars.then(|| ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX)));
    let orders = Mutex::new(orders);
    let done = std::thread::scope(|scope| {
        let (orders, bar) = (&orders, bar.as_ref());
        let tills: Vec<_> =
            (1..=TILLS).map(|till| scope.spawn(move || work(stage, till, orders, bar))).collect();
        tills.into_iter().try_for_each(|till| till.join().map_err(|_| bug("a till panicked"))?)
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done.map(|()| count)
}

/// What is sold before the race: each entry a booking.
fn orders(stage: &Stage, seed: u64) -> Result<Vec<Wanted>, Error> {
    let map = stage.map()?;
    let mut dice = Dice(seed | 1);
    let mut orders = vec![];
    let standing = map.slot.areas.iter().find(|it| &*it.area == AREA);
    let mut left = standing.map_or(0, |it| it.free) - LEFT;
    while left > 0 {
        let quantity = u32::try_from(left.min(MOST)).unwrap_or(1);
        orders.push(Wanted::area(area()?, quantity));
        left -= MOST;
    }
    let free: Vec<_> = map.seats.iter().filter(|seat| seat.state == UnitState::Free).collect();
    for row in free.chunk_by(|a, b| (&a.section, &a.row) == (&b.section, &b.row)) {
        let mut rest = row;
        while !rest.is_empty() {
            let size = usize::try_from(2 + dice.below(4)).unwrap_or(2).min(rest.len());
            let (group, after) = rest.split_at(size);
            rest = after;
            // One group of sixteen does not come.
            if dice.below(16) > 0 {
                let names = group.iter().map(|seat| seat.seat.parse::<SeatName>());
                orders.push(Wanted::seats(
                    names.collect::<Result<_, _>>().map_err(|_| bug("a seat"))?,
                ));
            }
        }
    }
    Ok(orders)
}

/// One till: sells orders until none is left.
fn work(
    stage: &Stage,
    till: usize,
    orders: &Mutex<Vec<Wanted>>,
    bar: Option<&ProgressBar>,
) -> Result<(), Error> {
    let name = format!("till-{till}").parse().map_err(|_| bug("a till's name"))?;
    let caller = Caller::new(Role::Organizer).terminal(name);
    loop {
        let next = orders.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(wanted) = next else { return Ok(()) };
        let sell = Sell { slot: stage.slot_name(), wanted, payment: None, buyer: None };
        again(|| stage.engine.sell(&caller, sell.clone()).map(drop))?;
        if let Some(bar) = bar {
            bar.inc(1);
        }
    }
}

/// Asks until the answer is another than "not now".
fn again<T>(mut ask: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    loop {
        match ask() {
            Err(error) if error.class() == Class::Retry => std::thread::yield_now(),
            other => return other,
        }
    }
}

/// What the race came to.
#[derive(Debug, Default)]
pub(super) struct Race {
    /// Who got a place: name, booking, and how long it took, in microseconds. First come first.
    pub(super) winners: Vec<(String, BookingView, u64)>,
    /// What the others were told: the code, how many, and the words.
    pub(super) told: BTreeMap<String, (u64, String)>,
    /// How long each caller waited for the last answer, in microseconds.
    pub(super) took_us: Vec<u64>,
    /// From the start to the last answer.
    pub(super) seconds: f64,
    /// What somebody is told who asks when all is paid.
    pub(super) late: String,
}

/// Lets so many callers race for the last places: each holds one, and pays for it.
pub(super) fn race(stage: &Stage, callers: u32) -> Result<Race, Error> {
    let ready = Barrier::new(usize::try_from(callers).unwrap_or(usize::MAX).saturating_add(1));
    let ends = std::thread::scope(|scope| {
        let callers: Vec<_> = (1..=callers)
            .map(|number| {
                let ready = &ready;
                scope.spawn(move || {
                    let name = format!("caller {number}");
                    ready.wait();
                    let start = Instant::now();
                    let got = take(&stage.engine, stage, &name);
                    (name, got, micros_since(start))
                })
            })
            .collect();
        ready.wait();
        let start = Instant::now();
        let ends: Vec<_> = callers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        (ends, start.elapsed().as_secs_f64())
    });
    let mut race = Race { seconds: ends.1, ..Race::default() };
    for end in ends.0 {
        let (name, got, took_us) = end.map_err(|_| bug("a caller panicked"))?;
        race.took_us.push(took_us);
        match got {
            Ok(booking) => race.winners.push((name, booking, took_us)),
            Err(error) if error.class() == Class::Refused => {
                let told = race.told.entry(error.code().to_owned());
                told.or_insert_with(|| (0, error.to_string())).0 += 1;
            }
            Err(error) => return Err(error),
        }
    }
    race.winners.sort_by_key(|(_, _, took_us)| *took_us);
    race.late = match take(&stage.engine, stage, "caller who comes late") {
        Ok(booking) => format!("booking {}", booking.reference),
        Err(error) => format!("{}: {error}", error.code()),
    };
    Ok(race)
}

/// One caller: holds a place and pays.
fn take(engine: &Engine, stage: &Stage, name: &str) -> Result<BookingView, Error> {
    let caller = customer(name)?;
    let wanted = Wanted::area(area()?, 1);
    let hold = Hold { slot: stage.slot_name(), wanted, ttl: None, buyer: None };
    let held = again(|| engine.hold(&caller, hold.clone()))?;
    let payment: Option<Payment> = format!("card:{}", held.reference).parse().ok();
    let confirm = Confirm { booking: held.id.into(), payment };
    again(|| engine.confirm(&caller, confirm.clone()))
}

/// How many of the standing places are sold, and how many there are.
pub(super) fn standing(stage: &Stage) -> Result<(i64, i64), Error> {
    let map = stage.map()?;
    let found = map.slot.areas.iter().find(|it| &*it.area == AREA);
    found.map(|it| (it.sold, it.capacity)).ok_or_else(|| bug("no standing area"))
}
