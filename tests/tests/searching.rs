//! The search index of many events, as SQLite keeps it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use rusqlite::Connection;
use venue_core::domain::caller::{Caller, Role};
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};
use venue_tests::dice::Dice;

/// A season of events whose descriptions are words of letters as they fall.
fn season(dice: &mut Dice, first: usize, events: usize) -> String {
    let mut text = String::from(
        "[organizer]\nslug = \"o\"\nname = \"O\"\ncurrency = \"EUR\"\n\
         [[venue]]\nslug = \"v\"\nname = \"V\"\ntime_zone = \"Europe/Berlin\"\n\
         [[venue.hall]]\nslug = \"h\"\nname = \"H\"\n\
         [[venue.hall.area]]\nname = \"Floor\"\ncapacity = 10\ncategory = \"Floor\"\n",
    );
    for n in first..first + events {
        let letters: Vec<char> =
            (0..1_200).map(|_| char::from(*dice.one_of(b"abcdefghijklmnopqrstuvwxyz"))).collect();
        let words: Vec<String> = letters.chunks(12).map(|word| word.iter().collect()).collect();
        let _ = write!(
            text,
            "[[event]]\nslug = \"e-{n}\"\ntitle = \"E {n}\"\nhall = \"v/h\"\nduration = \"1h\"\n\
             description = \"{}\"\nprices = {{ \"Floor\" = \"1.00\" }}\n",
            words.join(" ")
        );
    }
    text
}

/// Words of the index that lead to pages which a merge that goes on later has already taken away.
fn left_by_a_merge(connection: &Connection) -> i64 {
    let sql = "SELECT count(*) FROM event_gram_idx i WHERE NOT EXISTS (SELECT 1 FROM event_gram_data d \
               WHERE d.id = i.segid * 137438953472 + i.pgno / 2)";
    connection.query_one(sql, [], |row| row.get(0)).unwrap()
}

/// SQLite merges the index bit by bit, with each write: between two of them it is half done, and sound.
#[test]
fn an_index_whose_merge_is_half_done_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file) = (folder.path().join("venue.db"), folder.path().join("season.toml"));
    let options = OpenOptions::default();
    Engine::create(&path, &NewFile::default(), &options).unwrap();
    let (mut dice, mut half_done) = (Dice::new(1), 0);
    for import in 0..5 {
        let engine = Engine::open(&path, &options).unwrap();
        std::fs::write(&file, season(&mut dice, import * 40, 40)).unwrap();
        let (caller, how) = (Caller::new(Role::Admin), ImportOptions::default());
        engine.import(&caller, std::slice::from_ref(&file), &how, &mut |_, _, _| {}).unwrap();
        engine.close();
        half_done += left_by_a_merge(&Connection::open(&path).unwrap());
        let said = Engine::doctor(&path, &options, &mut |_, _, _| {}).unwrap();
        assert!(said.ok, "after import {import}: {said:#?}");
    }
    assert!(half_done > 0, "no merge was ever half done: nothing is proved");
}
