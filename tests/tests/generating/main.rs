//! Claims about the slots of schedules on real files: what is made, what is never made again, what never moves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod drift;
mod made;
mod office;
mod together;

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    if let Some((part, file)) = venue_tests::children::part() {
        assert_eq!(part, "generator");
        together::generator(&file);
    }
}
