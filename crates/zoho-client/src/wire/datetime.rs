//! Instants with the offset and the spelling they came with.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::ParseError;

/// An instant as Zoho writes it: CRM `2026-05-14T12:51:40+03:00`, Books `2026-05-14T12:51:40-0400`.
///
/// The text is kept and encodes byte for byte. Comparison and hashing are by instant: offsets
/// follow the user's time zone and its daylight saving, so comparing text would be wrong.
///
/// ```
/// use zoho_client::wire::DateTime;
///
/// let crm: DateTime = "2026-06-09T16:45:21+03:00".parse()?;
/// let books: DateTime = "2026-06-09T09:45:21-0400".parse()?;
/// assert_eq!(crm, books);
/// assert_eq!(books.to_string(), "2026-06-09T09:45:21-0400");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DateTime {
    instant: Timestamp,
    offset: Offset,
    text: Box<str>,
}

impl DateTime {
    /// An instant written with an offset, in whole seconds and with a colon, as CRM expects it.
    #[must_use]
    pub fn new(instant: Timestamp, offset: Offset) -> Self {
        let whole = Timestamp::from_second(instant.as_second()).unwrap_or(instant);
        let text = whole.display_with_offset(offset).to_string();
        Self {
            instant: whole,
            offset,
            text: text.into(),
        }
    }

    /// The instant.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.instant
    }

    /// The offset it was written with.
    #[must_use]
    pub fn offset(&self) -> Offset {
        self.offset
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self::new(instant, Offset::UTC)
    }
}

impl From<DateTime> for Timestamp {
    fn from(value: DateTime) -> Self {
        value.instant
    }
}

impl FromStr for DateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new("an instant with its offset", text);
        let pieces = Pieces::parse(text).map_err(|_| wrong())?;
        let offset = pieces.to_numeric_offset().ok_or_else(wrong)?;
        let time = pieces.time().ok_or_else(wrong)?;
        let instant = offset
            .to_timestamp(pieces.date().to_datetime(time))
            .map_err(|_| wrong())?;
        Ok(Self {
            instant,
            offset,
            text: text.into(),
        })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
