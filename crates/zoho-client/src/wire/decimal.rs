//! Amounts: JSON numbers, or the text that came in place of one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Number, Value};

use super::ParseError;

/// An amount as it came: a JSON number or numeric text, never turned into a binary float here.
///
/// ```
/// use zoho_client::wire::Decimal;
///
/// let total: Decimal = serde_json::from_str("598")?;
/// assert_eq!(total.as_i64(), Some(598));
/// let text: Decimal = serde_json::from_str(r#""12.50""#)?;
/// assert_eq!(text.to_string(), "12.50");
/// assert!(serde_json::from_str::<Decimal>(r#""""#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Number(Number),
    Text(Box<str>),
}

impl Decimal {
    /// The amount as a whole number, when it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Number(number) => number.as_i64(),
            Repr::Text(text) => text.parse().ok(),
        }
    }

    /// The amount as the nearest binary float, for display and rough arithmetic.
    #[must_use]
    pub fn to_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Number(number) => number.as_f64(),
            Repr::Text(text) => text.parse().ok(),
        }
    }

    fn is_amount(text: &str) -> bool {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        all_digits(whole) && all_digits(fraction)
    }
}

impl From<i64> for Decimal {
    fn from(amount: i64) -> Self {
        Self(Repr::Number(amount.into()))
    }
}

impl From<Number> for Decimal {
    fn from(amount: Number) -> Self {
        Self(Repr::Number(amount))
    }
}

impl FromStr for Decimal {
    type Err = ParseError;

    /// Reads digits with an optional sign and fraction; they are sent as text, digit by digit.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        if Self::is_amount(text) {
            Ok(Self(Repr::Text(text.into())))
        } else {
            Err(ParseError::new("an amount", text))
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(number) => write!(f, "{number}"),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Number(number) => number.serialize(serializer),
            Repr::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(Self(Repr::Number(number))),
            Value::String(text) => text.parse().map_err(de::Error::custom),
            _ => Err(de::Error::custom("expected an amount")),
        }
    }
}
