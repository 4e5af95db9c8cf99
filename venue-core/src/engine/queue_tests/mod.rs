//! The command queue with real threads and real time.

mod fake;

use std::collections::HashSet;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::queue::{Fate, Limits, Outcome, Pending, Queue};
use super::sync::Deadline;
use fake::{Command, Fake, Refusal, late, occupy, queue, soon, wait_for};

#[test]
fn a_hundred_callers_get_exactly_one_answer_each_which_is_their_own() {
    let queue = queue();
    let start = Barrier::new(100);
    let answers = thread::scope(|scope| {
        let callers: Vec<_> = (0..100)
            .map(|caller| {
                let (queue, start) = (&queue, &start);
                scope.spawn(move || {
                    start.wait();
                    let numbers = caller * 50..caller * 50 + 50;
                    for number in numbers.clone() {
                        let answer = queue.call(Command::Echo(number), 8, Deadline::NEVER);
                        assert_eq!(answer, Outcome::Answered(number));
                    }
                    numbers
                })
            })
            .collect();
        let joined = callers.into_iter().map(|caller| caller.join().expect("no caller panics"));
        joined.flatten().collect::<HashSet<u64>>()
    });
    assert_eq!(answers.len(), 5_000);
    let ran = queue.with_runner(Deadline::NEVER, |fake| fake.ran.load(Ordering::SeqCst));
    assert_eq!(ran, Outcome::Answered(5_000));
}

#[test]
fn callers_and_futures_share_one_queue_whatever_the_runner_leaves_undecided() {
    let fake = Fake { decides: Some(3), ..Fake::default() };
    let limits = Limits { batch_commands: 7, patience: Duration::ZERO, ..Limits::default() };
    let queue = Arc::new(Queue::new(fake, limits));
    thread::scope(|scope| {
        for caller in 0..16_u64 {
            let queue = &queue;
            scope.spawn(move || {
                for number in caller * 100..caller * 100 + 100 {
                    let answer = if caller % 2 == 0 {
                        queue.call(Command::Echo(number), 8, Deadline::NEVER)
                    } else {
                        let command = Command::Echo(number);
                        wait_for(Queue::submit(queue, command, 8, Deadline::NEVER))
                    };
                    assert_eq!(answer, Outcome::Answered(number));
                }
            });
        }
    });
    let ran = queue.with_runner(Deadline::NEVER, |fake| fake.ran.load(Ordering::SeqCst));
    assert_eq!(ran, Outcome::Answered(1_600));
}

#[test]
fn at_its_deadline_an_undrained_command_is_busy_and_never_runs() {
    let queue = queue();
    let (word, leader) = occupy(&queue);
    assert_eq!(queue.call(Command::Echo(1), 8, soon()), Outcome::Busy);
    assert_eq!(queue.with_runner(soon(), |_| ()), Outcome::Busy);
    word.send(()).expect("the leader waits");
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    assert_eq!(queue.call(Command::Echo(2), 8, late()), Outcome::Busy);
    let ran = queue.with_runner(Deadline::NEVER, |fake| fake.ran.load(Ordering::SeqCst));
    assert_eq!(ran, Outcome::Answered(1));
}

#[test]
fn a_drained_command_is_unknown_when_the_grace_is_over() {
    let limits = Limits { grace: Duration::from_millis(20), ..Limits::default() };
    let queue = Arc::new(Queue::new(Fake::default(), limits));
    let (begun, has_begun) = mpsc::channel();
    let (word, spoken) = mpsc::channel();
    // The driver leads, so that the caller whose command runs is free to look at the time.
    let (first, leader) = occupy(&queue);
    let future = Queue::submit(&queue, Command::Echo(1), 8, Deadline::NEVER);
    let late = thread::spawn({
        let queue = Arc::clone(&queue);
        let deadline = Deadline::after(Duration::from_millis(100));
        move || queue.call(Command::Wait(begun, spoken), 8, deadline)
    });
    while queue.waiting() < 2 {
        thread::yield_now();
    }
    first.send(()).expect("the leader waits");
    has_begun.recv().expect("the command runs");
    assert_eq!(late.join().expect("the caller lives"), Outcome::Unknown);
    word.send(()).expect("the command waits");
    assert_eq!(wait_for(future), Outcome::Answered(1));
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
}

#[test]
fn a_full_queue_is_busy_at_once() {
    let limits = Limits { capacity: 2, ..Limits::default() };
    let queue = Arc::new(Queue::new(Fake::default(), limits));
    let (word, leader) = occupy(&queue);
    let waiting: [Pending<Fake>; 2] =
        [1, 2].map(|number| Queue::submit(&queue, Command::Echo(number), 8, Deadline::NEVER));
    assert_eq!(queue.call(Command::Echo(3), 8, Deadline::NEVER), Outcome::Busy);
    let turned_away = Queue::submit(&queue, Command::Echo(4), 8, Deadline::NEVER);
    assert_eq!(wait_for(turned_away), Outcome::Busy);
    word.send(()).expect("the leader waits");
    assert_eq!(waiting.map(wait_for), [1, 2].map(Outcome::Answered));
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
}

