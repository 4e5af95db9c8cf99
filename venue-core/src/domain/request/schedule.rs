//! What is done to schedules: add, edit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::error::Invalid;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::schedule_name::ScheduleName;
use crate::domain::text::Slug;

use super::{Fields, validate_version};

/// Gives an event another schedule, after those that it has. Its slots are made by `schedule generate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleAdd {
    /// Which event.
    pub event: Slug,
    /// By which rule: the keys of the season file.
    #[serde(flatten)]
    pub rule: ScheduleSpec,
    /// Refused unless the event still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

/// Gives a schedule another rule, as a whole. Slots that are there stay where they are until `schedule drift` mends
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleEdit {
    /// Which schedule.
    pub schedule: ScheduleName,
    /// By which rule: the keys of the season file.
    #[serde(flatten)]
    pub rule: ScheduleSpec,
    /// Refused unless the event still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

/// Names the members of a request about a rule: those before it, the rule's own, those after it.
macro_rules! rule_fields {
    ($first:literal) => {
        &[
            $first,
            "starts",
            "rrule",
            "rdate",
            "exdate",
            "gap",
            "open",
            "override",
            "from",
            "until",
            "duration",
            "length",
            "step",
            "break",
            "align",
            "overlap",
            "notice",
            "horizon",
            "expected_version",
        ]
    };
}

impl Fields for ScheduleAdd {
    const NAMES: &'static [&'static str] = rule_fields!("event");

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)?;
        validate_rule(&self.rule)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(self.event.as_str()));
        fingerprint_rule(&self.rule, printer);
        printer.number(self.expected_version.map(i64::from));
    }
}

impl Fields for ScheduleEdit {
    const NAMES: &'static [&'static str] = rule_fields!("schedule");

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)?;
        validate_rule(&self.rule)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(&self.schedule.to_string()));
        fingerprint_rule(&self.rule, printer);
        printer.number(self.expected_version.map(i64::from));
    }
}

/// Whether opening hours fit a length that the event says is known only with its row.
fn validate_rule(rule: &ScheduleSpec) -> Result<(), Invalid> {
    rule.check(None).map_err(|wrong| Invalid::argument(&wrong.place(), wrong.message))
}

/// Adds each key of a rule, in the order of the names, as its one JSON text.
fn fingerprint_rule(rule: &ScheduleSpec, printer: &mut Fingerprinter) {
    let said = serde_json::to_value(rule).unwrap_or_default();
    let names = ScheduleAdd::NAMES;
    for name in &names[1..names.len() - 1] {
        printer.text(said.get(*name).map(Value::to_string).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::FileId;

    fn print(request: &impl Fields) -> Vec<u8> {
        let mut printer = Fingerprinter::new(FileId::from_bytes([0; 16]));
        request.fingerprint(&mut printer);
        printer.finish().bytes().to_vec()
    }

    /// Every key of a rule, each with something said.
    const ALL: &str = r#"{"event":"e","starts":"2027-01-01T20:00:00","rrule":["FREQ=DAILY"],
        "rdate":["2027-01-02"],"exdate":["2027-01-03"],"gap":"later","open":["mon 10:00-12:00"],
        "override":["2027-01-04 closed"],"from":"2027-01-01","until":"2027-02-01","duration":"2h","length":"1h",
        "step":"1h","break":"1m","align":"15m","overlap":true,"notice":"1h","horizon":"30d",
        "expected_version":7}"#;

    #[test]
    fn every_key_of_a_rule_has_its_own_fingerprint() {
        let add: ScheduleAdd = serde_json::from_str(ALL).unwrap();
        let all = print(&add);
        assert_eq!(all.len(), 8 * ScheduleAdd::NAMES.len());
        let said: Value = serde_json::from_str(ALL).unwrap();
        for (place, name) in ScheduleAdd::NAMES.iter().enumerate().skip(1) {
            let mut less = said.clone();
            assert!(less.as_object_mut().unwrap().remove(*name).is_some(), "{name}");
            let less: ScheduleAdd = serde_json::from_value(less).unwrap();
            let other = print(&less);
            let differ =
                (0..ScheduleAdd::NAMES.len()).filter(|n| all[n * 8..][..8] != other[n * 8..][..8]);
            assert_eq!(differ.collect::<Vec<_>>(), [place], "{name}");
        }
        let edit: ScheduleEdit =
            serde_json::from_str(&ALL.replace("\"event\":\"e\"", "\"schedule\":\"e#1\"")).unwrap();
        assert_eq!(print(&edit)[8..], all[8..]);
    }

    #[test]
    fn what_cannot_be_a_rule_is_named_without_any_data() {
        let wrong = |rule: &str| {
            let request = format!("{{\"event\":\"e\",{rule}}}");
            let add: ScheduleAdd = serde_json::from_str(&request).unwrap();
            match add.validate() {
                Err(Invalid::Argument { name, .. }) => name,
                other => format!("{other:?}"),
            }
        };
        assert_eq!(wrong(r#""overlap":false"#), "starts");
        assert_eq!(
            wrong(r#""starts":"2027-01-01T20:00","rrule":["FREQ=DAILY","FREQ=OFTEN"]"#),
            "rrule[1]"
        );
        assert_eq!(
            wrong(r#""starts":"2027-01-01T20:00","expected_version":0"#),
            "expected_version"
        );
        assert_eq!(wrong(r#""starts":"2027-01-01T20:00""#), "Ok(())");
        assert_eq!(wrong(r#""open":["mon 10:00-12:00"]"#), "Ok(())");
    }
}
