//! Every verb of the schema is reached through `venue_call`.

use serde_json::{Value, json};
use venue::{
    VENUE_OK, venue_call, venue_close, venue_create, venue_handle, venue_open, venue_status,
    venue_text, venue_text_free,
};

const fn no_text() -> venue_text {
    venue_text { data: std::ptr::null_mut(), size: 0 }
}

/// What a call wrote, and the text freed.
fn taken(mut text: venue_text) -> Value {
    if text.data.is_null() {
        return Value::Null;
    }
    // SAFETY: the library wrote so many bytes there.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.size) };
    let json = serde_json::from_slice(bytes).expect("replies and errors are JSON");
    // SAFETY: the library wrote it, and it is freed once.
    unsafe { venue_text_free(&raw mut text) };
    json
}

fn call(handle: venue_handle, name: &str, request: &Value) -> (venue_status, Value, Value) {
    let (mut reply, mut error) = (no_text(), no_text());
    let request = request.to_string();
    // SAFETY: the texts live as long as the call, and both places can be written.
    let status = unsafe {
        venue_call(
            handle,
            name.as_ptr().cast(),
            name.len(),
            request.as_ptr().cast(),
            request.len(),
            &raw mut reply,
            &raw mut error,
        )
    };
    (status, taken(reply), taken(error))
}

fn open(path: &str) -> venue_handle {
    let mut handle = 0;
    let now = "2027-01-01T12:00:00Z";
    // SAFETY: the texts live as long as the calls, and the handle can be written.
    unsafe {
        let (path, size) = (path.as_ptr().cast(), path.len());
        let made =
            venue_create(path, size, 1, now.as_ptr().cast(), now.len(), std::ptr::null_mut());
        assert_eq!(made, VENUE_OK);
        assert_eq!(venue_open(path, size, &raw mut handle, std::ptr::null_mut()), VENUE_OK);
    }
    handle
}

#[test]
fn an_instant_that_is_given_for_one_call_is_gone_with_it_whoever_gives_another() {
    let folder = tempfile::tempdir().unwrap();
    let handle = open(folder.path().join("now.venue").to_str().unwrap());
    let wall = || call(handle, "clock_show", &json!({})).1["data"]["wall"].clone();
    let begin = wall();
    std::thread::scope(|scope| {
        for hour in 13..17 {
            let now = json!({"now": format!("2027-01-01T{hour}:00:00.000000Z")});
            scope.spawn(move || {
                for _ in 0..200 {
                    let (status, reply, _) = call(handle, "clock_show", &now);
                    assert_eq!((status, &reply["data"]["wall"]), (VENUE_OK, &now["now"]));
                }
            });
        }
    });
    assert_eq!(wall(), begin);
    // SAFETY: null is never written to.
    assert_eq!(unsafe { venue_close(handle, std::ptr::null_mut()) }, VENUE_OK);
}

#[test]
fn every_verb_of_the_schema_is_reached_and_names_a_wrong_member() {
    let folder = tempfile::tempdir().unwrap();
    let handle = open(folder.path().join("verbs.venue").to_str().unwrap());
    let (status, schema, _) = call(handle, "schema", &json!({}));
    assert_eq!(status, VENUE_OK);
    let verbs: Vec<&String> = schema["data"]["verbs"].as_object().unwrap().keys().collect();
    assert!(verbs.len() > 30, "{verbs:?}");
    for verb in verbs {
        // What nobody asks for: so nothing is done, and whether the verb is known shows all the same.
        let (status, reply, error) = call(handle, verb, &json!({"no_such_member": 1}));
        assert_eq!((status, &reply), (202, &Value::Null), "{verb}: {error}");
        assert_eq!(error["data"]["code"], "argument", "{verb}");
        assert!(error["data"]["message"].is_string(), "{verb}: {error}");
    }
    let (status, _, error) = call(handle, "no_such_verb", &json!({}));
    assert_eq!((status, &error["data"]["code"]), (204, &json!("unknown_verb")));
    // SAFETY: no error is asked for.
    assert_eq!(unsafe { venue_close(handle, std::ptr::null_mut()) }, VENUE_OK);
}

#[test]
fn the_feed_is_read_page_by_page_and_a_deadline_bounds_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let handle = open(folder.path().join("feed.venue").to_str().unwrap());
    let season = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/cinema-season.toml");
    let (status, _, error) = call(handle, "import", &json!({"files": [season]}));
    assert_eq!(status, VENUE_OK, "{error}");
    let (mut after, mut sequences) = (Value::Null, Vec::new());
    loop {
        let (status, page, error) =
            call(handle, "feed", &json!({"after": after, "limit": 1, "deadline": "1ms"}));
        assert_eq!(status, VENUE_OK, "{error}");
        let items = page["data"]["items"].as_array().unwrap();
        if items.is_empty() {
            break;
        }
        sequences.extend(items.iter().map(|change| change["sequence"].as_i64().unwrap()));
        after = page["data"]["next"].clone();
    }
    assert!(!sequences.is_empty() && sequences.is_sorted_by(|a, b| a + 1 == *b), "{sequences:?}");
    let (status, _, error) = call(handle, "sweep", &json!({"deadline": "11m"}));
    assert_eq!((status, &error["data"]["details"]["name"]), (202, &json!("deadline")));
    // SAFETY: no error is asked for.
    assert_eq!(unsafe { venue_close(handle, std::ptr::null_mut()) }, VENUE_OK);
}
