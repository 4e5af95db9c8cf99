//! What is done to slots: house, open, close, cancel, postpone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::error::Invalid;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::text::Reason;
use crate::domain::wanted::{Wanted, wanted_fields};

use super::{Fields, NewStart, SlotName, validate_version};

/// How units are withheld from the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HouseKind {
    /// Staff may sell them by name.
    Hold,
    /// Nobody may.
    Kill,
}

/// Withholds units, or gives them free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct House {
    /// Of this slot.
    pub slot: SlotName,
    /// Which units.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// Kept for staff, or for nobody.
    pub kind: HouseKind,
    /// Gives them free instead.
    #[serde(default)]
    pub lift: bool,
}

impl Fields for House {
    const NAMES: &'static [&'static str] = wanted_fields!("slot"; "kind", "lift");

    fn validate(&self) -> Result<(), Invalid> {
        self.wanted.selector().map(drop)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(&self.slot.to_string()));
        self.wanted.fingerprint(printer);
        let kind = i64::from(self.kind == HouseKind::Kill);
        printer.number(Some(kind)).number(Some(i64::from(self.lift)));
    }
}

/// Opens or closes a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotSwitch {
    /// Which slot.
    pub slot: SlotName,
    /// Refused unless the slot still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl Fields for SlotSwitch {
    const NAMES: &'static [&'static str] = &["slot", "expected_version"];

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(&self.slot.to_string())).number(self.expected_version.map(i64::from));
    }
}

/// Cancels a slot: it does not take place, its holds are released and its bookings cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotCancel {
    /// Which slot.
    pub slot: SlotName,
    /// Says what would become of whom, and does nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Refused unless the slot still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl SlotCancel {
    /// This slot, for no stated reason.
    pub fn new(slot: impl Into<SlotName>) -> Self {
        Self { slot: slot.into(), dry_run: false, reason: None, expected_version: None }
    }
}

impl Fields for SlotCancel {
    const NAMES: &'static [&'static str] = &["slot", "dry_run", "reason", "expected_version"];
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        validate_version(self.expected_version)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer
            .text(Some(&self.slot.to_string()))
            .number(Some(i64::from(self.dry_run)))
            .text(self.reason.as_ref().map(Reason::as_str))
            .number(self.expected_version.map(i64::from));
    }

    fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

/// Moves a slot to another time, with everything that was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotPostpone {
    /// Which slot.
    pub slot: SlotName,
    /// When it starts instead.
    pub to: NewStart,
    /// Says who would be affected, and does nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Refused unless the slot still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

impl SlotPostpone {
    /// This slot, to then.
    pub fn new(slot: impl Into<SlotName>, to: NewStart) -> Self {
        Self { slot: slot.into(), to, dry_run: false, expected_version: None }
    }
}

impl Fields for SlotPostpone {
    const NAMES: &'static [&'static str] = &["slot", "to", "dry_run", "expected_version"];
    const ALONE: bool = true;

    fn validate(&self) -> Result<(), Invalid> {
        if let NewStart::At(at) = self.to
            && at.micros() % 1_000_000 != 0
        {
            return Err(Invalid::argument("to", "slots start at whole seconds"));
        }
        validate_version(self.expected_version)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer
            .text(Some(&self.slot.to_string()))
            .text(Some(&self.to.to_string()))
            .number(Some(i64::from(self.dry_run)))
            .number(self.expected_version.map(i64::from));
    }

    fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_moved_to_a_whole_second() {
        for (to, fits) in [
            ("2027-01-07T20:00", true),
            ("2027-01-07T20:00:00Z", true),
            ("2027-01-07T20:00:01Z", true),
            ("2027-01-07T20:00:00.5Z", false),
            ("2027-01-07T20:00:00.000001Z", false),
            ("2027-01-07T20:00:59.999999Z", false),
        ] {
            let slot: SlotName = "match@2027-01-01T20:00".parse().unwrap();
            let asked = SlotPostpone::new(slot, to.parse().unwrap());
            assert_eq!(asked.validate().is_ok(), fits, "{to}");
        }
    }
}
