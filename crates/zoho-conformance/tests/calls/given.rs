//! Arguments of one call, made from the description of its operation.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use zoho_client::Multipart;
use zoho_conformance::decode::spec;
use zoho_conformance::made::{Maker, Manners};
use zoho_spec::{Body, Operation, ParameterLocation};

/// What a call is made with.
#[derive(Debug)]
pub(crate) struct Given {
    /// Parameters that are sent, by their name on the wire.
    pub(crate) parameters: BTreeMap<String, Value>,
    /// The JSON body.
    pub(crate) body: Option<Value>,
    /// The parts of a form: name, and whether it is a file.
    pub(crate) parts: Vec<(String, bool)>,
}

impl Given {
    /// Arguments for an operation; every third optional parameter is left out.
    pub(crate) fn new(operation: &Operation, seed: u64) -> Self {
        let mut maker = Maker::new(spec(operation.product), Manners::Proper, seed);
        let mut parameters = BTreeMap::new();
        for (index, parameter) in operation.parameters.iter().enumerate() {
            let name = parameter.name.as_str();
            let in_path = parameter.location == ParameterLocation::Path;
            let value = match name {
                "module" if in_path => json!("Leads"),
                "module_name" if in_path => json!("cm_debtor"),
                _ if in_path && (parameter.schema["format"] == "zoho-id" || name.ends_with("_id")) => {
                    json!("4876876000000589001")
                }
                // Zoho repeats ids in its answer, and an id is made of digits.
                "ids" | "channel_ids" if parameter.schema["type"] == "string" => {
                    json!("4876876000000589001,4876876000000589002")
                }
                _ if in_path && parameter.schema["type"] == "string" => json!("one"),
                // A header holds plain letters.
                _ if parameter.location == ParameterLocation::Header
                    && parameter.schema["type"] == "string" =>
                {
                    json!("one")
                }
                _ => maker.value(name, &parameter.schema, 0),
            };
            if parameter.required || !(index as u64 + seed).is_multiple_of(3) {
                parameters.insert(parameter.name.clone(), value);
            }
        }
        let body = match &operation.request {
            Body::Json { schema, .. } => Some(maker.component(schema)),
            _ => None,
        };
        let parts = match &operation.request {
            Body::Multipart { parts } => parts.iter().map(|part| (part.name.clone(), part.file)).collect(),
            _ => Vec::new(),
        };
        Self {
            parameters,
            body,
            parts,
        }
    }

    /// The parameter of that name, or what stands for its absence.
    pub(crate) fn get<T: DeserializeOwned>(&self, name: &str) -> T {
        let value = self.parameters.get(name).cloned().unwrap_or_default();
        serde_json::from_value(value)
            .unwrap_or_else(|error| panic!("`{name}` does not take what its description allows: {error}"))
    }

    /// The text of a path parameter.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name)
    }

    /// The JSON body.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> T {
        let body = self.body.clone().unwrap_or_default();
        serde_json::from_value(body.clone()).unwrap_or_else(|error| {
            panic!("the body does not take what its description allows: {error}\n{body}")
        })
    }

    /// The form.
    pub(crate) fn form(&self) -> Multipart {
        self.parts
            .iter()
            .fold(Multipart::new(), |form, (name, file)| match file {
                true => form.file(name, "a.txt", "content"),
                false => form.text(name, "text"),
            })
    }
}
