//! Record ids: strings of digits that do not fit a JavaScript number.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ParseError;

/// The id of something in Zoho: a string of 17 to 19 digits.
///
/// Zoho sends ids as strings and now and then as JSON numbers; both are read, and a string is what
/// is sent. Books writes `""` where an id is absent, which is read as an empty id
/// ([`ZohoId::is_empty`]). [`FromStr`] is strict: digits only.
///
/// ```
/// use zoho_client::wire::ZohoId;
///
/// let id: ZohoId = serde_json::from_str("4876876000000589001")?;
/// assert_eq!(id, "4876876000000589001".parse()?);
/// assert_eq!(serde_json::to_string(&id)?, r#""4876876000000589001""#);
/// assert!("Leads".parse::<ZohoId>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZohoId(Box<str>);

impl ZohoId {
    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no id: Books writes `""` for it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn from_wire(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ZohoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ZohoId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<u64> for ZohoId {
    fn from(id: u64) -> Self {
        Self(id.to_string().into())
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
            Ok(Self(text.into()))
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
        serializer.serialize_str(&self.0)
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
        Ok(ZohoId::from(id))
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<ZohoId, E> {
        Ok(ZohoId(id.to_string().into()))
    }
}
