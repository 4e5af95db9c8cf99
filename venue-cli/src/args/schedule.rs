//! The arguments of what is done with schedules.

use clap::{Args, Subcommand};
use venue_core::domain::calendar::CalendarPreview;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::preview::SchedulePreview;
use venue_core::domain::schedule::{Bound, ListedDate, ScheduleSpec};
use venue_core::domain::schedule_name::{ScheduleName, SchedulesOf};
use venue_core::domain::text::Slug;
use venue_core::domain::zone::{GapPolicy, LocalTime, Zone};

use super::{PageOf, values};

/// A rule: the keys of a schedule in the season file.
#[derive(Debug, Args)]
#[command(next_help_heading = "The rule: dates (--starts ..) or opening hours (--open ..)")]
pub(crate) struct Rule {
    /// Time of day and beginning of the rule; itself a date only without --rrule
    #[arg(long, value_name = "LOCAL")]
    starts: Option<LocalTime>,
    /// A recurrence rule of RFC 5545, as in FREQ=WEEKLY;BYDAY=FR,SA; may be given several times
    #[arg(long, value_name = "RULE")]
    rrule: Vec<String>,
    /// A date more: a local time, a date, or an instant with Z; may be given several times
    #[arg(long, value_name = "DATE")]
    rdate: Vec<ListedDate>,
    /// A date less; may be given several times
    #[arg(long, value_name = "DATE")]
    exdate: Vec<ListedDate>,
    /// Wall times that do not exist or exist twice: reject, compatible, earlier, later [default: reject]
    #[arg(long, value_name = "POLICY")]
    gap: Option<GapPolicy>,
    /// Opening hours, as in "mon-fri 10:00-18:00"; may be given several times
    #[arg(long, value_name = "DAYS HOURS")]
    open: Vec<String>,
    /// Opening hours of one date, as in "2027-12-24 10:00-14:00", or "2027-12-25 closed"; several times
    #[arg(long = "override", value_name = "DATE HOURS|closed")]
    overrides: Vec<String>,
    /// No date before this
    #[arg(long, value_name = "LOCAL|DATE")]
    from: Option<Bound>,
    /// No date after this
    #[arg(long, value_name = "LOCAL|DATE")]
    until: Option<Bound>,
    /// How long each date's slot is; the event's duration by default
    #[arg(long, value_name = "DURATION")]
    duration: Option<Span>,
    /// How long each slot of opening hours is; the event's duration by default
    #[arg(long, value_name = "DURATION")]
    length: Option<Span>,
    /// From start to start within opening hours
    #[arg(long, value_name = "DURATION")]
    step: Option<Span>,
    /// From an end to the next start within opening hours
    #[arg(long = "break", value_name = "DURATION")]
    pause: Option<Span>,
    /// Round the opening up to a multiple of this
    #[arg(long, value_name = "DURATION")]
    align: Option<Span>,
    /// Slots of the event may overlap each other
    #[arg(long)]
    overlap: bool,
    /// No slot starts sooner than this from now
    #[arg(long, value_name = "DURATION")]
    notice: Option<Span>,
    /// No slot is further away than this, in whole days [default: 365d for a rule that does not end]
    #[arg(long, value_name = "DURATION")]
    horizon: Option<Span>,
}

impl Rule {
    /// As the engine takes it.
    pub(crate) fn into_spec(self) -> ScheduleSpec {
        ScheduleSpec {
            starts: self.starts,
            rrule: self.rrule,
            rdate: self.rdate,
            exdate: self.exdate,
            gap: self.gap.unwrap_or_default(),
            open: self.open,
            overrides: self.overrides,
            from: self.from,
            until: self.until,
            duration: self.duration,
            length: self.length,
            step: self.step,
            pause: self.pause,
            align: self.align,
            overlap: self.overlap,
            notice: self.notice,
            horizon: self.horizon,
        }
    }
}

/// `venue schedule preview`
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The venue's time zone, as in Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    zone: Zone,
    /// The dates of a calendar file (.ics) instead of a rule's; with --from and --until
    #[arg(long, value_name = "FILE", requires_all = ["from", "until"], conflicts_with_all = RULE)]
    calendar: Option<String>,
    /// What counts as now, for --notice and --horizon
    #[arg(long, value_name = "INSTANT")]
    at: Option<Instant>,
    /// At most so many slots: 1 to 100000 [default: 1000]
    #[arg(long, value_name = "N", value_parser = values::preview_limit)]
    limit: Option<u32>,
    #[command(flatten)]
    rule: Rule,
}

/// What says a rule: a calendar file has its own.
const RULE: [&str; 16] = [
    "at",
    "starts",
    "rrule",
    "rdate",
    "exdate",
    "gap",
    "open",
    "overrides",
    "duration",
    "length",
    "step",
    "pause",
    "align",
    "overlap",
    "notice",
    "horizon",
];

/// What a preview is of.
#[derive(Debug)]
pub(crate) enum Previewed {
    /// A rule.
    Schedule(Box<SchedulePreview>),
    /// A calendar file.
    Calendar(CalendarPreview),
}

impl Preview {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> Previewed {
        let Self { zone, calendar, at, limit, rule } = self;
        if let (Some(calendar), Some(from), Some(until)) = (calendar, rule.from, rule.until) {
            return Previewed::Calendar(CalendarPreview { calendar, zone, from, until, limit });
        }
        let mut schedule = rule.into_spec();
        let duration = schedule.duration.take();
        Previewed::Schedule(Box::new(SchedulePreview { zone, duration, schedule, at, limit }))
    }
}

const SCHEDULE: &str = "A schedule: EVENT#N, its place in the event from 1, or its id";
const SCHEDULES: &str = "Only these: EVENT, EVENT#N or an id; all by default";

/// `venue schedule`
#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    /// Give an event another schedule; `schedule generate` makes its slots
    Add {
        /// The event's slug
        event: Slug,
        /// Refuse unless the event still has this version
        #[arg(long, value_name = "N", value_parser = values::number)]
        expected_version: Option<u32>,
        #[command(flatten)]
        rule: Box<Rule>,
    },
    /// Give a schedule another rule, as a whole; slots that are there stay: see `schedule drift`
    Edit {
        #[arg(help = SCHEDULE)]
        schedule: ScheduleName,
        /// Refuse unless the event still has this version
        #[arg(long, value_name = "N", value_parser = values::number)]
        expected_version: Option<u32>,
        #[command(flatten)]
        rule: Box<Rule>,
    },
    /// Schedules with their rules, and how far their slots go
    List {
        /// Only those of this event
        event: Option<Slug>,
        #[command(flatten)]
        page: PageOf,
    },
    /// Make the slots that are not there yet; run it once a day
    Generate {
        #[arg(help = SCHEDULES, value_name = "SCHEDULES")]
        schedules: Vec<SchedulesOf>,
        /// Say what it would make, and make nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Show which slots a rule would make, on a calendar; no file is read or made
    Preview(Box<Preview>),
    /// Say which slots are not where their rules put them, by a changed rule or by new zone data
    Drift {
        #[arg(help = SCHEDULES, value_name = "SCHEDULES")]
        schedules: Vec<SchedulesOf>,
        /// Make what is missing; move or remove what nobody has or had a booking, house hold or kill of
        #[arg(long)]
        mend: bool,
    },
}
