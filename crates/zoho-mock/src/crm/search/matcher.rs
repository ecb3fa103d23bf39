//! What a search looks for, and the rows that have it.

use std::ops::Bound;

use serde_json::json;

use super::criteria::{Criteria, Is, parse};
use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::CrmWorld;
use crate::crm::coql::{Literal, operand};
use crate::crm::filter::{Comparison, Operand, Path, Predicate, Test};
use crate::crm::refuse::{bad, param_limit};
use crate::crm::schema::{Field, Kind, Module, ModuleIndex};
use crate::crm::store::{Cell, Column, Order, Row, Table};
use crate::text::holds;

/// Conditions in one criteria text.
const CONDITIONS: usize = 10;
/// Values of `in`.
const VALUES: usize = 100;

/// What is looked for.
pub(crate) enum Matcher {
    Criteria(Predicate),
    /// An address, in these columns.
    Email(String, Vec<Column>),
    /// Digits and letters of a number, in these columns.
    Phone(String, Vec<Column>),
    /// A word, in all columns that hold text.
    Word(String),
}

impl Matcher {
    /// What a call looks for; of several parameters the first in Zoho's order counts.
    pub(crate) fn of(crm: &CrmWorld, index: ModuleIndex, call: &Call<'_>) -> Result<Option<Self>, Refusal> {
        let param = |name| call.query(name).map(str::trim).filter(|text| !text.is_empty());
        let columns = |kind| {
            crm.schema
                .module(index)
                .map_or_else(Vec::new, |module| columns(module, kind))
        };
        if let Some(text) = param("criteria") {
            return compile(crm, index, text).map(Self::Criteria).map(Some);
        }
        if let Some(text) = param("email") {
            return Ok(Some(Self::Email(text.to_owned(), columns(Kind::Email))));
        }
        if let Some(text) = param("phone") {
            return Ok(Some(Self::Phone(dial(text), columns(Kind::Phone))));
        }
        Ok(param("word").map(|text| Self::Word(text.to_lowercase())))
    }

    /// Whether a row has it.
    pub(crate) fn matches(&self, crm: &CrmWorld, row: &Row) -> bool {
        match self {
            Self::Criteria(predicate) => predicate.holds(crm, row),
            Self::Email(text, columns) => columns.iter().any(|column| {
                matches!(row.cells.get(*column), Cell::Text(cell) if cell.to_lowercase() == text.to_lowercase())
            }),
            Self::Phone(digits, columns) => columns
                .iter()
                .any(|column| matches!(row.cells.get(*column), Cell::Text(cell) if dial(&cell).contains(digits))),
            Self::Word(word) => row.cells.iter().any(|(_, cell)| match cell {
                Cell::Text(text) => holds(&text, word),
                Cell::Sym(symbol) => holds(crm.symbols.text(symbol), word),
                _ => false,
            }),
        }
    }

    /// The rows that have it, in order; an address is looked up, all else is looked for.
    pub(crate) fn rows<'a>(
        &'a self,
        crm: &'a CrmWorld,
        table: &'a Table,
        order: Order,
    ) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        if let Self::Email(text, columns) = self {
            let probed: Option<Vec<_>> = columns.iter().map(|column| table.probe(*column, text)).collect();
            if let Some(probed) = probed {
                let mut rows: Vec<&Row> = probed.into_iter().flatten().collect();
                rows.sort_unstable_by_key(|row| order.key_of(row));
                rows.dedup_by_key(|row| row.id);
                if order.descending {
                    rows.reverse();
                }
                return Box::new(rows.into_iter());
            }
        }
        let rows = table.range(order, Bound::Unbounded, Bound::Unbounded);
        Box::new(rows.filter(move |row| self.matches(crm, row)))
    }
}

fn columns(module: &Module, kind: Kind) -> Vec<Column> {
    module
        .fields
        .iter()
        .filter(|field| field.kind == kind)
        .filter_map(Field::column)
        .collect()
}

/// A telephone number without what people put between its digits.
fn dial(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn compile(crm: &CrmWorld, index: ModuleIndex, text: &str) -> Result<Predicate, Refusal> {
    let criteria = parse(text).ok_or_else(|| {
        bad(
            "INVALID_QUERY",
            "invalid query formed",
            json!({"reason": "the criteria cannot be read", "param_name": "criteria"}),
        )
    })?;
    if count(&criteria) > CONDITIONS {
        return Err(param_limit("criteria", CONDITIONS));
    }
    predicate(crm, index, &criteria)
}

fn count(criteria: &Criteria) -> usize {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter().map(count).sum(),
        Criteria::Is(_) => 1,
    }
}

fn predicate(crm: &CrmWorld, index: ModuleIndex, criteria: &Criteria) -> Result<Predicate, Refusal> {
    let parts = |parts: &[Criteria]| {
        parts
            .iter()
            .map(|part| predicate(crm, index, part))
            .collect::<Result<_, _>>()
    };
    Ok(match criteria {
        Criteria::All(all) => Predicate::All(parts(all)?),
        Criteria::Any(any) => Predicate::Any(parts(any)?),
        Criteria::Is(is) => condition(crm, index, is)?,
    })
}

fn condition(crm: &CrmWorld, index: ModuleIndex, is: &Is) -> Result<Predicate, Refusal> {
    let refuse = |reason: &str, what: &str, value: &str| {
        let details = json!({"reason": reason, "api_name": is.field, what: value});
        bad("INVALID_QUERY", "invalid query formed", details)
    };
    let Some(path) = Path::resolve(crm, index, &is.field) else {
        return Err(refuse(
            "the field is not available for search",
            "operator",
            &is.operator,
        ));
    };
    let kind = path.kind(crm);
    let value = |text: &String| {
        operand(kind, &Literal::Text(text.clone()))
            .ok_or_else(|| refuse("the value is not of the type of the field", "value", text))
    };
    let first = is.values.first().cloned().unwrap_or_default();
    let text = kind.is_text();
    let ordered = kind.is_number() || matches!(kind, Kind::Date | Kind::DateTime);
    let compare = |comparison| value(&first).map(|operand| Test::Compare(comparison, operand));
    let test = match is.operator.as_str() {
        // On text, equality is containment.
        "equals" | "not_equal" if text => Test::Contains(first.to_lowercase()),
        "equals" | "not_equal" => compare(Comparison::Equal)?,
        "starts_with" if text || kind == Kind::Picklist => Test::StartsWith(first.to_lowercase()),
        "in" if is.values.len() <= VALUES => {
            Test::In(is.values.iter().map(value).collect::<Result<Vec<Operand>, _>>()?)
        }
        "between" if ordered => match is.values.as_slice() {
            [low, high] => Test::Between(value(low)?, value(high)?),
            _ => return Err(refuse("between takes two values", "value", &is.values.join(","))),
        },
        "greater_than" if ordered => compare(Comparison::Greater)?,
        "greater_equal" if ordered => compare(Comparison::GreaterEqual)?,
        "less_than" if ordered => compare(Comparison::Less)?,
        "less_equal" if ordered => compare(Comparison::LessEqual)?,
        _ => {
            return Err(refuse(
                "the operator is not supported for the field",
                "operator",
                &is.operator,
            ));
        }
    };
    Ok(Predicate::Test {
        path,
        test,
        negated: is.operator == "not_equal",
    })
}
