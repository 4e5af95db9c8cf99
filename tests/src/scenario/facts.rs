//! What an answer says, in the words of the ledgers.

use serde_json::Value;
use venue_core::domain::instant::{Instant, Span};

/// An answer or an error object, as JSON.
pub type Answer = Result<Value, Value>;

/// The one word that says what came of it: a state, a code, a number or `done`.
pub fn outcome(answer: &Answer) -> String {
    let reply = match answer {
        Err(error) => return text(&error["code"]),
        Ok(reply) => reply,
    };
    let data = &reply["data"];
    if let Some(items) = data["items"].as_array() {
        return items.len().to_string();
    }
    for member in ["state", "expired", "outcome"] {
        if !data[member].is_null() {
            return text(&data[member]);
        }
    }
    match data["closed"].as_bool() {
        Some(true) => "closed".to_owned(),
        Some(false) => "open".to_owned(),
        None => "done".to_owned(),
    }
}

/// A fact of an answer by its name; none where the answer has no such thing.
pub fn fact(answer: &Answer, name: &str) -> Option<String> {
    let data = match answer {
        Ok(reply) => &reply["data"],
        Err(error) => return of_error(&error["details"], name),
    };
    let units = data["units"].as_array();
    let list = |items: &[Value], of: &dyn Fn(&Value) -> String| {
        items.iter().map(of).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(",")
    };
    Some(match (name, units) {
        ("total", _) => decimal(data["total"]["minor"].as_i64()?),
        ("seats", Some(units)) => list(units, &|unit| text(&unit["seat"])),
        ("lines", Some(units)) => list(units, &|unit| text(&unit["line"])),
        ("area", Some(units)) => list(units, &|unit| text(&unit["area"])),
        ("units", Some(units)) => {
            units.iter().map(|unit| unit["quantity"].as_i64().unwrap_or(1)).sum::<i64>().to_string()
        }
        ("add" | "remove" | "move" | "keep", _) => {
            let drifted = data["drifted"].as_array()?.iter();
            drifted.filter_map(|it| it[name].as_i64()).sum::<i64>().to_string()
        }
        ("tickets", _) => data["tickets"].as_array().map_or(0, Vec::len).to_string(),
        ("expires", _) => text(&data["expires_at"]),
        ("ended", _) => text(&data["ended_at"]),
        ("why", _) => text(&data["ended_why"]),
        ("changed", _) => list(data["changed"].as_array()?, &text),
        ("refused", _) if data[name].is_array() => list(data[name].as_array()?, &seat_and_why),
        ("kinds", _) => list(data["items"].as_array()?, &|item| text(&item["kind"])),
        ("token", _) if data.get("token").is_none() => "absent".to_owned(),
        ("token", _) => if data["token"].is_string() { "given" } else { "null" }.to_owned(),
        _ => text(data.get(name)?),
    })
}

fn of_error(details: &Value, name: &str) -> Option<String> {
    let value = details.get(name)?;
    Some(match value.as_array() {
        Some(items) if name == "seats" => {
            items.iter().map(seat_and_why).collect::<Vec<_>>().join(",")
        }
        Some(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        None => text(value),
    })
}

fn seat_and_why(unit: &Value) -> String {
    format!("{}:{}", text(&unit["seat"]), text(&unit["why"]))
}

/// A value as the ledgers write it; nothing is empty.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Minor units as a price.
pub fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// True if what was found is what a ledger says: `-` is nothing, `+5m` an instant so much later than now, and of
/// an instant any part is enough.
pub fn fits(found: &str, said: &str, now: Instant) -> bool {
    if said == "-" {
        return found.is_empty();
    }
    match (found.parse::<Instant>(), said.strip_prefix('+').map(str::parse::<Span>)) {
        (Ok(found), Some(Ok(later))) => found == now.plus(later),
        (Ok(_), _) => found.contains(said),
        (Err(_), _) => found == said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_fit_by_part_or_by_distance_and_all_else_exactly() {
        let now: Instant = "2026-11-01T09:00:00Z".parse().unwrap();
        for (found, said, answer) in [
            ("2026-11-01T09:05:00.000000Z", "+5m", true),
            ("2026-11-01T09:05:00.000000Z", "09:05:00", true),
            ("2026-11-01T09:05:00.000000Z", "+6m", false),
            ("", "-", true),
            ("4", "-", false),
            ("14", "4", false),
        ] {
            assert_eq!(fits(found, said, now), answer, "{found} {said}");
        }
    }
}
