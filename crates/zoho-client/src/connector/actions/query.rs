//! COQL.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{page, whole};
use crate::connector::action::Action;
use crate::connector::input::{CONNECTION, FETCH_ALL, Input, Kind};
use crate::connector::inputs::Inputs;
use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[Action::new(
    "crm_coql_query",
    "CRM - COQL Query",
    Product::Crm,
    &[
        CONNECTION,
        Input::new(
            "query",
            "Query",
            Kind::Text,
            "The query, such as: select Last_Name from Leads where Company = 'Acme'. Without a limit of its own, up to 2,000 \
             rows come.",
        )
        .required(),
        FETCH_ALL.beyond(),
    ],
    query,
)
.says(
    "Asks CRM by COQL, Zoho's query language.",
    "records, and more_records where a query without a limit has more.",
)];

fn query(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let query = zoho.crm().coql(inputs.text("query"));
        if inputs.flag("fetch_all") {
            return query.all().await.map(whole);
        }
        query.send().await.map(page)
    }
    .boxed()
}
