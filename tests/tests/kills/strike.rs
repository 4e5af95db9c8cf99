//! When a process is killed: so long after it began, or at what can be seen of its work from outside.

use std::path::Path;
use std::time::{Duration, Instant};

use venue_tests::children::Player;
use venue_tests::dice::Dice;

use super::names;

/// The instant of a kill.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Moment {
    /// So many microseconds after the task was given.
    After(u64),
    /// So many microseconds after a name with this part was seen in the folder.
    Seen(&'static str, u64),
}

impl Moment {
    /// Any moment of the first milliseconds; every other time one that follows a name that appears, if there are any.
    pub(crate) fn any(dice: &mut Dice, most_ms: u64, marks: &[&'static str]) -> Self {
        if marks.is_empty() || dice.percent(50) {
            return Self::After(micros(dice, most_ms * 1_000));
        }
        let mark = dice.one_of(marks);
        // Often at once, else soon after it, or later.
        let delay = match dice.below(4) {
            0 | 1 => 0,
            2 => micros(dice, 3_000),
            _ => micros(dice, 20_000),
        };
        Self::Seen(mark, delay)
    }

    /// Waits for the moment, counted from `since`, and kills. False if the process had ended before, well.
    pub(crate) fn strike(self, mut player: Player, folder: &Path, since: Instant) -> bool {
        match self {
            Self::After(micros) => wait_until(since + Duration::from_micros(micros)),
            Self::Seen(mark, micros) => {
                while names(folder, mark).is_empty() && !player.has_ended() {
                    std::thread::yield_now();
                }
                wait_until(Instant::now() + Duration::from_micros(micros));
            }
        }
        player.kill()
    }
}

/// Fewer microseconds than this.
pub(crate) fn micros(dice: &mut Dice, end: u64) -> u64 {
    dice.bits() % end
}

fn wait_until(moment: Instant) {
    std::thread::sleep(moment.saturating_duration_since(Instant::now()));
}
