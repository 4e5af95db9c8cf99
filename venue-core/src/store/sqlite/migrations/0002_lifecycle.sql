-- Slots and events that are cancelled, and slots that are moved by hand.

-- Work that is done in steps, each a transaction: what one process began the next can finish. A row is never
-- deleted: it says when something was cancelled, by whom, and what that came to.
CREATE TABLE job (
  event      BLOB    NOT NULL REFERENCES event (id),
  slot       BLOB    NOT NULL CHECK (length(slot) = 16),   -- sixteen zeros: the whole event is cancelled
  of_event   INTEGER NOT NULL CHECK (of_event IN (0, 1)),  -- 1: this slot, because its event is cancelled
  state      INTEGER NOT NULL CHECK (state IN (0, 1)),     -- going on, done
  begun_at   INTEGER NOT NULL,
  ended_at   INTEGER CHECK ((ended_at IS NOT NULL) = (state = 1)),
  reason     TEXT,
  reached    BLOB    NOT NULL CHECK (length(reached) = 16), -- the last booking that was looked at
  total      INTEGER NOT NULL CHECK (total >= 0),          -- units that had a buyer when it began
  holds      INTEGER NOT NULL CHECK (holds >= 0),          -- released so far
  bookings   INTEGER NOT NULL CHECK (bookings >= 0),       -- cancelled so far
  units      INTEGER NOT NULL CHECK (units >= 0),          -- of both, so far
  refund_due INTEGER NOT NULL CHECK (refund_due >= 0),     -- of the cancelled bookings, minor units
  actor      TEXT,
  role       TEXT    NOT NULL,
  terminal   TEXT,
  request_id TEXT,
  PRIMARY KEY (event, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_going_on ON job (begun_at, event, slot) WHERE state = 0;

-- When a slot was moved by hand; null: it stands where its schedule put it.
ALTER TABLE slot ADD COLUMN moved_at INTEGER;
