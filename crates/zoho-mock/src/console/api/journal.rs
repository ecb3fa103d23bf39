//! The journal in pages, and one exchange with what was sent both ways.

use serde_json::{Map, Value, json};

use super::{Refused, bad, missing, number, rows, wish};
use crate::front::{Asked, State};
use crate::journal::{Content, Entry, Message};
use crate::masking;
use crate::text::holds;

/// Which exchanges are wanted.
struct Filter<'a> {
    product: Option<&'a str>,
    operation: Option<&'a str>,
    method: Option<&'a str>,
    status: Option<&'a str>,
    faulted: bool,
    careless: bool,
    text: Option<String>,
}

impl<'a> Filter<'a> {
    fn of(asked: &'a Asked<'_>) -> Result<Self, Refused> {
        let status = wish(asked, "status");
        let known = |status: &str| {
            status == "none"
                || (status.len() == 3 && status.starts_with(|first: char| first.is_ascii_digit()))
        };
        if let Some(status) = status.filter(|status| !known(status)) {
            return Err(bad(format!("status is like 404, 4xx or none, not {status}")));
        }
        Ok(Self {
            product: wish(asked, "product"),
            operation: wish(asked, "operation"),
            method: wish(asked, "method"),
            status,
            faulted: wish(asked, "faulted") == Some("true"),
            careless: wish(asked, "careless") == Some("true"),
            text: wish(asked, "q").map(str::to_lowercase),
        })
    }

    fn passes(&self, exchange: &Entry) -> bool {
        let is = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
        let held = |text: &str| holds(exchange.path(), text) || holds(exchange.operation, text);
        is(self.product, exchange.product)
            && is(self.operation, exchange.operation)
            && is(self.method, exchange.method())
            && self.has_status(exchange.status)
            && (!self.faulted || exchange.faulted)
            && (!self.careless || !exchange.careless.is_empty())
            && self.text.as_deref().is_none_or(held)
    }

    fn has_status(&self, status: Option<u16>) -> bool {
        let Some(wanted) = self.status else { return true };
        match status {
            None => wanted == "none",
            Some(status) => {
                let digits = status.to_string();
                wanted
                    .chars()
                    .zip(digits.chars())
                    .all(|(wanted, digit)| wanted == 'x' || wanted == digit)
            }
        }
    }
}

/// A page: the latest exchanges, or those before or after a number, the latest first.
pub(super) fn page(state: &State, asked: &Asked<'_>) -> Result<Value, Refused> {
    let filter = Filter::of(asked)?;
    let limit = rows(asked)?;
    let before = number::<u64>(asked, "before")?.unwrap_or(u64::MAX);
    let after = number::<u64>(asked, "after")?.unwrap_or(0);
    let book = &state.book;
    let mut found = book
        .exchanges()
        .rev()
        .skip_while(|exchange| exchange.number >= before)
        .take_while(|exchange| exchange.number > after)
        .filter(|exchange| filter.passes(exchange));
    let page: Vec<&Entry> = found.by_ref().take(limit).collect();
    let next = found.next().and(page.last()).map(|exchange| exchange.number);
    Ok(json!({
        "exchanges": page.into_iter().map(shown).collect::<Vec<_>>(),
        "next": next,
        "last": book.last(),
        "dropped": book.dropped(),
        "contents_dropped": book.contents_dropped(),
    }))
}

fn shown(exchange: &Entry) -> Value {
    json!(exchange.exchange())
}

/// One exchange in full.
pub(super) fn exchange(state: &State, wanted: &str) -> Result<Value, Refused> {
    let number: u64 = wanted
        .parse()
        .map_err(|_| bad(format!("an exchange has a number, {wanted} is none")))?;
    let exchange = state.book.exchange(number).ok_or_else(|| {
        let dropped = number > 0 && number <= state.book.dropped();
        missing(match dropped {
            true => format!("exchange {number} was dropped to make room for later ones"),
            false => format!("there is no exchange {number}"),
        })
    })?;
    let mut shown = shown(exchange);
    if let (Some(content), Some(shown)) = (state.book.content(number), shown.as_object_mut()) {
        shown.extend(both(&content));
    }
    Ok(shown)
}

fn both(content: &Content<'_>) -> Map<String, Value> {
    let mut both = Map::new();
    both.insert("request".into(), message(&content.request()));
    both.insert(
        "response".into(),
        content.response().as_ref().map_or(Value::Null, message),
    );
    both
}

/// Headers and body, secrets masked: JSON as JSON, other text as text, and of bytes their number.
fn message(message: &Message<'_>) -> Value {
    let mut masking = masking::secrets();
    let headers: Vec<(String, String)> = message
        .headers()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value);
            (name.to_owned(), masking.header(name, &value))
        })
        .collect();
    let body = message.body.as_ref();
    let cut = body.len() < message.length;
    let mut shown = json!({"headers": headers, "length": message.length, "cut": cut});
    let Ok(text) = std::str::from_utf8(body.get(..whole(body)).unwrap_or_default()) else {
        return shown;
    };
    if let Ok(mut value) = serde_json::from_str::<Value>(text) {
        masking.json(&mut value);
        shown["json"] = value;
    } else if !text.is_empty() {
        shown["text"] = match is_form(message.header("content-type")) {
            true => masking.query(text),
            false => masking.text(text),
        }
        .into();
    }
    shown
}

/// The length of a body without the character that a cut went through.
fn whole(body: &[u8]) -> usize {
    match std::str::from_utf8(body) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => body.len(),
    }
}

fn is_form(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}
