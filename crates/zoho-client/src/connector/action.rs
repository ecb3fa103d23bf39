//! What an action is: its description, and the function that runs it.

use std::fmt;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;

use super::input::Input;
use super::inputs::Inputs;
use super::schema;
use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

/// The function of an action. Its inputs are checked before it is called.
pub(super) type Run = for<'a> fn(&'a Zoho, Inputs) -> BoxFuture<'a, Result<Value>>;

/// An action: something that a host platform can run by name.
#[derive(Clone, Copy, Serialize)]
#[non_exhaustive]
pub struct Action {
    /// The name to call it by.
    pub key: &'static str,
    /// The name that users see.
    pub label: &'static str,
    /// What it does.
    pub description: &'static str,
    /// What it gives back.
    pub returns: &'static str,
    /// The product that it calls.
    #[serde(serialize_with = "product")]
    pub product: Product,
    /// What it takes.
    pub inputs: &'static [Input],
    /// Whether it goes beyond what connectors of its kind usually offer.
    pub beyond: bool,
    #[serde(skip)]
    pub(super) run: Run,
}

impl Action {
    /// An action that everybody expects.
    pub(super) const fn new(
        key: &'static str,
        label: &'static str,
        product: Product,
        inputs: &'static [Input],
        run: Run,
    ) -> Self {
        Self {
            key,
            label,
            description: "",
            returns: "",
            product,
            inputs,
            beyond: false,
            run,
        }
    }

    /// What it does, and what it gives back.
    pub(super) const fn says(mut self, description: &'static str, returns: &'static str) -> Self {
        self.description = description;
        self.returns = returns;
        self
    }

    /// Marks an action beyond the usual.
    pub(super) const fn beyond(mut self) -> Self {
        self.beyond = true;
        self
    }

    /// The inputs as a JSON Schema, draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> Value {
        schema::of(self.key, self.description, self.inputs)
    }
}

fn product<S: serde::Serializer>(product: &Product, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match product {
        Product::Crm => "crm",
        Product::Books => "books",
    })
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("key", &self.key)
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}
