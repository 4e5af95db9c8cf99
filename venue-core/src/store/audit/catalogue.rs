//! Halls, plans, events and slots: loaded once, because all other checks lead to them, and checked.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::ids::{EventId, HallId, PlanId, SlotId};
use crate::domain::text::Slug;
use crate::domain::zone::tzdb_version;
use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::statements;

use super::findings::{Findings, Promise};
use super::overlaps;
use super::pages::{LEAST, Pages, id, number, text, walk};

statements! {
    doubt:
    EVENTS = "SELECT e.id, e.organizer, e.slug, e.hall, o.currency, e.deleted_at, e.state FROM event e LEFT JOIN organizer o ON o.id = e.organizer WHERE e.id > $1 ORDER BY e.id LIMIT 1000"
        (Id) -> (Id, Id, Text, Id, Text, Int, Int);
    HALLS = "SELECT id, turnaround, shared FROM hall WHERE id > $1 ORDER BY id LIMIT 1000"
        (Id) -> (Id, Int, Int);
    AREAS = "SELECT hall, n, name, capacity, category FROM hall_area WHERE (hall, n) > ($1, $2) ORDER BY hall, n LIMIT 1000"
        (Id, Int) -> (Id, Int, Text, Int, Text);
    PLANS = "SELECT id, hall, number, seats FROM plan_version WHERE id > $1 ORDER BY id LIMIT 1000"
        (Id) -> (Id, Id, Int, Int);
    CAPACITIES = "SELECT plan, category, capacity FROM plan_capacity WHERE (plan, category) > ($1, $2) ORDER BY plan, category LIMIT 1000"
        (Id, Text) -> (Id, Text, Int);
    SEATS = "SELECT plan, category, COUNT(*) FROM seat WHERE plan > $1 GROUP BY plan, category ORDER BY plan, category"
        (Id) -> (Id, Text, Int);
    PRICES = "SELECT event, category, rate FROM price WHERE (event, category, rate) > ($1, $2, $3) ORDER BY event, category, rate LIMIT 1000"
        (Id, Text, Text) -> (Id, Text, Text);
    SLOTS = "SELECT s.event, s.id, s.starts_at, s.ends_at, s.plan, s.closed, s.cancelled, s.next_due, c.event, c.rule, s.tzdb, s.schedule FROM slot s LEFT JOIN schedule c ON c.id = s.schedule WHERE (s.event, s.id) > ($1, $2) ORDER BY s.event, s.id LIMIT 1000"
        (Id, Id) -> (Id, Id, Int, Int, Id, Int, Int, Int, Id, Text, Text, Id);
}

/// An event, as far as bookings need it.
#[derive(Debug)]
pub(super) struct Event {
    /// Sold by.
    pub(super) organizer: [u8; 16],
    /// In this currency.
    pub(super) currency: Arc<str>,
    /// What it is called in views.
    pub(super) slug: Slug,
    /// In this hall.
    pub(super) hall: [u8; 16],
    /// Nobody finds it any more.
    pub(super) deleted: bool,
    draft: bool,
}

/// A slot.
#[derive(Debug)]
pub(super) struct SlotFacts {
    /// Its id.
    pub(super) id: SlotId,
    /// Of this event.
    pub(super) event: [u8; 16],
    /// First instant.
    pub(super) starts_at: i64,
    /// First instant after it.
    pub(super) ends_at: i64,
    /// Its plan.
    pub(super) plan: Option<[u8; 16]>,
    /// As the row says.
    pub(super) closed: bool,
    /// As the row says.
    pub(super) cancelled: bool,
    /// As the row says.
    pub(super) next_due: Option<i64>,
    /// Its schedule lets slots of the event overlap.
    pub(super) overlap: bool,
}

/// A hall.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hall {
    /// Between two slots.
    pub(super) turnaround: i64,
    /// Slots of several events may overlap.
    pub(super) shared: bool,
}

/// By a hall and an area's name, or by a plan and a category's.
type Named<T> = FxHashMap<([u8; 16], Arc<str>), T>;

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// By id.
    pub(super) events: FxHashMap<[u8; 16], Event>,
    /// By id.
    pub(super) halls: FxHashMap<[u8; 16], Hall>,
    /// In the order of event and id.
    pub(super) slots: Vec<SlotFacts>,
    /// The place of a slot by its id.
    pub(super) places: FxHashMap<[u8; 16], usize>,
    /// Schedules with slots that other zone data made than this program's, and when the last of them starts.
    pub(super) other_zone_data: FxHashMap<[u8; 16], i64>,
    areas: Named<(i64, Arc<str>)>,
    capacities: Named<i64>,
    newest_plans: FxHashMap<[u8; 16], (i64, [u8; 16])>,
    halls_of_plans: FxHashMap<[u8; 16], [u8; 16]>,
}

