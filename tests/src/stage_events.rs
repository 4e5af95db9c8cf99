//! What organizers do at random to slots and events: few of them, so that they meet.

use serde_json::json;
use venue_core::domain::caller::Role;
use venue_core::domain::error::Error;
use venue_core::domain::generated::Generated;
use venue_core::domain::request::{
    EventCancel, EventClone, EventEdit, EventSwitch, EventTerms, Hold, ScheduleAdd, Sell,
    SlotCancel, SlotName, SlotPostpone, Verb, Wanted,
};
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::domain::text::Slug;
use venue_core::engine::Engine;

use crate::dice::Dice;
use crate::fixture::caller;

/// Slots that come and go; those of the new events there are once somebody has made them.
const SLOTS: &[&str] = &[
    "konzert@2026-11-03T20:00",
    "konzert@2026-12-20T20:00",
    "premiere@2026-11-10T20:00",
    "lesung@2100-06-01T18:00",
    "lesung@2100-07-01T18:00",
];
/// So many events may be made beside those of the season.
const NEW: usize = 6;

fn new_slug(n: usize) -> Slug {
    format!("neu-{n}").parse().expect("a slug")
}

/// When the slot of a new event is: each has an evening of its own.
fn evening(n: usize) -> String {
    format!("2027-02-{:02}T20:00", n + 1)
}

fn new_slot(n: usize) -> SlotName {
    format!("neu-{n}@{}", evening(n)).parse().expect("a slot")
}

fn slot(dice: &mut Dice) -> SlotName {
    let n = dice.below(SLOTS.len() + NEW);
    match SLOTS.get(n) {
        Some(slot) => slot.parse().expect("a slot"),
        None => new_slot(n - SLOTS.len()),
    }
}

/// Takes places of a slot that comes and goes, or does something to one or to an event. Nothing of it is invalid.
///
/// # Panics
/// Never.
pub fn any_verb(dice: &mut Dice) -> Verb {
    let n = dice.below(NEW);
    let event = EventSwitch::new(new_slug(n));
    match dice.below(40) {
        0..=15 => {
            let quantity = u32::try_from(dice.between(1, 3)).unwrap_or(1);
            let wanted = Wanted::area("Stand".parse().expect("a name"), quantity);
            match dice.below(2) {
                0 => Verb::Hold(Hold::new(slot(dice), wanted)),
                _ => Verb::Sell(Sell::new(slot(dice), wanted)),
            }
        }
        // Those of the new events can be made again.
        16..=18 if dice.percent(90) => Verb::SlotCancel(SlotCancel::new(new_slot(n))),
        16..=18 => {
            let slot: SlotName = SLOTS[2].parse().expect("a slot");
            Verb::SlotCancel(SlotCancel::new(slot))
        }
        19..=22 => {
            // Back and forth.
            let dates = ["2100-06-01T18:00", "2100-07-01T18:00"];
            let (from, to) = (dice.below(2), dice.below(2));
            let name: SlotName = format!("lesung@{}", dates[from]).parse().expect("a slot");
            Verb::SlotPostpone(SlotPostpone::new(name, dates[to].parse().expect("a time")))
        }
        23..=26 => Verb::EventClone(EventClone {
            event: "konzert".parse().expect("a slug"),
            slug: new_slug(n),
            title: None,
            schedules: false,
        }),
        27..=30 => Verb::EventPublish(event),
        31..=33 => {
            let rule = serde_json::from_value(json!({"starts": evening(n)})).expect("a rule");
            Verb::ScheduleAdd(ScheduleAdd { event: new_slug(n), rule, expected_version: None })
        }
        34 => Verb::EventCancel(EventCancel::new(new_slug(n))),
        35 => Verb::EventDelete(event),
        36 => Verb::EventComplete(event),
        _ => Verb::EventEdit(EventEdit {
            event: "lesung".parse().expect("a slug"),
            terms: EventTerms {
                title: Some(format!("Lesung {}", dice.below(3)).parse().expect("a title")),
                max_units_per_booking: Some(u32::try_from(dice.between(4, 9)).unwrap_or(4)),
                ..EventTerms::default()
            },
            clear: Vec::new(),
            expected_version: dice.percent(20).then_some(1),
        }),
    }
}

/// Makes the slots of all schedules.
///
/// # Errors
/// As the engine answers.
pub fn generate(engine: &Engine) -> Result<Generated, Error> {
    let (chief, all) = (caller(Role::Organizer, "chief"), ScheduleGenerate::default());
    engine.schedule_generate(&chief, &all, &mut |_, _, _| {})
}

/// Whether a verb has no batch but its own: it is about more than bookings.
pub fn is_large(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::SlotCancel(_)
            | Verb::SlotPostpone(_)
            | Verb::EventCreate(_)
            | Verb::EventEdit(_)
            | Verb::EventPublish(_)
            | Verb::EventCancel(_)
            | Verb::EventComplete(_)
            | Verb::EventDelete(_)
            | Verb::EventClone(_)
            | Verb::ScheduleAdd(_)
            | Verb::ScheduleEdit(_)
    )
}
