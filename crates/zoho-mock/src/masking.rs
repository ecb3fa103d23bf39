//! Finds what must not be shown or stored as it is: secrets, e-mail addresses and telephone numbers, in
//! texts, JSON, forms, query strings and headers.

mod find;

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::query;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sensitive {
    Secret,
    Email,
    Phone,
}

/// Goes through what is sent and puts in place of each find what a function says; `None` leaves it.
pub(crate) struct Masking<F>(F);

/// Names of secrets, wherever they stand.
const SECRETS: [&str; 10] = [
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "device_code",
    "code_verifier",
    "token",
    "password",
    "authtoken",
    "encapikey",
];
/// In JSON this names the outcome of an operation.
const GRANT_CODE: &str = "code";

/// A secret of which the end is left, so that two can be told apart.
pub(crate) fn end_of(secret: &str) -> String {
    let end = secret.len().checked_sub(4).filter(|_| secret.len() >= 16);
    format!("…{}", end.and_then(|at| secret.get(at..)).unwrap_or_default())
}

/// Masks secrets alone, for people to read.
pub(crate) fn secrets() -> Masking<impl FnMut(Sensitive, &str) -> Option<String>> {
    Masking(|what: Sensitive, found: &str| (what == Sensitive::Secret).then(|| end_of(found)))
}

impl<F: FnMut(Sensitive, &str) -> Option<String>> Masking<F> {
    pub(crate) fn new(instead: F) -> Self {
        Self(instead)
    }

    /// A text, with what is found by its shape; of an address, the query by its names too.
    pub(crate) fn text(&mut self, text: &str) -> String {
        let is_address = text.starts_with("http://") || text.starts_with("https://");
        if let Some((address, query)) = text.split_once('?').filter(|_| is_address) {
            return format!("{}?{}", self.shapes(address), self.query(query));
        }
        self.shapes(text)
    }

    fn shapes(&mut self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for (what, find) in [
            (Sensitive::Secret, find::token as find::Finder),
            (Sensitive::Email, find::email),
            (Sensitive::Phone, find::phone),
        ] {
            let mut out = String::new();
            let mut rest = 0;
            while let Some(found) = find(&text, rest) {
                let before = text.get(rest..found.start).unwrap_or_default();
                let found_text = text.get(found.clone()).unwrap_or_default();
                out.push_str(before);
                match (self.0)(what, found_text) {
                    Some(instead) => out.push_str(&instead),
                    None => out.push_str(found_text),
                }
                rest = found.end;
            }
            out.push_str(text.get(rest..).unwrap_or_default());
            text = Cow::Owned(out);
        }
        text.into_owned()
    }

    /// A value with a name.
    fn named(&mut self, name: &str, value: &str, form: bool) -> String {
        let lower = name.to_ascii_lowercase();
        let what = if SECRETS.contains(&lower.as_str()) || (form && lower == GRANT_CODE) {
            Sensitive::Secret
        } else if ["phone", "mobile", "fax"].iter().any(|word| lower.contains(word)) {
            Sensitive::Phone
        } else {
            return self.text(value);
        };
        match value.is_empty() {
            true => String::new(),
            false => (self.0)(what, value).unwrap_or_else(|| value.to_owned()),
        }
    }

    /// JSON, in place.
    pub(crate) fn json(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    match value {
                        Value::String(text) => *text = self.named(name, text, false),
                        value => self.json(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A query string or a form.
    pub(crate) fn query(&mut self, text: &str) -> String {
        let pairs: Vec<String> = text
            .split('&')
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let plain = query::decoded(value);
                let masked = self.named(&query::decoded(name), &plain, true);
                match masked == plain {
                    true => pair.to_owned(),
                    false => format!("{name}={}", utf8_percent_encode(&masked, NON_ALPHANUMERIC)),
                }
            })
            .collect();
        pairs.join("&")
    }

    /// A header's value.
    pub(crate) fn header(&mut self, name: &str, value: &str) -> String {
        match name.to_ascii_lowercase().as_str() {
            "authorization" | "proxy-authorization" => match value.split_once(' ') {
                Some((scheme, secret)) => {
                    let masked = (self.0)(Sensitive::Secret, secret.trim());
                    format!("{scheme} {}", masked.unwrap_or_else(|| secret.to_owned()))
                }
                None => (self.0)(Sensitive::Secret, value).unwrap_or_else(|| value.to_owned()),
            },
            "cookie" | "set-cookie" => (self.0)(Sensitive::Secret, value).unwrap_or_else(|| value.to_owned()),
            _ => self.text(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all() -> Masking<impl FnMut(Sensitive, &str) -> Option<String>> {
        Masking::new(|what, _: &str| Some(format!("<{what:?}>")))
    }

    #[test]
    fn shapes_are_found_in_texts() {
        let token = format!("1000.{}.{}", "ab12".repeat(8), "0f".repeat(16));
        for (text, masked) in [
            ("nothing here", "nothing here"),
            (&format!("a {token}, b"), "a <Secret>, b"),
            ("Ada <ada.l+x@mail.example.com>!", "Ada <<Email>>!"),
            ("a@b is none, @ neither", "a@b is none, @ neither"),
            ("call +49 30 1234567 or (555) 010-4477", "call <Phone> or <Phone>"),
            ("+495551234567", "<Phone>"),
            ("2026-01-01", "2026-01-01"),
            ("2026-01-01T10:00:00+05:30", "2026-01-01T10:00:00+05:30"),
            ("554023000000527002", "554023000000527002"),
            ("id 10234695, 1.234.567", "id 10234695, 1.234.567"),
            ("ünï@exämple.de", "ünï@exämple.de"),
            ("", ""),
        ] {
            assert_eq!(all().text(text), masked);
        }
    }

    #[test]
    fn names_tell_what_has_no_shape() {
        let mut value = json!({
            "code": "SUCCESS", "access_token": "x", "Phone": "030 4", "Mobile": null, "n": 7,
            "list": [{"token": "abc", "Email": "a@b.example"}],
        });
        all().json(&mut value);
        let masked = json!({
            "code": "SUCCESS", "access_token": "<Secret>", "Phone": "<Phone>", "Mobile": null, "n": 7,
            "list": [{"token": "<Secret>", "Email": "<Email>"}],
        });
        assert_eq!(value, masked);
        assert_eq!(
            all().query("grant_type=refresh_token&client_secret=a%20b&code=7&page=2&email=a%40b.example&"),
            "grant_type=refresh_token&client_secret=%3CSecret%3E&code=%3CSecret%3E&page=2&email=%3CEmail%3E&"
        );
        assert_eq!(
            all().header("Authorization", "Zoho-oauthtoken abc"),
            "Zoho-oauthtoken <Secret>"
        );
        assert_eq!(all().header("x-other", "abc"), "abc");
        assert_eq!(
            all().text("https://a.example/hook?token=x&page=2&to=a%40b.example"),
            "https://a.example/hook?token=%3CSecret%3E&page=2&to=%3CEmail%3E"
        );
        assert_eq!(
            secrets().query("token=0123456789abcdef&email=a%40b.example"),
            "token=%E2%80%A6cdef&email=a%40b.example"
        );
    }
}
