//! The criteria of an export: JSON groups of conditions.

use serde_json::{Map, Value, json};

use crate::answer::Refusal;
use crate::crm::CrmWorld;
use crate::crm::coql::{Literal, operand};
use crate::crm::filter::{Comparison, Operand, Path, Pattern, Predicate, Test};
use crate::crm::refuse::bad;
use crate::crm::schema::{Kind, ModuleIndex};

/// Conditions in the criteria of one export.
const CONDITIONS: usize = 25;
/// Values of `in`.
const VALUES: usize = 100;
/// Stands for nothing.
const EMPTY: &str = "${EMPTY}";

/// Reads criteria.
pub(crate) fn compile(crm: &CrmWorld, index: ModuleIndex, criteria: &Value) -> Result<Predicate, Refusal> {
    let mut left = CONDITIONS;
    node(crm, index, criteria, &mut left)
}

fn node(crm: &CrmWorld, index: ModuleIndex, node: &Value, left: &mut usize) -> Result<Predicate, Refusal> {
    let Some(object) = node.as_object() else {
        return Err(bad("INVALID_CRITERIA", "The criteria is not valid", json!({})));
    };
    match (object.get("group"), object.get("field")) {
        (Some(_), Some(_)) => Err(bad(
            "AMBIGUOUS_CRITERIA",
            "The criteria is both a group and a condition",
            json!({"api_name": "group"}),
        )),
        (Some(parts), None) => group(crm, index, object, parts, left),
        (None, _) => {
            *left = left.checked_sub(1).ok_or_else(|| {
                bad(
                    "CRITERIA_LIMIT_EXCEEDED",
                    "The criteria has too many conditions",
                    json!({"limit": CONDITIONS}),
                )
            })?;
            condition(crm, index, object)
        }
    }
}

fn group(
    crm: &CrmWorld,
    index: ModuleIndex,
    object: &Map<String, Value>,
    parts: &Value,
    left: &mut usize,
) -> Result<Predicate, Refusal> {
    let parts = parts
        .as_array()
        .filter(|parts| !parts.is_empty())
        .ok_or_else(|| {
            bad(
                "INVALID_CRITERIA",
                "The group is empty",
                json!({"api_name": "group"}),
            )
        })?;
    let parts = parts
        .iter()
        .map(|part| node(crm, index, part, left))
        .collect::<Result<Vec<_>, _>>()?;
    let operator = object.get("group_operator");
    match operator
        .and_then(Value::as_str)
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("and") => Ok(Predicate::All(parts)),
        Some("or") => Ok(Predicate::Any(parts)),
        _ => Err(bad(
            "GROUP_OPERATOR_NOT_SUPPORTED",
            "The group operator is not supported",
            json!({"group_operator": operator, "supported": ["and", "or"]}),
        )),
    }
}

fn condition(crm: &CrmWorld, index: ModuleIndex, object: &Map<String, Value>) -> Result<Predicate, Refusal> {
    let name = object
        .get("field")
        .and_then(|field| field.get("api_name"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let comparator = object
        .get("comparator")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let given = object.get("value").unwrap_or(&Value::Null);
    let details = json!({"field": {"api_name": name}, "comparator": comparator, "value": given});
    let path = Path::resolve(crm, index, name).ok_or_else(|| {
        bad(
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
            "The field in the criteria is not available",
            details.clone(),
        )
    })?;
    let asked = Asked {
        kind: path.kind(crm),
        given,
        details,
    };
    let (positive, negated) = match comparator.strip_prefix("not_") {
        Some(positive) => (positive, true),
        None => (comparator, false),
    };
    Ok(Predicate::Test {
        path,
        test: asked.test(positive)?,
        negated,
    })
}

struct Asked<'a> {
    kind: Kind,
    given: &'a Value,
    details: Value,
}

impl Asked<'_> {
    fn test(&self, comparator: &str) -> Result<Test, Refusal> {
        let ordered = self.kind.is_number() || matches!(self.kind, Kind::Date | Kind::DateTime | Kind::Id);
        let textual =
            self.kind.is_text() || matches!(self.kind, Kind::Picklist | Kind::MultiPicklist | Kind::Tags);
        Ok(match comparator {
            "equal" if self.given.is_null() || self.given.as_str() == Some(EMPTY) => Test::Null,
            "equal" => self.compare(Comparison::Equal)?,
            "in" => Test::In(self.values()?),
            "contains" if textual => Test::Contains(self.text()?),
            "starts_with" if textual => Test::StartsWith(self.text()?),
            "ends_with" if textual => Test::Like(Pattern::new(&format!("%{}", self.text()?))),
            "greater_than" if ordered => self.compare(Comparison::Greater)?,
            "greater_equal" if ordered => self.compare(Comparison::GreaterEqual)?,
            "less_than" if ordered => self.compare(Comparison::Less)?,
            "less_equal" if ordered => self.compare(Comparison::LessEqual)?,
            "between" if ordered => {
                let [low, high] = <[Operand; 2]>::try_from(self.values()?).map_err(|_| self.unfit())?;
                Test::Between(low, high)
            }
            "contains" | "starts_with" | "ends_with" | "greater_than" | "greater_equal" | "less_than"
            | "less_equal" | "between" => {
                return Err(bad(
                    "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
                    "The field and the comparator in the criteria do not go together",
                    self.details.clone(),
                ));
            }
            _ => {
                return Err(bad(
                    "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
                    "The comparator in the criteria is not supported",
                    self.details.clone(),
                ));
            }
        })
    }

    fn compare(&self, comparison: Comparison) -> Result<Test, Refusal> {
        self.operand(self.given)
            .map(|operand| Test::Compare(comparison, operand))
    }

    fn values(&self) -> Result<Vec<Operand>, Refusal> {
        let values = self.given.as_array().ok_or_else(|| self.unfit())?;
        if values.len() > VALUES {
            return Err(bad(
                "VALUE_LIMIT_EXCEEDED_IN_CRITERIA",
                "The criteria has too many values",
                json!({"limit": VALUES}),
            ));
        }
        values.iter().map(|value| self.operand(value)).collect()
    }

    fn text(&self) -> Result<String, Refusal> {
        let text = self.given.as_str().map(str::to_lowercase);
        text.ok_or_else(|| self.unfit())
    }

    fn operand(&self, value: &Value) -> Result<Operand, Refusal> {
        let literal = match value {
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Number(number) => Some(Literal::Number(number.to_string())),
            Value::Bool(value) => Some(Literal::Bool(*value)),
            // A lookup may be given as an object.
            Value::Object(object) => object
                .get("id")
                .and_then(Value::as_str)
                .map(|id| Literal::Text(id.to_owned())),
            _ => None,
        };
        literal
            .and_then(|literal| operand(self.kind, &literal))
            .ok_or_else(|| self.unfit())
    }

    fn unfit(&self) -> Refusal {
        bad(
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
            "The comparator and the value in the criteria do not go together",
            self.details.clone(),
        )
    }
}
