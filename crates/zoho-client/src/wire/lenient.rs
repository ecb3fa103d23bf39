//! Fields of replies: absent, null, a value, or something else than it should be.

use std::ops::Deref;

use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::exact::Json;

/// A field of a reply, just as it came.
///
/// Zoho tells a field that is `null` from one that is not there, Zoho Books writes `""` for absent
/// numbers, lists and objects, and some documented types are not what the wire has. None of that
/// may lose a page or change its meaning, so whatever came is kept, and encodes to the same JSON.
/// In a body to send, [`Lenient::Null`] clears a field and [`Lenient::Absent`] leaves it alone.
///
/// ```
/// use zoho_client::wire::{Decimal, Lenient};
///
/// let rate: Lenient<Decimal> = serde_json::from_str("12.5")?;
/// assert_eq!(rate.value().and_then(Decimal::to_f64), Some(12.5));
/// let empty: Lenient<Decimal> = serde_json::from_str(r#""""#)?;
/// assert_eq!((empty.value(), empty.raw()), (None, Some(&"".into())));
/// assert!(serde_json::from_str::<Lenient<Decimal>>("null")?.is_null());
///
/// let name: Lenient<String> = "Ngo".into();
/// assert_eq!(name.as_deref(), Some("Ngo"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lenient<T> {
    /// The field is not there.
    #[default]
    Absent,
    /// The field is `null`.
    Null,
    /// What was expected.
    Value(T),
    /// What came instead.
    Raw(Value),
}

impl<T> Lenient<T> {
    /// The value, when it is there and of the expected type.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value itself, when it is there and of the expected type.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The JSON that came instead of what was expected.
    pub fn raw(&self) -> Option<&Value> {
        match self {
            Self::Raw(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the field is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T: Deref> Lenient<T> {
    /// The value as what it leads to: `&str` for text, a slice for a list.
    pub fn as_deref(&self) -> Option<&T::Target> {
        self.value().map(Deref::deref)
    }
}

impl<T> From<T> for Lenient<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Lenient<String> {
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl<T: Serialize> Serialize for Lenient<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Generated structures leave an absent field out before it comes to this.
            Self::Absent | Self::Null => serializer.serialize_unit(),
            Self::Value(value) => value.serialize(serializer),
            Self::Raw(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::next(deserializer)?;
        if json.is_null() {
            return Ok(Self::Null);
        }
        match json.read() {
            Ok(typed) => Ok(Self::Value(typed)),
            Err(_) => json.into_tree().map(Self::Raw).map_err(de::Error::custom),
        }
    }
}
