//! A page's body as it came: the way on is read from its end, its rows when they are wanted.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::record::Record;
use crate::wire::ZohoId;

/// `info` stands within so many bytes of the end; a body that has it elsewhere is read in full.
const TAIL: usize = 4096;

/// What a page says of where its list goes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct End {
    #[serde(rename = "more_records")]
    pub(crate) more: bool,
    #[serde(rename = "next_page_token")]
    pub(crate) token: Option<String>,
}

impl End {
    /// The same from a whole `info`; `None` where it does not say whether there is more.
    pub(crate) fn of(info: &Map<String, Value>) -> Option<Self> {
        let token = info.get("next_page_token").and_then(Value::as_str);
        Some(Self {
            more: info.get("more_records")?.as_bool()?,
            token: token.map(str::to_owned),
        })
    }
}

/// The end of a page of CRM's, from its first bytes and its last: such a body is complete and no refusal.
pub(crate) fn page_end(body: &[u8]) -> Option<End> {
    body.starts_with(br#"{"data":["#).then(|| end(body)).flatten()
}

/// What the `info` says with which the body ends; `None` where it ends otherwise.
///
/// It is found from the end, so that the next page can be asked for before the rows of this one are read.
pub(crate) fn end(body: &[u8]) -> Option<End> {
    // Behind the rows. Within a text, the quotes of the key would have a backslash before them.
    const KEY: &[u8] = br#"],"info":"#;
    let tail = body.get(body.len().saturating_sub(TAIL)..)?;
    let mut before = tail;
    let info = loop {
        let at = before.iter().rposition(|byte| *byte == b']')?;
        match tail.get(at..)?.strip_prefix(KEY) {
            Some(info) => break info,
            None => before = tail.get(..at)?,
        }
    };
    let mut values = serde_json::Deserializer::from_slice(info).into_iter();
    let end: End = values.next()?.ok()?;
    let rest = info.get(values.byte_offset()..)?;
    // One brace and no more: this `info` belongs to the body and not to one of its rows.
    (rest.trim_ascii() == b"}").then_some(end)
}

/// The rows of a list as records; `wrong` says of one that is no object where it stands.
pub(crate) fn records(rows: Vec<Value>, wrong: impl Fn(usize) -> Error) -> Result<Vec<Record>> {
    let row = |(index, row)| match row {
        Value::Object(fields) => Ok(Record::from(fields)),
        _ => Err(wrong(index)),
    };
    rows.into_iter().enumerate().map(row).collect()
}

/// The rows under a key and the `info` beside them; `None` where the body does not fit, for a slower reading to say why.
pub(crate) fn page<T: DeserializeOwned>(body: &[u8], key: &str) -> Option<(Vec<T>, Map<String, Value>)> {
    parts(body, key, true)
}

/// The rows under a key alone.
pub(crate) fn rows<T: DeserializeOwned>(body: &[u8], key: &str) -> Option<Vec<T>> {
    parts(body, key, false).map(|(rows, _)| rows)
}

fn parts<T: DeserializeOwned>(
    body: &[u8],
    key: &str,
    with_info: bool,
) -> Option<(Vec<T>, Map<String, Value>)> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parts = Parts {
        key,
        with_info,
        row: PhantomData::<T>,
    };
    let (rows, info) = parts.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some((rows?, info))
}

/// A row by its id.
#[derive(Deserialize)]
struct Row {
    id: ZohoId,
}

/// The ids of the rows under a key.
pub(crate) fn ids(body: &[u8], key: &str) -> Option<Vec<ZohoId>> {
    let rows = rows::<Row>(body, key)?;
    Some(rows.into_iter().map(|row| row.id).collect())
}

