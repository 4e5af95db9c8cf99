//! A disk that fills up, and sales that go on once there is room: on a small file system of the machine, and in memory.

use std::path::Path;
use std::process::Command;

use venue_core::domain::caller::Caller;
use venue_core::domain::error::Class;
use venue_core::domain::request::{Sell, SlotName, Verb, Wanted};
use venue_core::engine::{Engine, OpenOptions, Request};
use venue_tests::children::{Player, say};
use venue_tests::disk::RamDisk;
use venue_tests::history::{Asked, History, Outcome};
use venue_tests::office::{FILE, import, new_file, options};

/// Bytes of the small file system, and of what fills most of it.
const SPACE: usize = 3 << 20;
const BALLAST: usize = 2 << 20;
/// Sales after which the disk must have been full.
const MOST: usize = 3_000;

/// Asks under a new key, and notes the answer.
fn ask(engine: &Engine, history: &mut History, verb: Verb) -> Outcome {
    let number = history.asked.len();
    let key = format!("the-key-of-a-full-disk-{number:06}");
    let request = Request::new(&Caller::local(), verb).key(key.parse().expect("a name"));
    let outcome = Outcome::of(&engine.call(request.clone()));
    let (began, ended) = (Some(2 * number), 2 * number + 1);
    history.asked.push(Asked {
        request,
        key,
        began,
        ended,
        outcome: outcome.clone(),
        settled: None,
    });
    outcome
}

/// Sells, and gives back, until the disk is full; then makes room and sells on with the same handle.
fn fill(path: &Path, how: &OpenOptions, make_room: impl FnOnce()) -> usize {
    let engine = Engine::open(path, how).expect("an open file");
    let slot: SlotName = "lesung@2026-11-05T18:00".parse().expect("a name");
    let wanted =
        || Wanted::seats(vec!["A-1".parse().expect("a name"), "A-2".parse().expect("a name")]);
    let mut history = History::default();
    let round = |history: &mut History| {
        let sold = ask(&engine, history, Verb::Sell(Sell::new(slot.clone(), wanted())));
        let Outcome::Done(_, Some(booking)) = sold else { return sold };
        let cancel = venue_core::domain::request::Cancel::new(booking);
        ask(&engine, history, Verb::Cancel(cancel))
    };
    let mut sold = 0;
    let told = loop {
        match round(&mut history) {
            Outcome::Done(..) => sold += 1,
            other => break other,
        }
        assert!(sold < MOST, "the disk never was full");
    };
    let full = matches!(told, Outcome::Failed(Class::Storage, "disk_full", _));
    assert!(full, "{told:?} after {sold} sales");
    // It stays full: nothing is sold, and the caller is told so.
    for _ in 0..5 {
        let told = ask(&engine, &mut history, Verb::Sell(Sell::new(slot.clone(), wanted())));
        assert!(!matches!(told, Outcome::Done(..)), "{told:?} on a full disk");
    }
    make_room();
    let free = Wanted::seats(vec!["B-5".parse().expect("a name")]);
    let told = ask(&engine, &mut history, Verb::Sell(Sell::new(slot, free)));
    assert!(matches!(told, Outcome::Done(..)), "NOT RECOVERED: {told:?} although there is room");
    drop(engine);
    history.check_answers(usize::MAX, path, how).expect("every promise");
    sold
}

#[test]
fn a_full_disk_in_memory_refuses_sales_until_there_is_room() {
    let disk = RamDisk::empty();
    make(&disk.path(FILE), &options(&disk));
    disk.bound(Some(SPACE - BALLAST));
    let sold = fill(&disk.path(FILE), &options(&disk), || disk.bound(None));
    println!("{sold} sales until it was full");
}

fn make(path: &Path, how: &OpenOptions) {
    Engine::create(path, &new_file(), how).expect("a file");
    let engine = Engine::open(path, how).expect("an open file");
    import(&engine).expect("an import");
    engine.close();
}

/// In a child whose file system is small: what lies on it is written as on any disk.
pub(super) fn part(folder: &Path) {
    let (path, ballast) = (folder.join(FILE), folder.join("ballast"));
    make(&path, &OpenOptions::default());
    std::fs::write(&ballast, vec![1; BALLAST]).expect("ballast");
    let sold =
        fill(&path, &OpenOptions::default(), || std::fs::remove_file(&ballast).expect("room"));
    say(&format!("{sold} sales until it was full"));
}

/// How a small file system is made that only the child sees: as anybody, else as root.
const WAYS: [&str; 2] = ["-Urm", "-m"];

#[test]
fn a_full_file_system_refuses_sales_until_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let mount = format!("mount -t tmpfs -o size={SPACE} tmpfs \"$0\"");
    for way in WAYS {
        let unshare = |rest: &str| {
            let mut command = Command::new("unshare");
            command.args([way, "sh", "-c", &format!("{mount} && {rest}")]).arg(folder.path());
            command
        };
        if !unshare("true").output().is_ok_and(|output| output.status.success()) {
            continue;
        }
        let mut command = unshare("exec \"$@\"");
        command.arg(std::env::current_exe().expect("a binary"));
        println!("{:?}", Player::run(command, "full", folder.path()).end());
        return;
    }
    // A machine that lets nobody mount anything: the disk in memory is full in the same way.
    println!("no file system could be mounted: the disk in memory stands for it");
    a_full_disk_in_memory_refuses_sales_until_there_is_room();
}
