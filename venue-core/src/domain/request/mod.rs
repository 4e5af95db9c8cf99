//! Requests of the mutating verbs: one type a verb, in files by noun. The members are the options of the command
//! line, in snake_case. `each_verb` is the table of all of them; a new verb is a type with its `Fields` and a
//! line there.

mod booking;
mod event;
mod names;
mod schedule;
mod slot;
mod terms;

use super::error::Invalid;
use super::idempotency::Fingerprinter;
use super::text::Buyer;

pub use super::wanted::{MAX_QUANTITY, Selector, Wanted};
pub use booking::{Cancel, Confirm, Expire, Extend, Hold, Release, Sell};
pub use event::{Clearable, EventCancel, EventClone, EventCreate, EventEdit, EventSwitch};
pub use names::{BookingName, NewStart, NotAName, Payment, Price, SaleEnd, SlotName};
pub use schedule::{ScheduleAdd, ScheduleEdit};
pub use slot::{House, HouseKind, SlotCancel, SlotPostpone, SlotSwitch};
pub use terms::EventTerms;

/// Gives the table of mutating verbs to a macro: variant, request, and name on the command line and in JSON.
macro_rules! each_verb {
    ($then:ident) => {
        $then! {
            Hold(Hold) "hold",
            Sell(Sell) "sell",
            Confirm(Confirm) "confirm",
            Extend(Extend) "extend",
            Release(Release) "release",
            Expire(Expire) "expire",
            Cancel(Cancel) "cancel",
            House(House) "house",
            SlotOpen(SlotSwitch) "slot_open",
            SlotClose(SlotSwitch) "slot_close",
            SlotCancel(SlotCancel) "slot_cancel",
            SlotPostpone(SlotPostpone) "slot_postpone",
            EventCreate(EventCreate) "event_create",
            EventEdit(EventEdit) "event_edit",
            EventPublish(EventSwitch) "event_publish",
            EventCancel(EventCancel) "event_cancel",
            EventComplete(EventSwitch) "event_complete",
            EventDelete(EventSwitch) "event_delete",
            EventClone(EventClone) "event_clone",
            ScheduleAdd(ScheduleAdd) "schedule_add",
            ScheduleEdit(ScheduleEdit) "schedule_edit",
        }
    };
}
pub(crate) use each_verb;

/// What a mutating verb's request says about its own members.
pub(crate) trait Fields {
    /// Their names in JSON, in the order of their fingerprints.
    const NAMES: &'static [&'static str];

    /// True if the command has a batch of its own: it writes to rows that others of a batch keep in memory.
    const ALONE: bool = false;

    /// What can be checked without any data.
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }

    /// Adds each member, as it was parsed, in the order of [`Fields::NAMES`].
    fn fingerprint(&self, printer: &mut Fingerprinter);

    /// For whom the request says it is.
    fn buyer(&self) -> Option<&Buyer> {
        None
    }

    /// True if it only asks what would be done.
    fn is_dry_run(&self) -> bool {
        false
    }
}

/// The version that something is expected to have, if one is.
fn validate_version(expected: Option<u32>) -> Result<(), Invalid> {
    match expected {
        Some(0) => Err(Invalid::argument("expected_version", "versions start at 1")),
        Some(_) | None => Ok(()),
    }
}

macro_rules! declare {
    ($($variant:ident($request:ident) $name:literal,)*) => {
        /// A mutating command: goes through the queue, has a key, and is durable once answered.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Verb {
            $(
                #[doc = concat!("See [`", stringify!($request), "`].")]
                $variant($request),
            )*
        }

        impl Verb {
            /// The verb's name.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// What can be checked without any data.
            ///
            /// # Errors
            /// Invalid `argument`, naming the member at fault; `unsupported`.
            pub fn validate(&self) -> Result<(), Invalid> {
                match self {
                    $(Self::$variant(request) => request.validate(),)*
                }
            }

            /// Adds each field, as it was parsed, in the order of [`Verb::fields`].
            pub fn fingerprint(&self, printer: &mut Fingerprinter) {
                match self {
                    $(Self::$variant(request) => request.fingerprint(printer),)*
                }
            }

            /// The names of the fields, in the order of their fingerprints.
            pub const fn fields(&self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant(_) => <$request as Fields>::NAMES,)*
                }
            }

            /// True if the command has a batch of its own.
            pub(crate) const fn runs_alone(&self) -> bool {
                match self {
                    $(Self::$variant(_) => <$request as Fields>::ALONE,)*
                }
            }

            /// True if it only asks what would be done: then nothing is written, not even for its key.
            pub fn is_dry_run(&self) -> bool {
                match self {
                    $(Self::$variant(request) => request.is_dry_run(),)*
                }
            }

            /// For whom the request says it is.
            pub(crate) fn buyer(&self) -> Option<&Buyer> {
                match self {
                    $(Self::$variant(request) => request.buyer(),)*
                }
            }
        }
    };
}
each_verb!(declare);

