//! What `doctor` answers: every check by name, and what it found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// At most so many findings of a check are told one by one.
pub const MOST_FOUND: usize = 20;

/// One check: a promise about the file, recomputed from its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Its stable name.
    pub name: String,
    /// True if nothing is wrong.
    pub ok: bool,
    /// What was found, for people; after twenty findings "and N more". What is worth knowing and no fault of the
    /// file's is told here too: then the check is ok.
    pub found: Vec<String>,
}

/// The answer of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[must_use]
pub struct Diagnosis {
    /// True if every check is.
    pub ok: bool,
    /// The checks, always all of them, in a fixed order.
    pub checks: Vec<Check>,
    /// The newest change's sequence.
    pub sequence: i64,
    /// The head of the feed's chain: 64 hexadecimal digits. Whoever wrote it down once can tell later that
    /// nothing before it was exchanged.
    pub chain: String,
}

impl Diagnosis {
    /// The check with this name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnosis_reads_as_the_contract_says() {
        let check = Check { name: "meta".into(), ok: false, found: vec!["a".into()] };
        let diagnosis =
            Diagnosis { ok: false, checks: vec![check], sequence: 3, chain: "00".into() };
        let text = serde_json::to_string(&diagnosis).unwrap();
        assert_eq!(
            text,
            r#"{"ok":false,"checks":[{"name":"meta","ok":false,"found":["a"]}],"sequence":3,"chain":"00"}"#
        );
        assert_eq!(serde_json::from_str::<Diagnosis>(&text).unwrap(), diagnosis);
        assert!(diagnosis.check("meta").is_some() && diagnosis.check("units").is_none());
    }
}
