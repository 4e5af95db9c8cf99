//! Bad neighbours in a batch change nothing for the others: what these are answered, and what is in the file afterwards,
//! is to the byte what it is without them. `VENUE_POISON_BATCHES` says how many batches; `VENUE_SEED` repeats a run.

mod batch;
mod office;

use std::collections::BTreeMap;

use batch::{Past, Planned, Way};
use office::{Answer, Office};
use venue_core::canary::Canary;
use venue_core::domain::instant::Span;
use venue_core::domain::reply::Reply;
use venue_tests::canaries::assert_found;
use venue_tests::dice::{Dice, number, seed};
use venue_tests::fixture::{FIRST_DAY, at};
use venue_tests::panics;

/// After so many batches the files are compared row by row, and doctor looks at them.
const LOOK: u64 = 100;
/// What is said when the promise is broken.
const PROMISE: &str = "a neighbour was answered otherwise";

/// An answer's bytes. A slot's version counts the batches that touched it, and a batch is run in parts to find a bad
/// command: that number alone may differ.
fn bytes(answer: &Answer) -> String {
    match answer {
        None => "nobody waited".to_owned(),
        Some(Ok(reply)) => {
            let mut reply = reply.clone();
            match &mut reply {
                Reply::Slot(switched) => switched.version = 0,
                Reply::SlotPostpone(moved) => moved.version = 0,
                _ => {}
            }
            serde_json::to_string(&reply).expect("plain data")
        }
        Some(Err(error)) => serde_json::to_string(&error.body()).expect("plain data"),
    }
}

fn code(answer: &Answer) -> &str {
    match answer {
        None => "nobody waited",
        Some(Ok(_)) => "done",
        Some(Err(error)) => error.code(),
    }
}

/// Runs a batch with its bad commands. Where a statement fails the transaction is lost, so all that came with it are
/// told that nothing happened: they ask again, as callers do. Also says who did.
fn with_the_bad(office: &Office, handle: usize, batch: &[Planned]) -> (Vec<Answer>, Vec<usize>) {
    let all: Vec<&Planned> = batch.iter().collect();
    let mut answers = office.together(handle, &all);
    let fails = batch.iter().any(|planned| planned.way == Way::Statement);
    let lost: Vec<usize> = (0..batch.len())
        .filter(|n| batch[*n].way == Way::Good && code(&answers[*n]) == "database")
        .collect();
    assert!(fails || lost.is_empty(), "{PROMISE}: storage failed for {lost:?}");
    let again: Vec<&Planned> = lost.iter().map(|n| &batch[*n]).collect();
    if !again.is_empty() {
        for (n, answer) in lost.iter().zip(office.together(handle, &again)) {
            answers[*n] = answer;
        }
    }
    for (planned, answer) in batch.iter().zip(&answers) {
        let code = code(answer);
        let fits = planned.way.fits(code) || fails && code == "database";
        assert!(fits, "{PROMISE}: {planned:?} was answered {answer:?}");
    }
    (answers, lost)
}

/// Runs the good commands of a batch alone, in the order in which they were done among the bad: where a part of the
/// batch was lost, its callers asked again after all others were served.
fn without_the_bad(
    office: &Office,
    handle: usize,
    batch: &[Planned],
    lost: &[usize],
) -> Vec<Answer> {
    let good = (0..batch.len()).filter(|n| batch[*n].way == Way::Good);
    let (again, at_once): (Vec<usize>, Vec<usize>) = good.partition(|n| lost.contains(n));
    let mut answers: Vec<Answer> = batch.iter().map(|_| None).collect();
    for part in [at_once, again].into_iter().filter(|part| !part.is_empty()) {
        let asked: Vec<&Planned> = part.iter().map(|n| &batch[*n]).collect();
        for (n, answer) in part.into_iter().zip(office.together(handle, &asked)) {
            answers[n] = answer;
        }
    }
    answers
}

/// What happened, counted.
#[derive(Debug, Default)]
struct Told {
    good: u64,
    done: u64,
    bad: BTreeMap<Way, u64>,
    codes: BTreeMap<String, u64>,
}

fn one_batch(offices: &[Office; 2], dice: &mut Dice, past: &mut Past, told: &mut Told) {
    let batch = batch::batch(dice, past);
    // Two handles share each file, as two processes do: what one of them wrongly remembers the other's commits bring out.
    let handle = dice.below(2);
    let (among, lost) = with_the_bad(&offices[1], handle, &batch);
    let alone = without_the_bad(&offices[0], handle, &batch, &lost);
    for ((planned, is), ought) in batch.iter().zip(&among).zip(&alone) {
        if planned.way != Way::Good {
            *told.bad.entry(planned.way).or_default() += 1;
            continue;
        }
        let (is, bytes) = (bytes(is), bytes(ought));
        assert_eq!(is, bytes, "{PROMISE}: {planned:?} among {batch:#?}");
        if let Some((_, first)) = past.asked.iter().find(|(asked, _)| asked.is(planned)) {
            assert_eq!(&bytes, first, "the same key, the same bytes: {planned:?}");
        }
        past.note(planned, ought, bytes);
        told.good += 1;
        told.done += u64::from(code(ought) == "done");
        *told.codes.entry(code(ought).to_owned()).or_default() += 1;
    }
}

fn look(offices: &[Office; 2], batch: u64) {
    let [alone, among] = offices.each_ref().map(Office::rows);
    for (alone, among) in alone.iter().zip(&among) {
        assert_eq!(among, alone, "{PROMISE}: a row after batch {batch}");
    }
    assert_eq!(alone.len(), among.len(), "{PROMISE}: rows after batch {batch}");
    for office in offices {
        assert_eq!(office.doctor(), Vec::<String>::new(), "doctor after batch {batch}");
    }
}

#[test]
fn bad_neighbours_change_nothing_for_the_others() {
    let batches = number("VENUE_POISON_BATCHES", 300);
    let mut dice = Dice::new(seed("poison"));
    panics::watch(|words| words.starts_with("poison: "));
    let offices = Office::pair();
    let (mut now, mut past, mut told) = (at(FIRST_DAY), Past::default(), Told::default());
    for batch in 1..=batches {
        now = now.plus(Span::from_secs(i64::try_from(dice.between(1, 20)).expect("a minute")));
        for office in &offices {
            office.tick(now);
        }
        one_batch(&offices, &mut dice, &mut past, &mut told);
        if batch.is_multiple_of(LOOK) || batch == batches {
            look(&offices, batch);
        }
    }
    let panicked = panics::take().len();
    println!("poison: {batches} batches, {} good of which {} done", told.good, told.done);
    println!("poison: bad {:?}, {panicked} panics; codes {:?}", told.bad, told.codes);
    // A run in which nothing is sold, or nobody is bad, proves nothing.
    assert!(batches < 100 || told.done * 4 > told.good, "{told:?}");
    assert!(batches < 100 || told.bad.len() == Way::BAD.len(), "{told:?}");
}

#[test]
fn bugs_that_let_neighbours_feel_each_other_are_found() {
    let size = [("VENUE_POISON_BATCHES", "200"), ("VENUE_SEED", "7")];
    for canary in [
        Canary::ConstraintBlamesAll,
        Canary::PanicEndsTheBatch,
        Canary::PoisonLeaksCache,
        Canary::RefusalTakesANumber,
    ] {
        assert_found(canary, "bad_neighbours_change_nothing_for_the_others", &size, PROMISE);
    }
}
