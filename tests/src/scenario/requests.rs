//! From a ledger's line to a request of the contract: JSON, or the types behind it.

use serde_json::{Map, Value, json};
use venue_core::domain::caller::Caller;
use venue_core::domain::request::{Confirm, Extend, Hold, Release, Sell, Verb};
use venue_core::engine::Request;

use super::line::Line;

/// The contract's name of a ledger's verb, and its members that the word itself says.
pub(super) fn verb_of(word: &str) -> Option<(&'static str, Map<String, Value>)> {
    let with = |members: Value| match members {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    Some(match word {
        "hold" => ("hold", Map::new()),
        "sell" => ("sell", Map::new()),
        "confirm" => ("confirm", Map::new()),
        "extend" => ("extend", Map::new()),
        "release" => ("release", Map::new()),
        "expire" => ("expire", Map::new()),
        "cancel" => ("cancel", Map::new()),
        "house" => ("house", with(json!({"kind": "hold"}))),
        "kill" => ("house", with(json!({"kind": "kill"}))),
        "lift" => ("house", with(json!({"lift": true}))),
        "open" => ("slot_open", Map::new()),
        "close" => ("slot_close", Map::new()),
        "call-off" => ("slot_cancel", Map::new()),
        "postpone" => ("slot_postpone", Map::new()),
        "event-create" => ("event_create", Map::new()),
        "event-edit" => ("event_edit", Map::new()),
        "event-publish" => ("event_publish", Map::new()),
        "event-cancel" => ("event_cancel", Map::new()),
        "event-complete" => ("event_complete", Map::new()),
        "event-delete" => ("event_delete", Map::new()),
        "event-clone" => ("event_clone", Map::new()),
        "show" => ("slot_show", Map::new()),
        "booking" => ("booking_show", Map::new()),
        "bookings" => ("booking_list", Map::new()),
        "tickets" => ("ticket_list", Map::new()),
        "slots" => ("slot_list", Map::new()),
        "schedule" => ("schedule_add", Map::new()),
        "reschedule" => ("schedule_edit", Map::new()),
        "schedules" => ("schedule_list", Map::new()),
        "generate" => ("schedule_generate", Map::new()),
        "drift" => ("schedule_drift", Map::new()),
        "mend" => ("schedule_drift", with(json!({"mend": true}))),
        "feed" => ("feed", Map::new()),
        _ => return None,
    })
}

/// `role`, `role:actor`, as the contract's caller.
pub(super) fn caller(text: &str) -> Value {
    match text.split_once(':') {
        Some((role, actor)) => json!({"role": role, "actor": actor}),
        None if text == "terminal" => json!({"role": text, "actor": "local"}),
        None => json!({"role": text}),
    }
}

/// A member's value, typed as the contract has it.
pub(super) fn value(name: &str, text: &str) -> Value {
    let number = |text: &str| text.parse::<i64>().map_or(Value::from(text), Value::from);
    match name {
        "quantity"
        | "best"
        | "accessible"
        | "expected_version"
        | "limit"
        | "max_units_per_buyer" => number(text),
        "lift" | "overlap" | "dry_run" | "schedules" => Value::from(text == "true"),
        "prices" => {
            let price =
                |text: &str| text.split_once('=').map(|(of, price)| (of.to_owned(), price.into()));
            Value::Object(text.split(',').filter_map(price).collect())
        }
        "line" => text.split(',').map(number).collect(),
        "rrule" => Value::from(vec![text]),
        "seats" | "clear" | "tags" | "rdate" | "exdate" => text.split(',').collect(),
        _ => Value::from(text),
    }
}

/// The request of a line, with its types instead of JSON.
pub(super) fn typed(line: &Line, mut request: Value) -> Result<Request, String> {
    let members = request.as_object_mut().ok_or("a request is an object")?;
    let (caller, key) = (members.remove("caller"), members.remove("idempotency_key"));
    let token = members.remove("token");
    let wrong = |error: serde_json::Error| error.to_string();
    let caller: Caller = match caller {
        Some(caller) => serde_json::from_value(caller).map_err(wrong)?,
        None => Caller::local(),
    };
    let verb: Verb = match &*line.verb {
        "hold" => serde_json::from_value::<Hold>(request).map_err(wrong)?.into(),
        "sell" => serde_json::from_value::<Sell>(request).map_err(wrong)?.into(),
        "confirm" => serde_json::from_value::<Confirm>(request).map_err(wrong)?.into(),
        "extend" => serde_json::from_value::<Extend>(request).map_err(wrong)?.into(),
        "release" => serde_json::from_value::<Release>(request).map_err(wrong)?.into(),
        "cancel" => Verb::Cancel(serde_json::from_value(request).map_err(wrong)?),
        "close" => Verb::SlotClose(serde_json::from_value(request).map_err(wrong)?),
        "call-off" => Verb::SlotCancel(serde_json::from_value(request).map_err(wrong)?),
        "postpone" => Verb::SlotPostpone(serde_json::from_value(request).map_err(wrong)?),
        "house" | "kill" | "lift" => Verb::House(serde_json::from_value(request).map_err(wrong)?),
        other => return Err(format!("{other} does not stand in a batch")),
    };
    let mut typed = Request::new(&caller, verb);
    if let Some(Value::String(key)) = key {
        typed = typed.key(key.parse().map_err(|_| "not a key")?);
    }
    if let Some(Value::String(token)) = token {
        typed = typed.token(&token);
    }
    Ok(typed)
}
