//! Several processes on one file: copies of this program, started together, each with a share of the callers.
//!
//! A worker opens the file, says `ready`, waits for a line, and answers with its tally as JSON. A worker that
//! cannot go on answers with its error.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use venue_core::domain::error::{Error, Invalid};
use venue_core::engine::{Engine, OpenOptions};

use super::figures::Tally;
use super::load::Load;
use super::place::{io_error, slots};
use venue_core::domain::bench_done::BenchVerb;

use super::Options;

/// The hidden command of a worker. Its one argument is a [`Job`] as JSON.
pub(crate) const COMMAND: &str = "bench-worker";

/// What a worker is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Job {
    file: OsString,
    verb: BenchVerb,
    callers: u32,
    quantity: u32,
    millis: u64,
    allow_fs: bool,
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
enum Done {
    Tally(Tally),
    Failed(String),
}

/// Runs a worker: `arguments` are what follows the hidden command.
///
/// # Errors
/// Invalid usage for anything but what [`crate::bench::run`] starts; storage failures of reading and writing.
pub(crate) fn serve(arguments: &[OsString], out: &mut dyn Write) -> Result<(), Error> {
    let usage = || Invalid::Usage { message: format!("{COMMAND} is started by bench alone") };
    let [job] = arguments else { return Err(usage().into()) };
    let job = job.to_str().ok_or_else(usage)?;
    let job: Job = serde_json::from_str(job).map_err(|_| usage())?;
    let done = match work(&job, out) {
        Ok(tally) => Done::Tally(tally),
        Err(error) => Done::Failed(error.to_string()),
    };
    let text = serde_json::to_string(&done).unwrap_or_else(|_| unreachable!("plain data"));
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| io_error(COMMAND, &error))
}

fn work(job: &Job, out: &mut dyn Write) -> Result<Tally, Error> {
    let options = OpenOptions::default().allow_network_fs(job.allow_fs);
    let engine = Engine::open(Path::new(&job.file), &options)?;
    let load = Load {
        verb: job.verb,
        callers: job.callers,
        quantity: job.quantity,
        slots: slots(&engine)?.into_iter().map(|slot| slot.id.into()).collect(),
        lasts: Duration::from_millis(job.millis),
    };
    let talk = |error: std::io::Error| io_error(COMMAND, &error);
    writeln!(out, "ready").and_then(|()| out.flush()).map_err(talk)?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).map_err(talk)? == 0 {
        return Ok(Tally::default());
    }
    let tally = load.run(&engine, &mut |_| {});
    engine.close();
    tally
}

/// A worker that runs; it is ended when this goes.
struct Worker {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Worker {
    fn start(program: &Path, job: &Job) -> Result<Self, Error> {
        let about = |error: std::io::Error| io_error(&program.display().to_string(), &error);
        let job = serde_json::to_string(job).unwrap_or_else(|_| unreachable!("plain data"));
        let mut command = Command::new(program);
        command.arg(COMMAND).arg(job).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(about)?;
        let Some(stdout) = child.stdout.take() else {
            return Err(Error::Bug { message: "a worker without stdout".to_owned() });
        };
        Ok(Self { child, answers: BufReader::new(stdout) })
    }

    fn answer(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| io_error("a worker", &error))?;
        Ok(line)
    }

    fn go(&mut self) -> Result<(), Error> {
        let stdin = self.child.stdin.as_mut();
        let sent = stdin.map_or(Ok(()), |stdin| stdin.write_all(b"go\n"));
        sent.map_err(|error| io_error("a worker", &error))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// What a worker's answer says.
fn tally_of(answer: &str) -> Result<Tally, Error> {
    match serde_json::from_str(answer) {
        Ok(Done::Tally(tally)) => Ok(tally),
        Ok(Done::Failed(message)) => Err(Error::Bug { message: format!("a worker: {message}") }),
        Err(_) => Err(Error::Bug { message: "a worker ended without an answer".to_owned() }),
    }
}

/// Runs the load in several processes at once.
pub(super) fn run(
    options: &Options,
    file: &Path,
    tick: &mut dyn FnMut(Duration),
) -> Result<Tally, Error> {
    let program = match &options.program {
        Some(program) => program.clone(),
        None => std::env::current_exe().map_err(|error| io_error("this program", &error))?,
    };
    let mut workers = vec![];
    for process in 0..options.processes {
        let share = options.callers / options.processes;
        let more = u32::from(process < options.callers % options.processes);
        let job = Job {
            file: file.as_os_str().to_owned(),
            verb: options.verb,
            callers: share + more,
            quantity: options.quantity,
            millis: u64::try_from(options.lasts.as_millis()).unwrap_or(u64::MAX),
            allow_fs: options.allow_fs,
        };
        workers.push(Worker::start(&program, &job)?);
    }
    for worker in &mut workers {
        let answer = worker.answer()?;
        if answer.trim_end() != "ready" {
            return tally_of(&answer);
        }
    }
    for worker in &mut workers {
        worker.go()?;
    }
    let start = Instant::now();
    while start.elapsed() < options.lasts {
        tick(start.elapsed());
        let left = options.lasts.saturating_sub(start.elapsed());
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
    let mut tally = Tally::default();
    for worker in &mut workers {
        tally.add(tally_of(&worker.answer()?)?);
        let _ = worker.child.wait();
    }
    Ok(tally)
}
