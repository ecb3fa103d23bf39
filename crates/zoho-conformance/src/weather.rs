//! What can happen to an exchange on its way, as proptest makes it and as the mock plays it.

use std::time::Duration;

use proptest::prelude::*;
use zoho_client::ErrorKind;
use zoho_mock::Fault;

/// What happens to one exchange.
#[derive(Clone, Debug, PartialEq)]
pub enum Weather {
    /// An error of the server's own, with this status; the operation is not carried out.
    Broken(u16),
    /// 503 that names a time to come back, in seconds.
    Closed(u64),
    /// 429 that names a time to come back, in seconds, or none.
    Throttled(Option<u64>),
    /// The access token is refused, whatever it is.
    Refused,
    /// A proxy's page.
    HtmlPage,
    /// The operation is carried out; what comes back is not JSON.
    Malformed,
    /// The operation is carried out; so many bytes come back.
    Truncated(usize),
    /// The connection breaks before anything is done.
    DroppedBefore,
    /// The operation is carried out, and the connection breaks.
    DroppedAfter,
    /// Nothing comes within the client's patience; the operation is carried out when nobody waits any more, or never.
    Slow,
    /// The operation is carried out; the answer drips in too slowly to be waited for.
    Dripping,
}

impl Weather {
    /// The weather as a fault of an operation.
    #[must_use]
    pub fn fault(&self, operation: &str) -> Fault {
        let fault = Fault::on(operation);
        match self {
            Self::Broken(status) => fault.status(*status),
            Self::Closed(seconds) => fault.status(503).header("retry-after", seconds.to_string()),
            Self::Throttled(Some(seconds)) => fault.status(429).header("retry-after", seconds.to_string()),
            Self::Throttled(None) => fault.status(429),
            Self::Refused => fault.status(401),
            Self::HtmlPage => fault.html(502),
            Self::Malformed => fault.malformed_json(),
            Self::Truncated(bytes) => fault.truncate(*bytes),
            Self::DroppedBefore => fault.drop_connection(),
            Self::DroppedAfter => fault.drop_reply(),
            Self::Slow => fault.delay(Duration::from_secs(600)),
            Self::Dripping => fault.slow_body(1, Duration::from_secs(120)),
        }
    }

    /// Whether the operation was surely not carried out, and the client can know it.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Throttled(_) | Self::Refused)
    }

    /// Whether the operation is carried out although the answer says something else, or nothing.
    #[must_use]
    pub(crate) fn is_carried_out(&self) -> bool {
        matches!(
            self,
            Self::Malformed | Self::Truncated(_) | Self::DroppedAfter | Self::Dripping
        )
    }

    /// The time that the server asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Closed(seconds) | Self::Throttled(Some(seconds)) => Some(Duration::from_secs(*seconds)),
            _ => None,
        }
    }

    /// Whether an error of this kind says what happened.
    #[must_use]
    pub fn explains(&self, kind: ErrorKind) -> bool {
        use ErrorKind::{Api, Auth, Decode, RateLimited, Timeout, Transport};
        match self {
            Self::Broken(_) | Self::Closed(_) => kind == Api,
            Self::Throttled(_) => kind == RateLimited,
            Self::Refused => kind == Auth,
            Self::HtmlPage => matches!(kind, Decode | Api),
            Self::Malformed => kind == Decode,
            Self::Truncated(_) => matches!(kind, Decode | Transport),
            Self::DroppedBefore | Self::DroppedAfter => kind == Transport,
            Self::Slow | Self::Dripping => kind == Timeout,
        }
    }
}

/// Anything that can go wrong.
pub fn foul() -> impl Strategy<Value = Weather> {
    prop_oneof![
        prop::sample::select(vec![500_u16, 502, 503, 504]).prop_map(Weather::Broken),
        (0_u64..90).prop_map(Weather::Closed),
        (1_u64..90).prop_map(|seconds| Weather::Throttled(Some(seconds))),
        Just(Weather::Throttled(None)),
        Just(Weather::Refused),
        Just(Weather::HtmlPage),
        Just(Weather::Malformed),
        (0usize..400).prop_map(Weather::Truncated),
        Just(Weather::DroppedBefore),
        Just(Weather::DroppedAfter),
        Just(Weather::Slow),
        Just(Weather::Dripping),
    ]
}
