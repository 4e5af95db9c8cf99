//! What an event is called in commands, made of what people call it.

/// The most letters that are taken of a title.
const MOST_LETTERS: usize = 80;

/// Makes a slug of a title: `Ein schöner Abend!` becomes `ein-schoener-abend`. Letters of other scripts are left out;
/// if nothing is left it is `event`.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut gap = false;
    for letter in title.chars().flat_map(char::to_lowercase) {
        let plain = plain(letter);
        if plain.is_empty() {
            // An accent of its own belongs to the letter before it.
            gap |= !('\u{300}'..='\u{36f}').contains(&letter) && letter != '\'' && letter != '’';
            continue;
        }
        if slug.len() + plain.len() + 1 > MOST_LETTERS {
            break;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.push_str(plain);
    }
    if slug.is_empty() { "event".to_owned() } else { slug }
}

/// A lower-case letter or digit in a-z and 0-9; empty if it has none.
fn plain(letter: char) -> &'static str {
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = ASCII.find(letter) {
        return &ASCII[at..=at];
    }
    match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' | 'ø' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ĺ' | 'ľ' | 'ł' | 'ļ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Slug;

    #[test]
    fn a_title_becomes_a_slug() {
        for (title, expected) in [
            ("Hamlet", "hamlet"),
            ("Ein schöner Abend!", "ein-schoener-abend"),
            ("  --Don't   stop--  ", "dont-stop"),
            ("Dvořák: Rusalka (1901)", "dvorak-rusalka-1901"),
            ("e\u{301}toile", "etoile"),
            ("STRASSE Straße", "strasse-strasse"),
            ("7:30", "7-30"),
            ("東京", "event"),
            ("🎭", "event"),
            ("", "event"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
            assert!(expected.parse::<Slug>().is_ok());
        }
        assert_eq!(slug(&"a".repeat(500)), "a".repeat(79));
        assert_eq!(slug(&"ä".repeat(500)), "ae".repeat(39));
        for letter in ["a", "ä", "ab ", "🎭a"] {
            let long = slug(&letter.repeat(500));
            assert!(long.len() <= MOST_LETTERS && long.parse::<Slug>().is_ok(), "{long}");
        }
    }
    #[test]
    fn a_letter_becomes_what_it_is_made_of_or_sounds_like() {
        for (letters, expected) in [
            ("äæ öœø ü ß þ", "aeae-oeoeoe-ue-ss-th"),
            ("àáâãåāăą çćčĉċ ďđð", "aaaaaaaa-ccccc-ddd"),
            ("èéêëēėęě ĝğġģ ìíîïīįı", "eeeeeeee-gggg-iiiiiii"),
            ("ķ ĺľłļ ñńňņ òóôõōő ŕř", "k-llll-nnnn-oooooo-rr"),
            ("śšşș ťţț ùúûūůűų ýÿ źżž", "ssss-ttt-uuuuuuu-yy-zzz"),
        ] {
            assert_eq!(slug(letters), expected);
        }
    }
}
