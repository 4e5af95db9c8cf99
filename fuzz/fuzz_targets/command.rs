//! Any bytes as a command by name, on a real file: an answer, a refusal or an invalid request; never a bug, and doctor
//! finds nothing afterwards.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use venue_core::engine::check_call;
use venue_fuzz::{Stage, WRITING, request};

/// After so many commands doctor looks, and the file is made anew.
const LOOK: u32 = 3_000;

thread_local! {
    static STAGE: RefCell<Option<(Stage, u32)>> = const { RefCell::new(None) };
}

fuzz_target!(|bytes: &[u8]| {
    let Some((name, json)) = request(bytes) else { return };
    // Of names that read or write other files only the members are read.
    let checked = check_call(name, json);
    if !WRITING.contains(&name) {
        return;
    }
    STAGE.with_borrow_mut(|slot| {
        let (stage, asked) = slot.get_or_insert_with(|| (Stage::new(), 0));
        let answer = stage.engine.call_json(name, json);
        if let Err(error) = &answer {
            assert!(
                !matches!(error.code(), "bug" | "unknown" | "database" | "damaged"),
                "{error:?}"
            );
        }
        assert!(checked.is_ok() || answer.is_err(), "{name} was done, and is invalid: {checked:?}");
        *asked += 1;
        if *asked == LOOK {
            stage.assert_healthy();
            *slot = None;
        }
    });
});
