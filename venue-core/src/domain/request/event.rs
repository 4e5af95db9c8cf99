//! What is done to events: create, edit, publish, cancel, complete, delete, clone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::error::Invalid;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::season::EventStart;
use crate::domain::text::{Name, Reason, Slug};

use super::terms::{EventTerms, terms_fields};
use super::{Fields, validate_version};

/// Makes an event, without schedules and slots. Kind, title, hall and a price for every category of the hall are
/// needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventCreate {
    /// Its name in commands.
    pub slug: Slug,
    /// On which terms.
    #[serde(flatten)]
    pub terms: EventTerms,
    /// Draft or published.
    #[serde(default)]
    pub state: EventStart,
}

impl Fields for EventCreate {
    const NAMES: &'static [&'static str] = terms_fields!("slug"; "state");
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        for (name, given) in [
            ("kind", self.terms.kind.is_some()),
            ("title", self.terms.title.is_some()),
            ("hall", self.terms.hall.is_some()),
        ] {
            if !given {
                return Err(Invalid::argument(name, "is missing"));
            }
        }
        self.terms.validate()
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(self.slug.as_str()));
        self.terms.fingerprint(printer);
        printer.number(Some(i64::from(self.state == EventStart::Published)));
    }
}

/// A term that an event can do without.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Clearable {
    /// Then the windows of its schedules say it.
    Duration,
    /// Then one buyer may have as many units as there are.
    MaxUnitsPerBuyer,
    /// Then the sale begins with the publication.
    OnSaleFrom,
    /// Then the sale ends when the slot starts.
    OnSaleUntil,
}

impl Clearable {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Duration, Self::MaxUnitsPerBuyer, Self::OnSaleFrom, Self::OnSaleUntil];

    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::MaxUnitsPerBuyer => "max_units_per_buyer",
            Self::OnSaleFrom => "on_sale_from",
            Self::OnSaleUntil => "on_sale_until",
        }
    }
}

/// Changes the terms of an event that are named; the others stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventEdit {
    /// Which event.
    pub event: Slug,
    /// The terms that change.
    #[serde(flatten)]
    pub terms: EventTerms,
    /// The terms that go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<Clearable>,
    /// Refused unless the event still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl Fields for EventEdit {
    const NAMES: &'static [&'static str] = terms_fields!("event"; "clear", "expected_version");
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        let terms = &self.terms;
        for clear in &self.clear {
            let named = match clear {
                Clearable::Duration => terms.duration.is_some(),
                Clearable::MaxUnitsPerBuyer => terms.max_units_per_buyer.is_some(),
                Clearable::OnSaleFrom => terms.on_sale_from.is_some(),
                Clearable::OnSaleUntil => terms.on_sale_until.is_some(),
            };
            if named {
                return Err(Invalid::argument(clear.name(), "is to change and to go"));
            }
        }
        validate_version(self.expected_version)?;
        terms.validate()
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(self.event.as_str()));
        self.terms.fingerprint(printer);
        let mut clear: Vec<&str> = self.clear.iter().map(|clear| clear.name()).collect();
        clear.sort_unstable();
        clear.dedup();
        printer.texts(Some(clear)).number(self.expected_version.map(i64::from));
    }
}

/// Publishes, completes or deletes an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventSwitch {
    /// Which event.
    pub event: Slug,
    /// Refused unless the event still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl EventSwitch {
    /// This event, whatever its version.
    pub const fn new(event: Slug) -> Self {
        Self { event, expected_version: None }
    }
}

impl Fields for EventSwitch {
    const NAMES: &'static [&'static str] = &["event", "expected_version"];
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(self.event.as_str())).number(self.expected_version.map(i64::from));
    }
}

/// Calls an event off, with all its slots that are not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventCancel {
    /// Which event.
    pub event: Slug,
    /// Says what would become of whom, and does nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Refused unless the event still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl EventCancel {
    /// This event, for no stated reason.
    pub const fn new(event: Slug) -> Self {
        Self { event, dry_run: false, reason: None, expected_version: None }
    }
}

impl Fields for EventCancel {
    const NAMES: &'static [&'static str] = &["event", "dry_run", "reason", "expected_version"];
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer
            .text(Some(self.event.as_str()))
            .number(Some(i64::from(self.dry_run)))
            .text(self.reason.as_ref().map(Reason::as_str))
            .number(self.expected_version.map(i64::from));
    }

    fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

/// Makes a draft event with the terms and prices of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventClone {
    /// Whose terms.
    pub event: Slug,
    /// The new event's name in commands.
    pub slug: Slug,
    /// Its name for people; the same by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// With its schedules too; no slots are made of them yet.
    #[serde(default)]
    pub schedules: bool,
}

impl Fields for EventClone {
    const NAMES: &'static [&'static str] = &["event", "slug", "title", "schedules"];
    const ALONE: bool = true;

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer
            .text(Some(self.event.as_str()))
            .text(Some(self.slug.as_str()))
            .text(self.title.as_ref().map(Name::as_str))
            .number(Some(i64::from(self.schedules)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_does_not_go_too_and_what_is_needed_is_named() {
        let edit = |from: Option<&str>, clear| EventEdit {
            event: "e".parse().unwrap(),
            terms: EventTerms {
                on_sale_from: from.map(|from| from.parse().unwrap()),
                ..EventTerms::default()
            },
            clear,
            expected_version: None,
        };
        assert!(edit(Some("30d"), vec![Clearable::OnSaleUntil]).validate().is_ok());
        assert!(edit(Some("30d"), vec![Clearable::OnSaleFrom]).validate().is_err());
        assert!(edit(None, Clearable::ALL.to_vec()).validate().is_ok());
        let create = |json: &str| serde_json::from_str::<EventCreate>(json).unwrap().validate();
        assert!(create(r#"{"slug":"e","kind":"movie","title":"E","hall":"v/h"}"#).is_ok());
        assert!(create(r#"{"slug":"e","kind":"movie","title":"E"}"#).is_err());
    }
    #[test]
    fn a_term_that_can_go_is_called_as_json_has_it() {
        for term in Clearable::ALL {
            assert_eq!(serde_json::json!(term), term.name());
        }
    }
}
