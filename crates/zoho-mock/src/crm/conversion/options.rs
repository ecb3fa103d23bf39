//! `GET /Leads/{id}/__conversion_options`: contacts and accounts that look like the lead.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::lead;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::render::Selection;
use crate::crm::schema::ModuleIndex;
use crate::crm::store::{Cell, Column};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

/// What is shown of a contact and of an account.
const CONTACT: &str = "Full_Name,Email,Account_Name";
const ACCOUNT: &str = "Account_Name,Account_Type,Phone,Website";

/// Lists what a lead may be joined with.
pub(super) fn get_conversion_options(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let text = path(call, 0);
    if ids::parse(text).is_some_and(|id| crm.locate(id).is_none()) {
        return Ok(Answer::no_content());
    }
    let id = lead(crm, text)?;
    let (contacts, by_email) = crm.alike(id, "Email", "Contacts", "Email", CONTACT)?;
    let (accounts, by_name) = crm.alike(id, "Company", "Accounts", "Account_Name", ACCOUNT)?;
    let preference = crm
        .schema
        .find("Contacts")
        .and_then(|index| crm.schema.module(index))
        .map(|module| json!({"api_name": module.api_name, "id": module.id.to_string()}));
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"__conversion_options": {
            "module_preference": preference,
            "Contacts": contacts,
            "Accounts": accounts,
            "preference_field_matched_value": {"Contacts": by_email, "Accounts": by_name, "Deals": null},
            "modules_with_multiple_layouts": [],
        }}),
    ))
}

impl CrmWorld {
    /// The column of a field.
    pub(super) fn column(&self, index: ModuleIndex, field: &str) -> Option<Column> {
        self.schema.module(index)?.field(field)?.column()
    }

    /// The records of `target` whose `name` is the lead's `source`, oldest first.
    pub(super) fn matches(&self, lead: u64, source: &str, target: &str, name: &str) -> Option<Vec<u64>> {
        let leads = self.schema.find("Leads")?;
        let cells = &self.tables.get(leads)?.get(lead)?.cells;
        let Cell::Text(text) = cells.get(self.column(leads, source)?) else {
            return None;
        };
        let index = self.schema.find(target)?;
        let rows = self.tables.get(index)?.probe(self.column(index, name)?, &text)?;
        Some(rows.map(|row| row.id).collect())
    }

    /// The same records as they are shown, and by what they were found.
    fn alike(
        &self,
        lead: u64,
        source: &str,
        target: &str,
        name: &str,
        shown: &str,
    ) -> Result<(Value, Value), crate::answer::Refusal> {
        let index = self.schema.find(target).ok_or_else(refuse::invalid_module)?;
        let module = self.schema.module(index).ok_or_else(refuse::invalid_module)?;
        let found = self.matches(lead, source, target, name).unwrap_or_default();
        let selection = Selection::of(module, shown);
        let row = |id: &u64| {
            let mut out = Vec::new();
            self.write_row(&mut out, index, self.tables.get(index)?.get(*id)?, &selection);
            serde_json::from_slice::<Map<String, Value>>(&out).ok()
        };
        let rows: Vec<Value> = found
            .iter()
            .filter_map(row)
            .map(|mut row| {
                row.insert("$editable".into(), true.into());
                row.insert("$approval_state".into(), "approved".into());
                Value::Object(row)
            })
            .collect();
        if rows.is_empty() {
            return Ok((json!([]), Value::Null));
        }
        let value = rows.first().and_then(|row| row.get(name)).cloned();
        let field = module.field(name).map(|field| {
            json!({
                "api_name": field.api_name, "field_label": field.label, "unique": field.unique,
                "id": field.id.to_string(),
            })
        });
        Ok((
            Value::Array(rows),
            json!([{"field": field, "matched_lead_value": value}]),
        ))
    }
}
