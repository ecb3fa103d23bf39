//! The receiver behind a server: a tower service over any body.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use tower_service::Service;

use super::notification::Notification;
use super::receiver::{Receiver, WebhookError};

/// Deals with a checked callback, and says what to answer Zoho: 200, or 503 when it could not be
/// dealt with.
type Handler = dyn Fn(Notification) -> BoxFuture<'static, Respond> + Send + Sync;

/// What to answer to a callback that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respond {
    /// It was dealt with: 200.
    Done,
    /// It could not be dealt with: 503. Zoho does not promise to send it again.
    Failed,
}

/// Takes callbacks as HTTP requests: a [`tower_service::Service`] for axum's `route_service`, hyper
/// and the like.
///
/// What is not Zoho's is answered with 401 or 400 and never with 200; a body is read to the
/// receiver's limit and no further.
///
/// ```
/// use zoho_client::webhook::{Receiver, Respond, WebhookService};
///
/// let service = WebhookService::new(Receiver::new("a token of the channel")?, |notification| async move {
///     for event in notification.events() {
///         println!("{} {}", event.operation, event.id);
///     }
///     Respond::Done
/// });
/// let app: axum::Router = axum::Router::new().route_service("/zoho", service);
/// # let _ = app;
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone)]
pub struct WebhookService {
    receiver: Receiver,
    handler: Arc<Handler>,
}

impl WebhookService {
    /// A service that hands checked callbacks to a function.
    pub fn new<F, Fut>(receiver: Receiver, handler: F) -> Self
    where
        F: Fn(Notification) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Respond> + Send + 'static,
    {
        Self {
            receiver,
            handler: Arc::new(move |notification| handler(notification).boxed()),
        }
    }

    async fn answer<B>(self, request: Request<B>) -> StatusCode
    where
        B: http_body::Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let refuse = |error: WebhookError| {
            self.receiver.count(Some(&error));
            error.status()
        };
        if self.receiver.announces_too_much(&parts.headers) {
            return refuse(WebhookError::TooLarge);
        }
        let Ok(body) = Limited::new(body, self.receiver.body_limit()).collect().await else {
            // Too much of it, or a connection that broke: nothing that can be trusted either way.
            return refuse(WebhookError::TooLarge);
        };
        match self.receiver.receive(&parts.headers, &body.to_bytes()) {
            Err(error) => error.status(),
            Ok(notification) => match (self.handler)(notification).await {
                Respond::Done => StatusCode::OK,
                Respond::Failed => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }
}

impl<B> Service<Request<B>> for WebhookService
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        async move {
            let mut response = Response::new(Full::default());
            *response.status_mut() = service.answer(request).await;
            Ok(response)
        }
        .boxed()
    }
}

impl fmt::Debug for WebhookService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookService")
            .field("receiver", &self.receiver)
            .finish_non_exhaustive()
    }
}
