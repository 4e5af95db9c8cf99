//! Events, prices and schedules of a season file.

use crate::domain::instant::Span;
use crate::domain::money::parse_price;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::season::{
    DEFAULT_HOLD, DEFAULT_UNITS_PER_BOOKING, EventSpec, EventStart, MAX_HOLD, MAX_MAX_HOLD,
    MAX_UNITS_PER_BOOKING, MIN_HOLD, PriceSpec, SaleBound,
};
use crate::domain::text::Name;
use crate::import::ImportError;
use crate::import::season_hall::span;
use crate::import::toml_node::{Members, Node};

/// The most tags of an event.
const MAX_TAGS: usize = 100;
/// The highest number that a request can name.
const MAX_NUMBER: u32 = 2_147_483_647;

/// Where the parts of an event stand that are judged once the halls are known.
pub(super) struct EventNodes<'d> {
    pub(super) slug: Node<'d>,
    pub(super) hall: Node<'d>,
    pub(super) prices: Node<'d>,
}

/// Reads one `[[event]]`.
pub(super) fn event<'d>(node: &Node<'d>) -> Result<(EventSpec, EventNodes<'d>), ImportError> {
    let mut members = node.members()?;
    let slug = members.need("slug")?;
    let hall = members.need("hall")?;
    let kind = members.read("kind", kind)?.unwrap_or_else(|| "event".to_owned());
    let title = members.need("title")?.parse()?;
    let description = members.read("description", Node::parse)?;
    let tags = members.read("tags", tags)?.unwrap_or_default();
    let duration = members.read("duration", |node| span(node, false))?;
    let (hold, max_hold) = holds(&mut members)?;
    let max_units_per_booking = members
        .read("max_units_per_booking", |node| node.number(1, MAX_UNITS_PER_BOOKING))?
        .unwrap_or(DEFAULT_UNITS_PER_BOOKING);
    let max_units_per_buyer =
        members.read("max_units_per_buyer", |node| node.number(1, MAX_NUMBER))?;
    let on_sale_from = members.read("on_sale_from", sale_bound)?;
    let on_sale_until = members.read("on_sale_until", sale_bound)?;
    let state = members.read("state", state)?.unwrap_or_default();
    let prices_node = members.need("prices")?;
    let schedule_nodes = members.list("schedule")?;
    members.finish()?;
    let prices = prices(&prices_node)?;
    let mut schedules = Vec::with_capacity(schedule_nodes.len());
    for node in &schedule_nodes {
        let spec = schedule(node, duration)?;
        if spec.slot_length(duration).is_none() {
            let message = "a duration is needed, or a length in each of the schedules";
            return Err(members.error("duration", None, message));
        }
        schedules.push(spec);
    }
    let spec = EventSpec {
        slug: slug.parse()?,
        kind,
        title,
        description,
        tags,
        hall: hall.parse()?,
        duration,
        hold,
        max_hold,
        max_units_per_booking,
        max_units_per_buyer,
        on_sale_from,
        on_sale_until,
        state,
        prices,
        schedules,
    };
    Ok((spec, EventNodes { slug, hall, prices: prices_node }))
}

fn kind(node: &Node<'_>) -> Result<String, ImportError> {
    let text = node.text()?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(node.error("1 to 40 characters of a-z, 0-9, '_' and '-' are needed"))
    }
}

fn tags(node: &Node<'_>) -> Result<Vec<Name>, ImportError> {
    let mut tags = Vec::new();
    for (place, node) in node.list()?.into_iter().enumerate() {
        let tag = node.parse()?;
        if place >= MAX_TAGS {
            return Err(node.error(format_args!("an event has at most {MAX_TAGS} tags")));
        }
        if tags.contains(&tag) {
            return Err(node.error("this tag is named twice"));
        }
        tags.push(tag);
    }
    Ok(tags)
}

