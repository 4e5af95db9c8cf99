//! Claims about `doctor`, on real files that the verbs have written.

mod damages;
mod office;
mod size;
mod story;

use std::path::Path;

use crate::domain::diagnosis::Diagnosis;
use crate::store::audit::diagnose;
use crate::store::boundary::Read as _;
use crate::store::sqlite::{Access, open_to_read};

/// What `doctor` says of a file.
pub(super) fn doctor(path: &Path) -> Diagnosis {
    let (readers, found) = open_to_read(path, &Access::default()).unwrap();
    let mut said = None;
    readers
        .read(&mut |view| said = Some(diagnose(view, &found.warnings, &mut |_, _, _| {})))
        .unwrap();
    said.unwrap().unwrap()
}

/// Fails, with what was found, unless the file is sound.
pub(super) fn assert_sound(path: &Path, when: &str) {
    let said = doctor(path);
    let wrong: Vec<_> = said.checks.iter().filter(|check| !check.ok).collect();
    assert!(said.ok && wrong.is_empty(), "{when}: {wrong:#?}");
}