impl Catalogue {
    /// How many units of a counter a slot has: of an area, or of the seats of a category.
    pub(super) fn capacity(&self, slot: &SlotFacts, is_area: bool, name: &Arc<str>) -> Option<i64> {
        if is_area {
            let hall = self.events.get(&slot.event)?.hall;
            self.areas.get(&(hall, Arc::clone(name))).map(|(capacity, _)| *capacity)
        } else {
            self.capacities.get(&(slot.plan?, Arc::clone(name))).copied()
        }
    }

    /// Loads all, and checks it.
    pub(super) fn load(tx: &mut dyn Tx, findings: &mut Findings) -> Result<Self, StoreError> {
        let mut catalogue = Self::default();
        catalogue.load_halls(tx)?;
        catalogue.load_plans(tx, findings)?;
        walk(tx, Pages::after(&EVENTS, [LEAST]), |row| {
            let event = Event {
                organizer: id(row, 1),
                slug: Slug::stored(&text(row, 2)),
                hall: id(row, 3),
                currency: text(row, 4),
                deleted: row.maybe_int(5).is_some(),
                draft: row.maybe_int(6) == Some(0),
            };
            catalogue.events.insert(id(row, 0), event);
        })?;
        catalogue.load_slots(tx, findings)?;
        catalogue.check_prices(tx, findings)?;
        overlaps::check(&catalogue, findings);
        Ok(catalogue)
    }

    fn load_halls(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        walk(tx, Pages::after(&HALLS, [LEAST]), |row| {
            let hall = Hall { turnaround: number(row, 1).max(0), shared: number(row, 2) == 1 };
            self.halls.insert(id(row, 0), hall);
        })?;
        walk(tx, Pages::after(&AREAS, [LEAST, Value::Int(-1)]), |row| {
            let area = (number(row, 3), text(row, 4));
            self.areas.insert((id(row, 0), text(row, 2)), area);
        })
    }

    fn load_plans(&mut self, tx: &mut dyn Tx, findings: &mut Findings) -> Result<(), StoreError> {
        let mut seats: FxHashMap<[u8; 16], i64> = FxHashMap::default();
        walk(tx, Pages::after(&PLANS, [LEAST]), |row| {
            let (plan, hall, version) = (id(row, 0), id(row, 1), number(row, 2));
            self.halls_of_plans.insert(plan, hall);
            let newest = self.newest_plans.entry(hall).or_insert((version, plan));
            *newest = (*newest).max((version, plan));
            seats.insert(plan, number(row, 3));
        })?;
        walk(tx, Pages::after(&CAPACITIES, [LEAST, Value::Text("".into())]), |row| {
            self.capacities.insert((id(row, 0), text(row, 1)), number(row, 2));
        })?;
        let mut counted: Named<i64> = Named::default();
        for row in tx.one(&SEATS, &[LEAST])?.iter() {
            counted.insert((id(row, 0), text(row, 1)), number(row, 2));
            if let Some(left) = seats.get_mut(&id(row, 0)) {
                *left = left.wrapping_sub(number(row, 2));
            }
        }
        for (plan, left) in seats {
            findings.expect(left == 0, Promise::Catalogue, || {
                let plan = PlanId::from_bytes(plan);
                format!("plan {plan} says another number of seats than it has")
            });
        }
        let none = |key| counted.get(key).copied().unwrap_or(0);
        let wrong = self.capacities.iter().filter(|(key, capacity)| none(*key) != **capacity);
        let missing = counted.iter().filter(|(key, _)| !self.capacities.contains_key(*key));
        for ((plan, category), _) in wrong.chain(missing) {
            findings.add(Promise::Catalogue, || {
                let plan = PlanId::from_bytes(*plan);
                format!("plan {plan} has another number of {category} seats than it says")
            });
        }
        Ok(())
    }

