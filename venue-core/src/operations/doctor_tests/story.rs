//! Whatever the verbs do, the file is sound after every commit.

use crate::domain::caller::{Caller, Role};
use crate::domain::instant::Span;
use crate::domain::request::{
    Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Release, Sell, SlotSwitch, Verb,
    Wanted,
};

use super::assert_sound;
use super::office::{Office, places, seats, slot};

pub(super) fn hold(n: usize, wanted: Wanted) -> Verb {
    Verb::Hold(Hold { slot: slot(n), wanted, ttl: None, buyer: Some("b-1".parse().unwrap()) })
}

pub(super) fn sell(n: usize, wanted: Wanted, payment: Option<&str>) -> Verb {
    let payment = payment.map(|payment| payment.parse().unwrap());
    Verb::Sell(Sell { slot: slot(n), wanted, payment, buyer: None })
}

fn house(wanted: Wanted, kind: HouseKind, lift: bool) -> Verb {
    Verb::House(House { slot: slot(0), wanted, kind, lift })
}

/// Everything that can become of a booking or unit; `after` looks at the file after every command.
pub(super) fn tell(office: &mut Office, after: &dyn Fn(&Office, &str)) {
    let step = |office: &mut Office, verb: Verb| {
        let name = format!("{verb:?}");
        let booking = office.book(verb);
        after(office, &name);
        booking
    };
    // Booking 1 keeps one of its two seats, 2 is of an area, 3 was a hold and was paid by card.
    let first = step(office, sell(0, seats("A-1 A-2"), Some("card:tx-1")));
    step(office, sell(0, places("Stand", 3), None));
    let booking = step(office, hold(0, seats("B-1 B-2")));
    office.wait(Span::from_secs(60));
    step(office, Verb::Extend(Extend { booking }));
    let payment = Some("card:tx-3".parse().unwrap());
    step(office, Verb::Confirm(Confirm { booking, payment }));
    step(office, Verb::Cancel(Cancel { booking: first, line: vec![1], reason: None }));
    // 4 is released, 5 expires by command, 6 by a command about its slot.
    let booking = step(office, hold(0, seats("A-3")));
    step(office, Verb::Release(Release { booking }));
    let booking = step(office, hold(0, places("Box", 2)));
    step(office, hold(0, seats("A-4 B-4")));
    office.wait(Span::from_mins(10));
    step(office, Verb::Expire(Expire { booking }));
    step(office, sell(0, seats("A-4"), None));
    // 8 is cancelled.
    let booking = step(office, sell(0, seats("A-5"), None));
    let reason = Some("rain".parse().unwrap());
    step(office, Verb::Cancel(Cancel { booking, line: vec![], reason }));
    withhold(office, after);
    // 9 was withheld, 10 is not paid, 11 and 12 are held, 13 is due and nobody has written it down.
    let step = |office: &mut Office, caller: &Caller, verb: Verb| {
        let name = format!("{verb:?}");
        let booking = office.book_as(caller, verb);
        after(office, &name);
        booking
    };
    let (staff, buyer) = (Caller::local(), Caller::new(Role::Customer));
    let buyer = buyer.actor("b-1".parse().unwrap());
    step(office, &staff, sell(0, seats("A-6"), None));
    let booking = step(office, &buyer, hold(0, seats("B-6")));
    step(office, &buyer, Verb::Confirm(Confirm { booking, payment: None }));
    step(office, &staff, hold(1, places("Stand", 2)));
    office.wait(Span::from_mins(20));
    step(office, &staff, hold(0, seats("B-5")));
    step(office, &staff, hold(0, places("Stand", 4)));
}

fn withhold(office: &mut Office, after: &dyn Fn(&Office, &str)) {
    let staff = Caller::new(Role::Organizer);
    let switch = || SlotSwitch { slot: slot(1), expected_version: None };
    for verb in [
        house(seats("A-6 A-7"), HouseKind::Hold, false),
        house(seats("A-8"), HouseKind::Kill, false),
        house(places("Stand", 5), HouseKind::Hold, false),
        house(places("Stand", 1), HouseKind::Kill, false),
        house(places("Box", 1), HouseKind::Kill, false),
        house(seats("A-7"), HouseKind::Hold, true),
        house(places("Stand", 2), HouseKind::Hold, true),
        house(places("Box", 1), HouseKind::Kill, true),
        Verb::SlotClose(switch()),
        Verb::SlotOpen(switch()),
    ] {
        let name = format!("{verb:?}");
        office.ask(&staff, verb).unwrap();
        after(office, &name);
    }
    let refused = office.ask(&Caller::new(Role::Public), hold(0, seats("A-6"))).unwrap_err();
    assert_eq!(refused.code(), "seats_taken");
    after(office, "a refusal");
}

#[test]
fn a_file_is_sound_after_every_command() {
    let mut office = Office::new(50);
    assert_sound(&office.path, "new");
    tell(&mut office, &|office, step| assert_sound(&office.path, step));
    let (_folder, path) = office.close();
    assert_sound(&path, "closed");
}

#[test]
fn doctor_changes_no_byte() {
    let mut office = Office::new(50);
    tell(&mut office, &|_, _| {});
    let (_folder, path) = office.close();
    let before = std::fs::read(&path).unwrap();
    let said = super::doctor(&path);
    assert!(said.ok && said.sequence > 20 && said.chain.len() == 64);
    assert!(before == std::fs::read(&path).unwrap());
}

#[test]
fn progress_is_told() {
    use crate::store::boundary::Read as _;
    let mut office = Office::new(50);
    tell(&mut office, &|_, _| {});
    let (_folder, path) = office.close();
    let access = crate::store::sqlite::Access::default();
    let (readers, _) = crate::store::sqlite::open_to_read(&path, &access).unwrap();
    let mut told = Vec::new();
    readers
        .read(&mut |view| {
            let mut note = |what: &str, done, of| told.push((what.to_owned(), done, of));
            assert!(super::diagnose(view, &[], &mut note).unwrap().ok);
        })
        .unwrap();
    assert!(told.contains(&("bookings".to_owned(), 13, 13)), "{told:?}");
}
