//! Rule 5: whoever uses a key again is answered with the same bytes, and one key means one thing. That it has one
//! effect is found where changes are explained.

use std::collections::HashMap;

use super::{Evidence, Lies, Outcome, Record, Rule};

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    let mut uses: HashMap<(&str, &str), Vec<&Record>> = HashMap::new();
    for record in &evidence.history {
        if let Some(key) = &record.key {
            uses.entry((&record.scope, key)).or_default().push(record);
        }
    }
    for ((_, key), records) in uses {
        one(key, &records, lies);
    }
}

fn one(key: &str, records: &[&Record], lies: &mut Lies) {
    // Nothing is stored of what failed or was wrong, and a mismatch is not the key's own answer.
    let stored = |record: &&&Record| match &record.outcome {
        Outcome::Ok(_) => true,
        Outcome::Refused { code, .. } => {
            code != "idempotency_mismatch" && code != "forbidden" && code != "argument"
        }
        Outcome::Failed(_) | Outcome::Unknown => false,
    };
    let Some(first) = records.iter().find(stored) else { return };
    for record in records.iter().filter(stored) {
        lies.expect(bytes(record) == bytes(first), Rule::Keys, || {
            format!("the key {key} is answered {} and {}", bytes(first), bytes(record))
        });
        lies.expect(record.asked == first.asked, Rule::Keys, || {
            format!("the key {key} stands for {:?} and for {:?}", first.asked, record.asked)
        });
    }
}

fn bytes(record: &Record) -> &str {
    match &record.outcome {
        Outcome::Ok(bytes) | Outcome::Refused { bytes, .. } => bytes,
        Outcome::Failed(_) | Outcome::Unknown => "",
    }
}
