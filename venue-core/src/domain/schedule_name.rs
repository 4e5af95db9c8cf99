//! How schedules are named: by id, or by their event and their place in it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::ScheduleId;
use super::text::Slug;

/// A schedule as it is typed: an id, or `EVENT#N`, its place in the event from 1, as in `heimspiele-2027-28#2`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ScheduleName {
    /// By id.
    Id(ScheduleId),
    /// By event and place.
    Place {
        /// The event's slug.
        event: Slug,
        /// From 1.
        number: u32,
    },
}

/// Schedules as they are typed: one, or all of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SchedulesOf {
    /// This one.
    One(ScheduleName),
    /// All of this event.
    Event(Slug),
}

/// A text that names no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotASchedule(&'static str);

impl ScheduleName {
    /// True if it is the name of this schedule.
    pub fn is(&self, id: ScheduleId, event: &Slug, number: i64) -> bool {
        match self {
            Self::Id(name) => *name == id,
            Self::Place { event: of, number: place } => of == event && i64::from(*place) == number,
        }
    }
}

impl SchedulesOf {
    /// True if this schedule is among them.
    pub fn has(&self, id: ScheduleId, event: &Slug, number: i64) -> bool {
        match self {
            Self::One(name) => name.is(id, event, number),
            Self::Event(of) => of == event,
        }
    }
}

impl FromStr for ScheduleName {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        const RULE: NotASchedule =
            NotASchedule("not a schedule: an id is needed, or EVENT#N as in match#1");
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let (event, number) = text.split_once('#').ok_or(RULE)?;
        let digits = (1..=9).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !number.starts_with('0');
        let number = number.parse().ok().filter(|_| digits).ok_or(RULE)?;
        Ok(Self::Place { event: event.parse().map_err(|_| RULE)?, number })
    }
}

impl FromStr for SchedulesOf {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        const RULE: NotASchedule =
            NotASchedule("not schedules: an event is needed, EVENT#N as in match#1, or an id");
        if let Ok(name) = text.parse() {
            return Ok(Self::One(name));
        }
        text.parse().map(Self::Event).map_err(|_| RULE)
    }
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Place { event, number } => write!(f, "{event}#{number}"),
        }
    }
}

impl fmt::Display for SchedulesOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(name) => name.fmt(f),
            Self::Event(event) => event.fmt(f),
        }
    }
}

macro_rules! as_text {
    ($name:ident, $description:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "description": $description})
            }
        }
    };
}
as_text!(ScheduleName, "a schedule's id, or EVENT#N");
as_text!(SchedulesOf, "an event's slug, EVENT#N, or a schedule's id");

/// Makes the slots of schedules that are not there yet: `schedule generate`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleGenerate {
    /// Only these; all schedules of the organizer where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<SchedulesOf>,
    /// Says what would be made, and makes nothing.
    pub dry_run: bool,
}

/// Says how slots differ from their schedules' rules, and mends it if that is wanted: `schedule drift`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleDrift {
    /// Only these; all schedules of the organizer where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<SchedulesOf>,
    /// Makes what is missing, moves and removes what nobody has or had anything of.
    pub mend: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_named_by_id_or_by_place() {
        let id = "01999999-9999-7999-8999-999999999999";
        for text in [id, "match#1", "match-27#120"] {
            let name: ScheduleName = text.parse().unwrap();
            assert_eq!(name.to_string(), text);
            assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{text}\""));
            assert_eq!(text.parse(), Ok(SchedulesOf::One(name.clone())));
            assert_eq!(SchedulesOf::One(name).to_string(), text);
        }
        for wrong in [
            "",
            "match",
            "match#",
            "match#0",
            "match#01",
            "match#+1",
            "match#x",
            "M#1",
            "#1",
            "match#1#2",
            "match#1234567890",
        ] {
            assert!(wrong.parse::<ScheduleName>().is_err(), "{wrong}");
        }
        assert!(
            matches!("match".parse(), Ok(SchedulesOf::Event(event)) if event.as_str() == "match")
        );
        assert_eq!("match".parse::<SchedulesOf>().unwrap().to_string(), "match");
        assert!("Match".parse::<SchedulesOf>().is_err() && "".parse::<SchedulesOf>().is_err());
    }

    #[test]
    fn an_event_has_its_schedules_and_a_name_has_one() {
        let (id, other) = (ScheduleId::from_bytes([1; 16]), ScheduleId::from_bytes([2; 16]));
        let (event, another): (Slug, Slug) = ("match".parse().unwrap(), "film".parse().unwrap());
        let has = |name: &str, id, event: &Slug, number| {
            name.parse::<SchedulesOf>().unwrap().has(id, event, number)
        };
        assert!(has("match", id, &event, 7) && !has("match", id, &another, 7));
        assert!(has("match#7", id, &event, 7) && !has("match#7", id, &event, 8));
        assert!(!has("match#7", id, &another, 7));
        assert!(has(&id.to_string(), id, &event, 7) && !has(&id.to_string(), other, &event, 7));
    }
}
