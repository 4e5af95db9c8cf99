//! Random commands, clocks, handles and restarts against a box office kept in plain maps. `VENUE_MODEL_RUNS` and
//! `VENUE_MODEL_COMMANDS` make it as long as one likes, `VENUE_MODEL_DOCTOR` says after how many steps doctor looks;
//! `VENUE_SEED` repeats a run.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::Ordering;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use proptest_state_machine::ReferenceStateMachine;
use venue_core::canary::Canary;
use venue_tests::canaries::assert_found;
use venue_tests::model::command::Step;
use venue_tests::model::driver::{Pair, Stage};
use venue_tests::model::random::Office;

/// What this rig is for; a failure says it.
const PROMISE: &str = "the engine is not what the rules say";

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn runner(seed: u64, runs: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: u32::try_from(runs).expect("a number of runs"),
        max_shrink_iters: u32::try_from(number("VENUE_MODEL_SHRINK", 2_000)).expect("a number"),
        // The seed that is printed repeats it.
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[test]
fn the_engine_answers_as_the_rules_say_whatever_is_asked() {
    let runs = number("VENUE_MODEL_RUNS", 60);
    let commands = usize::try_from(number("VENUE_MODEL_COMMANDS", 60)).unwrap();
    let doctor = usize::try_from(number("VENUE_MODEL_DOCTOR", 20)).unwrap();
    let seed = number("VENUE_SEED", RandomState::new().hash_one("model"));
    println!("VENUE_SEED={seed}");
    let stage = Stage::new();
    let (seen, done) = (RefCell::new(BTreeSet::new()), RefCell::new(0));
    // About so many on average; a run that fails is made shorter.
    let steps = Office::sequential_strategy(1..2 * commands);
    let result = runner(seed, runs).run(&steps, |(mut model, steps, reached)| {
        let mut pair = Pair::new(&stage, &model, doctor);
        let wrong = |n: usize, step: &Step, wrong: String| {
            TestCaseError::fail(format!("{PROMISE}: step {n}, {step:?}: {wrong}"))
        };
        for (n, step) in steps.iter().enumerate() {
            if let Some(reached) = &reached {
                reached.fetch_add(1, Ordering::SeqCst);
            }
            model = Office::apply(model, step);
            pair.step(step, &model).map_err(|problem| wrong(n, step, problem))?;
        }
        *done.borrow_mut() += steps.len();
        seen.borrow_mut().append(&mut pair.seen);
        pair.end(&model).map_err(|wrong| TestCaseError::fail(format!("{PROMISE}: {wrong}")))
    });
    match result {
        Ok(()) => {
            println!("{runs} runs, {} steps, {} outcomes", done.borrow(), seen.borrow().len());
            // A model that only says forbidden proves nothing.
            let enough = runs < 60 || seen.borrow().len() >= 36;
            assert!(enough, "only {:?}", seen.borrow());
        }
        Err(TestError::Fail(reason, (model, steps, _))) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
            let clock = model.has_test_clock();
            panic!("VENUE_SEED={seed}: {reason}\ntest clock: {clock}\n{}", steps.join("\n"));
        }
        Err(error) => panic!("VENUE_SEED={seed}: {error}"),
    }
}

#[test]
fn the_model_finds_the_bugs_that_were_planted() {
    let rig = "the_engine_answers_as_the_rules_say_whatever_is_asked";
    let size = [("VENUE_MODEL_RUNS", "400"), ("VENUE_MODEL_SHRINK", "1"), ("VENUE_SEED", "7")];
    for canary in [
        Canary::AnyVersion,
        Canary::BatchNeverCommitted,
        Canary::ClaimsOutliveSlot,
        Canary::ExpiryByLess,
        Canary::FailedButCommitted,
        Canary::IdempotencyOutsideTransaction,
        Canary::RefundForgotten,
        Canary::SaleStaysBehind,
        Canary::StaleCache,
        Canary::StaleView,
        Canary::UnannouncedExpiry,
        Canary::VersionNotBumped,
    ] {
        assert_found(canary, rig, &size, PROMISE);
    }
}
