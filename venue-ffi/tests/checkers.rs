//! The C programs once more, with a checker of memory beside them: AddressSanitizer with LeakSanitizer, and valgrind. Each
//! has to find the mistakes of `c/planted.c` first, or it is not on.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[path = "c/build.rs"]
mod build;
#[path = "kino/mod.rs"]
mod kino;

/// A mistake of `c/planted.c`, and what each checker says of it.
const MISTAKES: [(&str, &str, &str); 4] = [
    ("leak", "LeakSanitizer: detected memory leaks", "definitely lost"),
    ("overflow", "heap-buffer-overflow", "Invalid read of size 1"),
    ("after_free", "heap-use-after-free", "Invalid read of size 1"),
    ("twice", "double-free", "Invalid free()"),
];

/// Programs that make none. Valgrind takes seconds for each, so each is a test of its own there, beside the others.
macro_rules! programs {
    ($($name:ident)*) => {
        const PROGRAMS: &[&str] = &[$(concat!(stringify!($name), ".c")),*];

        mod valgrind_finds_nothing_in {
            $(
                #[test]
                fn $name() -> Result<(), Box<dyn std::error::Error>> {
                    super::finds_nothing_in(super::Checker::Valgrind, concat!(stringify!($name), ".c"))
                }
            )*
        }
    };
}
programs! { edge typed feeds misuse forks }

#[derive(Debug, Clone, Copy)]
enum Checker {
    Sanitizer,
    Valgrind,
}

impl Checker {
    fn build(self, source: &str, folder: &Path) -> PathBuf {
        let sanitized = ["-fsanitize=address", "-fno-omit-frame-pointer"];
        let mut arguments = vec!["-std=c11", "-D_GNU_SOURCE", "-g", "-O1"];
        match self {
            Self::Sanitizer => arguments.extend(sanitized),
            Self::Valgrind => {}
        }
        build::program("cc", &arguments, source, folder)
    }

    fn run(self, program: &Path, arguments: &[&str]) -> Output {
        let mut command = match self {
            Self::Sanitizer => {
                let mut command = Command::new(program);
                command.env("ASAN_OPTIONS", "detect_leaks=1:exitcode=99");
                command
            }
            Self::Valgrind => {
                let mut command = Command::new("valgrind");
                command
                    .args(["--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite"])
                    .args(["--show-leak-kinds=definite", "--error-exitcode=99"])
                    .args(["--fair-sched=yes", "--trace-children=no", "--num-callers=30"])
                    .arg(program);
                command
            }
        };
        command.args(arguments).output().expect(
            "the checker runs: cc needs its libasan, and valgrind is a package of that name",
        )
    }
}

fn on_its_own_file(
    checker: Checker,
    program: &Path,
    argument: Option<&str>,
) -> Result<Output, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = kino::kino(folder.path())?;
    let mut arguments = vec![path.to_str().ok_or("a path is UTF-8")?];
    arguments.extend(argument);
    Ok(checker.run(program, &arguments))
}

fn finds_what_was_planted(checker: Checker) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let program = checker.build("planted.c", folder.path());
    for (mistake, sanitizer, valgrind) in MISTAKES {
        let output = on_its_own_file(checker, &program, Some(mistake))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let wanted = match checker {
            Checker::Sanitizer => sanitizer,
            Checker::Valgrind => valgrind,
        };
        assert!(said.contains(wanted), "{checker:?} is not on: {mistake}: {said}");
        assert_eq!(output.status.code(), Some(99), "{mistake}: {said}");
    }
    let output = on_its_own_file(checker, &program, Some("none"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    Ok(())
}

fn finds_nothing_in(checker: Checker, source: &str) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let program = checker.build(source, folder.path());
    let output = on_its_own_file(checker, &program, None)?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{checker:?}: {source}: {said}");
    Ok(())
}

#[test]
fn the_sanitizers_find_what_was_planted() -> Result<(), Box<dyn Error>> {
    finds_what_was_planted(Checker::Sanitizer)
}

#[test]
fn the_sanitizers_find_nothing_else() -> Result<(), Box<dyn Error>> {
    PROGRAMS.iter().try_for_each(|source| finds_nothing_in(Checker::Sanitizer, source))
}

#[test]
fn valgrind_finds_what_was_planted() -> Result<(), Box<dyn Error>> {
    finds_what_was_planted(Checker::Valgrind)
}

/// What `cycles.c` printed.
fn cycles(cycles: &str) -> Result<[i64; 4], Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    // In memory where that can be: what a disk takes to sync is of no interest here.
    let memory = Some(Path::new("/dev/shm")).filter(|memory| memory.is_dir());
    let place = memory.map_or_else(tempfile::tempdir, tempfile::tempdir_in)?;
    let path = kino::kino(place.path())?;
    let arguments = ["-std=c11", "-D_GNU_SOURCE", "-O1"];
    let program = build::program("cc", &arguments, "cycles.c", folder.path());
    let said = build::run(&program, &[path.to_str().ok_or("a path is UTF-8")?, cycles]);
    let figures: Vec<i64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    figures.try_into().map_err(|_| format!("four figures: {said}").into())
}

#[test]
fn ten_thousand_times_opened_and_closed_memory_and_descriptors_stay_what_they_were()
-> Result<(), Box<dyn Error>> {
    let [memory, memory_later, files, files_later] = cycles("10000")?;
    println!("{memory} KiB, then {memory_later} KiB; {files} descriptors, then {files_later}");
    assert_eq!(files_later, files, "descriptors");
    // A page that an allocator keeps is no leak; a page a cycle would be 36 MiB.
    assert!(memory_later <= memory + 1_024, "{memory} KiB grew to {memory_later} KiB");
    Ok(())
}
