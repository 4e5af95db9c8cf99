//! What is done to slots and events at random.

use proptest::prelude::*;

use super::command::{Act, Care, EventAct, Term};
use super::random::slot;
use super::{HOUR, MINUTE, Model};

fn care() -> impl Strategy<Value = Care> {
    prop_oneof![5 => Just(Care::None), 2 => Just(Care::DryRun), 1 => Just(Care::Stale)]
}

pub(super) fn call_off(model: &Model) -> impl Strategy<Value = Act> + use<> {
    (slot(model), care()).prop_map(|(slot, care)| Act::CallOff(slot, care))
}

pub(super) fn postpone(model: &Model) -> impl Strategy<Value = Act> + use<> {
    // Where another slot is, where it ends, in the past, and where nothing is yet.
    let known = prop::sample::select(model.places_in_time());
    let to = prop_oneof![5 => known, 5 => evening(), 1 => Just(0)];
    (slot(model), to, care()).prop_map(|(slot, to, care)| Act::Postpone(slot, to, care))
}

/// Eight o'clock of a day of this winter on the clock of the venue.
fn evening() -> impl Strategy<Value = i64> {
    (1..=100i64).prop_map(|day| day * 24 * HOUR + 10 * HOUR)
}

pub(super) fn event_act(model: &Model) -> BoxedStrategy<Act> {
    let all = model.events();
    let events = prop_oneof![2 => 0..all, 1 => all - 1..all];
    let versions: Vec<u32> = (0..all).map(|event| model.version(event)).collect();
    (events, act(), prop::option::weighted(0.5, prop_oneof![4 => Just(0), 1 => Just(1)]))
        .prop_map(move |(event, act, late)| {
            // The version that it has, or one that nobody has seen.
            Act::Event(event, act, late.map(|late: u32| versions[event] + late))
        })
        .boxed()
}

fn act() -> impl Strategy<Value = EventAct> {
    let dates = prop::collection::vec(evening(), 1..=3);
    prop_oneof![
        4 => Just(EventAct::Publish),
        2 => Just(EventAct::Complete),
        2 => Just(EventAct::Delete),
        2 => prop::bool::weighted(0.7).prop_map(|dry_run| EventAct::Cancel { dry_run }),
        8 => term().prop_map(EventAct::Edit),
        3 => (0..4u8, any::<bool>())
            .prop_map(|(number, schedules)| EventAct::Clone { number, schedules }),
        5 => dates.prop_map(EventAct::Schedule),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let before = || prop::option::of(prop_oneof![Just(HOUR), Just(24 * HOUR), Just(72 * HOUR)]);
    prop_oneof![
        (0..3u8).prop_map(Term::Title),
        (2..6i64).prop_map(Term::PerBooking),
        prop::option::of(4..8i64).prop_map(Term::PerBuyer),
        prop_oneof![Just(1_500), Just(2_000), Just(2_550)].prop_map(Term::Price),
        prop_oneof![Just(1), Just(5), Just(12), Just(40)]
            .prop_map(|hold| Term::Hold(hold * MINUTE)),
        before().prop_map(Term::SaleFrom),
        before().prop_map(Term::SaleUntil),
    ]
}
