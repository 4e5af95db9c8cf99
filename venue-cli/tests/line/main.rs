//! The command line as people and programs meet it: the real binary, its output and its exit codes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod calendars;
mod files;
mod lists;
mod office;
mod previews;
mod sales;
mod schedules;
mod usage;
mod writing;
