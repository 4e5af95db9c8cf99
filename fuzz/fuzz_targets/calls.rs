//! Any bytes as a sequence of calls of the C library; `venue-ffi/tests/sequence` says what is claimed. Doctor finds nothing
//! afterwards.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use venue_fuzz::Stage;

#[path = "../../venue-ffi/tests/sequence/mod.rs"]
mod sequence;

/// After so many sequences doctor looks, and the file is made anew.
const LOOK: u32 = 500;

thread_local! {
    static STAGE: RefCell<Option<(Stage, u32)>> = const { RefCell::new(None) };
}

fuzz_target!(|bytes: &[u8]| {
    STAGE.with_borrow_mut(|slot| {
        let (stage, played) = slot.get_or_insert_with(|| (Stage::new(), 0));
        sequence::play(stage.path().to_str().expect("a path is UTF-8"), bytes);
        *played += 1;
        if *played == LOOK {
            stage.assert_healthy();
            *slot = None;
        }
    });
});
