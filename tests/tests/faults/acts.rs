//! The scenarios: what is done while the disk fails.

use std::sync::Arc;

use super::*;
use venue_core::domain::caller::Caller;
use venue_core::domain::request::{Cancel, Confirm, Hold, Sell, Verb, Wanted};
use venue_core::engine::{Engine, Request};
use venue_tests::disk::RamDisk;
use venue_tests::history::Outcome;
use venue_tests::office::{import, new_file};

const COPY: &str = "backup.db";

fn seats(names: &[&str]) -> Wanted {
    Wanted::seats(names.iter().map(|name| name.parse().expect("a name")).collect())
}

fn slot() -> venue_core::domain::request::SlotName {
    "konzert@2026-11-03T20:00".parse().expect("a name")
}

fn request(verb: Verb) -> Request {
    Request::new(&Caller::local(), verb)
}

fn hold(names: &[&str]) -> Request {
    request(Verb::Hold(Hold::new(slot(), seats(names))))
}

fn sell(names: &[&str]) -> Request {
    request(Verb::Sell(Sell::new(slot(), seats(names))))
}

fn done(office: &mut Office, request: Request) {
    let outcome = office.put(request);
    assert!(matches!(outcome, Outcome::Done(..)), "{outcome:?}");
}

/// An office with a hold and a sale, its handle closed.
fn closed() -> Office {
    let mut office = Office::open("faults", 1);
    done(&mut office, hold(&["A-1", "A-2"]));
    done(&mut office, sell(&["B-1", "B-2", "B-3"]));
    office.engines.clear();
    office
}

/// An office that was killed: what was sold lies in the log.
fn killed() -> Office {
    let mut office = closed();
    let engine = office.handle().expect("an open file");
    office.engines.push(engine);
    done(&mut office, sell(&["B-4"]));
    done(&mut office, hold(&["A-3"]));
    let image = office.disk.image();
    office.resumed(&image, 0)
}

/// An office whose log is due to be copied into the file.
fn long_log() -> Office {
    let mut office = killed();
    let connection = office.disk.connect(FILE).expect("a connection");
    for _ in 0..1_030 {
        connection.execute("UPDATE meta SET fence = fence + 1", []).expect("a commit");
    }
    let image = office.disk.image();
    drop(connection);
    office = office.resumed(&image, 0);
    office
}

#[test]
fn making_a_file_survives_every_fault() {
    sweep(&Scenario {
        handles: 0,
        prepare: || Office::on(RamDisk::empty(), "faults", 0),
        act: |office| drop(create(office)),
        after: |office| {
            create(office)?;
            let engine = office.handle().map_err(|error| format!("NOT OPENED: {error}"))?;
            import(&engine).map_err(|error| format!("NOT RECOVERED: {error}"))?;
            office.engines.push(engine);
            goes_on(office)
        },
    });
}

fn create(office: &Office) -> Result<(), String> {
    Engine::create(office.disk.path(FILE), &new_file(), &options(&office.disk))
        .map(|_| ())
        .map_err(|error| format!("NOT RECOVERED: {error}"))
}

#[test]
fn opening_after_a_kill_survives_every_fault() {
    sweep(&Scenario {
        handles: 0,
        prepare: killed,
        act: |office| {
            if let Ok(engine) = office.handle() {
                office.engines.push(engine);
            }
        },
        after: goes_on,
    });
}

#[test]
fn the_first_hold_after_opening_survives_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: closed,
        act: |office| drop(office.put(hold(&["A-5", "A-6"]))),
        after: goes_on,
    });
}

#[test]
fn a_sale_survives_every_fault() {
    sweep(&Scenario {
        handles: 2,
        prepare: killed,
        act: |office| drop(office.put(sell(&["A-5", "A-6"]))),
        after: goes_on,
    });
}

