//! Recurrence, zones and calendar files, held against what others made of the same standards.

mod against_rrule;
mod sheets;
mod zone_walk;
