//! Values in a query, escaped.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Coql;
use crate::error::{Error, Result};
use crate::wire::{DateTime, Decimal, ZohoId};

/// A value in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(Value);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    /// Digits, or `true` and `false`: written as they are.
    Bare(String),
}

impl Literal {
    pub(super) fn write(&self, column: &str) -> Result<String> {
        match &self.0 {
            Value::Bare(text) => Ok(text.clone()),
            Value::Text(text) => {
                let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                if text.chars().any(hidden) {
                    return Err(Error::config(format!(
                        "the value for `{column}` holds a control character"
                    )));
                }
                Ok(Coql::text(text))
            }
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self(Value::Text(text.to_owned()))
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self(Value::Text(text))
    }
}

impl From<&ZohoId> for Literal {
    fn from(id: &ZohoId) -> Self {
        Self(Value::Text(id.to_string()))
    }
}

impl From<&DateTime> for Literal {
    fn from(instant: &DateTime) -> Self {
        let whole = DateTime::new(instant.timestamp(), instant.offset());
        Self(Value::Text(whole.to_string()))
    }
}

impl From<Timestamp> for Literal {
    fn from(instant: Timestamp) -> Self {
        Self::from(&DateTime::from(instant))
    }
}

impl From<Date> for Literal {
    fn from(day: Date) -> Self {
        Self(Value::Text(day.to_string()))
    }
}

macro_rules! bare {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Literal {
            fn from(value: $kind) -> Self {
                Self(Value::Bare(value.to_string()))
            }
        })*
    };
}

bare!(i32, i64, u32, u64, bool, Decimal);
