-- Which event a series of a calendar file became, so that importing the file again finds it.
CREATE TABLE calendar_event (
  event BLOB NOT NULL PRIMARY KEY REFERENCES event (id),
  hall  BLOB NOT NULL REFERENCES hall (id),                -- into which it was imported
  uid   TEXT NOT NULL CHECK (length(uid) BETWEEN 1 AND 1000), -- the calendar's name of the series
  UNIQUE (hall, uid)
) STRICT, WITHOUT ROWID;
