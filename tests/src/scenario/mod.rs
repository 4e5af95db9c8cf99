//! Ledgers: what a box office does line by line, and what it is told. The language is in `tests/scenarios/README.md`.

pub mod facts;
pub mod line;
mod requests;
mod rows;
mod world;

use std::collections::BTreeSet;
use std::path::Path;

use line::Line;
pub use rows::ROWS;
use world::World;

/// What a ledger has shown.
#[derive(Debug, Default)]
pub struct Told {
    /// Verbs that were asked for.
    pub verbs: BTreeSet<String>,
    /// State of a booking, what was done to it, and what came of it.
    pub rows: BTreeSet<(String, String, String)>,
    /// Codes that were answered.
    pub codes: BTreeSet<String>,
}

impl Told {
    /// Adds what another ledger has shown.
    pub fn add(&mut self, other: Self) {
        self.verbs.extend(other.verbs);
        self.rows.extend(other.rows);
        self.codes.extend(other.codes);
    }
}

/// Runs a ledger on a file of its own. Doctor looks at the end; after every line with `VENUE_SCENARIO_SLOW`.
///
/// # Errors
/// Says at which line what came otherwise than written.
pub fn run(path: &Path) -> Result<Told, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    run_text(&name, &text, path.parent().unwrap_or(Path::new("")))
}

/// Runs a ledger that is no file. `folder` is where seasons are looked for.
///
/// # Errors
/// As by [`run`].
pub fn run_text(name: &str, text: &str, folder: &Path) -> Result<Told, String> {
    let lines = line::read(text).map_err(|problem| format!("{name}:{problem}"))?;
    let slow = std::env::var_os("VENUE_SCENARIO_SLOW").is_some();
    let mut world = World::new(folder);
    let mut lines = lines.into_iter();
    while let Some(line) = lines.next() {
        let number = line.number;
        let done = if line.verb == "batch" {
            let batch: Vec<Line> = lines.by_ref().take_while(|line| line.verb != "end").collect();
            world.batch(batch)
        } else {
            world.step(line)
        };
        done.map_err(|problem| format!("{name}:{number}: {problem}"))?;
        if slow {
            world.doctor().map_err(|found| format!("{name}:{number}: {found}"))?;
        }
    }
    world.doctor().map_err(|found| format!("{name}: at the end: {found}"))?;
    Ok(world.told)
}
