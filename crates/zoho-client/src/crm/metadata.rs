//! What an organization's CRM is made of: modules and fields, asked for once per client.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::generated::crm::operations as op;
use crate::pipeline::request::Request;
use crate::pipeline::typed::Core;
use crate::wire::{Lenient, ZohoId};

/// A module of CRM.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Module {
    /// The name that calls use, such as `Leads`.
    pub api_name: String,
    /// Its id.
    pub id: Option<ZohoId>,
    /// Whether the API may touch its records.
    #[serde(default)]
    pub api_supported: Lenient<bool>,
    /// Everything else that Zoho says about it.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A field of a module.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Field {
    /// The name that calls use, such as `Last_Name`.
    pub api_name: String,
    /// Its id.
    pub id: Option<ZohoId>,
    /// Its type, such as `text`, `picklist`, `lookup`.
    pub data_type: Option<String>,
    /// The name that users see.
    pub field_label: Option<String>,
    /// Everything else that Zoho says about it.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Metadata that was asked for already.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    modules: Mutex<Option<Arc<[Module]>>>,
    fields: Mutex<HashMap<String, Arc<[Field]>>>,
}

impl Cache {
    pub(crate) fn clear(&self) {
        self.modules.lock().take();
        self.fields.lock().clear();
    }

    pub(crate) async fn modules(&self, core: &Core) -> Result<Arc<[Module]>> {
        if let Some(modules) = self.modules.lock().clone() {
            return Ok(modules);
        }
        #[derive(Deserialize)]
        struct Body {
            modules: Vec<Module>,
        }
        let answer = core.call(Request::of(&op::LIST_MODULES, &[])?).await?;
        let modules: Arc<[Module]> = if answer.is_empty() {
            Arc::default()
        } else {
            answer.json::<Body>()?.modules.into()
        };
        *self.modules.lock() = Some(modules.clone());
        Ok(modules)
    }

    pub(crate) async fn fields(&self, core: &Core, module: &str) -> Result<Arc<[Field]>> {
        if let Some(fields) = self.fields.lock().get(module) {
            return Ok(fields.clone());
        }
        #[derive(Deserialize)]
        struct Body {
            fields: Vec<Field>,
        }
        // The name goes into a path next, so it is held to the rules for paths here already.
        crate::pipeline::request::encode_segment("module", module)?;
        let request = Request::of(&op::LIST_FIELDS, &[])?.query("module", module);
        let answer = core.call(request).await?;
        // 204 for some modules that are listed all the same.
        let fields: Arc<[Field]> = if answer.is_empty() {
            Arc::default()
        } else {
            answer.json::<Body>()?.fields.into()
        };
        self.fields.lock().insert(module.to_owned(), fields.clone());
        Ok(fields)
    }

    /// The fields that a list of records can bring; lists never hold subforms.
    pub(crate) async fn field_names(&self, core: &Core, module: &str) -> Result<Vec<String>> {
        let fields = self.fields(core, module).await?;
        let mut names: Vec<String> = fields
            .iter()
            .filter(|field| field.data_type.as_deref() != Some("subform"))
            .map(|field| field.api_name.clone())
            .collect();
        if names.is_empty() {
            names.push("id".to_owned());
        }
        Ok(names)
    }
}
