//! Callers that do the same thing over and over, all at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Class, Error};
use venue_core::domain::request::{Confirm, Hold, Sell, SlotName, Wanted};
use venue_core::domain::text::Name;
use venue_core::engine::Engine;

use super::figures::Tally;
use super::place::AREA;
use venue_core::domain::bench_done::BenchVerb;

/// What callers do.
#[derive(Debug, Clone)]
pub(super) struct Load {
    /// Which act.
    pub(super) verb: BenchVerb,
    /// How many at once, in this process.
    pub(super) callers: u32,
    /// Units an act.
    pub(super) quantity: u32,
    /// Where they are taken from, in turn.
    pub(super) slots: Vec<SlotName>,
    /// How long.
    pub(super) lasts: Duration,
}

/// Microseconds since then.
pub(crate) fn micros_since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}

impl Load {
    /// Lets the callers loose and waits for all of them; `tick` is told, ten times a second, how far it is.
    pub(super) fn run(
        &self,
        engine: &Engine,
        tick: &mut dyn FnMut(Duration),
    ) -> Result<Tally, Error> {
        let area: Name = AREA.parse().map_err(|_| bug("the area's name"))?;
        let (ready, stop) = (Barrier::new(count(self.callers) + 1), AtomicBool::new(false));
        let (ready, stop, area) = (&ready, &stop, &area);
        std::thread::scope(|scope| {
            let callers: Vec<_> = (0..self.callers)
                .map(|caller| {
                    scope.spawn(move || {
                        ready.wait();
                        let done = self.call(engine, caller, area, stop);
                        if done.is_err() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        done
                    })
                })
                .collect();
            ready.wait();
            let start = Instant::now();
            while start.elapsed() < self.lasts && !stop.load(Ordering::Relaxed) {
                tick(start.elapsed());
                let left = self.lasts.saturating_sub(start.elapsed());
                std::thread::sleep(left.min(Duration::from_millis(100)));
            }
            stop.store(true, Ordering::Relaxed);
            let mut tally = Tally::default();
            for caller in callers {
                tally.add(caller.join().map_err(|_| bug("a caller panicked"))??);
            }
            tally.seconds = start.elapsed().as_secs_f64();
            Ok(tally)
        })
    }

    /// One caller, until it is told to stop.
    fn call(
        &self,
        engine: &Engine,
        number: u32,
        area: &Name,
        stop: &AtomicBool,
    ) -> Result<Tally, Error> {
        let actor = format!("bench-{}-{number}", std::process::id());
        let caller = Caller::new(Role::Admin).actor(actor.parse().map_err(|_| bug("an actor"))?);
        let mut tally = Tally::default();
        for slot in self.slots.iter().cycle().skip(count(number) % self.slots.len().max(1)) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let start = Instant::now();
            match self.act(engine, &caller, slot, area) {
                Ok(()) => tally.sold += u64::from(self.quantity),
                Err(error) if error.class() == Class::Refused => tally.refused += 1,
                // Nothing happened: the queue was full. The same caller comes again.
                Err(error) if error.class() == Class::Retry => continue,
                Err(error) => return Err(error),
            }
            tally.took_us.push(micros_since(start));
        }
        Ok(tally)
    }

    fn act(
        &self,
        engine: &Engine,
        caller: &Caller,
        slot: &SlotName,
        area: &Name,
    ) -> Result<(), Error> {
        let (slot, wanted) = (slot.clone(), Wanted::area(area.clone(), self.quantity));
        match self.verb {
            BenchVerb::Sell => {
                let sell = Sell { slot, wanted, payment: None, buyer: None };
                engine.sell(caller, sell).map(drop)
            }
            BenchVerb::HoldConfirm => {
                let held = engine.hold(caller, Hold { slot, wanted, ttl: None, buyer: None })?;
                loop {
                    let confirm = Confirm { booking: held.id.into(), payment: None };
                    match engine.confirm(caller, confirm) {
                        Err(error) if error.class() == Class::Retry => {}
                        other => return other.map(drop),
                    }
                }
            }
        }
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn bug(what: &str) -> Error {
    Error::Bug { message: format!("bench: {what}") }
}
