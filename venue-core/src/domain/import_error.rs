//! What is wrong with a file, and where: the file, the line and the key.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file that cannot be imported: the code `import_invalid` of the contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, JsonSchema)]
pub struct ImportError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1, where one can be told.
    pub line: Option<u32>,
    /// The path to the value, as in `zones[0].rows[3].seats[7].category`; none where the file's syntax is broken.
    pub key: Option<String>,
    /// What is wrong and what is needed.
    pub message: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ": {key}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Something in a file that was ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportWarning {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The path to the first place where it stands.
    pub key: Option<String>,
    /// What was ignored.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_file_line_key_message() {
        let mut error = ImportError {
            file: "a.toml".into(),
            line: Some(3),
            key: Some("event[0].hall".into()),
            message: "no such hall".into(),
        };
        assert_eq!(error.to_string(), "a.toml:3: event[0].hall: no such hall");
        error.line = None;
        error.key = None;
        assert_eq!(error.to_string(), "a.toml: no such hall");
    }
}