    fn load_slots(&mut self, tx: &mut dyn Tx, findings: &mut Findings) -> Result<(), StoreError> {
        let mut rules: FxHashMap<Arc<str>, bool> = FxHashMap::default();
        walk(tx, Pages::after(&SLOTS, [LEAST, LEAST]), |row| {
            let rule = text(row, 9);
            let overlap = *rules.entry(rule).or_insert_with_key(|rule| lets_overlap(rule));
            let slot = SlotFacts {
                event: id(row, 0),
                id: SlotId::from_bytes(id(row, 1)),
                starts_at: number(row, 2),
                ends_at: number(row, 3),
                plan: row.maybe_id(4),
                closed: number(row, 5) == 1,
                cancelled: number(row, 6) == 1,
                next_due: row.maybe_int(7),
                overlap,
            };
            let hall_fits = match (slot.plan, self.events.get(&slot.event)) {
                (Some(plan), Some(event)) => self.halls_of_plans.get(&plan) == Some(&event.hall),
                (None, _) | (_, None) => true,
            };
            let mut expect = |holds, words: &str| {
                findings.expect(holds, Promise::Catalogue, || format!("slot {} {words}", slot.id));
            };
            expect(self.events.contains_key(&slot.event), "is of an event that is not there");
            expect(slot.starts_at < slot.ends_at, "does not end after it starts");
            expect(row.maybe_id(8) == Some(slot.event), "is of another event than its schedule");
            expect(hall_fits, "has a plan of another hall");
            if *text(row, 10) != *tzdb_version() {
                let last = self.other_zone_data.entry(id(row, 11)).or_insert(slot.starts_at);
                *last = slot.starts_at.max(*last);
            }
            self.places.insert(slot.id.bytes(), self.slots.len());
            self.slots.push(slot);
        })
    }

    /// Every category of an event's hall has a price, and no other has; or it is a draft without any.
    fn check_prices(&self, tx: &mut dyn Tx, findings: &mut Findings) -> Result<(), StoreError> {
        let mut priced: FxHashSet<([u8; 16], Arc<str>)> = FxHashSet::default();
        let begin = [LEAST, Value::Text("".into()), Value::Text("".into())];
        walk(tx, Pages::after(&PRICES, begin), |row| {
            priced.insert((id(row, 0), text(row, 1)));
        })?;
        let mut sold: FxHashMap<[u8; 16], FxHashSet<Arc<str>>> = FxHashMap::default();
        let mut must: FxHashMap<[u8; 16], FxHashSet<Arc<str>>> = FxHashMap::default();
        for ((hall, _), (_, category)) in &self.areas {
            sold.entry(*hall).or_default().insert(Arc::clone(category));
            must.entry(*hall).or_default().insert(Arc::clone(category));
        }
        for ((plan, category), capacity) in &self.capacities {
            let Some(hall) = self.halls_of_plans.get(plan) else { continue };
            sold.entry(*hall).or_default().insert(Arc::clone(category));
            let newest = self.newest_plans.get(hall).is_some_and(|(_, newest)| newest == plan);
            if newest && *capacity > 0 {
                must.entry(*hall).or_default().insert(Arc::clone(category));
            }
        }
        for (event, category) in &priced {
            let hall = self.events.get(event).map(|event| event.hall);
            let known = hall.and_then(|hall| sold.get(&hall)).is_some_and(|c| c.contains(category));
            findings.expect(known, Promise::Catalogue, || {
                let event = EventId::from_bytes(*event);
                format!("event {event} has a price for {category}, which its hall has not")
            });
        }
        let with_prices: FxHashSet<[u8; 16]> = priced.iter().map(|(event, _)| *event).collect();
        for (id, event) in self.events.iter().filter(|(_, event)| !event.deleted) {
            findings.expect(self.halls.contains_key(&event.hall), Promise::Catalogue, || {
                let (id, hall) = (EventId::from_bytes(*id), HallId::from_bytes(event.hall));
                format!("event {id} is in hall {hall}, which is not there")
            });
            // A draft from a calendar has no prices yet, and sells nothing.
            if event.draft && !with_prices.contains(id) {
                continue;
            }
            for category in must.get(&event.hall).into_iter().flatten() {
                let known = priced.contains(&(*id, Arc::clone(category)));
                findings.expect(known, Promise::Catalogue, || {
                    format!("event {} has no price for {category}", EventId::from_bytes(*id))
                });
            }
        }
        Ok(())
    }
}

fn lets_overlap(rule: &str) -> bool {
    let rule: Option<serde_json::Value> = serde_json::from_str(rule).ok();
    rule.and_then(|rule| rule.get("overlap").and_then(serde_json::Value::as_bool)).unwrap_or(false)
}