#[cfg(test)]
mod member_tests;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hold::{LONGEST, SHORTEST};
    use crate::domain::ids::FileId;
    use crate::domain::instant::Span;
    use crate::domain::text::SeatName;

    #[allow(clippy::unnecessary_wraps, reason = "the member is optional")]
    fn seats(names: &[&str]) -> Option<Vec<SeatName>> {
        Some(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    #[test]
    fn every_field_has_a_fingerprint_and_order_of_seats_has_none() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let hold = |names: &[&str]| {
            let wanted = Wanted { seats: seats(names), ..Wanted::default() };
            Verb::Hold(Hold { slot: slot.clone(), wanted, ttl: None, buyer: None })
        };
        let print = |verb: &Verb| {
            let mut printer = Fingerprinter::new(FileId::from_bytes([0; 16]));
            verb.fingerprint(&mut printer);
            printer.finish()
        };
        assert_eq!(print(&hold(&["a", "b"])), print(&hold(&["b", "a"])));
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let verbs = [
            hold(&["a"]),
            Verb::Confirm(Confirm { booking, payment: None }),
            Verb::Extend(Extend { booking }),
            Verb::Cancel(Cancel { booking, line: vec![1, 2], reason: None }),
            Verb::SlotOpen(SlotSwitch { slot: slot.clone(), expected_version: None }),
            Verb::House(House {
                slot: slot.clone(),
                wanted: Wanted::default(),
                kind: HouseKind::Kill,
                lift: true,
            }),
        ];
        for verb in verbs {
            assert_eq!(print(&verb).bytes().len(), 8 * verb.fields().len(), "{}", verb.name());
        }
    }

    #[test]
    fn verbs_are_called_as_on_the_command_line() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let wanted = Wanted::default;
        let switch = || SlotSwitch { slot: slot.clone(), expected_version: None };
        let house =
            House { slot: slot.clone(), wanted: wanted(), kind: HouseKind::Hold, lift: false };
        for (verb, name) in [
            (Verb::Hold(Hold::new(slot.clone(), wanted())), "hold"),
            (Verb::Sell(Sell::new(slot.clone(), wanted())), "sell"),
            (Verb::Confirm(Confirm::new(booking)), "confirm"),
            (Verb::Extend(Extend::new(booking)), "extend"),
            (Verb::Release(Release::new(booking)), "release"),
            (Verb::Expire(Expire::new(booking)), "expire"),
            (Verb::Cancel(Cancel::new(booking)), "cancel"),
            (Verb::House(house), "house"),
            (Verb::SlotOpen(switch()), "slot_open"),
            (Verb::SlotClose(switch()), "slot_close"),
        ] {
            assert_eq!(verb.name(), name);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_before_any_data_is_read() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let one = || Wanted { seats: seats(&["a"]), ..Wanted::default() };
        let hold = |ttl| Verb::Hold(Hold { ttl: Some(ttl), ..Hold::new(slot.clone(), one()) });
        let lines = |line: &[u32]| Verb::Cancel(Cancel::new(booking).lines(line.to_vec()));
        let version = |version| {
            Verb::SlotOpen(SlotSwitch { slot: slot.clone(), expected_version: Some(version) })
        };
        for (verb, wrong) in [
            (hold(SHORTEST), None),
            (hold(LONGEST), None),
            (hold(Span::from_micros(SHORTEST.micros() - 1)), Some("ttl")),
            (hold(Span::from_micros(LONGEST.micros() + 1)), Some("ttl")),
            (Verb::Hold(Hold::new(slot.clone(), one())), None),
            (Verb::Hold(Hold::new(slot.clone(), Wanted::default())), Some("seats")),
            (Verb::Sell(Sell::new(slot.clone(), Wanted::default())), Some("seats")),
            (lines(&[]), None),
            (lines(&[MAX_QUANTITY, 1, 2]), None),
            (lines(&[0]), Some("line")),
            (lines(&[MAX_QUANTITY + 1]), Some("line")),
            (lines(&[2, 1, 2]), Some("line")),
            (version(1), None),
            (version(0), Some("expected_version")),
            (Verb::Confirm(Confirm::new(booking)), None),
        ] {
            let named = verb.validate().err().map(|invalid| match invalid {
                Invalid::Argument { name, .. } => name,
                other => other.code().to_owned(),
            });
            assert_eq!(named.as_deref(), wrong, "{verb:?}");
        }
    }
}
