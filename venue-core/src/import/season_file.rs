//! A season's file: TOML, read into a [`SeasonSpec`].

use rustc_hash::FxHashMap;
use toml::de::DeTable;

use crate::domain::plan::Plan;
use crate::domain::season::{
    HallRef, OrganizerSpec, PlanSource, PriceProblem, SeasonSpec, check_prices,
};
use crate::domain::text::Name;
use crate::import::ImportError;
use crate::import::season_event::{EventNodes, event};
use crate::import::season_hall::venue;
use crate::import::toml_node::{Document, Members, Node};

/// The largest season file, in bytes: 16 MiB.
pub const MAX_SEASON_BYTES: usize = 16 * 1024 * 1024;

/// A season file that was read: what it says, and where it says it.
///
/// Its life: [`parse_season`], then [`Season::resolve`] with the plan files, then
/// [`Season::check_prices`], then [`Season::into_spec`].
#[derive(Debug, Clone)]
pub struct Season {
    file: String,
    spec: SeasonSpec,
    plan_files: Vec<PlanFile>,
    prices: Vec<PriceLines>,
}

/// A plan file that a season names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// Its name, relative to the season file.
    pub name: String,
    /// The path to the name in the season file, as in `venue[0].hall[1].plan`.
    pub key: String,
    /// The line of the name in the season file.
    pub line: u32,
}

/// Where an event's prices stand.
#[derive(Debug, Clone)]
struct PriceLines {
    key: String,
    line: u32,
    each: Vec<(String, u32)>,
}

impl PlanFile {
    pub(super) fn new(name: &str, node: &Node<'_>) -> Self {
        Self { name: name.into(), key: node.key().into(), line: node.line() }
    }
}

/// Reads a season's file.
///
/// # Takes
/// `file`: what to call it in errors. `bytes`: all of it, at most [`MAX_SEASON_BYTES`].
///
/// # Errors
/// The first thing wrong, with its line and the path to it, as in `event[0].prices."Kategorie I"`. Prices
/// are compared with the halls' categories by [`Season::check_prices`], when the plans are known.
pub fn parse_season(file: &str, bytes: &[u8]) -> Result<Season, ImportError> {
    let text = super::text(file, bytes, MAX_SEASON_BYTES)?;
    let document = Document::new(file, text);
    let table = DeTable::parse(text).map_err(|wrong| document.syntax(&wrong))?;
    let mut members = document.root(table.get_ref());
    let organizer = organizer(&members.need("organizer")?)?;
    let venue_nodes = members.list("venue")?;
    let event_nodes = members.list("event")?;
    members.finish()?;
    let mut season = Season {
        file: file.into(),
        spec: SeasonSpec { organizer, venues: Vec::new(), events: Vec::new() },
        plan_files: Vec::new(),
        prices: Vec::new(),
    };
    let mut slugs = rustc_hash::FxHashSet::default();
    for node in venue_nodes {
        let venue = venue(&node, &mut season.plan_files)?;
        if !slugs.insert(venue.slug.clone()) {
            return Err(node.members()?.error("slug", None, "another venue has the same slug"));
        }
        season.spec.venues.push(venue);
    }
    season.read_events(&event_nodes)?;
    Ok(season)
}

/// Where everything stands in a season's file, by its key, as in `event[0].prices."Kategorie I"`: for what is found wrong
/// only when the season is compared with what was imported before.
#[derive(Debug, Default)]
pub(crate) struct Lines(FxHashMap<String, u32>);

impl Lines {
    /// Of a season's file; of none if it cannot be read.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut lines = Self::default();
        let Ok(text) = super::text("", bytes, MAX_SEASON_BYTES) else { return lines };
        let document = Document::new("", text);
        let Ok(table) = DeTable::parse(text) else { return lines };
        let mut nodes: Vec<Node<'_>> =
            document.root(table.get_ref()).into_nodes().map(|(_, node)| node).collect();
        while let Some(node) = nodes.pop() {
            nodes.extend(node.children());
            lines.0.insert(unquoted(node.key()), node.line());
        }
        lines
    }

    /// The line of a key; where the file has nothing there, that of the innermost table around it.
    pub(crate) fn at(&self, key: &str) -> Option<u32> {
        let mut key = unquoted(key);
        loop {
            if let Some(line) = self.0.get(&key) {
                return Some(*line);
            }
            key.truncate(key.rfind(['.', '['])?);
        }
    }
}

