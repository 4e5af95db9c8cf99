//! Cursors: where a list goes on. Opaque to callers; inside, the file's epoch, the key of the last item seen, and
//! a keyed check over both and over which list it was, so that a cursor is used only where it was given.

use std::hash::Hasher;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

use super::ids::{FileId, OrganizerId};

/// A place in a list, as an opaque text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a cursor leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotACursor {
    /// It does not parse, or this list never gave it.
    Bad,
    /// It is from before the file was restored.
    Epoch,
}

/// What makes and reads the cursors of one list of one file.
#[derive(Debug, Clone)]
pub struct Seal {
    file: FileId,
    epoch: i64,
    scope: Vec<u8>,
}

/// A check has so many bytes; so has an epoch.
const WORD: usize = 8;

impl Seal {
    /// For the list of a verb with these filters, of one organizer.
    pub fn of_list(
        file: FileId,
        epoch: i64,
        organizer: OrganizerId,
        verb: &str,
        filters: &str,
    ) -> Self {
        let mut scope = organizer.bytes().to_vec();
        scope.extend_from_slice(verb.as_bytes());
        scope.push(0);
        scope.extend_from_slice(filters.as_bytes());
        Self { file, epoch, scope }
    }

    /// For the feed: a place in it is the same for everybody, whatever one looks for.
    pub fn of_feed(file: FileId, epoch: i64) -> Self {
        Self { file, epoch, scope: b"feed".to_vec() }
    }

    /// The cursor after the item with this key.
    pub fn cursor(&self, key: &CursorKey) -> Cursor {
        let mut bytes = self.epoch.to_be_bytes().to_vec();
        bytes.extend_from_slice(&key.0);
        let check = self.check(&bytes);
        bytes.extend_from_slice(&check);
        Cursor(hex(&bytes))
    }

    /// The key of the item after which the list goes on.
    pub fn open(&self, cursor: &Cursor) -> Result<CursorKey, NotACursor> {
        let bytes = unhex(cursor.as_str()).ok_or(NotACursor::Bad)?;
        let payload = bytes.len().checked_sub(WORD).ok_or(NotACursor::Bad)?;
        let (sealed, check) = bytes.split_at(payload);
        if check != self.check(sealed) {
            return Err(NotACursor::Bad);
        }
        let (epoch, key) = sealed.split_first_chunk::<WORD>().ok_or(NotACursor::Bad)?;
        if i64::from_be_bytes(*epoch) != self.epoch {
            return Err(NotACursor::Epoch);
        }
        Ok(CursorKey(key.to_vec()))
    }

    fn check(&self, sealed: &[u8]) -> [u8; WORD] {
        let mut hasher = SipHasher24::new_with_key(&self.file.bytes());
        hasher.write_usize(self.scope.len());
        hasher.write(&self.scope);
        hasher.write(sealed);
        hasher.finish().to_be_bytes()
    }
}

/// The key of an item: the columns by which its list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CursorKey(Vec<u8>);

impl CursorKey {
    /// The same key, with a number more.
    #[must_use]
    pub fn number(mut self, value: i64) -> Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// The same key, with an id more.
    #[must_use]
    pub fn id(mut self, value: [u8; 16]) -> Self {
        self.0.extend_from_slice(&value);
        self
    }

    /// The same key, with a slug more: a text without line ends.
    #[must_use]
    pub fn slug(mut self, value: &str) -> Self {
        self.0.extend_from_slice(value.as_bytes());
        self.0.push(b'\n');
        self
    }

    /// Takes a number off its front.
    pub fn take_number(&mut self) -> Result<i64, NotACursor> {
        self.take::<8>().map(i64::from_be_bytes)
    }

    /// Takes an id off its front.
    pub fn take_id(&mut self) -> Result<[u8; 16], NotACursor> {
        self.take::<16>()
    }

