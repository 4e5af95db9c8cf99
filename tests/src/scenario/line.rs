//! One line of a ledger: `VERB [NAME..] [member=value..] [-> OUTCOME [fact=value..]]`.

use std::collections::BTreeMap;

/// What a line says should come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// A state, a code, a number or `done`.
    pub outcome: String,
    /// Facts of the answer, by name.
    pub facts: Vec<(String, String)>,
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// What to do.
    pub verb: String,
    /// To what.
    pub names: Vec<String>,
    /// How.
    pub members: BTreeMap<String, String>,
    /// What should come of it; nothing: it is done.
    pub expected: Option<Expected>,
}

impl Line {
    /// The member of this name, taken out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.members.remove(name)
    }

    /// The first name.
    ///
    /// # Errors
    /// If the line has none.
    pub fn name(&self) -> Result<&str, String> {
        let missing = || format!("{} needs a name", self.verb);
        self.names.first().map(String::as_str).ok_or_else(missing)
    }
}

fn pair(word: &str) -> Result<(String, String), String> {
    let (name, value) = word.split_once('=').ok_or_else(|| format!("not name=value: {word}"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Reads a file's lines; comments and empty lines are left out.
///
/// # Errors
/// Names the line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        // A comment begins a word; inside of one stands the number of a schedule.
        let comment = line.find(" #").or_else(|| line.starts_with('#').then_some(0));
        let line = line[..comment.unwrap_or(line.len())].trim();
        if !line.is_empty() {
            lines.push(parse(number, line).map_err(|problem| format!("{number}: {problem}"))?);
        }
    }
    Ok(lines)
}

fn parse(number: usize, line: &str) -> Result<Line, String> {
    let (act, expected) = match line.split_once("->") {
        Some((act, expected)) => (act, Some(expected)),
        None => (line, None),
    };
    let mut words = act.split_whitespace();
    let verb = words.next().ok_or("a verb is needed")?.to_owned();
    let (mut names, mut members) = (Vec::new(), BTreeMap::new());
    for word in words {
        if word.contains('=') {
            let (name, value) = pair(word)?;
            if members.insert(name, value).is_some() {
                return Err(format!("{word} stands twice"));
            }
        } else {
            names.push(word.to_owned());
        }
    }
    let expected = match expected {
        None => None,
        Some(text) => {
            let mut words = text.split_whitespace();
            let outcome = words.next().ok_or("an outcome is needed after ->")?.to_owned();
            Some(Expected { outcome, facts: words.map(pair).collect::<Result<_, _>>()? })
        }
    };
    Ok(Line { number, verb, names, members, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_verb_names_members_and_an_outcome_with_facts() {
        let lines = read("# a\n\nhold H1 slot=S seats=A-1,A-2 -> held total=40.00 # b\n").unwrap();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((line.number, &*line.verb, line.name()), (3, "hold", Ok("H1")));
        assert_eq!(line.members["seats"], "A-1,A-2");
        let expected = line.expected.clone().unwrap();
        assert_eq!((&*expected.outcome, expected.facts.len()), ("held", 1));
    }

    #[test]
    fn what_is_no_line_is_named() {
        for wrong in ["hold a=1 a=2", "hold ->", "hold -> held x"] {
            assert!(read(wrong).unwrap_err().starts_with("1: "), "{wrong}");
        }
    }
}
