use super::*;

fn refused(text: &str) -> (String, RuleFault) {
    match text.parse::<Rule>() {
        Ok(rule) => panic!("{text:?} was read as {rule:?}"),
        Err(error) => (error.part, error.fault),
    }
}

#[test]
fn parts_stand_in_any_order_and_letter_case() {
    let rule: Rule =
        "FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYDAY=1MO,-1FR,SU;BYMONTH=1,12;BYSETPOS=-1,2;WKST=SU"
            .parse()
            .unwrap();
    for same in [
        "wkst=su;bysetpos=2,-1;bymonth=12,1;byday=su,-1fr,1mo;count=5;interval=2;freq=monthly",
        "Count=05;Freq=Monthly;ByDay=+1Mo,-1fR,Su,SU;Interval=0002;ByMonth=01,12;Wkst=sU;BySetPos=+2,-01",
    ] {
        assert_eq!(same.parse::<Rule>().as_ref(), Ok(&rule), "{same}");
    }
}

#[test]
fn each_part_that_is_wrong_is_named_and_how() {
    use RuleFault::{Empty, Missing, NotAPart, Repeated, Unknown, Unsupported};
    for (text, part, fault) in [
        ("", "", NotAPart),
        ("WEEKLY", "WEEKLY", NotAPart),
        ("FREQ=DAILY;", "", NotAPart),
        (";FREQ=DAILY", "", NotAPart),
        ("FREQ=DAILY;;COUNT=2", "", NotAPart),
        ("FREQ=DAILY;COUNT", "COUNT", NotAPart),
        ("COUNT=3", "FREQ", Missing),
        ("FREQ=", "FREQ", Empty),
        ("FREQ=DAILY;BYDAY=", "BYDAY", Empty),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ", Repeated),
        ("FREQ=DAILY;COUNT=2;count=2", "COUNT", Repeated),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ", Unknown),
        ("FREQ=DAILY; COUNT=2", " COUNT", Unknown),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER", Unknown),
        ("FREQ=DAILY;=2", "", Unknown),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR", Unsupported),
        ("FREQ=DAILY;byminute=9", "BYMINUTE", Unsupported),
        ("FREQ=DAILY;BYSECOND=9", "BYSECOND", Unsupported),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO", Unsupported),
        ("FREQ=YEARLY;BYYEARDAY=1", "BYYEARDAY", Unsupported),
        ("BYYEARDAY=", "BYYEARDAY", Unsupported),
    ] {
        assert_eq!(refused(text), (part.to_owned(), fault), "{text:?}");
    }
}

#[test]
fn values_out_of_range_name_their_part() {
    for (part, values) in [
        ("FREQ", &["HOURLY", "MINUTELY", "SECONDLY", "FORTNIGHTLY", "WEEKLY "][..]),
        ("INTERVAL", &["0", "1001", "-1", "+1", "1.5", "a", "99999999999", "２"]),
        ("COUNT", &["0", "100001", "-1", "+1", "1 ", "4294967297"]),
        ("BYMONTH", &["0", "13", "-1", "+1", "JAN", "1,", ",1", "1,,2", "1,13"]),
        ("BYMONTHDAY", &["0", "32", "-32", "-0", "+-1", "--1", "1,", "MO", "1 ,2"]),
        (
            "BYDAY",
            &["M", "MON", "0MO", "54MO", "-54MO", "1", "MO,", "MO,,TU", "MO TU", "éé", "-MO"],
        ),
        ("BYSETPOS", &["0", "367", "-367", "1,", "a", "+"]),
        ("WKST", &["M", "1MO", "MO,TU", "MONDAY"]),
        (
            "UNTIL",
            &[
                "2027",
                "2027123",
                "20271301",
                "20270229",
                "20271231T",
                "20271231T2359",
                "20271231T240000",
                "20271231T235960",
                "20271231235959",
                "2027-12-31",
                "20271231Z",
                "20271231T235959ZZ",
                "20271231T235959+01",
                "2027123é",
                "20271231T23é59",
                "+2027123",
            ],
        ),
    ] {
        for value in values {
            let daily =
                if part == "FREQ" { String::new() } else { "FREQ=YEARLY;BYMONTH=2;".into() };
            let daily = if part == "BYMONTH" { "FREQ=YEARLY;".into() } else { daily };
            let (named, fault) = refused(&format!("{daily}{part}={value}"));
            assert_eq!(named, part, "{value:?}");
            assert!(matches!(fault, RuleFault::Value(_)), "{part}={value} {fault:?}");
        }
    }
}

#[test]
fn the_ends_of_every_range_are_in_it() {
    for text in [
        "FREQ=DAILY;INTERVAL=1",
        "FREQ=DAILY;INTERVAL=1000",
        "FREQ=DAILY;COUNT=1",
        "FREQ=DAILY;COUNT=100000",
        "FREQ=YEARLY;BYMONTH=1,12",
        "FREQ=DAILY;BYMONTHDAY=1,31,-1,-31",
        "FREQ=YEARLY;BYDAY=1MO,53MO,-1SU,-53SU",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,366,-1,-366",
        "FREQ=DAILY;UNTIL=99991231T235959Z",
        "FREQ=DAILY;until=20271231t235959z",
        "FREQ=DAILY;UNTIL=00010101",
    ] {
        assert!(text.parse::<Rule>().is_ok(), "{text}");
    }
}

#[test]
fn parts_that_exclude_each_other_are_named() {
    for (text, part) in [
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=DAILY;BYDAY=MO,-1TU", "BYDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;BYSETPOS=1;WKST=SU", "BYSETPOS"),
    ] {
        let (named, fault) = refused(text);
        assert!(
            named == part && matches!(fault, RuleFault::Excluded(_)),
            "{text}: {named} {fault:?}"
        );
    }
}

#[test]
fn the_message_says_what_is_needed() {
    for (text, message) in [
        ("FREQ=HOURLY", "FREQ: YEARLY, MONTHLY, WEEKLY or DAILY is needed"),
        ("COUNT=3", "FREQ is missing: YEARLY, MONTHLY, WEEKLY or DAILY is needed"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL: 1 to 1000 is needed"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT and UNTIL exclude each other"),
        ("FREQ=DAILY;COUNT=2;COUNT=3", "COUNT stands there twice: once is needed"),
        ("FREQ=DAILY;BYDAY=", "BYDAY has an empty value: fill it in or leave BYDAY out"),
    ] {
        assert_eq!(text.parse::<Rule>().unwrap_err().to_string(), message);
    }
    let unknown = format!("FREQ=DAILY;{}=1", "\u{1b}é".repeat(300));
    let error = unknown.parse::<Rule>().unwrap_err();
    assert_eq!(error.part.chars().count(), 40);
    assert!(!error.to_string().chars().any(char::is_control));
    let long = format!("FREQ=DAILY;BYMONTHDAY=1{}", ",1".repeat(500));
    assert_eq!(refused(&long).1, RuleFault::TooLong);
    assert!("FREQ=DAILY".parse::<Rule>().is_ok_and(|rule| !rule.has_end()));
    assert!("FREQ=DAILY;COUNT=1".parse::<Rule>().is_ok_and(|rule| rule.has_end()));
}
