//! C and C++ programs against the header and the library, as a host would build them.

use venue_core::engine::{Engine, NewFile, OpenOptions};

#[path = "c/build.rs"]
mod build;

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
