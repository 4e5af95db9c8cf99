//! Venues, halls, areas and grids of a season file.

use std::sync::Arc;

use crate::domain::grid::{GridSpec, grid_plan};
use crate::domain::instant::Span;
use crate::domain::plan::Plan;
use crate::domain::schedule::MAX_SPAN;
use crate::domain::season::{AreaSpec, HallSpec, MAX_AREA_CAPACITY, PlanSource, VenueSpec};
use crate::import::ImportError;
use crate::import::season_file::PlanFile;
use crate::import::toml_node::Node;

/// The most areas of a hall.
const MAX_AREAS: usize = 1_000;

/// Reads one `[[venue]]`; the plan files it names are added to `files`.
pub(super) fn venue(node: &Node<'_>, files: &mut Vec<PlanFile>) -> Result<VenueSpec, ImportError> {
    let mut members = node.members()?;
    let mut venue = VenueSpec {
        slug: members.need("slug")?.parse()?,
        name: members.need("name")?.parse()?,
        city: members.read("city", Node::parse)?,
        zone: members.need("time_zone")?.parse()?,
        halls: Vec::new(),
    };
    let halls = members.list("hall")?;
    members.finish()?;
    let mut slugs = rustc_hash::FxHashSet::default();
    for node in halls {
        let hall = hall(&node, files)?;
        if !slugs.insert(hall.slug.clone()) {
            let message = "another hall of the venue has the same slug";
            return Err(node.members()?.error("slug", None, message));
        }
        venue.halls.push(hall);
    }
    Ok(venue)
}

fn hall(node: &Node<'_>, files: &mut Vec<PlanFile>) -> Result<HallSpec, ImportError> {
    let mut members = node.members()?;
    let slug = members.need("slug")?.parse()?;
    let name: crate::domain::text::Name = members.need("name")?.parse()?;
    let plan = match (members.take("plan"), members.take("grid")) {
        (Some(_), Some(grid)) => {
            return Err(grid.error("a hall has either a plan file or a grid, not both"));
        }
        (Some(plan), None) => {
            let file = plan_file(&plan)?;
            let name = file.name.clone();
            files.push(file);
            PlanSource::File(name)
        }
        (None, Some(node)) => PlanSource::Plan(Arc::new(grid(name.as_str(), &node)?)),
        (None, None) => PlanSource::None,
    };
    let turnaround = members.read("turnaround", |node| span(node, true))?.unwrap_or_default();
    let shared = members.read("shared", Node::boolean)?.unwrap_or(false);
    let nodes = members.list("area")?;
    members.finish()?;
    if let Some(node) = nodes.get(MAX_AREAS) {
        return Err(node.error(format_args!("a hall has at most {MAX_AREAS} areas")));
    }
    let mut areas = Vec::with_capacity(nodes.len());
    let mut names = rustc_hash::FxHashSet::default();
    for node in nodes {
        let area = area(&node)?;
        if !names.insert(area.name.clone()) {
            let message = "another area of the hall has the same name";
            return Err(node.members()?.error("name", None, message));
        }
        areas.push(area);
    }
    Ok(HallSpec { slug, name, plan, areas, turnaround, shared })
}

fn plan_file(node: &Node<'_>) -> Result<PlanFile, ImportError> {
    let name = node.text()?;
    let plain = !name.is_empty() && name.len() <= 1_000 && !name.chars().any(char::is_control);
    if !plain || name.starts_with(['/', '\\']) || name.ends_with('/') {
        return Err(node.error("a file's name relative to this file is needed"));
    }
    Ok(PlanFile::new(name, node))
}

fn area(node: &Node<'_>) -> Result<AreaSpec, ImportError> {
    let mut members = node.members()?;
    let area = AreaSpec {
        name: members.need("name")?.parse()?,
        capacity: members.need("capacity")?.number(1, MAX_AREA_CAPACITY)?,
        category: members.need("category")?.parse()?,
    };
    members.finish()?;
    Ok(area)
}

fn grid(hall: &str, node: &Node<'_>) -> Result<Plan, ImportError> {
    const MOST: u32 = 200_000;
    let mut members = node.members()?;
    let rows = members.need("rows")?.number(1, MOST)?;
    let seats = members.need("seats")?.number(1, MOST)?;
    let aisles = members.list("aisles")?;
    let accessible = members.list("accessible")?;
    let categories = members.need("categories")?.members()?;
    members.finish()?;
    let mut spec = GridSpec {
        rows,
        seats,
        aisles: Vec::new(),
        accessible: Vec::new(),
        categories: Vec::new(),
    };
    for node in aisles {
        spec.aisles.push(node.number(1, MOST)?);
    }
    for node in accessible {
        spec.accessible.push(node.text()?.to_owned());
    }
    for (name, node) in categories.into_nodes() {
        let name = name.parse().map_err(|wrong| node.error(wrong))?;
        spec.categories.push((name, node.text()?.to_owned()));
    }
    grid_plan(hall, &spec).map_err(|wrong| members.error(wrong.member, wrong.entry, &wrong.message))
}

/// A length of time of at most a year; nothing at all where that makes sense.
pub(super) fn span(node: &Node<'_>, nothing_fits: bool) -> Result<Span, ImportError> {
    let span: Span = node.parse()?;
    match (span, nothing_fits) {
        (Span::ZERO, false) => Err(node.error("more than nothing is needed")),
        (span, _) if span > MAX_SPAN => Err(node.error("at most 366d is needed")),
        (span, _) => Ok(span),
    }
}
