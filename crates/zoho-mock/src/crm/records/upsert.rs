//! `POST /{module}/upsert`: update the record that is the same by some fields, or insert it.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::write::{actor, envelope, new_draft, object, told};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Item, Success};
use crate::crm::change::Actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Told;
use crate::crm::store::{Cell, Order, Row, SortKey};
use crate::crm::{CrmWorld, refuse};
use crate::world::World;

/// How many fields a duplicate check may name.
const CHECKS: usize = 10;

/// Updates or inserts records.
pub(super) fn upsert_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let told = told(world);
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let (records, rest) = envelope(call)?;
    let checks = checks(crm, index, &rest)?;
    let actor = actor(crm, call);
    let items = records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let path = format!("$.data[{at}]");
            let record = object(record, &path)?;
            crm.upsert(index, record, (&path, told), &checks, actor)
        })
        .collect();
    // 200 also when everything was inserted.
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// The fields to compare, in order: those the caller names, else those of the module and its unique ones.
fn checks(crm: &CrmWorld, index: ModuleIndex, rest: &Map<String, Value>) -> Result<Vec<usize>, Refusal> {
    let module = crm.schema.module(index).ok_or_else(refuse::invalid_module)?;
    let named = match rest.get("duplicate_check_fields") {
        None | Some(Value::Null) => {
            let unique = module.fields.iter().enumerate().filter(|(_, field)| field.unique);
            let own = module.duplicate_check.iter().copied();
            return Ok(own.chain(unique.map(|(place, _)| place)).collect());
        }
        Some(Value::Array(names)) => names,
        Some(_) => {
            return Err(refuse::bad(
                "INVALID_DATA",
                "invalid data",
                json!({"expected_data_type": "jsonarray", "api_name": "duplicate_check_fields",
                       "json_path": "$.duplicate_check_fields"}),
            ));
        }
    };
    if named.len() > CHECKS {
        return Err(refuse::bad(
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"maximum_length": CHECKS, "api_name": "duplicate_check_fields",
                   "json_path": "$.duplicate_check_fields"}),
        ));
    }
    named
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let place = name
                .as_str()
                .and_then(|name| module.fields.iter().position(|field| field.api_name == name));
            place.ok_or_else(|| {
                refuse::bad(
                    "INVALID_DATA",
                    "invalid data",
                    json!({"api_name": "duplicate_check_fields",
                           "json_path": format!("$.duplicate_check_fields[{at}]")}),
                )
            })
        })
        .collect()
}

impl CrmWorld {
    fn upsert(
        &mut self,
        index: ModuleIndex,
        record: &Map<String, Value>,
        (path, told): (&str, Told),
        checks: &[usize],
        actor: Actor,
    ) -> Item {
        let found = checks.iter().find_map(|place| {
            let field = self.schema.module(index)?.fields.get(*place)?;
            let id = self.same(index, field.api_name, record.get(field.api_name)?)?;
            Some((field.api_name, id))
        });
        let (mut success, action, duplicate) = match found {
            Some((field, id)) => {
                let success = self.change(index, id, record, (path, told), None, actor)?;
                (success, "update", Value::from(field))
            }
            None => {
                let draft = new_draft(self, index, record, path, told)?;
                let id = self.insert(index, draft, actor);
                let mut receipt = self.receipt(index, id);
                if let Some(receipt) = receipt.as_object_mut() {
                    receipt.insert("$approval_state".into(), "approved".into());
                }
                (Success::new("record added", receipt), "insert", Value::Null)
            }
        };
        success.extra.insert("duplicate_field".into(), duplicate);
        success.extra.insert("action".into(), action.into());
        Ok(success)
    }

    /// The oldest record that has this value in this field.
    pub(crate) fn same(&self, index: ModuleIndex, api_name: &str, value: &Value) -> Option<u64> {
        let table = self.tables.get(index)?;
        if api_name == "id" {
            let id = crate::crm::ids::from_json(value)?;
            return table.get(id).map(|row| row.id);
        }
        let column = self.schema.module(index)?.field(api_name)?.column()?;
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
        if let Some(found) = text.and_then(|text| Some(table.probe(column, text)?.next().map(|row| row.id))) {
            return found;
        }
        let order = Order {
            key: SortKey::Id,
            descending: false,
        };
        let mut rows = table.range(order, std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
        rows.find(|row| self.cell_is(row, column, value))
            .map(|row| row.id)
    }

    fn cell_is(&self, row: &Row, column: u16, value: &Value) -> bool {
        let fold = |text: &str| text.trim().to_lowercase();
        match (row.cells.get(column), value) {
            (Cell::Text(cell), Value::String(text)) => fold(&cell) == fold(text),
            (Cell::Sym(symbol), Value::String(text)) => self.symbols.text(symbol) == text,
            (Cell::Int(cell), value) => value.as_i64() == Some(cell),
            (Cell::Num(cell), value) => value.as_f64() == Some(cell),
            (Cell::Bool(cell), value) => value.as_bool() == Some(cell),
            (Cell::Ref(cell), value) => {
                crate::crm::ids::from_json(value.get("id").unwrap_or(value)) == Some(cell)
            }
            (Cell::Date(cell), Value::String(text)) => crate::crm::time::parse_date(text) == Some(cell),
            (Cell::Time(cell), Value::String(text)) => crate::crm::time::parse_instant(text) == Some(cell),
            _ => false,
        }
    }
}