    /// Takes a slug off its front.
    pub fn take_slug(&mut self) -> Result<String, NotACursor> {
        let end = self.0.iter().position(|byte| *byte == b'\n').ok_or(NotACursor::Bad)?;
        let rest = self.0.split_off(end + 1);
        let mut text = std::mem::replace(&mut self.0, rest);
        text.pop();
        String::from_utf8(text).map_err(|_| NotACursor::Bad)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], NotACursor> {
        let first = *self.0.first_chunk::<N>().ok_or(NotACursor::Bad)?;
        self.0.drain(..N);
        Ok(first)
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what [`hex`] writes, and nothing else.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let value = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seal(file: u8, epoch: i64, organizer: u8, verb: &str, filters: &str) -> Seal {
        let (file, organizer) =
            (FileId::from_bytes([file; 16]), OrganizerId::from_bytes([organizer; 16]));
        Seal::of_list(file, epoch, organizer, verb, filters)
    }

    #[test]
    fn a_cursor_is_used_only_where_it_was_given() {
        let own = seal(1, 1, 1, "event_list", "{}");
        let cursor = own.cursor(&CursorKey::default().slug("a"));
        assert_eq!(own.open(&cursor).unwrap().take_slug().unwrap(), "a");
        for other in [
            seal(2, 1, 1, "event_list", "{}"),
            seal(1, 1, 2, "event_list", "{}"),
            seal(1, 1, 1, "venue_list", "{}"),
            seal(1, 1, 1, "event_list", "{\"x\":1}"),
            Seal::of_feed(FileId::from_bytes([1; 16]), 1),
        ] {
            assert_eq!(other.open(&cursor), Err(NotACursor::Bad));
        }
        assert_eq!(seal(1, 2, 1, "event_list", "{}").open(&cursor), Err(NotACursor::Epoch));
    }

    proptest! {
        #[test]
        fn any_change_of_a_cursor_is_noticed(place in 0usize..200, letter: u8, key: i64) {
            let own = Seal::of_feed(FileId::from_bytes([1; 16]), 5);
            let cursor = own.cursor(&CursorKey::default().number(key));
            let mut letters = cursor.as_str().as_bytes().to_vec();
            let place = place % letters.len();
            letters[place] = letter;
            if let Ok(text) = String::from_utf8(letters) {
                let same = text == cursor.as_str();
                prop_assert_eq!(own.open(&Cursor::from(text)).is_ok(), same);
            }
        }

        #[test]
        fn no_text_is_a_cursor_by_chance(text in ".{0,80}") {
            let own = Seal::of_feed(FileId::from_bytes([1; 16]), 5);
            prop_assert_eq!(own.open(&Cursor::from(text)), Err(NotACursor::Bad));
        }

        #[test]
        fn keys_come_back(number: i64, id: [u8; 16], slug in "[a-z0-9-]{1,100}") {
            let own = Seal::of_feed(FileId::from_bytes([1; 16]), 5);
            let key = CursorKey::default().number(number).slug(&slug).id(id);
            let mut back = own.open(&own.cursor(&key)).unwrap();
            prop_assert_eq!(back.take_number(), Ok(number));
            prop_assert_eq!(back.take_slug(), Ok(slug));
            prop_assert_eq!(back.take_id(), Ok(id));
            prop_assert_eq!(back.take_number(), Err(NotACursor::Bad));
        }
    }

    #[test]
    fn a_cursor_is_read_whole() {
        let own = Seal::of_feed(FileId::from_bytes([1; 16]), 5);
        let cursor = own.cursor(&CursorKey::default().number(7));
        assert_eq!(format!("{cursor:>1}"), cursor.as_str());
        assert!(own.open(&cursor).is_ok());
        for more in ["0", "00", "\n"] {
            assert_eq!(own.open(&Cursor::from(format!("{cursor}{more}"))), Err(NotACursor::Bad));
        }
        let upper = cursor.as_str().to_uppercase();
        assert_ne!(upper, cursor.as_str());
        assert_eq!(own.open(&Cursor::from(upper.as_str())), Err(NotACursor::Bad));
        assert_eq!(own.open(&Cursor::from("")), Err(NotACursor::Bad));
    }

    #[test]
    fn a_key_is_taken_off_in_its_order_and_no_further() {
        let mut key = CursorKey::default().slug("").slug("b").number(-1);
        assert_eq!(key.take_slug().unwrap(), "");
        assert_eq!(key.take_slug().unwrap(), "b");
        assert_eq!(key.take_id(), Err(NotACursor::Bad));
        assert_eq!(key.take_slug(), Err(NotACursor::Bad));
        assert_eq!(key.take_number(), Ok(-1));
    }
}
