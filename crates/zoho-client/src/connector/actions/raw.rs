//! Raw requests to CRM and Books.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use super::books;
use crate::connector::action::Action;
use crate::connector::input::{CONNECTION, Default, Input, Kind};
use crate::connector::inputs::{self, Inputs};
use crate::error::{Error, Result};
use crate::pipeline::operation::Product;
use crate::pipeline::retry::RetryPolicy;
use crate::raw::{RawReply, RawRequest};
use crate::zoho::Zoho;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

const METHOD: Input = Input::new("method", "Method", Kind::Choice(METHODS), "The HTTP method.").required();

const DATA: Input = Input::new(
    "data",
    "Data",
    Kind::Json,
    "The body of the request: JSON, or a text that is sent as it is.",
);

const FORM_DATA: Input = Input::new(
    "form_data",
    "Form Data",
    Kind::Texts,
    "Fields of a multipart form, by name. It takes the place of data.",
);

const FILE_DATA: Input = Input::new(
    "file_data",
    "File Data",
    Kind::Files,
    "Files of a multipart form, by name. It takes the place of data.",
);

const FILE_NAMES: Input = Input::new(
    "file_data_file_names",
    "File Data File Names",
    Kind::Texts,
    "What the files are called, by the names that they have in file_data.",
);

const QUERY: Input = Input::new(
    "query_params",
    "Query Parameter",
    Kind::Texts,
    "Parameters behind the path, by name.",
);

const HEADERS: Input = Input::new(
    "headers",
    "Header",
    Kind::Texts,
    "Headers, by name. Authorization is the connection's own affair.",
);

const RESPONSE_TYPE: Input = Input::new(
    "response_type",
    "Response Type",
    Kind::Choice(&["json", "text", "binary"]),
    "What the body of the answer is taken for.",
)
.or(Default::Text("json"));

const TIMEOUT: Input = Input::new(
    "timeout",
    "Timeout",
    Kind::Integer(1, 86_400_000),
    "How many milliseconds one attempt may take. Without it, the connection's own limit holds.",
);

const RETRY_DELAY: Input = Input::new(
    "retry_delay_ms",
    "Retry Delay (ms)",
    Kind::Integer(0, 86_400_000),
    "How many milliseconds lie between two attempts. Exponential backoff has gaps of its own, and a Retry-After of \
     Zoho's wins over both.",
)
.or(Default::Integer(0));

const RETRY_ALL: Input = Input::new(
    "retry_on_all_errors",
    "Retry On All Errors",
    Kind::Boolean,
    "Whether refusals and redirects are tried again too. Else only answers of 5xx, broken connections, timeouts and 429 \
     are.",
)
.or_false();

const MAX_RETRIES: Input = Input::new(
    "max_retry_count",
    "Max Retry Count",
    Kind::Integer(0, 100),
    "How often the request is tried again, whatever its method: a write whose answer was lost may then be carried out \
     twice. 0 tries once.",
)
.or(Default::Integer(0));

const BACKOFF: Input = Input::new(
    "use_exponential_backoff",
    "Use Exponential Backoff",
    Kind::Boolean,
    "Whether the gaps between attempts double, from half a second on. Then the retry delay does not count.",
)
.or_false();

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "books_raw_request",
        "Books - Raw Request",
        Product::Books,
        &[
            CONNECTION,
            Input::new(
                "url",
                "URL",
                Kind::Text,
                "The path below https://www.zohoapis.{domain}/books/v3, such as /organizations.",
            )
            .required(),
            METHOD,
            DATA,
            FORM_DATA,
            FILE_DATA,
            FILE_NAMES,
            QUERY,
            HEADERS,
            RESPONSE_TYPE,
            TIMEOUT,
            RETRY_DELAY,
            RETRY_ALL,
            MAX_RETRIES,
            BACKOFF,
            books::ORGANIZATION,
        ],
        to_books,
    )
    .says("Sends a request of your own to Zoho Books.", ANSWER),
    Action::new(
        "crm_raw_request",
        "CRM - Raw Request",
        Product::Crm,
        &[
            CONNECTION,
            Input::new(
                "url",
                "URL",
                Kind::Text,
                "The path below https://www.zohoapis.{domain}/crm/v8, such as /Leads/1234567890/actions/convert.",
            )
            .required(),
            METHOD,
            DATA,
            FORM_DATA,
            FILE_DATA,
            FILE_NAMES,
            QUERY,
            HEADERS,
            RESPONSE_TYPE,
            TIMEOUT,
            RETRY_DELAY,
            RETRY_ALL,
            MAX_RETRIES,
            BACKOFF,
        ],
        to_crm,
    )
    .says("Sends a request of your own to Zoho CRM.", ANSWER),
];

