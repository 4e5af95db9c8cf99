//! Random commands against a box office kept in plain maps. `VENUE_MODEL_RUNS` and `VENUE_MODEL_COMMANDS` make it as
//! long as one likes; `VENUE_SEED` repeats a run.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use proptest::prelude::prop;
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner,
};
use venue_tests::model::command::step;
use venue_tests::model::driver::Pair;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn the_engine_answers_as_the_rules_say_whatever_is_asked() {
    let runs = number("VENUE_MODEL_RUNS", 60);
    let commands = number("VENUE_MODEL_COMMANDS", 60);
    let seed = number("VENUE_SEED", RandomState::new().hash_one("model"));
    println!("VENUE_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: u32::try_from(runs).unwrap(),
        max_shrink_iters: 300,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "regressions/model.txt",
        ))),
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    // About so many on average; a run that fails is made shorter.
    let steps = prop::collection::vec(step(), 1..2 * usize::try_from(commands).unwrap());
    let seen = RefCell::new(BTreeSet::new());
    let result = runner.run(&steps, |steps| {
        let mut pair = Pair::new();
        for (n, step) in steps.iter().enumerate() {
            pair.step(step).map_err(|wrong| TestCaseError::fail(format!("step {n}: {wrong}")))?;
        }
        seen.borrow_mut().append(&mut pair.seen);
        pair.end().map_err(TestCaseError::fail)
    });
    match result {
        // A model that only says forbidden proves nothing.
        Ok(()) if runs >= 60 => assert!(seen.borrow().len() >= 22, "only {:?}", seen.borrow()),
        Ok(()) => {}
        Err(TestError::Fail(reason, steps)) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
            panic!("VENUE_SEED={seed}: {reason}\n{}", steps.join("\n"));
        }
        Err(error) => panic!("VENUE_SEED={seed}: {error}"),
    }
}
