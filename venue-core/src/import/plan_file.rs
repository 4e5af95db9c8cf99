//! A seating plan's file: pretix's seating-plan JSON, read into a [`Plan`].
//!
//! # Source
//! pretix, `seating-plan.schema.json`; beside it `focal_point`, `zone_id`, `wheelchair` and `accessible`.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::plan::{
    Category, Drawing, MAX_CATEGORIES, MAX_NUMBER_CHARS, MAX_SEATS, Plan, PlanError, PlanParts,
    PlanPlace, PlanProblem, Point, Row, Seat, Section, Size, seat_label,
};
use crate::domain::text::{Name, SeatGuid};
use crate::import::json::{Fault, Found, Object, Part, Source};
use crate::import::{ImportError, ImportWarning};

/// The largest plan file, in bytes: 64 MiB.
pub const MAX_PLAN_BYTES: usize = 64 * 1024 * 1024;

/// Reads a seating plan's file.
///
/// # Takes
/// `file`: what to call it in errors. `bytes`: all of it, at most [`MAX_PLAN_BYTES`].
///
/// # Returns
/// The plan, and one warning for each property that nobody knows.
///
/// # Errors
/// The first thing wrong, with its line and the path to it, as in `zones[0].rows[3].seats[7].category`.
pub fn parse_plan(file: &str, bytes: &[u8]) -> Result<(Plan, Vec<ImportWarning>), ImportError> {
    let text = super::text(file, bytes, MAX_PLAN_BYTES)?;
    let (source, whole) = Source::new(file, text)?;
    let mut reader = Reader {
        source,
        parts: PlanParts::default(),
        categories: FxHashMap::default(),
        places: Places::default(),
    };
    if let Err(fault) = reader.plan(whole) {
        return Err(reader.source.error(fault));
    }
    let Reader { source, parts, places, .. } = reader;
    match Plan::new(parts) {
        Ok(plan) => Ok((plan, source.into_warnings())),
        Err(wrong) => Err(source.error(places.fault(&wrong))),
    }
}

const PLAN: [&str; 5] = ["name", "categories", "size", "zones", "focal_point"];
const ZONE: [&str; 8] =
    ["name", "zone_id", "position", "rows", "areas", "displayed", "uuid", "rotation"];
const ROW: [&str; 9] = [
    "row_number",
    "position",
    "seats",
    "row_label",
    "row_number_position",
    "number_of_seats",
    "seats_spacing",
    "rotation",
    "uuid",
];
const SEAT: [&str; 9] = [
    "seat_guid",
    "seat_number",
    "seat_label",
    "position",
    "category",
    "wheelchair",
    "accessible",
    "radius",
    "uuid",
];

/// Where in the file the parts of the plan stand, for errors that show only in the whole.
#[derive(Default)]
struct Places {
    whole: usize,
    /// Zone, row within it, byte.
    rows: Vec<(usize, usize, usize)>,
    /// Row in the plan, place within it, byte of the id.
    seats: Vec<(u32, usize, usize)>,
}

struct Reader<'a> {
    source: Source<'a>,
    parts: PlanParts,
    categories: FxHashMap<String, u32>,
    places: Places,
}

impl<'a> Reader<'a> {
    fn plan(&mut self, whole: Part<'a>) -> Found<()> {
        self.places.whole = self.source.offset(whole);
        let plan = self.source.object(whole)?;
        self.source.warn_of_unknown(&plan, &PLAN, String::new);
        let name = plan.need(&self.source, "name")?;
        let name = under("name", self.plain(name, 200, &PlanProblem::BadName))?;
        self.parts.name = name.into_owned();
        let size = plan.optional("size", |part| {
            let size = self.source.object(part)?;
            let side = |name| {
                let part = size.need(&self.source, name)?;
                under(name, self.source.milli(part))
            };
            Ok(Size { width_milli: side("width")?, height_milli: side("height")? })
        })?;
        self.parts.size = size;
        let focal = plan.optional("focal_point", |part| self.point(part))?;
        // Half of whole thousandths, half away from zero as everywhere.
        let width = size.map_or(0, |size| size.width_milli);
        let middle = width / 2 + width % 2;
        self.parts.focal = focal.unwrap_or(Point { x_milli: middle, y_milli: 0 });
        let categories = plan.need(&self.source, "categories")?;
        under("categories", self.read_categories(categories))?;
        let zones = plan.need(&self.source, "zones")?;
        let zones = under("zones", self.source.array(zones, MAX_SEATS))?;
        for (place, zone) in zones.into_iter().enumerate() {
            self.zone(place, zone).map_err(|fault| fault.under(format_args!("zones[{place}]")))?;
        }
        Ok(())
    }

    fn read_categories(&mut self, part: Part<'a>) -> Found<()> {
        for (place, part) in self.source.array(part, MAX_CATEGORIES)?.into_iter().enumerate() {
            let index = number(place);
            self.category(index, part).map_err(|fault| fault.under(format_args!("[{place}]")))?;
        }
        Ok(())
    }

