use super::*;
use crate::domain::season::{EventStart, MAX_MAX_HOLD, SaleBound};
use crate::import::parse_plan;

/// A small season, every key on a line of its own.
const SMALL: &str = r#"[organizer]
slug = "o"
name = "O"
currency = "EUR"
[[event]]
slug = "e"
title = "E"
hall = "v/h"
duration = "2h"
hold = "5m"
[event.prices]
"I" = "10.00"
"Stehplatz vorn" = "5.00"
[[event.schedule]]
starts = "2027-09-04T19:30"
rdate = ["2027-12-26T17:00"]
[[venue]]
slug = "v"
name = "V"
time_zone = "Europe/Berlin"
[[venue.hall]]
slug = "h"
name = "H"
turnaround = "1h"
[venue.hall.grid]
rows = 3
seats = 4
aisles = [2]
accessible = ["A-1"]
categories = { "I" = "A-C" }
[[venue.hall.area]]
name = "Steh"
capacity = 10
category = "Stehplatz vorn"
[[venue.hall]]
slug = "h2"
name = "H2"
plan = "h2.json"
"#;

fn read(text: &str) -> Result<Season, ImportError> {
    let season = parse_season("s.toml", text.as_bytes())?;
    season.check_prices(|_| Vec::new())?;
    Ok(season)
}

#[test]
fn what_is_left_out_has_its_default() {
    let text = SMALL.replace("hold = \"5m\"\n", "");
    let spec = read(&text).unwrap().into_spec();
    let event = &spec.events[0];
    assert_eq!((event.hold, event.max_hold), ("5m".parse().unwrap(), "15m".parse().unwrap()));
    assert_eq!((event.max_units_per_booking, event.max_units_per_buyer), (10, None));
    assert_eq!((event.state, event.kind.as_str()), (EventStart::default(), "event"));
    assert!(event.tags.is_empty() && event.description.is_none());
    assert!(!spec.venues[0].halls[0].shared && spec.venues[0].city.is_none());
    let long = read(&SMALL.replace("hold = \"5m\"", "hold = \"60m\"")).unwrap();
    assert_eq!(long.spec().events[0].max_hold, MAX_MAX_HOLD);
}

#[test]
fn a_sale_may_begin_a_while_before_each_start() {
    let text = SMALL.replace("hold = \"5m\"", "on_sale_from = \"30d\"\non_sale_until = \"0s\"");
    let spec = read(&text).unwrap().into_spec();
    assert_eq!(spec.events[0].on_sale_from, Some(SaleBound::BeforeStart("30d".parse().unwrap())));
    assert_eq!(spec.events[0].on_sale_until, Some(SaleBound::BeforeStart("0s".parse().unwrap())));
}