fn holds(members: &mut Members<'_>) -> Result<(Span, Span), ImportError> {
    let hold = members.read("hold", |node| {
        let hold: Span = node.parse()?;
        if (MIN_HOLD..=MAX_HOLD).contains(&hold) {
            Ok(hold)
        } else {
            Err(node.error("30s to 60m is needed"))
        }
    })?;
    let hold = hold.unwrap_or(DEFAULT_HOLD);
    let max_hold = members.read("max_hold", |node| {
        let max_hold: Span = node.parse()?;
        if (hold..=MAX_MAX_HOLD).contains(&max_hold) {
            Ok(max_hold)
        } else {
            Err(node.error(format_args!("at least the hold ({hold}) and at most 2h is needed")))
        }
    })?;
    let tripled = Span::from_micros(hold.micros().saturating_mul(3)).min(MAX_MAX_HOLD);
    Ok((hold, max_hold.unwrap_or(tripled)))
}

fn sale_bound(node: &Node<'_>) -> Result<SaleBound, ImportError> {
    let text = node.text()?;
    if let Ok(local) = text.parse() {
        return Ok(SaleBound::At(local));
    }
    if text.parse::<Span>().is_ok() {
        return span(node, true).map(SaleBound::BeforeStart);
    }
    Err(node.error(
        "a local time (2026-11-01T10:00) or a length of time before the start (30d) is needed",
    ))
}

fn state(node: &Node<'_>) -> Result<EventStart, ImportError> {
    match node.text()? {
        "draft" => Ok(EventStart::Draft),
        "published" => Ok(EventStart::Published),
        _ => Err(node.error("draft or published is needed")),
    }
}

fn prices(node: &Node<'_>) -> Result<Vec<PriceSpec>, ImportError> {
    let mut prices = Vec::new();
    for (category, node) in node.members()?.into_nodes() {
        prices.push(PriceSpec {
            category: category.parse().map_err(|wrong| node.error(wrong))?,
            minor: parse_price(node.text()?).map_err(|wrong| node.error(wrong))?,
        });
    }
    Ok(prices)
}

/// Reads one `[[event.schedule]]` of an event of so much duration.
fn schedule(node: &Node<'_>, duration: Option<Span>) -> Result<ScheduleSpec, ImportError> {
    let mut members = node.members()?;
    let spec = ScheduleSpec {
        starts: members.read("starts", Node::parse)?,
        rrule: list(&mut members, "rrule", text)?,
        rdate: list(&mut members, "rdate", Node::parse)?,
        exdate: list(&mut members, "exdate", Node::parse)?,
        gap: members.read("gap", Node::parse)?.unwrap_or_default(),
        open: list(&mut members, "open", text)?,
        overrides: list(&mut members, "override", text)?,
        from: members.read("from", Node::parse)?,
        until: members.read("until", Node::parse)?,
        duration: members.read("duration", Node::parse)?,
        length: members.read("length", Node::parse)?,
        step: members.read("step", Node::parse)?,
        pause: members.read("break", Node::parse)?,
        align: members.read("align", Node::parse)?,
        overlap: members.read("overlap", Node::boolean)?.unwrap_or(false),
        notice: members.read("notice", Node::parse)?,
        horizon: members.read("horizon", Node::parse)?,
    };
    members.finish()?;
    match spec.check(duration) {
        Ok(()) => Ok(spec),
        Err(wrong) => Err(members.error(wrong.key, wrong.entry, wrong.message)),
    }
}

fn text(node: &Node<'_>) -> Result<String, ImportError> {
    node.text().map(str::to_owned)
}

/// A list, or one text that stands for it.
fn list<'d, T>(
    members: &mut Members<'d>,
    name: &str,
    read: impl Fn(&Node<'d>) -> Result<T, ImportError>,
) -> Result<Vec<T>, ImportError> {
    let nodes = members.read(name, Node::texts)?.unwrap_or_default();
    nodes.iter().map(read).collect()
}
