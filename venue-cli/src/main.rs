//! The command line.

mod draw;

fn main() {}
