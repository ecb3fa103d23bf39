//! The commands' own HTTP: a running mock, and local programs.

use bytes::Bytes;
use clap::Args;
use http::{HeaderValue, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::{Failure, with_causes};

/// Which mock is meant.
#[derive(Clone, Debug, Args)]
pub(super) struct Mock {
    /// The address of the running mock.
    #[arg(
        long,
        env = "ZOHO_MOCK_URL",
        default_value = "http://127.0.0.1:8117",
        value_name = "URL"
    )]
    url: String,
}

impl Mock {
    /// Sends a request below `/_mock/` and gives back the body.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Bytes, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_mock/{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body.into()))?;
        let response = send(&self.url, request).await?;
        let (parts, body) = response.into_parts();
        if parts.status.is_success() {
            return Ok(body);
        }
        let said = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        let error = match said["error"].as_str() {
            Some(error) => error.to_owned(),
            None => format!("{} answered {}", self.url, parts.status),
        };
        Err(match parts.status.is_client_error() {
            true => Failure::Input(error),
            false => Failure::Unanswered(error),
        })
    }

    /// The same, read as JSON.
    pub(super) async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let body = body.map(Value::to_string).unwrap_or_default();
        Ok(serde_json::from_slice(&self.ask(method, path, body).await?)?)
    }
}

/// An `http` address, in parts.
///
/// # Errors
/// [`Failure::Input`] for anything else.
pub(super) fn address(url: &str) -> Result<(String, u16, Uri), Failure> {
    let unusable = || Failure::Input(format!("{url} is no address such as http://127.0.0.1:8117"));
    let uri: Uri = url.parse().map_err(|_| unusable())?;
    let host = uri.host().ok_or_else(unusable)?;
    if uri.scheme_str() != Some("http") {
        return Err(unusable());
    }
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok((host, uri.port_u16().unwrap_or(80), uri))
}

/// Sends a request to where an `http` address leads; the request's own target is kept.
pub(super) async fn send(url: &str, mut request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Failure> {
    let (host, port, uri) = address(url)?;
    let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
    request
        .headers_mut()
        .insert(header::HOST, HeaderValue::from_str(&authority)?);
    let unanswered = |error: &dyn std::error::Error| {
        Failure::Unanswered(format!("{url} does not answer: {}", with_causes(error)))
    };
    let stream = TcpStream::connect((host.as_str(), port))
        .await
        .map_err(|error| unanswered(&error))?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| unanswered(&error))?;
    let connection = tokio::spawn(connection);
    let response = sender
        .send_request(request)
        .await
        .map_err(|error| unanswered(&error))?;
    let (parts, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .map_err(|error| unanswered(&error))?
        .to_bytes();
    connection.abort();
    Ok(Response::from_parts(parts, body))
}
