-- The first schema. Ids are 16 bytes; instants are microseconds since 1970 in UTC; spans are microseconds;
-- money is minor units; booleans are 0 or 1. Enumerations list their numbers at the column.

-- What is true of the whole file. One row.
CREATE TABLE meta (
  one          INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  file_id      BLOB    NOT NULL CHECK (length(file_id) = 16),
  epoch        INTEGER NOT NULL,                           -- changed by restore alone; cursors live by it
  fence        INTEGER NOT NULL CHECK (fence >= 0),        -- bumped to bury a commit whose fate was not known
  floor        INTEGER NOT NULL CHECK (floor >= 0),        -- instant of the last commit
  dirty        INTEGER NOT NULL CHECK (dirty IN (0, 1)),   -- 1 while a WAL beside the file may hold commits
  test_clock   INTEGER NOT NULL CHECK (test_clock IN (0, 1)),
  catalog      INTEGER NOT NULL CHECK (catalog >= 0),      -- bumped by every import: caches live by it
  last_number  INTEGER NOT NULL CHECK (last_number >= 0),  -- of the newest booking
  last_seq     INTEGER NOT NULL CHECK (last_seq >= 0),     -- of the newest change
  chain        BLOB    NOT NULL CHECK (length(chain) = 32) -- the newest change's
) STRICT;

CREATE TABLE organizer (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  slug       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  currency   TEXT NOT NULL CHECK (length(currency) = 3)
) STRICT, WITHOUT ROWID;

