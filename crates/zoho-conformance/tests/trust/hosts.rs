//! Hosts that are not Zoho's get nothing, whoever points to them. This needs sockets, on this machine only.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::LOCATION;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zoho_client::{ErrorKind, Method, OAuthApp, Region, ReqwestTransport, RetryPolicy, Zoho};

/// Answers one request of every connection: a token where one is asked for, else what it is given.
async fn answering(listener: TcpListener, answer: Vec<u8>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let answer = answer.clone();
        tokio::spawn(async move {
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            // Its head, and a body of the length that it says.
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                seen.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&seen);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = |line: &str| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")?
                        .trim()
                        .parse()
                        .ok()
                };
                if body.len() < head.lines().find_map(length).unwrap_or(0) {
                    continue;
                }
                let token = r#"{"access_token":"1000.canary-access-token","expires_in":3600}"#;
                let token = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{token}",
                    token.len()
                );
                let answer = match head.starts_with("POST /oauth/v2/token ") {
                    true => token.as_bytes(),
                    false => &answer,
                };
                // Whoever has read enough may have left.
                let _ = stream.write_all(answer).await;
                break;
            }
        });
    }
}

#[tokio::test]
async fn a_redirect_is_followed_by_no_transport() {
    for status in [301, 302, 303, 307, 308] {
        let here = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", here.local_addr().unwrap());
        let to = format!("http://{}/steal", elsewhere.local_addr().unwrap());
        let answer = format!(
            "HTTP/1.1 {status} Moved\r\n{LOCATION}: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let server = tokio::spawn(answering(here, answer.into_bytes()));
        // A builder that would follow, if it were left to it.
        let follows = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::limited(5))
            .no_proxy();
        for transport in [
            ReqwestTransport::new(),
            ReqwestTransport::with_builder(follows).unwrap(),
        ] {
            let zoho = Zoho::builder(Region::custom(&base).unwrap())
                .oauth(OAuthApp::new("1000.X", "canary-secret"))
                .refresh_token("1000.canary-refresh")
                .retry(RetryPolicy::fixed(1, Duration::ZERO))
                .transport(transport)
                .build()
                .unwrap();
            let read = zoho
                .crm()
                .records("Leads")
                .fields(["id"])
                .send()
                .await
                .unwrap_err();
            assert_eq!(
                read.status().map(|status| status.as_u16()),
                Some(status),
                "{read}"
            );
            let raw = zoho
                .crm()
                .raw(Method::POST, "/Leads")
                .json(&serde_json::json!({}))
                .send()
                .await
                .unwrap_err();
            assert_eq!(raw.status().map(|status| status.as_u16()), Some(status), "{raw}");
        }
        // Whoever had followed the redirect would have connected before it failed.
        let nobody = tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await;
        assert!(nobody.is_err(), "{status} was followed to another host");
        server.abort();
    }
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_to_the_limit_and_no_further() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        packed.write_all(&[b'['; 1 << 20]).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 100_000, "{} bytes", packed.len());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        packed.len()
    );
    let here = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", here.local_addr().unwrap());
    let server = tokio::spawn(answering(here, [head.as_bytes(), &packed].concat()));
    let zoho = Zoho::builder(Region::custom(&base).unwrap())
        .oauth(OAuthApp::new("1000.X", "canary-secret"))
        .refresh_token("1000.canary-refresh")
        .largest_answer(1 << 20)
        .build()
        .unwrap();
    let error = zoho.crm().records("Leads").count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("larger than 1048576 bytes"), "{error}");
    server.abort();
}

#[test]
fn plain_http_is_for_this_machine_only_and_tls_for_zohos_hosts() {
    for address in [
        "http://accounts.zoho.eu",
        "http://www.zohoapis.com",
        "http://192.168.0.1:4000",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://accounts.zoho.eu.evil.example",
        "https://accounts.zoho.eu:8443",
        "https://evil.example/accounts.zoho.eu",
        "https://accounts.zoho.eu@evil.example",
        "https://accountszoho.eu",
        "ftp://accounts.zoho.eu",
    ] {
        let error = Region::custom(address).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{address}");
    }
    for address in ["http://127.0.0.1:4000", "http://[::1]:4000", "http://localhost"] {
        assert!(Region::custom(address).is_ok(), "{address}");
    }
    for region in Region::all() {
        let server = region.accounts_url().unwrap();
        assert!(server.starts_with("https://"), "{server}");
        let row = region.row().unwrap();
        for host in [row.accounts, row.api, row.sandbox, row.developer] {
            assert_eq!(
                Region::custom(&format!("https://{host}")).unwrap().code(),
                region.code(),
                "{host}"
            );
            assert!(Region::custom(&format!("http://{host}")).is_err(), "{host}");
        }
    }
}
