//! Steps at random, as a state machine: what may come next depends on what there is, and a run that fails is made
//! shorter without asking for what is not there any more.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::command::{Act, Command, Pay, Step, What, Who};
use super::random_events::{call_off, event_act, postpone};
use super::{ENGINES, Model, NEVER, SECOND};

/// The state machine whose states are models.
#[derive(Debug)]
pub struct Office;

impl ReferenceStateMachine for Office {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        any::<bool>().prop_map(Model::new).boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Step> {
        let engine = 0..ENGINES;
        let next = model.next_key();
        let ask = (engine.clone(), command(model), any::<bool>()).prop_map(
            move |(engine, command, key)| Step::Ask { engine, command, key: key.then_some(next) },
        );
        let keys = model.replayable();
        let replay = match keys.len() {
            0 => sweep().boxed(),
            _ => (engine.clone(), prop::sample::select(keys))
                .prop_map(|(engine, key)| Step::Replay { engine, key })
                .boxed(),
        };
        let jump = (engine.clone(), jump()).prop_map(|(engine, by)| Step::Jump { engine, by });
        prop_oneof![
            60 => ask,
            8 => replay,
            14 => tick(model),
            3 => jump,
            2 => engine.clone().prop_map(|engine| Step::Accept { engine }),
            3 => (engine, any::<bool>()).prop_map(|(engine, leak)| Step::Reopen { engine, leak }),
            2 => sweep(),
            3 => (0..ENGINES).prop_map(|engine| Step::Generate { engine }),
            1 => Just(Step::Restore),
        ]
        .boxed()
    }

    fn apply(mut model: Model, step: &Step) -> Model {
        model.step(step);
        model
    }

    fn preconditions(model: &Model, step: &Step) -> bool {
        match step {
            Step::Ask { command, key, .. } => {
                let there = |booking| booking == NEVER || booking < model.bookings();
                command.act.booking().is_none_or(there)
                    && command.act.slot().is_none_or(|slot| slot < model.slots())
                    && command.act.event().is_none_or(|event| event < model.events())
                    && key.is_none_or(|key| key >= model.next_key())
            }
            Step::Replay { key, .. } => model.replayable().contains(key),
            Step::Tick(by) => *by > 0,
            Step::Jump { engine, .. } => model.may_jump(*engine),
            Step::Accept { .. }
            | Step::Reopen { .. }
            | Step::Sweep { .. }
            | Step::Generate { .. }
            | Step::Restore => true,
        }
    }
}

fn sweep() -> impl Strategy<Value = Step> {
    (0..ENGINES).prop_map(|engine| Step::Sweep { engine })
}

/// Time passes: anyhow, or exactly to where something ends or begins, and an instant less or more.
fn tick(model: &Model) -> impl Strategy<Value = Step> + use<> {
    let edges = model.edges();
    let exact = match edges.len() {
        0 => Just(SECOND).boxed(),
        _ => (prop::sample::select(edges), -1..=1i64).prop_map(|(by, more)| by + more).boxed(),
    };
    prop_oneof![
        6 => 1..=200 * SECOND,
        6 => exact.prop_map(|by| by.max(1)),
        2 => prop_oneof![Just(300), Just(720), Just(3_600)].prop_map(|by| by * SECOND),
        1 => (3_600..=86_400i64).prop_map(|by| by * SECOND),
    ]
    .prop_map(Step::Tick)
}

/// A wall clock that jumps: within what is borne, a little beyond, and far.
fn jump() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => prop_oneof![Just(-3), Just(-5), Just(-6), Just(-600), Just(-7_200)],
        4 => prop_oneof![Just(59), Just(60), Just(61), Just(7_200)],
        1 => prop_oneof![Just(401 * 86_400i64), Just(-401 * 86_400)],
    ]
    .prop_map(|by| by * SECOND)
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        2 => any::<bool>().prop_map(|token| Who::Public { token }),
        4 => (0..3u8).prop_map(Who::Customer),
        4 => Just(Who::Terminal),
        1 => Just(Who::Organizer),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let one = prop_oneof![60 => 0..12usize, 1 => Just(12usize)];
    prop_oneof![
        6 => prop::collection::btree_set(one, 1..=5).prop_map(What::Seats),
        5 => (1..=5i64).prop_map(What::Places),
        1 => (1..=5i64).prop_map(What::Nowhere),
    ]
}

fn pay() -> impl Strategy<Value = Pay> {
    prop_oneof![
        4 => Just(Pay::Silent),
        2 => (0..12u8).prop_map(Pay::Card),
        1 => (0..12u8).prop_map(Pay::Wrong),
    ]
}

fn buyer() -> impl Strategy<Value = Option<u8>> {
    prop::option::weighted(0.6, 0..3u8)
}

fn ttl() -> impl Strategy<Value = Option<i64>> {
    let some = prop_oneof![Just(30), Just(60), Just(300), Just(600), Just(3_600)];
    prop::option::weighted(0.4, some.prop_map(|ttl| ttl * SECOND))
}

fn house(model: &Model) -> impl Strategy<Value = Act> + use<> {
    (slot(model), what(), any::<bool>(), any::<bool>())
        .prop_map(|(slot, what, kill, lift)| Act::House { slot, what, kill, lift })
}

/// A booking that was made, now and then one that never was.
fn booking(model: &Model) -> BoxedStrategy<usize> {
    match model.bookings() {
        0 => Just(NEVER).boxed(),
        made => prop_oneof![16 => 0..made, 1 => Just(NEVER)].boxed(),
    }
}

/// A slot: mostly one of the first, so that buyers meet, or one of the newest.
pub(super) fn slot(model: &Model) -> impl Strategy<Value = usize> + use<> {
    let all = model.slots();
    prop_oneof![3 => 0..2usize, 2 => all - 2..all, 2 => 0..all]
}

fn act(model: &Model) -> impl Strategy<Value = Act> + use<> {
    let of = booking(model);
    let asked = || (slot(model), what(), buyer());
    prop_oneof![
        8 => (asked(), ttl()).prop_map(|((s, w, b), t)| Act::Hold(s, w, t, b)),
        4 => (asked(), pay()).prop_map(|((s, w, b), p)| Act::Sell(s, w, p, b)),
        5 => (of.clone(), pay()).prop_map(|(booking, pay)| Act::Confirm(booking, pay)),
        3 => of.clone().prop_map(Act::Extend),
        3 => of.clone().prop_map(Act::Release),
        2 => of.clone().prop_map(Act::Expire),
        5 => (of, prop::option::of(1..=4u32)).prop_map(|(booking, n)| Act::Cancel(booking, n)),
        3 => house(model),
        1 => (slot(model), prop::bool::weighted(0.4)).prop_map(|(s, closed)| Act::Switch(s, closed)),
        1 => call_off(model),
        2 => postpone(model),
        5 => event_act(model),
    ]
}

fn command(model: &Model) -> impl Strategy<Value = Command> + use<> {
    (who(), act(model)).prop_map(|(who, act)| {
        // Most of what only staff may do is asked by staff: else little would happen.
        let who = match (&act, who) {
            (
                Act::House { .. }
                | Act::Switch(..)
                | Act::CallOff(..)
                | Act::Postpone(..)
                | Act::Event(..),
                Who::Terminal | Who::Customer(_),
            ) => Who::Organizer,
            (Act::Sell(..) | Act::Cancel(..), Who::Customer(1 | 2)) => Who::Terminal,
            (_, who) => who,
        };
        Command { who, act }
    })
}
