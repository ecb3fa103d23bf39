//! What the accounts server answers browsers with: its pages and redirects, and their headers.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::consent::{ConsentError, Moment, Shown};
use super::form::Form;
use super::pages;
use crate::answer::{Answer, Payload};

const HTML: &str = "text/html;charset=UTF-8";

/// Nothing may be loaded, run or framed; the one style is known by its hash. Where the forms lead
/// is left open, because browsers apply that to the redirect which follows, too.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(pages::STYLE.as_bytes()));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// The answer that shows what the accounts server decided to show.
pub(super) fn answer(shown: Result<Shown, ConsentError>, moment: Moment<'_>) -> Answer {
    match shown {
        Ok(Shown::Question(question)) => page(StatusCode::OK, pages::consent(&question, moment.centre)),
        Ok(Shown::DeviceAnswered(accepted)) => page(StatusCode::OK, pages::device_answered(accepted)),
        Ok(Shown::Redirect(address)) => redirect(&address),
        Err(ConsentError::InvalidUserCode) => page(
            StatusCode::BAD_REQUEST,
            pages::device(moment.centre, "", Some(ConsentError::InvalidUserCode)),
        ),
        Err(error) => page(StatusCode::BAD_REQUEST, pages::error(error)),
    }
}

/// The page where users enter the code of a device.
pub(super) fn device_page(form: &Form, moment: Moment<'_>) -> Answer {
    let typed = form.get("user_code").unwrap_or_default();
    page(StatusCode::OK, pages::device(moment.centre, typed, None))
}

fn page(status: StatusCode, html: String) -> Answer {
    Answer {
        status,
        headers: guards(),
        payload: Payload::Bytes(HTML, html.into()),
    }
}

fn redirect(address: &str) -> Answer {
    // The address was checked when the question was put; this keeps a slip from becoming a header.
    let Ok(address) = HeaderValue::from_str(address) else {
        return page(
            StatusCode::BAD_REQUEST,
            pages::error(ConsentError::InvalidRedirectUri),
        );
    };
    let mut headers = guards();
    headers.push((header::LOCATION, address));
    Answer {
        status: StatusCode::FOUND,
        headers,
        payload: Payload::Bytes(HTML, Bytes::new()),
    }
}

fn guards() -> Vec<(HeaderName, HeaderValue)> {
    vec![
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ]
}
