//! The seam at which a callback leaves the mock: collected, handed to a service, or sent by HTTP.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower_service::Service;

use super::{Ending, Parcel, http1};

type Ended = Pin<Box<dyn Future<Output = Ending> + Send>>;
type Hand = dyn Fn(Request<Full<Bytes>>) -> Ended + Send + Sync;

/// How callbacks leave the mock.
#[derive(Clone)]
pub(crate) enum Carrier {
    /// They do not: they are kept for [`MockZoho::deliveries`](crate::MockZoho::deliveries).
    Collect,
    /// To a service in this process, whatever their address.
    Service(Arc<Hand>),
    /// By HTTP; to addresses that are not of this machine only where `any` allows it.
    Http { any: bool },
}

impl Carrier {
    /// Hands callbacks to a service.
    pub(crate) fn service<S, B>(service: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: fmt::Display + Send,
        S::Future: Send,
        B: Send,
    {
        Self::Service(Arc::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                let ready = std::future::poll_fn(|context| service.poll_ready(context)).await;
                let answer = match ready {
                    Ok(()) => service.call(request).await,
                    Err(error) => Err(error),
                };
                match answer {
                    Ok(response) => Ending::Answered(response.status().as_u16()),
                    Err(error) => Ending::Failed(error.to_string()),
                }
            })
        }))
    }

    /// Whether callbacks stay here.
    pub(super) fn collects(&self) -> bool {
        matches!(self, Self::Collect)
    }

    /// Carries a callback to its end.
    pub(super) async fn carry(&self, parcel: &Parcel) -> Ending {
        match self {
            Self::Collect => Ending::Collected,
            Self::Http { any } => http1::send(parcel, *any).await,
            Self::Service(hand) => match parcel.request(&parcel.url) {
                Ok(request) => hand(request).await,
                Err(error) => Ending::Failed(error.to_string()),
            },
        }
    }
}

impl fmt::Debug for Carrier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collect => formatter.write_str("Collect"),
            Self::Service(_) => formatter.write_str("Service"),
            Self::Http { any } => formatter.debug_struct("Http").field("any", any).finish(),
        }
    }
}
