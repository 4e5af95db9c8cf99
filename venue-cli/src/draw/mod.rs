//! Halls as drawings: seats at their places, one character each by state, areas as bars, and a legend.

mod axis;
mod canvas;
mod density;
#[cfg(test)]
mod fixtures;
mod hall;
mod ink;
mod layout;
mod legend;
mod measure;
mod month;
mod scene;
#[cfg(test)]
mod tests;
mod text;

use venue_core::domain::view::{PlanView, SlotMap};

use scene::Scene;

pub(crate) use legend::number;
pub(crate) use month::{Mark, months};
pub(crate) use text::escaped;

/// The width where the output is no terminal.
pub(crate) const USUAL_WIDTH: usize = 100;

/// No drawing is narrower.
const NARROWEST: usize = 20;

/// Draws a slot: every seat by what it is now.
pub(crate) fn slot_map(map: &SlotMap, color: bool, width: usize) -> String {
    slot_map_on(map, None, color, width)
}

/// Draws a slot on its plan, which says where the seats look and what else stands in the hall. A plan of
/// another version is left out.
pub(crate) fn slot_map_on(
    map: &SlotMap,
    plan: Option<&PlanView>,
    color: bool,
    width: usize,
) -> String {
    let width = width.max(NARROWEST);
    let mut parts = vec![legend::slot_title(map, color)];
    if !map.seats.is_empty() {
        parts.push(seats(&Scene::of_slot(map, plan), color, width));
    }
    if !map.slot.areas.is_empty() {
        parts.push(legend::areas(map, color, width));
    }
    let signs = legend::slot_signs(map, color);
    parts.push(signs + &legend::slot_categories(map, color, width));
    parts.join("\n")
}

/// Draws a plan: every seat by its category.
pub(crate) fn plan(plan: &PlanView, color: bool, width: usize) -> String {
    let width = width.max(NARROWEST);
    let mut parts = vec![legend::plan_title(plan, color)];
    if !plan.seats.is_empty() {
        parts.push(seats(&Scene::of_plan(plan), color, width));
    }
    parts.push(legend::plan_categories(plan, color, width));
    parts.join("\n")
}

/// The seats: the hall as a whole, else block by block, else how dense it is.
fn seats(scene: &Scene, color: bool, width: usize) -> String {
    if let Some(canvas) = hall::draw(scene, width, 2) {
        return canvas.render(color);
    }
    if let Some(canvases) = blocks(scene, width) {
        let drawn: Vec<String> = canvases.iter().map(|canvas| canvas.render(color)).collect();
        return format!(
            "The hall is wider than {width} columns: block by block.\n\n{}",
            drawn.join("\n")
        );
    }
    let canvas = density::draw(scene, width);
    let seats = number(i64::try_from(scene.spots.len()).unwrap_or(i64::MAX));
    format!(
        "{seats} seats are too many for {width} columns: each sign stands for the seats around it,\n\
         # nothing free, 1-9 tenths free, o everything free.\n\n{}",
        canvas.render(color)
    )
}

/// The hall in parts, all on one scale: as many blocks beside each other as fit; none if one block alone is
/// too large.
fn blocks(scene: &Scene, width: usize) -> Option<Vec<canvas::Canvas>> {
    let present = |section: &usize| scene.spots.iter().any(|spot| spot.section == *section);
    let sections: Vec<usize> = (0..scene.sections.len()).filter(present).collect();
    let draw = |section: &usize| hall::draw(&scene.part(&[*section]), width, 1);
    let alone: Vec<canvas::Canvas> = sections.iter().map(draw).collect::<Option<_>>()?;
    let lines: usize = alone.iter().map(canvas::Canvas::lines).sum();
    if lines > layout::HIGHEST {
        return None;
    }
    let mut parts: Vec<(Vec<usize>, canvas::Canvas)> = vec![];
    for (section, canvas) in sections.into_iter().zip(alone) {
        if let Some((together, before)) = parts.last_mut()
            && beside(scene, together, section)
        {
            let wider: Vec<usize> = together.iter().copied().chain([section]).collect();
            if let Some(both) = hall::draw(&scene.part(&wider), width, 1) {
                (*together, *before) = (wider, both);
                continue;
            }
        }
        parts.push((vec![section], canvas));
    }
    Some(parts.into_iter().map(|(_, canvas)| canvas).collect())
}

/// True if a section stands beside the others: they share heights.
fn beside(scene: &Scene, others: &[usize], section: usize) -> bool {
    let heights = |of: &dyn Fn(usize) -> bool| {
        let ys = scene.spots.iter().filter(|spot| of(spot.section)).map(|spot| spot.y);
        ys.fold((i64::MAX, i64::MIN), |(low, high), y| (low.min(y), high.max(y)))
    };
    let (a, b) = (heights(&|s| others.contains(&s)), heights(&|s| s == section));
    a.0 <= b.1 && b.0 <= a.1
}
