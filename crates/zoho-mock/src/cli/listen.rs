//! `zoho-mock listen`: a channel at a running mock whose callbacks are printed and forwarded.

use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::client::{self, Mock};
use super::serve::interrupted;
use super::{Failure, say};

/// A channel lives for a week at most; this is a little less.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24 - 1);

/// The flags of `zoho-mock listen`.
#[derive(Debug, Args)]
pub(super) struct Listen {
    /// What to listen for, such as Leads.edit or Contacts.all; several with commas. Every change of
    /// every module by default.
    #[arg(long, value_delimiter = ',')]
    events: Vec<String>,
    /// Post what arrives to this address too; the mock gets its answer.
    #[arg(long, value_name = "URL")]
    forward_to: Option<String>,
    #[command(flatten)]
    mock: Mock,
    /// Print one line of JSON for each callback, after a first one that says which channel was opened.
    #[arg(long)]
    json: bool,
}

/// Where callbacks go on to, and how they are printed.
#[derive(Clone)]
struct Onward {
    forward_to: Option<String>,
    json: bool,
}

/// Listens until told to stop.
pub(super) async fn run(listen: Listen) -> Result<(), Failure> {
    if let Some(url) = &listen.forward_to {
        client::address(url)?;
    }
    let events = match listen.events.is_empty() {
        false => listen.events.clone(),
        true => every_module(&listen.mock).await?,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let channel = format!("81170000{port:05}");
    subscribe(&listen.mock, &channel, &events, port).await?;
    let onward = Onward {
        forward_to: listen.forward_to.clone(),
        json: listen.json,
    };
    say(&match listen.json {
        true => format!("{}\n", json!({"channel_id": channel, "events": events})),
        false => format!(
            "channel {channel} listens for {}; Ctrl-C ends it\n",
            events.join(", ")
        ),
    })?;
    tokio::select! {
        outcome = serve(listener, onward) => outcome?,
        () = interrupted() => {}
    }
    let path = format!("api/zoho/crm/v8/actions/watch?channel_ids={channel}");
    listen.mock.ask(Method::DELETE, &path, "").await.map(drop)
}

async fn every_module(mock: &Mock) -> Result<Vec<String>, Failure> {
    let overview = mock.json(Method::GET, "api/overview", None).await?;
    let modules = overview["crm"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = modules.iter().filter_map(|module| module["api_name"].as_str());
    Ok(names.map(|name| format!("{name}.all")).collect())
}

async fn subscribe(mock: &Mock, channel: &str, events: &[String], port: u16) -> Result<(), Failure> {
    let clock = mock.json(Method::GET, "clock", None).await?;
    let now: Timestamp = clock["now"].as_str().unwrap_or_default().parse()?;
    let ends = now
        .saturating_add(LIFE)?
        .strftime("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string();
    let watch = json!({"watch": [{
        "channel_id": channel,
        "events": events,
        "channel_expiry": ends,
        "token": "zoho-mock listen",
        "notify_url": format!("http://127.0.0.1:{port}/"),
        "return_affected_field_values": true,
    }]});
    let path = "api/zoho/crm/v8/actions/watch";
    let answer = mock.ask(Method::POST, path, watch.to_string()).await;
    let answer = match answer {
        Ok(answer) => serde_json::from_slice::<Value>(&answer)?,
        Err(Failure::Input(_)) => return Err(refused(events)),
        Err(error) => return Err(error),
    };
    let item = &answer["watch"][0];
    match item["status"] == "success" {
        true => Ok(()),
        false => Err(refused(events)),
    }
}

fn refused(events: &[String]) -> Failure {
    Failure::Input(format!(
        "the mock does not take {}: an event is MODULE.create, .edit, .delete or .all of a module that it has",
        events.join(", ")
    ))
}

async fn serve(listener: TcpListener, onward: Onward) -> Result<(), Failure> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(stream, onward.clone()));
    }
}

async fn connection(stream: TcpStream, onward: Onward) {
    let answering = service_fn(move |request: Request<hyper::body::Incoming>| {
        let onward = onward.clone();
        async move {
            let (_, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let status = onward.pass(body).await;
            let mut response = Response::new(Full::<Bytes>::default());
            *response.status_mut() = status;
            Ok::<_, hyper::Error>(response)
        }
    });
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended");
    }
}

impl Onward {
    /// Forwards and prints one callback; gives the status that the mock is to see.
    async fn pass(&self, body: Bytes) -> StatusCode {
        let payload: Value = serde_json::from_slice(&body).unwrap_or_default();
        let forwarded = match &self.forward_to {
            Some(url) => Some(forward(url, body).await),
            None => None,
        };
        let printed = say(&self.line(&payload, forwarded.as_ref()));
        if let Err(Failure::Input(error) | Failure::Unanswered(error)) = printed {
            tracing::warn!(error, "a callback was not printed");
        }
        match forwarded {
            Some(Err(_)) => StatusCode::BAD_GATEWAY,
            Some(Ok(status)) => status,
            None => StatusCode::OK,
        }
    }

    fn line(&self, payload: &Value, forwarded: Option<&Result<StatusCode, String>>) -> String {
        let status = forwarded
            .and_then(|outcome| outcome.as_ref().ok())
            .map(StatusCode::as_u16);
        let error = forwarded.and_then(|outcome| outcome.as_ref().err());
        if self.json {
            return format!(
                "{}\n",
                json!({"payload": payload, "status": status, "error": error})
            );
        }
        let text = |name: &str| payload[name].as_str().unwrap_or_default();
        let ids = payload["ids"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
        let outcome = match (status, error) {
            (Some(status), _) => format!("  {status}"),
            (None, Some(error)) => format!("  {error}"),
            (None, None) => String::new(),
        };
        format!(
            "{} {} {}{outcome}\n",
            text("module"),
            text("operation"),
            ids.join(",")
        )
    }
}

async fn forward(url: &str, body: Bytes) -> Result<StatusCode, String> {
    let said = |failure| match failure {
        Failure::Input(text) | Failure::Unanswered(text) => text,
    };
    let (_, _, uri) = client::address(url).map_err(said)?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let request = Request::post(target)
        .header(header::CONTENT_TYPE, "application/json;charset=UTF-8")
        .body(Full::new(body))
        .map_err(|error| error.to_string())?;
    client::send(url, request)
        .await
        .map(|response| response.status())
        .map_err(said)
}