const ANSWER: &str = "status, headers, and the body as the response type says: JSON, a text, or a file.";

fn to_crm(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let request = zoho.crm().raw(method(&inputs), inputs.text("url"));
        send(request, &inputs).await
    }
    .boxed()
}

fn to_books(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let path = inputs.text("url");
        let discovery = path == "/organizations" || path.starts_with("/organizations?");
        // What lists the organizations needs none.
        let books = match (discovery, inputs.given("organization_id")) {
            (true, None) => zoho.books(crate::books::OrganizationId::new("")),
            _ => books::books(zoho, &inputs).await?,
        };
        send(books.raw(method(&inputs), path), &inputs).await
    }
    .boxed()
}

fn method(inputs: &Inputs) -> Method {
    inputs.text("method").parse().unwrap_or(Method::GET)
}

/// The request with all that the inputs say of it.
async fn send(mut request: RawRequest, inputs: &Inputs) -> Result<Value> {
    for (name, value) in texts(inputs, "query_params") {
        request = request.query(name, value);
    }
    let headers = texts(inputs, "headers");
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    let (fields, files) = (texts(inputs, "form_data"), inputs.files("file_data"));
    match inputs.json("data") {
        Some(_) if !fields.is_empty() || !files.is_empty() => {
            return Err(Error::config(
                "`data` and a form exclude each other: give one of them",
            ));
        }
        Some(Value::String(text)) => {
            let kind = headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let kind = kind.map_or("text/plain;charset=UTF-8", |(_, kind)| kind.as_str());
            request = request.body(kind, text.clone());
        }
        Some(data) => request = request.json(data),
        None => {}
    }
    for (name, value) in fields {
        request = request.form_field(&name, value);
    }
    let names = texts(inputs, "file_data_file_names");
    if let Some((name, _)) = names
        .iter()
        .find(|(name, _)| !files.iter().any(|(known, _)| known == name))
    {
        let shown: String = name.chars().take(60).collect();
        return Err(Error::config(format!(
            "`file_data_file_names` names `{}`, which is none of the files",
            shown.escape_debug()
        )));
    }
    for (name, content) in files {
        let file_name = names.iter().find(|(known, _)| *known == name);
        request = request.file(
            &name,
            file_name.map_or(name.as_str(), |(_, file_name)| file_name),
            content,
        );
    }
    if let Some(limit) = inputs
        .integer("timeout")
        .and_then(|limit| u64::try_from(limit).ok())
    {
        request = request.timeout(Duration::from_millis(limit));
    }
    let request = request.retry(policy(inputs));
    let reply = request.send().await?;
    answer(&reply, inputs.text("response_type"))
}

/// The retries that the inputs ask for, and no bound on their time.
fn policy(inputs: &Inputs) -> RetryPolicy {
    let retries = inputs.count("max_retry_count");
    let policy = if inputs.flag("use_exponential_backoff") {
        RetryPolicy::exponential(retries)
    } else {
        RetryPolicy::fixed(
            retries,
            Duration::from_millis(inputs.count("retry_delay_ms").into()),
        )
    };
    let policy = policy.time_limit(Duration::MAX);
    if inputs.flag("retry_on_all_errors") {
        policy.on_all_errors()
    } else {
        policy
    }
}

fn texts(inputs: &Inputs, key: &str) -> Vec<(String, String)> {
    let pairs = inputs.fields(key).into_iter();
    pairs
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

fn answer(reply: &RawReply, kind: &str) -> Result<Value> {
    let body = match kind {
        "text" => Value::from(reply.text().into_owned()),
        "binary" => {
            let kind = reply
                .headers()
                .get(CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok());
            inputs::file(reply.bytes(), kind)
        }
        _ if reply.bytes().is_empty() => Value::Null,
        _ => reply.json()?,
    };
    Ok(json!({"status": reply.status().as_u16(), "headers": headers(reply.headers()), "body": body}))
}

/// The headers by name. Of several with one name, all values with commas between.
fn headers(headers: &HeaderMap) -> Value {
    let mut out = Map::new();
    for name in headers.keys() {
        let values: Vec<String> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        out.insert(name.to_string(), values.join(", ").into());
    }
    Value::Object(out)
}
