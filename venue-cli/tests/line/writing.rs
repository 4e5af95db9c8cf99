//! Answers that cannot be written.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::office::{CINEMA, Office, SLOT};

/// What changes nothing.
const READS: [&str; 12] = [
    "clock show",
    "clock show --json",
    "call clock_show",
    "doctor",
    "call doctor",
    "info --json",
    "call info",
    "call schema",
    "event search jazz --json",
    "--help",
    "completions zsh",
    "man",
];

/// How the command ends when its stdout is a pipe that nobody reads.
fn with_closed_pipe(command: &mut Command) -> (i32, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// How the command ends when its stdout is a full disk.
fn with_full_disk(command: &mut Command) -> (i32, String) {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_read_ends_quietly_when_its_reader_goes_away() {
    let office = Office::with_season();
    for line in READS {
        let ended = with_closed_pipe(&mut office.command(line.split(' ')));
        assert_eq!(ended, (0, String::new()), "{line}");
    }
}

#[test]
fn a_read_that_cannot_be_written_is_a_failure_of_output() {
    let office = Office::with_season();
    for line in READS {
        let (code, stderr) = with_full_disk(&mut office.command(line.split(' ')));
        assert_eq!(code, 3, "{line}");
        assert!(stderr.starts_with("error: the answer could not be written"), "{stderr}");
    }
}

#[test]
fn a_change_whose_answer_cannot_be_written_is_unknown() {
    let office = Office::with_season();
    let import = format!("import {CINEMA}");
    let close = format!("slot close {SLOT} --role organizer");
    for line in [
        "sweep",
        "sweep --json",
        "clock accept",
        "call sweep",
        "init --db other.db",
        "schedule generate --role organizer",
        "schedule drift --mend --role organizer",
        &close,
        &import,
    ] {
        let (code, stderr) = with_full_disk(&mut office.command(line.split(' ')));
        assert_eq!(code, 5, "{line}: {stderr}");
    }
    let (code, _) = with_closed_pipe(&mut office.command(["backup", "copy.db"]));
    assert_eq!(code, 5);
}

#[test]
fn a_dry_run_whose_answer_cannot_be_written_is_a_failure_of_output() {
    let office = Office::with_season();
    let call = |name: &str, request: &str| {
        std::fs::write(office.path(name), request).unwrap();
        format!("call {name} --input {name}")
    };
    for line in [
        format!("import {CINEMA} --dry-run"),
        call("import", &format!(r#"{{"files":["{CINEMA}"],"dry_run":true}}"#)),
        format!("slot cancel {SLOT} --dry-run --role organizer"),
        call(
            "slot_cancel",
            &format!(r#"{{"slot":"{SLOT}","dry_run":true,"caller":{{"role":"organizer"}}}}"#),
        ),
        "schedule generate --dry-run --role organizer".to_owned(),
        "schedule drift --role organizer".to_owned(),
        "call schedule_drift --role organizer".to_owned(),
    ] {
        let (code, stderr) = with_full_disk(&mut office.command(line.split(' ')));
        assert_eq!(code, 3, "{line}: {stderr}");
        let ended = with_closed_pipe(&mut office.command(line.split(' ')));
        assert_eq!(ended, (0, String::new()), "{line}");
    }
}

#[test]
fn a_follower_ends_when_its_reader_leaves_though_nothing_happens() {
    let office = Office::with_season();
    let mut command = office.command(["feed", "--follow", "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("\"change\""), "{line}");
    drop(stdout);
    let (end, ended) = std::sync::mpsc::channel();
    let pid = child.id();
    std::thread::spawn(move || end.send(child.wait().unwrap()));
    let status = ended.recv_timeout(std::time::Duration::from_mins(1));
    if status.is_err() {
        Command::new("kill").arg(pid.to_string()).status().unwrap();
    }
    assert_eq!(status.expect("it went on for nobody").code(), Some(0));
}

#[test]
fn closed_streams_are_no_panic() {
    let office = Office::with_file();
    let (_, writer) = std::io::pipe().unwrap();
    let mut command = office.command(["sweep", "--nowhere", "--json"]);
    let status = command.stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_token_comes_from_a_file_stdin_or_the_environment() {
    let office = Office::with_file();
    std::fs::write(office.path("empty"), "\n").unwrap();
    for file in ["empty", "missing"] {
        let line = format!("confirm 7Q4ZK2MB --token-file {file} --json");
        let error = office.run(&line).error(2, "invalid", "argument");
        assert_eq!(error["details"]["name"], "token_file");
    }
    let mut child = office
        .command(["confirm", "7Q4ZK2MB", "--token-file", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a-token\n").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}
