//! The models, for both checkers. Up to four threads, and every lock is the checker's.

pub(super) use super::followers::{
    a_close_wakes_every_follower, a_follower_is_woken_by_every_change,
    a_follower_that_is_late_knows_what_it_was_told, every_follower_is_woken,
    news_in_any_order_is_never_taken_back,
};

use super::fake::{PANICS, PLAIN, SHORT, Setting, Stage, all_answered, join, wait_for};
use super::queue::{Fate, Outcome};
use super::sync::{Deadline, lock};

/// Two callers with one command each.
pub(super) fn two_callers_get_one_answer_each() {
    let stage = Stage::set(PLAIN);
    let other = stage.caller(&[1], Deadline::NEVER);
    let mut answers = vec![stage.call(2, Deadline::NEVER)];
    answers.extend(join([other]));
    all_answered(&answers);
    stage.judge(&answers);
}

/// Two callers who come back.
pub(super) fn two_callers_with_two_commands_each() {
    let stage = Stage::set(PLAIN);
    let other = stage.caller(&[1, 2], Deadline::NEVER);
    let mut answers = vec![stage.call(3, Deadline::NEVER), stage.call(4, Deadline::NEVER)];
    answers.extend(join([other]));
    all_answered(&answers);
    stage.judge(&answers);
}

/// Three callers on a stage.
fn three_callers(setting: Setting, deadlines: [Deadline; 3]) {
    let stage = Stage::set(setting);
    let others = [stage.caller(&[1], deadlines[0]), stage.caller(&[2], deadlines[1])];
    let mut answers = vec![stage.call(3, deadlines[2])];
    answers.extend(join(others));
    if deadlines == [Deadline::NEVER; 3] && setting.capacity >= 3 {
        all_answered(&answers);
    }
    stage.judge(&answers);
}

/// Three callers whose commands fit in one batch.
pub(super) fn three_callers_share_a_batch() {
    three_callers(PLAIN, [Deadline::NEVER; 3]);
}

/// Three callers, a batch for each.
pub(super) fn three_callers_with_a_batch_each() {
    three_callers(Setting { batch: 1, ..PLAIN }, [Deadline::NEVER; 3]);
}

/// Three callers who are woken after the lead is passed on.
pub(super) fn a_crowd_is_woken_when_the_lead_is_passed_on() {
    three_callers(Setting { crowd: 0, ..PLAIN }, [Deadline::NEVER; 3]);
}

/// One of three callers is late, before or after the lead is passed on by who answers it.
pub(super) fn a_late_caller_in_a_crowd_is_answered_once() {
    let deadlines = [Deadline::Passed, Deadline::NEVER, Deadline::NEVER];
    three_callers(Setting { crowd: 0, ..PLAIN }, deadlines);
}

/// One of three callers is late at some moment: before it is taken, while it holds the lead it
/// was given, or while its batch runs.
pub(super) fn a_late_caller_leaves_no_one_behind() {
    let deadlines = [Deadline::NEVER, Deadline::Passed, Deadline::NEVER];
    three_callers(Setting { batch: 1, ..PLAIN }, deadlines);
}

/// One of three callers is late, and all fit in one batch.
pub(super) fn a_late_caller_whose_command_was_taken_is_not_busy() {
    three_callers(PLAIN, [Deadline::Passed, Deadline::NEVER, Deadline::NEVER]);
}

/// Two of three are late for everybody: the leader answers them, and they never run.
pub(super) fn what_is_late_when_taken_never_runs() {
    let deadlines = [Deadline::Overdue, Deadline::NEVER, Deadline::Overdue];
    three_callers(Setting { watches: true, ..PLAIN }, deadlines);
}

/// More callers than places.
pub(super) fn a_full_queue_turns_away() {
    three_callers(Setting { capacity: 1, batch: 1, ..PLAIN }, [Deadline::NEVER; 3]);
}

/// The runner decides one command of each batch.
pub(super) fn the_undecided_rest_is_put_back() {
    three_callers(Setting { decides: 1, ..PLAIN }, [Deadline::NEVER; 3]);
}

/// The runner decides one command of each batch, and one caller does not wait for it.
pub(super) fn the_undecided_rest_of_late_callers_blocks_nobody() {
    let deadlines = [Deadline::NEVER, Deadline::Passed, Deadline::NEVER];
    three_callers(Setting { decides: 1, ..PLAIN }, deadlines);
}

/// The runner decides one command of each batch, and one of two callers does not wait for it;
/// then the queue can be closed.
pub(super) fn the_undecided_rest_of_a_late_caller_does_not_keep_the_lead() {
    let stage = Stage::set(Setting { decides: 1, ..PLAIN });
    let late = stage.caller(&[1], Deadline::Passed);
    let mut answers = vec![stage.call(2, Deadline::NEVER)];
    answers.extend(join([late]));
    stage.end(&answers);
}

/// Futures that were put back run in the order in which they were submitted.
pub(super) fn the_undecided_rest_keeps_its_order() {
    let stage = Stage::set(Setting { decides: 1, ..PLAIN });
    let futures = [1, 2, 3].map(|command| stage.submit(command, Deadline::NEVER));
    let answers = [1, 2, 3].into_iter().zip(futures.map(wait_for)).collect::<Vec<_>>();
    all_answered(&answers);
    stage.end(&answers);
    assert_eq!(lock(&stage.ledger).ran, [1, 2, 3]);
}

