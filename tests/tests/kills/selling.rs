//! Killed while selling: one to four processes on one file, of one to three threads, some of which open and close the
//! file or tidy its log all the time.

use std::path::{Path, PathBuf};
use std::time::Instant;

use venue_core::canary::Canary;
use venue_core::engine::OpenOptions;
use venue_tests::canaries::assert_found_by_one_of;
use venue_tests::children::Player;
use venue_tests::dice::Dice;
use venue_tests::oracle::{Evidence, Record, assert_no_lies};

use super::parts::Task;
use super::strike::{Moment, micros};
use super::truth::Testament;
use super::{Original, dice, kills, open_whole};

/// How many times a file is struck before its whole story is judged.
const ROUNDS: u64 = 12;

/// A process, what it is to do, and when it dies.
#[derive(Debug)]
struct Doomed {
    player: Player,
    task: Task,
    moment: u64,
}

/// What came of the kills so far.
#[derive(Debug, Default)]
struct Tally {
    killed: u64,
    survived: u64,
    told: usize,
    asking: usize,
}

#[test]
fn what_was_answered_before_a_kill_is_there_after_it_and_nothing_else() {
    let (wanted, mut dice) = (kills(62), dice("selling"));
    let original = Original::make();
    let (mut tally, mut files, mut changes) = (Tally::default(), 0, 0);
    while tally.killed < wanted {
        let (folder, path) = original.copy();
        let mut history: Vec<Record> = Vec::new();
        for round in 0..ROUNDS {
            if tally.killed < wanted {
                history.extend(strike_all(&path, folder.path(), round, &mut dice, &mut tally));
            }
        }
        let read = Evidence::read(&path, &OpenOptions::default());
        let evidence = Evidence { history, before: original.changes, ..read };
        assert_no_lies(&evidence);
        files += 1;
        changes += evidence.feed.len();
    }
    let Tally { killed, survived, told, asking } = tally;
    println!(
        "{killed} processes killed on {files} files ({survived} had done before): {told} answers are there, {asking} \
         calls that were under way are settled by their keys, {changes} changes judged by the oracle"
    );
    assert!(told > 0, "nobody was answered anything before it was killed");
}

/// Starts processes, kills one after the other, and proves after each kill what it had been told.
fn strike_all(
    path: &Path,
    folder: &Path,
    round: u64,
    dice: &mut Dice,
    tally: &mut Tally,
) -> Vec<Record> {
    let mut doomed: Vec<Doomed> =
        (0..=dice.bits() % 4).map(|process| doom(path, folder, round, process, dice)).collect();
    let begun = Instant::now();
    for one in &mut doomed {
        one.task.give(&mut one.player);
    }
    doomed.sort_by_key(|one| one.moment);
    let mut history = Vec::new();
    for one in doomed {
        if Moment::After(one.moment).strike(one.player, folder, begun) {
            tally.killed += 1;
        } else {
            tally.survived += 1;
        }
        // The others are still at it: neither they nor we are kept waiting by the dead.
        let engine = open_whole(path);
        let logs: Vec<PathBuf> = (0..one.task.threads).map(|it| one.task.log(it)).collect();
        let testament = Testament::read(&logs);
        let (told, asking) = testament.counts();
        tally.told += told;
        tally.asking += asking;
        history.extend(testament.prove(&engine));
    }
    history
}

/// A process that is ready to begin.
fn doom(path: &Path, folder: &Path, round: u64, process: u64, dice: &mut Dice) -> Doomed {
    // The first keeps the clock, so it asks.
    let part = match dice.below(8) {
        0 => "reopens",
        1 if process > 0 => "tidies",
        _ => "sells",
    };
    let task = Task {
        folder: folder.to_path_buf(),
        name: format!("{round}-{process}"),
        seed: dice.bits(),
        threads: if part == "sells" { 1 + dice.bits() % 3 } else { 1 },
        calls: 200,
        clock: (process == 0).then(|| i64::try_from(round).unwrap_or(0) * 600),
        ..Task::default()
    };
    let moment = micros(dice, 50_000);
    Doomed { player: Task::ready(part, path), task, moment }
}

/// Who is killed between an answer and the commit that makes it true has told a lie.
#[test]
fn an_answer_that_leaves_before_its_commit_is_found() {
    let rig = "selling::what_was_answered_before_a_kill_is_there_after_it_and_nothing_else";
    // Either the dead process's own answers are looked for first, or the oracle sees what others make of it.
    let promises = ["what was answered is not there after a kill", "the oracle finds lies"];
    let size = [("VENUE_KILLS", "500")];
    assert_found_by_one_of(Canary::CommitAfterAnswer, rig, &size, &promises);
}
