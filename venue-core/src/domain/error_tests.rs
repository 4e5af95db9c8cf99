use super::*;

#[test]
fn details_have_the_catalogued_fields() {
    let errors = [
        Error::from(Refusal::BookingLimit { limit: 10, asked: 11 }),
        Error::from(Refusal::SoldOut),
        Error::from(Refusal::NotOnSale { from: None }),
        Error::from(Invalid::argument("ttl", "too short")),
        Error::from(Invalid::OrganizerNeeded),
        Error::Unknown { key: None, moved: true },
    ];
    for error in errors {
        let body = error.body();
        let entry = catalogued(&body.code).unwrap();
        let mut fields: Vec<_> = match &body.details {
            Some(serde_json::Value::Object(members)) => {
                members.keys().map(String::as_str).collect()
            }
            _ => Vec::new(),
        };
        fields.sort_unstable();
        let mut expected = entry.fields.to_vec();
        expected.sort_unstable();
        assert_eq!(fields, expected, "{}", body.code);
        assert_eq!(body.class, entry.class);
        assert_eq!(error.advice(), entry.advice);
    }
}

#[test]
fn only_busy_says_when_to_ask_again_and_only_unknown_with_which_key() {
    let (at, key): (Instant, Key) = (Instant::clamped(7), "k".parse().unwrap());
    let unknown = |moved| Error::Unknown { key: Some(key.clone()), moved };
    for (error, retry_at, asked_with, class) in [
        (Error::Busy { retry_at: at }, Some(at), None, Class::Retry),
        (Error::InUse, None, None, Class::Retry),
        (unknown(true), None, Some(key.clone()), Class::Unknown),
        (unknown(false), None, Some(key.clone()), Class::Unknown),
        (Error::Bug { message: "x".to_owned() }, None, None, Class::Bug),
    ] {
        let body = error.body();
        assert_eq!((error.retry_at(), body.retry_at), (retry_at, retry_at), "{error}");
        assert_eq!((body.key, body.class), (asked_with, class), "{error}");
    }
    let details = |error: Error| error.body().details;
    assert_eq!(details(unknown(true)), Some(serde_json::json!({"moved": true})));
    assert_eq!((details(unknown(false)), details(Error::InUse)), (None, None));
}

#[test]
fn a_storage_code_has_one_name_in_text_json_and_catalogue() {
    for code in [
        StorageCode::NoFile,
        StorageCode::ForeignFile,
        StorageCode::NewerSchema,
        StorageCode::DiskFull,
        StorageCode::IoError,
        StorageCode::OutOfMemory,
        StorageCode::Damaged,
        StorageCode::ReadOnly,
        StorageCode::Moved,
        StorageCode::ClockBehind,
        StorageCode::ClockJumped,
        StorageCode::NetworkFs,
        StorageCode::TargetExists,
        StorageCode::FenceOwed,
        StorageCode::Output,
        StorageCode::Database,
    ] {
        assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        let error = Error::Storage { code, message: String::new() };
        let entry = catalogued(error.code()).unwrap();
        assert_eq!((entry.code, entry.class), (code.name(), error.class()));
    }
}
