//! Any verb by name: JSON in, JSON out. Global options stand beside the request's own members.

use serde_json::{Map, Value};

use venue_core::engine::{MAX_REQUEST_BYTES, call_without_file, check_call};

use crate::args::Call;
use crate::config::{Config, read_limited};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use venue_core::domain::error::Invalid;
use venue_core::domain::text::Key;

/// `venue call`
pub(crate) fn call(args: &Call, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let request = match &args.input {
        None => Vec::new(),
        Some(path) => read_limited(path, MAX_REQUEST_BYTES as u64 + 1)
            .map_err(|error| Invalid::argument("input", format!("{}: {error}", path.display())))?,
    };
    let request = with_globals(request, &config.members());
    // What is wrong with the request itself is said before the file is looked at.
    let may_change = check_call(&args.name, &request)?;
    if let Some(reply) = call_without_file(&args.name, &request)? {
        no_clock(config)?;
        output.object(reply["type"].as_str().unwrap_or_default(), &reply["data"])?;
        return Ok(Exit::Done);
    }
    let engine = config.open()?;
    let reply = engine.call_json(&args.name, &request)?;
    if may_change {
        output.may_have_changed(key_in(&request).as_ref());
    }
    let (kind, data) = (reply["type"].as_str().unwrap_or_default(), &reply["data"]);
    output.object(kind, data)?;
    Ok(match kind {
        "doctor" if data["ok"] == false => Exit::NotSound,
        _ if refused_in_part(kind, data) => Exit::Refused,
        _ => Exit::Done,
    })
}

/// True if a long command did what it could, and a rule refused the rest.
fn refused_in_part(kind: &str, data: &Value) -> bool {
    let some = |member: &str| data[member].as_array().is_some_and(|list| !list.is_empty());
    let refused = data["refused"].as_u64().is_some_and(|refused| refused > 0);
    match kind {
        "schedule_generate" => refused,
        "schedule_drift" => refused && data["mended"] == true,
        "import" => some("collided") || some("oversized"),
        _ => false,
    }
}

/// Where no file takes part, there is none whose clock could stand still.
pub(crate) fn no_clock(config: &Config) -> Result<(), Invalid> {
    match config.now {
        Some(_) => Err(Invalid::argument("now", "no file takes part: say when by `at`")),
        None => Ok(()),
    }
}

/// The request with these members more. One that stands in it already stands twice then, and is refused as such.
fn with_globals(request: Vec<u8>, members: &Map<String, Value>) -> Vec<u8> {
    if members.is_empty() {
        return request;
    }
    let mut added = Value::from(members.clone()).to_string().into_bytes();
    if request.iter().all(u8::is_ascii_whitespace) {
        return added;
    }
    let Some(begin) = request.iter().position(|byte| *byte == b'{') else {
        return request;
    };
    let rest = &request[begin + 1..];
    let is_empty = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'}');
    added.pop();
    if !is_empty {
        added.push(b',');
    }
    let mut whole = request[..begin].to_vec();
    whole.extend_from_slice(&added);
    whole.extend_from_slice(rest);
    whole
}

/// The request's idempotency key.
fn key_in(request: &[u8]) -> Option<Key> {
    let request: Value = serde_json::from_slice(request).ok()?;
    request["idempotency_key"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_options_stand_beside_the_members() {
        let mut members = Map::new();
        for (request, whole) in [("", ""), ("{}", "{}"), ("[]", "[]")] {
            assert_eq!(with_globals(request.into(), &members), whole.as_bytes());
        }
        members.insert("request_id".to_owned(), "r1".into());
        for (request, whole) in [
            ("", r#"{"request_id":"r1"}"#),
            (" {} ", r#" {"request_id":"r1"} "#),
            (r#"{ "a":1}"#, r#"{"request_id":"r1", "a":1}"#),
            ("[1]", "[1]"),
        ] {
            let got = String::from_utf8(with_globals(request.into(), &members)).unwrap();
            assert_eq!(got, whole);
        }
    }
}
