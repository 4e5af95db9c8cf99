//! The claims, for both checkers: `check` runs a model, `finds` claims that a model finds a
//! planted bug with so many preemptions.

use super::{check, finds, models};

/// One test for each model.
macro_rules! checked {
    ($($model:ident)*) => { $(
        #[test]
        fn $model() {
            check(stringify!($model), models::$model);
        }
    )* };
}

/// One test for each planted bug: the claim, the model, the preemptions that it takes, the bug.
macro_rules! found {
    ($($claim:ident: $model:ident, $preemptions:literal, $bug:literal;)*) => { $(
        #[test]
        fn $claim() {
            let test = concat!(module_path!(), "::", stringify!($claim));
            finds(test, $bug, models::$model, $preemptions);
        }
    )* };
}

checked! {
    two_callers_get_one_answer_each
    two_callers_with_two_commands_each
    three_callers_share_a_batch
    three_callers_with_a_batch_each
    a_crowd_is_woken_when_the_lead_is_passed_on
    a_late_caller_in_a_crowd_is_answered_once
    a_late_caller_leaves_no_one_behind
    a_late_caller_whose_command_was_taken_is_not_busy
    what_is_late_when_taken_never_runs
    a_full_queue_turns_away
    the_undecided_rest_is_put_back
    the_undecided_rest_of_late_callers_blocks_nobody
    the_undecided_rest_of_a_late_caller_does_not_keep_the_lead
    the_undecided_rest_keeps_its_order
    a_broken_batch_answers_all_and_the_queue_lives_on
    closing_waits_for_the_queued
    a_future_and_a_caller_are_answered
    two_futures_are_answered
    closing_under_a_future_and_a_caller_answers_both
    a_lazy_driver_leaves_no_one_behind
    a_dropped_future_leaves_no_one_behind
    a_late_future_is_answered
    the_runner_is_had_alone_among_callers_and_futures
    a_late_wish_for_the_runner_leaves_no_one_behind
    a_follower_is_woken_by_every_change
    every_follower_is_woken
    news_in_any_order_is_never_taken_back
    a_close_wakes_every_follower
    a_follower_that_is_late_knows_what_it_was_told
}

found! {
    an_idle_seen_in_one_step_and_set_in_the_next_is_found: two_callers_get_one_answer_each, 2,
        "idle is seen in one step and set in the next";
    a_late_caller_that_keeps_the_lead_is_found: a_late_caller_leaves_no_one_behind, 2,
        "the late keep the lead";
    a_lead_that_is_released_and_not_handed_over_is_found: a_late_caller_leaves_no_one_behind, 2,
        "the lead is released, not handed over";
    a_lead_that_is_released_to_a_future_is_found: a_future_and_a_caller_are_answered, 2,
        "the lead is released to a future";
    a_lead_decided_before_the_command_is_queued_is_found: two_callers_get_one_answer_each, 2,
        "the lead is decided before the command is queued";
    an_empty_batch_that_keeps_the_lead_is_found: a_dropped_future_leaves_no_one_behind, 2,
        "an empty batch keeps the lead";
    a_panic_that_keeps_the_lead_is_found: a_broken_batch_answers_all_and_the_queue_lives_on, 2,
        "a panic keeps the lead";
    a_driver_that_nobody_calls_is_found: a_future_and_a_caller_are_answered, 2,
        "nobody calls the driver";
    a_driver_that_leaves_on_close_while_somebody_leads_is_found:
        closing_under_a_future_and_a_caller_answers_both, 3,
        "the driver leaves on close while somebody leads";
    a_driver_that_leaves_tired_while_somebody_leads_is_found:
        a_lazy_driver_leaves_no_one_behind, 2,
        "the driver leaves tired while somebody leads";
    a_driver_that_is_gone_and_still_counted_is_found: a_lazy_driver_leaves_no_one_behind, 2,
        "the driver is gone and still counted";
    a_driver_looked_for_outside_the_lock_is_found: a_lazy_driver_leaves_no_one_behind, 2,
        "the driver is looked for outside the lock";
    a_close_that_looks_at_the_queue_is_found: closing_waits_for_the_queued, 2,
        "close looks at the queue instead of the lead";
    a_bell_that_rings_before_the_stage_is_set_is_found: two_callers_get_one_answer_each, 2,
        "the bell rings before the stage is set";
    a_crowd_that_is_left_asleep_is_found: a_crowd_is_woken_when_the_lead_is_passed_on, 2,
        "a crowd is left asleep";
    a_waker_taken_before_the_answer_is_put_down_is_found: two_futures_are_answered, 2,
        "the waker is taken before the answer is put down";
    a_taken_command_that_is_called_busy_is_found:
        a_late_caller_whose_command_was_taken_is_not_busy, 3,
        "late and taken is busy";
    abandoned_commands_that_are_put_back_are_found:
        the_undecided_rest_of_late_callers_blocks_nobody, 3,
        "the abandoned are put back";
    fates_looked_up_after_unlocking_are_found:
        the_undecided_rest_of_a_late_caller_does_not_keep_the_lead, 4,
        "fates are looked up after unlocking";
    a_rest_that_goes_to_the_back_is_found: the_undecided_rest_keeps_its_order, 2,
        "the rest goes to the back";
    a_follower_that_sleeps_past_the_news_is_found: a_follower_is_woken_by_every_change, 2,
        "a follower looks in one step and sleeps in the next";
    a_bell_that_rings_before_the_news_is_found: a_follower_is_woken_by_every_change, 2,
        "the bell rings before the news is there";
    a_follower_that_is_left_asleep_is_found: every_follower_is_woken, 2,
        "one is woken for all";
    news_that_is_taken_back_is_found: news_in_any_order_is_never_taken_back, 2,
        "older news takes newer back";
    a_close_that_nobody_is_told_of_is_found: a_close_wakes_every_follower, 2,
        "the close is not told";
}
