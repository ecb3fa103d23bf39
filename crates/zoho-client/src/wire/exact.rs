//! JSON as the text it came as, so that numbers keep all of their digits.
//!
//! A [`serde_json::Value`] holds a number as a 64-bit integer or float. Its feature `arbitrary_precision` would
//! keep the text, but features are shared by a whole program, and that one changes what other crates read from
//! untagged and flattened types. So fields are read from their text instead.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// By this name `serde_json` hands out the text of a value, as it does for its `RawValue`. Where the name means
/// nothing, the value comes as a tree.
const TEXT: &str = "$serde_json::private::RawValue";
/// Fields within fields that are read from their text, as deep as the trees that `serde_json` reads.
const DEPTH: usize = 64;

thread_local! {
    static WITHIN: Cell<usize> = const { Cell::new(0) };
}

/// A value as its text, or as a tree when it does not come from text.
pub(super) enum Json<'de> {
    Text(Cow<'de, str>),
    Tree(Value),
}

impl<'de> Json<'de> {
    /// Takes the value that comes next.
    pub(super) fn next<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TEXT, Next)
    }

    /// Whether it is `null`.
    pub(super) fn is_null(&self) -> bool {
        match self {
            Self::Text(text) => text.trim_ascii() == "null",
            Self::Tree(value) => value.is_null(),
        }
    }

    /// Reads it as a type.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        match self {
            Self::Text(text) => {
                let _level = Level::down()?;
                serde_json::from_str(text)
            }
            Self::Tree(value) => T::deserialize(value),
        }
    }

    /// The tree.
    pub(super) fn into_tree(self) -> Result<Value, serde_json::Error> {
        match self {
            Self::Text(text) => serde_json::from_str(&text),
            Self::Tree(value) => Ok(value),
        }
    }
}

/// One level of fields within fields.
struct Level;

impl Level {
    fn down() -> Result<Self, serde_json::Error> {
        WITHIN.with(|within| match within.get() {
            DEPTH => Err(de::Error::custom("recursion limit exceeded")),
            depth => {
                within.set(depth + 1);
                Ok(Self)
            }
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        WITHIN.with(|within| within.set(within.get().saturating_sub(1)));
    }
}

struct Next;

impl<'de> Visitor<'de> for Next {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        Value::deserialize(deserializer).map(Json::Tree)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        match map.next_key::<Cow<'de, str>>()? {
            Some(key) if key == TEXT => map.next_value::<Text<'de>>().map(|text| Json::Text(text.0)),
            _ => Err(de::Error::custom("expected any JSON")),
        }
    }
}

/// Text that is borrowed where it can be.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;
        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(Borrowing)
    }
}
