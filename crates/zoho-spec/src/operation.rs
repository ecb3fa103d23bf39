//! An operation of Zoho's, as the generators, the mock and the proofs want to know it.

pub(crate) mod facets;
mod read;

use std::path::PathBuf;

use serde_json::Value;

use crate::product::{Base, Product};
use crate::record::RecordType;

pub(crate) use read::{base, read};

/// One operation: a method of a path, with everything that the normal form says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Name, unique within the product, such as `list_records`.
    pub id: String,
    /// Product that the operation belongs to.
    pub product: Product,
    /// HTTP method.
    pub method: Method,
    /// What stands in front of the path.
    pub base: Base,
    /// Path template under the base, such as `/{module}`.
    pub path: String,
    /// Path template under the host, such as `/crm/v8/{module}`.
    pub full_path: String,
    /// Resource: module, file and cargo feature (with `-` for `_`).
    pub tag: String,
    /// One line that says what it does.
    pub summary: String,
    /// Zoho's page about it.
    pub docs: Option<String>,
    /// Scopes that allow it: alternatives, each a set of which all are needed.
    pub scopes: Vec<Vec<String>>,
    /// Every status that means success, 304 included, ascending.
    pub success: Vec<u16>,
    /// What a call costs.
    pub credits: Credits,
    /// How its list goes on, for a list that does.
    pub paging: Option<Paging>,
    /// Whether sending it twice does what sending it once does.
    pub idempotent: bool,
    /// Envelope key whose items carry one outcome each, for a batch write.
    pub batch: Option<String>,
    /// Where the facts come from.
    pub evidence: Evidence,
    /// Whether Zoho's own descriptions have it; otherwise it is known from pages and clients.
    pub published: bool,
    /// Whether Books wants to know the organization; false for CRM.
    pub organization: bool,
    /// Path, query and header parameters, the path item's first.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub request: Body,
    /// What comes back on success.
    pub reply: Reply,
    /// The record type whose list this is, in Books.
    pub record: Option<RecordType>,
    /// Where it is described; the file is relative to the folder of descriptions.
    pub location: Location,
}

/// HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// Name as HTTP writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// API credits that a call costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credits {
    /// The same for every call.
    Fixed(u32),
    /// One for each so many items of the batch, rounded up.
    PerItems(u32),
    /// By the rows asked for: (at most so many rows, so many credits), ascending.
    ByRows(Vec<(u32, u32)>),
    /// `base`, or `credits` as soon as `parameter` is sent.
    With {
        /// Credits without the parameter.
        base: u32,
        /// Query parameter that changes the price.
        parameter: String,
        /// Credits with it.
        credits: u32,
    },
}

/// How a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// What the caller sends for the next page, and what tells that there is one.
    pub style: PagingStyle,
    /// Key of the reply that holds the rows.
    pub items: String,
}

/// Ways in which Zoho pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PagingStyle {
    /// CRM lists: `page` up to row 2,000, `page_token` beyond, `info.more_records`.
    Token,
    /// CRM lists without token: `page` and `info.more_records`.
    Page,
    /// COQL: limit and offset in the query itself, `info.more_records`.
    Query,
    /// Books: `page` and `page_context.has_more_page`.
    Context,
}

/// Where the facts of an operation come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Zoho's documentation says so.
    Documented,
    /// Seen in recorded traffic.
    Recorded,
    /// Follows from a general rule (scopes, credits) or from a sibling.
    Inferred,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Where it is sent.
    pub location: ParameterLocation,
    /// Whether Zoho refuses a call without it.
    pub required: bool,
    /// Its schema, with references resolved: a scalar.
    pub schema: Value,
    /// What it does, in our words.
    pub description: Option<String>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterLocation {
    /// In the path template.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
}

/// What an operation sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json {
        /// Name of the component that describes it.
        schema: String,
        /// Whether a call without a body is refused.
        required: bool,
    },
    /// Parts of a `multipart/form-data` body.
    Multipart {
        /// The parts, in the order of the description.
        parts: Vec<Part>,
    },
    /// Fields of an `application/x-www-form-urlencoded` body.
    Form {
        /// The fields, in the order of the description.
        parts: Vec<Part>,
    },
}

/// A part of a multipart body, or a field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name on the wire.
    pub name: String,
    /// Whether Zoho refuses a call without it.
    pub required: bool,
    /// Whether it is a file.
    pub file: bool,
    /// What it is, in our words.
    pub description: Option<String>,
}

/// What comes back on success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing.
    Empty,
    /// JSON.
    Json {
        /// Name of the component that describes it.
        schema: String,
    },
    /// Bytes.
    Binary {
        /// Content type as described; the server may name a narrower one.
        content_type: String,
    },
}

/// A place in a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// File, relative to the folder of descriptions.
    pub file: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
}
