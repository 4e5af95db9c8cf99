//! Pages of lists and answers to searches in a large catalogue, beside what is usually written by hand: pages by OFFSET,
//! and LIKE over every text.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use venue_core::domain::caller::Caller;
use venue_core::domain::query::{EventList, Query, SlotList};
use venue_core::domain::view::Answer;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};

use super::callers::median;
use super::measure::Bench;
use super::report::{Good, Line, Row};

/// The names of the rows.
pub(crate) const NAMES: &[&str] =
    &["page", "page_free", "search_rare", "search_common", "search_short", "search_rare_short"];

/// Events of one season file.
const IN_A_FILE: u32 = 2_000;
/// Venues over which they are spread.
const VENUES: u32 = 50;
const SYLLABLES: [&str; 24] = [
    "ka", "lo", "mer", "tin", "ba", "sch", "ur", "ne", "gra", "pol", "vi", "ster", "hau", "fen",
    "ding", "mo", "ra", "zel", "nor", "del", "tas", "ju", "pan", "wey",
];

/// Words that look like some, the same at every run.
struct Words(u64);

impl Words {
    fn number(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }

    fn some(&mut self, count: usize) -> String {
        let mut text = String::new();
        for n in 0..count {
            text.push_str(if n == 0 { "" } else { " " });
            for _ in 0..=self.number(3) {
                text.push_str(SYLLABLES[self.number(SYLLABLES.len())]);
            }
        }
        text
    }
}

/// A season of events, each with one slot; the n-th is called `nr<n>` among other words.
fn season(from: u32, until: u32) -> String {
    let mut text = "organizer = { slug = \"o\", name = \"O\", currency = \"EUR\" }\n".to_owned();
    for venue in 0..VENUES {
        let _ = write!(
            text,
            "[[venue]]\nslug = \"v{venue}\"\nname = \"V\"\ntime_zone = \"Europe/Berlin\"\n\
             hall = [{{ slug = \"h\", name = \"H\", shared = true, area = [{{ name = \"Stand\", \
             capacity = 50, category = \"Stand\" }}] }}]\n"
        );
    }
    for n in from..until {
        let mut words = Words(u64::from(n));
        let (title, description) = (words.some(3), words.some(20));
        let (venue, day, hour) = (n % VENUES, n / 24 % 28 + 1, n % 24);
        let month = n / 700 % 12 + 1;
        let rare = if n == 4_711 { " xylofon qx" } else { "" };
        let _ = write!(
            text,
            "[[event]]\nslug = \"e{:010}-{n}\"\nkind = \"show\"\ntitle = \"{title} nr{n}{rare}\"\n\
             description = \"{description}\"\nhall = \"v{venue}/h\"\nduration = \"2h\"\nstate = \"published\"\n\
             prices = {{ \"Stand\" = \"5.00\" }}\n\
             schedule = [{{ starts = \"2028-{month:02}-{day:02}T{hour:02}:00\" }}]\n",
            words.number(1_000_000_000),
        );
    }
    text
}

fn make(folder: &Path, events: u32) -> Engine {
    let path = folder.join("venue.db");
    let new =
        NewFile::default().test_clock(Some("2027-01-01T12:00:00Z".parse().expect("an instant")));
    Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
    let engine = Engine::open(&path, &OpenOptions::default()).expect("an open file");
    let file = folder.join("season.toml");
    let mut from = 0;
    while from < events {
        let until = events.min(from + IN_A_FILE);
        std::fs::write(&file, season(from, until)).expect("a season");
        let (caller, options) = (Caller::local(), ImportOptions::default());
        let files = [file.clone()];
        engine.import(&caller, &files, &options, &mut |_, _, _| {}).expect("an import");
        from = until;
    }
    engine
}

/// How many items a query has, and how long it takes.
fn timed(engine: &Engine, query: &Query) -> (usize, f64) {
    let began = Instant::now();
    let answer = engine.query(&Caller::local(), query).expect("an answer");
    let milliseconds = began.elapsed().as_secs_f64() * 1_000.0;
    let items = match answer {
        Answer::SlotList(page) => page.items.len(),
        Answer::EventList(page) | Answer::EventSearch(page) => page.items.len(),
        other => panic!("{other:?}"),
    };
    (items, milliseconds)
}

