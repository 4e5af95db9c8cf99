//! What a sale writes: the contents of the rows, as the engine makes them, for the peers that are written by hand.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use venue_core::domain::idempotency::Fingerprinter;
use venue_core::domain::ids::{FileId, SlotId, uuid_v7};
use venue_core::domain::instant::Instant;
use venue_core::domain::reference::{References, booking_id, ticket_id};
use venue_core::domain::request::{Sell, Verb, Wanted};
use venue_core::engine::{Clock as _, SystemClock};

use super::catalog;

/// Places of each sale.
pub(crate) const QUANTITY: i64 = 2;
/// What a sale comes to, in minor units.
pub(crate) const TOTAL: i64 = 2_400;
/// Whose keys they are.
pub(crate) const SCOPE: &str = "actor:local";
/// How long a key is kept, in microseconds.
pub(crate) const KEY_LIFE: i64 = 24 * 3_600 * 1_000_000;

/// Writes the booking: event, id, organizer, number, instant.
pub(crate) const BOOKING: &str = "INSERT INTO booking (event, id, organizer, number, kind, state, buyer, \
     channel, terminal, actor, request_id, ttl, created_at, confirmed_at, expires_at, ended_at, ended_why, \
     currency, total, paid, paid_by, refund_due, token_hash, version) VALUES ($1, $2, $3, $4, 0, 1, NULL, \
     'terminal', NULL, 'local', NULL, 0, $5, $5, NULL, NULL, NULL, 'EUR', 2400, 2400, 'cash', 0, NULL, 1)";
/// Writes its line: event, booking, slot.
pub(crate) const LINE: &str = "INSERT INTO line (event, booking, n, slot, seat, area, label, quantity, \
     category, rate, unit, discount, fee, tax, state, cancelled_at) VALUES ($1, $2, 1, $3, NULL, 'Stand', \
     NULL, 2, 'Stand', 'standard', 1200, 0, 0, 0, 0, NULL)";
/// Writes a ticket: event, booking, n, id.
pub(crate) const TICKET: &str = "INSERT INTO ticket (event, booking, n, id, line, code_version, state) \
     VALUES ($1, $2, $3, $4, 1, 1, 0)";
/// Writes who has the places: event, slot, booking.
pub(crate) const CLAIM: &str = "INSERT INTO area_claim (event, slot, area, kind, booking, quantity) \
     VALUES ($1, $2, 'Stand', 0, $3, 2)";
/// Writes a line of a seat: event, booking, n, slot, seat.
pub(crate) const SEAT_LINE: &str = "INSERT INTO line (event, booking, n, slot, seat, area, label, quantity, \
     category, rate, unit, discount, fee, tax, state, cancelled_at) VALUES ($1, $2, $3, $4, $5, NULL, $5, 1, \
     'Stand', 'standard', 1200, 0, 0, 0, 0, NULL)";
/// Writes who has a seat: event, slot, seat, booking.
pub(crate) const SEAT_CLAIM: &str =
    "INSERT INTO claim (event, slot, seat, kind, booking) VALUES ($1, $2, $3, 0, $4)";
/// Writes the change: seq, instant, organizer, event, slot, booking, body, hash.
pub(crate) const CHANGE: &str = "INSERT INTO change (seq, shard, at, organizer, event, slot, booking, kind, \
     body, due_at, actor, role, terminal, request_id, chain) VALUES ($1, 0, $2, $3, $4, $5, $6, \
     'booking.confirmed', $7, NULL, 'local', 'terminal', NULL, NULL, $8)";
/// Writes the key's record: organizer, scope, key, fingerprints, seq, end.
pub(crate) const KEY: &str = "INSERT INTO key_record (organizer, scope, key, verb, fingerprints, seq, reply, \
     expires_at) VALUES ($1, $2, $3, 'sell', $4, $5, NULL, $6)";
