//! Values from schemas: what they allow, now and then something else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::dice::Dice;
use crate::route::Product;
use crate::schema_answer::resolve;

/// How deep a made value goes.
const DEPTH: usize = 5;
/// How many ids are remembered under a name.
const REMEMBERED: usize = 40;

/// What earlier answers told: ids by the names they had, modules and fields.
#[derive(Debug, Default)]
pub(super) struct Known {
    ids: BTreeMap<String, Vec<String>>,
    pub(super) modules: Vec<String>,
    pub(super) fields: BTreeMap<String, Vec<String>>,
}

impl Known {
    /// Takes the ids out of an answer.
    pub(super) fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    if let Value::String(id) = value
                        && (name == "id" || name.ends_with("_id"))
                        && !id.is_empty()
                    {
                        self.remember(name, id);
                    }
                    self.learn(value);
                }
            }
            Value::Array(list) => list.iter().take(5).for_each(|value| self.learn(value)),
            _ => {}
        }
    }

    /// Takes one id.
    pub(super) fn remember(&mut self, name: &str, id: &str) {
        let ids = self.ids.entry(name.to_owned()).or_default();
        if !ids.iter().any(|known| known == id) {
            if ids.len() == REMEMBERED {
                ids.remove(0);
            }
            ids.push(id.to_owned());
        }
    }

    /// An id of that name, or of another.
    pub(super) fn id(&self, dice: &mut Dice, name: &str) -> String {
        let own = self.ids.get(name).or_else(|| self.ids.get("id"));
        match own.filter(|ids| !ids.is_empty() && !dice.one_in(12)) {
            Some(ids) => dice.pick(ids),
            None => (5_000_000_000_000_000_000 + dice.bits() % 1_000_000).to_string(),
        }
    }

    pub(super) fn module(&self, dice: &mut Dice) -> String {
        match dice.one_in(15) {
            true => dice.word(),
            false => dice.pick(&self.modules),
        }
    }

    pub(super) fn field(&self, dice: &mut Dice, module: &str) -> String {
        match self.fields.get(module).filter(|fields| !fields.is_empty()) {
            Some(fields) if !dice.one_in(15) => dice.pick(fields),
            _ => "Last_Name".to_owned(),
        }
    }

    /// A value that a schema allows, mostly.
    pub(super) fn value(
        &self,
        dice: &mut Dice,
        product: Product,
        schema: &Value,
        name: &str,
        depth: usize,
    ) -> Value {
        if dice.one_in(60) {
            return odd(dice);
        }
        let schema = resolve(product, schema);
        let values = schema.get("x-zoho-values").and_then(Value::as_array);
        if let Some(values) = values.filter(|values| !values.is_empty() && !dice.one_in(8)) {
            return dice.pick(values);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(dice, product, &schema, depth),
            Some("array") => {
                let most = if depth >= DEPTH { 1 } else { 3 };
                let items = schema.get("items").cloned().unwrap_or_default();
                let count = dice.below(most + 1);
                (0..count)
                    .map(|_| self.value(dice, product, &items, name.trim_end_matches('s'), depth + 1))
                    .collect()
            }
            Some("integer") => (dice.below(300) as i64 - 5).into(),
            Some("number") => json!(dice.below(100_000) as f64 / 100.0),
            Some("boolean") => dice.one_in(2).into(),
            Some("string") => self.text(dice, &schema, name).into(),
            _ => match dice.below(3) {
                0 => dice.word().into(),
                1 => json!({"id": self.id(dice, "id")}),
                _ => dice.below(100).into(),
            },
        }
    }

    fn object(&self, dice: &mut Dice, product: Product, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let mut object = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let needed = required.contains(&name.as_str()) || name.ends_with("name");
            let wanted = if needed {
                !dice.one_in(30)
            } else {
                depth < DEPTH && dice.one_in(3)
            };
            if wanted {
                object.insert(name.clone(), self.value(dice, product, property, name, depth + 1));
            }
        }
        Value::Object(object)
    }

    fn text(&self, dice: &mut Dice, schema: &Value, name: &str) -> String {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        match format {
            "zoho-id" => self.id(dice, name),
            "zoho-datetime" => "2026-01-02T03:04:05+01:00".to_owned(),
            "zoho-date" => "2026-01-02".to_owned(),
            _ if name == "api_name" || name.contains("field") => self.field(dice, "Leads"),
            _ if name.contains("module") => self.module(dice),
            _ if name.contains("email") => format!("{}@example.com", dice.below(1_000)),
            _ if name.contains("date") => "2026-01-02".to_owned(),
            _ if name.contains("url") => "http://127.0.0.1:9/callback".to_owned(),
            _ => format!("{} {}", dice.word(), dice.below(1_000)),
        }
    }

    /// A record of a CRM module by its fields' names: half of them fit, half are up to chance.
    pub(super) fn record(&self, dice: &mut Dice, module: &str) -> Value {
        let mut record = Map::new();
        for name in [
            "Last_Name",
            "Account_Name",
            "Deal_Name",
            "Subject",
            "Product_Name",
            "Vendor_Name",
            "Note_Title",
        ] {
            let value = match self.fields.get(module) {
                Some(fields) if fields.iter().any(|known| known == name) => dice.word(),
                _ => continue,
            };
            record.insert(name.to_owned(), value.into());
        }
        for _ in 0..dice.below(6) {
            let value = match dice.below(6) {
                0 => dice.word().into(),
                1 => dice.below(1_000).into(),
                2 => json!({"id": self.id(dice, "id")}),
                3 => "2026-01-02".into(),
                4 => dice.one_in(2).into(),
                _ => odd(dice),
            };
            record.insert(self.field(dice, module), value);
        }
        Value::Object(record)
    }
}

/// A value of whatever kind.
pub(super) fn odd(dice: &mut Dice) -> Value {
    let mut nested = json!(0);
    for _ in 0..dice.below(200) {
        nested = json!([nested]);
    }
    let text = dice.odd_text();
    let number = dice.bits();
    dice.pick(&[
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(1e308),
        json!(-0.0),
        json!(number),
        json!(5_000_000_000_000_000_001_u64),
        json!(text),
        json!([]),
        json!({}),
        json!([null, {}, [[]], "x"]),
        json!({"id": null, "name": {"id": []}}),
        nested,
    ])
}
