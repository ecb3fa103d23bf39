//! Records of CRM, one at a time or in lists.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{page, whole, written};
use crate::connector::action::Action;
use crate::connector::input::{
    CHECK_FIELDS, CONNECTION, DYNAMIC_FIELDS, FETCH_ALL, FIELDS, Input, Kind, MODULE, PAGE, PER_PAGE,
    RECORD_ID, VALUES,
};
use crate::connector::inputs::Inputs;
use crate::crm::list::List;
use crate::crm::{Records, SortOrder};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::Outcome;
use crate::page::Cursor;
use crate::pipeline::operation::Product;
use crate::record::Record;
use crate::zoho::Zoho;

/// The token of a page.
pub(super) const PAGE_TOKEN: Input = Input::new(
    "page_token",
    "Page Token",
    Kind::Text,
    "The token that the page before gave as next_page_token. It takes the place of the page number.",
);

/// The order of a list.
pub(super) const SORT_ORDER: Input = Input::new(
    "sort_order",
    "Sort Order",
    Kind::Choice(&["asc", "desc"]),
    "From low to high, or from high to low.",
);

/// What a list is sorted by.
pub(super) const SORT_BY: Input = Input::new(
    "sort_by",
    "Sort By",
    Kind::Text,
    "The field to sort by: id, Created_Time or Modified_Time.",
);

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_create_record",
        "CRM - Create Record",
        Product::Crm,
        &[CONNECTION, MODULE, DYNAMIC_FIELDS, VALUES, CHECK_FIELDS],
        create,
    )
    .says(
        "Makes a record of a CRM module.",
        "id, status and details of the new record.",
    ),
    Action::new(
        "crm_get_record",
        "CRM - Get Record",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, FIELDS],
        get,
    )
    .says(
        "Reads one record of a CRM module.",
        "The record, or null when there is none.",
    ),
    Action::new(
        "crm_get_records",
        "CRM - Get Records",
        Product::Crm,
        &[
            CONNECTION, MODULE, FIELDS, PAGE, PER_PAGE, PAGE_TOKEN, SORT_ORDER, SORT_BY, FETCH_ALL,
        ],
        list,
    )
    .says(
        "Reads records of a CRM module: a page, or all of them.",
        "records, more_records, and next_page_token where there are more.",
    ),
    Action::new(
        "crm_update_record",
        "CRM - Update Record",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_ID,
            DYNAMIC_FIELDS,
            VALUES,
            CHECK_FIELDS,
        ],
        update,
    )
    .says(
        "Changes fields of a CRM record.",
        "id, status and details of the record.",
    ),
    Action::new(
        "crm_remove_record",
        "CRM - Remove Record",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID],
        remove,
    )
    .says(
        "Deletes a CRM record; it can be restored from the recycle bin.",
        "id and status.",
    ),
];

/// The records that the inputs name.
pub(super) fn records(zoho: &Zoho, inputs: &Inputs) -> Records {
    zoho.crm().records(inputs.text("record_type"))
}

/// The outcome of a write of one record.
pub(super) fn only(outcomes: Vec<Outcome>) -> Result<Value> {
    let outcome = outcomes.into_iter().next();
    let outcome = outcome.ok_or_else(|| Error::new(ErrorKind::Decode, "the body has no outcome"))?;
    outcome.into_result().map(|done| written(&done))
}

fn create(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let write = records(zoho, &inputs).create([some(inputs.record())?]);
        only(
            if inputs.flag("check_fields") {
                write.checked()
            } else {
                write
            }
            .await?,
        )
    }
    .boxed()
}

fn update(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let record = some(inputs.record())?.set("id", inputs.text("record_id"));
        let write = records(zoho, &inputs).update([record]);
        only(
            if inputs.flag("check_fields") {
                write.checked()
            } else {
                write
            }
            .await?,
        )
    }
    .boxed()
}

fn get(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let found = records(zoho, &inputs)
            .get_fields(inputs.text("record_id"), inputs.list("fields"))
            .await?;
        Ok(found.map_or(Value::Null, Value::from))
    }
    .boxed()
}

fn list(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut list = records(zoho, &inputs).list().fields(inputs.list("fields"));
        if let Some(field) = inputs.given("sort_by") {
            list = list.sort_by(field);
        }
        match inputs.given("sort_order") {
            Some("asc") => list = list.sort_order(SortOrder::Asc),
            Some(_) => list = list.sort_order(SortOrder::Desc),
            None => {}
        }
        paged(list, &inputs).await
    }
    .boxed()
}

fn remove(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move { only(records(zoho, &inputs).delete([inputs.text("record_id")]).await?) }.boxed()
}

/// A list as `page`, `per_page`, `page_token` and `fetch_all` want it.
pub(super) async fn paged(mut list: List<Record>, inputs: &Inputs) -> Result<Value> {
    list = list.per_page(inputs.count("per_page"));
    let number = inputs.count("page");
    match inputs.given("page_token") {
        Some(_) if number > 1 => {
            return Err(Error::config(
                "`page` and `page_token` exclude each other: give one of them",
            ));
        }
        Some(token) => list = list.from_cursor(Cursor::Token(token.to_owned())),
        // From the first page on the list goes by tokens, which reach further than numbers.
        None if number > 1 => list = list.page(number),
        None => {}
    }
    if inputs.flag("fetch_all") {
        return list.all().await.map(whole);
    }
    list.send().await.map(page)
}

/// A record with at least one field.
pub(super) fn some(record: Record) -> Result<Record> {
    if record.is_empty() {
        return Err(Error::config(
            "`values`: name at least one field, here or in `dynamic_fields`",
        ));
    }
    Ok(record)
}

/// An answer that says no more than that it was done.
pub(super) fn done() -> Value {
    json!({"status": "success"})
}