#[test]
fn a_call_from_inside_the_runner_is_reentrant_and_does_not_hang() {
    let queue = queue();
    let inside = Command::Inside(Arc::clone(&queue));
    assert_eq!(queue.call(inside, 8, Deadline::NEVER), Outcome::Answered(7));
    assert_eq!(queue.call(Command::Echo(1), 8, Deadline::NEVER), Outcome::Answered(1));
}

#[test]
fn a_panic_of_the_runner_answers_the_whole_batch_and_the_queue_lives_on() {
    let queue = queue();
    let (word, leader) = occupy(&queue);
    let batch = [Command::Echo(1), Command::Panic, Command::Echo(2)]
        .map(|command| Queue::submit(&queue, command, 8, Deadline::NEVER));
    word.send(()).expect("the leader waits");
    assert_eq!(batch.map(wait_for), [Outcome::Broken(Fate::RolledBack); 3]);
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    let panicked: Outcome<()> =
        queue.with_runner(Deadline::NEVER, |_| std::panic::resume_unwind(Box::new("mine")));
    assert_eq!(panicked, Outcome::Broken(Fate::RolledBack));
    assert_eq!(queue.call(Command::Echo(3), 8, Deadline::NEVER), Outcome::Answered(3));
}

#[test]
fn a_dropped_future_withdraws_if_undrained_and_runs_unheard_if_not() {
    let queue = queue();
    let (word, leader) = occupy(&queue);
    drop(Queue::submit(&queue, Command::Echo(1), 8, Deadline::NEVER));
    word.send(()).expect("the leader waits");
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    let (begun, has_begun) = mpsc::channel();
    let (word, spoken) = mpsc::channel();
    let future = Queue::submit(&queue, Command::Wait(begun, spoken), 8, Deadline::NEVER);
    has_begun.recv().expect("the driver runs it");
    drop(future);
    word.send(()).expect("the driver waits");
    let ran = queue.with_runner(Deadline::NEVER, |fake| fake.ran.load(Ordering::SeqCst));
    assert_eq!(ran, Outcome::Answered(2));
}

#[test]
fn closing_waits_for_what_was_queued_and_turns_away_what_comes_later() {
    let queue = queue();
    let (word, leader) = occupy(&queue);
    let future = Queue::submit(&queue, Command::Echo(1), 8, Deadline::NEVER);
    let closed = Arc::new(AtomicBool::new(false));
    let closer = thread::spawn({
        let (queue, closed) = (Arc::clone(&queue), Arc::clone(&closed));
        move || {
            queue.close();
            closed.store(true, Ordering::SeqCst);
        }
    });
    thread::sleep(Duration::from_millis(20));
    assert!(!closed.load(Ordering::SeqCst));
    word.send(()).expect("the leader waits");
    closer.join().expect("the closer lives");
    assert_eq!(wait_for(future), Outcome::Answered(1));
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    assert_eq!(queue.call(Command::Echo(2), 8, Deadline::NEVER), Outcome::Closed);
    let submitted = Queue::submit(&queue, Command::Echo(2), 8, Deadline::NEVER);
    assert_eq!(wait_for(submitted), Outcome::Closed);
    let last_words = queue.with_runner(Deadline::NEVER, |fake| fake.ran.load(Ordering::SeqCst));
    assert_eq!(last_words, Outcome::Answered(2));
}

#[test]
fn a_poisoned_queue_answers_with_its_fate() {
    let queue = queue();
    queue.poison(Fate::CommitBegun);
    queue.close();
    let call = queue.call(Command::Echo(1), 8, Deadline::NEVER);
    assert_eq!(call, Outcome::Broken(Fate::CommitBegun));
}

#[test]
fn while_the_files_lock_is_awaited_late_commands_are_busy() {
    let fake = Fake::default();
    let (locked, begun) = (Arc::clone(&fake.locked), Arc::clone(&fake.begun));
    let queue = Arc::new(Queue::new(fake, Limits::default()));
    locked.store(true, Ordering::SeqCst);
    let leader = thread::spawn({
        let queue = Arc::clone(&queue);
        move || queue.call(Command::Echo(1), 8, Deadline::after(Duration::from_millis(40)))
    });
    while begun.load(Ordering::SeqCst) == 0 {
        thread::yield_now();
    }
    let future = Queue::submit(&queue, Command::Echo(2), 8, soon());
    assert_eq!(wait_for(future), Outcome::Busy);
    let started = Instant::now();
    let patient = Queue::submit(&queue, Command::Echo(3), 8, Deadline::NEVER);
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Busy);
    assert!(started.elapsed() < Duration::from_secs(2));
    locked.store(false, Ordering::SeqCst);
    assert_eq!(wait_for(patient), Outcome::Answered(3));
}

