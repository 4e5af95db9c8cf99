//! The catalogue of every code: one table feeds Rust, C header, JSON and docs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of answer an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A rule said no.
    Refused,
    /// The request is wrong.
    Invalid,
    /// The file or the machine failed; nothing happened.
    Storage,
    /// Not now: ask again.
    Retry,
    /// It may or may not have happened: ask again with the same key.
    Unknown,
    /// Our mistake.
    Bug,
}

impl Class {
    /// The class's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Invalid => "invalid",
            Self::Storage => "storage",
            Self::Retry => "retry",
            Self::Unknown => "unknown",
            Self::Bug => "bug",
        }
    }

    /// The process exit code of the class.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Invalid => 2,
            Self::Storage => 3,
            Self::Retry => 4,
            Self::Unknown => 5,
            Self::Bug => 70,
        }
    }
}

/// One code of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// Its number in the C ABI: the class is the hundreds. Never reused.
    pub number: u16,
    /// What kind of answer it is.
    pub class: Class,
    /// The members of `details`.
    pub fields: &'static [&'static str],
    /// What a person can do next.
    pub advice: &'static str,
}

const fn entry(
    number: u16,
    code: &'static str,
    class: Class,
    fields: &'static [&'static str],
    advice: &'static str,
) -> Entry {
    Entry { code, number, class, fields, advice }
}

/// Every code, in the order in which they are checked within their class.
#[rustfmt::skip]
pub const CATALOGUE: &[Entry] = &[
    entry(101, "forbidden", Class::Refused, &[], "ask as another role, or give the hold's token"),
    entry(102, "idempotency_mismatch", Class::Refused, &["field"], "use a new key for a new request"),
    entry(103, "not_found", Class::Refused, &["kind", "names"], "check the spelling, or list what there is"),
    entry(104, "over", Class::Refused, &[], "choose a later slot"),
    entry(105, "slot_cancelled", Class::Refused, &["at"], "choose another slot"),
    entry(106, "closed", Class::Refused, &[], "choose another slot, or ask the organizer"),
    entry(107, "not_on_sale", Class::Refused, &["from"], "come back when the sale begins"),
    entry(108, "hold_expired", Class::Refused, &["expired_at"], "hold the places again"),
    entry(109, "already_confirmed", Class::Refused, &["booking", "at"], "nothing is left to do: see `booking show`"),
    entry(110, "released", Class::Refused, &["booking", "at"], "hold the places again"),
    entry(111, "cancelled", Class::Refused, &["booking", "at"], "nothing is left to do: see `booking show`"),
    entry(112, "not_due", Class::Refused, &["expires_at"], "wait until the hold ends, or release it"),
    entry(113, "not_confirmed", Class::Refused, &["booking"], "release a hold; only a confirmed booking is cancelled"),
    entry(114, "extend_limit", Class::Refused, &["limit"], "confirm the hold, or release it"),
    entry(115, "payment_mismatch", Class::Refused, &["paid", "total"], "pay the total"),
    entry(116, "payment_used", Class::Refused, &["method", "reference"], "a payment pays one booking: name another"),
    entry(117, "booking_limit", Class::Refused, &["limit", "asked"], "ask for fewer"),
    entry(118, "buyer_needed", Class::Refused, &[], "name the buyer"),
    entry(119, "buyer_limit", Class::Refused, &["limit", "has", "asked"], "ask for fewer"),
    entry(120, "seats_taken", Class::Refused, &["seats"], "choose other seats: see `slot map`"),
    entry(121, "all_held", Class::Refused, &["next_due"], "ask again when the next hold ends"),
    entry(122, "sold_out", Class::Refused, &[], "choose another slot"),
    entry(123, "not_enough_free", Class::Refused, &["area", "asked", "free"], "ask for fewer"),
    entry(124, "cursor_epoch", Class::Refused, &[], "read the state anew, then follow from its cursor"),
    entry(125, "stale_version", Class::Refused, &["current"], "look at it again, then name its version"),
    entry(130, "not_in_future", Class::Refused, &["at"], "name a time that is still to come"),
    entry(131, "collision", Class::Refused, &["with", "starts_at", "ends_at"], "choose a time at which the hall is free: see `slot list --hall`"),
    entry(132, "event_draft", Class::Refused, &[], "publish it first: see `event publish`"),
    entry(133, "event_cancelled", Class::Refused, &["at"], "clone it to play it anew: see `event clone`"),
    entry(134, "event_completed", Class::Refused, &[], "clone it to play it anew: see `event clone`"),
    entry(135, "not_over", Class::Refused, &["slots", "until"], "wait until its last slot is over, or cancel what is to come"),
    entry(136, "live_bookings", Class::Refused, &["bookings"], "an event that somebody has a booking of stays: cancel it or complete it instead"),
    entry(137, "slug_taken", Class::Refused, &["slug", "deleted"], "choose another slug"),
    entry(138, "fixed", Class::Refused, &["field"], "clone the event and change the copy: see `event clone`"),
    entry(140, "too_many_schedules", Class::Refused, &["limit"], "change the rule of one that is over: `schedule edit`"),
    entry(141, "too_many_slots", Class::Refused, &["limit"], "make the rule end sooner, with until, count or a shorter horizon"),
    entry(201, "usage", Class::Invalid, &[], "see `venue --help`"),
    entry(202, "argument", Class::Invalid, &["name", "problem"], "correct the argument"),
    entry(203, "unsupported", Class::Invalid, &["name", "problem"], "leave it out for now"),
    entry(204, "unknown_verb", Class::Invalid, &["name"], "see `venue schema` for the verbs"),
    entry(205, "too_large", Class::Invalid, &["bytes", "limit"], "send less at once"),
    entry(206, "bad_path", Class::Invalid, &["path"], "name a plain file"),
    entry(207, "organizer_needed", Class::Invalid, &[], "add --organizer"),
    entry(208, "bad_cursor", Class::Invalid, &[], "use a cursor as it was given"),
    entry(209, "import_invalid", Class::Invalid, &["file", "line", "key", "problem"], "correct the file; nothing was imported"),
    entry(210, "engine_closed", Class::Invalid, &[], "open the file again"),
    entry(211, "reentrant", Class::Invalid, &[], "call from outside the callback"),
    entry(212, "forked", Class::Invalid, &[], "open the file in the child process"),
    entry(301, "no_file", Class::Storage, &[], "make it with `venue init`, or name another with --db"),
    entry(302, "foreign_file", Class::Storage, &[], "name a VENUE file; this one was left as it is"),
    entry(303, "newer_schema", Class::Storage, &[], "use the newer version that made the file"),
    entry(304, "disk_full", Class::Storage, &[], "make room; nothing is lost"),
    entry(305, "io_error", Class::Storage, &[], "check the disk; nothing is lost"),
    entry(306, "out_of_memory", Class::Storage, &[], "free memory and ask again"),
    entry(307, "damaged", Class::Storage, &[], "run `venue doctor`, and restore a backup"),
    entry(308, "read_only", Class::Storage, &[], "check the file's permissions"),
    entry(309, "moved", Class::Storage, &[], "open the file again under its new name"),
    entry(310, "clock_behind", Class::Storage, &[], "set the clock right, or see `venue clock`"),
    entry(311, "clock_jumped", Class::Storage, &[], "set the clock right, or `venue clock accept` if it is right"),
    entry(312, "network_fs", Class::Storage, &[], "use a local disk, or --allow-fs at your own risk"),
    entry(313, "target_exists", Class::Storage, &[], "name a file that does not exist yet"),
    entry(314, "fence_owed", Class::Storage, &[], "the disk failed at a commit: ask again when it is back"),
    entry(315, "output", Class::Storage, &[], "check where the output goes"),
    entry(316, "database", Class::Storage, &[], "run `venue doctor`"),
    entry(401, "busy", Class::Retry, &[], "ask again"),
    entry(402, "in_use", Class::Retry, &[], "stop the other processes, then ask again"),
    entry(501, "unknown", Class::Unknown, &["moved"], "ask again with the same key"),
    entry(701, "bug", Class::Bug, &[], "please report this; nothing is lost"),
];

