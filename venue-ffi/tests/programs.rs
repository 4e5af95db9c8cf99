//! C and C++ programs against the header and the library, as a host would build them.

use std::error::Error;
use std::process::Command;

use venue_core::{Engine, NewFile, OpenOptions};

#[path = "c/build.rs"]
mod build;
mod kino;

/// The same source, as C11 and as C++17.
const COMPILERS: [(&str, &[&str]); 2] =
    [("cc", &["-std=c11", "-D_GNU_SOURCE"]), ("c++", &["-std=c++17", "-x", "c++"])];

#[test]
fn the_edge_answers_whatever_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edge.venue");
    Engine::create(&path, &NewFile::default(), &OpenOptions::default()).unwrap();
    for (compiler, arguments) in COMPILERS {
        let program = build::program(compiler, arguments, "edge.c", folder.path());
        assert_eq!(build::run(&program, &[path.to_str().unwrap()]), "the edge holds\n");
    }
}

#[test]
fn c_and_cpp_sell_a_seat_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = kino::kino(folder.path()).unwrap();
    for ((compiler, arguments), seat) in COMPILERS.into_iter().zip(["A-1", "A-2"]) {
        let program = build::program(compiler, arguments, "sale.c", folder.path());
        assert_eq!(build::run(&program, &[path.to_str().unwrap(), seat]), "sold\n");
    }
}

/// Runs a program in both languages, each on a file of its own with the season of the README.
fn on_a_file_of_its_own(source: &str, said: &str) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    for (n, (compiler, arguments)) in COMPILERS.into_iter().enumerate() {
        let own = folder.path().join(n.to_string());
        std::fs::create_dir(&own)?;
        let path = kino::kino(&own)?;
        let program = build::program(compiler, arguments, source, folder.path());
        assert_eq!(build::run(&program, &[path.to_str().ok_or("a path is UTF-8")?]), said);
    }
    Ok(())
}

#[test]
fn the_hot_path_needs_no_json() -> Result<(), Box<dyn Error>> {
    on_a_file_of_its_own("typed.c", "sold\n")
}

#[test]
fn feeds_call_back_once_for_each_change_and_stop_from_everywhere() -> Result<(), Box<dyn Error>> {
    on_a_file_of_its_own("feeds.c", "heard\n")
}

#[test]
fn whatever_is_wrong_with_a_call_is_answered_and_nothing_is_written() -> Result<(), Box<dyn Error>>
{
    on_a_file_of_its_own("misuse.c", "nothing broke\n")
}

#[test]
fn children_of_a_busy_parent_sell_and_are_seen() -> Result<(), Box<dyn Error>> {
    on_a_file_of_its_own("forks.c", "each sold its own\n")
}

#[test]
fn the_readmes_c_holds_two_seats_and_is_refused_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let _ = kino::kino(folder.path()).unwrap();
    let source = folder.path().join("readme.c");
    std::fs::write(&source, kino::between(&kino::readme(), "```c\n", "```")).unwrap();
    let program = build::program("cc", &["-std=c11"], source.to_str().unwrap(), folder.path());
    for (status, word) in [(0, "\"booking\""), (1, "seats_taken")] {
        let output = Command::new(&program).current_dir(folder.path()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.code() == Some(status) && text.contains(word), "{text}");
    }
}
