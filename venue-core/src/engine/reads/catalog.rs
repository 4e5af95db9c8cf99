//! Venues, halls, plans and events.

use crate::domain::cursor::CursorKey;
use crate::domain::query::{PlanList, PlanShow, ScheduleList, VenueShow};
use crate::domain::refusal::Refusal;
use crate::domain::season::HallRef;
use crate::domain::text::Slug;
use crate::domain::view::{
    EventView, HallView, Page, PlanSummary, PlanView, ScheduleItem, VenueView,
};
use crate::store::queries::{events, plans, schedules, venues};

use super::Stop;
use super::reader::Reader;

/// The organizer's venues, by slug.
pub(super) fn venue_list(reader: &mut Reader<'_>) -> Result<Page<VenueView>, Stop> {
    let after = reader.start(String::new(), CursorKey::take_slug)?;
    let rows = reader.rows();
    let found = venues::venue_page(reader.tx, reader.organizer, &after, rows)?;
    Ok(reader.page(found, |venue| CursorKey::default().slug(venue.slug.as_str())))
}

/// One venue.
pub(super) fn venue_show(reader: &mut Reader<'_>, query: &VenueShow) -> Result<VenueView, Stop> {
    let found = venues::venue_by_slug(reader.tx, reader.organizer, &query.venue)?;
    found.ok_or_else(|| Refusal::not_found("venue", [&query.venue]).into())
}

/// The organizer's halls, by the slugs of venue and hall.
pub(super) fn hall_list(reader: &mut Reader<'_>) -> Result<Page<HallView>, Stop> {
    let (venue, hall) = reader
        .start((String::new(), String::new()), |key| Ok((key.take_slug()?, key.take_slug()?)))?;
    let rows = reader.rows();
    let found = venues::hall_page(reader.tx, reader.organizer, (&venue, &hall), rows)?;
    Ok(reader.page(found, |hall| hall_key(&hall.hall)))
}

fn hall_key(hall: &HallRef) -> CursorKey {
    CursorKey::default().slug(hall.venue.as_str()).slug(hall.hall.as_str())
}

/// One hall.
pub(super) fn hall_show(reader: &mut Reader<'_>, hall: &HallRef) -> Result<HallView, Stop> {
    let found = venues::hall_by_name(reader.tx, reader.organizer, hall)?;
    found.ok_or_else(|| Refusal::not_found("hall", [hall]).into())
}

/// The organizer's plan versions, by hall and number.
pub(super) fn plan_list(
    reader: &mut Reader<'_>,
    query: &PlanList,
) -> Result<Page<PlanSummary>, Stop> {
    let hall = match &query.hall {
        Some(name) => Some(reader.hall_named(name)?.0),
        None => None,
    };
    let beginning = (String::new(), String::new(), 0);
    let (venue, of, number) = reader
        .start(beginning, |key| Ok((key.take_slug()?, key.take_slug()?, key.take_number()?)))?;
    let rows = reader.rows();
    let after = (&*venue, &*of, number);
    let found = plans::page(reader.tx, reader.organizer, hall, after, rows)?;
    Ok(reader.page(found, |plan| hall_key(&plan.hall).number(plan.version)))
}

/// One version of a hall's plan, with every seat.
pub(super) fn plan_show(reader: &mut Reader<'_>, query: &PlanShow) -> Result<PlanView, Stop> {
    let (hall, _) = reader.hall_named(&query.hall)?;
    let found = plans::of_hall(reader.tx, hall, query.version.map(i64::from))?;
    let name = match query.version {
        Some(version) => format!("{} version {version}", query.hall),
        None => query.hall.to_string(),
    };
    let (summary, layout) = found.ok_or_else(|| Refusal::not_found("plan", [name]))?;
    let seats = plans::seats(reader.tx, summary.id)?;
    Ok(PlanView {
        summary,
        categories: layout.categories,
        sections: layout.sections,
        rows: layout.rows,
        seats,
        drawings: layout.drawings,
    })
}

/// One event.
pub(super) fn event_show(reader: &mut Reader<'_>, slug: &Slug) -> Result<EventView, Stop> {
    let drafts = reader.sees_drafts();
    let found = events::by_slug(reader.tx, reader.organizer, slug, drafts)?;
    found.ok_or_else(|| Refusal::not_found("event", [slug]).into())
}

/// The schedules of the organizer's events, by event and place.
pub(super) fn schedule_list(
    reader: &mut Reader<'_>,
    query: &ScheduleList,
) -> Result<Page<ScheduleItem>, Stop> {
    if let Some(event) = &query.event {
        event_show(reader, event)?;
    }
    let (event, number) =
        reader.start((String::new(), 0), |key| Ok((key.take_slug()?, key.take_number()?)))?;
    let wanted = schedules::Wanted {
        organizer: reader.organizer,
        after: (&event, number),
        event: query.event.as_ref(),
        drafts: reader.sees_drafts(),
        now: reader.now,
    };
    let rows = reader.rows();
    let found = schedules::page(reader.tx, &wanted, rows)?;
    Ok(reader.page(found, |it| {
        let number = it.schedule.rsplit('#').next().and_then(|number| number.parse().ok());
        CursorKey::default().slug(it.event.as_str()).number(number.unwrap_or(i64::MAX))
    }))
}
