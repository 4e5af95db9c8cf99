//! The demo, small and whole: ten places are sold to ten callers, and the file is sound.

use super::{Options, run};

fn options(folder: &std::path::Path) -> Options {
    Options { db: Some(folder.join("demo.db")), callers: 30, quiet: true, ..Options::default() }
}

#[test]
fn ten_of_thirty_get_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let (mut out, mut talk) = (vec![], vec![]);
    assert!(run(&options(folder.path()), &mut out, &mut talk).unwrap());
    let text = String::from_utf8(out).unwrap();
    for wanted in [
        "FIELD / STAGE",
        "Ben wants the same two: seats_taken",
        "the same answer, nothing sold twice",
        "Cleo pays too late: hold_expired",
        "10 standing places are left, and 30 callers want one",
        "10 callers got a place",
        "0 of 248 free",
        "One more asks when all is paid: sold_out",
        "oversold   0\n",
        "doctor     sound",
        "slot map heimspiele-2027-28@202",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(talk.is_empty() && !text.contains('\u{1b}'));
    // The file stays, and nothing else but what belongs to it.
    let names = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name());
    assert!(names.into_iter().all(|name| name.to_string_lossy().starts_with("demo.db")));
}

#[test]
fn programs_get_the_object_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { json: true, ..options(folder.path()) };
    let mut out = vec![];
    assert!(run(&options, &mut out, &mut vec![]).unwrap());
    let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let data = &line["data"];
    assert_eq!((&line["type"], &data["verb"]), (&"bench".into(), &"hold_confirm".into()));
    assert_eq!((&data["offered"], &data["sold"]), (&10.into(), &10.into()));
    assert_eq!((&data["refused"], &data["oversold"]), (&20.into(), &0.into()));
}

#[test]
fn what_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    std::fs::write(folder.path().join("demo.db"), b"mine").unwrap();
    let error = run(&options, &mut vec![], &mut vec![]).unwrap_err();
    assert_eq!(error.code(), "target_exists");
    assert_eq!(std::fs::read(folder.path().join("demo.db")).unwrap(), b"mine");
}
