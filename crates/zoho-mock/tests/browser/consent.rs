//! The consent page.

use std::time::Duration;

use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use thirtyfour::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower::ServiceExt as _;
use zoho_mock::MockZoho;

use super::driver::{Browser, DEADLINE};

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
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (callback, mut landed) = landing().await;
    let zoho = MockZoho::builder()
        .client("1000.APP", "s3cret", [callback.as_str()])
        .start()
        .await
        .unwrap();
    let seen = visit(&browser.driver, &zoho, &callback, &mut landed).await;
    browser.quit().await;

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
