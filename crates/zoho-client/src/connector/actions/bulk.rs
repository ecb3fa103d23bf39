//! Bulk jobs of CRM, from asking for one to its outcome.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::whole;
use crate::connector::action::Action;
use crate::connector::input::{CONNECTION, Default, FIELDS, Input, Kind, MODULE};
use crate::connector::inputs::Inputs;
use crate::crm::{BulkRead, BulkWrite};
use crate::error::{Error, Result};
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_bulk_read",
        "CRM - Bulk Read",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            FIELDS,
            Input::new(
                "criteria",
                "Criteria",
                Kind::Json,
                "What the records must fulfil, in the form that Zoho's bulk API takes.",
            ),
        ],
        read,
    )
    .says(
        "Exports records of a CRM module: a job is asked for, waited for and read. It costs 50 credits for each 200,000 \
         records.",
        "records, with all values as texts.",
    )
    .beyond(),
    Action::new(
        "crm_bulk_write",
        "CRM - Bulk Write",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            Input::new("records", "Records", Kind::Records, "The records, 25,000 at most.").required(),
            Input::new("operation", "Operation", Kind::Choice(&["insert", "update", "upsert"]), "What becomes of them.")
                .or(Default::Text("insert")),
            Input::new(
                "find_by",
                "Find By",
                Kind::Text,
                "The field by which records are found, for an update or upsert: id, or one that is unique.",
            ),
            Input::new("ignore_empty", "Ignore Empty", Kind::Boolean, "Whether fields without a value stay as they are.")
                .or_false(),
        ],
        write,
    )
    .says(
        "Imports records into a CRM module: they are uploaded, and a job is asked for and waited for. It costs 500 credits.",
        "added, updated and skipped, and the details of the job.",
    )
    .beyond(),
];

fn read(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut what = BulkRead::of(inputs.text("record_type")).fields(inputs.list("fields"));
        if let Some(criteria) = inputs.json("criteria") {
            what = what.criteria(criteria.clone());
        }
        let mut rows = zoho.crm().bulk().rows(what);
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await? {
            all.push(row);
        }
        Ok(whole(all))
    }
    .boxed()
}

fn write(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let module = inputs.text("record_type");
        let mut what = match (inputs.text("operation"), inputs.given("find_by")) {
            ("update", Some(field)) => BulkWrite::update(module, field),
            ("upsert", Some(field)) => BulkWrite::upsert(module, field),
            ("update" | "upsert", None) => {
                return Err(Error::config("`find_by` is required for an update or upsert"));
            }
            _ => BulkWrite::insert(module),
        };
        what = what.rows(inputs.records("records"));
        if inputs.flag("ignore_empty") {
            what = what.ignore_empty();
        }
        let done = zoho.crm().bulk().write(what).await?.wait().await?;
        Ok(json!({"added": done.added, "updated": done.updated, "skipped": done.skipped, "details": done.details}))
    }
    .boxed()
}
