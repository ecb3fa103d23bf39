//! `/_mock/api/`: what the console shows, as JSON, in pages. All of it is for programs too.

mod accounts;
mod events;
mod journal;
mod overview;
mod records;
mod trigger;

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;

use crate::answer::{Answer, Payload};
use crate::front::{Asked, Shared};

/// Rows of a page, unless the request says otherwise, and at most.
const ROWS: usize = 50;
const MOST_ROWS: usize = 500;

/// A request that is not answered: with which status, and why.
type Refused = (StatusCode, String);

impl Shared {
    /// Answers a request below `/_mock/api/`.
    pub(crate) fn console(&self, path: &str, asked: &Asked<'_>) -> Answer {
        if let Some(path) = path.strip_prefix("zoho/") {
            return self.operate(&mut self.state.lock(), path, asked);
        }
        let segments: Vec<&str> = path.split('/').collect();
        let get = asked.parts.method == Method::GET;
        let answered = match segments.as_slice() {
            ["trigger"] if asked.parts.method == Method::POST => trigger::run(self, asked).and_then(written),
            ["trigger"] => Err(not_for(asked, path)),
            _ if !get => Err(not_for(asked, path)),
            ["overview"] => written(overview::overview(self)),
            ["routes"] => written(overview::routes()),
            ["crm", module] => records::crm_page(&self.state.lock().world, module, asked),
            ["crm", module, id] => records::crm_record(&self.state.lock().world, module, id),
            ["books", organization, kind] => {
                records::books_page(&mut self.state.lock().world, organization, kind, asked).and_then(written)
            }
            ["books", organization, kind, id] => {
                records::books_record(&mut self.state.lock().world, organization, kind, id).and_then(written)
            }
            ["journal"] => journal::page(&self.state.lock(), asked).and_then(written),
            ["journal", number] => journal::exchange(&self.state.lock(), number).and_then(written),
            ["channels"] => written(events::channels(self)),
            ["deliveries"] => events::deliveries(self, asked).and_then(written),
            ["tokens"] => written(accounts::tokens(&self.state.lock())),
            ["limits"] => written(accounts::limits(&mut self.state.lock())),
            _ => Err((
                StatusCode::NOT_FOUND,
                format!(
                    "there is no /_mock/api/{path}: overview, routes, crm/MODULE, books/ORGANIZATION/TYPE, journal, \
                     channels, deliveries, tokens, limits, trigger, zoho/PATH"
                ),
            )),
        };
        answered.unwrap_or_else(|(status, error)| Answer::json(status, &json!({"error": error})))
    }
}

/// A value as an answer.
fn written(value: impl Serialize) -> Result<Answer, Refused> {
    let text =
        serde_json::to_vec(&value).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(text_answer(text))
}

/// JSON text as an answer.
fn text_answer(text: Vec<u8>) -> Answer {
    Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Json(text),
    }
}

fn not_for(asked: &Asked<'_>, path: &str) -> Refused {
    let method = &asked.parts.method;
    (
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{method} is not for /_mock/api/{path}"),
    )
}

fn bad(error: impl Into<String>) -> Refused {
    (StatusCode::BAD_REQUEST, error.into())
}

fn missing(error: impl Into<String>) -> Refused {
    (StatusCode::NOT_FOUND, error.into())
}

/// A query parameter that says something.
fn wish<'a>(asked: &'a Asked<'_>, name: &str) -> Option<&'a str> {
    let found = asked.query.iter().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

/// A query parameter that is a number.
fn number<T: std::str::FromStr>(asked: &Asked<'_>, name: &str) -> Result<Option<T>, Refused> {
    let read = |text: &str| {
        text.parse()
            .map_err(|_| bad(format!("{name} is a number, not {text}")))
    };
    wish(asked, name).map(read).transpose()
}

/// How many rows are wanted.
fn rows(asked: &Asked<'_>) -> Result<usize, Refused> {
    Ok(number(asked, "limit")?.unwrap_or(ROWS).clamp(1, MOST_ROWS))
}
