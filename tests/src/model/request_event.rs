//! What the model does to events, as requests of the engine.

use std::collections::BTreeMap;

use serde_json::json;
use venue_core::domain::instant::Span;
use venue_core::domain::request::{
    Clearable, EventCancel, EventClone, EventEdit, EventSwitch, EventTerms, SaleEnd, ScheduleAdd,
    Verb,
};
use venue_core::domain::text::Slug;

use super::command::{EventAct, Term};
use super::season::local;

/// What is done to the event of this slug, which is expected to have this version.
pub(super) fn event_verb(slug: &str, act: &EventAct, expected_version: Option<u32>) -> Verb {
    let event: Slug = slug.parse().expect("a slug");
    let switch = |event| EventSwitch { event, expected_version };
    match act {
        EventAct::Publish => Verb::EventPublish(switch(event)),
        EventAct::Complete => Verb::EventComplete(switch(event)),
        EventAct::Delete => Verb::EventDelete(switch(event)),
        EventAct::Cancel { dry_run } => {
            let dry_run = *dry_run;
            Verb::EventCancel(EventCancel { dry_run, expected_version, ..EventCancel::new(event) })
        }
        EventAct::Edit(term) => {
            let (terms, clear) = edit(*term);
            Verb::EventEdit(EventEdit { event, terms, clear, expected_version })
        }
        EventAct::Clone { number, schedules } => Verb::EventClone(EventClone {
            event,
            slug: format!("neu-{number}").parse().expect("a slug"),
            title: None,
            schedules: *schedules,
        }),
        EventAct::Schedule(dates) => {
            let dates: Vec<String> = dates.iter().map(|date| local(*date)).collect();
            let rule = json!({"starts": dates[0], "rdate": dates[1..]});
            let rule = serde_json::from_value(rule).expect("a rule");
            Verb::ScheduleAdd(ScheduleAdd { event, rule, expected_version })
        }
    }
}

fn edit(term: Term) -> (EventTerms, Vec<Clearable>) {
    let mut terms = EventTerms::default();
    let number = |value: i64| u32::try_from(value).expect("a number");
    let span = |span: i64| -> SaleEnd {
        Span::from_micros(span).to_string().parse().expect("a time before the start")
    };
    let mut clear = Vec::new();
    match term {
        Term::Title(n) => terms.title = Some(format!("Titel {n}").parse().expect("a title")),
        Term::PerBooking(most) => terms.max_units_per_booking = Some(number(most)),
        Term::PerBuyer(Some(most)) => terms.max_units_per_buyer = Some(number(most)),
        Term::PerBuyer(None) => clear.push(Clearable::MaxUnitsPerBuyer),
        Term::Price(minor) => {
            let price = format!("{}.{:02}", minor / 100, minor % 100).parse().expect("a price");
            terms.prices = BTreeMap::from([("Parkett".parse().expect("a name"), price)]);
        }
        Term::Hold(hold) => terms.hold = Some(Span::from_micros(hold)),
        Term::SaleFrom(Some(before)) => terms.on_sale_from = Some(span(before)),
        Term::SaleFrom(None) => clear.push(Clearable::OnSaleFrom),
        Term::SaleUntil(Some(before)) => terms.on_sale_until = Some(span(before)),
        Term::SaleUntil(None) => clear.push(Clearable::OnSaleUntil),
    }
    (terms, clear)
}
