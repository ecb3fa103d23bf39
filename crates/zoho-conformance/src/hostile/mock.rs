//! What the mock reads of a request, through its front door.

use std::cell::RefCell;

use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use zoho_mock::MockZoho;

/// Requests after which the world is a new one.
const LIFE: usize = 2_000;

struct Desk {
    runtime: Runtime,
    mock: MockZoho,
    token: String,
    asked: usize,
}

impl Desk {
    fn new() -> Self {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a current-thread runtime needs nothing of the system");
        let mock = {
            let _time = runtime.enter();
            let world = MockZoho::builder()
                .crm_credits(u32::MAX)
                .books_per_minute(None)
                .books_per_day(u32::MAX);
            world.records("Leads", 30).expect("there are leads").in_process()
        };
        let mut desk = Self {
            runtime,
            mock,
            token: String::new(),
            asked: 0,
        };
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            desk.mock.client_id(),
            desk.mock.client_secret(),
            desk.mock.refresh_token()
        );
        let (_, answer) = desk.send(Request::post("http://localhost/oauth/v2/token").body(form.into_bytes()));
        desk.token = answer["access_token"]
            .as_str()
            .expect("a token is given")
            .to_owned();
        desk
    }

    /// Sends a request and checks what must hold of every answer; nought and nothing where it can be no request, as with
    /// an address of more than 64 KB.
    fn send(&mut self, request: http::Result<Request<Vec<u8>>>) -> (u16, Value) {
        let Ok(request) = request else {
            return (0, Value::Null);
        };
        self.asked += 1;
        let service = self.mock.service();
        self.runtime.block_on(async {
            let answer = service
                .oneshot(request.map(|body| http_body_util::Full::new(bytes::Bytes::from(body))))
                .await
                .expect("nothing was scripted to break");
            let status = answer.status().as_u16();
            let body = answer
                .into_body()
                .collect()
                .await
                .expect("a body comes whole")
                .to_bytes();
            assert!(status < 500, "{status}: {}", String::from_utf8_lossy(&body));
            (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
        })
    }

    fn call(&mut self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://localhost{path}"))
            .header("authorization", format!("Zoho-oauthtoken {}", self.token))
            .header("content-type", kind)
            .body(body);
        self.send(request)
    }
}

thread_local! {
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

fn at_desk(work: impl FnOnce(&mut Desk)) {
    DESK.with_borrow_mut(|desk| {
        if desk.as_ref().is_some_and(|desk| desk.asked >= LIFE) {
            *desk = None;
        }
        work(desk.get_or_insert_with(Desk::new));
    });
}

fn parameter(name: &str, value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, &text)
        .finish()
}

/// A query.
pub(super) fn coql(input: &[u8]) {
    let body = json!({"select_query": String::from_utf8_lossy(input)});
    at_desk(|desk| {
        let (status, answer) = desk.call(
            "POST",
            "/crm/v8/coql",
            "application/json",
            body.to_string().into_bytes(),
        );
        assert!(
            status != 400 || answer["code"].is_string(),
            "a refusal without a code: {answer}"
        );
    });
}

/// The criteria of a search.
pub(super) fn criteria(input: &[u8]) {
    let path = format!("/crm/v8/Leads/search?{}", parameter("criteria", input));
    at_desk(|desk| {
        desk.call("GET", &path, "application/json", Vec::new());
    });
}

/// The token of a page.
pub(super) fn page_token(input: &[u8]) {
    let path = format!("/crm/v8/Leads?fields=id&{}", parameter("page_token", input));
    at_desk(|desk| {
        let (status, answer) = desk.call("GET", &path, "application/json", Vec::new());
        assert!(
            input.is_empty() || [0, 400].contains(&status),
            "a token of nobody's was taken with {status}: {answer}"
        );
    });
}

/// The first line is the boundary, or what stands in its place; the rest is the form.
pub(super) fn multipart(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (boundary, form) = input.split_at(end);
    let kind = format!(
        "multipart/form-data; boundary={}",
        String::from_utf8_lossy(boundary)
    );
    let form = form.get(1..).unwrap_or_default().to_vec();
    at_desk(|desk| {
        desk.call("POST", "/crm/v8/files", &kind, form.clone());
        desk.call(
            "POST",
            "/books/v3/invoices/1/attachment?organization_id=10234695",
            &kind,
            form,
        );
    });
}
