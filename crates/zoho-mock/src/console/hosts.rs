//! Who may ask for the mock's own addresses: programs, and pages that the mock itself served.
//!
//! A web page in somebody's browser can send requests to this machine. Two things give it away. Its
//! browser says where the page is from (`Origin`, `Sec-Fetch-Site`); and a page that made its own name
//! lead here (DNS rebinding) asks under that name (`Host`).

use std::net::IpAddr;

use http::request::Parts;
use http::uri::Authority;
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::answer::Answer;

/// The names that the mock goes by, beside addresses, `localhost` and names of one word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Lets a request pass, unless a page from elsewhere sent it.
    ///
    /// # Errors
    /// The refusal, which says what to do.
    pub(crate) fn admit(&self, parts: &Parts) -> Result<(), Answer> {
        let text =
            |name: header::HeaderName| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = text(header::HOST).or_else(|| parts.uri.authority().map(Authority::as_str));
        if let Some(host) = host
            && !self.knows(host)
        {
            return Err(refused(&format!(
                "/_mock/ is not answered under the name {host}, so that no web page can reach it by DNS rebinding; \
                 use the address, or start the mock with --allow-host NAME"
            )));
        }
        // A link that leads to the console is harmless: the page it comes from cannot read the answer.
        let harmless = parts.method == Method::GET
            && text(header::HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
        let site = text(header::HeaderName::from_static("sec-fetch-site"));
        if !harmless && site.is_some_and(|site| site != "same-origin" && site != "none") {
            return Err(refused("a page of another site may not ask this of the mock"));
        }
        if let Some(origin) = text(header::ORIGIN) {
            let from = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            if from.is_none_or(|from| {
                host.is_some_and(|host| !from.eq_ignore_ascii_case(host)) || !self.knows(from)
            }) {
                return Err(refused(&format!(
                    "a page of {origin} may not ask this of the mock; send the request without an Origin, from a program"
                )));
            }
        }
        Ok(())
    }

    /// Whether no page of somebody else's can go by this name.
    fn knows(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        name.parse::<IpAddr>().is_ok()
            || !name.contains('.')
            || name.ends_with(".localhost")
            || self.0.iter().any(|known| known.eq_ignore_ascii_case(&name))
    }
}

fn refused(error: &str) -> Answer {
    Answer::json(StatusCode::FORBIDDEN, &json!({"error": error}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(method: &Method, headers: &[(&str, &str)]) -> bool {
        let mut request = http::Request::builder().method(method).uri("/_mock/reset");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Hosts::new(vec!["mock.ci.example".into()]).admit(&parts).is_ok()
    }

    #[test]
    fn programs_and_the_consoles_own_page_are_let_in() {
        for headers in [
            &[][..],
            &[("host", "127.0.0.1:8117")],
            &[("host", "[::1]:8117")],
            &[("host", "192.168.1.7:8117")],
            &[("host", "localhost:8117")],
            &[("host", "a.localhost")],
            &[("host", "zoho-mock:8117")],
            &[("host", "MOCK.ci.example")],
            &[
                ("host", "127.0.0.1:8117"),
                ("origin", "http://127.0.0.1:8117"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[
                ("host", "localhost"),
                ("sec-fetch-site", "none"),
                ("sec-fetch-mode", "navigate"),
            ],
        ] {
            assert!(admitted(&Method::POST, headers), "{headers:?}");
            assert!(admitted(&Method::GET, headers), "{headers:?}");
        }
    }

    #[test]
    fn pages_from_elsewhere_are_not() {
        for headers in [
            &[("host", "evil.example:8117")][..],
            &[
                ("host", "evil.example:8117"),
                ("origin", "http://evil.example:8117"),
            ],
            &[("host", "127.0.0.1.evil.example")],
            &[("host", "localhost.evil.example")],
            &[("host", "user@evil.example")],
            &[("host", "a b")],
            &[("host", "127.0.0.1:8117"), ("origin", "http://evil.example")],
            &[("host", "127.0.0.1:8117"), ("origin", "http://127.0.0.1:3000")],
            &[("host", "127.0.0.1:8117"), ("origin", "null")],
            &[("origin", "http://evil.example")],
            &[("host", "127.0.0.1:8117"), ("sec-fetch-site", "cross-site")],
            &[("host", "127.0.0.1:8117"), ("sec-fetch-site", "same-site")],
        ] {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::GET] {
                assert!(!admitted(&method, headers), "{method} {headers:?}");
            }
        }
        let link = [
            ("host", "127.0.0.1:8117"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ];
        assert!(admitted(&Method::GET, &link));
        assert!(!admitted(&Method::POST, &link));
    }
}
