//! Exchanges recorded through the proxy, with a second mock in the place of Zoho; and answers from them.

use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use zoho_mock::MockZoho;
use zoho_mock::recording::{self, RecordedBody};

use super::commands::{line, program, stop};
use super::support::Desk;

/// A request by HTTP; gives status and JSON.
async fn ask(base_url: &str, method: &str, path: &str, token: &str, kind: &str, body: &str) -> (u16, Value) {
    let address = base_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Zoho-oauthtoken {token}\r\n\
         content-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

fn texts(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_stored_masked_and_answered_from() {
    let zoho = MockZoho::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("deep/recordings");
    let out_text = out.display().to_string();
    let mut proxy = program(&[
        "record",
        "--target",
        zoho.base_url(),
        "--out",
        &out_text,
        "--port",
        "0",
        "--json",
    ])
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(proxy.stdout.take().unwrap()).lines();
    let base = line(&mut lines).await["base_url"].as_str().unwrap().to_owned();

    let form = format!(
        "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
        zoho.client_id(),
        zoho.client_secret(),
        zoho.refresh_token()
    );
    let (status, token) = ask(
        &base,
        "POST",
        "/oauth/v2/token",
        "",
        "application/x-www-form-urlencoded",
        &form,
    )
    .await;
    assert_eq!(
        (status, &token["api_domain"]),
        (200, &json!(base)),
        "the client stays at the proxy"
    );
    let token = token["access_token"].as_str().unwrap().to_owned();
    let json_kind = "application/json";
    let lead = json!({"data": [{"Last_Name": "Ngo", "Email": "mai.ngo@customer.example", "Phone": "030 1234567",
        "Description": "Call +49 30 7654321 or write to mai.ngo@customer.example"}]});
    let (status, made) = ask(
        &base,
        "POST",
        "/crm/v8/Leads",
        &token,
        json_kind,
        &lead.to_string(),
    )
    .await;
    assert_eq!(status, 201);
    let id = made["data"][0]["details"]["id"].as_str().unwrap();
    let list = "/crm/v8/Leads?fields=Last_Name,Email,Phone,Description";
    let (_, first) = ask(&base, "GET", list, &token, json_kind, "").await;
    assert_eq!(
        first["data"][0]["Email"], "mai.ngo@customer.example",
        "the client sees what Zoho sent"
    );
    ask(
        &base,
        "POST",
        "/crm/v8/Leads",
        &token,
        json_kind,
        &json!({"data": [{"Last_Name": "Xu"}]}).to_string(),
    )
    .await;
    ask(&base, "GET", list, &token, json_kind, "").await;
    ask(
        &base,
        "GET",
        "/crm/v8/Leads/search?email=mai.ngo@customer.example",
        &token,
        json_kind,
        "",
    )
    .await;
    assert_eq!(stop(&mut proxy).await, Some(0));

    let text = texts(&out);
    for secret in [
        token.as_str(),
        &zoho.client_secret(),
        &zoho.refresh_token(),
        "mai.ngo",
        "customer.example",
        "030 1234567",
        "7654321",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    let stored = recording::read(&out).unwrap();
    let operations: Vec<&str> = stored.iter().map(|one| one.operation.as_str()).collect();
    assert_eq!(
        operations,
        [
            "token",
            "create_records",
            "list_records",
            "create_records",
            "list_records",
            "search_records"
        ]
    );
    let RecordedBody::Json(page) = &stored[2].response.body else {
        panic!("{:?}", stored[2].response.body)
    };
    let row = &page["data"][0];
    let email = row["Email"].as_str().unwrap();
    assert!(
        row["Description"].as_str().unwrap().ends_with(email),
        "the same address has the same mask: {row}"
    );
    assert_eq!(row["id"], id, "ids stay");

    // The program answers from the folder; the library does so in this process.
    let desk = tokio::task::spawn_blocking(move || Desk::with(MockZoho::builder().replay(&out).unwrap()));
    let desk = desk.await.unwrap();
    let answers = tokio::task::spawn_blocking(move || {
        let count = |reply: super::support::Reply| reply.json()["data"].as_array().map_or(0, Vec::len);
        let pages = [(); 3].map(|()| count(desk.call(Method::GET, list, "")));
        let found = desk.call(
            Method::GET,
            "/crm/v8/Leads/search?email=somebody@else.example",
            "",
        );
        let other = desk.call(Method::GET, "/crm/v8/Leads?fields=Last_Name", "");
        let nothing = desk.call(Method::GET, "/crm/v8/Contacts?fields=Last_Name", "");
        let counted = desk.zoho.journal().count("list_records");
        (pages, found.status.as_u16(), other, nothing, counted)
    });
    let (pages, found, other, nothing, counted) = answers.await.unwrap();
    assert_eq!(pages, [1, 2, 2], "answers come in turn, and the last one stays");
    assert_eq!(found, 200, "masked values count for the same");
    for (reply, said) in [
        (other, "with this query"),
        (nothing, "nothing was recorded for GET /crm/v8/Contacts"),
    ] {
        assert_eq!(reply.status, 501);
        assert_eq!(reply.json()["code"], "NOT_RECORDED");
        assert!(
            reply.json()["message"].as_str().unwrap().contains(said),
            "{:?}",
            reply.json()
        );
    }
    assert_eq!(counted, 5, "what is replayed is in the journal");
}

#[test]
fn a_folder_that_cannot_be_answered_from_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = MockZoho::builder().replay(folder.path()).unwrap_err().to_string();
    assert!(empty.ends_with("holds no recordings"), "{empty}");
    std::fs::write(
        folder.path().join("000001-crm-x.json"),
        "{\"format\": 1, \"product\": 7}",
    )
    .unwrap();
    let broken = MockZoho::builder().replay(folder.path()).unwrap_err().to_string();
    assert!(
        broken.contains("000001-crm-x.json") && broken.contains("at $.product"),
        "{broken}"
    );
}