#[test]
fn a_refusal_that_is_stored_is_never_answered_as_failed() {
    let refusal = Scenario {
        handles: 1,
        prepare: killed,
        // The seat is sold. The file's clock stands still: all that is written is the answer under its key.
        act: |office| drop(office.put(sell(&["B-1"]))),
        after: goes_on,
    };
    let prepared = killed();
    let image = prepared.disk.image();
    let mut struck = 0;
    for nth in 1..=12 {
        let fault = Fault::once(Kind::Look, nth);
        let met = pass(&refusal, &prepared, &image, fault, false);
        struck += usize::from(met.unwrap_or_else(|wrong| panic!("{fault:?}: {wrong}")));
    }
    assert!(struck > 2, "{struck} faults");
}

#[test]
fn a_confirmation_with_its_tickets_and_a_cancellation_survive_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: killed,
        act: |office| {
            let (held, sold) = (office.made()[0], office.made()[1]);
            office.put(request(Verb::Confirm(Confirm { booking: held.into(), payment: None })));
            let cancel = Cancel { booking: sold.into(), line: Vec::new(), reason: None };
            office.put(request(Verb::Cancel(cancel)));
        },
        after: goes_on,
    });
}

#[test]
fn a_checkpoint_after_a_sale_survives_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: long_log,
        act: |office| drop(office.put(sell(&["A-5"]))),
        after: goes_on,
    });
}

#[test]
fn closing_and_opening_again_survive_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: killed,
        act: |office| {
            office.put(sell(&["A-5"]));
            office.engines.clear();
            if let Ok(engine) = office.handle() {
                office.engines.push(engine);
            }
        },
        after: goes_on,
    });
}

#[test]
fn an_import_survives_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: || {
            let office = Office::on(RamDisk::empty(), "faults", 0);
            create(&office).expect("a file");
            office
        },
        act: |office| drop(import(&office.engines[0])),
        after: |office| {
            import(&office.engines[0]).map_err(|error| format!("NOT RECOVERED: {error}"))?;
            goes_on(office)
        },
    });
}

#[test]
fn a_backup_survives_every_fault() {
    sweep(&Scenario {
        handles: 1,
        prepare: killed,
        act: |office| drop(office.engines[0].backup(office.disk.path(COPY))),
        after: |office| {
            // Half a backup has no name; one that has it is whole.
            if office.disk.image().content(COPY).is_some() {
                office.history.check_keys(usize::MAX, &look(&office.disk, COPY)?)?;
                check_file(&office.disk.path(COPY), &options(&office.disk))?;
            }
            goes_on(office)?;
            let again = office.engines[0].backup(office.disk.path("again.db"));
            again.map(|_| ()).map_err(|error| format!("NOT RECOVERED: {error}"))
        },
    });
}

#[test]
fn a_restore_survives_every_fault() {
    sweep(&Scenario {
        handles: 0,
        prepare: || {
            let mut office = closed();
            let engine = office.handle().expect("an open file");
            engine.backup(office.disk.path(COPY)).expect("every promise");
            office.engines.push(engine);
            done(&mut office, sell(&["A-5"]));
            let image = office.disk.image();
            office.resumed(&image, 0)
        },
        act: |office| drop(restore(office)),
        after: |office| {
            let disk = Arc::clone(&office.disk);
            let copied = look(&disk, COPY)?;
            let keys = look(&disk, FILE)?;
            if keys == copied {
                // The new one: what it took the place of is still there.
                office.history.check_keys(usize::MAX, &look(&disk, "venue.db.before-restore")?)?;
            } else {
                goes_on(office)?;
                office.engines.clear();
                restore(office)?;
            }
            check_file(&disk.path(FILE), &options(&disk))?;
            if look(&disk, FILE)? != copied {
                return Err("LOST: what the backup held".to_owned());
            }
            office.history.asked.retain(|asked| copied.contains(&asked.key));
            Ok(())
        },
    });
}

fn restore(office: &Office) -> Result<(), String> {
    let disk = &office.disk;
    Engine::restore(disk.path(COPY), disk.path(FILE), &options(disk))
        .map(|_| ())
        .map_err(|error| format!("NOT RECOVERED: {error}"))
}
