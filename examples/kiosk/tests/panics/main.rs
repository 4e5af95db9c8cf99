//! Takes the terminal and panics: the test of the kiosk looks at what is left of the terminal.

use venue_kiosk::Trouble;
use venue_kiosk::screen::Screen;

fn main() -> Result<(), Trouble> {
    let mut screen = Screen::take()?;
    let window = screen.window()?;
    panic!("on purpose, in a window of {window:?}");
}
