//! Stopped (SIGSTOP) for longer than a hold lives, and let go on: its holds have ended, and what it had taken kept
//! nobody from an answer.

use std::path::Path;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::instant::Span;
use venue_core::domain::query::{Query, SlotShow};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{BookingName, Cancel, Confirm, Hold, Sell, Verb, Wanted};
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::{Player, hear, say};
use venue_tests::dice::number;
use venue_tests::fixture::{FIRST_DAY, at, caller};
use venue_tests::oracle::{Evidence, Historian, Outcome, assert_no_lies, now};
use venue_tests::stage::slot;

use super::parts::Task;
use super::strike::micros;
use super::truth::{Log, Testament};
use super::{Original, dice, open_whole};

/// How many calls a process makes when it is told to go on: enough to be stopped in the middle.
const BURST: u64 = 40;

fn place() -> Wanted {
    Wanted::area("Stand".parse().expect("a name"), 1)
}

/// Holds a place, confirms what it held some calls ago, and cancels that; goes on whenever the parent says so.
pub(crate) fn holds(file: &Path, log: &Path) {
    let engine = Engine::open(file, &OpenOptions::default()).expect("an open file");
    let mut log = Log::begin(&engine, "stopped", log);
    let (mut held, mut call) = (Vec::<BookingName>::new(), 0);
    while hear().is_some() {
        for _ in 0..BURST {
            let verb: Verb = match (call % 3, held.first().copied()) {
                (1, Some(booking)) if held.len() > 3 => Confirm { booking, payment: None }.into(),
                (2, Some(booking)) if held.len() > 3 => {
                    held.remove(0);
                    Cancel { booking, line: vec![], reason: None }.into()
                }
                _ => {
                    let ttl = Some(Span::from_secs(30));
                    Hold { slot: slot(), wanted: place(), ttl, buyer: None }.into()
                }
            };
            let is_hold = matches!(verb, Verb::Hold(_));
            if let (true, Ok(Reply::Booking(view))) = (is_hold, log.call(&call.to_string(), verb)) {
                held.push(view.id.into());
            }
            call += 1;
        }
        say("burst");
    }
}

/// What happened at the stops.
#[derive(Debug, Default)]
struct Tally {
    /// The process held the file's lock when it was stopped.
    locked: u64,
    /// When the clock had been moved on while it was stopped.
    moved: Vec<u64>,
}

#[test]
fn a_process_that_is_stopped_loses_its_holds_and_keeps_nobody_from_an_answer() {
    let (stops, mut dice) = (number("VENUE_STOPS", 10), dice("stopping"));
    let original = Original::make();
    let (folder, path) = original.copy();
    let log = folder.path().join("told");
    let mut player = Task::ready("holds", &path);
    Task { file: log.clone(), ..Task::default() }.give(&mut player);
    let engine = open_whole(&path);
    let mut owner = Historian::new(&engine, caller(Role::Organizer, "owner"), "owner");
    let mut tally = Tally::default();
    for stop in 1..=stops {
        player.tell("go");
        std::thread::sleep(std::time::Duration::from_micros(micros(&mut dice, 50_000)));
        let stopped = Stopped::stop(&player);
        sell_meanwhile(&engine, &mut owner, stop, &mut tally, stopped);
        assert_eq!(player.line(), "burst", "it goes on");
    }
    assert_eq!(player.end(), ["done"]);
    let testament = Testament::read(&[log]);
    let ended = holds_that_ended(&testament, &tally.moved);
    let mut history = testament.prove(&engine);
    history.append(&mut owner.records);
    drop(engine);
    let read = Evidence::read(&path, &OpenOptions::default());
    let evidence = Evidence { history, before: original.changes, ..read };
    assert_no_lies(&evidence);
    let Tally { locked, moved } = tally;
    println!(
        "{stops} stops, {locked} of them with the lock in hand: then others were answered busy; {ended} holds ended \
         meanwhile and were refused afterwards, {} calls",
        evidence.history.len()
    );
    assert!(ended > 0 || moved.is_empty(), "no hold was asked for after its end");
}

/// A process that is stopped until this is let go.
#[derive(Debug)]
struct Stopped(Pid);

impl Stopped {
    fn stop(player: &Player) -> Self {
        let pid = i32::try_from(player.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, Signal::STOP).expect("a process to stop");
        let status = waitpid(Some(pid), WaitOptions::UNTRACED).expect("a process");
        assert!(status.is_some_and(|(_, status)| status.stopped()), "it is stopped");
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// While it is stopped, reads are answered, and so is a sale: as done, or as busy where it holds the lock. Time goes
/// on by ten minutes. Once it goes on, so does everybody.
fn sell_meanwhile(
    engine: &Engine,
    owner: &mut Historian<'_>,
    stop: u64,
    tally: &mut Tally,
    stopped: Stopped,
) {
    let shown = engine.query(&Caller::local(), &Query::SlotShow(SlotShow { slot: slot() }));
    assert!(shown.is_ok(), "a read beside a process that is stopped: {shown:?}");
    let later = Span::from_secs(600 * i64::try_from(stop).expect("a number"));
    engine.set_test_now(Some(at(FIRST_DAY).plus(later))).expect("a test clock");
    let sell = Sell { slot: slot(), wanted: place(), payment: None, buyer: None };
    owner.deadline = Some(Span::from_millis(100));
    let mut sold = owner.call(None, sell.clone());
    match &sold {
        Ok(_) => tally.moved.push(now()),
        Err(error) => {
            assert_eq!(error.code(), "busy", "{error:?}");
            tally.locked += 1;
        }
    }
    drop(stopped);
    owner.deadline = None;
    if sold.is_err() {
        sold = owner.insist(None, sell);
    }
    let Ok(Reply::Booking(view)) = sold else { panic!("a sale after a stop: {sold:?}") };
    let cancel = Cancel { booking: view.id.into(), line: vec![], reason: None };
    owner.insist(None, cancel).expect("a cancelled booking");
}

/// Every hold that was answered before time moved on, and confirmed after it, is refused as expired; how many.
fn holds_that_ended(testament: &Testament, moved: &[u64]) -> usize {
    let mut held: Vec<(String, u64)> = Vec::new();
    let mut ended = 0;
    for record in testament.records() {
        match (&*record.asked.verb, &record.outcome) {
            ("hold", Outcome::Ok(bytes)) => {
                let reply = serde_json::from_str(bytes).expect("an answer");
                let Reply::Booking(view) = reply else { panic!("a booking: {bytes}") };
                held.push((view.id.to_string(), record.answered));
            }
            // Nobody got to it: it says nothing of the hold.
            (_, Outcome::Failed(code)) if code == "busy" => {}
            ("confirm", outcome) => {
                let is_it = |(id, _): &&(String, u64)| Some(id) == record.asked.booking.as_ref();
                let (_, since) = held.iter().find(is_it).expect("a hold that was answered");
                if moved.iter().any(|moved| since < moved && *moved < record.invoked) {
                    let code = |outcome: &Outcome| match outcome {
                        Outcome::Refused { code, .. } => code.clone(),
                        other => format!("{other:?}"),
                    };
                    assert_eq!(code(outcome), "hold_expired", "of a hold that had ended");
                    ended += 1;
                }
            }
            _ => {}
        }
    }
    ended
}