/// The ids of the first and the last row of a page.
///
/// `flat`: no value of a row is an object, so that the last `id` of the body is that of the last row, and the rows
/// between need not be looked at.
pub(crate) fn ends(body: &[u8], flat: bool) -> Option<(ZohoId, ZohoId)> {
    const KEY: &[u8] = br#""id":""#;
    const START: &[u8] = br#"{"data":["#;
    let quick = || {
        let mut first = serde_json::Deserializer::from_slice(body.strip_prefix(START)?).into_iter();
        let Row { id: first } = first.next()?.ok()?;
        let at = body.windows(KEY.len()).rposition(|window| window == KEY)?;
        // Within a text, the quotes of the key would have a backslash before them.
        if !matches!(body.get(at.checked_sub(1)?), Some(b',' | b'{')) {
            return None;
        }
        let digits = body.get(at + KEY.len()..)?.split(|byte| *byte == b'"').next()?;
        let last: ZohoId = std::str::from_utf8(digits).ok()?.parse().ok()?;
        Some((first, last))
    };
    if flat && let Some(ends) = quick() {
        return Some(ends);
    }
    let ids = ids(body, "data")?;
    Some((ids.first()?.clone(), ids.last()?.clone()))
}

/// The last row of a page, looked for only when somebody asks.
#[derive(Clone, Debug, Default)]
pub(crate) enum Last {
    /// There is none, or none is known.
    #[default]
    Unknown,
    /// The row of this id.
    Id(ZohoId),
    /// The last row of a body.
    Of(Bytes, &'static str),
}

impl Last {
    /// Its id.
    pub(crate) fn id(&self) -> Option<ZohoId> {
        match self {
            Self::Unknown => None,
            Self::Id(id) => Some(id.clone()),
            Self::Of(body, key) => ids(body, key)?.pop(),
        }
        .filter(|id| !id.is_empty())
    }

    /// This, or the one before where this page has no rows.
    pub(crate) fn or(self, before: Self) -> Self {
        match self {
            Self::Unknown => before,
            known => known,
        }
    }
}

/// The two parts of a body that a list is made of.
struct Parts<'a, T> {
    key: &'a str,
    with_info: bool,
    row: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Parts<'_, T> {
    type Value = (Option<Vec<T>>, Map<String, Value>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Parts<'_, T> {
    type Value = (Option<Vec<T>>, Map<String, Value>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut rows, mut info) = (None, Map::new());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                key if key == self.key => rows = Some(map.next_value()?),
                "info" if self.with_info => info = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok((rows, info))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn an_info_from_the_end_is_that_of_the_whole(
            text in "\\PC{0,20}", key in "(info|x|\\\\\"info)", more in any::<bool>(), deep in 0_usize..3, last in any::<bool>(),
        ) {
            let mut row = json!({key.clone(): text.clone(), "info": {"more_records": "wrong"}});
            for _ in 0..deep {
                row = json!({"info": row});
            }
            let info = json!({"more_records": more, "next_page_token": text});
            let body = match last {
                true => json!({"data": [row], "info": info}),
                false => json!({"info": info, "data": [row]}),
            };
            let bytes = body.to_string();
            let found = super::end(bytes.as_bytes());
            let whole = End::of(info.as_object().unwrap());
            prop_assert!(found.is_none() || found == whole, "{bytes} gave {found:?}");
            prop_assert_eq!(last, found.is_some());
            for end in 0..bytes.len() {
                prop_assert!(page_end(&bytes.as_bytes()[..end]).is_none(), "{bytes} is cut short at {end}");
            }
            let row = vec![body["data"][0].clone()];
            prop_assert_eq!(rows::<Value>(bytes.as_bytes(), "data"), Some(row.clone()));
            let (rows, all) = page::<Value>(bytes.as_bytes(), "data").unwrap();
            prop_assert_eq!((rows, Value::Object(all)), (row, info));
        }
    }

    #[test]
    fn a_body_without_rows_or_with_other_rows_is_left_to_the_slow_reading() {
        assert!(rows::<Value>(br#"{"info":{}}"#, "data").is_none());
        assert!(rows::<Value>(br#"{"data":[]} x"#, "data").is_none());
        assert!(rows::<Map<String, Value>>(br#"{"data":[1]}"#, "data").is_none());
        assert!(page_end(br#"{"code":"X","status":"error","info":{}}"#).is_none());
        // No boolean, no text: a slower reading says what is wrong.
        assert!(end(br#"{"data":[],"info":{"more_records":"true"}}"#).is_none());
        assert!(end(br#"{"data":[],"info":{"more_records":true,"next_page_token":1}}"#).is_none());
        assert_eq!(
            Last::Of(Bytes::from_static(br#"{"data":[{"id":"1"},{"id":"2"}]}"#), "data").id(),
            Some("2".parse().unwrap())
        );
    }
}