#[test]
fn a_driver_that_got_tired_is_followed_by_another() {
    let limits = Limits { patience: Duration::from_millis(1), ..Limits::default() };
    let queue = Arc::new(Queue::new(Fake::default(), limits));
    for number in 0..10 {
        let future = Queue::submit(&queue, Command::Echo(number), 8, Deadline::NEVER);
        assert_eq!(wait_for(future), Outcome::Answered(number));
        while Arc::strong_count(&queue) > 1 {
            thread::yield_now();
        }
    }
}

#[test]
fn a_batch_is_bounded_in_commands_and_in_bytes() {
    let fake = Fake::default();
    let begun = Arc::clone(&fake.begun);
    let limits = Limits { batch_commands: 4, batch_bytes: 100, ..Limits::default() };
    let queue = Arc::new(Queue::new(fake, limits));
    let (word, leader) = occupy(&queue);
    let sizes = [10, 10, 10, 10, 60, 60, 200, 10];
    let futures = sizes.map(|size| Queue::submit(&queue, Command::Echo(1), size, Deadline::NEVER));
    word.send(()).expect("the leader waits");
    assert_eq!(futures.map(wait_for), [Outcome::Answered(1); 8]);
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    // The leader's own, four small ones, 60, 60, 200, and the last.
    assert_eq!(begun.load(Ordering::SeqCst), 6);
}

#[test]
fn a_chore_is_done_when_the_lead_was_passed_on_and_may_panic() {
    let fake = Fake::default();
    let chore = Arc::clone(&fake.chore);
    let queue = Arc::new(Queue::new(fake, Limits::default()));
    let (told, heard) = mpsc::channel();
    let beside = Arc::clone(&queue);
    let work = move || {
        // Where the lead was still with this thread, this would be refused as reentrant.
        told.send(beside.call(Command::Echo(2), 8, Deadline::NEVER)).expect("somebody listens");
        std::panic::resume_unwind(Box::new("the chore's own"));
    };
    *chore.lock().expect("nobody panics with it") = Some(Box::new(work));
    assert_eq!(queue.call(Command::Echo(1), 8, Deadline::NEVER), Outcome::Answered(1));
    assert_eq!(heard.recv(), Ok(Outcome::Answered(2)));
    assert_eq!(queue.call(Command::Echo(3), 8, Deadline::NEVER), Outcome::Answered(3));
}

#[test]
fn a_runner_that_never_gets_ready_leaves_nobody_without_an_answer() {
    let outcomes =
        [(Refusal::GivesUp, Outcome::Busy), (Refusal::Panics, Outcome::Broken(Fate::CommitBegun))];
    for (refusal, outcome) in outcomes {
        let fake = Fake { refuses: Some(refusal), ..Fake::default() };
        let queue = Arc::new(Queue::new(fake, Limits::default()));
        let futures = [1, 2, 3]
            .map(|number| Queue::submit(&queue, Command::Echo(number), 8, Deadline::NEVER));
        assert_eq!(queue.call(Command::Echo(4), 8, Deadline::NEVER), outcome);
        assert_eq!(futures.map(wait_for), [outcome; 3]);
    }
}

/// A waker that calls the queue and then panics.
struct Rude(Arc<Queue<Fake>>, mpsc::Sender<Outcome<u64>>);

impl Wake for Rude {
    fn wake(self: Arc<Self>) {
        let answer = self.0.call(Command::Echo(5), 8, Deadline::NEVER);
        self.1.send(answer).expect("somebody listens");
        std::panic::resume_unwind(Box::new("the waker's own"));
    }
}

#[test]
fn a_waker_may_call_the_queue_and_panic() {
    let queue = queue();
    let (answer, answers) = mpsc::channel();
    let waker = Waker::from(Arc::new(Rude(Arc::clone(&queue), answer)));
    let (word, leader) = occupy(&queue);
    let mut future = pin!(Queue::submit(&queue, Command::Echo(1), 8, Deadline::NEVER));
    assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    word.send(()).expect("the leader waits");
    assert_eq!(leader.join().expect("the leader lives"), Outcome::Answered(0));
    assert_eq!(answers.recv(), Ok(Outcome::Answered(5)));
    assert_eq!(wait_for(future), Outcome::Answered(1));
    assert_eq!(queue.call(Command::Echo(6), 8, Deadline::NEVER), Outcome::Answered(6));
}

#[test]
fn queues_are_shared_and_futures_are_sent_between_threads() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send + Unpin>() {}
    shared::<Queue<Fake>>();
    sent::<Pending<Fake>>();
}
