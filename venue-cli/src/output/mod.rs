//! Data on stdout, talk on stderr. What is written is flushed before the command ends, and what cannot be
//! written ends it.

mod receipt;
mod table;
mod text;

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use venue_core::domain::text::Key;

use crate::args::Color;
use crate::exit::{Effect, Failure};

pub(crate) use receipt::receipt;
pub(crate) use table::{Facts, Table};
pub(crate) use text::{printable, when};

/// The width where there is no terminal.
const USUAL_WIDTH: usize = 100;

/// How answers look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// One JSON object a line.
    pub(crate) json: bool,
    /// Say nothing but errors on stderr.
    pub(crate) quiet: bool,
    /// Colours on stdout.
    pub(crate) colour: bool,
    /// Colours on stderr.
    pub(crate) stderr_colour: bool,
}

impl Style {
    /// As the options say.
    pub(crate) fn new(color: Color, json: bool, quiet: bool) -> Self {
        let choose = |stream: anstream::ColorChoice| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => stream != anstream::ColorChoice::Never,
        };
        Self {
            json,
            quiet,
            colour: choose(anstream::AutoStream::choice(&io::stdout())),
            stderr_colour: choose(anstream::AutoStream::choice(&io::stderr())),
        }
    }

    /// No colours, nothing special.
    pub(crate) const fn plain() -> Self {
        Self { json: false, quiet: false, colour: false, stderr_colour: false }
    }
}

/// Columns of the terminal, or a usual number.
pub(crate) fn width() -> usize {
    comfy_table::Table::new().width().map_or(USUAL_WIDTH, usize::from)
}

/// Where answers go.
#[derive(Debug)]
pub(crate) struct Output {
    style: Style,
    stdout: io::StdoutLock<'static>,
    effect: Effect,
}

/// An object of the contract.
#[derive(Serialize)]
struct Object<'a, T: Serialize + ?Sized> {
    #[serde(rename = "type")]
    kind: &'a str,
    data: &'a T,
}

impl Output {
    /// Writes answers of this style.
    pub(crate) fn new(style: Style) -> Self {
        Self { style, stdout: io::stdout().lock(), effect: Effect::Nothing }
    }

    /// How answers look.
    pub(crate) const fn style(&self) -> Style {
        self.style
    }

    /// From here on, an answer that cannot be written leaves the command's fate unknown.
    pub(crate) fn may_have_changed(&mut self, key: Option<&Key>) {
        self.effect = Effect::Possible(key.cloned());
    }

    /// True if people watch stderr.
    pub(crate) fn is_watched(&self) -> bool {
        !self.style.quiet && io::stderr().is_terminal()
    }

    /// Writes all of these bytes, and makes sure that they left.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stdout
            .write_all(bytes)
            .and_then(|()| self.stdout.flush())
            .map_err(|error| Failure::Output { error, effect: self.effect.clone() })
    }

    /// True if stdout is a pipe, or a terminal, that nobody reads any more: whoever has nothing to write for long would
    /// not notice.
    pub(crate) fn reader_is_gone(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let mut stdout = [PollFd::new(&self.stdout, PollFlags::empty())];
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        let gone = PollFlags::ERR | PollFlags::HUP;
        poll(&mut stdout, Some(&at_once)).is_ok() && stdout[0].revents().intersects(gone)
    }

    /// Writes a text, with a line end at its end.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        self.bytes(format!("{text}{end}").as_bytes())
    }

    /// Writes an object on a line of its own.
    pub(crate) fn object<T: Serialize + ?Sized>(
        &mut self,
        kind: &str,
        data: &T,
    ) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(1_024);
        add_object(&mut bytes, kind, data);
        self.bytes(&bytes)
    }

    /// Writes objects, each on a line of its own.
    pub(crate) fn objects<'a, T: Serialize + 'a>(
        &mut self,
        kind: &str,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(16_384);
        for item in items {
            add_object(&mut bytes, kind, item);
        }
        self.bytes(&bytes)
    }

    /// An answer for both: an object for programs, a text for people.
    pub(crate) fn answer<T: Serialize + ?Sized>(
        &mut self,
        kind: &str,
        data: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.style.json { self.object(kind, data) } else { self.text(&text()) }
    }

    /// Lets something else write, and tells what could not be written.
    pub(crate) fn lend<T>(&mut self, run: impl FnOnce(&mut dyn Write) -> T) -> Result<T, Failure> {
        let mut lent = Lent { stdout: &mut self.stdout, failed: None };
        let done = run(&mut lent);
        match lent.failed {
            Some(error) => Err(Failure::Output { error, effect: self.effect.clone() }),
            None => Ok(done),
        }
    }

    /// Says something to people, on stderr. Nobody minds if it is not heard.
    pub(crate) fn say(&self, text: &str) {
        if !self.style.quiet {
            let _ = writeln!(io::stderr().lock(), "{}", printable(text));
        }
    }
}

/// Stdout in other hands: it remembers the first failure.
struct Lent<'a> {
    stdout: &'a mut io::StdoutLock<'static>,
    failed: Option<io::Error>,
}

impl Lent<'_> {
    fn remember<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            self.failed.get_or_insert(error);
            kind.into()
        })
    }
}

impl Write for Lent<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.stdout.write(bytes);
        self.remember(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.stdout.flush();
        self.remember(done)
    }
}

fn add_object<T: Serialize + ?Sized>(bytes: &mut Vec<u8>, kind: &str, data: &T) {
    let written = serde_json::to_writer(&mut *bytes, &Object { kind, data });
    written.unwrap_or_else(|error| unreachable!("plain data: {error}"));
    bytes.push(b'\n');
}
