//! The kiosk in a terminal that is none: what it shows is read as a terminal would show it, and another kiosk sells from
//! the same file.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use venue_core::domain::request::EventSwitch;
use venue_core::engine::{Clock as _, SystemClock};
use venue_core::{
    Caller, Engine, ImportOptions, Instant, NewFile, OpenOptions, Role, Sell, SlotName, Span,
    Wanted,
};

const KIOSK: &str = env!("CARGO_BIN_EXE_venue-kiosk");
/// After so long a test gives up; nothing is asked to be quicker.
const PATIENCE: Duration = Duration::from_mins(2);

const UP: &[u8] = b"\x1b[A";
const RIGHT: &[u8] = b"\x1b[C";

/// A program in a window.
struct Window {
    shown: vt100::Parser,
    raw: Vec<u8>,
    heard: Receiver<Vec<u8>>,
    keys: Box<dyn std::io::Write + Send>,
    terminal: Box<dyn MasterPty + Send>,
    // Open as long as the program's settings are to be looked at.
    line: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    before: String,
}

const fn size(columns: u16, lines: u16) -> PtySize {
    PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// How keys are read and text is shown. Without the speed: on the way back the system writes out that of the input.
fn settings(terminal: &dyn MasterPty) -> String {
    let all = terminal.get_termios().unwrap();
    format!("{:?}", (all.input_flags, all.output_flags, all.local_flags, all.control_chars))
}

impl Window {
    fn open(
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
        window: PtySize,
    ) -> Self {
        let pair = native_pty_system().openpty(window).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        let before = settings(&*pair.master);
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let (tell, heard) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if tell.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let shown = vt100::Parser::new(cells(window.rows), cells(window.cols), 0);
        Self {
            shown,
            raw: Vec::new(),
            heard,
            keys,
            terminal: pair.master,
            line: pair.slave,
            child,
            before,
        }
    }

    fn text(&self) -> String {
        self.shown.screen().contents()
    }

    /// Waits until this is on the screen.
    #[track_caller]
    fn wait_for(&mut self, what: &str) {
        while !self.text().contains(what) {
            match self.heard.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("{what:?} is not shown ({error}):\n{}", self.text()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.shown.process(bytes);
    }

    fn press(&mut self, keys: &[u8]) {
        self.keys.write_all(keys).unwrap();
        self.keys.flush().unwrap();
    }

    /// The program has the terminal to itself: whether it gives that back is worth a look.
    #[track_caller]
    fn is_taken(&self) {
        let screen = self.shown.screen();
        assert!(screen.alternate_screen() && screen.hide_cursor(), "{}", self.text());
        assert_ne!(settings(&*self.terminal), self.before);
    }

    /// The line with the countdown.
    fn countdown(&self) -> Option<String> {
        let text = self.text();
        text.lines().find(|line| line.contains(" left; ")).map(str::to_owned)
    }

    /// The window is closed: the thread that reads it ends with the next thing that is drawn. The program is left.
    fn closed(self) -> Box<dyn Child + Send + Sync> {
        self.child
    }

    /// Waits for the end of the program, which leaves the terminal as it was; its exit code and what is on the screen.
    #[track_caller]
    fn left(mut self) -> (u32, String) {
        let code = self.child.wait().unwrap().exit_code();
        assert_eq!(settings(&*self.terminal), self.before, "keys are read as before");
        drop(self.line);
        loop {
            match self.heard.recv_timeout(PATIENCE) {
                Ok(bytes) => self.shown.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the terminal is not let go"),
            }
        }
        let screen = self.shown.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor(), "{:?}", screen.contents());
        (code, screen.contents())
    }
}

/// A file with a hall of three rows of four seats, and the name of its slot.
fn file(folder: &Path) -> (String, String) {
    file_at(folder, SystemClock.wall(), &NewFile::default())
}

/// The same of a file that is made like this; the slot is three days later.
fn file_at(folder: &Path, now: Instant, new: &NewFile) -> (String, String) {
    let day = now.plus(Span::from_days(3)).to_chrono().format("%Y-%m-%d");
    let season = format!(
        "organizer = {{ slug = \"o\", name = \"O\", currency = \"EUR\" }}\n\
         [[venue]]\nslug = \"v\"\nname = \"Käfig\"\ntime_zone = \"Europe/Berlin\"\n\
         hall = [{{ slug = \"h\", name = \"H\", grid = {{ rows = 3, seats = 4, categories = {{ \"Köln\" = \"A-C\" }} }} }}]\n\
         [[event]]\nslug = \"show\"\nkind = \"show\"\ntitle = \"Show\"\nhall = \"v/h\"\nduration = \"2h\"\n\
         state = \"published\"\nprices = {{ \"Köln\" = \"5.00\" }}\nschedule = [{{ starts = \"{day}T20:00\" }}]\n"
    );
    let toml = folder.join("season.toml");
    std::fs::write(&toml, season).unwrap();
    let path = folder.join("show.venue");
    Engine::create(&path, new, &OpenOptions::default()).unwrap();
    let engine = Engine::open(&path, &OpenOptions::default()).unwrap();
    engine.import(&Caller::local(), &[toml], &ImportOptions::default(), &mut |_, _, _| ()).unwrap();
    engine.close();
    (path.to_str().unwrap().to_owned(), format!("show@{day}T20:00"))
}

const UTF8: &[(&str, &str)] = &[("LANG", "C.UTF-8")];

#[test]
fn two_kiosks_sell_from_one_file_and_each_sees_the_other_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let open = || Window::open(KIOSK, &[&path, &slot], UTF8, size(80, 24));
    let (mut one, mut other) = (open(), open());
    one.wait_for("12 of 12 free");
    one.press(b" ");
    one.wait_for("is chosen");
    one.wait_for("[●]");
    other.wait_for("12 of 12 free");
    other.press(b" ");
    other.wait_for("is chosen");
    other.press(b"\r");
    other.wait_for(" left; held");
    one.wait_for("taken by somebody else");
    one.wait_for("11 of 12 free");
    one.wait_for("nothing chosen");
    one.wait_for("[h]");
    other.press(b"\r");
    other.wait_for("TICKET");
    one.wait_for("[×]");
    one.press(b" ");
    one.wait_for("is not free");
    one.press(RIGHT);
    one.press(b" ");
    one.wait_for("is chosen");
    one.press(b"\r");
    one.wait_for(" left; held");
    one.wait_for("5.00 EUR");
    // The countdown goes on by itself.
    let first = one.countdown();
    while one.countdown() == first {
        let bytes = one.heard.recv_timeout(PATIENCE).unwrap();
        one.take(&bytes);
    }
    one.press(b"\x7f");
    one.wait_for("given back");
    one.wait_for("11 of 12 free");
    one.press(UP);
    one.press(b"\r");
    one.wait_for("choose a seat first");
    one.press(b"q");
    assert_eq!(one.left().0, 0);
    other.press(b"\rq");
    let (code, text) = other.left();
    assert!(code == 0 && text.contains("TICKET") && text.contains("total 5.00 EUR"), "{text}");
}

#[test]
fn the_countdown_ends_the_hold_here_and_for_all_others() {
    let folder = tempfile::tempdir().unwrap();
    let noon: Instant = "2027-01-01T12:00:00Z".parse().unwrap();
    let (path, slot) = file_at(folder.path(), noon, &NewFile::default().test_clock(Some(noon)));
    // The clock of this file stands at its last write, and other tills write.
    let sell = |seats: &[&str], later: Span| {
        let options = OpenOptions::default().now(Some(noon.plus(later)));
        let till = Engine::open(&path, &options).unwrap();
        let wanted = Wanted::seats(seats.iter().map(|seat| seat.parse().unwrap()).collect());
        let sold =
            till.sell(&Caller::local(), Sell::new(slot.parse::<SlotName>().unwrap(), wanted));
        assert_eq!(sold.unwrap().tickets.len(), seats.len());
        till.close();
    };
    let open = || Window::open(KIOSK, &[&path, &slot], UTF8, size(80, 24));
    let (mut one, mut other) = (open(), open());
    one.wait_for("12 of 12 free");
    one.press(b" \r");
    one.wait_for("5:00 left; held");
    other.wait_for("11 of 12 free");
    sell(&["C-1"], Span::from_millis(61_500));
    one.wait_for("3:59 left; held");
    one.wait_for("10 of 12 free");
    sell(&["C-2", "C-3"], Span::from_mins(6));
    one.wait_for("the time is over");
    // Nobody has swept.
    one.wait_for("9 of 12 free");
    other.wait_for("9 of 12 free");
    one.press(b" \r");
    one.wait_for("5:00 left; held");
    other.wait_for("8 of 12 free");
    one.press(b"q");
    other.wait_for("9 of 12 free");
    other.press(b"q");
    assert_eq!((one.left().0, other.left().0), (0, 0));
}

#[test]
fn what_is_held_is_given_back_by_whoever_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let kill = |signal: &str, window: &Window| {
        let id = window.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    };
    // Ctrl-C is a key; from outside it is a signal.
    let ways: [&dyn Fn(&mut Window); 4] = [
        &|window| window.press(b"\x03"),
        &|window| kill("-INT", window),
        &|window| kill("-TERM", window),
        &|window| kill("-HUP", window),
    ];
    for leave in ways {
        let mut window = Window::open(KIOSK, &[&path, &slot], UTF8, size(80, 24));
        window.wait_for("12 of 12 free");
        window.press(b" \r");
        window.wait_for(" left; held");
        window.is_taken();
        leave(&mut window);
        assert_eq!(window.left(), (0, String::new()));
    }
}

