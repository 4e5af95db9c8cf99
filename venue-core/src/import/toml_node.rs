//! TOML read value by value: every value knows its key and line, and no key is overlooked.

use std::fmt;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::import::ImportError;

/// One file: its name and where its lines begin.
pub(super) struct Document<'d> {
    file: &'d str,
    line_ends: Vec<usize>,
}

/// One value of the file.
#[derive(Clone)]
pub(super) struct Node<'d> {
    document: &'d Document<'d>,
    key: String,
    at: usize,
    value: &'d DeValue<'d>,
}

/// A table's members, each to be taken once.
pub(super) struct Members<'d> {
    document: &'d Document<'d>,
    key: String,
    at: usize,
    entries: Vec<Member<'d>>,
}

struct Member<'d> {
    name: &'d str,
    /// Where the key stands, or its value if nothing is known of the key.
    at: usize,
    node: Node<'d>,
    taken: bool,
}

impl<'d> Document<'d> {
    pub(super) fn new(file: &'d str, text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        Self { file, line_ends: ends.map(|(at, _)| at).collect() }
    }

    fn line(&self, at: usize) -> u32 {
        let before = self.line_ends.partition_point(|end| *end < at);
        u32::try_from(before).unwrap_or(u32::MAX - 1) + 1
    }

    /// An error of the file's syntax.
    pub(super) fn syntax(&self, wrong: &toml::de::Error) -> ImportError {
        self.error(
            wrong.span().map(|span| span.start),
            String::new(),
            format!("not TOML: {}", wrong.message()),
        )
    }

    fn error(&self, at: Option<usize>, key: String, message: String) -> ImportError {
        ImportError {
            file: self.file.into(),
            line: at.map(|at| self.line(at)),
            key: (!key.is_empty()).then_some(key),
            message,
        }
    }

    /// The members of the whole file.
    pub(super) fn root(&'d self, table: &'d DeTable<'d>) -> Members<'d> {
        Members::new(self, String::new(), 0, table)
    }
}

impl<'d> Node<'d> {
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn line(&self) -> u32 {
        self.document.line(self.at)
    }

    pub(super) fn error(&self, message: impl fmt::Display) -> ImportError {
        self.document.error(Some(self.at), self.key.clone(), message.to_string())
    }

    pub(super) fn text(&self) -> Result<&'d str, ImportError> {
        if let DeValue::String(text) = self.value {
            return Ok(text);
        }
        Err(self.error("a text in quotes is needed"))
    }

    /// A text of a certain kind.
    pub(super) fn parse<T: FromStr<Err: fmt::Display>>(&self) -> Result<T, ImportError> {
        self.text()?.parse().map_err(|wrong| self.error(wrong))
    }

    pub(super) fn boolean(&self) -> Result<bool, ImportError> {
        if let DeValue::Boolean(value) = self.value {
            return Ok(*value);
        }
        Err(self.error("true or false is needed"))
    }

    /// A whole number between `least` and `most`.
    pub(super) fn number(&self, least: u32, most: u32) -> Result<u32, ImportError> {
        let wrong = || self.error(format_args!("a whole number from {least} to {most} is needed"));
        let DeValue::Integer(number) = self.value else { return Err(wrong()) };
        let number = u32::from_str_radix(number.as_str(), number.radix()).map_err(|_| wrong())?;
        if (least..=most).contains(&number) { Ok(number) } else { Err(wrong()) }
    }

    /// The entries of a list.
    pub(super) fn list(&self) -> Result<Vec<Self>, ImportError> {
        let DeValue::Array(entries) = self.value else {
            return Err(self.error("a list is needed"));
        };
        let node = |(place, entry): (usize, &'d Spanned<DeValue<'d>>)| Self {
            document: self.document,
            key: format!("{}[{place}]", self.key),
            at: entry.span().start,
            value: entry.get_ref(),
        };
        Ok(entries.iter().enumerate().map(node).collect())
    }

