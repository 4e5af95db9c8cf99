-- What one searches events by. `event_text` is made of event, venue and hall by the program, which folds letters; the
-- index follows from it. Doctor makes both anew and compares.
CREATE TABLE event_text (
  event      BLOB    NOT NULL PRIMARY KEY REFERENCES event (id),
  n          INTEGER NOT NULL UNIQUE CHECK (n >= 1),       -- its number in the index
  body       TEXT    NOT NULL,                             -- words, folded, each once, with spaces between
  labels     TEXT    NOT NULL                              -- kind and tags, folded, a line each
) STRICT, WITHOUT ROWID;

-- Which pieces of words lead to which events. Words shorter than three letters are found as beginnings.
CREATE VIRTUAL TABLE event_gram USING fts5 (
  grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '1 2'
);
-- The same, read: each piece with each event that has it.
CREATE VIRTUAL TABLE event_gram_pair USING fts5vocab (event_gram, instance);

-- The events of a hall.
CREATE INDEX event_hall ON event (hall, slug);
