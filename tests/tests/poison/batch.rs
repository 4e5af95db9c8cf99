//! Batches at random: what everybody asks, and the bad ones among it.

use std::collections::HashSet;

use venue_core::domain::booking_state::StateName;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::Span;
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Release, Sell, SlotName,
    SlotSwitch, Verb, Wanted,
};
use venue_core::domain::text::Key;
use venue_core::engine::Request;
use venue_tests::dice::Dice;
use venue_tests::fixture::caller;
use venue_tests::model::SEATS;
use venue_tests::stage_events::{self, is_large};

use super::office::Answer;

/// The slots that are sold. Those of the new events come and go.
const SLOTS: [&str; 7] = [
    "konzert@2026-11-03T20:00",
    "konzert@2026-12-20T20:00",
    "lesung@2026-11-05T18:00",
    "lesung@2100-06-01T18:00",
    "premiere@2026-11-10T20:00",
    "neu-0@2027-02-01T20:00",
    "neu-1@2027-02-02T20:00",
];

/// How a command is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Way {
    /// It is not: its answer is compared.
    Good,
    /// A rule says no.
    Refused,
    /// It is wrong: some are turned away before the queue, some by what the file says.
    Invalid,
    /// It panics before anything is decided.
    PanicsEarly,
    /// It panics with units taken and nothing written of it.
    PanicsHalf,
    /// It panics when all of it is decided.
    PanicsLate,
    /// It makes a row that the schema refuses.
    Row,
    /// A statement of it fails.
    Statement,
    /// Its time is over before the batch begins.
    Late,
    /// Nobody waits for it.
    Abandoned,
    /// It is as large as a command can be.
    Huge,
}

impl Way {
    /// Every way of being bad.
    pub(super) const BAD: [Self; 10] = [
        Self::Refused,
        Self::Invalid,
        Self::PanicsEarly,
        Self::PanicsHalf,
        Self::PanicsLate,
        Self::Row,
        Self::Statement,
        Self::Late,
        Self::Abandoned,
        Self::Huge,
    ];

    /// What the engine's seam does by this beginning of the key.
    const fn prefix(self) -> &'static str {
        match self {
            Self::PanicsEarly => "poison-early-",
            Self::PanicsHalf => "poison-half-",
            Self::PanicsLate => "poison-late-",
            Self::Row => "poison-row-",
            Self::Statement => "poison-sql-",
            Self::Good => "good-",
            Self::Refused | Self::Invalid | Self::Late | Self::Abandoned | Self::Huge => "poison-",
        }
    }

    /// Whether this answer is one that such a command gets where no neighbour's statement fails.
    pub(super) fn fits(self, code: &str) -> bool {
        match self {
            Self::Good => true,
            // Who may do what is looked at before.
            Self::PanicsEarly | Self::PanicsLate => matches!(code, "bug" | "forbidden"),
            Self::Statement => matches!(code, "database" | "forbidden"),
            Self::Late => code == "busy",
            Self::Invalid => matches!(code, "argument" | "organizer_needed"),
            Self::Abandoned => code == "nobody waited",
            Self::Refused | Self::Huge => !matches!(code, "done" | "bug" | "database" | "busy"),
            // It may be refused before the seam is reached.
            Self::PanicsHalf | Self::Row => !matches!(code, "done" | "database" | "busy"),
        }
    }
}

/// A command of a batch.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) way: Way,
    caller: Caller,
    verb: Verb,
    key: Key,
    token: Option<String>,
    about: Option<BookingId>,
}

impl Planned {
    fn new(way: Way, caller: Caller, verb: impl Into<Verb>, key: Key) -> Self {
        Self { way, caller, verb: verb.into(), key, token: None, about: None }
    }

    /// Whether both are the same request of the same caller.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.key == other.key && self.caller == other.caller && self.verb == other.verb
    }

    /// As the engine takes it.
    pub(super) fn request(&self) -> Request {
        let request = Request::new(&self.caller, self.verb.clone()).key(self.key.clone());
        let request = match &self.token {
            Some(token) => request.token(token),
            None => request,
        };
        match self.way {
            Way::Late => request.deadline(Span::ZERO),
            Way::Huge => request.request_id("r".repeat(128).parse().expect("a request id")),
            _ => request,
        }
    }
}

/// What was made so far, and what was asked: what later batches choose from.
#[derive(Debug, Default)]
pub(super) struct Past {
    made: Vec<(BookingId, Option<String>)>,
    pub(super) asked: Vec<(Planned, String)>,
    keys: usize,
}

/// So much of the past is chosen from.
const RECENT: usize = 16;

impl Past {
    /// Remembers what a good command came to.
    pub(super) fn note(&mut self, planned: &Planned, answer: &Answer, bytes: String) {
        let lives = match answer {
            Some(Ok(Reply::Booking(view))) => {
                if !self.made.iter().any(|(id, _)| *id == view.id) {
                    self.made.push((view.id, view.token.clone().flatten()));
                }
                matches!(view.state, StateName::Held | StateName::Confirmed)
            }
            Some(Err(error)) => !matches!(error.code(), "hold_expired" | "cancelled" | "released"),
            Some(Ok(_)) | None => true,
        };
        if !lives {
            self.made.retain(|(id, _)| planned.about != Some(*id));
        }
        self.asked.push((planned.clone(), bytes));
        self.asked.drain(..self.asked.len().saturating_sub(RECENT));
    }