    /// The entries of a list, or the one text that stands for such a list.
    pub(super) fn texts(&self) -> Result<Vec<Self>, ImportError> {
        if let DeValue::String(_) = self.value {
            return Ok(vec![self.clone()]);
        }
        self.list()
    }

    pub(super) fn members(&self) -> Result<Members<'d>, ImportError> {
        if let DeValue::Table(table) = self.value {
            return Ok(Members::new(self.document, self.key.clone(), self.at, table));
        }
        Err(self.error("a table is needed"))
    }

    /// The entries of a list, or the values of a table in the order of the file; else nothing.
    pub(super) fn children(&self) -> Vec<Self> {
        match self.value {
            DeValue::Table(table) => {
                let members = Members::new(self.document, self.key.clone(), self.at, table);
                members.into_nodes().map(|(_, node)| node).collect()
            }
            _ => self.list().unwrap_or_default(),
        }
    }

    /// The entry of a list, or the member of a table in the order of the file; else the value itself.
    fn entry(&self, place: usize) -> Self {
        self.children().into_iter().nth(place).unwrap_or_else(|| self.clone())
    }
}

/// A key as TOML writes it: bare where it may be, else in quotes.
fn written(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { format!("{name:?}") }
}

impl<'d> Members<'d> {
    fn new(document: &'d Document<'d>, key: String, at: usize, table: &'d DeTable<'d>) -> Self {
        let mut entries = Vec::with_capacity(table.len());
        for (name, value) in table {
            let written = written(name.get_ref());
            let key = if key.is_empty() { written } else { format!("{key}.{written}") };
            let node = Node { document, key, at: value.span().start, value: value.get_ref() };
            entries.push(Member {
                name: name.get_ref(),
                at: name.span().start,
                node,
                taken: false,
            });
        }
        // The library sorts by name; people read from top to bottom.
        entries.sort_by_key(|member| member.at);
        Self { document, key, at, entries }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Node<'d>> {
        let member = self.entries.iter_mut().find(|member| member.name == name)?;
        member.taken = true;
        Some(member.node.clone())
    }

    pub(super) fn need(&mut self, name: &str) -> Result<Node<'d>, ImportError> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    pub(super) fn missing(&self, name: &str) -> ImportError {
        self.error(name, None, "this key is missing")
    }

    /// Takes a member and reads it, if it is there.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Node<'d>) -> Result<T, ImportError>,
    ) -> Result<Option<T>, ImportError> {
        self.take(name).map(|node| read(&node)).transpose()
    }

    /// Takes a list, an absent one being empty.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Node<'d>>, ImportError> {
        Ok(self.read(name, Node::list)?.unwrap_or_default())
    }

    /// Refuses what nobody took.
    pub(super) fn finish(&self) -> Result<(), ImportError> {
        match self.entries.iter().find(|member| !member.taken) {
            None => Ok(()),
            Some(member) => {
                let key = member.node.key.clone();
                Err(self.document.error(Some(member.at), key, "this key is not known".into()))
            }
        }
    }

    /// An error at a member, or at one of its entries; at the table itself where the member is absent.
    pub(super) fn error(
        &self,
        name: &str,
        entry: Option<usize>,
        message: impl fmt::Display,
    ) -> ImportError {
        let found = self.entries.iter().find(|member| member.name == name);
        match (found, entry) {
            (Some(member), Some(entry)) => member.node.entry(entry).error(message),
            (Some(member), None) => member.node.error(message),
            (None, _) => {
                let key = if self.key.is_empty() {
                    name.to_owned()
                } else {
                    format!("{}.{name}", self.key)
                };
                self.document.error(Some(self.at), key, message.to_string())
            }
        }
    }

    /// All members, in the order of the file.
    pub(super) fn into_nodes(self) -> impl Iterator<Item = (&'d str, Node<'d>)> {
        self.entries.into_iter().map(|member| (member.name, member.node))
    }
}
