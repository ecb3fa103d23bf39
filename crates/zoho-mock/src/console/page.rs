//! The page's own files, as they are in the source tree.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use crate::answer::{Answer, Payload};

const HTML: &str = "text/html;charset=UTF-8";
const CSS: &str = "text/css;charset=UTF-8";
const SCRIPT: &str = "text/javascript;charset=UTF-8";

/// A file of the page: its name under `/_mock/`, its media type, and what is in it.
macro_rules! files {
    ($($name:literal $kind:ident),* $(,)?) => {
        [$(($name, $kind, include_str!(concat!("page/", $name)))),*]
    };
}

const INDEX: (&str, &str, &str) = ("", HTML, include_str!("page/index.html"));
const FILES: [(&str, &str, &str); 15] = files![
    "console.css" CSS,
    "parts.css" CSS,
    "main.js" SCRIPT,
    "api.js" SCRIPT,
    "dom.js" SCRIPT,
    "parts.js" SCRIPT,
    "list.js" SCRIPT,
    "overview.js" SCRIPT,
    "crm.js" SCRIPT,
    "books.js" SCRIPT,
    "record.js" SCRIPT,
    "journal.js" SCRIPT,
    "notifications.js" SCRIPT,
    "accounts.js" SCRIPT,
    "controls.js" SCRIPT,
];

/// Nothing but the page's own files is loaded, nothing else may frame it, and no script stands in it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the page, if the path names one.
pub(crate) fn page(method: &Method, path: &str) -> Option<Answer> {
    let found = std::iter::once(&INDEX)
        .chain(&FILES)
        .find(|(name, ..)| *name == path);
    let (_, kind, text) = found.filter(|_| method == Method::GET)?;
    let headers = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    Some(Answer {
        status: StatusCode::OK,
        headers: headers
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .into(),
        payload: Payload::Bytes(kind, Bytes::from_static(text.as_bytes())),
    })
}
