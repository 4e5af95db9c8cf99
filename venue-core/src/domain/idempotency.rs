//! Retry safety: the same key and the same content give the same answer; other content is refused.

use std::hash::Hasher;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use super::ids::FileId;
use super::instant::Span;

/// How long a key's answer is kept at least.
pub const KEY_LIFE: Span = Span::from_hours(24);

/// The shortest key that an anonymous caller may give.
pub const ANONYMOUS_KEY_LENGTH: usize = 22;

/// What a key's record keeps of a request: one 8-byte keyed hash a field, in the order of declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints(Arc<[u8]>);

/// Hashes a request's fields, in the order of declaration.
#[derive(Debug)]
pub struct Fingerprinter {
    key: [u8; 16],
    hashes: Vec<u8>,
}

impl Fingerprinter {
    /// Begins a request to this file.
    pub fn new(file: FileId) -> Self {
        Self { key: file.bytes(), hashes: Vec::with_capacity(96) }
    }

    /// Adds a field that is a text, or is not there.
    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.field(|hasher| {
            if let Some(value) = value {
                hasher.write_u8(1);
                hasher.write(value.as_bytes());
            }
        })
    }

    /// Adds a field that is a number, or is not there.
    pub fn number(&mut self, value: Option<i64>) -> &mut Self {
        self.field(|hasher| {
            if let Some(value) = value {
                hasher.write_u8(2);
                hasher.write_i64(value);
            }
        })
    }

    /// Adds a field that is a list of texts, or is not there. The caller sorts what has no order.
    pub fn texts<'a>(&mut self, values: Option<impl IntoIterator<Item = &'a str>>) -> &mut Self {
        self.field(|hasher| {
            for value in values.into_iter().flatten() {
                hasher.write_u8(3);
                hasher.write_usize(value.len());
                hasher.write(value.as_bytes());
            }
        })
    }

    fn field(&mut self, write: impl FnOnce(&mut SipHasher24)) -> &mut Self {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        write(&mut hasher);
        self.hashes.extend_from_slice(&hasher.finish().to_le_bytes());
        self
    }

    /// The finished fingerprints.
    pub fn finish(self) -> Fingerprints {
        Fingerprints(self.hashes.into())
    }
}

impl Fingerprints {
    /// As the store keeps them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same, shared.
    pub fn shared(&self) -> Arc<[u8]> {
        Arc::clone(&self.0)
    }
}

/// The place of the first field that differs between a stored request and this one of the same verb.
pub fn first_difference(stored: &[u8], asked: &Fingerprints) -> Option<usize> {
    let (mut stored, mut asked) = (stored.chunks(8), asked.0.chunks(8));
    let mut place = 0;
    loop {
        match (stored.next(), asked.next()) {
            (None, None) => return None,
            (old, new) if old == new => place += 1,
            _ => return Some(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(slot: &str, quantity: Option<i64>, seats: Option<Vec<&str>>) -> Fingerprints {
        let mut printer = Fingerprinter::new(FileId::from_bytes([5; 16]));
        printer.text(Some(slot)).number(quantity).texts(seats);
        printer.finish()
    }

    #[test]
    fn the_first_field_that_differs_is_named() {
        let one = print("s", Some(2), Some(vec!["a", "b"]));
        for (other, place) in [
            (print("s", Some(2), Some(vec!["a", "b"])), None),
            (print("t", Some(3), Some(vec!["a", "b"])), Some(0)),
            (print("s", Some(3), None), Some(1)),
            (print("s", None, Some(vec!["a", "b"])), Some(1)),
            (print("s", Some(2), Some(vec!["ab"])), Some(2)),
            (print("s", Some(2), Some(vec!["a", "b", ""])), Some(2)),
        ] {
            assert_eq!(first_difference(one.bytes(), &other), place);
        }
        assert_eq!(first_difference(&one.bytes()[..16], &one), Some(2));
    }

    #[test]
    fn other_files_have_other_fingerprints() {
        let mut other = Fingerprinter::new(FileId::from_bytes([6; 16]));
        other.text(Some("s"));
        assert_eq!(first_difference(print("s", None, None).bytes(), &other.finish()), Some(0));
    }

    #[test]
    fn absent_and_empty_differ() {
        let absent = print("s", None, None);
        let mut printer = Fingerprinter::new(FileId::from_bytes([5; 16]));
        printer.text(Some("s")).text(Some("")).texts(None::<Vec<&str>>);
        assert_eq!(first_difference(absent.bytes(), &printer.finish()), Some(1));
    }
}
