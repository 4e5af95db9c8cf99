//! The loop: keys, what others do, and the clock.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use venue_core::Error;

use crate::Trouble;
use crate::hall::Way;
use crate::kiosk::{Act, Key, Kiosk, Stage, tickets};
use crate::office::Office;
use crate::picture::picture;
use crate::screen::Screen;

/// How long the loop waits for a key before it looks at everything else.
const TURN: Duration = Duration::from_millis(50);

/// Sells until somebody leaves. What is still held then is given back; the tickets that were sold are printed.
///
/// # Errors
/// What the terminal and the engine say. The terminal is as it was before.
pub fn run(office: &Office) -> Result<(), Trouble> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        let _ = signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let mut printed = Vec::new();
    let outcome = sell(office, &stop, &mut printed);
    office.close();
    for line in printed {
        // Where the terminal is gone, nobody misses them.
        let _ = writeln!(io::stdout(), "{line}");
    }
    outcome
}

fn sell(office: &Office, stop: &AtomicBool, printed: &mut Vec<String>) -> Result<(), Trouble> {
    let told = office.listen()?;
    let mut kiosk = Kiosk::new(office.map()?);
    let mut screen = Screen::take()?;
    let pressed = keys();
    let outcome = (|| {
        while !stop.load(Ordering::SeqCst) {
            if news(&told)? {
                look_anew(office, &mut kiosk)?;
            }
            let now = office.now()?;
            kiosk.look_at_the_clock(now);
            let window = screen.window()?;
            screen.draw(picture(&kiosk, now, window, screen.style()))?;
            let event = match pressed.recv_timeout(TURN) {
                Ok(event) => event?,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Err("nobody reads keys".into()),
            };
            if let Some(key) = key(&event)
                && !act(office, &mut kiosk, key, printed)?
            {
                break;
            }
        }
        Ok(())
    })();
    // However it ended, nobody waits for what was held here.
    if let Stage::Held(hold) = &kiosk.stage {
        let _ = office.release(hold);
    }
    outcome
}

/// Hears of keys, on a thread of its own: when its terminal goes away crossterm 0.29 reads for ever, and what is held would be
/// given back by nobody.
fn keys() -> Receiver<io::Result<Event>> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        loop {
            let event = event::read();
            let failed = event.is_err();
            if tell.send(event).is_err() || failed {
                return;
            }
        }
    });
    told
}

/// Reads the slot. The clock is looked at after that and counts first: a hold that is free again because its time is over was
/// not ended by anybody.
fn look_anew(office: &Office, kiosk: &mut Kiosk) -> Result<(), Trouble> {
    let map = office.map()?;
    kiosk.look_at_the_clock(office.now()?);
    kiosk.learn(map);
    Ok(())
}

/// True if the slot is to be read anew.
fn news(told: &Receiver<Result<(), Error>>) -> Result<bool, Trouble> {
    let mut stale = false;
    loop {
        match told.try_recv() {
            Ok(heard) => heard?,
            Err(TryRecvError::Empty) => return Ok(stale),
            Err(TryRecvError::Disconnected) => {
                return Err("nobody follows the feed any more".into());
            }
        }
        stale = true;
    }
}

/// What a key means, if it is one that was pressed.
fn key(event: &Event) -> Option<Key> {
    let Event::Key(KeyEvent {
        code,
        modifiers,
        kind: KeyEventKind::Press | KeyEventKind::Repeat,
        ..
    }) = event
    else {
        return None;
    };
    let control = modifiers.contains(KeyModifiers::CONTROL);
    Some(match code {
        KeyCode::Char('c' | 'd') if control => Key::Leave,
        KeyCode::Char('q') => Key::Leave,
        KeyCode::Up | KeyCode::Char('k') => Key::Go(Way::Up),
        KeyCode::Down | KeyCode::Char('j') => Key::Go(Way::Down),
        KeyCode::Left | KeyCode::Char('h') => Key::Go(Way::Left),
        KeyCode::Right | KeyCode::Char('l') => Key::Go(Way::Right),
        KeyCode::Char(' ') => Key::Choose,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc | KeyCode::Backspace => Key::Back,
        _ => return None,
    })
}

/// Does what a key asks for; false if somebody leaves. What the engine refuses is said, and nothing is lost by it.
fn act(
    office: &Office,
    kiosk: &mut Kiosk,
    key: Key,
    printed: &mut Vec<String>,
) -> Result<bool, Trouble> {
    let outcome = match kiosk.press(key) {
        Act::Nothing => return Ok(true),
        Act::Leave => return Ok(false),
        Act::Hold(seats) => office.hold(&seats).map(|hold| Stage::Held(Box::new(hold))),
        Act::Sell(hold) => office.sell(&hold).map(|booking| {
            printed.extend(tickets(&booking, &kiosk.map));
            Stage::Sold(Box::new(booking))
        }),
        Act::Release(hold) => office.release(&hold).map(|()| Stage::Choosing),
    };
    kiosk.done(outcome.map_err(|trouble| trouble.to_string()));
    look_anew(office, kiosk)?;
    Ok(true)
}
