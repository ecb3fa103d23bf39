//! Recordings as a server: a request like one that was recorded gets the answer that was recorded.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{RecordedBody, Recording};
use crate::answer::{Answer, Payload};
use crate::masking::{Masking, Sensitive};
use crate::query;

/// How a request is told from others: what is masked in recordings counts for the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Method and path.
    address: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

/// The answers to one kind of request, and how many of them were given.
#[derive(Debug, Default)]
struct Answers {
    recorded: Vec<usize>,
    given: usize,
}

/// Recordings, by the request.
#[derive(Debug)]
pub(crate) struct Replay {
    recordings: Vec<Recording>,
    exact: Mutex<BTreeMap<Key, Answers>>,
}

impl Replay {
    pub(crate) fn new(recordings: Vec<Recording>) -> Self {
        let mut exact: BTreeMap<Key, Answers> = BTreeMap::new();
        for (at, recording) in recordings.iter().enumerate() {
            let body = match &recording.request.body {
                RecordedBody::Json(value) => Some(fixed_json(value.clone())),
                RecordedBody::Text(text) => Some(fixed_text(text)),
                RecordedBody::Nothing | RecordedBody::Omitted(_) => None,
            };
            let key = Key {
                address: format!("{} {}", recording.method, fixed_text(&recording.path)),
                query: fixed_query(&recording.query),
                body,
            };
            // Those of another body stand in where no body fits.
            for key in [
                Key {
                    body: None,
                    ..key.clone()
                },
                key,
            ] {
                let answers = exact.entry(key).or_default();
                if answers.recorded.last() != Some(&at) {
                    answers.recorded.push(at);
                }
            }
        }
        Self {
            recordings,
            exact: Mutex::new(exact),
        }
    }

    /// The next of the answers to a request like this one; after the last one that one again.
    pub(crate) fn answer(&self, parts: &Parts, body: &Bytes) -> Answer {
        let text = std::str::from_utf8(body).ok().filter(|text| !text.is_empty());
        let body = text.map(|text| match serde_json::from_str(text) {
            Ok(value) => fixed_json(value),
            Err(_) => fixed_text(text),
        });
        let key = Key {
            address: format!("{} {}", parts.method, fixed_text(parts.uri.path())),
            query: fixed_query(parts.uri.query().unwrap_or_default()),
            body,
        };
        let mut exact = self.exact.lock();
        for key in [
            key.clone(),
            Key {
                body: None,
                ..key.clone()
            },
        ] {
            if let Some(answers) = exact.get_mut(&key) {
                let at = answers.given.min(answers.recorded.len().saturating_sub(1));
                answers.given += 1;
                if let Some(recording) = answers.recorded.get(at).and_then(|at| self.recordings.get(*at)) {
                    return again(recording);
                }
            }
        }
        let others: Vec<String> = exact
            .keys()
            .filter(|known| known.address == key.address && known.body.is_none())
            .map(|known| {
                known
                    .query
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect::<Vec<_>>()
                    .join("&")
            })
            .take(10)
            .collect();
        let message = match others.is_empty() {
            true => format!("nothing was recorded for {}", key.address),
            false => format!("nothing was recorded for {} with this query", key.address),
        };
        let body = json!({"code": "NOT_RECORDED", "message": message, "status": "error", "details": {"recorded_queries": others}});
        Answer::json(StatusCode::NOT_IMPLEMENTED, &body)
    }
}

/// A recorded answer.
fn again(recording: &Recording) -> Answer {
    let payload = match &recording.response.body {
        RecordedBody::Nothing | RecordedBody::Omitted(_) => Payload::Empty,
        RecordedBody::Json(value) => Payload::Json(value.to_string().into_bytes()),
        RecordedBody::Text(text) => Payload::Json(text.clone().into_bytes()),
    };
    let headers = recording
        .response
        .headers
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("set-cookie"));
    let headers = headers.filter_map(|(name, value)| {
        Some((
            name.parse::<HeaderName>().ok()?,
            HeaderValue::from_str(value).ok()?,
        ))
    });
    Answer {
        status: StatusCode::from_u16(recording.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        headers: headers.collect(),
        payload,
    }
}

/// Takes out what differs between a recording and a request for the same thing.
fn fixed() -> Masking<impl FnMut(Sensitive, &str) -> Option<String>> {
    Masking::new(|what, _: &str| {
        Some(match what {
            Sensitive::Secret => "?secret".to_owned(),
            Sensitive::Email => "?email".to_owned(),
            Sensitive::Phone => "?phone".to_owned(),
        })
    })
}

fn fixed_text(text: &str) -> String {
    fixed().text(text)
}

fn fixed_json(mut value: Value) -> String {
    fixed().json(&mut value);
    value.sort_all_objects();
    value.to_string()
}

fn fixed_query(text: &str) -> Vec<(String, String)> {
    let mut pairs = query::pairs(&fixed().query(text));
    pairs.sort();
    pairs
}