/// Free and sold places: event, slot.
pub(crate) const COUNTER: &str = "SELECT capacity - held - sold - house - killed, sold FROM area \
     WHERE event = $1 AND slot = $2 AND name = 'Stand'";
/// The slot's version: event, slot.
pub(crate) const VERSION: &str = "SELECT version FROM slot WHERE event = $1 AND id = $2";
/// The file's newest number, change and hash.
pub(crate) const META: &str = "SELECT last_number, last_seq, chain FROM meta WHERE one = 1";
/// Writes the counter: event, slot, sold.
pub(crate) const PUT_COUNTER: &str = "INSERT INTO area (event, slot, name, capacity, held, sold, house, \
     killed) VALUES ($1, $2, 'Stand', 1000000, 0, $3, 0, 0) ON CONFLICT (event, slot, name) DO UPDATE SET \
     sold = excluded.sold";
/// Writes the version: version, event, slot.
pub(crate) const PUT_VERSION: &str = "UPDATE slot SET version = $1 WHERE event = $2 AND id = $3";
/// Moves the file's row on: instant, number, seq, hash.
pub(crate) const PUT_META: &str =
    "UPDATE meta SET floor = $1, last_number = $2, last_seq = $3, chain = $4 WHERE one = 1";

/// What the sales of one slot have in common.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    references: References,
    slot_text: String,
    /// The slot's id.
    pub(crate) slot: [u8; 16],
    /// The event's id.
    pub(crate) event: [u8; 16],
    /// The organizer's id.
    pub(crate) organizer: [u8; 16],
    /// The fingerprints of the request.
    pub(crate) prints: Vec<u8>,
}

/// What differs from sale to sale.
#[derive(Debug)]
pub(crate) struct Sale {
    /// The booking's number.
    pub(crate) number: i64,
    /// The change's place in the feed.
    pub(crate) seq: i64,
    /// When, in microseconds.
    pub(crate) at: i64,
    /// The booking's id.
    pub(crate) id: [u8; 16],
    /// The tickets' ids.
    pub(crate) tickets: [[u8; 16]; 2],
    /// The idempotency key.
    pub(crate) key: String,
    /// The change's body.
    pub(crate) body: String,
}

/// The file's id.
pub(crate) fn file_id(connection: &Connection) -> FileId {
    let id = connection.query_one("SELECT file_id FROM meta", [], |row| row.get::<_, [u8; 16]>(0));
    FileId::from_bytes(id.expect("the file's row"))
}

/// The wall clock, in microseconds.
pub(crate) fn now() -> i64 {
    SystemClock.wall().micros()
}

/// The request of every sale of an area's places.
pub(crate) fn request(slot: usize) -> Sell {
    let area = catalog::AREA.parse().expect("a name");
    let wanted = Wanted::area(area, 2);
    Sell { slot: catalog::slot_name(slot), wanted, payment: None, buyer: None }
}

impl Paper {
    /// For the sales of this slot in this file.
    pub(crate) fn new(file: FileId, slot: usize) -> Self {
        let mut printer = Fingerprinter::new(file);
        Verb::Sell(request(slot)).fingerprint(&mut printer);
        let id = catalog::slot(slot);
        Self {
            references: References::of(file),
            slot_text: SlotId::from_bytes(id).to_string(),
            slot: id,
            event: catalog::event(),
            organizer: catalog::organizer(),
            prints: printer.finish().bytes().to_vec(),
        }
    }

    /// The sale with this number and place in the feed.
    pub(crate) fn sale(&self, number: i64, seq: i64, at: i64) -> Sale {
        let noise = number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let millis = u64::try_from(at / 1_000).unwrap_or(0);
        let high = u16::try_from(noise >> 52).unwrap_or(0);
        let key = uuid_v7(millis, high, noise.rotate_left(17));
        let key = format!("{:032x}", u128::from_be_bytes(key));
        self.sale_as(number, seq, at, noise, key)
    }

