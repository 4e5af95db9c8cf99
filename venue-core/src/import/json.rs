//! JSON read piece by piece, so that every value knows where in the file it stands.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::import::{ImportError, ImportWarning, line_at};

/// The most members of one object.
const MAX_MEMBERS: usize = 100;
/// The most warnings of one file.
const MAX_WARNINGS: usize = 100;

/// Something wrong at a byte of the text; the key grows from the inside out.
#[derive(Debug)]
pub(super) struct Fault {
    at: usize,
    key: String,
    message: String,
}

pub(super) type Found<T> = Result<T, Fault>;

impl Fault {
    /// The same fault, seen from one level further out.
    pub(super) fn under(mut self, part: impl fmt::Display) -> Self {
        let part = part.to_string();
        self.key = match self.key.as_str() {
            "" => part,
            key if key.starts_with('[') => format!("{part}{key}"),
            key => format!("{part}.{key}"),
        };
        self
    }
}

/// One file: its name, its text, and what was ignored in it.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    warnings: Vec<ImportWarning>,
    warned: Vec<String>,
}

/// One value of the text, not looked into yet.
#[derive(Clone, Copy)]
pub(super) struct Part<'a>(&'a str);

/// An object's members, in the order of the file.
pub(super) struct Object<'a> {
    whole: Part<'a>,
    members: Vec<(Cow<'a, str>, Part<'a>)>,
}

impl<'a> Source<'a> {
    /// Checks that the text is JSON and gives its one value.
    pub(super) fn new(file: &'a str, text: &'a str) -> Result<(Self, Part<'a>), ImportError> {
        let source = Self { file, text, warnings: Vec::new(), warned: Vec::new() };
        match serde_json::from_str::<&RawValue>(text) {
            Ok(whole) => Ok((source, Part(whole.get()))),
            Err(wrong) => Err(ImportError {
                file: file.into(),
                line: Some(u32::try_from(wrong.line()).unwrap_or(u32::MAX).max(1)),
                key: None,
                message: format!("not JSON: {}", without_place(&wrong)),
            }),
        }
    }

    /// Where a value begins, in bytes.
    pub(super) fn offset(&self, part: Part<'a>) -> usize {
        part.0.as_ptr().addr().saturating_sub(self.text.as_ptr().addr()).min(self.text.len())
    }

    pub(super) fn fault(&self, part: Part<'a>, message: impl Into<String>) -> Fault {
        Fault { at: self.offset(part), key: String::new(), message: message.into() }
    }

    pub(super) fn fault_at(at: usize, key: String, message: String) -> Fault {
        Fault { at, key, message }
    }

    pub(super) fn error(&self, fault: Fault) -> ImportError {
        ImportError {
            file: self.file.into(),
            line: Some(line_at(self.text.as_bytes(), fault.at)),
            key: (!fault.key.is_empty()).then_some(fault.key),
            message: fault.message,
        }
    }

    pub(super) fn into_warnings(self) -> Vec<ImportWarning> {
        self.warnings
    }

    /// Warns of each member that is not known, once per name.
    pub(super) fn warn_of_unknown(
        &mut self,
        object: &Object<'a>,
        known: &[&str],
        key: impl Fn() -> String,
    ) {
        for (name, part) in &object.members {
            let full = self.warned.len() >= MAX_WARNINGS;
            if full || known.contains(&name.as_ref()) || self.warned.iter().any(|w| w == name) {
                continue;
            }
            let line = line_at(self.text.as_bytes(), self.offset(*part));
            let place = key();
            self.warnings.push(ImportWarning {
                file: self.file.into(),
                line: Some(line),
                key: Some(if place.is_empty() {
                    name.to_string()
                } else {
                    format!("{place}.{name}")
                }),
                message: format!("the property {name:?} is not known and is ignored"),
            });
            self.warned.push(name.to_string());
        }
    }

    pub(super) fn object(&self, part: Part<'a>) -> Found<Object<'a>> {
        if !part.0.starts_with('{') {
            return Err(self.fault(part, "an object is needed"));
        }
        let Members(members) = self.read(part)?;
        for (place, (name, value)) in members.iter().enumerate() {
            if members[..place].iter().any(|(other, _)| other == name) {
                return Err(self.fault(*value, "this member stands twice").under(name));
            }
        }
        Ok(Object { whole: part, members })
    }

    /// The entries of an array.
    pub(super) fn array(&self, part: Part<'a>, most: usize) -> Found<Vec<Part<'a>>> {
        if !part.0.starts_with('[') {
            return Err(self.fault(part, "an array is needed"));
        }
        let Entries(entries) = self.read(part)?;
        match entries.get(most) {
            Some(beyond) => Err(self.fault(*beyond, format!("more than {most} entries"))),
            None => Ok(entries),
        }
    }

    pub(super) fn text(&self, part: Part<'a>) -> Found<Cow<'a, str>> {
        if !part.0.starts_with('"') {
            return Err(self.fault(part, "a text is needed"));
        }
        let Text(text) = self.read(part)?;
        Ok(text)
    }

    pub(super) fn boolean(&self, part: Part<'a>) -> Found<bool> {
        match part.0 {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.fault(part, "true or false is needed")),
        }
    }

    /// A number in thousandths, rounded half away from zero.
    pub(super) fn milli(&self, part: Part<'a>) -> Found<i64> {
        if !part.0.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(self.fault(part, "a number is needed"));
        }
        let most = crate::domain::plan::MAX_MILLI;
        super::milli::parse_milli(part.0, most).ok_or_else(|| {
            self.fault(part, "a number between -1000000000 and 1000000000 is needed")
        })
    }

    fn read<T: Deserialize<'a>>(&self, part: Part<'a>) -> Found<T> {
        serde_json::from_str(part.0).map_err(|wrong| self.fault(part, without_place(&wrong)))
    }
}

impl<'a> Object<'a> {
    /// The member with this name; null is as good as absent.
    pub(super) fn get(&self, name: &str) -> Option<Part<'a>> {
        let (_, part) = self.members.iter().find(|(n, _)| n == name)?;
        (part.0 != "null").then_some(*part)
    }

    pub(super) fn need(&self, source: &Source<'a>, name: &str) -> Found<Part<'a>> {
        self.get(name).ok_or_else(|| source.fault(self.whole, "this member is missing").under(name))
    }

    /// The member with this name, read by `read`, faults under its name.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: impl FnOnce(Part<'a>) -> Found<T>,
    ) -> Found<Option<T>> {
        self.get(name).map(|part| read(part).map_err(|fault| fault.under(name))).transpose()
    }
}

/// An error's text without the line and column of the piece that was read.
fn without_place(wrong: &serde_json::Error) -> String {
    let text = wrong.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

struct Members<'a>(Vec<(Cow<'a, str>, Part<'a>)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Text(name)) = map.next_key()? {
            if members.len() >= MAX_MEMBERS {
                return Err(serde::de::Error::custom("an object with more than 100 members"));
            }
            members.push((name, Part(map.next_value::<&RawValue>()?.get())));
        }
        Ok(Members(members))
    }
}

struct Entries<'a>(Vec<Part<'a>>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(part) = list.next_element::<&RawValue>()? {
            entries.push(Part(part.get()));
        }
        Ok(Entries(entries))
    }
}
