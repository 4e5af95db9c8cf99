//! What making a file, a copy of it and its way back answer: the same to every face.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::sqlite::{BackedUp, Restored};

/// What `init` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InitDone {
    /// Where the file lies. What is not UTF-8 of it is replaced by `U+FFFD`.
    pub file: String,
    /// False if one was there already: it is as it was.
    pub created: bool,
    /// True if it was made now, and never reads the wall clock.
    pub test_clock: bool,
}

/// What `backup` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupDone {
    /// Where the copy lies. What is not UTF-8 of it is replaced by `U+FFFD`.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The newest change in it.
    pub sequence: i64,
}

/// What `restore` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestoreDone {
    /// The file that is now the backup's copy. What is not UTF-8 of it is replaced by `U+FFFD`.
    pub file: String,
    /// Where the file lies that was there before.
    pub before: Option<String>,
}

impl From<&BackedUp> for BackupDone {
    fn from(done: &BackedUp) -> Self {
        Self { file: shown(&done.file), bytes: done.bytes, sequence: done.sequence }
    }
}

impl From<&Restored> for RestoreDone {
    fn from(done: &Restored) -> Self {
        Self { file: shown(&done.file), before: done.before.as_deref().map(shown) }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_folder_that_is_not_utf8_is_told_of_all_the_same() {
        let file = Path::new(OsStr::from_bytes(b"/s\xffd/copy.db")).to_owned();
        let backup = BackupDone::from(&BackedUp { file: file.clone(), bytes: 1, sequence: 2 });
        let restore = RestoreDone::from(&Restored { file: file.clone(), before: Some(file) });
        let told = serde_json::to_value((backup, restore)).unwrap();
        assert_eq!(told[0]["file"], "/s\u{fffd}d/copy.db");
        assert_eq!(told[1]["before"], told[0]["file"]);
    }
}
