//! The parameters of an accounts request, wherever the client put them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, header};

use crate::query;

/// Parameters from the query string, the form body and HTTP Basic, in that order.
#[derive(Debug, Default)]
pub(super) struct Form {
    pairs: Vec<(String, String)>,
    basic: Option<(String, String)>,
}

impl Form {
    /// Reads a request.
    pub(super) fn read(query: &[(String, String)], headers: &HeaderMap, body: &Bytes) -> Self {
        let mut pairs = query.to_vec();
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        match query::boundary(kind) {
            Some(boundary) => pairs.extend(query::multipart_texts(body, boundary)),
            None => pairs.extend(query::pairs(&String::from_utf8_lossy(body))),
        }
        let basic = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic"))
            .and_then(|(_, value)| STANDARD.decode(value.trim()).ok())
            .and_then(|value| String::from_utf8(value).ok())
            .and_then(|value| {
                let (id, secret) = value.split_once(':')?;
                Some((query::decoded(id), query::decoded(secret)))
            });
        Self { pairs, basic }
    }

    /// Parameters that are already at hand.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, basic: None }
    }

    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The client id and secret.
    pub(super) fn client(&self) -> (&str, &str) {
        let (id, secret) = self
            .basic
            .as_ref()
            .map_or(("", ""), |(id, secret)| (id.as_str(), secret.as_str()));
        (
            self.get("client_id").unwrap_or(id),
            self.get("client_secret").unwrap_or(secret),
        )
    }
}