/// A key without quotes: they are as one likes, where a name needs none.
fn unquoted(key: &str) -> String {
    key.replace('"', "")
}

fn organizer(node: &Node<'_>) -> Result<OrganizerSpec, ImportError> {
    let mut members: Members<'_> = node.members()?;
    let organizer = OrganizerSpec {
        slug: members.need("slug")?.parse()?,
        name: members.need("name")?.parse()?,
        currency: members.need("currency")?.parse()?,
    };
    members.finish()?;
    Ok(organizer)
}

impl Season {
    fn read_events(&mut self, nodes: &[Node<'_>]) -> Result<(), ImportError> {
        let mut halls = rustc_hash::FxHashSet::default();
        for venue in &self.spec.venues {
            for hall in &venue.halls {
                halls.insert(HallRef { venue: venue.slug.clone(), hall: hall.slug.clone() });
            }
        }
        let mut slugs = rustc_hash::FxHashSet::default();
        for node in nodes {
            let (event, EventNodes { slug, hall, prices }) = event(node)?;
            if !slugs.insert(event.slug.clone()) {
                return Err(slug.error("another event has the same slug"));
            }
            if !halls.contains(&event.hall) {
                return Err(hall.error(format_args!("this file has no hall {}", event.hall)));
            }
            let each = prices.members()?.into_nodes();
            self.prices.push(PriceLines {
                key: prices.key().into(),
                line: prices.line(),
                each: each.map(|(_, node)| (node.key().into(), node.line())).collect(),
            });
            self.spec.events.push(event);
        }
        Ok(())
    }

    /// What the file says.
    pub fn spec(&self) -> &SeasonSpec {
        &self.spec
    }

    /// What the file says, for good.
    pub fn into_spec(self) -> SeasonSpec {
        self.spec
    }

    /// The plan files that the halls name, in the order of the file. Two halls may name one.
    pub fn plan_files(&self) -> &[PlanFile] {
        &self.plan_files
    }

    /// An error of this file at the name of a plan file: that it cannot be read, for instance.
    pub fn plan_file_error(&self, plan: &PlanFile, message: impl Into<String>) -> ImportError {
        ImportError {
            file: self.file.clone(),
            line: Some(plan.line),
            key: Some(plan.key.clone()),
            message: message.into(),
        }
    }

    /// Puts a plan in the place of every plan file, asking for each file once, at its first place.
    pub fn resolve(
        &mut self,
        mut read: impl FnMut(&PlanFile) -> Result<Plan, ImportError>,
    ) -> Result<(), ImportError> {
        let files = &self.plan_files;
        self.spec.resolve(|name| {
            let place = files.iter().find(|file| file.name == name);
            let unnamed = || PlanFile { name: name.into(), key: String::new(), line: 1 };
            read(&place.cloned().unwrap_or_else(unnamed))
        })
    }

    /// Checks that every category of each event's hall has a price and no other does.
    ///
    /// # Takes
    /// `kept`: the categories of the plan that the hall already has in the store. Asked only for halls
    /// for which the season names no plan: they keep theirs. Halls whose plan file was not read are left out.
    ///
    /// # Errors
    /// A category without a price, at the event's prices; a price without a category, at that price.
    pub fn check_prices(&self, kept: impl Fn(&HallRef) -> Vec<Name>) -> Result<(), ImportError> {
        for (event, lines) in self.spec.events.iter().zip(&self.prices) {
            let Some((_, hall)) = self.spec.hall(&event.hall) else { continue };
            let Some(mut categories) = hall.categories() else { continue };
            if hall.plan == PlanSource::None {
                categories.extend(kept(&event.hall));
            }
            let Err(problem) = check_prices(event, &categories) else { continue };
            let (key, line) = match &problem {
                PriceProblem::Missing(_) => (&lines.key, lines.line),
                PriceProblem::Unknown(name) => {
                    let place = event.prices.iter().position(|price| price.category == *name);
                    let found = place.and_then(|place| lines.each.get(place));
                    found.map_or((&lines.key, lines.line), |(key, line)| (key, *line))
                }
            };
            return Err(ImportError {
                file: self.file.clone(),
                line: Some(line),
                key: Some(key.clone()),
                message: problem.to_string(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "season_file_tests.rs"]
mod tests;
