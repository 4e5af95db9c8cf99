//! What a search finds: texts are folded to the base letters of small words, and a word is found by any part of it.
//!
//! Folding goes letter by letter, so that a part of a text folds to a part of its folding. Letters of the Latin,
//! Greek and Cyrillic scripts become the Latin letters that they are made of or sound like: `ü` is `u` (and
//! not `ue`), `ß` is `ss`, `Ł` is `l`, `й` is `i`. Other scripts keep their letters. Whatever is no letter or
//! digit ends a word.
//!
//! # Source
//! The letters are those of the crate `deunicode`.

use std::collections::BTreeSet;

use super::text::SearchText;

/// Letters in one piece of a word as the index knows them.
const GRAM: usize = 3;
/// Words of a search that the index is asked for; all of them are looked at afterwards.
const ASKED_WORDS: usize = 8;
/// Pieces of one word that the index is asked for.
const ASKED_GRAMS: usize = 12;
/// What begins the index's words for kinds and tags: no letter and no digit, so that no piece of a word is one.
const MARK: char = '§';

/// The folding of one character: nothing for an accent that stands by itself.
fn fold_char(letter: char, into: &mut String) {
    let is_folded = matches!(
        u32::from(letter),
        0x80..=0x058f | 0x1c80..=0x1fff | 0x2c60..=0x2c7f | 0xa720..=0xa7ff | 0xfb00..=0xfb06 | 0xff01..=0xff5e
    );
    if letter.is_ascii() {
        into.push(letter.to_ascii_lowercase());
    } else if !is_folded {
        into.extend(letter.to_lowercase());
    } else if letter.is_alphanumeric() || is_accent(letter) {
        let folded = deunicode::deunicode_char(letter).unwrap_or_default();
        into.extend(
            folded.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()),
        );
    } else {
        into.push(letter);
    }
}

/// A mark that is written over or under the letter before it.
fn is_accent(letter: char) -> bool {
    matches!(u32::from(letter), 0x0300..=0x036f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff)
}

/// A text, folded.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|letter| fold_char(letter, &mut folded));
    folded
}

/// The words of a text, folded.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// True for a text that one can search for: it has a letter or a digit.
pub(super) fn is_searchable(text: &str) -> bool {
    fold(text).chars().any(char::is_alphanumeric)
}

/// What is looked at when somebody searches for an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// Each word of its texts once, folded, in the order of the alphabet, with spaces between.
    pub(crate) body: String,
    /// Its kind and its tags, folded, a line each.
    pub(crate) labels: String,
}

impl Indexed {
    /// Of an event's kind and tags, and the texts that its words are taken from; the tags' among them.
    pub(crate) fn of<'t>(
        kind: &str,
        tags: impl IntoIterator<Item = &'t str>,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let mut all = BTreeSet::new();
        let mut labels = fold(kind);
        for tag in tags {
            labels.push('\n');
            labels.push_str(&fold(tag));
            all.extend(words(tag));
        }
        all.extend(texts.into_iter().flat_map(words));
        Self { body: all.into_iter().collect::<Vec<_>>().join(" "), labels }
    }

    /// The words under which the index keeps it: every piece of three letters, the shorter ones with which words end,
    /// and what marks its kind and tags; each once, in the order of the alphabet.
    pub(crate) fn grams(&self) -> BTreeSet<String> {
        let mut grams = BTreeSet::new();
        for word in self.body.split(' ') {
            for (start, _) in word.char_indices() {
                grams.insert(word[start..].chars().take(GRAM).collect::<String>());
            }
        }
        let mut labels = self.labels.split('\n');
        grams.extend(labels.next().map(|kind| mark('k', kind)));
        grams.extend(labels.map(|tag| mark('t', tag)));
        grams.remove("");
        grams
    }
}

/// A label as one word of the index: it may stand for several labels, which are told apart afterwards.
fn mark(sort: char, label: &str) -> String {
    let plain =
        label.chars().map(|c| if c.is_ascii() && !c.is_ascii_alphanumeric() { MARK } else { c });
    [MARK, sort].into_iter().chain(plain).collect()
}

/// What somebody searches for: all of it has to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    words: BTreeSet<String>,
    kind: Option<String>,
    tag: Option<String>,
}

/// A word that the index has to have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gram {
    /// This one.
    Whole(String),
    /// Any one that begins like this.
    Beginning(String),
}

impl Wish {
    /// For an event of this kind, with this tag, with all words of this text in parts of its own.
    pub(crate) fn new(text: Option<&SearchText>, kind: Option<&str>, tag: Option<&str>) -> Self {
        let words = text.map(|text| words(text.as_str()).collect()).unwrap_or_default();
        Self { words, kind: kind.map(fold), tag: tag.map(fold) }
    }

    /// True if everything fits.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True if the event is what is searched for.
    pub(crate) fn fits(&self, event: &Indexed) -> bool {
        let mut labels = event.labels.split('\n');
        let kind = labels.next().unwrap_or_default();
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && self.tag.as_deref().is_none_or(|wanted| labels.any(|tag| tag == wanted))
            && self.words.iter().all(|word| event.body.contains(&**word))
    }

