//! The table of Zoho's operations: its types here, its rows in `generated/`.

use http::Method;

/// A Zoho product that this crate speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    /// Zoho CRM.
    Crm,
    /// Zoho Books.
    Books,
}

impl Product {
    /// Where its operations stand, unless the table says otherwise.
    pub(crate) fn base(self) -> Base {
        let prefix = match self {
            Self::Crm => "/crm",
            Self::Books => "/books",
        };
        Base {
            host: Host::Api,
            prefix,
        }
    }
}

/// Which host of the region answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The host of the API.
    Api,
    /// The host that takes bulk uploads.
    Upload,
}

/// What stands in front of an operation's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The host.
    pub host: Host,
    /// The path before the version, such as `/crm/bulk`.
    pub prefix: &'static str,
}

/// One operation of Zoho's.
#[derive(Debug)]
pub struct Operation {
    /// Its name, unique within the product.
    pub id: &'static str,
    /// The product.
    pub product: Product,
    /// What stands in front of its path.
    pub base: Base,
    /// The method.
    pub method: Method,
    /// The path template below the base, such as `/{module}`.
    pub path: &'static str,
    /// The resource it belongs to: module, file and cargo feature.
    pub resource: &'static str,
    /// All documented success statuses.
    pub success: &'static [u16],
    /// Alternatives of scopes that are needed together.
    pub scopes: &'static [&'static [&'static str]],
    /// What it costs of the daily credits.
    pub credits: Credits,
    /// How its list is paged.
    pub paging: Option<Paging>,
    /// Whether it is safe to send twice.
    pub idempotent: bool,
    /// The envelope key whose items carry an outcome each, on batch writes.
    pub batch: Option<&'static str>,
    /// Whether it belongs to one organization (Books).
    pub organization: bool,
    /// The kind of request body.
    pub body: BodyKind,
    /// The kind of reply body.
    pub reply: ReplyKind,
}

/// What an operation costs of the daily credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credits {
    /// Always the same.
    Fixed(u32),
    /// One credit for every started group of so many items.
    PerItems(u32),
    /// By the number of rows asked for: (up to, credits).
    ByRows(&'static [(u32, u32)]),
    /// `base`, or `credits` when the parameter is given.
    With {
        /// The cost without the parameter.
        base: u32,
        /// The query parameter that changes it.
        parameter: &'static str,
        /// The cost with the parameter.
        credits: u32,
    },
}

/// How a list is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The mechanism.
    pub style: PagingStyle,
    /// The key that holds the rows.
    pub items: &'static str,
}

/// A paging mechanism of Zoho's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// `page_token` (CRM records).
    Token,
    /// `page`/`per_page` with `info.more_records`.
    Page,
    /// `limit`/`offset` inside a query, with `info.more_records` (COQL).
    Query,
    /// `page`/`per_page` with `page_context.has_more_page` (Books).
    Context,
}

/// The kind of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// None.
    None,
    /// JSON.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// The kind of a successful reply's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// None.
    Empty,
    /// JSON.
    Json,
    /// Bytes.
    Binary,
}
