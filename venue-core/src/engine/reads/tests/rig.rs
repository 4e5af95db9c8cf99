//! A file with a small catalogue, commands that change it, and queries about it.

use crate::domain::booking::BookingView;
use crate::domain::caller::{Caller, Role};
use crate::domain::error::Error;
use crate::domain::hold::Secret;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::instant::{Instant, Span};
use crate::domain::query::Query;
use crate::domain::reply::Reply;
use crate::domain::request::{Hold, House, HouseKind, Sell, SlotName, Verb, Wanted};
use crate::domain::view::Answer;
use crate::engine::reads::{ReadContext, run};
use crate::operations::{self, Command, Work, cache::Caches};
use crate::store::boundary::{Call, Committed, Read as _, Statement, Store as _, Value};
use crate::store::queries::fixtures;
use crate::store::sqlite::{Access, NewFile, Opened, create, open};
use crate::store::{meta, search};

pub(super) struct Rig {
    opened: Opened,
    caches: Caches,
    noise: u64,
    /// Commands and queries are as of this instant.
    pub(super) now: Instant,
    _folder: tempfile::TempDir,
}

impl Rig {
    /// A file with the catalogue, on the day before its first slot.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("venue.db");
        let new = NewFile {
            file_id: [7; 16],
            epoch: 1,
            floor: 0,
            test_clock: true,
            group: None,
            secret: [9; 32],
        };
        create(&path, &new, &Access::default()).unwrap();
        fixtures::catalogue(&path);
        let mut opened = open(&path, &Access::default()).unwrap();
        search::fill_now(&mut opened.writer);
        let now = "2027-09-03T12:00:00Z".parse().unwrap();
        Self { opened, caches: Caches::default(), noise: 0, now, _folder: folder }
    }

    /// Does a command as this caller, in a batch of its own.
    pub(super) fn act(&mut self, caller: &Caller, verb: Verb) -> Reply {
        let store = &mut self.opened.writer;
        assert!(store.begin(&mut || true).unwrap());
        let meta = meta::load(store.tx()).unwrap();
        let mut printer = Fingerprinter::new(meta.file_id);
        verb.fingerprint(&mut printer);
        self.noise += 1;
        let key = format!("key-of-a-test-command-{}", self.noise);
        let command = Command {
            verb,
            scope: caller.scope().into(),
            caller: caller.clone(),
            key: key.parse().unwrap(),
            key_given: true,
            fingerprints: printer.finish(),
            request_id: None,
            token: None,
        };
        let secret = Secret::new([9; 32]);
        // Descending, so that ids are not in the order of numbers.
        let mut noise = self.noise;
        let mut next = || {
            noise = noise.wrapping_sub(0x9e37_79b9_7f4a_7c15);
            noise
        };
        let (caches, tx) = (&mut self.caches, store.tx());
        let mut work = Work::new(tx, caches, &mut next, meta, Some(&secret), self.now);
        let reply = operations::run(&mut work, &command).unwrap().unwrap();
        work.flush().unwrap();
        work.settle();
        assert_eq!(store.commit(), Committed::Done);
        reply
    }

    fn booked(&mut self, caller: &Caller, verb: Verb) -> BookingView {
        match self.act(caller, verb) {
            Reply::Booking(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// Holds units of the n-th slot as the box office, for a buyer.
    pub(super) fn hold(&mut self, n: u8, wanted: Wanted, buyer: Option<&str>) -> BookingView {
        let buyer = buyer.map(|buyer| buyer.parse().unwrap());
        let slot = SlotName::Id(fixtures::slot(n));
        self.booked(&office(n), Verb::Hold(Hold { slot, wanted, ttl: None, buyer }))
    }

    /// Sells units of the n-th slot as the box office, for a buyer.
    pub(super) fn sell(&mut self, n: u8, wanted: Wanted, buyer: Option<&str>) -> BookingView {
        let buyer = buyer.map(|buyer| buyer.parse().unwrap());
        let slot = SlotName::Id(fixtures::slot(n));
        self.booked(&office(n), Verb::Sell(Sell { slot, wanted, payment: None, buyer }))
    }

    /// Withholds units of the n-th slot.
    pub(super) fn withhold(&mut self, n: u8, wanted: Wanted, kind: HouseKind) {
        let slot = SlotName::Id(fixtures::slot(n));
        let caller = Caller { role: Role::Organizer, ..office(n) };
        self.act(&caller, Verb::House(House { slot, wanted, kind, lift: false }));
    }

    /// Runs a statement in a transaction of its own.
    pub(super) fn exec(&mut self, statement: &'static Statement, row: Vec<Value>) {
        let store = &mut self.opened.writer;
        assert!(store.begin(&mut || true).unwrap());
        assert_eq!(store.tx().exec(&[Call::once(statement, row)]).unwrap(), [1]);
        assert_eq!(store.commit(), Committed::Done);
    }

    /// Adds so many events, `many-0000` and so on, each with a slot.
    pub(super) fn with_events(&mut self, count: u16) {
        (0..count).for_each(|n| self.make_event(n));
    }

    /// Adds the event `many-` of this number with one slot, if it is not there, and puts it into the index.
    pub(super) fn make_event(&mut self, n: u16) {
        let [event, schedule, slot] = fixtures::add_event();
        let [high, low] = n.to_be_bytes();
        let mut id = [0x60; 16];
        (id[1], id[2]) = (high, low);
        let start = fixtures::first_start().plus(Span::from_mins(i64::from(n) * 7_919 % 4_000));
        let slug = format!("many-{n:04}");
        let text = |text: String| Value::Text(text.into());
        let store = &mut self.opened.writer;
        assert!(store.begin(&mut || true).unwrap());
        let tx = store.tx();
        let organizer = crate::domain::ids::OrganizerId::from_bytes([1; 16]);
        if crate::store::catalog::events::by_slug(tx, organizer, &slug.parse().unwrap())
            .unwrap()
            .is_none()
        {
            let row = [
                Value::Id(id),
                text(slug),
                text(format!("Number {n:04}")),
                text("[\"many\",\"x\"]".to_owned()),
            ];
            let calls = [
                Call::once(event, row),
                Call::once(schedule, [Value::Id(id)]),
                Call::once(slot, [Value::Id(id), Value::Int(start.micros())]),
            ];
            tx.exec(&calls).unwrap();
            search::refresh(tx, [crate::domain::ids::EventId::from_bytes(id)]).unwrap();
        }
        assert_eq!(store.commit(), Committed::Done);
    }

    /// Deletes the event `many-` of this number.
    pub(super) fn delete_event(&mut self, n: u16) {
        self.exec(fixtures::delete_event(), vec![Value::Text(format!("many-{n:04}").into())]);
    }

    /// Adds a slot of `match`, so many days after the first.
    pub(super) fn make_slot(&mut self, days: i64) {
        self.noise += 1;
        let mut id = [0xA0; 16];
        id[8..].copy_from_slice(&self.noise.to_be_bytes());
        let start = fixtures::first_start().plus(Span::from_days(days)).micros();
        let row = vec![
            Value::Id(id),
            Value::Text(format!("made-{}", self.noise).into()),
            Value::Int(start),
            Value::Id(fixtures::slot(1).bytes()),
        ];
        self.exec(fixtures::add_slot(), row);
    }

    /// Asks as this caller.
    pub(super) fn ask(&self, caller: &Caller, query: &Query) -> Result<Answer, Error> {
        let context = ReadContext { caller, now: self.now };
        let mut answer = None;
        let mut with = |tx: &mut dyn crate::store::boundary::Tx| {
            answer = Some(run(tx, &context, query));
        };
        self.opened.readers.read(&mut with).unwrap();
        answer.unwrap()
    }

    /// Asks as the box office of the first organizer.
    pub(super) fn see(&self, query: &Query) -> Answer {
        self.ask(&office(1), query).unwrap()
    }
}

/// The box office of the organizer that sells the n-th slot.
pub(super) fn office(n: u8) -> Caller {
    let slug = if n == 7 { "two" } else { "one" };
    Caller::local().organizer(slug.parse().unwrap())
}

/// Somebody of the first organizer's, in this role.
pub(super) fn caller(role: Role, actor: &str) -> Caller {
    Caller::new(role).organizer("one".parse().unwrap()).actor(actor.parse().unwrap())
}

/// Seats by their stable ids.
pub(super) fn seats(names: &[&str]) -> Wanted {
    Wanted::seats(names.iter().map(|name| name.parse().unwrap()).collect())
}

/// Places of the area.
pub(super) fn places(quantity: u32) -> Wanted {
    Wanted::area("Stand".parse().unwrap(), quantity)
}

/// A query from the members of its JSON.
pub(super) fn query(name: &str, members: serde_json::Value) -> Query {
    macro_rules! named {
        ($($text:literal => $variant:ident),* $(,)?) => {
            match name {
                $($text => Query::$variant(serde_json::from_value(members).unwrap()),)*
                _ => panic!("{name}"),
            }
        };
    }
    named! {
        "venue_list" => VenueList, "venue_show" => VenueShow,
        "hall_list" => HallList, "hall_show" => HallShow,
        "plan_list" => PlanList, "plan_show" => PlanShow,
        "event_list" => EventList, "event_search" => EventSearch, "event_show" => EventShow,
        "slot_list" => SlotList, "slot_next" => SlotNext, "slot_show" => SlotShow, "slot_map" => SlotMap,
        "booking_list" => BookingList, "booking_show" => BookingShow,
        "ticket_list" => TicketList, "ticket_show" => TicketShow, "feed" => Feed,
    }
}
