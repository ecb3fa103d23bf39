//! Amounts: JSON numbers, or the text that came in place of one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::ParseError;
use super::exact::Json;

/// An amount as it came: a JSON number or numeric text, with all of its digits.
///
/// A number of more than 17 digits stays exact when it is read from JSON text. Values that are trees already
/// ([`serde_json::Value`]: records, fields that nobody has described) hold such numbers as floats.
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

/// A number of so many characters has no more digits than a float tells apart.
const SHORT: usize = 15;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Number(Number),
    /// A number with more digits than a `Number` keeps.
    Digits(Box<str>),
    Text(Box<str>),
}

impl Decimal {
    /// The amount as a whole number, when it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Number(number) => number.as_i64(),
            Repr::Digits(text) | Repr::Text(text) => text.parse().ok(),
        }
    }

    /// The amount as the nearest binary float, for display and rough arithmetic.
    #[must_use]
    pub fn to_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Number(number) => number.as_f64(),
            Repr::Digits(text) | Repr::Text(text) => text.parse().ok(),
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
            Repr::Digits(text) | Repr::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Number(number) => number.serialize(serializer),
            Repr::Digits(text) => RawValue::from_string(text.to_string())
                .map_err(ser::Error::custom)?
                .serialize(serializer),
            Repr::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::next(deserializer)?;
        let Json::Text(text) = &json else {
            return match json.into_tree().map_err(de::Error::custom)? {
                Value::Number(number) => Ok(Self(Repr::Number(number))),
                Value::String(text) => text.parse().map_err(de::Error::custom),
                _ => Err(de::Error::custom("expected an amount")),
            };
        };
        let text = text.trim_ascii();
        if text.starts_with('"') {
            let text: String = json.read().map_err(de::Error::custom)?;
            return text.parse().map_err(de::Error::custom);
        }
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Err(de::Error::custom("expected an amount"));
        }
        // So short a number is the same as a float, and so is what its shortest form says in the same digits.
        let same = |number: &Number| text.len() <= SHORT || digits(&number.to_string()) == digits(text);
        match serde_json::from_str::<Number>(text).ok().filter(same) {
            Some(number) => Ok(Self(Repr::Number(number))),
            None => Ok(Self(Repr::Digits(text.into()))),
        }
    }
}

/// What a number in JSON amounts to: its sign, its digits without zeros around them, and the power of ten of the last.
fn digits(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut power: i64 = exponent.parse().unwrap_or_default();
    let negative = mantissa.starts_with('-');
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    power -= fraction.len() as i64;
    let all = format!("{whole}{fraction}");
    let all = all.trim_start_matches('0');
    let short = all.trim_end_matches('0');
    power += (all.len() - short.len()) as i64;
    match short {
        "" => (false, String::new(), 0),
        short => (negative, short.to_owned(), power),
    }
}