#[test]
fn a_window_that_is_closed_keeps_no_seats() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let open = || Window::open(KIOSK, &[&path, &slot], UTF8, size(80, 24));
    let (mut one, mut other) = (open(), open());
    one.wait_for("12 of 12 free");
    one.press(b" \r");
    one.wait_for(" left; held");
    other.wait_for("11 of 12 free");
    let mut child = one.closed();
    other.wait_for("12 of 12 free");
    child.wait().unwrap();
    other.press(b"q");
    assert_eq!(other.left().0, 0);
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was_and_its_words_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let program = env!("CARGO_BIN_EXE_venue-kiosk-panics");
    let mut window = Window::open(program, &[&path, &slot], UTF8, size(80, 24));
    window.wait_for("12 of 12 free");
    window.is_taken();
    window.press(b"x");
    let (code, text) = window.left();
    assert_eq!(code, 101);
    assert!(text.contains("on purpose, in a window of (80, 24)"), "{text}");
    assert!(!text.contains("of 12 free"), "{text}");
}

#[test]
fn an_error_leaves_the_terminal_as_it_was_and_its_words_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let mut window = Window::open(KIOSK, &[&path, &slot], UTF8, size(80, 24));
    window.wait_for("12 of 12 free");
    window.is_taken();
    let engine = Engine::open(&path, &OpenOptions::default()).unwrap();
    let show = EventSwitch::new("show".parse().unwrap());
    engine.event_delete(&Caller::new(Role::Organizer), show).unwrap();
    engine.close();
    let (code, text) = window.left();
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error: ") && !text.contains("of 12 free"), "{text}");
}

