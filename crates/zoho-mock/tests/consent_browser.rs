//! The consent page in a real browser: Chromium, headless, driven by chromedriver.
//!
//! Where there is no chromedriver the test says that it was skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower::ServiceExt as _;
use zoho_mock::MockZoho;

/// How long a machine under load may take for one step.
const DEADLINE: Duration = Duration::from_secs(60);

const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// The program of that name on the path.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Chromedriver on a port that it chose itself; it ends when this is dropped.
struct Driver {
    _process: Child,
    /// Held open, so that chromedriver can go on writing.
    _output: Lines<BufReader<ChildStdout>>,
    address: String,
}

async fn chromedriver() -> Option<Driver> {
    let mut process = Command::new(program("chromedriver")?)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let started = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                return port.trim_end_matches('.').to_owned();
            }
        }
        panic!("chromedriver ended before it was ready");
    };
    let port = timeout(DEADLINE, started)
        .await
        .expect("chromedriver is ready in time");
    Some(Driver {
        _process: process,
        _output: lines,
        address: format!("http://127.0.0.1:{port}"),
    })
}

/// Where the browser is sent: a listener that passes on the target of each request for `/callback`.
async fn landing() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/callback", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => request.push(byte),
                        Err(_) => return,
                    }
                }
                let text = String::from_utf8_lossy(&request).into_owned();
                let target = text.split(' ').nth(1).unwrap_or_default().to_owned();
                let page = "<!doctype html><title>back</title><p id=landed>back</p>";
                let length = page.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{page}"
                );
                // A browser may hang up on a connection it opened in advance.
                let _ = stream.write_all(answer.as_bytes()).await;
                if target.starts_with("/callback") {
                    let _ = sender.send(target);
                }
            });
        }
    });
    (address, receiver)
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The mock's address where the browser asks for consent.
fn authorization(zoho: &MockZoho, callback: &str) -> String {
    format!(
        "{}/oauth/v2/auth?response_type=code&client_id=1000.APP&scope=ZohoCRM.org.READ,ZohoCRM.modules.ALL\
         &access_type=offline&prompt=consent&state=%3Cs%20%26t%3E&redirect_uri={}",
        zoho.base_url(),
        encoded(callback)
    )
}

async fn press(driver: &WebDriver, id: &'static str) {
    let button = driver.query(By::Id(id)).wait(DEADLINE, Duration::from_millis(50));
    button.first().await.unwrap().click().await.unwrap();
}

async fn call(zoho: &MockZoho, request: Request<Full<bytes::Bytes>>) -> (u16, Value) {
    let response = zoho.service().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// What the three visits of the browser left behind.
struct Seen {
    accepted: String,
    rejected: String,
    scopes: String,
    forged: (String, String),
}

async fn visit(
    driver: &WebDriver,
    zoho: &MockZoho,
    callback: &str,
    landed: &mut mpsc::UnboundedReceiver<String>,
) -> Seen {
    driver.goto(authorization(zoho, callback)).await.unwrap();
    let scopes = driver
        .query(By::Id("scopes"))
        .wait(DEADLINE, Duration::from_millis(50));
    let scopes = scopes.first().await.unwrap().text().await.unwrap();
    press(driver, "accept").await;
    let accepted = timeout(DEADLINE, landed.recv())
        .await
        .expect("the browser comes back")
        .unwrap();

    driver.goto(authorization(zoho, callback)).await.unwrap();
    press(driver, "reject").await;
    let rejected = timeout(DEADLINE, landed.recv())
        .await
        .expect("the browser comes back")
        .unwrap();

    let forged = authorization(zoho, &callback.replace("/callback", "/callback/forged"));
    driver.goto(forged).await.unwrap();
    let heading = driver
        .query(By::Tag("h1"))
        .wait(DEADLINE, Duration::from_millis(50));
    let heading = heading.first().await.unwrap().text().await.unwrap();
    let address = driver.current_url().await.unwrap().to_string();
    Seen {
        accepted,
        rejected,
        scopes,
        forged: (heading, address),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_gives_consent() {
    let Some(chromedriver) = chromedriver().await else {
        println!("SKIPPED: there is no chromedriver on the path, so no browser was driven");
        return;
    };
    let (callback, mut landed) = landing().await;
    let zoho = MockZoho::builder()
        .client("1000.APP", "s3cret", [callback.as_str()])
        .start()
        .await
        .unwrap();
    let profile = tempfile::tempdir().unwrap();
    let mut wishes = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        wishes.add_arg(argument).unwrap();
    }
    wishes
        .add_arg(&format!("--user-data-dir={}", profile.path().display()))
        .unwrap();
    let driver = timeout(DEADLINE, WebDriver::new(&chromedriver.address, wishes))
        .await
        .expect("a browser starts in time")
        .unwrap();

    let seen = visit(&driver, &zoho, &callback, &mut landed).await;
    driver.quit().await.unwrap();

    assert_eq!(seen.scopes, "ZohoCRM.org.READ\nZohoCRM.modules.ALL");
    let (_, query) = seen.accepted.split_once("?code=").unwrap();
    let (code, rest) = query.split_once('&').unwrap();
    assert_eq!(
        rest,
        format!(
            "location=us&accounts-server={}&state=%3Cs%20%26t%3E",
            encoded(zoho.base_url()).replace("%2E", ".")
        )
    );
    let form = format!(
        "grant_type=authorization_code&client_id=1000.APP&client_secret=s3cret&code={code}&redirect_uri={}",
        encoded(&callback)
    );
    let request = Request::builder().method(Method::POST).uri("/oauth/v2/token");
    let (status, tokens) = call(&zoho, request.body(form.into()).unwrap()).await;
    assert_eq!(status, 200);
    assert!(tokens["refresh_token"].is_string(), "{tokens}");
    let bearer = format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap());
    let request = Request::get("/crm/v8/org").header("authorization", bearer);
    let (status, _) = call(&zoho, request.body(Full::default()).unwrap()).await;
    assert_eq!(status, 200);

    assert_eq!(
        seen.rejected,
        "/callback?error=access_denied&state=%3Cs%20%26t%3E"
    );

    let (heading, address) = seen.forged;
    assert_eq!(heading, "Invalid Redirect Uri");
    assert!(address.starts_with(zoho.base_url()), "{address}");
    assert!(landed.try_recv().is_err(), "the forged address was not visited");
}
