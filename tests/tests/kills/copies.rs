//! Killed while backing up and while restoring.

use std::path::Path;
use std::time::Instant;

use venue_core::canary::Canary;
use venue_core::domain::caller::Caller;
use venue_core::domain::view::ChangeView;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::canaries::assert_found;
use venue_tests::dice::Dice;
use venue_tests::oracle::feed as all_changes;
use venue_tests::stage::any_verb;

use super::parts::Task;
use super::strike::{Moment, micros};
use super::truth::Testament;
use super::{Original, dice, feed, kills, names, open_whole};

#[test]
fn a_backup_that_has_its_name_is_whole_whenever_its_maker_is_killed() {
    let (wanted, mut dice) = (kills(8), dice("backing up"));
    let original = Original::make();
    let (mut killed, mut whole) = (0, 0);
    while killed < wanted {
        let (folder, path) = original.copy();
        let copies = tempfile::tempdir().expect("a folder");
        let seller = Task {
            folder: folder.path().to_path_buf(),
            name: "seller".to_owned(),
            seed: dice.bits(),
            threads: 2,
            calls: 200,
            ..Task::default()
        };
        let copier = Task { folder: copies.path().to_path_buf(), calls: 50, ..Task::default() };
        let mut players = [Task::ready("sells", &path), Task::ready("backs_up", &path)];
        let begun = Instant::now();
        seller.give(&mut players[0]);
        copier.give(&mut players[1]);
        let [selling, copying] = players;
        let moment = Moment::any(&mut dice, 50, &[".venue-tmp-", "copy-1"]);
        killed += u64::from(moment.strike(copying, copies.path(), begun));
        killed += u64::from(selling.kill());
        let engine = open_whole(&path);
        let _ = Testament::read(&[seller.log(0), seller.log(1)]).prove(&engine);
        let changes = all_changes(&engine);
        whole += assert_beginnings(copies.path(), &changes);
        // What lies about of the dead is in nobody's way.
        engine.backup(copies.path().join("last")).expect("a backup after a kill");
        assert_eq!(feed(&copies.path().join("last")), changes);
    }
    println!("{killed} who back up or sell killed: {whole} backups, all whole");
}

/// Every backup holds what the file held at one instant.
fn assert_beginnings(copies: &Path, changes: &[ChangeView]) -> u64 {
    let named = |name: &String| name.starts_with("copy-") && !name.contains('.');
    let whole: Vec<String> = names(copies, "copy-").into_iter().filter(named).collect();
    for name in &whole {
        let path = copies.join(name);
        drop(open_whole(&path));
        let held = feed(&path);
        assert_eq!(held, changes[..held.len()], "{name} is no beginning of the file");
    }
    whole.len() as u64
}

/// Sells something; leaves the file closed, or as one that was killed leaves it.
fn sell(path: &Path, dice: &mut Dice) -> Vec<ChangeView> {
    let engine = open_whole(path);
    let before = all_changes(&engine).len();
    while all_changes(&engine).len() < before + 3 {
        let _ = engine.call(venue_core::Request::new(&Caller::local(), any_verb(dice, &[])));
    }
    all_changes(&engine)
}

/// After a kill the name leads to the old file or to the backup's copy, whole; never to half of one, never to none.
#[test]
fn a_restore_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let (wanted, mut dice) = (kills(8), dice("restoring"));
    let original = Original::make();
    let (mut killed, mut restored) = (0, 0);
    while killed < wanted {
        let (folder, path) = original.copy();
        let kept = sell(&path, &mut dice);
        let backup = folder.path().join("backup");
        Engine::backup_file(&path, &backup, &OpenOptions::default()).expect("a backup");
        // A process that is killed leaves a log with commits in it, one that ends does not.
        let mut seller = Task::ready("sells", &path);
        let task = Task {
            folder: folder.path().to_path_buf(),
            name: "seller".to_owned(),
            seed: dice.bits(),
            threads: 2,
            calls: 1 + dice.bits() % 8,
            ..Task::default()
        };
        task.give(&mut seller);
        if dice.percent(50) {
            assert_eq!(seller.end(), ["done"]);
        } else {
            let moment = Moment::Seen("told-seller-1", micros(&mut dice, 20_000));
            killed += u64::from(moment.strike(seller, folder.path(), Instant::now()));
        }
        let epoch = epoch(&path);
        let mut player = Task::ready("restores", &path);
        let begun = Instant::now();
        Task { file: backup.clone(), ..Task::default() }.give(&mut player);
        let moment = Moment::any(&mut dice, 50, &[".venue-tmp-", ".before-restore"]);
        killed += u64::from(moment.strike(player, folder.path(), begun));
        let testament = Testament::read(&[task.log(0), task.log(1)]);
        restored += u64::from(assert_old_or_new(&path, epoch, &kept, testament));
    }
    println!(
        "{killed} who restore killed: {restored} times the file was the new one, else the old one"
    );
}

fn epoch(path: &Path) -> i64 {
    Engine::info(path, &OpenOptions::default()).expect("what the file is").epoch
}

/// True if it is the new one.
fn assert_old_or_new(path: &Path, old: i64, kept: &[ChangeView], sold: Testament) -> bool {
    assert!(path.exists(), "neither the old file nor the new one is there after a kill");
    let engine = open_whole(path);
    let is_new = epoch(path) != old;
    if !is_new {
        let _ = sold.prove(&engine);
        return false;
    }
    // Cursors are of the new epoch; everything else is as it was.
    let story = |changes: &[ChangeView]| -> Vec<_> {
        changes.iter().map(|it| (it.sequence, it.at, it.kind.clone(), it.booking.clone())).collect()
    };
    assert_eq!(story(&all_changes(&engine)), story(kept), "the new file is the backup's copy");
    let before = path.with_file_name("venue.db.before-restore");
    // Whoever goes back to the old file gives it the secret, without which tokens cannot be rebuilt.
    let secret = before.with_file_name("venue.db.before-restore-secret");
    std::fs::copy(path.with_file_name("venue.db-secret"), secret).expect("a secret");
    let _ = sold.prove(&open_whole(&before));
    true
}

#[test]
fn a_restore_that_leaves_no_file_for_a_while_is_found() {
    let rig = "copies::a_restore_that_is_killed_leaves_the_old_file_or_the_new_one";
    let promise = "neither the old file nor the new one is there after a kill";
    assert_found(Canary::GapAtRestore, rig, &[("VENUE_KILLS", "1000")], promise);
}