fn by_hand(connection: &Connection, sql: &str) -> f64 {
    let began = Instant::now();
    let mut statement = connection.prepare(sql).expect("a statement");
    let mut rows = statement.raw_query();
    while rows.next().expect("a row").is_some() {}
    began.elapsed().as_secs_f64() * 1_000.0
}

fn search(text: &str) -> Query {
    let text = Some(text.parse().expect("a text"));
    Query::EventSearch(EventList { text, ..EventList::default() })
}

/// The last full page of slots that the engine gives before the end of a list, by its cursor.
fn deep(engine: &Engine) -> Query {
    let mut list = SlotList { limit: Some(1_000), ..SlotList::default() };
    loop {
        let answer = engine.query(&Caller::local(), &Query::SlotList(list.clone()));
        let Ok(Answer::SlotList(page)) = answer else { panic!("no page") };
        if page.next.is_none() {
            return Query::SlotList(SlotList { limit: None, ..list });
        }
        list.after = page.next;
    }
}

/// Pages over so many slots, and searches over so many events.
pub(crate) fn lists(bench: &Bench) -> Vec<Line> {
    let folder = bench.fresh();
    let engine = make(folder.path(), bench.events);
    let path = folder.path().join("venue.db");
    let offset = bench.events.saturating_sub(1_000);
    let page = format!("SELECT * FROM slot ORDER BY starts_at, id LIMIT 100 OFFSET {offset}");
    let room = format!(
        "SELECT s.*, h.capacity - COALESCE(a.held + a.sold + a.house + a.killed, 0) AS free FROM slot s JOIN event e \
         ON e.id = s.event JOIN hall_area h ON h.hall = e.hall LEFT JOIN area a ON a.event = s.event AND a.slot = s.id \
         WHERE h.capacity - COALESCE(a.held + a.sold + a.house + a.killed, 0) >= 2 ORDER BY s.starts_at, s.id \
         LIMIT 100 OFFSET {offset}"
    );
    let like = |word: &str| {
        format!(
            "SELECT * FROM event WHERE title || ' ' || description LIKE '%{word}%' ORDER BY slug LIMIT 100"
        )
    };
    let deep = deep(&engine);
    let Query::SlotList(list) = &deep else { unreachable!("a list of slots") };
    let free = Query::SlotList(SlotList { free: Some(2), after: None, ..list.clone() });
    let rows: [(&str, &str, Query, String); 6] = [
        ("page", "100 slots, far down, to OFFSET", deep.clone(), page),
        ("page_free", "100 slots with 2 free, to OFFSET", free, room),
        ("search_rare", "one event, by a part of a word, to LIKE", search("ylofo"), like("ylofo")),
        ("search_common", "100 of nearly all events, to LIKE", search("ka"), like("ka")),
        ("search_short", "100 events by one letter, to LIKE", search("w"), like("w")),
        ("search_rare_short", "one event by two letters, to LIKE", search("qx"), like("qx")),
    ];
    let connection = Connection::open(path).expect("the file opens");
    let measured = rows.into_iter().map(|(name, what, query, sql)| {
        let both = || (timed(&engine, &query), by_hand(&connection, &sql));
        let rounds: Vec<_> = (0..bench.rounds * 5).map(|_| both()).collect();
        assert!(rounds.iter().all(|((items, _), _)| *items > 0), "{name} finds something");
        let ours = median(rounds.iter().map(|((_, ours), _)| *ours));
        let peer = median(rounds.iter().map(|(_, peer)| *peer));
        let name = NAMES.iter().find(|known| **known == name).expect("a name");
        let unit = "ms";
        let (asked, aim, good) = (50.0, 10.0, Good::Low);
        Line::Measured(Row { name, what, unit, engine: ours, peer, ratio: ours, asked, aim, good })
    });
    let lines = measured.collect();
    engine.close();
    lines
}
