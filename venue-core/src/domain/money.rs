//! Money: minor units of one currency. Never a fraction, never a float.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency by its ISO 4217 code: three capital letters. Amounts have two decimals.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// A text that is not a currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a currency: an ISO 4217 code of three capital letters is needed, as in EUR")]
pub struct NotACurrency;

impl Currency {
    /// The code as text.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;
    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(NotACurrency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Z]{3}$"})
    }
}

/// An amount of minor units (cents) in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// Minor units: 3200 is 32.00.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Decimal(self.minor), self.currency)
    }
}

/// Minor units written with two decimals: `32.00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal(pub i64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

/// The highest price of one unit: 99,999,999.99.
pub const MAX_PRICE_MINOR: i64 = 9_999_999_999;

/// A text that is not a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a price: digits, a point and two digits are needed, as in 32.00, up to 99999999.99")]
pub struct NotAPrice;

/// Reads a price, `D.DD`, into minor units: 0 to [`MAX_PRICE_MINOR`].
pub fn parse_price(text: &str) -> Result<i64, NotAPrice> {
    let (whole, cents) = text.split_once('.').ok_or(NotAPrice)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || whole.len() > 8 || !digits(cents) || cents.len() != 2 {
        return Err(NotAPrice);
    }
    let whole: i64 = whole.parse().map_err(|_| NotAPrice)?;
    let cents: i64 = cents.parse().map_err(|_| NotAPrice)?;
    Ok(whole * 100 + cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_have_two_decimals_and_a_bound() {
        for (text, minor) in [("0.00", 0), ("32.00", 3200), ("99999999.99", MAX_PRICE_MINOR)] {
            assert_eq!(parse_price(text), Ok(minor));
            assert_eq!(Decimal(minor).to_string(), text);
        }
        for wrong in [
            "",
            "32",
            "32.0",
            "32.000",
            ".50",
            "-1.00",
            "+1.00",
            "1,00",
            "100000000.00",
            "1.0a",
            "١.٠٠",
        ] {
            assert_eq!(parse_price(wrong), Err(NotAPrice), "{wrong:?}");
        }
    }

    #[test]
    fn a_currency_is_three_capitals() {
        assert_eq!("EUR".parse::<Currency>().unwrap().code(), "EUR");
        for wrong in ["", "eur", "EU", "EURO", "E1R"] {
            assert!(wrong.parse::<Currency>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_amount_reads_with_its_sign_and_its_currency() {
        let currency: Currency = "EUR".parse().unwrap();
        for (minor, text) in [(3200, "32.00 EUR"), (0, "0.00 EUR"), (-5, "-0.05 EUR")] {
            assert_eq!(Money { minor, currency }.to_string(), text);
        }
        assert_eq!(format!("{currency} {currency:?} {currency:>5}"), "EUR EUR   EUR");
    }

    #[test]
    fn money_in_json_is_minor_units_and_a_code() {
        let text = r#"{"minor":3200,"currency":"EUR"}"#;
        let money: Money = serde_json::from_str(text).unwrap();
        assert_eq!((money.minor, money.currency.code()), (3200, "EUR"));
        assert_eq!(serde_json::to_string(&money).unwrap(), text);
        assert!(serde_json::from_str::<Currency>("\"eur\"").is_err());
        assert_eq!(schemars::schema_for!(Currency).to_value()["pattern"], "^[A-Z]{3}$");
    }
}
