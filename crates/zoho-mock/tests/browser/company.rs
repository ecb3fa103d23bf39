//! Who else is there: a client of the mock's, and a neighbour on the same machine.

use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tower::ServiceExt as _;
use zoho_mock::MockZoho;

use super::driver::Browser;

/// What a page would run, were it not shown as text.
pub(super) const NASTY: &str = "<script>evil=1</script> \"Pelikan\" <img src=x onerror='evil=2'> & 'co'";

/// A page of somebody else's that wants the mock to forget everything.
const EVIL: &str = "<!doctype html><title>evil</title><script>\
    const mock = new URLSearchParams(location.search).get('mock');\
    Promise.allSettled([fetch(mock + '/_mock/reset', {method: 'POST', mode: 'no-cors'}),\
      fetch(mock + '/_mock/seed', {method: 'POST', mode: 'no-cors', body: '{\"Leads\": 9}'})])\
      .then(() => { document.title = 'done'; });</script>\
    <form id=form method=post></form>";

/// Somebody on this machine: notes what is posted, and serves the evil page.
pub(super) async fn neighbour() -> (String, mpsc::UnboundedReceiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, sender.clone()));
        }
    });
    (address, receiver)
}

async fn answer(mut stream: TcpStream, sender: mpsc::UnboundedSender<Value>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    let page = if head.starts_with("get /evil") { EVIL } else { "" };
    if head.starts_with("post") {
        // The test may have ended.
        let _ = sender.send(serde_json::from_slice(&body).unwrap_or_default());
    }
    let length = page.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all((head + page).as_bytes()).await.ok()
}

/// A client of the mock's, with its token.
pub(super) struct Client<'a> {
    zoho: &'a MockZoho,
    token: String,
}

impl<'a> Client<'a> {
    pub(super) async fn new(zoho: &'a MockZoho) -> Self {
        let mut client = Self {
            zoho,
            token: String::new(),
        };
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            zoho.client_id(),
            zoho.client_secret(),
            zoho.refresh_token()
        );
        let (_, answer) = client.send(Method::POST, "/oauth/v2/token", form).await;
        client.token = answer["access_token"].as_str().unwrap().to_owned();
        client
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: String) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Zoho-oauthtoken {}", self.token))
            .body(Full::new(bytes::Bytes::from(body)))
            .unwrap();
        let response = self.zoho.service().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Lists leads, and tries again as long as it is told to slow down.
    pub(super) async fn list_with_retries(&self) -> Vec<u16> {
        let mut statuses = Vec::new();
        while statuses.last().is_none_or(|last| *last == 429) {
            statuses.push(
                self.send(Method::GET, "/crm/v8/Leads?fields=Company", String::new())
                    .await
                    .0,
            );
        }
        statuses
    }
}

/// The address of a page of the console's.
pub(super) fn page(zoho: &MockZoho, hash: &str) -> String {
    format!("{}/_mock/#/{hash}", zoho.base_url())
}

/// What went wrong in the page's scripts, apart from requests whose refusal was wanted.
pub(super) async fn complaints(browser: &Browser, wanted: &str) -> Vec<String> {
    let log = browser.driver.browser_log().await.unwrap();
    let severe = log.into_iter().filter(|entry| entry.level == "SEVERE");
    severe
        .map(|entry| entry.message)
        .filter(|message| !message.contains(wanted))
        .collect()
}
