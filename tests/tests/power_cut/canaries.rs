//! The rig finds the bugs that are its to find.

use venue_core::canary::Canary;
use venue_tests::canaries::assert_found;

const RIG: &str = "what_was_answered_survives_a_power_cut_and_nothing_else_does";
const SIZES: &[(&str, &str)] = &[("VENUE_IMAGES", "4000")];

#[test]
fn a_commit_that_is_not_synced_is_found() {
    assert_found(Canary::SynchronousNormal, RIG, SIZES, "a promise is broken");
}

#[test]
fn a_missing_fence_is_found() {
    assert_found(Canary::NoFence, RIG, SIZES, "GHOST");
}

#[test]
fn an_answer_before_the_commit_is_found() {
    assert_found(Canary::AnswerBeforeCommit, RIG, SIZES, "a promise is broken");
}

#[test]
fn a_restore_that_leaves_a_mark_without_its_log_is_found() {
    for rig in [
        "interrupted::a_restore_that_is_killed_at_any_instant_leaves_one_whole_file_under_one_name",
        "interrupted::a_power_cut_after_a_file_could_not_be_tidied_leaves_it_its_log",
    ] {
        assert_found(Canary::LogBeforeMark, rig, &[], "LOST, it says");
    }
}
