//! The JSON Schema of every request, reply, error and change, generated from the types.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::domain::bench_done::BenchDone;
use crate::domain::calendar::{CalendarPreview, CalendarPreviewed};
use crate::domain::diagnosis::Diagnosis;
use crate::domain::error::{CATALOGUE, ErrorBody};
use crate::domain::generated::{Drifted, Generated};
use crate::domain::import_done::ImportDone;
use crate::domain::preview::{SchedulePreview, SchedulePreviewed};
use crate::domain::query::{self, each_query};
use crate::domain::reply::Reply;
use crate::domain::request::{self, each_verb};
use crate::domain::view::{Answer, ChangeView};

use super::{BackupDone, ClockReport, Info, InitDone, RestoreDone, Swept};

/// The schema of the whole contract: `verbs` by name with the members of their requests, the replies, the
/// error object, the change, the catalogue of codes, and what they share under `$defs`.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let verbs = verbs(&mut generator);
    let replies = json!({
        "mutating": of::<Reply>(&mut generator),
        "reading": of::<Answer>(&mut generator),
        "schedule_preview": of::<SchedulePreviewed>(&mut generator),
        "schedule_preview_calendar": of::<CalendarPreviewed>(&mut generator),
        "import": of::<ImportDone>(&mut generator),
        "schedule_generate": of::<Generated>(&mut generator),
        "schedule_drift": of::<Drifted>(&mut generator),
        "doctor": of::<Diagnosis>(&mut generator),
        "info": of::<Info>(&mut generator),
        "init": of::<InitDone>(&mut generator),
        "bench": of::<BenchDone>(&mut generator),
        "backup": of::<BackupDone>(&mut generator),
        "restore": of::<RestoreDone>(&mut generator),
        "sweep": of::<Swept>(&mut generator),
        "clock": of::<ClockReport>(&mut generator),
    });
    let error = of::<ErrorBody>(&mut generator);
    let change = of::<ChangeView>(&mut generator);
    let beside = json!({
        "caller": of::<crate::domain::caller::Caller>(&mut generator),
        "idempotency_key": of::<crate::domain::text::Key>(&mut generator),
        "request_id": of::<crate::domain::text::RequestId>(&mut generator),
        "deadline": of::<crate::domain::instant::Span>(&mut generator),
        "now": of::<crate::domain::instant::Instant>(&mut generator),
        "token": {"type": "string"},
    });
    let codes: Vec<Value> = CATALOGUE
        .iter()
        .map(|entry| {
            json!({"code": entry.code, "number": entry.number, "class": entry.class.name(),
                "details": entry.fields, "advice": entry.advice})
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "VENUE",
        "verbs": verbs,
        "beside": beside,
        "replies": replies,
        "error": error,
        "change": change,
        "codes": codes,
        "$defs": generator.take_definitions(true),
    })
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn verbs(generator: &mut SchemaGenerator) -> Value {
    let mut verbs = serde_json::Map::new();
    macro_rules! mutating {
        ($($variant:ident($request:ident) $name:literal,)*) => {
            $(verbs.insert($name.to_owned(), of::<request::$request>(generator));)*
        };
    }
    macro_rules! reading {
        ($($variant:ident($request:ident) $name:literal,)*) => {
            $(verbs.insert($name.to_owned(), of::<query::$request>(generator));)*
        };
    }
    macro_rules! owners {
        ($($name:literal: $type:ty,)*) => {
            $(verbs.insert($name.to_owned(), of::<$type>(generator));)*
        };
    }
    each_verb!(mutating);
    each_query!(reading);
    owners! {
        "schedule_preview": SchedulePreview,
        "import": super::calls::ImportCall,
        "schedule_generate": crate::domain::schedule_name::ScheduleGenerate,
        "schedule_drift": crate::domain::schedule_name::ScheduleDrift,
        "sweep": super::calls::Empty,
        "clock_show": super::calls::Empty,
        "clock_accept": super::calls::Empty,
        "doctor": super::calls::Empty,
        "info": super::calls::Empty,
        "backup": super::calls::BackupCall,
        "schema": super::calls::Empty,
    }
    // Of a rule, or of a calendar file.
    let previews = [of::<SchedulePreview>(generator), of::<CalendarPreview>(generator)];
    verbs.insert("schedule_preview".to_owned(), json!({"anyOf": previews}));
    Value::Object(verbs)
}
