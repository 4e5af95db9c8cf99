//! The terminal, taken for the kiosk and given back however the kiosk ends: by returning, by an error, by a panic.

use std::io::{self, IsTerminal, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, execute, queue, terminal};

use crate::Trouble;
use crate::picture::{Line, Style, Tone};

/// True while the terminal is the kiosk's.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Passed once panics are told to give it back first.
static HOOK: Once = Once::new();

/// The terminal, while it is the kiosk's.
#[derive(Debug)]
pub struct Screen {
    style: Style,
    shown: Vec<Line>,
    size: (u16, u16),
}

/// Gives the terminal back, once.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // Whoever reads is gone if this fails: nothing is left to do.
        let _ =
            execute!(io::stdout(), ResetColor, EnableLineWrap, cursor::Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// If there is none, or it cannot move its cursor.
    pub fn take() -> Result<Self, Trouble> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err("the kiosk needs a terminal to read keys from and to draw on".into());
        }
        let kind = std::env::var("TERM").unwrap_or_default();
        if kind.is_empty() || kind == "dumb" {
            return Err(
                "the kiosk needs a terminal that can move its cursor: TERM names none".into()
            );
        }
        HOOK.call_once(|| {
            let usual = std::panic::take_hook();
            // The words of a panic are for the screen that the user has again.
            std::panic::set_hook(Box::new(move |info| {
                give_back();
                usual(info);
            }));
        });
        TAKEN.store(true, Ordering::SeqCst);
        let screen = Self { style: style(), shown: Vec::new(), size: (0, 0) };
        terminal::enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide, DisableLineWrap)?;
        Ok(screen)
    }

    /// What the terminal can show.
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Columns and lines of the window.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn window(&mut self) -> Result<(usize, usize), Trouble> {
        let size = terminal::size()?;
        if size != self.size {
            // What a terminal keeps of its lines when it is resized nobody knows.
            (self.size, self.shown) = (size, Vec::new());
            execute!(io::stdout(), Clear(ClearType::All))?;
        }
        Ok((usize::from(size.0), usize::from(size.1)))
    }

    /// Draws the lines that are not there already.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn draw(&mut self, lines: Vec<Line>) -> Result<(), Trouble> {
        // Another thread's panic took it away.
        if !TAKEN.load(Ordering::SeqCst) {
            return Err("the terminal is not the kiosk's any more".into());
        }
        let mut out = io::stdout().lock();
        let empty = Line::new();
        for (place, line) in (0_u16..).zip(&lines) {
            if self.shown.get(usize::from(place)) != Some(line) {
                queue!(out, cursor::MoveTo(0, place))?;
                self.print(&mut out, line)?;
            }
        }
        for place in (0_u16..).take(self.shown.len()).skip(lines.len()) {
            queue!(out, cursor::MoveTo(0, place))?;
            self.print(&mut out, &empty)?;
        }
        out.flush()?;
        self.shown = lines;
        Ok(())
    }

    fn print(&self, out: &mut impl Write, line: &Line) -> io::Result<()> {
        for part in line {
            if self.style.colour {
                match part.tone {
                    Tone::Plain => queue!(out, ResetColor)?,
                    Tone::Free => queue!(out, SetForegroundColor(Color::Green))?,
                    Tone::Taken => queue!(out, SetForegroundColor(Color::Red))?,
                    Tone::Own => queue!(out, SetForegroundColor(Color::Yellow))?,
                    Tone::Strong => queue!(out, SetAttribute(Attribute::Bold))?,
                }
            }
            queue!(out, Print(&part.text))?;
            if self.style.colour {
                queue!(out, SetAttribute(Attribute::Reset), ResetColor)?;
            }
        }
        queue!(out, Clear(ClearType::UntilNewLine))
    }
}

/// As the environment says: UTF-8 by the usual three variables, colours unless `NO_COLOR` is set.
fn style() -> Style {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    let unicode = locale.contains("utf-8") || locale.contains("utf8");
    Style { unicode, colour: set("NO_COLOR").is_none() }
}
