//! The mock as a tower service.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
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
    let body = match body.is_end_stream() {
        true => Bytes::new(),
        false => match Limited::new(body, LARGEST_BODY).collect().await {
            Ok(body) => detached(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => return Ok(too_large()),
            Err(_) => return Err(Broken),
        },
    };
    let answer = shared.serve(&parts, &body).await;
    shared.send_courier();
    answer
}

/// A body that shares no memory with anybody. One that came in one piece is a part of what the connection reads
/// into. The mock keeps bodies for long: each would hold all of that buffer, and the connection would need another.
fn detached(body: Bytes) -> Bytes {
    match body.is_unique() {
        true => body,
        false => Bytes::copy_from_slice(&body),
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

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;
    use crate::mock::MockZoho;

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_kept_does_not_hold_the_memory_that_it_came_in() {
        let zoho = MockZoho::in_process();
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            zoho.client_id(),
            zoho.client_secret(),
            zoho.refresh_token()
        );
        // As a connection has it: head and body in one piece of memory.
        let buffer = Bytes::from(format!("POST /oauth/v2/token HTTP/1.1\r\n\r\n{form}"));
        let body = buffer.slice(buffer.len() - form.len()..);
        let request = Request::post("/oauth/v2/token").body(Full::new(body)).unwrap();
        let answer = answer(zoho.shared.clone(), request).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(zoho.snapshot().to_json().contains("grant_type"));
        assert!(buffer.is_unique());
    }
}
