//! Criteria on what the recycle bin holds.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::schema::ModuleIndex;
use crate::crm::store::Binned;
use crate::crm::{CrmWorld, refuse, time};

const FIELDS: &[&str] = &[
    "id",
    "display_name",
    "module",
    "deleted_by",
    "owner",
    "deleted_time",
];
/// Criteria may be nested so deep.
const DEPTH: usize = 10;

/// Conditions, all or one of which must hold.
#[derive(Clone, Debug)]
pub(super) enum Filters {
    All(Vec<Filters>),
    Any(Vec<Filters>),
    One {
        field: String,
        comparator: String,
        values: Vec<String>,
    },
}

impl Filters {
    /// No condition.
    pub(super) fn none() -> Self {
        Self::All(Vec::new())
    }

    /// The records of these ids.
    pub(super) fn ids<const N: usize>(ids: [u64; N]) -> Self {
        Self::One {
            field: "id".to_owned(),
            comparator: "in".to_owned(),
            values: ids.iter().map(u64::to_string).collect(),
        }
    }

    /// The `filters` parameter: criteria as JSON.
    pub(super) fn of_query(call: &Call<'_>) -> Result<Self, Refusal> {
        let Some(text) = call.query("filters").filter(|text| !text.is_empty()) else {
            return Ok(Self::none());
        };
        let criteria = serde_json::from_str(text).ok();
        criteria
            .and_then(|criteria| Self::read(&criteria))
            .ok_or_else(|| refuse::bad("INVALID_DATA", "invalid data", json!({"param_name": "filters"})))
    }

    /// Criteria of a body; `None` when they are none that the bin knows.
    pub(super) fn read(criteria: &Value) -> Option<Self> {
        Self::nested(criteria, DEPTH)
    }

    fn nested(criteria: &Value, depth: usize) -> Option<Self> {
        if let Some(group) = criteria.get("group").and_then(Value::as_array) {
            let depth = depth.checked_sub(1)?;
            let parts: Option<Vec<Self>> = group.iter().map(|part| Self::nested(part, depth)).collect();
            return match criteria.get("group_operator")?.as_str()?.to_lowercase().as_str() {
                "and" => parts.map(Self::All),
                "or" => parts.map(Self::Any),
                _ => None,
            };
        }
        let field = criteria.get("field")?.get("api_name")?.as_str()?.to_lowercase();
        let comparator = criteria.get("comparator")?.as_str()?.to_lowercase();
        let values: Option<Vec<String>> = match criteria.get("value")? {
            Value::Array(values) => values.iter().map(text).collect(),
            value => text(value).map(|value| vec![value]),
        };
        let values = values?;
        let enough = match comparator.as_str() {
            "equal" | "not_equal" | "in" | "contains" | "starts_with" => !values.is_empty(),
            "greater_than" | "greater_equal" | "less_than" | "less_equal" => values.len() == 1,
            "between" => values.len() == 2,
            _ => false,
        };
        (enough && FIELDS.contains(&field.as_str())).then_some(Self::One {
            field,
            comparator,
            values,
        })
    }

    /// Whether a deleted record is let through.
    pub(super) fn pass(&self, crm: &CrmWorld, index: ModuleIndex, binned: &Binned) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.pass(crm, index, binned)),
            Self::Any(parts) => parts.iter().any(|part| part.pass(crm, index, binned)),
            Self::One {
                field,
                comparator,
                values,
            } => {
                let own = match field.as_str() {
                    "id" => binned.row.id.to_string(),
                    "display_name" => binned.name.as_deref().unwrap_or_default().to_owned(),
                    "module" => crm
                        .schema
                        .module(index)
                        .map_or("", |module| module.api_name)
                        .to_owned(),
                    "deleted_by" => binned.by.to_string(),
                    "owner" => binned.row.owner.to_string(),
                    _ => crm.zone.text(binned.at),
                };
                holds(&own, comparator, values)
            }
        }
    }
}

/// A value as text; of a reference the id or the API name.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => text(object.get("id").or_else(|| object.get("api_name"))?),
        _ => None,
    }
}

fn holds(own: &str, comparator: &str, values: &[String]) -> bool {
    let against = |at: usize| values.get(at).map(|value| compared(own, value));
    let among = || values.iter().any(|value| compared(own, value).is_eq());
    let folded = own.to_lowercase();
    match comparator {
        "equal" | "in" => among(),
        "not_equal" => !among(),
        "contains" => values.iter().any(|value| folded.contains(&value.to_lowercase())),
        "starts_with" => values
            .iter()
            .any(|value| folded.starts_with(&value.to_lowercase())),
        "greater_than" => against(0).is_some_and(Ordering::is_gt),
        "greater_equal" => against(0).is_some_and(Ordering::is_ge),
        "less_than" => against(0).is_some_and(Ordering::is_lt),
        "less_equal" => against(0).is_some_and(Ordering::is_le),
        _ => against(0).is_some_and(Ordering::is_ge) && against(1).is_some_and(Ordering::is_le),
    }
}

/// Instants compare as instants, numbers as numbers, all else as text.
fn compared(own: &str, value: &str) -> Ordering {
    let instants = time::parse_instant(own).zip(time::parse_instant(value));
    let numbers = || own.parse::<u64>().ok().zip(value.parse::<u64>().ok());
    match (instants, numbers()) {
        (Some((own, value)), _) => own.cmp(&value),
        (None, Some((own, value))) => own.cmp(&value),
        _ => own.cmp(value),
    }
}
