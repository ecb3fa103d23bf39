//! What goes to the wrong place, or arrives as something else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;
use zoho_client::{Body, ErrorKind, Method, OAuthApp, OrganizationId, Region, ServiceTransport, Zoho};
use zoho_conformance::harness::Harness;
use zoho_mock::Fault;

/// A wrong connector joins the path of a raw request to its base address by the rules of URLs, by which an absolute
/// address wins, and sends the token to whoever it names. Another believes any `api_domain`.
#[test]
fn the_token_is_not_sent_to_an_absolute_url() {
    let addresses = [
        "https://evil.example/crm/v8/Leads",
        "//evil.example/crm/v8/Leads",
        "/\\evil.example/Leads",
        "@evil.example/Leads",
        "/../../evil",
        "http:evil.example",
    ];
    let harness = Harness::new();
    for address in addresses {
        let error = harness
            .run(async { harness.zoho.crm().raw(Method::GET, address).send().await })
            .expect_err(address);
        assert_eq!(error.kind(), ErrorKind::Config, "{address}: {error}");
    }
    assert!(harness.mock.journal().exchanges().is_empty(), "nothing was sent");

    let granted =
        json!({"access_token": "1000.a.b", "api_domain": "https://evil.example", "expires_in": 3600});
    harness
        .mock
        .faults()
        .script(Fault::on("accounts.token").json(granted).status(200));
    let counted = harness.run(async { harness.zoho.crm().records("Leads").count().await });
    assert!(counted.is_err(), "{counted:?}");
    assert_eq!(harness.mock.journal().count("count_records"), 0);
}

/// Answers requests on kept-alive connections for ever, and counts the connections.
fn serve(listener: &TcpListener, connections: &Arc<AtomicUsize>) {
    for stream in listener.incoming() {
        connections.fetch_add(1, Ordering::SeqCst);
        let stream = stream.expect("a connection");
        thread::spawn(move || answer(&stream));
    }
}

fn answer(stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream.try_clone().ok()?;
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        let body = r#"{"access_token":"1000.a.b","expires_in":3600,"count":5}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
        writer
            .write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes())
            .ok()?;
    }
}

/// A wrong connector makes an HTTP client for each request, and with it a connection and a handshake.
#[test]
fn requests_share_a_connection() {
    const REQUESTS: usize = 30;
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    thread::spawn(move || serve(&listener, &counted));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let zoho = Zoho::builder(Region::custom(&address).expect("it is on this machine"))
            .oauth(OAuthApp::new("1000.CLIENT", "secret"))
            .refresh_token("1000.refresh")
            .build()
            .expect("it is complete");
        for _ in 0..REQUESTS {
            assert_eq!(zoho.crm().records("Leads").count().await.expect("it answers"), 5);
        }
    });
    // A connection goes back into the pool in its own time: now and then a request finds none there.
    let connections = connections.load(Ordering::SeqCst);
    assert!(
        connections <= REQUESTS / 5,
        "{connections} connections for {REQUESTS} requests"
    );
}

/// A wrong connector has Canada at `zoho.ca`, Australia's accounts at India's API, or builds hosts from the code.
#[test]
fn no_region_has_the_hosts_of_another() {
    // As Zoho's pages on multi-DC support list them.
    let table = [
        ("us", "accounts.zoho.com", "www.zohoapis.com"),
        ("eu", "accounts.zoho.eu", "www.zohoapis.eu"),
        ("in", "accounts.zoho.in", "www.zohoapis.in"),
        ("au", "accounts.zoho.com.au", "www.zohoapis.com.au"),
        ("jp", "accounts.zoho.jp", "www.zohoapis.jp"),
        ("uk", "accounts.zoho.uk", "www.zohoapis.uk"),
        ("ca", "accounts.zohocloud.ca", "www.zohoapis.ca"),
        ("ae", "accounts.zoho.ae", "www.zohoapis.ae"),
        ("sa", "accounts.zoho.sa", "www.zohoapis.sa"),
        ("cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn"),
    ];
    assert_eq!(Region::all().count(), table.len());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    for (code, accounts, api) in table {
        let hosts: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = hosts.clone();
        let service = tower::service_fn(move |request: http::Request<Body>| {
            let host = request.uri().host().unwrap_or_default().to_owned();
            seen.lock().expect("nobody panicked").push(host);
            let body = r#"{"access_token":"1000.a.b","expires_in":3600,"count":5}"#;
            std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new(
                body.to_owned(),
            )))
        });
        runtime.block_on(async {
            let zoho = Zoho::builder(code.parse().expect("a region"))
                .oauth(OAuthApp::new("1000.CLIENT", "secret"))
                .refresh_token("1000.refresh")
                .transport(ServiceTransport::new(service))
                .build()
                .expect("it is complete");
            zoho.crm().records("Leads").count().await.expect("it answers");
        });
        assert_eq!(*hosts.lock().expect("nobody panicked"), [accounts, api], "{code}");
    }
}

/// A wrong connector pastes values into the query: `&` ends them, `+` becomes a space, `#` cuts off the rest.
#[test]
fn query_values_arrive_as_they_were_given() {
    let values = [
        "R&D",
        "1+1=2",
        "No #1",
        "a b",
        "50% off",
        "Žofie & Søn",
        "李小龍",
        "x=y&z=w",
        "?;/:@",
        "\"quoted\"",
        "a\tb",
        "😀",
    ];
    let harness = Harness::new();
    let books = harness
        .zoho
        .books(OrganizationId::new(harness.mock.organization_id()));
    harness.run(async {
        for value in values {
            let contact = json!({"contact_name": value});
            books.records("contacts").create(contact).await.expect(value);
        }
        for value in values {
            let found = books
                .records("contacts")
                .search("contact_name", value)
                .all()
                .await
                .expect(value);
            let names: Vec<_> = found
                .iter()
                .filter_map(|contact| contact.get_str("contact_name"))
                .collect();
            assert_eq!(names, [value]);
            let raw = harness.zoho.crm().raw(Method::GET, "/Leads");
            raw.query("fields", "id")
                .query("q", value)
                .send()
                .await
                .expect(value);
            let journal = harness.mock.journal();
            let sent = journal.exchanges().last().expect("it was sent");
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(sent.query.as_bytes())
                .into_owned()
                .collect();
            assert_eq!(
                pairs,
                [
                    ("fields".to_owned(), "id".to_owned()),
                    ("q".to_owned(), value.to_owned())
                ]
            );
        }
    });
}
