//! What a CRM call costs.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::call::Call;
use crate::route::Credits;

/// The credits of a call.
pub(super) fn credits(call: &Call<'_>) -> u32 {
    match call.route.credits {
        Credits::Fixed(credits) => credits,
        Credits::PerItems(size) => items(call).div_ceil(size.max(1)).max(1),
        Credits::ByRows(steps) => {
            let rows = rows(call);
            steps
                .iter()
                .find(|(up_to, _)| rows <= *up_to)
                .or(steps.last())
                .map_or(1, |(_, credits)| *credits)
        }
        Credits::With {
            base,
            parameter,
            credits,
        } => match call.query(parameter) {
            Some(_) => credits,
            None => base,
        },
    }
}

/// How many items a batch carries, or how many ids the query names.
pub(super) fn items(call: &Call<'_>) -> u32 {
    let sent = call.route.batch.and_then(|key| {
        let mut body = serde_json::Deserializer::from_slice(call.body);
        body.deserialize_map(Items(key)).ok().flatten()
    });
    let named = call.query("ids").map(|ids| ids.split(',').count());
    sent.or(named)
        .and_then(|items| u32::try_from(items).ok())
        .unwrap_or(1)
}

/// Counts the items of a list under a key. The body is read once more by the handler, so nothing is kept of it.
struct Items<'a>(&'a str);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<usize>, A::Error> {
        let mut count = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0 {
                count = Some(map.next_value::<Vec<IgnoredAny>>()?.len());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(count)
    }
}

/// How many rows a query asks for; Zoho's default is 200.
fn rows(call: &Call<'_>) -> u32 {
    let body = String::from_utf8_lossy(call.body).to_ascii_lowercase();
    let digits = |text: &str| {
        let text = text.trim_start();
        text.split(|letter: char| !letter.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok())
    };
    let Some((_, limit)) = body.rsplit_once(" limit ") else {
        return 200;
    };
    // `limit offset, rows` or `limit rows [offset n]`.
    let rows = limit.split_once(',').and_then(|(_, rows)| digits(rows));
    rows.or_else(|| digits(limit)).unwrap_or(200)
}