/// A batch panics, and another breaks the contract; whoever was in neither is answered.
pub(super) fn a_broken_batch_answers_all_and_the_queue_lives_on() {
    let stage = Stage::set(PLAIN);
    let others =
        [stage.caller(&[PANICS], Deadline::NEVER), stage.caller(&[SHORT], Deadline::NEVER)];
    let mut answers = vec![stage.call(1, Deadline::NEVER)];
    answers.extend(join(others));
    assert_eq!(answers[1].1, Outcome::Broken(Fate::RolledBack));
    assert_eq!(answers[2].1, Outcome::Broken(Fate::RolledBack));
    answers.push(stage.call(2, Deadline::NEVER));
    assert_eq!(answers[3].1, Outcome::Answered(1_002));
    stage.judge(&answers);
}

/// Two callers, and somebody closes: nothing runs afterwards.
pub(super) fn closing_waits_for_the_queued() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let others = [stage.caller(&[1], Deadline::NEVER), stage.caller(&[2], Deadline::NEVER)];
    stage.queue.close();
    let at_close = lock(&stage.ledger).ran.clone();
    assert!(!lock(&stage.ledger).running, "a batch runs on a closed queue");
    let mut answers = join(others);
    answers.push(stage.call(3, Deadline::NEVER));
    assert_eq!(answers[2].1, Outcome::Closed);
    stage.judge(&answers);
    assert_eq!(lock(&stage.ledger).ran, at_close);
}

/// A future, the driver and a caller.
pub(super) fn a_future_and_a_caller_are_answered() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let caller = stage.caller(&[1], Deadline::NEVER);
    let future = stage.submit(2, Deadline::NEVER);
    let mut answers = vec![(2, wait_for(future))];
    answers.extend(join([caller]));
    all_answered(&answers);
    stage.end(&answers);
}

/// Two futures of one thread, and the driver.
pub(super) fn two_futures_are_answered() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let futures = [1, 2].map(|command| stage.submit(command, Deadline::NEVER));
    let answers = [1, 2].into_iter().zip(futures.map(wait_for)).collect::<Vec<_>>();
    all_answered(&answers);
    stage.end(&answers);
}

/// The queue is closed under a future and a caller.
pub(super) fn closing_under_a_future_and_a_caller_answers_both() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let caller = stage.caller(&[1], Deadline::NEVER);
    let future = stage.submit(2, Deadline::NEVER);
    stage.queue.close();
    let at_close = lock(&stage.ledger).ran.clone();
    let mut answers = vec![(2, wait_for(future))];
    all_answered(&answers);
    answers.extend(join([caller]));
    stage.judge(&answers);
    assert_eq!(lock(&stage.ledger).ran, at_close);
}

/// A driver that would leave at every wait, under a caller and two futures one after the other.
pub(super) fn a_lazy_driver_leaves_no_one_behind() {
    let stage = Stage::set(Setting { batch: 1, lazy: true, ..PLAIN });
    let caller = stage.caller(&[1], Deadline::NEVER);
    let mut answers = vec![(2, wait_for(stage.submit(2, Deadline::NEVER)))];
    answers.push((3, wait_for(stage.submit(3, Deadline::NEVER))));
    answers.extend(join([caller]));
    all_answered(&answers);
    stage.end(&answers);
}

/// A future that is dropped at some moment, before a caller comes.
pub(super) fn a_dropped_future_leaves_no_one_behind() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let caller = stage.caller(&[1], Deadline::NEVER);
    drop(stage.submit(2, Deadline::NEVER));
    let mut answers = vec![stage.call(3, Deadline::NEVER)];
    answers.extend(join([caller]));
    all_answered(&answers);
    stage.end(&answers);
}

/// A future that is late for everybody.
pub(super) fn a_late_future_is_answered() {
    let stage = Stage::set(Setting { watches: true, ..PLAIN });
    let caller = stage.caller(&[1], Deadline::NEVER);
    let mut answers = vec![(2, wait_for(stage.submit(2, Deadline::Overdue)))];
    answers.extend(join([caller]));
    assert_ne!(answers[0].1, Outcome::Answered(1_002));
    assert_eq!(answers[1].1, Outcome::Answered(1_001));
    stage.end(&answers);
}

/// A thread that wants the runner for itself, a caller and a future.
pub(super) fn the_runner_is_had_alone_among_callers_and_futures() {
    let stage = Stage::set(PLAIN);
    let caller = stage.caller(&[1], Deadline::NEVER);
    let future = stage.submit(2, Deadline::NEVER);
    let alone = stage.queue.with_runner(Deadline::NEVER, |_| lock(&stage.ledger).running);
    assert_eq!(alone, Outcome::Answered(false));
    let mut answers = vec![(2, wait_for(future))];
    answers.extend(join([caller]));
    all_answered(&answers);
    stage.end(&answers);
}

/// A thread that wants the runner for itself and is late at some moment, between two callers.
pub(super) fn a_late_wish_for_the_runner_leaves_no_one_behind() {
    let stage = Stage::set(Setting { batch: 1, ..PLAIN });
    let callers = [stage.caller(&[1], Deadline::NEVER), stage.caller(&[2], Deadline::NEVER)];
    let alone = stage.queue.with_runner(Deadline::Passed, |_| ());
    assert!(matches!(alone, Outcome::Answered(()) | Outcome::Busy));
    let answers = join(callers);
    all_answered(&answers);
    stage.judge(&answers);
}
