//! Numbers of a plan file in whole thousandths, rounded by their decimal text and never through a float.

/// Reads a JSON number into thousandths, rounded half away from zero. None where it is beyond `most`
/// thousandths either way.
pub(super) fn parse_milli(number: &str, most: i64) -> Option<i64> {
    let (negative, rest) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (decimal, exponent) = match rest.split_once(['e', 'E']) {
        Some((decimal, exponent)) => (decimal, exponent_of(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || whole.is_empty() {
        return None;
    }
    // The digits, read as one integer, times ten to this power are thousandths.
    let shift = exponent.checked_add(3)?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let digits = whole.bytes().chain(fraction.bytes()).skip_while(|b| *b == b'0');
    let count = i64::try_from(digits.clone().count()).ok()?;
    if count == 0 {
        return Some(0);
    }
    // So many digits stand before the point of the thousandths; the first behind it rounds.
    let kept = count.checked_add(shift)?;
    if kept < 0 {
        return Some(0);
    }
    if kept > 18 {
        return None;
    }
    let mut milli: i64 = 0;
    let mut digits = digits.map(|b| i64::from(b - b'0'));
    for _ in 0..kept {
        milli = milli * 10 + digits.next().unwrap_or(0);
    }
    if digits.next().unwrap_or(0) >= 5 {
        milli += 1;
    }
    (milli <= most).then_some(if negative { -milli } else { milli })
}

/// A power of ten, cut where no number in range can need it.
fn exponent_of(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A file has at most 64 MiB of digits: no power beyond it changes the answer.
    let power = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
    Some(if negative { -power } else { power })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: i64 = 1_000_000_000_000;

    #[test]
    fn thousandths_are_rounded_half_away_from_zero_by_the_decimals() {
        for (text, milli) in [
            ("0", 0),
            ("-0.0", 0),
            ("25", 25_000),
            ("151.9", 151_900),
            ("33.23", 33_230),
            ("0.0005", 1),
            ("-0.0005", -1),
            ("0.00049999999999999999999", 0),
            ("1.0005", 1_001),
            ("-2.6745", -2_675),
            ("2.5e3", 2_500_000),
            ("25000e-6", 25),
            ("1E+2", 100_000),
            ("9.9999", 10_000),
            ("0.00001e1", 0),
            ("4e-4", 0),
            ("5e-4", 1),
            ("0.05e-2", 1),
            ("1e-99999999999999999999", 0),
            ("0e99999999999999999999", 0),
            ("1000000000", MOST),
            ("-1000000000.0004", -MOST),
            ("0000", 0),
        ] {
            assert_eq!(parse_milli(text, MOST), Some(milli), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_or_no_number_is_none() {
        for wrong in
            ["1000000000.0005", "1e999", "1e99999999999999999999", "1e10", "", "-", ".5", "1e", "x"]
        {
            assert_eq!(parse_milli(wrong, MOST), None, "{wrong:?}");
        }
    }
}
