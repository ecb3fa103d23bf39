//! Query parameters and headers that several record operations read.

use std::sync::Arc;

use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::ids;
use crate::crm::refuse;
use crate::crm::render::{Selection, Selections};
use crate::crm::schema::{Module, ModuleIndex};
use crate::crm::store::{Order, Row, SortKey};
use crate::crm::time;

/// How many fields one call may ask for.
const FIELDS: usize = 50;

/// The mandatory `fields` of a list.
pub(crate) fn fields(call: &Call<'_>, module: &Module) -> Result<Selection, Refusal> {
    optional_fields(call, module)?.ok_or_else(|| refuse::required_param("fields"))
}

/// The same, from those that are kept or kept from then on.
pub(crate) fn kept_fields(
    call: &Call<'_>,
    (index, module): (ModuleIndex, &Module),
    kept: &mut Selections,
) -> Result<Arc<Selection>, Refusal> {
    let list = listed(call)?.ok_or_else(|| refuse::required_param("fields"))?;
    Ok(kept.of(index, module, list))
}

/// The `fields` of a read, where everything is the default.
pub(crate) fn optional_fields(call: &Call<'_>, module: &Module) -> Result<Option<Selection>, Refusal> {
    Ok(listed(call)?.map(|list| Selection::of(module, list)))
}

/// The names in `fields`, if there are any and not too many.
fn listed<'a>(call: &'a Call<'_>) -> Result<Option<&'a str>, Refusal> {
    let Some(list) = call.query("fields").filter(|list| !list.trim().is_empty()) else {
        return Ok(None);
    };
    // Hardly any list needs to be counted name by name.
    let commas = list.bytes().filter(|byte| *byte == b',').count();
    if commas >= FIELDS && list.split(',').filter(|name| !name.trim().is_empty()).count() > FIELDS {
        return Err(refuse::param_limit("fields", FIELDS));
    }
    Ok(Some(list))
}

/// `page`: 1 when absent.
pub(crate) fn page_number(call: &Call<'_>) -> Result<usize, Refusal> {
    positive(call, "page", 1)
}

/// `per_page`: at most and by default 200.
pub(crate) fn page_size(call: &Call<'_>) -> Result<usize, Refusal> {
    const MOST: usize = 200;
    match positive(call, "per_page", MOST)? {
        size if size > MOST => Err(refuse::param_limit("per_page", MOST)),
        size => Ok(size),
    }
}

fn positive(call: &Call<'_>, name: &str, default: usize) -> Result<usize, Refusal> {
    match call.query(name).map(str::trim) {
        None | Some("") => Ok(default),
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(refuse::pattern(name)),
        },
    }
}

/// `sort_by` and `sort_order`: the newest id first when absent.
pub(crate) fn order(call: &Call<'_>) -> Result<Order, Refusal> {
    let key = match call.query("sort_by") {
        None | Some("" | "id") => SortKey::Id,
        Some("Created_Time") => SortKey::Created,
        Some("Modified_Time") => SortKey::Modified,
        Some(_) => {
            return Err(refuse::unsupported_value(
                "sort_by",
                &["id", "Created_Time", "Modified_Time"],
            ));
        }
    };
    let descending = match call.query("sort_order") {
        None | Some("" | "desc") => true,
        Some("asc") => false,
        Some(_) => return Err(refuse::unsupported_value("sort_order", &["asc", "desc"])),
    };
    Ok(Order { key, descending })
}

/// The name that `info` shows for an order.
pub(crate) fn order_names(order: Order) -> (&'static str, &'static str) {
    let key = match order.key {
        SortKey::Id => "id",
        SortKey::Created => "Created_Time",
        SortKey::Modified => "Modified_Time",
    };
    (key, if order.descending { "desc" } else { "asc" })
}

/// `If-Modified-Since`: rows count as modified when they were so **after** this instant. Zoho's words
/// leave the boundary open; after is the reading under which a caller who sends the instant of the
/// last row does not get that row again. A value that is no instant is passed over.
pub(crate) fn modified_since(call: &Call<'_>) -> Option<i64> {
    call.header("if-modified-since")
        .and_then(time::parse_header_instant)
}

/// `If-Unmodified-Since`: a row that was modified after this instant is not written.
pub(crate) fn unmodified_since(call: &Call<'_>) -> Option<i64> {
    call.header("if-unmodified-since")
        .and_then(time::parse_header_instant)
}

/// Which leads are seen: those not converted, unless the caller asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Converted {
    Hidden,
    Only,
    Both,
}

impl Converted {
    /// The `converted` parameter.
    pub(crate) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        match call.query("converted") {
            None | Some("" | "false") => Ok(Self::Hidden),
            Some("true") => Ok(Self::Only),
            Some("both") => Ok(Self::Both),
            Some(_) => Err(refuse::unsupported_value("converted", &["false", "true", "both"])),
        }
    }

    /// Whether a row is seen.
    pub(crate) fn shows(self, row: &Row) -> bool {
        match self {
            Self::Hidden => !row.converted,
            Self::Only => row.converted,
            Self::Both => true,
        }
    }
}

/// A text that should be an id, and the id if it is one.
pub(crate) type Named = (String, Option<u64>);

/// `ids`: at most 100; texts that are no ids stay as they came, for the outcome to name.
pub(crate) fn id_list(call: &Call<'_>) -> Result<Option<Vec<Named>>, Refusal> {
    const MOST: usize = 100;
    let Some(list) = call.query("ids").filter(|list| !list.trim().is_empty()) else {
        return Ok(None);
    };
    let list: Vec<_> = list
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| (text.to_owned(), ids::parse(text)))
        .collect();
    if list.len() > MOST {
        return Err(refuse::param_limit("ids", MOST));
    }
    Ok(Some(list))
}