#[test]
fn a_small_window_says_so_until_it_is_larger() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let mut window = Window::open(KIOSK, &[&path, &slot], UTF8, size(20, 5));
    window.wait_for("too small");
    window.terminal.resize(size(60, 12)).unwrap();
    window.shown.screen_mut().set_size(cells(12), cells(60));
    window.wait_for("12 of 12 free");
    window.press(b"q");
    assert_eq!(window.left().0, 0);
}

#[test]
fn without_utf_8_and_colours_everything_is_ascii() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let plain = [("LC_ALL", "C"), ("NO_COLOR", "1")];
    let mut window = Window::open(KIOSK, &[&path, &slot], &plain, size(60, 16));
    window.wait_for("K?ln, 5.00 EUR, free");
    window.press(b" ");
    window.wait_for("[*]");
    assert!(window.raw.is_ascii());
    let coloured = |code: &[u8]| window.raw.windows(code.len()).any(|bytes| bytes == code);
    assert!(!coloured(b"\x1b[38;") && !coloured(b"\x1b[1m"));
    window.press(b"q");
    assert_eq!(window.left().0, 0);
}

#[test]
fn what_cannot_be_sold_or_drawn_on_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (path, slot) = file(folder.path());
    let dumb = [("TERM", "dumb")];
    for (arguments, environment, words) in [
        (vec![&*path], UTF8, "usage: "),
        (vec![&*path, "show@2020-01-01T20:00"], UTF8, "slot"),
        (vec!["/nowhere/at.all", &slot], UTF8, "error: "),
        (vec![&*path, &*slot], &dumb[..], "can move its cursor"),
    ] {
        let (code, text) = Window::open(KIOSK, &arguments, environment, size(100, 24)).left();
        assert_eq!(code, 1, "{text}");
        assert!(text.contains(words), "{words}: {text}");
    }
    let output = Command::new(KIOSK).args([&path, &slot]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs a terminal"));
}
