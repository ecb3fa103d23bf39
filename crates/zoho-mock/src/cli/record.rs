//! `zoho-mock record`: a forwarding proxy that stores what passes.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use zoho_mock::recording::{Recorder, Target};

use super::serve::interrupted;
use super::{Failure, client, say};

/// Zoho takes files of up to 100 MB.
const LARGEST_BODY: usize = 110 << 20;
/// Headers that are about one connection, or that the proxy sets itself.
const OWN: [&str; 8] = [
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "accept-encoding",
];

/// The flags of `zoho-mock record`.
#[derive(Debug, Args)]
pub(super) struct Record {
    /// The API domain to forward to: one of Zoho's, such as https://www.zohoapis.eu, or a mock on this
    /// machine. Requests for tokens go to the accounts server of the same data centre.
    #[arg(long, value_name = "URL")]
    target: String,
    /// The folder for the exchanges, one file each; it is made if need be.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8118)]
    port: u16,
    /// Print one line of JSON on stdout once connections are accepted.
    #[arg(long)]
    json: bool,
}

struct Proxy {
    target: Target,
    recorder: Recorder,
    base_url: String,
}

/// Records until told to stop.
pub(super) async fn run(record: Record) -> Result<(), Failure> {
    let target = Target::of(&record.target)?;
    if target.is_secure() && !cfg!(feature = "tls") {
        return Err(Failure::Input(format!(
            "this zoho-mock was built without TLS and cannot reach {}; build it with --features tls",
            record.target
        )));
    }
    let recorder = Recorder::open(&record.out)?;
    let listener = TcpListener::bind(SocketAddr::new(record.host, record.port)).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    say(&match record.json {
        true => format!("{}\n", json!({"base_url": base_url})),
        false => format!("{base_url} forwards to {}; Ctrl-C ends it\n", record.target),
    })?;
    let proxy = Arc::new(Proxy {
        target,
        recorder,
        base_url,
    });
    tokio::select! {
        outcome = serve(listener, proxy) => outcome,
        () = interrupted() => Ok(()),
    }
}

async fn serve(listener: TcpListener, proxy: Arc<Proxy>) -> Result<(), Failure> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(stream, proxy.clone()));
    }
}

async fn connection(stream: TcpStream, proxy: Arc<Proxy>) {
    let answering = service_fn(move |request: Request<hyper::body::Incoming>| {
        let proxy = proxy.clone();
        async move { Ok::<_, std::convert::Infallible>(proxy.answer(request).await) }
    });
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended");
    }
}

impl Proxy {
    async fn answer(&self, request: Request<hyper::body::Incoming>) -> Response<Full<Bytes>> {
        let failed = |error: String| {
            tracing::warn!(error, "not forwarded");
            let mut response = Response::new(Full::from(json!({"error": error}).to_string()));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        };
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, LARGEST_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return failed(error.to_string()),
        };
        match self.forward(&parts, body.clone()).await {
            Ok(response) => response,
            Err(Failure::Input(error) | Failure::Unanswered(error)) => failed(error),
        }
    }

    async fn forward(&self, parts: &Parts, body: Bytes) -> Result<Response<Full<Bytes>>, Failure> {
        let path = parts.uri.path();
        let onward = self.target.server_of(path);
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut request = Request::builder()
            .method(&parts.method)
            .uri(target)
            .body(Full::new(body.clone()))?;
        *request.headers_mut() = passed_on(&parts.headers);
        let answer = match onward.starts_with("https://") {
            true => secure(&onward, request, body.clone()).await?,
            false => client::send(&onward, request).await?,
        };
        let (answered, answer) = answer.into_parts();
        let file = self
            .recorder
            .store(parts, &body, answered.status, &answered.headers, &answer)?;
        tracing::info!(status = answered.status.as_u16(), path, file = %file.display(), "stored");
        let mut response = Response::new(Full::new(self.homeward(answer)));
        *response.status_mut() = answered.status;
        *response.headers_mut() = passed_on(&answered.headers);
        Ok(response)
    }

    /// The answer with this proxy as its `api_domain`, so that a client that follows it stays here.
    fn homeward(&self, body: Bytes) -> Bytes {
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(&body) else {
            return body;
        };
        if !answer.contains_key("access_token") || !answer.contains_key("api_domain") {
            return body;
        }
        answer.insert("api_domain".to_owned(), self.base_url.clone().into());
        Value::Object(answer).to_string().into()
    }
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Sends a request to Zoho.
#[cfg(feature = "tls")]
async fn secure(
    onward: &str,
    request: Request<Full<Bytes>>,
    body: Bytes,
) -> Result<Response<Bytes>, Failure> {
    let unanswered = |error: reqwest::Error| Failure::Unanswered(super::with_causes(&error));
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(unanswered)?;
    let (parts, _) = request.into_parts();
    let answer = client
        .request(parts.method, format!("{onward}{}", parts.uri))
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(unanswered)?;
    let mut response = Response::builder().status(answer.status()).body(Bytes::new())?;
    *response.headers_mut() = answer.headers().clone();
    response.headers_mut().remove(http::header::CONTENT_ENCODING);
    *response.body_mut() = answer.bytes().await.map_err(unanswered)?;
    Ok(response)
}

/// Without TLS there is no way to Zoho; the command says so before it listens.
#[cfg(not(feature = "tls"))]
async fn secure(onward: &str, _: Request<Full<Bytes>>, _: Bytes) -> Result<Response<Bytes>, Failure> {
    Err(Failure::Input(format!("{onward} cannot be reached without TLS")))
}
