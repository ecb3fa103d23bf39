//! The shape of the route table that `cargo xtask codegen` writes from `zoho-spec`.

/// The product an operation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Zoho CRM.
    Crm,
    /// Zoho Books.
    Books,
}

impl Product {
    /// Its short name: `crm` or `books`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Books => "books",
        }
    }
}

/// An HTTP method that Zoho's operations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a call costs of the daily credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credits {
    /// Always the same.
    Fixed(u32),
    /// One credit for every started group of so many items.
    PerItems(u32),
    /// By the number of rows asked for: (up to, credits).
    ByRows(&'static [(u32, u32)]),
    /// `base`, or `credits` when `parameter` is given.
    With {
        /// Cost without the parameter.
        base: u32,
        /// The query parameter that changes the cost.
        parameter: &'static str,
        /// Cost with the parameter.
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
    /// `page`/`per_page`, then `page_token` (CRM records).
    Token,
    /// `page`/`per_page` and `info.more_records`.
    Page,
    /// `limit`/`offset` in a query and `info.more_records` (COQL).
    Query,
    /// `page`/`per_page` and `page_context.has_more_page` (Books).
    Context,
}

/// What kind of body a request carries.
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

/// What kind of body a successful reply carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// None.
    Empty,
    /// JSON.
    Json,
    /// Bytes.
    Binary,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// A header.
    Header,
}

/// The type of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A record id: a string of digits.
    Id,
    /// An instant with offset.
    DateTime,
    /// A calendar date.
    Date,
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// Whether Zoho refuses the call without it.
    pub required: bool,
    /// Its type.
    pub kind: Kind,
    /// Known values of an open set; empty when any value will do.
    pub values: &'static [&'static str],
}

/// One operation of Zoho's as the mock routes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The operation id.
    pub id: &'static str,
    /// The product.
    pub product: Product,
    /// The method.
    pub method: Method,
    /// The whole path, such as `/crm/v8/{module}`.
    pub path: &'static str,
    /// The resource.
    pub tag: &'static str,
    /// Alternatives of scopes that are needed together.
    pub scopes: &'static [&'static [&'static str]],
    /// What the call costs.
    pub credits: Credits,
    /// All documented success statuses.
    pub success: &'static [u16],
    /// How the list is paged.
    pub paging: Option<Paging>,
    /// The envelope key of a batch write.
    pub batch: Option<&'static str>,
    /// Whether the call belongs to one organization (Books).
    pub organization: bool,
    /// The parameters.
    pub parameters: &'static [Parameter],
    /// The request body.
    pub body: BodyKind,
    /// The reply body.
    pub reply: ReplyKind,
    /// The key that wraps the thing in the reply (Books).
    pub wrapper: Option<&'static str>,
    /// The component name of the request body.
    pub request_schema: Option<&'static str>,
    /// The component name of the reply body.
    pub reply_schema: Option<&'static str>,
}

/// How a Books record type supports `last_modified_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modified {
    /// Not at all.
    None,
    /// As a sort column.
    Sort,
    /// As a sort column and as a filter.
    Filter,
}

/// A record type of Zoho Books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordType {
    /// Its name, such as `contacts`.
    pub name: &'static str,
    /// The collection path, such as `/contacts`.
    pub path: &'static str,
    /// The key of one record.
    pub wrapper: &'static str,
    /// The key of a list.
    pub list: &'static str,
    /// The id field.
    pub id: &'static str,
    /// Record types it can live under.
    pub parents: &'static [&'static str],
    /// Support for `last_modified_time`.
    pub modified: Modified,
}

/// A data centre of Zoho's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionRow {
    /// The location code, such as `us`.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// The accounts host.
    pub accounts: &'static str,
    /// The API host.
    pub api: &'static str,
    /// The CRM sandbox host.
    pub sandbox: &'static str,
    /// The CRM developer host.
    pub developer: &'static str,
    /// The content (upload) host.
    pub upload: &'static str,
}
