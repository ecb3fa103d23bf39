//! The mock as a tower service.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::body::{Body, Broken};
use crate::front::{Shared, too_large};

/// Zoho takes files of up to 100 MB; this leaves room for what is around them.
const LARGEST_BODY: usize = 110 << 20;

/// The mock as a tower service; clones share the world.
///
/// It takes requests with any body. Its error, [`Broken`], stands for a broken connection and
/// occurs only where a fault was scripted or where the request's own body fails.
#[derive(Clone)]
pub struct Service {
    shared: Arc<Shared>,
}

/// A request that is being answered.
pub struct Answering(Pin<Box<dyn Future<Output = Result<Response<Body>, Broken>> + Send>>);

impl Service {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Broken;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        Answering(Box::pin(answer(self.shared.clone(), request)))
    }
}

impl Future for Answering {
    type Output = Result<Response<Body>, Broken>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

/// Answers one request.
pub(super) async fn answer<B>(shared: Arc<Shared>, request: Request<B>) -> Result<Response<Body>, Broken>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => {
            let answer = shared.serve(&parts, &body.to_bytes()).await;
            shared.send_courier();
            answer
        }
        Err(error) if error.is::<LengthLimitError>() => Ok(too_large()),
        Err(_) => Err(Broken),
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Service")
            .field("base_url", &self.shared.base_url)
            .finish()
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Answering")
    }
}
