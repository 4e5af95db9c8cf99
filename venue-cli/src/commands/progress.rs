//! Progress bars: on a terminal's stderr, for what takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when the work turns out to be long.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    watched: bool,
    began: Instant,
}

impl Progress {
    /// For work that tells how far it is.
    pub(crate) fn new(output: &Output) -> Self {
        Self { bar: None, watched: output.is_watched(), began: Instant::now() }
    }

    /// For work that does not tell: a sign of life.
    pub(crate) fn spinner(output: &Output, stage: &str) -> Self {
        let mut progress = Self::new(output);
        if progress.watched {
            let bar = ProgressBar::new_spinner().with_message(stage.to_owned());
            bar.enable_steady_tick(PATIENCE);
            progress.bar = Some(bar);
        }
        progress
    }

    /// The work is so far: `done` of `total`, in this stage.
    pub(crate) fn at(&mut self, stage: &str, done: u64, total: u64) {
        if !self.watched || self.began.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg:20} {wide_bar} {pos}/{len}");
            ProgressBar::new(total)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(stage.to_owned());
    }

    /// The work is done: the bar goes away.
    pub(crate) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
