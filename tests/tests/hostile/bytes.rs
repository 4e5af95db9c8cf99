//! Damages of bytes: what disks, tools and people do to files that they know nothing of.

use venue_tests::dice::Dice;

use super::base::{Base, Image};

const PAGE: usize = 4_096;

/// A way of damaging the bytes of a file.
pub(super) type Damage = fn(&mut Dice, &Base, &mut Image);

/// All of them, by name.
pub(super) const DAMAGES: &[(&str, Damage)] = &[
    ("bits", |dice, _, image| {
        for _ in 0..dice.between(1, 16) {
            let at = dice.below(image.file.len());
            image.file[at] ^= 1 << dice.below(8);
        }
    }),
    ("one byte", |dice, _, image| {
        let at = dice.below(image.file.len());
        image.file[at] = byte(dice);
    }),
    ("a range", |dice, _, image| {
        let from = dice.below(image.file.len());
        let to = (from + dice.between(1, 3 * PAGE)).min(image.file.len());
        let fill = *dice.one_of(&[Some(0), Some(0xff), Some(b'A'), None]);
        for at in from..to {
            image.file[at] = fill.unwrap_or_else(|| byte(dice));
        }
    }),
    ("pages swapped", |dice, _, image| {
        let [one, other] = [page(dice, image), page(dice, image)];
        for n in 0..PAGE {
            image.file.swap(one * PAGE + n, other * PAGE + n);
        }
    }),
    ("a page twice", |dice, _, image| {
        let [one, other] = [page(dice, image), page(dice, image)];
        image.file.copy_within(one * PAGE..(one + 1) * PAGE, other * PAGE);
    }),
    ("a page of zeros", |dice, _, image| {
        let at = page(dice, image) * PAGE;
        image.file[at..at + PAGE].fill(0);
    }),
    ("a page of another file", |dice, base, image| {
        let at = page(dice, image).min(base.other.file.len() / PAGE - 1) * PAGE;
        image.file[at..at + PAGE].copy_from_slice(&base.other.file[at..at + PAGE]);
    }),
    ("cut", |dice, _, image| {
        let at =
            if dice.percent(50) { page(dice, image) * PAGE } else { dice.below(image.file.len()) };
        image.file.truncate(at);
    }),
    ("longer", |dice, _, image| {
        let more = dice.between(1, 3 * PAGE);
        let fill = *dice.one_of(&[0, 0xff, b'v']);
        image.file.resize(image.file.len() + more, fill);
    }),
    ("the file's header", |dice, _, image| {
        let field = *dice
            .one_of(&[0, 16, 18, 19, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 92, 96]);
        let value = *dice.one_of(&[0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 7]);
        let at = field.min(image.file.len().saturating_sub(4));
        image.file[at..at + 4].copy_from_slice(&u32::to_be_bytes(value));
    }),
    ("a page's header", |dice, _, image| {
        let number = page(dice, image);
        let start = number * PAGE + if number == 0 { 100 } else { 0 };
        let at = start + dice.below(12);
        image.file[at] = byte(dice);
    }),
    ("a page's pointers", |dice, _, image| {
        let number = page(dice, image);
        let start = number * PAGE + if number == 0 { 108 } else { 8 };
        for _ in 0..dice.between(1, 4) {
            let at = start + 2 * dice.below(40);
            let to = u16::try_from(dice.below(PAGE)).unwrap_or(0);
            image.file[at..at + 2].copy_from_slice(&to.to_be_bytes());
        }
    }),
    ("a pointer to a page", |dice, _, image| {
        let at = page(dice, image) * PAGE + dice.below(PAGE / 4) * 4;
        let to = u32::try_from(page(dice, image)).unwrap_or(0) + 1;
        image.file[at..at + 4].copy_from_slice(&to.to_be_bytes());
    }),
    ("the free list", |dice, _, image| {
        let trunk = u32::try_from(page(dice, image)).unwrap_or(0) + 1;
        let count = u32::try_from(dice.below(100)).unwrap_or(0);
        image.file[32..36].copy_from_slice(&trunk.to_be_bytes());
        image.file[36..40].copy_from_slice(&count.to_be_bytes());
    }),
    ("text in text", |dice, _, image| {
        // Only letters and digits change: nothing that SQLite looks at.
        let readable = |byte: &u8| byte.is_ascii_alphanumeric();
        let from = dice.below(image.file.len());
        let found = image.file[from..].iter().position(readable);
        if let Some(at) = found.map(|at| from + at) {
            image.file[at] = *dice.one_of(b"0123456789abcdefxyz");
        }
    }),
];

/// Damages of a file with a log.
pub(super) const LOG_DAMAGES: &[(&str, Damage)] = &[
    ("bits of the log", |dice, _, image| {
        let log = image.log.get_or_insert_default();
        for _ in 0..dice.between(1, 8) {
            let at = dice.below(log.len());
            log[at] ^= 1 << dice.below(8);
        }
    }),
    ("the log cut", |dice, _, image| {
        let log = image.log.get_or_insert_default();
        log.truncate(dice.below(log.len()));
    }),
    ("the log's header", |dice, _, image| {
        let log = image.log.get_or_insert_default();
        let at = dice.below(32);
        log[at] = byte(dice);
    }),
    ("a log of garbage", |dice, _, image| {
        let length = dice.between(1, 20_000);
        image.log = Some((0..length).map(|_| byte(dice)).collect());
    }),
    ("another file's log", |_, base, image| image.log.clone_from(&base.other.log)),
    ("another file's log on a closed file", |_, base, image| {
        *image = Image { log: base.other.log.clone(), ..base.closed.clone() };
    }),
    ("no log", |_, _, image| image.log = None),
    ("an older file under the log", |dice, _, image| {
        let at = page(dice, image) * PAGE;
        image.file[at..at + PAGE].fill(0);
    }),
];

fn byte(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(256)).unwrap_or(0)
}

fn page(dice: &mut Dice, image: &Image) -> usize {
    dice.below(image.file.len() / PAGE)
}
