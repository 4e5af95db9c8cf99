//! The committed header is what the sources say, and nothing but `venue_*` is exported.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use venue_core::domain::error::CATALOGUE;

#[path = "c/build.rs"]
mod build;

/// How to bring the committed header up to date.
const RENEW: &str = "VENUE_WRITE_HEADER=1 cargo test -p venue-ffi --test header";

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The statuses of the catalogue, as a C enumeration.
fn statuses() -> String {
    let mut text = String::from(
        "/**\n * The statuses of the engine, by class and number. Numbers are never used again.\n */\nenum {\n",
    );
    for entry in CATALOGUE {
        let name = entry.code.to_uppercase();
        let _ = writeln!(text, "  VENUE_{name} = {}, /* {} */", entry.number, entry.advice);
    }
    text.push_str("};\n");
    text
}

fn generated() -> String {
    let config = cbindgen::Config::from_file(package().join("cbindgen.toml")).expect("it is there");
    let mut builder = cbindgen::Builder::new().with_config(config).with_after_include(statuses());
    // It follows the modules from there: naming them too declares everything twice.
    builder = builder.with_src(package().join("src/lib.rs"));
    let mut header = Vec::new();
    builder.generate().expect("the sources can be read").write(&mut header);
    String::from_utf8(header).expect("headers are text")
}

#[test]
fn the_committed_header_is_what_the_sources_say() {
    let path = package().join("include/venue.h");
    let generated = generated();
    if std::env::var_os("VENUE_WRITE_HEADER").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "include/venue.h is out of date: {RENEW}");
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let header = std::fs::read_to_string(package().join("include/venue.h")).unwrap();
    let mut declared: Vec<String> = header
        .lines()
        .filter(|line| !line.starts_with([' ', '/', '#']))
        .filter_map(|line| line.split_once('(').map(|(before, _)| before))
        .filter_map(|before| before.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("venue_"))
        .map(str::to_owned)
        .collect();
    declared.sort();
    assert_eq!(exported(), declared);
    assert!(declared.iter().any(|name| name == "venue_hold_seats"), "{declared:?}");
}

/// What the shared library exports, sorted.
fn exported() -> Vec<String> {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(build::library()).output();
    let output = output.expect("nm runs: it comes with every C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = text.lines().filter_map(|line| line.split(' ').next_back());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}