    fn key(&mut self, way: Way) -> Key {
        self.keys += 1;
        let key = format!("{}{:022}", way.prefix(), self.keys);
        key.parse().expect("a key")
    }
}

fn slot(dice: &mut Dice) -> SlotName {
    dice.one_of(&SLOTS).parse().expect("a slot")
}

fn wanted(dice: &mut Dice) -> Wanted {
    if dice.percent(40) {
        let quantity = u32::try_from(dice.between(1, 4)).expect("few");
        return Wanted::area("Stand".parse().expect("a name"), quantity);
    }
    let count = dice.between(1, 2);
    let first = dice.below(12);
    let seats = (0..count).map(|n| SEATS[(first + n) % 12].parse().expect("a seat"));
    Wanted::seats(seats.collect())
}

/// The box office, in this role.
fn staff(role: Role, actor: &str) -> Caller {
    caller(role, actor).organizer("buehne".parse().expect("an organizer"))
}

/// Who asks, and for whom: customers are for themselves without saying so.
fn who(dice: &mut Dice, verb: &mut Verb) -> Caller {
    let buyer = format!("b-{}", dice.below(4));
    match verb {
        Verb::House(_) | Verb::SlotOpen(_) | Verb::SlotClose(_) => {
            return staff(Role::Organizer, "o");
        }
        verb if is_large(verb) => return staff(Role::Organizer, "o"),
        Verb::Sell(_) | Verb::Cancel(_) => {}
        _ => match dice.below(6) {
            0 => return staff(Role::Customer, &buyer),
            1 => return Caller::new(Role::Public).organizer("buehne".parse().expect("a slug")),
            _ => {}
        },
    }
    let named = dice.percent(60).then(|| buyer.parse().expect("a buyer"));
    if let Verb::Hold(Hold { buyer, .. }) | Verb::Sell(Sell { buyer, .. }) = verb {
        *buyer = named;
    }
    staff(Role::Terminal, "local")
}

/// A verb about units.
fn about_units(dice: &mut Dice, past: &mut Past) -> Verb {
    let (slot, wanted) = (slot(dice), wanted(dice));
    match dice.below(20) {
        0..=9 => Verb::Hold(Hold { slot, wanted, ttl: None, buyer: None }),
        10..=16 => {
            past.keys += 1;
            let tx = format!("card:tx-{}", past.keys).parse().expect("a payment");
            Verb::Sell(Sell { slot, wanted, payment: dice.percent(30).then_some(tx), buyer: None })
        }
        17..=18 => {
            let kind = if dice.percent(30) { HouseKind::Kill } else { HouseKind::Hold };
            Verb::House(House { slot, wanted, kind, lift: dice.percent(70) })
        }
        _ => {
            let switch = SlotSwitch { slot, expected_version: None };
            if dice.percent(20) { Verb::SlotClose(switch) } else { Verb::SlotOpen(switch) }
        }
    }
}

/// A verb about a booking.
fn about_booking(dice: &mut Dice, booking: BookingName) -> Verb {
    match dice.below(12) {
        0..=3 => Verb::Confirm(Confirm { booking, payment: None }),
        4 => Verb::Extend(Extend { booking }),
        5..=6 => Verb::Release(Release { booking }),
        7 => Verb::Expire(Expire { booking }),
        _ => {
            let line = if dice.percent(20) { vec![1] } else { Vec::new() };
            Verb::Cancel(Cancel { booking, line, reason: None })
        }
    }
}

/// Any command that somebody in their right mind would ask. `used` are bookings that this batch is about already: a
/// booking's version counts the batches that changed it, so good commands are about different ones.
fn sensible(dice: &mut Dice, past: &mut Past, way: Way, used: &mut HashSet<BookingId>) -> Planned {
    let place = dice.below(past.made.len());
    let known = dice.percent(60).then(|| past.made.get(place).cloned()).flatten();
    let fresh = known.filter(|(id, _)| way != Way::Good || used.insert(*id));
    let about = fresh.as_ref().map(|(id, _)| *id);
    let (mut verb, token) = match fresh {
        Some((id, token)) => (about_booking(dice, id.into()), token),
        // What the good ones do of this kind has a place of its own in the batch: see [`large`].
        None if way != Way::Good && dice.percent(30) => (stage_events::any_verb(dice), None),
        None => (about_units(dice, past), None),
    };
    let caller = who(dice, &mut verb);
    Planned { token, about, ..Planned::new(way, caller, verb, past.key(way)) }
}

