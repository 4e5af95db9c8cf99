//! Rule 8: a call that was answered before another began is before it in the feed, and whatever is read later sees it.

use std::collections::HashMap;

use venue_core::domain::ids::SlotId;

use super::answers::Effects;
use super::{Evidence, Lies, Rule, Seen};

/// Something with a beginning, an end, and how far it had come by its end.
#[derive(Debug, Clone, Copy)]
struct Span {
    begun: u64,
    ended: u64,
    /// What it did or saw: a sequence, or a version.
    reached: i64,
    /// It did it itself: what comes later is beyond, not only as far.
    acted: bool,
}

pub(super) fn check(evidence: &Evidence, effects: &Effects, lies: &mut Lies) {
    let mut feed: Vec<Span> = calls(evidence, effects);
    let mut versions: HashMap<SlotId, Vec<Span>> = HashMap::new();
    for snapshot in &evidence.snapshots {
        let (begun, ended) = (snapshot.begun, snapshot.ended);
        let span = |reached| Span { begun, ended, reached, acted: false };
        match &snapshot.seen {
            Seen::Feed(newest) => feed.push(span(*newest)),
            Seen::Nothing(words) => {
                lies.expect(false, Rule::Order, || format!("a read failed: {words}"));
            }
            Seen::Slot(view) => versions.entry(view.id).or_default().push(span(view.version)),
        }
    }
    in_order("change", feed, lies);
    for (slot, spans) in versions {
        in_order(&format!("slot {slot}, version"), spans, lies);
    }
}

/// The effects of calls, each once: who used a key again may have been answered with what another did.
fn calls(evidence: &Evidence, effects: &Effects) -> Vec<Span> {
    let mut spans: HashMap<i64, Span> = HashMap::new();
    for (record, effect) in evidence.history.iter().zip(effects) {
        let Some(reached) = *effect else { continue };
        // An expiry was perhaps written long before somebody asked for it.
        if record.asked.verb == "expire" {
            continue;
        }
        let (begun, ended) = (record.invoked, record.answered);
        let span = spans.entry(reached).or_insert(Span { begun, ended, reached, acted: true });
        span.begun = span.begun.min(begun);
        span.ended = span.ended.min(ended);
    }
    spans.into_values().collect()
}

fn in_order(what: &str, mut spans: Vec<Span>, lies: &mut Lies) {
    let mut by_end = spans.clone();
    by_end.sort_unstable_by_key(|span| span.ended);
    spans.sort_unstable_by_key(|span| span.begun);
    let (mut done, mut furthest) = (by_end.iter().peekable(), i64::MIN);
    for span in &spans {
        while let Some(before) = done.next_if(|before| before.ended < span.begun) {
            furthest = furthest.max(before.reached);
        }
        let fits = furthest < span.reached || (furthest == span.reached && !span.acted);
        lies.expect(fits, Rule::Order, || {
            let acted = if span.acted { "was made" } else { "was seen" };
            format!("{what} {} {acted} by who began after {furthest} was answered", span.reached)
        });
    }
}
