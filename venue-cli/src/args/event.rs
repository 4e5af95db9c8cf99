//! The arguments of what makes and changes events.

use std::collections::BTreeMap;
use std::str::FromStr;

use clap::Args;
use venue_core::domain::error::Invalid;
use venue_core::domain::instant::Span;
use venue_core::domain::request::{self, Clearable, Price, SaleEnd};
use venue_core::domain::season::{EventStart, HallRef};
use venue_core::domain::text::{Description, Kind, Name, Reason, Slug};

use super::values;

const EVENT: &str = "The event's slug";

/// A category and its price: `CATEGORY=PRICE`.
#[derive(Debug, Clone)]
pub(crate) struct PriceOf(Name, Price);

impl FromStr for PriceOf {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let rule = || "CATEGORY=PRICE is needed, as in Parkett=32.00".to_owned();
        let (category, price) = text.rsplit_once('=').ok_or_else(rule)?;
        let category = category.parse().map_err(|error| format!("{error}"))?;
        Ok(Self(category, price.parse().map_err(|error| format!("{error}"))?))
    }
}

/// The terms of an event.
#[derive(Debug, Args)]
#[command(next_help_heading = "Terms")]
pub(crate) struct Terms {
    /// What it is: movie, match ..
    #[arg(long)]
    kind: Option<Kind>,
    /// Its name for people
    #[arg(long, value_name = "TEXT")]
    title: Option<Name>,
    /// More about it
    #[arg(long, value_name = "TEXT")]
    description: Option<Description>,
    /// A word to find it by; may be given several times, all of them at once
    #[arg(long, value_name = "WORD")]
    tags: Vec<Name>,
    /// Where it takes place
    #[arg(long, value_name = "VENUE/HALL")]
    hall: Option<HallRef>,
    /// How long a slot is
    #[arg(long, value_name = "DURATION")]
    duration: Option<Span>,
    /// How long a hold lives: 30s to 60m
    #[arg(long, value_name = "DURATION")]
    hold: Option<Span>,
    /// How old extending can make a hold: at most 2h
    #[arg(long, value_name = "DURATION")]
    max_hold: Option<Span>,
    /// The most units of one booking: 1 to 100
    #[arg(long, value_name = "N", value_parser = values::number)]
    max_units_per_booking: Option<u32>,
    /// The most units of one buyer in one slot
    #[arg(long, value_name = "N", value_parser = values::number)]
    max_units_per_buyer: Option<u32>,
    /// When the public's sale begins: on the venue's clock, or so long before the start
    #[arg(long, value_name = "LOCAL|DURATION")]
    on_sale_from: Option<SaleEnd>,
    /// When the public's sale ends
    #[arg(long, value_name = "LOCAL|DURATION")]
    on_sale_until: Option<SaleEnd>,
    /// The price of a category; may be given several times. For what is sold from now on
    #[arg(long, value_name = "CATEGORY=PRICE")]
    prices: Vec<PriceOf>,
}

impl Terms {
    fn into_request(self) -> Result<request::EventTerms, Invalid> {
        let mut prices = BTreeMap::new();
        for PriceOf(category, price) in self.prices {
            let twice = format!("{category} has two prices");
            if prices.insert(category, price).is_some() {
                return Err(Invalid::argument("prices", twice));
            }
        }
        Ok(request::EventTerms {
            kind: self.kind,
            title: self.title,
            description: self.description,
            tags: if self.tags.is_empty() { None } else { Some(self.tags) },
            hall: self.hall,
            duration: self.duration,
            hold: self.hold,
            max_hold: self.max_hold,
            max_units_per_booking: self.max_units_per_booking,
            max_units_per_buyer: self.max_units_per_buyer,
            on_sale_from: self.on_sale_from,
            on_sale_until: self.on_sale_until,
            prices,
        })
    }
}

/// `venue event create`
#[derive(Debug, Args)]
pub(crate) struct EventCreate {
    /// Its name in commands; never to be used again
    slug: Slug,
    /// published: begin its sale at once [default: draft]
    #[arg(long, value_parser = values::event_start())]
    state: Option<EventStart>,
    #[command(flatten)]
    terms: Terms,
}

impl EventCreate {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> Result<request::EventCreate, Invalid> {
        let (slug, terms) = (self.slug, self.terms.into_request()?);
        Ok(request::EventCreate { slug, terms, state: self.state.unwrap_or_default() })
    }
}

/// `venue event edit`
#[derive(Debug, Args)]
pub(crate) struct EventEdit {
    #[arg(help = EVENT)]
    event: Slug,
    /// A term that it is to do without; may be given several times
    #[arg(long, value_name = "TERM", value_parser = values::clearable())]
    clear: Vec<Clearable>,
    /// Only if the event still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    expected_version: Option<u32>,
    #[command(flatten)]
    terms: Terms,
}

impl EventEdit {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> Result<request::EventEdit, Invalid> {
        let Self { event, clear, expected_version, terms } = self;
        Ok(request::EventEdit { event, terms: terms.into_request()?, clear, expected_version })
    }
}

/// `venue event publish | complete | delete`
#[derive(Debug, Args)]
pub(crate) struct EventSwitch {
    #[arg(help = EVENT)]
    event: Slug,
    /// Only if the event still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    expected_version: Option<u32>,
}

impl EventSwitch {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> request::EventSwitch {
        request::EventSwitch { event: self.event, expected_version: self.expected_version }
    }
}

/// `venue event cancel`
#[derive(Debug, Args)]
pub(crate) struct EventCancel {
    #[arg(help = EVENT)]
    event: Slug,
    /// Only say how many slots, holds and bookings that would end
    #[arg(long)]
    dry_run: bool,
    /// Why, for people to read
    #[arg(long, value_name = "TEXT")]
    reason: Option<Reason>,
    /// Only if the event still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    expected_version: Option<u32>,
}

impl EventCancel {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> request::EventCancel {
        let Self { event, dry_run, reason, expected_version } = self;
        request::EventCancel { event, dry_run, reason, expected_version }
    }
}

/// `venue event clone`
#[derive(Debug, Args)]
pub(crate) struct EventClone {
    #[arg(help = EVENT)]
    event: Slug,
    /// The new event's name in commands
    #[arg(value_name = "NEW-SLUG")]
    slug: Slug,
    /// Its name for people [default: the same]
    #[arg(long, value_name = "TEXT")]
    title: Option<Name>,
    /// With its schedules too
    #[arg(long)]
    schedules: bool,
}

impl EventClone {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> request::EventClone {
        let Self { event, slug, title, schedules } = self;
        request::EventClone { event, slug, title, schedules }
    }
}
