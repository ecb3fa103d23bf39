//! Record ids: strings of digits that do not fit a JavaScript number.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use super::ParseError;

/// The id of something in Zoho: a string of 17 to 19 digits.
///
/// Zoho sends ids as strings and now and then as JSON numbers; both are read, and go out as they came.
/// Two ids are equal when their digits are. Books writes `""` where an id is absent, which is read as an empty id
/// ([`ZohoId::is_empty`]). [`FromStr`] is strict: digits only.
///
/// ```
/// use zoho_client::wire::ZohoId;
///
/// let id: ZohoId = serde_json::from_str("4876876000000589001")?;
/// assert_eq!(id, "4876876000000589001".parse()?);
/// assert_eq!(serde_json::to_string(&id)?, "4876876000000589001");
/// assert!("Leads".parse::<ZohoId>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct ZohoId {
    text: Box<str>,
    /// Whether it came as a JSON number.
    number: bool,
}

impl ZohoId {
    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is no id: Books writes `""` for it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn from_wire(text: &str) -> Self {
        Self {
            text: text.into(),
            number: false,
        }
    }

    fn from_number(number: impl fmt::Display) -> Self {
        Self {
            text: number.to_string().into(),
            number: true,
        }
    }
}

impl fmt::Debug for ZohoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZohoId").field(&self.text).finish()
    }
}

impl PartialEq for ZohoId {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ZohoId {}

impl PartialOrd for ZohoId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ZohoId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for ZohoId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for ZohoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AsRef<str> for ZohoId {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl From<u64> for ZohoId {
    fn from(id: u64) -> Self {
        Self::from_wire(&id.to_string())
    }
}

impl From<&ZohoId> for ZohoId {
    fn from(id: &ZohoId) -> Self {
        id.clone()
    }
}

impl FromStr for ZohoId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self::from_wire(text))
        } else {
            Err(ParseError::new("an id made of digits", text))
        }
    }
}

impl TryFrom<&str> for ZohoId {
    type Error = ParseError;

    fn try_from(text: &str) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl TryFrom<String> for ZohoId {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl Serialize for ZohoId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text.parse::<Number>() {
            Ok(number) if self.number => number.serialize(serializer),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for ZohoId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = ZohoId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as a string or a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ZohoId, E> {
        Ok(ZohoId::from_wire(text))
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<ZohoId, E> {
        Ok(ZohoId::from_number(id))
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<ZohoId, E> {
        Ok(ZohoId::from_number(id))
    }
}
