//! What `include_meta` adds to an answer: the selected fields as the settings describe them.

use serde_json::{Map, Value, json};

use super::plan::{Part, Plan, Shape};
use crate::answer::Refusal;
use crate::crm::CrmWorld;
use crate::crm::filter::{Leaf, Path};
use crate::crm::refuse;
use crate::crm::settings;

/// Whether fields are asked for.
pub(super) fn asked(body: &Map<String, Value>) -> Result<bool, Refusal> {
    let invalid = |details: Value| Err(refuse::bad("INVALID_DATA", "invalid data", details));
    let items = match body.get("include_meta") {
        None | Some(Value::Null) => return Ok(false),
        Some(Value::Array(items)) => items,
        Some(_) => {
            return invalid(
                json!({"expected_data_type": "jsonarray", "api_name": "include_meta",
                                  "json_path": "$.include_meta"}),
            );
        }
    };
    match items.iter().position(|item| item != "fields") {
        None => Ok(!items.is_empty()),
        Some(at) => invalid(json!({"supported_values": ["fields"], "api_name": "include_meta",
                                   "json_path": format!("$.include_meta[{at}]")})),
    }
}

/// The fields under the names of their columns; columns that are no fields are left out.
pub(super) fn fields(crm: &CrmWorld, plan: &Plan) -> Value {
    let fields: Map<String, Value> = match &plan.shape {
        Shape::Rows { columns, .. } => columns
            .iter()
            .filter_map(|(name, path)| Some((name.clone(), field(crm, path)?)))
            .collect(),
        Shape::Groups(grouping) => grouping
            .columns
            .iter()
            .filter_map(|(name, part)| match part {
                Part::Key(at) => Some((name.clone(), field(crm, grouping.keys.get(*at)?)?)),
                Part::Made(_) => None,
            })
            .collect(),
    };
    Value::Object(fields)
}

fn field(crm: &CrmWorld, path: &Path) -> Option<Value> {
    let Leaf::Field(module, place) = path.leaf else {
        return None;
    };
    Some(settings::shown(crm, module, place, path.field(crm)?))
}