    /// The same with all that is drawn by lot.
    fn sale_as(&self, number: i64, seq: i64, at: i64, noise: u64, key: String) -> Sale {
        let reference = self.references.reference(number.cast_unsigned());
        let instant = Instant::clamped(at);
        let id = booking_id(instant, reference, noise);
        let [one, two] = [1, 2].map(|n| ticket_id(id, n));
        let slot = &self.slot_text;
        let body = format!(
            "{{\"id\":\"{id}\",\"reference\":\"{reference}\",\"state\":\"confirmed\",\"event\":\"e\",\
             \"slot\":\"{slot}\",\"buyer\":null,\"units\":[{{\"line\":1,\"area\":\"Stand\",\"quantity\":2,\
             \"category\":\"Stand\",\"price\":{{\"minor\":1200,\"currency\":\"EUR\"}}}}],\
             \"total\":{{\"minor\":2400,\"currency\":\"EUR\"}},\"created_at\":\"{instant}\",\
             \"expires_at\":null,\"ended_at\":null,\"ended_why\":null,\"tickets\":[\
             {{\"id\":\"{one}\",\"number\":\"{reference}-01\",\"area\":\"Stand\"}},\
             {{\"id\":\"{two}\",\"number\":\"{reference}-02\",\"area\":\"Stand\"}}]}}"
        );
        Sale { number, seq, at, id: id.bytes(), tickets: [one.bytes(), two.bytes()], key, body }
    }

    /// The hash over a sale's change and the one before.
    pub(crate) fn chain(&self, sale: &Sale, before: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(sale.seq.to_le_bytes());
        hash.update(sale.at.to_le_bytes());
        for id in [self.organizer, self.event, self.slot, sale.id] {
            hash.update(id);
        }
        hash.update((-1_i64).to_le_bytes());
        let texts = [
            Some("booking.confirmed"),
            Some(sale.body.as_str()),
            Some("local"),
            Some("terminal"),
            None,
            None,
        ];
        for text in texts {
            hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            hash.update(text.unwrap_or(""));
        }
        hash.finalize().into()
    }
}

/// Numbers, id, body, hash, fingerprints and texts of a sale.
type Found = ([i64; 5], [u8; 16], String, [u8; 32], Vec<u8>, [String; 3]);

/// Makes sure that the peers write what the engine writes: the first sale of a file, rebuilt, has the same body
/// and the same hash.
pub(crate) fn check_like_the_engine(connection: &Connection) {
    let sql = "SELECT b.number, c.seq, c.at, b.id, c.body, c.chain, k.fingerprints, k.scope, k.verb, b.total, \
               b.paid, b.paid_by FROM booking b JOIN change c ON c.booking = b.id \
               JOIN key_record k ON k.seq = c.seq WHERE b.number = 1";
    let found: Found = connection
        .query_one(sql, [], |row| {
            let numbers = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(9)?, row.get(10)?];
            let texts = [row.get(7)?, row.get(8)?, row.get(11)?];
            Ok((numbers, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, texts))
        })
        .expect("a sale of the engine's");
    let ([number, seq, at, total, paid], id, body, chain, prints, texts) = found;
    let paper = Paper::new(file_id(connection), 0);
    // An id keeps its noise in 12 and 14 bits of its own.
    let high = u64::from(id[6] & 0x0f) << 8 | u64::from(id[7]);
    let low = u64::from(u32::from_be_bytes([0, id[13], id[14], 0]) >> 8 & 0x3fff);
    let sale = paper.sale_as(number, seq, at, low << 12 | high, String::new());
    assert_eq!(
        (sale.id, sale.body.as_str()),
        (id, body.as_str()),
        "the peers' body is the engine's"
    );
    assert_eq!(paper.chain(&sale, &[0; 32]), chain, "the peers' hash is the engine's");
    assert_eq!((paper.prints, total, paid), (prints, TOTAL, TOTAL));
    assert_eq!(texts, [SCOPE, "sell", "cash"]);
}
