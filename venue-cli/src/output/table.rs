//! Tables for people: plain columns, without lines and colours.

use std::fmt::Display;

use comfy_table::{Cell, CellAlignment, ContentArrangement, presets};

use super::text::printable;

/// Rows under headings. A heading that begins with `>` is of a column of numbers, which stand to the right.
#[derive(Debug)]
pub(crate) struct Table {
    inner: comfy_table::Table,
    right: Vec<bool>,
}

impl Table {
    /// With these headings.
    pub(crate) fn new(headings: &[&str]) -> Self {
        let right: Vec<bool> = headings.iter().map(|heading| heading.starts_with('>')).collect();
        let mut inner = comfy_table::Table::new();
        inner.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        let cells = headings
            .iter()
            .zip(&right)
            .map(|(heading, right)| cell(heading.trim_start_matches('>').to_uppercase(), *right));
        inner.set_header(cells);
        Self { inner, right }
    }

    /// One row more.
    pub(crate) fn row(&mut self, values: &[&dyn Display]) {
        let cells = values.iter().zip(&self.right);
        self.inner.add_row(cells.map(|(value, right)| cell(printable(&value.to_string()), *right)));
    }

    /// The table as text; spaces at the ends of lines are left out.
    pub(crate) fn text(&self) -> String {
        trimmed(&self.inner.to_string())
    }
}

fn cell(text: String, right: bool) -> Cell {
    let alignment = if right { CellAlignment::Right } else { CellAlignment::Left };
    Cell::new(text).set_alignment(alignment)
}

/// Without spaces at the ends of lines, and without the first column's margin.
fn trimmed(text: &str) -> String {
    let lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Facts about one thing: a name and a value a line.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    lines: Vec<(&'static str, String)>,
}

impl Facts {
    /// One fact more.
    pub(crate) fn fact(mut self, name: &'static str, value: impl Display) -> Self {
        self.lines.push((name, printable(&value.to_string())));
        self
    }

    /// One fact more, if there is a value.
    pub(crate) fn maybe(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }

    /// The facts as text.
    pub(crate) fn text(&self) -> String {
        let width = self.lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let lines = self.lines.iter().map(|(name, value)| format!("{name:<width$}  {value}\n"));
        lines.collect::<Vec<_>>().concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_facts_are_plain() {
        let mut table = Table::new(&["name", ">free"]);
        table.row(&[&"a\u{1b}b", &12]);
        table.row(&[&"c", &1_250]);
        assert_eq!(table.text(), "NAME      FREE\na\\u{1b}b    12\nc         1250\n");
        let facts = Facts::default().fact("slot", 7).fact("longer", "x").maybe("none", None::<u8>);
        assert_eq!(facts.text(), "slot    7\nlonger  x\n");
    }
}
