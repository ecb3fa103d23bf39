//! Fields that may hold something else than they should.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A value, or the JSON that came instead.
///
/// Zoho Books writes `""` for absent numbers, lists and objects, and documents types that the wire
/// does not keep to. One such field must not lose a page, so it is kept as it came.
///
/// ```
/// use zoho_client::wire::{Decimal, Lenient};
///
/// let rate: Lenient<Decimal> = serde_json::from_str("12.5")?;
/// assert!(rate.value().is_some());
/// let absent: Lenient<Decimal> = serde_json::from_str(r#""""#)?;
/// assert!(absent.value().is_none());
/// assert_eq!(serde_json::to_string(&absent)?, r#""""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lenient<T> {
    /// What was expected.
    Value(T),
    /// What came instead.
    Raw(Value),
}

impl<T> Lenient<T> {
    /// The value, when it is of the expected type.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Raw(_) => None,
        }
    }

    /// The value itself, when it is of the expected type.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Raw(_) => None,
        }
    }

    /// The JSON that came instead.
    pub fn raw(&self) -> Option<&Value> {
        match self {
            Self::Value(_) => None,
            Self::Raw(value) => Some(value),
        }
    }
}

impl<T> From<T> for Lenient<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Lenient<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Raw(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match T::deserialize(&value) {
            Ok(typed) => Self::Value(typed),
            Err(_) => Self::Raw(value),
        })
    }
}
