//! What Books does with records beyond keeping them: status, unique fields, documents, files.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::attachments::{FILE, FILE_NAME, file};
use super::books::{ORGANIZATION, PARENT_ID, PARENT_TYPE, TYPE, records};
use super::records::{done, some};
use crate::connector::action::Action;
use crate::connector::input::{CONNECTION, DYNAMIC_FIELDS, Default, Input, Kind, RECORD_ID, VALUES};
use crate::connector::inputs::Inputs;
use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "books_set_status",
        "Books - Set Status",
        Product::Books,
        &[
            CONNECTION,
            TYPE,
            RECORD_ID,
            PARENT_TYPE,
            PARENT_ID,
            Input::new(
                "status",
                "Status",
                Kind::Text,
                "The status to give: sent, void or draft of an invoice, active or inactive of a contact.",
            )
            .required(),
            ORGANIZATION,
        ],
        set_status,
    )
    .says("Gives a record of Books a status.", "id and status.")
    .beyond(),
    Action::new(
        "books_upsert_record",
        "Books - Upsert Record",
        Product::Books,
        &[
            CONNECTION,
            TYPE,
            Input::new(
                "unique_field",
                "Unique Field",
                Kind::Text,
                "The API name of a custom field that is marked unique, such as cf_number.",
            )
            .required(),
            Input::new(
                "unique_value",
                "Unique Value",
                Kind::Text,
                "The value by which the record is found.",
            )
            .required(),
            DYNAMIC_FIELDS,
            VALUES,
            Input::new(
                "create_if_absent",
                "Create If Absent",
                Kind::Boolean,
                "Whether the record is made when none has the value.",
            )
            .or(Default::Boolean(true)),
            ORGANIZATION,
        ],
        upsert,
    )
    .says(
        "Changes the record that has a value in a unique field, or makes it.",
        "The record as Books keeps it.",
    )
    .beyond(),
    Action::new(
        "books_download_pdf",
        "Books - Download PDF",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, ORGANIZATION],
        pdf,
    )
    .says("Prints a record of Books as a PDF.", "A file.")
    .beyond(),
    Action::new(
        "books_add_attachment",
        "Books - Add Attachment",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, FILE, FILE_NAME, ORGANIZATION],
        attach,
    )
    .says("Attaches a file to a record of Books.", "status.")
    .beyond(),
    Action::new(
        "books_download_attachment",
        "Books - Download Attachment",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, ORGANIZATION],
        download,
    )
    .says(
        "Reads the file that a record of Books carries.",
        "A file, or null when there is none.",
    )
    .beyond(),
    Action::new(
        "books_delete_attachment",
        "Books - Delete Attachment",
        Product::Books,
        &[CONNECTION, TYPE, RECORD_ID, ORGANIZATION],
        detach,
    )
    .says("Takes the file off a record of Books.", "status.")
    .beyond(),
];

fn set_status(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let id = inputs.text("record_id");
        records(zoho, &inputs)
            .await?
            .status(id, inputs.text("status"))
            .await?;
        Ok(json!({"id": id, "status": "success"}))
    }
    .boxed()
}

fn upsert(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let record = some(inputs.record())?;
        let records = records(zoho, &inputs).await?;
        let (field, value) = (inputs.text("unique_field"), inputs.text("unique_value"));
        let kept = if inputs.flag("create_if_absent") {
            records.upsert_by(field, value, record).await
        } else {
            records.update_by(field, value, record).await
        };
        kept.map(Value::from)
    }
    .boxed()
}

fn pdf(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let records = records(zoho, &inputs).await?;
        file(Some(records.pdf(inputs.text("record_id")).await?)).await
    }
    .boxed()
}

fn attach(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let attachment = records(zoho, &inputs).await?.attachment(inputs.text("record_id"));
        attachment
            .upload(inputs.text("file_name"), inputs.file("file"))
            .await?;
        Ok(done())
    }
    .boxed()
}

fn download(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let attachment = records(zoho, &inputs).await?.attachment(inputs.text("record_id"));
        file(attachment.download().await?).await
    }
    .boxed()
}

fn detach(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let records = records(zoho, &inputs).await?;
        records.attachment(inputs.text("record_id")).delete().await?;
        Ok(done())
    }
    .boxed()
}