/// What to replace, by what, and the line and key of the error that it makes.
const WRONG: &[(&str, &str, u32, &str)] = &[
    ("currency = \"EUR\"\n", "", 1, "organizer.currency"),
    ("\"EUR\"", "\"eur\"", 4, "organizer.currency"),
    ("currency = \"EUR\"", "currency = \"EUR\"\ncolour = 1", 5, "organizer.colour"),
    ("slug = \"e\"", "slug = \"E\"", 6, "event[0].slug"),
    ("slug = \"e\"", "slug = 7", 6, "event[0].slug"),
    ("title = \"E\"\n", "", 5, "event[0].title"),
    ("hall = \"v/h\"", "hall = \"v/x\"", 8, "event[0].hall"),
    ("hall = \"v/h\"", "hall = \"h\"", 8, "event[0].hall"),
    ("duration = \"2h\"\n", "", 5, "event[0].duration"),
    ("duration = \"2h\"", "duration = \"0s\"", 9, "event[0].duration"),
    ("duration = \"2h\"", "duration = \"2 h\"", 9, "event[0].duration"),
    ("hold = \"5m\"", "hold = \"29s\"", 10, "event[0].hold"),
    ("hold = \"5m\"", "hold = \"61m\"", 10, "event[0].hold"),
    ("hold = \"5m\"", "max_hold = \"4m\"", 10, "event[0].max_hold"),
    ("hold = \"5m\"", "max_hold = \"121m\"", 10, "event[0].max_hold"),
    ("hold = \"5m\"", "max_units_per_booking = 101", 10, "event[0].max_units_per_booking"),
    ("hold = \"5m\"", "max_units_per_buyer = 0", 10, "event[0].max_units_per_buyer"),
    ("hold = \"5m\"", "on_sale_from = \"soon\"", 10, "event[0].on_sale_from"),
    ("hold = \"5m\"", "state = \"open\"", 10, "event[0].state"),
    ("hold = \"5m\"", "tags = [\"a\", \"a\"]", 10, "event[0].tags[1]"),
    ("hold = \"5m\"", "kind = \"Film\"", 10, "event[0].kind"),
    ("hold = \"5m\"", "\"h o\" = 1", 10, "event[0].\"h o\""),
    ("\"10.00\"", "\"10\"", 12, "event[0].prices.I"),
    ("\"10.00\"", "10.00", 12, "event[0].prices.I"),
    ("\"10.00\"", "\"100000000.00\"", 12, "event[0].prices.I"),
    ("\"I\" = \"10.00\"\n", "", 11, "event[0].prices"),
    ("\"I\" = \"10.00\"", "\"I\" = \"10.00\"\nII = \"1.00\"", 13, "event[0].prices.II"),
    ("\"5.00\"", "\"5.0\"", 13, "event[0].prices.\"Stehplatz vorn\""),
    ("starts = \"2027-09-04T19:30\"", "", 14, "event[0].schedule[0].starts"),
    ("19:30", "25:30", 15, "event[0].schedule[0].starts"),
    ("\"2027-12-26T17:00\"", "\"2027-12-26T17:00\", \"x\"", 16, "event[0].schedule[0].rdate[1]"),
    (
        "rdate = [\"2027-12-26T17:00\"]",
        "rrule = [\"A\", \" \"]",
        16,
        "event[0].schedule[0].rrule[1]",
    ),
    ("rdate = [\"2027-12-26T17:00\"]", "rrule = \"\"", 16, "event[0].schedule[0].rrule"),
    ("rdate = [\"2027-12-26T17:00\"]", "gap = \"skip\"", 16, "event[0].schedule[0].gap"),
    ("rdate = [\"2027-12-26T17:00\"]", "every = \"day\"", 16, "event[0].schedule[0].every"),
    ("Europe/Berlin", "Europe/Bärlin", 20, "venue[0].time_zone"),
    ("turnaround = \"1h\"", "turnaround = 60", 24, "venue[0].hall[0].turnaround"),
    ("turnaround = \"1h\"", "shared = \"no\"", 24, "venue[0].hall[0].shared"),
    ("rows = 3", "rows = 0", 26, "venue[0].hall[0].grid.rows"),
    ("aisles = [2]", "aisles = [4]", 28, "venue[0].hall[0].grid.aisles[0]"),
    ("\"A-1\"", "\"A-5\"", 29, "venue[0].hall[0].grid.accessible[0]"),
    ("\"A-C\"", "\"A-D\"", 30, "venue[0].hall[0].grid.categories.I"),
    ("\"A-C\"", "\"A-B\"", 30, "venue[0].hall[0].grid.categories"),
    ("capacity = 10", "capacity = 0", 33, "venue[0].hall[0].area[0].capacity"),
    ("capacity = 10", "capacity = 1000001", 33, "venue[0].hall[0].area[0].capacity"),
    ("capacity = 10", "capacity = 1.5", 33, "venue[0].hall[0].area[0].capacity"),
    ("slug = \"h2\"", "slug = \"h\"", 36, "venue[0].hall[1].slug"),
    ("\"h2.json\"", "\"/h2.json\"", 38, "venue[0].hall[1].plan"),
    ("\"h2.json\"", "\"h2.json\"\ngrid = {}", 39, "venue[0].hall[1].grid"),
    ("[organizer]", "[[organizer]]", 1, "organizer"),
    ("[[venue]]\n", "[[venues]]\n", 17, "venues"),
];

#[test]
fn every_error_names_the_file_the_line_and_the_key() {
    for (from, to, line, key) in WRONG.iter().copied() {
        assert!(SMALL.contains(from), "{from}");
        let text = match from {
            "[[venue]]\n" => SMALL.replace("[[venue", "[[venues").replace("[venue.", "[venues."),
            _ => SMALL.replacen(from, to, 1),
        };
        let error = read(&text).unwrap_err();
        assert_eq!(error.file, "s.toml");
        assert_eq!((error.line, error.key.as_deref()), (Some(line), Some(key)), "{to}: {error}");
    }
}

