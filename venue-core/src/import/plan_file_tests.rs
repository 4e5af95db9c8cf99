use super::*;

/// A small plan, one value a line, so that every error has a line of its own.
const SMALL: &str = r##"{
  "name": "Saal",
  "categories": [
    {"name": "I", "color": "#fff"},
    {"name": "II"}
  ],
  "size": {"width": 100, "height": 50},
  "zones": [
    {
      "name": "Z",
      "position": {"x": 0.0005, "y": 1},
      "rows": [
        {
          "row_number": "1",
          "position": {"x": 0.0005, "y": -2},
          "seats": [
            {
              "seat_guid": "a",
              "seat_number": "1",
              "position": {"x": 0.0005, "y": 3.5},
              "category": "I"
            },
            {
              "seat_guid": "b",
              "seat_number": "2",
              "position": {"x": 25, "y": 0},
              "category": "II",
              "accessible": true
            }
          ]
        }
      ],
      "areas": [
        {"shape": "text", "position": {"x": 1, "y": 2}, "text": {"text": "Bar"}},
        {"text": "Stage", "width": 3, "height": 4}
      ]
    }
  ]
}"##;

fn read(text: &str) -> Result<(Plan, Vec<ImportWarning>), ImportError> {
    parse_plan("saal.json", text.as_bytes())
}

#[test]
fn a_seat_stands_at_the_sum_of_three_rounded_positions() {
    let (plan, warnings) = read(SMALL).unwrap();
    assert_eq!(warnings, []);
    let seat = &plan.seats()[0];
    assert_eq!((seat.x_milli, seat.y_milli), (3, 2_500));
    assert_eq!(&*seat.label, "Z-1-1");
    assert!(!seat.accessible && plan.seats()[1].accessible);
    assert_eq!(plan.focal(), Point { x_milli: 50_000, y_milli: 0 });
    let named = |text: &str| Some(text.parse::<Name>().unwrap());
    let drawn = &plan.parts().drawings;
    assert_eq!((&drawn[0].shape, &drawn[0].text), (&named("text"), &named("Bar")));
    assert_eq!(drawn[0].at, Point { x_milli: 1_001, y_milli: 3_000 });
    assert_eq!((&drawn[1].shape, &drawn[1].text), (&None, &named("Stage")));
}

#[test]
fn an_unknown_property_is_one_warning_at_its_first_place() {
    let text = SMALL
        .replace("\"seat_number\"", "\"mood\": 1,\n\"seat_number\"")
        .replace("\"name\": \"Saal\"", "\"name\": \"Saal\", \"shade\": {}");
    let (_, warnings) = read(&text).unwrap();
    let found: Vec<_> =
        warnings.iter().map(|w| (w.line.unwrap(), w.key.as_deref().unwrap())).collect();
    assert_eq!(found, [(2, "shade"), (19, "zones[0].rows[0].seats[0].mood")]);
    assert_eq!(warnings[1].message, "the property \"mood\" is not known and is ignored");
}

