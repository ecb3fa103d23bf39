//! Values that are sent and never shown.

use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Number, Value};

/// A card number, a token or the like: it goes into a body and is never printed.
///
/// ```
/// use zoho_client::wire::Secret;
///
/// let card = Secret::from("4111111111111111");
/// assert_eq!(format!("{card:?}"), "Secret(..)");
/// assert_eq!(serde_json::to_string(&card)?, r#""4111111111111111""#);
/// assert_eq!(card.expose(), "4111111111111111");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    /// Whether it came as a JSON number, and goes out as one.
    number: bool,
}

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self {
            text: text.into(),
            number: false,
        }
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.expose().parse::<Number>() {
            Ok(number) if self.number => number.serialize(serializer),
            _ => serializer.serialize_str(self.expose()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(text.into()),
            Value::Number(number) => Ok(Self {
                text: number.to_string().into(),
                number: true,
            }),
            // The value is not repeated: it is somebody's secret all the same.
            _ => Err(de::Error::custom("expected text")),
        }
    }
}
