//! JSON values made from a description: as it says, or as Zoho is known to answer all the same.

use serde_json::{Map, Number, Value, json};
use zoho_spec::Spec;

use crate::compare::resolve;
use crate::dice::Dice;

/// How deep a value goes before lists and objects stay empty.
const DEPTH: usize = 5;

/// What may be in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// Only what the description allows; what it requires is there.
    Proper,
    /// What has been seen on the wire besides: `null`, `""` in the place of numbers, lists and objects,
    /// fields that nobody described, numbers that are text and ids that are numbers.
    Wild,
}

/// Makes values, the same ones for the same seed.
#[derive(Debug)]
pub struct Maker<'a> {
    spec: &'a Spec,
    manners: Manners,
    dice: Dice,
}

impl<'a> Maker<'a> {
    /// A maker for the components of `spec`.
    #[must_use]
    pub fn new(spec: &'a Spec, manners: Manners, seed: u64) -> Self {
        Self {
            spec,
            manners,
            dice: Dice::new(seed),
        }
    }

    /// A value of a component.
    pub fn component(&mut self, name: &str) -> Value {
        let schema = self.spec.schema(name).cloned().unwrap_or_default();
        // The body itself is never something else: that would be no answer of the operation.
        self.plain("", &schema, 0)
    }

    /// A value for a parameter or field called `name`.
    pub fn value(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        let schema = resolve(self.spec, schema).clone();
        if self.manners == Manners::Wild {
            let kind = schema.get("type").and_then(Value::as_str);
            let format = schema.get("format").and_then(Value::as_str);
            let not_text = kind != Some("string") || format.is_some();
            match self.dice.below(12) {
                0 => return Value::Null,
                1 if not_text => return json!(""),
                2 if format == Some("zoho-id") => return json!(self.dice.bits() >> 8),
                3 if matches!(kind, Some("integer" | "number")) => return json!("12.50"),
                4 if matches!(kind, Some("object" | "array")) => return self.anything(2),
                _ => {}
            }
        }
        self.plain(name, &schema, depth)
    }

    fn plain(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, depth),
            Some("array") => self.array(name, schema, depth),
            Some("integer") => self.integer(),
            Some("number") => self.number(),
            Some("boolean") => json!(self.dice.below(2) == 0),
            Some("string") => json!(self.text(name, schema)),
            // A null that is sent is a choice of the caller's own, which no description makes.
            _ => match self.anything(1) {
                Value::Null if self.manners == Manners::Proper => json!("text"),
                other => other,
            },
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let wanted = required.contains(&name.as_str()) || (depth < DEPTH && self.dice.below(3) > 0);
            if wanted {
                object.insert(name.clone(), self.value(name, property, depth + 1));
            }
        }
        let is_map = properties.is_none() && schema.get("additionalProperties").is_some();
        if is_map || self.manners == Manners::Wild && self.dice.below(3) == 0 {
            for number in 0..self.dice.below(3) {
                object.insert(format!("unheard_of_{number}"), self.anything(2));
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
        let length = if depth >= DEPTH { 0 } else { 1 + self.dice.below(2) };
        (0..length).map(|_| self.value(name, &items, depth + 1)).collect()
    }

    fn integer(&mut self) -> Value {
        match self.dice.below(4) {
            0 => json!(0),
            1 if self.manners == Manners::Wild => json!(-1),
            _ => json!(1 + self.dice.below(200)),
        }
    }

    fn number(&mut self) -> Value {
        let text = ["0", "1.5", "1.0", "1e5", "850000", "-3.25", "12345678.91", "0.1"];
        let at = self.dice.below(text.len() as u64) as usize;
        let number = text.get(at).and_then(|text| text.parse::<Number>().ok());
        number.map_or(Value::Null, Value::Number)
    }

    fn text(&mut self, name: &str, schema: &Value) -> String {
        let known = |key: &str| schema.get(key).and_then(Value::as_array);
        if let Some(words) = known("enum").or_else(|| known("x-zoho-values"))
            && let Some(word) = words.get(self.dice.below(words.len() as u64) as usize)
        {
            return word.as_str().unwrap_or_default().to_owned();
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("zoho-id") => format!("{}", 1_000_000_000_000_000_000 + self.dice.bits() / 32),
            Some("zoho-datetime") => "2026-03-29T01:30:00+05:30".to_owned(),
            Some("zoho-date") => "2026-02-28".to_owned(),
            _ => {
                let words = ["alpha", "Žofie", "12", "a b", "x,y", "Q&A"];
                let word = words.get(self.dice.below(words.len() as u64) as usize);
                let mut text = word.map_or_else(|| name.to_owned(), |word| (*word).to_owned());
                let least = schema
                    .get("minLength")
                    .and_then(Value::as_u64)
                    .unwrap_or_default();
                // JSON Schema counts characters.
                let there = text.chars().count() as u64;
                text.extend((there..least).map(|_| '0'));
                text
            }
        }
    }

    /// Any JSON at all.
    fn anything(&mut self, depth: usize) -> Value {
        match self.dice.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(true),
            2 => self.number(),
            3 => json!(self.dice.bits()),
            4 => json!("text"),
            5 => json!([self.anything(depth - 1), self.anything(depth - 1)]),
            _ => json!({ "key": self.anything(depth - 1) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_it_must_be_whatever_its_letters() {
        let spec = crate::decode::spec(zoho_spec::Product::Books);
        let schema = json!({"type": "string", "minLength": 12});
        for seed in 0..100 {
            let text = Maker::new(spec, Manners::Proper, seed).value("name", &schema, 0);
            let length = text.as_str().map(|text| text.chars().count());
            assert_eq!(length, Some(12), "{text}");
        }
    }
}