#[test]
fn every_error_names_the_file_the_line_and_the_key() {
    let seat = "zones[0].rows[0].seats[1]";
    for (from, to, line, key) in [
        ("\"name\": \"Saal\",\n", "", 1, "name".to_owned()),
        ("\"name\": \"Saal\"", "\"name\": 7", 2, "name".into()),
        ("\"name\": \"Saal\"", "\"name\": \"a\\u0000\"", 2, "name".into()),
        ("\"name\": \"II\"", "\"name\": \"I\"", 5, "categories[1].name".into()),
        ("\"name\": \"II\"", "\"name\": \"\"", 5, "categories[1].name".into()),
        ("{\"name\": \"II\"}", "{}", 5, "categories[1].name".into()),
        ("\"width\": 100", "\"width\": \"100\"", 7, "size.width".into()),
        ("\"width\": 100, ", "", 7, "size.width".into()),
        ("\"seat_guid\": \"b\"", "\"seat_guid\": \"a\"", 24, format!("{seat}.seat_guid")),
        ("\"seat_guid\": \"b\"", "\"seat_guid\": \"b c\"", 24, format!("{seat}.seat_guid")),
        ("\"seat_guid\": \"b\"", "\"seat_guid\": \"b,c\"", 24, format!("{seat}.seat_guid")),
        ("\"seat_guid\": \"b\",", "", 23, format!("{seat}.seat_guid")),
        ("\"seat_number\": \"2\"", "\"seat_number\": 2", 25, format!("{seat}.seat_number")),
        ("\"x\": 25", "\"x\": 1e999", 26, format!("{seat}.position.x")),
        ("\"x\": 25", "\"x\": -1000000001", 26, format!("{seat}.position.x")),
        ("\"x\": 25, ", "", 26, format!("{seat}.position.x")),
        ("\"category\": \"II\"", "\"category\": \"III\"", 27, format!("{seat}.category")),
        ("\"accessible\": true", "\"accessible\": 1", 28, format!("{seat}.accessible")),
        ("\"accessible\": true", "\"category\": \"I\"", 28, format!("{seat}.category")),
        ("\"row_number\": \"1\"", "\"row_number\": null", 13, "zones[0].rows[0].row_number".into()),
        ("\"text\": \"Bar\"", "\"text\": 1", 34, "zones[0].areas[0].text.text".into()),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let error = read(&SMALL.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.file, "saal.json");
        assert_eq!((error.line, error.key.as_deref()), (Some(line), Some(&*key)), "{to}: {error}");
    }
}

#[test]
fn a_plan_has_zones_and_no_empty_rows() {
    let frame = |zones: &str| format!("{{\"name\":\"\",\"categories\":[],\n\"zones\":{zones}}}");
    for (zones, line, key) in [
        ("[]", 1, "zones"),
        ("{}", 2, "zones"),
        ("[\n7]", 3, "zones[0]"),
        ("[{\"rows\":[{\"row_number\":\"1\",\n\"seats\":[]}]}]", 3, "zones[0].rows[0].seats"),
        ("[{\"rows\":[{\"row_number\":\"1\"}]}]", 2, "zones[0].rows[0].seats"),
    ] {
        let error = read(&frame(zones)).unwrap_err();
        assert_eq!((error.line, error.key.as_deref()), (Some(line), Some(key)), "{error}");
    }
    let (plan, _) = read(&frame("[{}]")).unwrap();
    assert_eq!((plan.capacity(), plan.sections().len(), plan.focal()), (0, 1, Point::default()));
}

#[test]
fn the_first_of_two_seats_with_one_id_is_named() {
    let text = SMALL.replacen("\"seat_guid\": \"b\"", "\"seat_guid\": \"a\"", 1);
    let message = read(&text).unwrap_err().message;
    assert_eq!(message, "the id a is already that of zones[0].rows[0].seats[0]");
}

#[test]
fn what_is_not_json_has_a_line() {
    for (text, line) in [("", 1), ("{", 1), ("{\n\"a\":\n}", 3), ("[]\n\n7", 3), ("nul", 1)] {
        let error = read(text).unwrap_err();
        assert_eq!((error.line, error.key), (Some(line), None), "{text:?}");
        assert!(!error.message.contains("at line"), "{}", error.message);
    }
    let error = parse_plan("x", b"{\n\"name\": \"\xff\"}").unwrap_err();
    assert_eq!((error.line, error.message.as_str()), (Some(2), "the file is not UTF-8"));
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(read(&deep).is_err());
}

#[test]
fn a_mark_at_the_beginning_is_left_out() {
    assert!(read(&format!("\u{feff}{SMALL}")).is_ok());
}

#[test]
fn the_size_is_checked_before_anything_is_read() {
    let error = parse_plan("x", &vec![b' '; MAX_PLAN_BYTES + 1]).unwrap_err();
    assert_eq!(error.message, "the file is larger than 64 MiB");
}

#[test]
fn a_seat_without_any_number_is_labelled_by_its_id() {
    let zone = r#"{"rows":[{"row_number":"","seats":[{"seat_guid":"g","seat_number":"","category":"I",
        "position":{"x":0,"y":0}}]}]}"#;
    let text = format!(r#"{{"name":"","categories":[{{"name":"I"}}],"zones":[{zone}]}}"#);
    let (plan, _) = read(&text).unwrap();
    assert_eq!(&*plan.seats()[0].label, "g");
}
