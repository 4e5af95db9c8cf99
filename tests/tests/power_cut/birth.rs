//! Power cuts while a file is made, while a season is imported into it, and while its first commands are answered.

use super::*;
use venue_core::domain::caller::Caller;
use venue_core::domain::query::{Query, SlotList};
use venue_core::domain::view::Answer;
use venue_core::engine::Engine;
use venue_tests::history::check_file;
use venue_tests::office::{import, new_file};

/// When what was done.
struct Marks {
    made: usize,
    imported: usize,
    slots: usize,
}

#[test]
fn a_new_file_is_whole_or_absent_after_a_power_cut_and_an_import_is_too() {
    let (seed, images) = begin(true);
    let mut dice = Dice::new(seed);
    let disk = RamDisk::empty();
    Engine::create(disk.path(FILE), &new_file(), &options(&disk)).unwrap();
    let made = disk.instant();
    let engine = Engine::open(disk.path(FILE), &options(&disk)).unwrap();
    import(&engine).unwrap();
    let marks = Marks { made, imported: disk.instant(), slots: slots(&engine) };
    drop(engine);
    let mut office = Office::on(disk, "birth", 1);
    for _ in 0..10 {
        office.ask(&mut dice, &[]);
    }
    office.engines.clear();
    let mut replay = Replay::of(&office.disk, &Image::default());
    let mut found = [0; 3];
    for instant in instants(&replay, images, &mut dice) {
        replay.play_to(instant);
        let mode = *dice.one_of(&Mode::ALL);
        let image = replay.image(mode, &mut dice);
        match check(&office, &marks, instant, image) {
            Ok(stage) => found[stage] += 1,
            Err(wrong) => panic!("VENUE_SEED={seed}, at {instant}, {mode:?}: {wrong}"),
        }
    }
    println!(
        "{images} images: no file in {}, empty in {}, with its season in {}",
        found[0], found[1], found[2]
    );
    assert!(
        images < 300 || found.iter().all(|stage| *stage > 0),
        "{found:?}: not every stage was seen"
    );
}

/// Checks an image; 0 if there was no file, 1 if it was empty, 2 if it had its season.
fn check(office: &Office, marks: &Marks, instant: usize, image: Image) -> Result<usize, String> {
    let was_there = image.content(FILE).is_some();
    if !was_there && instant >= marks.made {
        return Err("LOST: the file was made and is not there".to_owned());
    }
    let disk = RamDisk::of(image);
    let path = disk.path(FILE);
    // Whatever an interrupted call left, the next one makes the file or finds it.
    Engine::create(&path, &new_file(), &options(&disk))
        .map_err(|error| format!("HALF MADE: {error}"))?;
    let engine =
        Engine::open(&path, &options(&disk)).map_err(|error| format!("NOT OPENED: {error}"))?;
    let slots = slots(&engine);
    drop(engine);
    check_file(&path, &options(&disk))?;
    match slots {
        0 if instant >= marks.imported => Err("LOST: the season".to_owned()),
        0 => Ok(usize::from(was_there)),
        all if all == marks.slots => {
            office.history.check_keys(instant, &look(&disk, FILE)?)?;
            office.history.check_answers(instant, &path, &options(&disk))?;
            Ok(2)
        }
        _ => Err(format!("TORN: {slots} of {} slots were imported", marks.slots)),
    }
}

/// The slots of a file; none where there is no organizer yet.
fn slots(engine: &Engine) -> usize {
    let list = Query::SlotList(SlotList { limit: Some(100), ..SlotList::default() });
    match engine.query(&Caller::local(), &list) {
        Ok(Answer::SlotList(page)) => page.items.len(),
        _ => 0,
    }
}
