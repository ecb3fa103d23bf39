//! Any JSON through the type of an operation's reply and back, and what that cost.

use std::fmt;
use std::sync::OnceLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zoho_spec::{Operation, Product, Reply, Spec};

use crate::compare;
use crate::generated::{books, crm};

/// Decodes bytes as one type and encodes them again.
pub(crate) type Decoder = fn(&[u8]) -> Result<Value, String>;

/// The decoder of `T`: the client's own way from bytes to a type.
pub(crate) fn through<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<Value, String> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let typed: T = serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    serde_json::to_value(typed).map_err(|error| format!("encoding: {error}"))
}

/// What kind of body an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// JSON.
    Json,
    /// Bytes, which are handed on as they come.
    Binary,
    /// No body: 204, or 304.
    Empty,
}

/// What became of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `crm.` or `books.` and the operation's id.
    pub operation: String,
    /// Whether the body decoded.
    pub ok: bool,
    /// Why it did not.
    pub error: Option<String>,
    /// JSON paths of values that did not survive, or that came out of nothing.
    pub lost: Vec<String>,
    /// How many fields of the body are not described.
    pub unknown: usize,
    /// The kind of body that was looked at.
    pub body: Kind,
}

impl fmt::Display for Report {
    /// One line of JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

/// The shipped description of a product, loaded once.
///
/// # Panics
/// When the shipped description breaks one of its own rules.
pub fn spec(product: Product) -> &'static Spec {
    static SPECS: [OnceLock<Spec>; 2] = [OnceLock::new(), OnceLock::new()];
    let [crm, books] = &SPECS;
    let cell = match product {
        Product::Crm => crm,
        Product::Books => books,
    };
    cell.get_or_init(|| Spec::load(product).unwrap_or_else(|violations| panic!("{violations}")))
}

/// All operations with their full names, sorted within each product.
pub fn operations() -> impl Iterator<Item = (String, &'static Operation)> {
    Product::ALL.into_iter().flat_map(|product| {
        let mut operations: Vec<&Operation> = spec(product).operations().iter().collect();
        operations.sort_by(|a, b| a.id.cmp(&b.id));
        operations
            .into_iter()
            .map(move |operation| (format!("{}.{}", product.name(), operation.id), operation))
    })
}

/// The operation of a full name.
fn find(name: &str) -> Option<&'static Operation> {
    let (product, id) = name.split_once('.')?;
    let product = Product::ALL.into_iter().find(|known| known.name() == product)?;
    spec(product).operation(id)
}

/// The decoder of a component.
///
/// # Panics
/// When no reply is made of that component.
fn decoder(product: Product, schema: &str) -> Decoder {
    let table = match product {
        Product::Crm => crm::DECODERS,
        Product::Books => books::DECODERS,
    };
    let at = table.binary_search_by_key(&schema, |(name, _)| name);
    let row = at.ok().and_then(|at| table.get(at));
    row.map(|(_, decoder)| *decoder)
        .expect("cargo xtask codegen writes a row for every reply")
}

/// Decodes the body of an answer with the type of the operation, encodes it, and compares.
///
/// ```
/// use zoho_conformance::decode::decode;
///
/// let report = decode("crm.list_currencies", br#"{"currencies":[{"id":"1","name":null,"new":1}]}"#);
/// assert!(report.ok && report.lost.is_empty());
/// assert_eq!(report.unknown, 1);
/// ```
pub fn decode(name: &str, body: &[u8]) -> Report {
    let mut report = Report {
        operation: name.to_owned(),
        ok: false,
        error: None,
        lost: Vec::new(),
        unknown: 0,
        body: Kind::Json,
    };
    let Some(operation) = find(name) else {
        report.error = Some("there is no such operation; --list names all".to_owned());
        return report;
    };
    let blank = body.iter().all(u8::is_ascii_whitespace);
    match &operation.reply {
        Reply::Binary { .. } => {
            (report.ok, report.body) = (true, Kind::Binary);
        }
        Reply::Empty => {
            (report.ok, report.body) = (blank, Kind::Empty);
            report.error = (!blank).then(|| "the operation answers without a body".to_owned());
        }
        Reply::Json { .. } if blank && operation.success.iter().any(|status| [204, 304].contains(status)) => {
            (report.ok, report.body) = (true, Kind::Empty);
        }
        Reply::Json { schema } => json(operation, schema, body, &mut report),
    }
    report
}

fn json(operation: &Operation, schema: &str, body: &[u8], report: &mut Report) {
    match decoder(operation.product, schema)(body) {
        Err(error) => report.error = Some(error),
        Ok(encoded) => {
            report.ok = true;
            // It was read once already.
            let original: Value = serde_json::from_slice(body).unwrap_or_default();
            report.lost = compare::lost(&original, &encoded);
            report.unknown = compare::unknown(spec(operation.product), schema, &original);
        }
    }
}
