//! Attachments of CRM records.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::outcomes;
use super::records::{only, paged, records};
use crate::connector::action::Action;
use crate::connector::input::{
    CONNECTION, Default, FETCH_ALL, Input, Kind, MODULE, PAGE, PER_PAGE, RECORD_ID,
};
use crate::connector::inputs::{self, Inputs};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::operation::Product;
use crate::pipeline::transport::Body;
use crate::reply::Reply;
use crate::zoho::Zoho;

/// A file to send.
pub(super) const FILE: Input = Input::new(
    "file",
    "File",
    Kind::File,
    "What the file holds: a text, or an object with base64.",
)
.required();

/// Its name.
pub(super) const FILE_NAME: Input = Input::new(
    "file_name",
    "File Name",
    Kind::Text,
    "What the file is called, with its ending.",
)
.required();

const ATTACHMENT_ID: Input = Input::new(
    "attachment_id",
    "Attachment ID",
    Kind::Text,
    "The id that Zoho gave the attachment.",
)
.required();

const LEADS: Input = Input::new(
    "record_type",
    "Record Type",
    Kind::Text,
    "The API name of the CRM module whose record takes the file.",
)
.or(Default::Text("Leads"));

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_add_attachment",
        "CRM - Add attachment",
        Product::Crm,
        &[CONNECTION, LEADS, RECORD_ID, FILE, FILE_NAME],
        add,
    )
    .says(
        "Attaches a file to a CRM record.",
        "id, status and details of the attachment.",
    ),
    Action::new(
        "crm_get_attachments",
        "CRM - Get Attachments",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, PAGE, PER_PAGE, FETCH_ALL],
        list,
    )
    .says(
        "Lists the attachments of a CRM record.",
        "records and more_records.",
    )
    .beyond(),
    Action::new(
        "crm_download_attachment",
        "CRM - Download Attachment",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, ATTACHMENT_ID],
        download,
    )
    .says(
        "Reads an attachment of a CRM record.",
        "A file, or null when there is none.",
    )
    .beyond(),
    Action::new(
        "crm_delete_attachments",
        "CRM - Delete Attachments",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_ID,
            Input::new(
                "attachment_ids",
                "Attachment IDs",
                Kind::TextList,
                "The ids of the attachments.",
            )
            .required(),
        ],
        delete,
    )
    .says(
        "Deletes attachments of a CRM record.",
        "outcomes, one for each attachment.",
    )
    .beyond(),
];

fn add(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let files = records(zoho, &inputs).attachments(inputs.text("record_id"));
        let outcome = files
            .upload(inputs.text("file_name"), inputs.file("file"))
            .await?;
        only(vec![outcome])
    }
    .boxed()
}

fn list(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let files = records(zoho, &inputs).attachments(inputs.text("record_id"));
        paged(files.list(), &inputs).await
    }
    .boxed()
}

fn download(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let files = records(zoho, &inputs).attachments(inputs.text("record_id"));
        file(files.download(inputs.text("attachment_id")).await?).await
    }
    .boxed()
}

fn delete(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let files = records(zoho, &inputs).attachments(inputs.text("record_id"));
        Ok(outcomes(&files.delete(inputs.list("attachment_ids")).await?))
    }
    .boxed()
}

/// The bytes of a file that are taken into memory; Zoho keeps none that is larger.
const LARGEST: usize = 128 << 20;

/// A file out of an answer; `null` when there is none.
pub(super) async fn file(reply: Option<Reply<Body>>) -> Result<Value> {
    let Some(reply) = reply else {
        return Ok(Value::Null);
    };
    let kind = reply.headers().get(CONTENT_TYPE).cloned();
    let bytes = reply.into_inner().bytes_within(LARGEST).await.map_err(|error| {
        Error::new(ErrorKind::Transport, "the file stopped before its end").with_source(error)
    })?;
    Ok(inputs::file(
        &bytes,
        kind.as_ref().and_then(|kind| kind.to_str().ok()),
    ))
}
