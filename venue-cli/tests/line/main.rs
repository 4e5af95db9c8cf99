//! The command line as people and programs meet it: the real binary, its output and its exit codes.

mod files;
mod office;
mod usage;
mod writing;
