//! A kiosk that panics at the first key: the test looks at what is left of the terminal.

use std::path::Path;

use venue_kiosk::Trouble;
use venue_kiosk::kiosk::Kiosk;
use venue_kiosk::office::Office;
use venue_kiosk::picture::picture;
use venue_kiosk::screen::Screen;

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, slot] = &arguments[..] else { return Err("usage: FILE SLOT".into()) };
    let office = Office::open(Path::new(file), slot.parse()?)?;
    let kiosk = Kiosk::new(office.map()?);
    let mut screen = Screen::take()?;
    let window = screen.window()?;
    screen.draw(picture(&kiosk, office.now()?, window, screen.style()))?;
    let key = crossterm::event::read()?;
    panic!("on purpose, in a window of {window:?}, at {key:?}");
}
