//! What the mock reads of a request, through its front door.

use std::cell::RefCell;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::desk::Desk;

/// Requests after which the world is a new one.
const LIFE: usize = 2_000;

const JSON: &str = "application/json";

/// A desk, and how much was asked there.
struct Used(Desk, usize);

impl Used {
    /// Sends a request and checks what must hold of every answer; nought and nothing where it can be no request.
    fn call(&mut self, method: &str, path: &str, kind: &str, body: impl Into<Bytes>) -> (u16, Value) {
        self.1 += 1;
        let Ok(answer) = self.0.ask(method, path, Some(kind), body.into()) else {
            return (0, Value::Null);
        };
        let status = answer.status;
        assert!(
            status < 500,
            "{status}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        (status, answer.json())
    }
}

thread_local! {
    static DESK: RefCell<Option<Used>> = const { RefCell::new(None) };
}

fn at_desk(work: impl FnOnce(&mut Used)) {
    DESK.with_borrow_mut(|desk| {
        if desk.as_ref().is_some_and(|Used(_, asked)| *asked >= LIFE) {
            *desk = None;
        }
        let fresh = || Desk::new(|world| world.records("Leads", 30).expect("there are leads"));
        work(desk.get_or_insert_with(|| Used(fresh(), 0)));
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
        let (status, answer) = desk.call("POST", "/crm/v8/coql", JSON, body.to_string());
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
        desk.call("GET", &path, JSON, "");
    });
}

/// The token of a page.
pub(super) fn page_token(input: &[u8]) {
    let path = format!("/crm/v8/Leads?fields=id&{}", parameter("page_token", input));
    at_desk(|desk| {
        let (status, answer) = desk.call("GET", &path, JSON, "");
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