    fn category(&mut self, index: u32, part: Part<'a>) -> Found<()> {
        let category = self.source.object(part)?;
        let key = || format!("categories[{index}]");
        self.source.warn_of_unknown(&category, &["name", "color"], key);
        let name_part = category.need(&self.source, "name")?;
        let name = under("name", self.name(name_part))?;
        if self.categories.insert(name.as_str().to_owned(), index).is_some() {
            return Err(
                fault(&self.source, name_part, &PlanProblem::DuplicateCategory).under("name")
            );
        }
        let color = category.optional("color", |part| self.name_if_any(part))?.flatten();
        self.parts.categories.push(Category { name, color });
        Ok(())
    }

    fn zone(&mut self, place: usize, part: Part<'a>) -> Found<()> {
        let zone = self.source.object(part)?;
        self.source.warn_of_unknown(&zone, &ZONE, || format!("zones[{place}]"));
        let section = number(self.parts.sections.len());
        let name = zone.optional("name", |part| self.name_if_any(part))?.flatten();
        let zone_id = zone.optional("zone_id", |part| self.name_if_any(part))?.flatten();
        let at = zone.optional("position", |part| self.point(part))?.unwrap_or_default();
        self.parts.sections.push(Section { name: name.clone(), zone_id });
        let rows = zone.optional("rows", |part| self.source.array(part, MAX_SEATS))?;
        for (row_place, part) in rows.unwrap_or_default().into_iter().enumerate() {
            self.places.rows.push((place, row_place, self.source.offset(part)));
            let key = format_args!("rows[{row_place}]");
            self.row((place, row_place), section, name.as_ref(), at, part)
                .map_err(|fault| fault.under(key))?;
        }
        let areas = zone.optional("areas", |part| self.source.array(part, MAX_SEATS))?;
        for (area_place, part) in areas.unwrap_or_default().into_iter().enumerate() {
            let drawing = self.drawing(section, at, part);
            let drawing =
                drawing.map_err(|fault| fault.under(format_args!("areas[{area_place}]")))?;
            self.parts.drawings.push(drawing);
        }
        Ok(())
    }

    fn row(
        &mut self,
        place: (usize, usize),
        section: u32,
        section_name: Option<&Name>,
        zone_at: Point,
        part: Part<'a>,
    ) -> Found<()> {
        let row = self.source.object(part)?;
        let key = || format!("zones[{}].rows[{}]", place.0, place.1);
        self.source.warn_of_unknown(&row, &ROW, key);
        let row_number = row.need(&self.source, "row_number")?;
        let row_number = under("row_number", self.number(row_number))?;
        let row_at = row.optional("position", |part| self.point(part))?.unwrap_or_default();
        // Each is within the bound: their sum is far from the ends of an i64.
        let at = plus(zone_at, row_at);
        let index = number(self.parts.rows.len());
        let seats = row.need(&self.source, "seats")?;
        let entries = under("seats", self.source.array(seats, MAX_SEATS))?;
        if entries.is_empty() {
            return Err(self.source.fault(seats, "a row has at least one seat").under("seats"));
        }
        for (seat_place, part) in entries.into_iter().enumerate() {
            if self.parts.seats.len() >= MAX_SEATS {
                let message = format!("a plan has at most {MAX_SEATS} seats");
                let fault = self.source.fault(part, message);
                return Err(fault.under(format_args!("seats[{seat_place}]")));
            }
            let key = || format!("{}.seats[{seat_place}]", key());
            let (mut seat, guid_at) = self
                .seat(index, at, part, key)
                .map_err(|fault| fault.under(format_args!("seats[{seat_place}]")))?;
            let label = seat_label(section_name.map(Name::as_str), &row_number, &seat.number);
            seat.label = if label.is_empty() { seat.guid.shared() } else { label.into() };
            self.parts.seats.push(seat);
            self.places.seats.push((index, seat_place, guid_at));
        }
        self.parts.rows.push(Row { section, number: row_number });
        Ok(())
    }

    /// One seat, its label left empty, and the byte of its id.
    fn seat(
        &mut self,
        row: u32,
        row_at: Point,
        part: Part<'a>,
        key: impl Fn() -> String,
    ) -> Found<(Seat, usize)> {
        let seat = self.source.object(part)?;
        self.source.warn_of_unknown(&seat, &SEAT, key);
        let source = &self.source;
        let guid_part = seat.need(source, "seat_guid")?;
        let guid = under("seat_guid", source.text(guid_part))?;
        let guid: SeatGuid =
            guid.parse().map_err(|wrong| fault(source, guid_part, &wrong).under("seat_guid"))?;
        let number_part = seat.need(source, "seat_number")?;
        let number = under("seat_number", self.number(number_part))?;
        let at = seat.need(source, "position")?;
        let at = plus(row_at, under("position", self.point(at))?);
        let category_part = seat.need(source, "category")?;
        let category_name = under("category", source.text(category_part))?;
        let Some(category) = self.categories.get(category_name.as_ref()).copied() else {
            let message = format!("the plan has no category {category_name:?}");
            return Err(source.fault(category_part, message).under("category"));
        };
        let seat = Seat {
            guid,
            row,
            number,
            label: Arc::from(""),
            x_milli: at.x_milli,
            y_milli: at.y_milli,
            category,
            accessible: self.flag(&seat, "wheelchair")? | self.flag(&seat, "accessible")?,
        };
        Ok((seat, source.offset(guid_part)))
    }

