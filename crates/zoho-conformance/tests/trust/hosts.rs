//! Hosts that are not Zoho's get nothing, whoever points to them. This needs sockets, on this machine only.

use std::time::Duration;

use http::header::LOCATION;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zoho_client::{ErrorKind, Method, OAuthApp, Region, ReqwestTransport, RetryPolicy, Zoho};

/// Answers every request of every connection with a redirect to another server, but gives a token first.
async fn redirecting(listener: TcpListener, status: u16, to: String) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let to = to.clone();
        tokio::spawn(async move {
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            // One request a connection: its head, and a body of the length that it says.
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                seen.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&seen);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head
                    .lines()
                    .filter_map(|line| {
                        line.to_ascii_lowercase()
                            .strip_prefix("content-length:")?
                            .trim()
                            .parse()
                            .ok()
                    })
                    .next()
                    .unwrap_or(0);
                if body.len() < length {
                    continue;
                }
                let answer = if head.starts_with("POST /oauth/v2/token ") {
                    let body = r#"{"access_token":"1000.canary-access-token","expires_in":3600}"#;
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    )
                } else {
                    format!(
                        "HTTP/1.1 {status} Moved\r\n{LOCATION}: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    )
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
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
        let server = tokio::spawn(redirecting(here, status, to));
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
