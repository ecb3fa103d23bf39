//! Calendar dates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::ParseError;

/// A calendar date, `2026-05-14`, with the text it came with.
///
/// ```
/// use zoho_client::wire::Date;
///
/// let date: Date = "2026-05-14".parse()?;
/// assert_eq!(date.civil().day(), 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    civil: jiff::civil::Date,
    text: Box<str>,
}

impl Date {
    /// The date.
    #[must_use]
    pub fn civil(&self) -> jiff::civil::Date {
        self.civil
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(civil: jiff::civil::Date) -> Self {
        Self {
            civil,
            text: civil.to_string().into(),
        }
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // jiff reads a date out of a longer text too; a date field that holds an instant is not a date.
        let civil = (text.len() == 10)
            .then(|| text.parse::<jiff::civil::Date>().ok())
            .flatten()
            .ok_or_else(|| ParseError::new("a date like 2026-05-14", text))?;
        Ok(Self {
            civil,
            text: text.into(),
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
