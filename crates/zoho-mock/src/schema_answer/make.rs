//! Values made from schemas.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::from_path;
use crate::call::Call;
use crate::generated;
use crate::route::Product;
use crate::world::World;

/// How deep a made value goes before it leaves out what is optional.
const DEPTH: usize = 6;

/// Makes values for one call.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    call: &'a Call<'a>,
    sent: &'a Map<String, Value>,
    zone: TimeZone,
    user: u64,
}

impl<'a> Maker<'a> {
    pub(super) fn new(world: &World, call: &'a Call<'a>, sent: &'a Map<String, Value>) -> Self {
        Self {
            call,
            sent,
            zone: world.zone.clone(),
            user: world.owner,
        }
    }

    /// The body of a reply: what was sent stands where the schema has a place for it.
    pub(super) fn reply(&self, schema: &str) -> Value {
        let schema = component(self.call.route.product, schema);
        let mut reply = self.value("", &schema, Some(&Value::Object(self.sent.clone())), 0);
        // Books wraps the thing itself, which is sent bare.
        if let Some(wrapper) = self.wrapper(&reply)
            && let Some(reply) = reply.as_object_mut()
        {
            let bare = Value::Object(self.sent.clone());
            let thing = self.value(&wrapper, &property_schema(&schema, &wrapper), Some(&bare), 1);
            reply.insert(wrapper, thing);
        }
        reply
    }

    /// The property of a Books reply that holds the thing: the one named, or the only object.
    fn wrapper(&self, reply: &Value) -> Option<String> {
        let objects = reply.as_object()?.iter().filter(|(_, value)| value.is_object());
        let mut names = objects
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "page_context");
        match (self.call.route.product, self.call.route.wrapper) {
            (Product::Crm, _) => None,
            (Product::Books, Some(wrapper)) => names.find(|name| *name == wrapper).map(str::to_owned),
            (Product::Books, None) => names.next().filter(|_| names.next().is_none()).map(str::to_owned),
        }
    }

    fn value(&self, name: &str, schema: &Value, sent: Option<&Value>, depth: usize) -> Value {
        let schema = resolve(self.call.route.product, schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(&schema, sent, depth),
            Some("array") => self.array(name, &schema, sent, depth),
            Some("integer" | "number") => match sent {
                Some(Value::Number(number)) => Value::Number(number.clone()),
                _ => self.number(name),
            },
            Some("boolean") => match sent {
                Some(Value::Bool(yes)) => (*yes).into(),
                _ => false.into(),
            },
            Some("string") => match sent {
                Some(Value::String(text)) => text.clone().into(),
                Some(Value::Number(number)) => number.to_string().into(),
                _ => self.text(name, &schema),
            },
            _ => sent.cloned().unwrap_or_else(|| json!({})),
        }
    }

    fn object(&self, schema: &Value, sent: Option<&Value>, depth: usize) -> Value {
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let sent = sent.and_then(|sent| sent.get(name));
            let property = resolve(self.call.route.product, property);
            let nested = matches!(
                property.get("type").and_then(Value::as_str),
                Some("object" | "array")
            );
            if depth >= DEPTH && nested && sent.is_none() {
                continue;
            }
            object.insert(name.clone(), self.value(name, &property, sent, depth + 1));
        }
        if properties.is_none()
            && let Some(Value::Object(sent)) = sent
        {
            object.extend(sent.clone());
        }
        Value::Object(object)
    }

    /// As many items as were sent, or the one that was asked for, or none where there is nothing to say.
    fn array(&self, name: &str, schema: &Value, sent: Option<&Value>, depth: usize) -> Value {
        let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
        let list = sent.and_then(Value::as_array);
        if let Some(list) = list {
            return list
                .iter()
                .map(|sent| self.value(name, &items, Some(sent), depth + 1))
                .collect();
        }
        match depth {
            // The rows of a reply; what hangs on a row stays empty.
            0 | 1 => vec![self.value(name, &items, None, depth + 1)].into(),
            _ => json!([]),
        }
    }

    fn number(&self, name: &str) -> Value {
        match name {
            "page" | "count" => 1.into(),
            "per_page" => 200.into(),
            _ => 0.into(),
        }
    }

    fn text(&self, name: &str, schema: &Value) -> Value {
        if let Some(value) = from_path(self.call, name) {
            return value;
        }
        if let Some(value) = self.call.query(name) {
            return value.into();
        }
        let crm = self.call.route.product == Product::Crm;
        match name {
            "code" if crm => return "SUCCESS".into(),
            "status" if crm => return "success".into(),
            _ => {}
        }
        let now = || self.call.now.to_zoned_datetime(self.zone.clone());
        match schema.get("format").and_then(Value::as_str) {
            Some("zoho-id") => self.user.to_string().into(),
            Some("zoho-datetime") if crm => now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into(),
            Some("zoho-datetime") => now().strftime("%Y-%m-%dT%H:%M:%S%z").to_string().into(),
            Some("zoho-date") => now().date().to_string().into(),
            _ => schema
                .pointer("/x-zoho-values/0")
                .cloned()
                .unwrap_or_else(|| "".into()),
        }
    }
}

fn property_schema(schema: &Value, name: &str) -> Value {
    schema
        .get("properties")
        .and_then(|properties| properties.get(name))
        .cloned()
        .unwrap_or_default()
}

/// The schema that a reference leads to, or the schema itself.
pub(crate) fn resolve(product: Product, schema: &Value) -> Value {
    let mut schema = schema.clone();
    // A reference to a reference is odd, one in a circle would be an error of the description.
    for _ in 0..4 {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.rsplit('/').next());
        match name.map(|name| component(product, name)) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
}

/// A component by name, parsed on demand.
fn component(product: Product, name: &str) -> Value {
    let schemas = match product {
        Product::Crm => generated::crm::SCHEMAS,
        Product::Books => generated::books::SCHEMAS,
    };
    let found = schemas
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()
        .and_then(|at| schemas.get(at));
    found
        .and_then(|(_, text)| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing;

    #[test]
    fn every_schema_that_a_route_names_is_there() {
        for route in routing::routes() {
            for name in [route.request_schema, route.reply_schema].into_iter().flatten() {
                assert!(component(route.product, name).is_object(), "{}: {name}", route.id);
            }
        }
    }
}
