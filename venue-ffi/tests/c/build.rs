//! Compiles C and C++ programs against the header and the built library.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The shared library that was built before the tests.
pub fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let built = test.parent().expect("it lies in a folder");
    [built, built.parent().unwrap_or(built)]
        .iter()
        .map(|folder| folder.join("libvenue.so"))
        .find(|library| library.is_file())
        .expect("libvenue.so was built before the tests")
}

/// Compiles a program with every warning as an error, and links it with the shared library.
pub fn program(compiler: &str, arguments: &[&str], source: &str, folder: &Path) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Under the name that programs look for: the one that ends with the ABI's number.
    let named = folder.join("libvenue.so.1");
    if !named.exists() {
        std::os::unix::fs::symlink(library(), &named).expect("a link can be made");
    }
    let name = Path::new(source).file_stem().unwrap_or_default().to_string_lossy();
    let built = folder.join(format!("{name}-{compiler}"));
    let output = Command::new(compiler)
        .args(arguments)
        .args(["-Wall", "-Wextra", "-Werror", "-pthread", "-I"])
        .arg(package.join("include"))
        .arg(package.join("tests/c").join(source))
        .args(["-x", "none"])
        .arg(&named)
        .arg(format!("-Wl,-rpath,{}", folder.display()))
        .arg("-o")
        .arg(&built)
        .output()
        .expect("a C compiler runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    built
}

/// Runs a program and gives what it printed; fails with what it complained of.
pub fn run(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("the program runs");
    assert!(
        output.status.success(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
