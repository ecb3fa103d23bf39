//! Records of Books.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::records::some;
use crate::books::{Books, OrganizationId, Records};
use crate::connector::action::Action;
use crate::connector::input::{
    CONNECTION, DYNAMIC_FIELDS, FETCH_ALL, Input, Kind, PAGE, PER_PAGE, RECORD_ID, VALUES,
};
use crate::connector::inputs::Inputs;
use crate::error::{Error, Result};
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

/// A type of records.
pub(super) const TYPE: Input = Input::new(
    "record_type",
    "Record Type",
    Kind::Text,
    "The type of record, such as contacts or invoices.",
)
.required();

/// A type of parent records.
pub(super) const PARENT_TYPE: Input = Input::new(
    "parent_record_type",
    "Parent Record Type",
    Kind::Text,
    "The type of the record that these records belong to, such as invoices for comments.",
);

/// A parent record.
pub(super) const PARENT_ID: Input = Input::new(
    "parent_record_id",
    "Parent Record ID",
    Kind::Text,
    "The id of the record that these records belong to.",
);

/// An organization.
pub(super) const ORGANIZATION: Input = Input::new(
    "organization_id",
    "Organization ID",
    Kind::Text,
    "The organization of Books. Without it, the user's default organization is asked for once.",
)
.beyond();

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "books_create_record",
        "Books - Create Record",
        Product::Books,
        &[CONNECTION, TYPE, PARENT_TYPE, PARENT_ID, DYNAMIC_FIELDS, VALUES, ORGANIZATION],
        create,
    )
    .says("Makes a record in Books.", "The record as Books keeps it."),
    Action::new(
        "books_get_record",
        "Books - Get Record",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, PARENT_TYPE, PARENT_ID, ORGANIZATION],
        get,
    )
    .says("Reads one record of Books.", "The record, or null when there is none."),
    Action::new(
        "books_get_records",
        "Books - Get Records",
        Product::Books,
        &[
            CONNECTION,
            TYPE,
            PARENT_TYPE,
            PARENT_ID,
            Input::new(
                "search_fields",
                "Search Fields",
                Kind::Texts,
                "What the records must match: search fields of Books with their values. Books ignores those that it does \
                 not know.",
            ),
            PAGE,
            PER_PAGE,
            FETCH_ALL,
            ORGANIZATION,
        ],
        list,
    )
    .says(
        "Reads records of Books: a page, or all of them.",
        "records, more_records, and next_page where there are more.",
    ),
    Action::new(
        "books_remove_record",
        "Books - Remove Record",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, PARENT_TYPE, PARENT_ID, ORGANIZATION],
        remove,
    )
    .says("Deletes a record of Books.", "id and status."),
    Action::new(
        "books_update_record",
        "Books - Update Record",
        Product::Books,
        &[
            CONNECTION,
            TYPE,
            RECORD_ID,
            PARENT_TYPE,
            PARENT_ID,
            DYNAMIC_FIELDS,
            VALUES,
            ORGANIZATION,
        ],
        update,
    )
    .says("Changes fields of a record of Books.", "The record as Books keeps it."),
];

/// Books of the organization that the inputs name, or of the user's default one.
pub(super) async fn books(zoho: &Zoho, inputs: &Inputs) -> Result<Books> {
    match inputs.given("organization_id") {
        Some(id) => Ok(zoho.books(OrganizationId::new(id))),
        None => zoho.default_books().await,
    }
}

/// The records that the inputs name.
pub(super) async fn records(zoho: &Zoho, inputs: &Inputs) -> Result<Records> {
    let record_type = inputs.text("record_type");
    let parent = match (
        inputs.given("parent_record_type"),
        inputs.given("parent_record_id"),
    ) {
        (None, None) => None,
        (Some(parent), Some(id)) => Some((parent, id)),
        _ => {
            let message = "`parent_record_type` and `parent_record_id` go together: give both or none";
            return Err(Error::config(message));
        }
    };
    // What can not be is said before anything is sent, the question for the organization included.
    let check = |books: Books| {
        let records = books.records(record_type);
        let records = match parent {
            Some((parent, id)) => records.of(parent, id),
            None => records,
        };
        records.record_type().map(|_| records)
    };
    check(zoho.books(OrganizationId::new("")))?;
    check(books(zoho, inputs).await?)
}

fn create(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let record = some(inputs.record())?;
        records(zoho, &inputs)
            .await?
            .create(record)
            .await
            .map(Value::from)
    }
    .boxed()
}

fn update(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let record = some(inputs.record())?;
        let records = records(zoho, &inputs).await?;
        records
            .update(inputs.text("record_id"), record)
            .await
            .map(Value::from)
    }
    .boxed()
}

fn get(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let records = records(zoho, &inputs).await?;
        let found = records.get(inputs.text("record_id")).await?;
        Ok(found.map_or(Value::Null, Value::from))
    }
    .boxed()
}

fn remove(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let id = inputs.text("record_id");
        records(zoho, &inputs).await?.delete(id).await?;
        Ok(json!({"id": id, "status": "success"}))
    }
    .boxed()
}

fn list(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut list = records(zoho, &inputs).await?.list();
        for (field, value) in inputs.fields("search_fields") {
            list = list.search(field, value.as_str().unwrap_or_default());
        }
        list = list.page(inputs.count("page")).per_page(inputs.count("per_page"));
        if inputs.flag("fetch_all") {
            return list.all().await.map(super::whole);
        }
        list.send().await.map(super::page)
    }
    .boxed()
}
