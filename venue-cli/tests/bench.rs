//! `bench` over several processes: copies of the program itself on one file.

use assert_cmd::Command;
use venue_core::domain::bench_done::BenchDone;

#[test]
fn several_processes_sell_the_last_places_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("venue.db");
    let mut venue = Command::new(env!("CARGO_BIN_EXE_venue"));
    venue.arg("--db").arg(&db).args(["bench", "--json", "--processes", "3", "--callers", "7"]);
    let done =
        venue.args(["--seconds", "1", "--capacity", "41", "--slots", "2"]).assert().success();
    let line: serde_json::Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    let data = &line["data"];
    serde_json::from_value::<BenchDone>(data.clone()).expect("what the schema says");
    assert_eq!((&data["processes"], &data["callers"]), (&3.into(), &7.into()), "{line}");
    assert_eq!((&data["offered"], &data["sold"]), (&82.into(), &80.into()), "{line}");
    assert_eq!(data["oversold"], 0, "{line}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