/// A hold of what is nowhere, at the limits of what a request may carry.
fn huge(dice: &mut Dice, past: &mut Past) -> Planned {
    let long = |letter: &str, length: usize| letter.repeat(length);
    let wanted = if dice.percent(50) {
        let seats = (0..100).map(|n| format!("{}{n:03}", long("s", 297)).parse().expect("a seat"));
        Wanted::seats(seats.collect())
    } else {
        Wanted::area(long("w", 200).parse().expect("a name"), 100)
    };
    let buyer = Some(long("b", 200).parse().expect("a buyer"));
    let hold = Hold { slot: slot(dice), wanted, ttl: None, buyer };
    let key = format!("{}{}", past.key(Way::Huge), long("k", 200)).parse().expect("a key");
    Planned::new(Way::Huge, staff(Role::Terminal, &long("a", 200)), hold, key)
}

/// A command that is surely refused.
fn refused(dice: &mut Dice, past: &mut Past) -> Planned {
    let (wanted, slot, key) = (wanted(dice), slot(dice), past.key(Way::Refused));
    let seat = |name: &str| name.parse().expect("a seat");
    let local = staff(Role::Terminal, "local");
    let hold = |slot, wanted| Hold { slot, wanted, ttl: None, buyer: None };
    let verb: Verb = match dice.below(6) {
        0 => hold("konzert@2026-11-04T20:00".parse().expect("a slot"), wanted).into(),
        1 => hold(slot, Wanted::seats(vec![seat("A-1"), seat("Z-9")])).into(),
        2 => hold(slot, Wanted::area("Stand".parse().expect("a name"), 101)).into(),
        3 => {
            let booking = "01999999-9999-7999-8999-999999999900".parse().expect("a name");
            Confirm { booking, payment: None }.into()
        }
        4 => House { slot, wanted, kind: HouseKind::Kill, lift: false }.into(),
        // Somebody's key, with other content.
        _ => match past.asked.get(dice.below(RECENT)) {
            Some((asked, _)) => {
                let booking = "01999999-9999-7999-8999-999999999900".parse().expect("a name");
                let verb = Expire { booking }.into();
                return Planned { way: Way::Refused, verb, ..asked.clone() };
            }
            None => hold(slot, Wanted::seats(vec![seat("Z-9")])).into(),
        },
    };
    Planned::new(Way::Refused, local, verb, key)
}

/// A command that is wrong: by itself, or because the file has two organizers.
fn invalid(dice: &mut Dice, past: &mut Past) -> Planned {
    let (slot, key) = (slot(dice), past.key(Way::Invalid));
    let hold = |wanted| Hold { slot, wanted, ttl: None, buyer: None };
    if dice.percent(30) {
        let local = staff(Role::Terminal, "local");
        return Planned::new(Way::Invalid, local, hold(Wanted::default()), key);
    }
    Planned::new(Way::Invalid, Caller::local(), hold(wanted(dice)), key)
}

/// A bad command.
fn bad(dice: &mut Dice, past: &mut Past, way: Way) -> Planned {
    match way {
        Way::Refused => refused(dice, past),
        Way::Invalid => invalid(dice, past),
        Way::Huge => huge(dice, past),
        Way::PanicsHalf => loop {
            let planned = sensible(dice, past, way, &mut HashSet::new());
            // These have no half: they announce nothing of a booking.
            if !is_large(&planned.verb)
                && !matches!(
                    planned.verb,
                    Verb::House(_) | Verb::SlotOpen(_) | Verb::SlotClose(_) | Verb::Expire(_)
                )
            {
                return planned;
            }
        },
        Way::Good
        | Way::PanicsEarly
        | Way::PanicsLate
        | Way::Row
        | Way::Statement
        | Way::Late
        | Way::Abandoned => sensible(dice, past, way, &mut HashSet::new()),
    }
}

/// Something about slots or events. What makes ids comes alone, and what goes on in steps comes last: the dice of ids
/// always fall alike here, and who comes after something in steps may come between two of them.
fn large(dice: &mut Dice, past: &mut Past) -> Planned {
    let mut verb = loop {
        let verb = stage_events::any_verb(dice);
        if is_large(&verb) {
            break verb;
        }
    };
    let caller = who(dice, &mut verb);
    Planned::new(Way::Good, caller, verb, past.key(Way::Good))
}

/// A batch: three to ten good commands, with none to five bad ones anywhere among them; in one of four something about
/// slots or events at its end, with bad ones before it.
pub(super) fn batch(dice: &mut Dice, past: &mut Past) -> Vec<Planned> {
    let mut used = HashSet::new();
    let mut batch = Vec::new();
    for _ in 0..dice.between(3, 10) {
        let again = dice.percent(8).then(|| past.asked.get(dice.below(RECENT)).cloned()).flatten();
        batch.push(match again.filter(|(planned, _)| !is_large(&planned.verb)) {
            Some((planned, _)) => planned,
            None => sensible(dice, past, Way::Good, &mut used),
        });
    }
    let last = dice.percent(25).then(|| large(dice, past));
    for _ in 0..dice.below(6) {
        let way = *dice.one_of(&Way::BAD);
        // It would fail all that came with it, but not the last: they would change places.
        let way = if last.is_some() && way == Way::Statement { Way::Refused } else { way };
        let place = dice.between(0, batch.len());
        let bad = bad(dice, past, way);
        batch.insert(place, bad);
    }
    batch.extend(last);
    batch
}
