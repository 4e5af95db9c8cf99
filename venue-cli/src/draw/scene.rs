//! What is drawn, whatever it came from: seats at their places, rows, blocks, and the point they look at.

use venue_core::domain::plan::Row;
use venue_core::domain::view::{PlanView, SlotMap};

use super::ink::{self, Ink};
use super::text::escaped;

/// A seat: where it stands, in thousandths of the drawing's units, and how it looks.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// To the right.
    pub(super) x: i64,
    /// Down.
    pub(super) y: i64,
    /// Its row, by its place in the scene.
    pub(super) row: usize,
    /// Its section, by its place in the scene.
    pub(super) section: usize,
    /// How it looks.
    pub(super) ink: Ink,
    /// True if anybody may have it.
    pub(super) free: bool,
}

/// Something written on the plan.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// To the right.
    pub(super) x: i64,
    /// Down.
    pub(super) y: i64,
    /// What.
    pub(super) text: String,
}

/// Everything that is drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Scene {
    /// In the plan's order.
    pub(super) spots: Vec<Spot>,
    /// What rows are called; may be empty.
    pub(super) rows: Vec<String>,
    /// What sections are called; may be empty.
    pub(super) sections: Vec<String>,
    /// Where the seats look, if that is known.
    pub(super) focal: Option<(i64, i64)>,
    /// What is written on the plan.
    pub(super) notes: Vec<Note>,
}

impl Scene {
    /// Of a plan: seats by category.
    pub(super) fn of_plan(plan: &PlanView) -> Self {
        let mut scene = Self::default();
        scene.frame(plan);
        for seat in &plan.seats {
            let category = category_of(plan, &seat.category);
            let row = usize::try_from(seat.row).unwrap_or(0).min(plan.rows.len().saturating_sub(1));
            scene.spots.push(Spot {
                x: seat.x_milli,
                y: seat.y_milli,
                row,
                section: plan.rows.get(row).map_or(0, |row| section_of(plan, row)),
                ink: ink::of_category(category, seat.accessible),
                free: true,
            });
        }
        scene
    }

    /// Of a slot: seats by state. The plan, where it is the one that the slot sells, adds where the seats
    /// look and what is written.
    pub(super) fn of_slot(map: &SlotMap, plan: Option<&PlanView>) -> Self {
        let plan = plan.filter(|plan| {
            Some(plan.summary.version) == map.plan_version && plan.seats.len() == map.seats.len()
        });
        let mut scene = Self::default();
        if let Some(plan) = plan {
            scene.frame(plan);
        }
        let mut rows = RowReader::default();
        for (place, seat) in map.seats.iter().enumerate() {
            let category = map.slot.categories.iter().position(|c| c.category == seat.category);
            let planned = plan.and_then(|plan| {
                let row = usize::try_from(plan.seats.get(place)?.row).ok()?;
                Some((row, section_of(plan, plan.rows.get(row)?)))
            });
            let (row, section) = match planned {
                Some(found) => found,
                None => rows.read(&mut scene, map, place),
            };
            scene.spots.push(Spot {
                x: seat.x_milli,
                y: seat.y_milli,
                row,
                section,
                ink: ink::of_state(seat.state, seat.accessible, category.unwrap_or(0)),
                free: seat.state == venue_core::domain::inventory::UnitState::Free,
            });
        }
        scene
    }

    /// A part of the scene: only these sections.
    pub(super) fn part(&self, sections: &[usize]) -> Self {
        let mut part = self.clone();
        part.spots.retain(|spot| sections.contains(&spot.section));
        (part.focal, part.notes) = (None, vec![]);
        part
    }

    /// Takes over rows, sections, focal point and texts.
    fn frame(&mut self, plan: &PlanView) {
        self.rows = plan.rows.iter().map(|row| escaped(&row.number)).collect();
        let name = |name: &Option<_>| {
            name.as_ref().map(|name: &venue_core::domain::text::Name| escaped(name.as_str()))
        };
        let called = plan.sections.iter().map(|s| name(&s.name).or_else(|| name(&s.zone_id)));
        self.sections = called.map(Option::unwrap_or_default).collect();
        let focal = plan.summary.focal;
        self.focal = Some((focal.x_milli, focal.y_milli));
        let texts =
            plan.drawings.iter().filter_map(|drawing| Some((drawing.at, drawing.text.as_ref()?)));
        let notes = texts.map(|(at, text)| Note {
            x: at.x_milli,
            y: at.y_milli,
            text: escaped(text.as_str()),
        });
        self.notes = notes.collect();
    }
}

/// The place of a category in the plan.
pub(super) fn category_of(plan: &PlanView, name: &str) -> usize {
    plan.categories.iter().position(|category| category.name.as_str() == name).unwrap_or(0)
}

/// The place of a row's section in the plan.
fn section_of(plan: &PlanView, row: &Row) -> usize {
    usize::try_from(row.section).unwrap_or(0).min(plan.sections.len().saturating_sub(1))
}

/// Finds rows and sections in a slot's list of seats, where no plan says them.
#[derive(Debug, Default)]
struct RowReader {
    /// The direction in which the row's seats follow each other.
    forwards: Option<bool>,
}

impl RowReader {
    /// The row and section of the seat at this place; new ones are added to the scene.
    fn read(&mut self, scene: &mut Scene, map: &SlotMap, place: usize) -> (usize, usize) {
        let seat = &map.seats[place];
        let before = place.checked_sub(1).and_then(|before| map.seats.get(before));
        let last = scene.spots.last().map(|spot| (spot.row, spot.section));
        if let (Some(before), Some((row, section))) = (before, last) {
            let same_section = before.section == seat.section;
            let forwards = seat.x_milli >= before.x_milli;
            // Rows without a name end where the eye turns back.
            let turned = seat.row.is_empty() && self.forwards.is_some_and(|way| way != forwards);
            if same_section && before.row == seat.row && !turned {
                self.forwards = Some(forwards);
                return (row, section);
            }
            self.forwards = None;
            scene.rows.push(escaped(&seat.row));
            if same_section {
                return (scene.rows.len() - 1, section);
            }
        } else {
            scene.rows.push(escaped(&seat.row));
        }
        let name = escaped(seat.section.as_deref().unwrap_or(""));
        let known = scene.sections.iter().position(|section| *section == name);
        let section = known.unwrap_or_else(|| {
            scene.sections.push(name);
            scene.sections.len() - 1
        });
        (scene.rows.len() - 1, section)
    }
}
