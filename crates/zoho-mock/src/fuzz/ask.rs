//! One request, and what can be wrong with it.

use std::fmt;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::dice::Dice;
use super::values::odd;

/// The longest body that is shown of a request that failed.
const SHOWN: usize = 4_000;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Ask {
    /// A request with the token of the desk.
    pub(super) fn new(method: &str, target: &str) -> Self {
        let authorization = ("authorization".to_owned(), "Zoho-oauthtoken {token}".to_owned());
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![authorization],
            body: Bytes::new(),
        }
    }

    /// The same request with something wrong.
    pub(super) fn damaged(mut self, dice: &mut Dice) -> Self {
        for _ in 0..=dice.below(2) {
            match dice.below(9) {
                0 => {
                    self.method = dice
                        .pick(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
                        .to_owned();
                }
                1 => self.target = format!("{}&&{}=", self.target, encoded(&dice.odd_text())),
                2 => self.target = self.target.replacen('/', "//", 1 + dice.below(3)),
                3 => {
                    // A segment of the path that is something else.
                    let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
                    let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
                    let at = dice.below(segments.len());
                    segments[at] = encoded(&dice.odd_text());
                    self.target = format!("/{}?{query}", segments.join("/").trim_start_matches('/'));
                }
                4 => self.headers.retain(|(name, _)| name != "content-type"),
                5 => {
                    let value = dice.pick(&[
                        "",
                        "Bearer",
                        "Zoho-oauthtoken 1000.dead.token",
                        "Basic Zm9v",
                        "Bearer {token}",
                    ]);
                    self.headers.retain(|(name, _)| name != "authorization");
                    self.headers.push(("authorization".to_owned(), value.to_owned()));
                }
                6 => {
                    let mut body = self.body.to_vec();
                    let end = dice.below(body.len());
                    body.truncate(end);
                    self.body = body.into();
                }
                7 => {
                    let mut body = self.body.to_vec();
                    for _ in 0..=dice.below(4) {
                        let at = dice.below(body.len());
                        if let Some(byte) = body.get_mut(at) {
                            *byte = dice.bits() as u8;
                        }
                    }
                    self.body = body.into();
                }
                _ => self.body = odd(dice).to_string().into(),
            }
        }
        self
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} {}", self.method, self.target)?;
        for (name, value) in &self.headers {
            writeln!(formatter, "{name}: {value}")?;
        }
        let shown = self.body.slice(..self.body.len().min(SHOWN));
        write!(formatter, "\n{}", String::from_utf8_lossy(&shown))
    }
}

/// A text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