#[test]
fn what_stands_twice_is_an_error_at_the_second() {
    let area = "[[venue.hall.area]]\nname = \"Steh\"\ncapacity = 1\ncategory = \"I\"\n";
    let hall = "[[venue.hall]]\nslug = \"h2\"";
    let event = "[[event]]\nslug = \"e\"\ntitle = \"F\"\nhall = \"v/h\"\nprices = {}\n";
    let venue = "[[venue]]\nslug = \"v\"\nname = \"W\"\ntime_zone = \"UTC\"\n";
    for (text, line, key) in [
        (SMALL.replace(hall, &format!("{area}{hall}")), 36, "venue[0].hall[0].area[1].name"),
        (format!("{SMALL}{event}"), 40, "event[1].slug"),
        (format!("{SMALL}{venue}"), 40, "venue[1].slug"),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!((error.line, error.key.as_deref()), (Some(line), Some(key)), "{error}");
    }
}

#[test]
fn what_is_not_toml_has_a_line() {
    for (text, line) in [("x", 1), ("a = 1\na = 2", 2), ("[organizer]\nslug = \"", 2)] {
        let error = read(text).unwrap_err();
        assert_eq!(error.line, Some(line), "{text:?}: {error}");
    }
    let error = parse_season("x", &vec![b'#'; MAX_SEASON_BYTES + 1]).unwrap_err();
    assert_eq!(error.message, "the file is larger than 16 MiB");
    assert!(read(&("a = ".to_owned() + &"[".repeat(100_000))).is_err());
}

#[test]
fn plan_files_are_handed_in_once_and_their_errors_name_the_season() {
    let plan = r#"{"name":"x","categories":[],"zones":[{}]}"#;
    let hall = "[[venue.hall]]\nslug = \"h3\"\nname = \"H3\"\nplan = \"h2.json\"\n";
    let mut season = read(&format!("{SMALL}{hall}")).unwrap();
    assert_eq!(season.plan_files().len(), 2);
    assert_eq!(season.spec().plan_files(), ["h2.json"]);
    let refused = season.clone().resolve(|file| Err(season.plan_file_error(file, "no such file")));
    let error = refused.unwrap_err();
    assert_eq!(error.to_string(), "s.toml:38: venue[0].hall[1].plan: no such file");
    let mut asked = Vec::new();
    let read = season.resolve(|file| {
        asked.push(file.name.clone());
        parse_plan(&file.name, plan.as_bytes()).map(|(plan, _)| plan)
    });
    assert_eq!((read, asked), (Ok(()), vec!["h2.json".to_owned()]));
    assert!(season.spec().plan_files().is_empty());
}

#[test]
fn prices_are_compared_with_the_plan_that_a_hall_keeps() {
    let text =
        SMALL.replace("hall = \"v/h\"", "hall = \"v/h2\"").replace("plan = \"h2.json\"\n", "");
    let season = parse_season("s.toml", text.as_bytes()).unwrap();
    let names = |names: &[&str]| names.iter().map(|n| n.parse().unwrap()).collect::<Vec<Name>>();
    assert_eq!(season.check_prices(|_| names(&["I", "Stehplatz vorn"])), Ok(()));
    let error = season.check_prices(|_| names(&["I", "II", "Stehplatz vorn"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "s.toml:11: event[0].prices: the category \"II\" of the hall has no price"
    );
    let error = season.check_prices(|_| names(&["I"])).unwrap_err();
    assert_eq!(
        (error.line, error.key.as_deref()),
        (Some(13), Some("event[0].prices.\"Stehplatz vorn\""))
    );
}

#[test]
fn what_is_found_wrong_later_has_its_line_too() {
    let lines = Lines::of(SMALL.as_bytes());
    for (key, line) in [
        ("event[0].prices.\"Stehplatz vorn\"", Some(13)),
        ("event[0].prices.\"I\"", Some(12)),
        ("event[0].prices.\"Nowhere\"", Some(11)),
        ("venue[0].hall[1].plan", Some(38)),
        ("organizer.currency.x[7]", lines.at("organizer.currency")),
        ("nothing.at[0].all", None),
    ] {
        assert_eq!(lines.at(key), line, "{key}");
    }
    assert_eq!(Lines::of(b"organizer = [").at("organizer"), None);
    assert_eq!(Lines::of(b"\xff").at("organizer"), None);
}
