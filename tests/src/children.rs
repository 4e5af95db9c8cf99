//! Other processes: the test's own binary, started again to play one part, talking by lines.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What a child's lines begin with: the harness writes to the same place.
const MARK: &str = "venue: ";
const PART: &str = "VENUE_RIG_PART";
const FILE: &str = "VENUE_RIG_FILE";

/// The part that this process was started to play, and on which file; none in the parent.
pub fn part() -> Option<(String, std::path::PathBuf)> {
    Some((std::env::var(PART).ok()?, std::env::var_os(FILE)?.into()))
}

/// Says a line to the parent, at once.
///
/// # Panics
/// If the parent is gone.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The harness may have begun a line of its own.
    out.write_all(format!("\n{MARK}{line}\n").as_bytes()).expect("a parent");
    out.flush().expect("a parent");
}

/// What the parent says; nothing once it has nothing more to say.
///
/// # Panics
/// If it cannot be read.
pub fn hear() -> Option<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).expect("a parent");
    (read > 0).then(|| line.trim_end().to_owned())
}

/// A child that plays a part.
#[derive(Debug)]
pub struct Player {
    child: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Player {
    /// Starts this binary again, to play a part on a file: the test called `child` of this binary plays it.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(part: &str, file: &Path) -> Self {
        let binary = std::env::current_exe().expect("a binary");
        Self::run(Command::new(binary), part, file)
    }

    /// As [`Player::start`], by another program that ends in starting `$0`.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn run(mut command: Command, part: &str, file: &Path) -> Self {
        let mut child = command
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(PART, part)
            .env(FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let input = child.stdin.take();
        let output = child.stdout.take().expect("its output");
        Self { child, input, output: BufReader::new(output).lines() }
    }

    /// Says a line to the child.
    ///
    /// # Panics
    /// If it is gone.
    pub fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("a child that listens");
        writeln!(input, "{line}").expect("a child that listens");
    }

    /// The child's next line; none once it has ended.
    pub fn next_line(&mut self) -> Option<String> {
        self.output
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix(MARK).map(str::to_owned))
    }

    /// The child's next line.
    ///
    /// # Panics
    /// If it has ended.
    pub fn line(&mut self) -> String {
        self.next_line().expect("another line")
    }

    /// Lets the child end; what it still had to say.
    ///
    /// # Panics
    /// If it failed.
    pub fn end(mut self) -> Vec<String> {
        self.input = None;
        let rest: Vec<String> = std::iter::from_fn(|| self.next_line()).collect();
        assert!(self.child.wait().expect("an end").success(), "a child failed: {rest:?}");
        rest
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    ///
    /// # Panics
    /// If the system does not say.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Kills the child (SIGKILL). False if it had ended before, well.
    ///
    /// # Panics
    /// If it had failed before, or cannot be killed.
    pub fn kill(mut self) -> bool {
        self.child.kill().expect("a child to kill");
        let status = self.child.wait().expect("an end");
        let killed = status.signal().is_some();
        assert!(killed || status.success(), "a child failed before it was killed: {status}");
        killed
    }
}

impl Drop for Player {
    /// A parent that fails leaves nobody behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