    /// What the index is asked for: every event that fits has all of it. The longest words lead to the fewest.
    pub(crate) fn grams(&self) -> BTreeSet<Gram> {
        let mut grams = BTreeSet::new();
        let mut words: Vec<Vec<char>> =
            self.words.iter().map(|word| word.chars().collect()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words.into_iter().take(ASKED_WORDS) {
            if word.len() < GRAM {
                grams.insert(Gram::Beginning(word.iter().collect()));
            }
            let pieces = word.windows(GRAM).take(ASKED_GRAMS);
            grams.extend(pieces.map(|piece| Gram::Whole(piece.iter().collect())));
        }
        grams.extend(self.kind.iter().map(|kind| Gram::Whole(mark('k', kind))));
        grams.extend(self.tag.iter().map(|tag| Gram::Whole(mark('t', tag))));
        grams
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(text: &str) -> Indexed {
        Indexed::of("Movie", ["Science Fiction", "3D"], [text])
    }

    fn finds(wish: &str, text: &str) -> bool {
        Wish::new(Some(&wish.parse().unwrap()), None, None).fits(&event(text))
    }

    #[test]
    fn letters_fold_to_their_base() {
        for (text, folded) in [
            ("München", "munchen"),
            ("Mu\u{308}nchen", "munchen"),
            ("STRASSE Straße ẞ", "strasse strasse ss"),
            ("Łódź Ørsted Æther đ ı İzmir", "lodz orsted aether d i izmir"),
            ("Ελλάδα Чайковский", "ellada chaikovskii"),
            ("ﬁn ＡＢ１", "fin ab1"),
            ("東京ドーム 한국", "東京ドーム 한국"),
            ("Ngũgĩ – Việt Nam", "ngugi – viet nam"),
            ("Hin·und·her «4×100»", "hin·und·her «4×100»"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn parts_of_words_are_found_and_all_words_are_needed() {
        let text = "Erfurt – München: Handball-Bundesliga 2027/28, rock'n'roll, 東京";
        for wish in [
            "MUNCHEN",
            "münch",
            "unch",
            "ball bund",
            "2027 28",
            "n roll",
            "fiction",
            "d",
            "京",
            "3d",
            "Rock'n'Roll!",
        ] {
            assert!(finds(wish, text), "{wish}");
        }
        for wish in ["muenchen", "munchen berlin", "ballbund", "movie", "北"] {
            assert!(!finds(wish, text), "{wish}");
        }
    }

    #[test]
    fn kinds_and_tags_are_whole() {
        let found = |kind, tag| Wish::new(None, kind, tag).fits(&event("x"));
        assert!(found(Some("MOVIE"), Some("science fiction")) && found(None, Some("3d")));
        assert!(
            !found(Some("mov"), None)
                && !found(None, Some("science"))
                && !found(None, Some("movie"))
        );
        assert!(Wish::new(None, None, None).is_empty());
        assert!(!Wish::new(None, Some("!"), None).is_empty());
    }

    #[test]
    fn one_searches_for_letters_and_digits() {
        for (text, searchable) in
            [("x", true), ("-1-", true), ("京", true), ("!", false), ("·«", false)]
        {
            assert_eq!(is_searchable(text), searchable, "{text}");
        }
    }

    #[test]
    fn the_index_is_asked_for_pieces_of_words_and_for_whole_labels() {
        let whole = |gram: &str| Gram::Whole(gram.into());
        let asked = |text: &str| Wish::new(Some(&text.parse().unwrap()), None, None).grams();
        assert_eq!(asked("ab"), [Gram::Beginning("ab".into())].into());
        assert_eq!(asked("abc"), [whole("abc")].into());
        assert_eq!(asked("abcd"), [whole("abc"), whole("bcd")].into());
        let labels = Wish::new(None, Some("Movie"), Some("Sci-fi 東京"));
        assert_eq!(labels.grams(), [whole("§kmovie"), whole("§tsci§fi§東京")].into());
    }

    /// Whether the index has what it is asked for.
    fn leads_to(wish: &Wish, event: &Indexed) -> bool {
        let has = event.grams();
        wish.grams().iter().all(|gram| match gram {
            Gram::Whole(gram) => has.contains(gram),
            Gram::Beginning(of) => has.iter().any(|gram| gram.starts_with(&**of)),
        })
    }

    #[test]
    fn the_index_is_asked_for_little_however_much_is_searched_for() {
        let wish = Wish::new(Some(&"abcd ".repeat(399).parse().unwrap()), None, None);
        assert_eq!(wish.grams().len(), 2);
        let many: Vec<String> = (0..300).map(|n| format!("x{n}y")).collect();
        let wish = Wish::new(Some(&many.join(" ").parse().unwrap()), None, None);
        assert!(wish.grams().len() <= ASKED_WORDS * ASKED_GRAMS);
    }

    proptest! {
        #[test]
        fn a_part_of_a_text_folds_to_a_part_of_its_folding(a in ".{0,20}", b in ".{0,20}", c in ".{0,20}") {
            let whole = fold(&format!("{a}{b}{c}"));
            prop_assert_eq!(whole, format!("{}{}{}", fold(&a), fold(&b), fold(&c)));
        }

        #[test]
        fn whatever_fits_is_found_by_the_index(text in "[a-cé–ß東 ]{0,30}", wish in "[a-cé–ß東 ]{1,8}", label in "[a-c! ]{0,3}") {
            let event = Indexed::of(&label, [&*label], [&*text]);
            let parsed = wish.parse().ok();
            let wish = Wish::new(parsed.as_ref(), Some(&label), Some(&label));
            if wish.fits(&event) {
                prop_assert!(leads_to(&wish, &event));
            }
        }

        #[test]
        fn the_index_has_only_whole_words(text in ".{0,40}", tag in ".{0,10}") {
            for gram in Indexed::of(&tag, [&*tag], [&*text]).grams() {
                prop_assert!(!gram.is_empty());
                prop_assert!(gram.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()), "{}", gram);
            }
        }
    }
}
