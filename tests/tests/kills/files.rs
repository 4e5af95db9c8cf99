//! Killed while a file is made, or while a season is imported into one.

use std::time::Instant;

use venue_core::domain::caller::Caller;
use venue_core::domain::query::{Query, SlotList};
use venue_core::domain::view::Answer;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};
use venue_tests::fixture::{FIRST_DAY, at, data};
use venue_tests::stage;

use super::parts::Task;
use super::strike::Moment;
use super::{Original, dice, kills, names, open_whole};

/// After the kill of one of those who make it, a file is whole or absent, and whoever makes it then does.
#[test]
fn a_file_whose_maker_is_killed_is_whole_or_absent() {
    let (wanted, mut dice) = (kills(8), dice("making"));
    let (mut killed, mut absent) = (0, 0);
    while killed < wanted {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("venue.db");
        let mut makers: Vec<_> = (0..=dice.below(2)).map(|_| Task::ready("makes", &path)).collect();
        let begun = Instant::now();
        for maker in &mut makers {
            Task::default().give(maker);
        }
        let moment = Moment::any(&mut dice, 15, &[".venue-tmp-", "-secret", "-lock"]);
        killed += u64::from(moment.strike(makers.remove(0), folder.path(), begun));
        // A second one makes it, whatever the first left.
        let others = makers.len();
        for maker in makers {
            assert_eq!(maker.end(), ["done"]);
        }
        let there = path.exists();
        assert!(there || others == 0, "who was not killed has made no file");
        absent += u64::from(!there);
        if there {
            drop(open_whole(&path));
        }
        let new = NewFile::default().test_clock(Some(at(FIRST_DAY)));
        Engine::create(&path, &new, &OpenOptions::default()).expect("a file after a kill");
        open_whole(&path)
            .import(
                &Caller::local(),
                &[stage::season()],
                &ImportOptions::default(),
                &mut |_, _, _| {},
            )
            .expect("an import");
        if !there {
            assert_eq!(names(folder.path(), ".venue-tmp-"), Vec::<String>::new(), "swept");
        }
    }
    println!("{killed} makers of a file killed: {absent} times there was none, else it was whole");
}

/// How many slots the imported organizer has; none, if there is no such organizer.
fn slots(engine: &Engine) -> usize {
    let organizer = Caller::local().organizer("thc".parse().expect("a slug"));
    let list = SlotList { limit: Some(1_000), ..SlotList::default() };
    match engine.query(&organizer, &Query::SlotList(list)) {
        Ok(Answer::SlotList(page)) => {
            assert!(page.next.is_none(), "more slots than one page");
            page.items.len()
        }
        Err(error) if error.code() == "not_found" => 0,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_import_that_is_killed_has_happened_or_not() {
    let (wanted, mut dice) = (kills(6), dice("importing"));
    let original = Original::make();
    let import = |engine: &Engine| {
        let files = [data("arena-season.toml")];
        engine
            .import(&Caller::local(), &files, &ImportOptions::default(), &mut |_, _, _| {})
            .expect("an import")
    };
    let (all, lasts) = {
        let (_folder, path) = original.copy();
        let engine = open_whole(&path);
        assert_eq!(slots(&engine), 0);
        let begun = Instant::now();
        import(&engine);
        (slots(&engine), begun.elapsed().as_millis())
    };
    assert!(all > 0);
    // Now and then it is done before the kill.
    let most = u64::try_from(lasts).unwrap_or(0) * 2 + 50;
    let (mut killed, mut done) = (0, 0);
    while killed < wanted {
        let (folder, path) = original.copy();
        let mut player = Task::ready("imports", &path);
        let begun = Instant::now();
        let task = Task { file: data("arena-season.toml"), ..Task::default() };
        task.give(&mut player);
        killed += u64::from(Moment::any(&mut dice, most, &[]).strike(player, folder.path(), begun));
        let engine = open_whole(&path);
        let found = slots(&engine);
        assert!(found == 0 || found == all, "{found} slots of {all} after a kill");
        done += u64::from(found == all);
        import(&engine);
        assert_eq!(slots(&engine), all);
        drop(engine);
        drop(open_whole(&path));
    }
    println!("{killed} importers killed: {done} times it was done, else nothing was");
}