CREATE TABLE venue (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  organizer  BLOB NOT NULL REFERENCES organizer (id),
  slug       TEXT NOT NULL,
  name       TEXT NOT NULL,
  city       TEXT,
  zone       TEXT NOT NULL,                                -- IANA name
  UNIQUE (organizer, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE hall (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  venue      BLOB    NOT NULL REFERENCES venue (id),
  slug       TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  turnaround INTEGER NOT NULL CHECK (turnaround >= 0),     -- span between two slots
  shared     INTEGER NOT NULL CHECK (shared IN (0, 1)),    -- slots of several events may overlap
  UNIQUE (venue, slug)
) STRICT, WITHOUT ROWID;

-- What a hall sells without seats.
CREATE TABLE hall_area (
  hall       BLOB    NOT NULL REFERENCES hall (id),
  n          INTEGER NOT NULL CHECK (n >= 0),              -- place in the file
  name       TEXT    NOT NULL,
  capacity   INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
  category   TEXT    NOT NULL,
  PRIMARY KEY (hall, n),
  UNIQUE (hall, name)
) STRICT, WITHOUT ROWID;

-- One immutable version of a hall's seating plan.
CREATE TABLE plan_version (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  hall       BLOB    NOT NULL REFERENCES hall (id),
  number     INTEGER NOT NULL CHECK (number >= 1),
  name       TEXT    NOT NULL,
  width      INTEGER NOT NULL,                             -- thousandths
  height     INTEGER NOT NULL,
  focal_x    INTEGER NOT NULL,
  focal_y    INTEGER NOT NULL,
  layout     TEXT    NOT NULL,                             -- categories, sections, rows and drawings as JSON
  seats      INTEGER NOT NULL CHECK (seats BETWEEN 0 AND 200000),
  UNIQUE (hall, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE seat (
  plan       BLOB    NOT NULL REFERENCES plan_version (id),
  ordinal    INTEGER NOT NULL CHECK (ordinal >= 0),        -- place in the file
  guid       TEXT    NOT NULL,
  row        INTEGER NOT NULL CHECK (row >= 0),
  number     TEXT    NOT NULL,
  label      TEXT    NOT NULL,
  x_milli    INTEGER NOT NULL,
  y_milli    INTEGER NOT NULL,
  category   TEXT    NOT NULL,
  accessible INTEGER NOT NULL CHECK (accessible IN (0, 1)),
  PRIMARY KEY (plan, ordinal),
  UNIQUE (plan, guid)
) STRICT, WITHOUT ROWID;
CREATE INDEX seat_label ON seat (plan, label);

-- How many seats of each category a plan version has.
CREATE TABLE plan_capacity (
  plan       BLOB    NOT NULL REFERENCES plan_version (id),
  category   TEXT    NOT NULL,
  n          INTEGER NOT NULL CHECK (n >= 0),              -- place in the plan
  capacity   INTEGER NOT NULL CHECK (capacity >= 0),
  PRIMARY KEY (plan, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id                    BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  organizer             BLOB    NOT NULL REFERENCES organizer (id),
  slug                  TEXT    NOT NULL,
  kind                  TEXT    NOT NULL,
  title                 TEXT    NOT NULL,
  description           TEXT    NOT NULL,
  tags                  TEXT    NOT NULL,                  -- a JSON list
  hall                  BLOB    NOT NULL REFERENCES hall (id),
  duration              INTEGER CHECK (duration > 0),      -- null: the windows of the schedules say it
  hold                  INTEGER NOT NULL CHECK (hold BETWEEN 30000000 AND 3600000000),
  max_hold              INTEGER NOT NULL CHECK (max_hold BETWEEN hold AND 7200000000),
  max_units_per_booking INTEGER NOT NULL CHECK (max_units_per_booking BETWEEN 1 AND 100),
  max_units_per_buyer   INTEGER CHECK (max_units_per_buyer >= 1),
  on_sale_from          TEXT,                              -- JSON: a local time or a span before the start
  on_sale_until         TEXT,
  state                 INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- draft, published, cancelled, completed
  version               INTEGER NOT NULL CHECK (version >= 1),
  deleted_at            INTEGER,
  UNIQUE (organizer, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE price (
  event      BLOB    NOT NULL REFERENCES event (id),
  category   TEXT    NOT NULL,
  rate       TEXT    NOT NULL,                             -- ticket type: 'standard'
  n          INTEGER NOT NULL CHECK (n >= 0),              -- place in the file
  minor      INTEGER NOT NULL CHECK (minor BETWEEN 0 AND 9999999999),
  tax_bp     INTEGER NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
  PRIMARY KEY (event, category, rate)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  event      BLOB    NOT NULL REFERENCES event (id),
  n          INTEGER NOT NULL CHECK (n >= 0),              -- place in the file
  rule       TEXT    NOT NULL,                             -- the schedule as JSON
  unsupported TEXT,                                        -- why not all of it makes slots
  UNIQUE (event, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE slot (
  event      BLOB    NOT NULL REFERENCES event (id),
  id         BLOB    NOT NULL CHECK (length(id) = 16),
  schedule   BLOB    NOT NULL REFERENCES schedule (id),
  rule_local TEXT    NOT NULL,                             -- the rule's wall time: with schedule the slot's identity
  zone       TEXT    NOT NULL,
  tzdb       TEXT    NOT NULL,                             -- zone data that made starts_at
  starts_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL CHECK (ends_at > starts_at),
  on_sale_from  INTEGER,                                   -- for the public; null: from publication on
  on_sale_until INTEGER NOT NULL,                          -- for the public
  plan       BLOB    REFERENCES plan_version (id),         -- null: a hall without seats
  closed     INTEGER NOT NULL CHECK (closed IN (0, 1)),
  cancelled  INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
  version    INTEGER NOT NULL CHECK (version >= 1),        -- bumped by every write that touches the slot
  next_due   INTEGER,                                      -- when its next hold ends; null: it has none
  PRIMARY KEY (event, id),
  UNIQUE (schedule, rule_local)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX slot_id ON slot (id);
CREATE INDEX slot_start ON slot (starts_at, id);
CREATE INDEX slot_event_start ON slot (event, starts_at, id);

-- A slot's areas and their counters. Rows exist for what was ever claimed.
CREATE TABLE area (
  event      BLOB    NOT NULL,
  slot       BLOB    NOT NULL,
  name       TEXT    NOT NULL,
  capacity   INTEGER NOT NULL,
  held       INTEGER NOT NULL CHECK (held >= 0),
  sold       INTEGER NOT NULL CHECK (sold >= 0),
  house      INTEGER NOT NULL CHECK (house >= 0),
  killed     INTEGER NOT NULL CHECK (killed >= 0),
  PRIMARY KEY (event, slot, name),
  CHECK (held + sold + house + killed <= capacity)
) STRICT, WITHOUT ROWID;

-- A slot's seats by category. Rows exist for what was ever claimed.
CREATE TABLE seat_count (
  event      BLOB    NOT NULL,
  slot       BLOB    NOT NULL,
  category   TEXT    NOT NULL,
  capacity   INTEGER NOT NULL,
  held       INTEGER NOT NULL CHECK (held >= 0),
  sold       INTEGER NOT NULL CHECK (sold >= 0),
  house      INTEGER NOT NULL CHECK (house >= 0),
  killed     INTEGER NOT NULL CHECK (killed >= 0),
  PRIMARY KEY (event, slot, category),
  CHECK (held + sold + house + killed <= capacity)
) STRICT, WITHOUT ROWID;

-- Who owns a seat. The primary key is what makes selling it twice impossible.
CREATE TABLE claim (
  event      BLOB    NOT NULL,
  slot       BLOB    NOT NULL,
  seat       TEXT    NOT NULL,                             -- its guid
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- booking, house, kill
  booking    BLOB    CHECK ((kind = 0) = (booking IS NOT NULL)),
  PRIMARY KEY (event, slot, seat)
) STRICT, WITHOUT ROWID;

-- Who owns how many places of an area.
CREATE TABLE area_claim (
  event      BLOB    NOT NULL,
  slot       BLOB    NOT NULL,
  area       TEXT    NOT NULL,
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- booking, house, kill
  booking    BLOB    NOT NULL CHECK (length(booking) = 16), -- sixteen zeros for house and kill
  quantity   INTEGER NOT NULL CHECK (quantity >= 1),
  PRIMARY KEY (event, slot, area, kind, booking),
  CHECK ((kind = 0) = (booking <> x'00000000000000000000000000000000'))
) STRICT, WITHOUT ROWID;

CREATE TABLE booking (
  event      BLOB    NOT NULL,
  id         BLOB    NOT NULL CHECK (length(id) = 16),
  organizer  BLOB    NOT NULL,
  number     INTEGER NOT NULL UNIQUE CHECK (number >= 1),  -- the reference is this number, scrambled
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- sale, offer, staff
  state      INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4), -- held, confirmed, released, expired, cancelled
  buyer      TEXT,
  channel    TEXT    NOT NULL,                             -- the role it was made in
  terminal   TEXT,
  actor      TEXT,
  request_id TEXT,
  ttl        INTEGER NOT NULL CHECK (ttl >= 0),            -- span of the hold; 0 if it was sold at once
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  expires_at INTEGER CHECK ((expires_at IS NOT NULL) = (state = 0)),
  ended_at   INTEGER CHECK ((ended_at IS NOT NULL) = (state IN (2, 3, 4))),
  ended_why  TEXT,
  currency   TEXT    NOT NULL,
  total      INTEGER NOT NULL CHECK (total >= 0),          -- over the live lines
  paid       INTEGER NOT NULL CHECK (paid >= 0),
  paid_by    TEXT,                                         -- payment method
  refund_due INTEGER NOT NULL CHECK (refund_due >= 0),
  token_hash BLOB    CHECK (length(token_hash) = 32),      -- of the hold token; null if it never was a hold
  version    INTEGER NOT NULL CHECK (version >= 1),
  PRIMARY KEY (event, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_due ON booking (expires_at, number) WHERE state = 0;
CREATE INDEX booking_buyer ON booking (buyer, number) WHERE buyer IS NOT NULL;

-- The live holds of a slot, by their end: what a slot needs to know without looking at its bookings.
CREATE TABLE hold (
  event      BLOB    NOT NULL,
  slot       BLOB    NOT NULL,
  expires_at INTEGER NOT NULL,
  booking    BLOB    NOT NULL,
  area       TEXT,                                         -- of an area's places; null: seats
  PRIMARY KEY (event, slot, expires_at, booking)
) STRICT, WITHOUT ROWID;

-- What was sold at which price. Outlives the claim.
CREATE TABLE line (
  event      BLOB    NOT NULL,
  booking    BLOB    NOT NULL,
  n          INTEGER NOT NULL CHECK (n >= 1),
  slot       BLOB    NOT NULL,
  seat       TEXT,
  area       TEXT,
  label      TEXT,                                         -- the seat's, as it was sold
  quantity   INTEGER NOT NULL CHECK (quantity >= 1),
  category   TEXT    NOT NULL,
  rate       TEXT    NOT NULL,
  unit       INTEGER NOT NULL CHECK (unit >= 0),           -- price of one unit
  discount   INTEGER NOT NULL CHECK (discount >= 0),
  fee        INTEGER NOT NULL CHECK (fee >= 0),
  tax        INTEGER NOT NULL CHECK (tax >= 0),            -- contained in the price
  state      INTEGER NOT NULL CHECK (state IN (0, 1)),     -- live, cancelled
  cancelled_at INTEGER CHECK ((cancelled_at IS NOT NULL) = (state = 1)),
  PRIMARY KEY (event, booking, n),
  CHECK ((seat IS NULL) <> (area IS NULL)),
  CHECK (seat IS NULL OR (quantity = 1 AND label IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX line_slot ON line (slot, booking);

CREATE TABLE ticket (
  event        BLOB    NOT NULL,
  booking      BLOB    NOT NULL,
  n            INTEGER NOT NULL CHECK (n >= 1),            -- the NN of its number
  id           BLOB    NOT NULL CHECK (length(id) = 16),   -- follows from the booking's id and n
  line         INTEGER NOT NULL CHECK (line >= 1),
  code_version INTEGER NOT NULL CHECK (code_version >= 1),
  state        INTEGER NOT NULL CHECK (state IN (0, 1)),   -- valid, void
  PRIMARY KEY (event, booking, n)
) STRICT, WITHOUT ROWID;

-- A payment that a provider knows. Cash needs no row: the booking says that it was paid.
CREATE TABLE payment (
  event        BLOB    NOT NULL,
  booking      BLOB    NOT NULL,
  n            INTEGER NOT NULL CHECK (n >= 1),
  organizer    BLOB    NOT NULL,
  method       TEXT    NOT NULL,
  provider_ref TEXT    NOT NULL,
  amount       INTEGER NOT NULL CHECK (amount >= 0),
  state        INTEGER NOT NULL CHECK (state IN (0, 1)),   -- paid, refund due
  PRIMARY KEY (event, booking, n),
  UNIQUE (organizer, method, provider_ref)
) STRICT, WITHOUT ROWID;

-- The feed. A row table, because its rows are long: seq is the rowid.
CREATE TABLE change (
  seq        INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 1), -- dense
  shard      INTEGER NOT NULL CHECK (shard = 0),
  at         INTEGER NOT NULL,
  organizer  BLOB    NOT NULL,
  event      BLOB,
  slot       BLOB,
  booking    BLOB,
  kind       TEXT    NOT NULL,
  body       TEXT,                                         -- JSON: the booking after the change, or what was done
  due_at     INTEGER,                                      -- of an expiry: when it was due
  actor      TEXT,
  role       TEXT    NOT NULL,
  terminal   TEXT,
  request_id TEXT,
  chain      BLOB    NOT NULL CHECK (length(chain) = 32)   -- hash over this change and the one before
) STRICT;

-- The stored answers. A row table, in the order of storing, so that old ones leave from the front.
CREATE TABLE key_record (
  stored       INTEGER NOT NULL PRIMARY KEY,
  organizer    BLOB    NOT NULL,
  scope        TEXT    NOT NULL,
  key          TEXT    NOT NULL,
  verb         TEXT    NOT NULL,
  fingerprints BLOB    NOT NULL,                           -- eight bytes a field
  seq          INTEGER,                                    -- the change whose body is the answer
  reply        TEXT,                                       -- else the answer as JSON
  expires_at   INTEGER NOT NULL,
  UNIQUE (organizer, scope, key),
  CHECK ((seq IS NULL) <> (reply IS NULL))
) STRICT;