    /// What is drawn and never sold. pretix had the text as such first, then as an object.
    fn drawing(&self, section: u32, zone_at: Point, part: Part<'a>) -> Found<Drawing> {
        let area = self.source.object(part)?;
        let text = area.optional("text", |part| match self.source.object(part) {
            Ok(text) => Ok(text.optional("text", |part| self.name_if_any(part))?.flatten()),
            Err(_) => self.name_if_any(part),
        })?;
        Ok(Drawing {
            section,
            shape: area.optional("shape", |part| self.name_if_any(part))?.flatten(),
            text: text.flatten(),
            at: plus(
                zone_at,
                area.optional("position", |part| self.point(part))?.unwrap_or_default(),
            ),
        })
    }

    fn flag(&self, object: &Object<'a>, name: &str) -> Found<bool> {
        Ok(object.optional(name, |part| self.source.boolean(part))?.unwrap_or(false))
    }

    fn point(&self, part: Part<'a>) -> Found<Point> {
        let point = self.source.object(part)?;
        let read = |name| {
            let part = point.need(&self.source, name)?;
            under(name, self.source.milli(part))
        };
        Ok(Point { x_milli: read("x")?, y_milli: read("y")? })
    }

    fn name(&self, part: Part<'a>) -> Found<Name> {
        self.source.text(part)?.parse().map_err(|wrong| fault(&self.source, part, &wrong))
    }

    /// A name, or nothing where the text is empty.
    fn name_if_any(&self, part: Part<'a>) -> Found<Option<Name>> {
        if self.source.text(part)?.is_empty() { Ok(None) } else { self.name(part).map(Some) }
    }

    fn number(&self, part: Part<'a>) -> Found<Arc<str>> {
        Ok(Arc::from(self.plain(part, MAX_NUMBER_CHARS, &PlanProblem::BadNumber)?.as_ref()))
    }

    fn plain(&self, part: Part<'a>, most: usize, problem: &PlanProblem) -> Found<Cow<'a, str>> {
        let text = self.source.text(part)?;
        if text.chars().count() > most || text.chars().any(char::is_control) {
            return Err(fault(&self.source, part, problem));
        }
        Ok(text)
    }
}

impl Places {
    /// What only the whole plan shows, at its place in the file.
    fn fault(&self, wrong: &PlanError) -> Fault {
        let index = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        let row = |place: u32| self.rows.get(index(place)).copied().unwrap_or_default();
        let message = if let PlanProblem::DuplicateSeat { guid, first } = &wrong.problem {
            let (row_place, seat, _) = self.seats.get(index(*first)).copied().unwrap_or_default();
            let (zone, row, _) = row(row_place);
            format!("the id {guid} is already that of zones[{zone}].rows[{row}].seats[{seat}]")
        } else {
            wrong.problem.to_string()
        };
        let (at, key) = match wrong.place {
            PlanPlace::Plan | PlanPlace::Drawing(_) => (self.whole, "zones".into()),
            PlanPlace::Focal => (self.whole, "focal_point".into()),
            PlanPlace::Size => (self.whole, "size".into()),
            PlanPlace::Category(_) => (self.whole, "categories".into()),
            PlanPlace::Row(place) => {
                let (zone, row, at) = row(place);
                (at, format!("zones[{zone}].rows[{row}]"))
            }
            PlanPlace::Seat(place) => {
                let (row_place, seat, at) =
                    self.seats.get(index(place)).copied().unwrap_or_default();
                let (zone, row, _) = row(row_place);
                let twice = matches!(wrong.problem, PlanProblem::DuplicateSeat { .. });
                let member = if twice { ".seat_guid" } else { ".position" };
                (at, format!("zones[{zone}].rows[{row}].seats[{seat}]{member}"))
            }
        };
        Source::fault_at(at, key, message)
    }
}

fn under<T>(name: &str, found: Found<T>) -> Found<T> {
    found.map_err(|fault| fault.under(name))
}

fn fault<'a>(source: &Source<'a>, part: Part<'a>, wrong: &impl std::fmt::Display) -> Fault {
    source.fault(part, wrong.to_string())
}

fn plus(a: Point, b: Point) -> Point {
    Point {
        x_milli: a.x_milli.saturating_add(b.x_milli),
        y_milli: a.y_milli.saturating_add(b.y_milli),
    }
}

/// A place in a list that is bounded far below this.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "plan_file_tests.rs"]
mod tests;