/// The catalogue's entry of a code.
pub fn catalogued(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_and_numbers_are_unique_and_say_their_class() {
        let codes: HashSet<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
        let numbers: HashSet<_> = CATALOGUE.iter().map(|entry| entry.number).collect();
        assert_eq!((codes.len(), numbers.len()), (CATALOGUE.len(), CATALOGUE.len()));
        for entry in CATALOGUE {
            let class = match entry.class {
                Class::Refused => 1,
                Class::Invalid => 2,
                Class::Storage => 3,
                Class::Retry => 4,
                Class::Unknown => 5,
                Class::Bug => 7,
            };
            assert_eq!(entry.number / 100, class, "{}", entry.code);
            assert!(!entry.advice.is_empty(), "{}", entry.code);
        }
    }

    #[test]
    fn a_script_tells_classes_apart_by_name_and_exit_code() {
        for (class, name, exit_code) in [
            (Class::Refused, "refused", 1),
            (Class::Invalid, "invalid", 2),
            (Class::Storage, "storage", 3),
            (Class::Retry, "retry", 4),
            (Class::Unknown, "unknown", 5),
            (Class::Bug, "bug", 70),
        ] {
            assert_eq!((class.name(), class.exit_code()), (name, exit_code));
            assert_eq!(serde_json::to_value(class).unwrap(), name);
        }
    }

    #[test]
    fn a_code_is_looked_up_exactly() {
        for entry in CATALOGUE {
            assert_eq!(catalogued(entry.code).map(|found| found.number), Some(entry.number));
        }
        assert!(catalogued("Sold_Out").is_none() && catalogued("").is_none());
    }
}
