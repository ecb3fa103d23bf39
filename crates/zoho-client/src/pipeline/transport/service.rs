//! A transport without a network: any tower service in this process.

use std::fmt;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body::Body as HttpBody;
use parking_lot::Mutex;
use tower_service::Service;

use super::{Body, BoxError, Transport, TransportError};

/// Hands requests to a tower service, such as an axum router or `zoho-mock`'s service.
///
/// No socket is opened and no timer of its own runs, so programs on it work under paused time.
pub struct ServiceTransport<S> {
    service: Mutex<S>,
}

impl<S> ServiceTransport<S> {
    /// A transport to a service.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
        }
    }
}

impl<S> fmt::Debug for ServiceTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceTransport")
    }
}

impl<S, B> Transport for ServiceTransport<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let mut service = self.service.lock().clone();
        async move {
            std::future::poll_fn(|context| service.poll_ready(context))
                .await
                .map_err(TransportError::not_sent)?;
            let response = service.call(request).await.map_err(TransportError::maybe_sent)?;
            Ok(response.map(Body::wrap))
        }
        .boxed()
    }
}
