//! What hangs on CRM records: related records, notes, tags.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::outcomes;
use super::records::{only, paged, records};
use crate::connector::action::Action;
use crate::connector::input::{
    CONNECTION, FETCH_ALL, FIELDS, Input, Kind, MODULE, PAGE, PER_PAGE, RECORD_ID,
};
use crate::connector::inputs::Inputs;
use crate::crm::Related;
use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::record::Record;
use crate::zoho::Zoho;

const LIST: Input = Input::new(
    "related_list",
    "Related List",
    Kind::Text,
    "The API name of the related list, such as Contacts of an account.",
)
.required();

const RELATED_IDS: Input = Input::new(
    "related_ids",
    "Related Record IDs",
    Kind::TextList,
    "The ids of the related records.",
)
.required();

const RECORD_IDS: Input = Input::new(
    "record_ids",
    "Record IDs",
    Kind::TextList,
    "The ids of the records.",
)
.required();

const TAGS: Input = Input::new("tags", "Tags", Kind::TextList, "The names of the tags.").required();

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_get_related_records",
        "CRM - Get Related Records",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_ID,
            LIST,
            FIELDS.required(),
            PAGE,
            PER_PAGE,
            FETCH_ALL,
        ],
        list,
    )
    .says(
        "Reads the records of a related list of a CRM record.",
        "records and more_records.",
    )
    .beyond(),
    Action::new(
        "crm_link_related_records",
        "CRM - Link Related Records",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, LIST, RELATED_IDS],
        link,
    )
    .says(
        "Ties records to a related list of a CRM record.",
        "outcomes, one for each related record.",
    )
    .beyond(),
    Action::new(
        "crm_delink_related_records",
        "CRM - Delink Related Records",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, LIST, RELATED_IDS],
        delink,
    )
    .says(
        "Unties records from a related list of a CRM record.",
        "outcomes, one for each related record.",
    )
    .beyond(),
    Action::new(
        "crm_get_notes",
        "CRM - Get Notes",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_ID, PAGE, PER_PAGE, FETCH_ALL],
        notes,
    )
    .says("Reads the notes of a CRM record.", "records and more_records.")
    .beyond(),
    Action::new(
        "crm_add_note",
        "CRM - Add Note",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_ID,
            Input::new("title", "Title", Kind::Text, "The title of the note."),
            Input::new("content", "Content", Kind::Text, "The text of the note.").required(),
        ],
        add_note,
    )
    .says(
        "Adds a note to a CRM record.",
        "id, status and details of the note.",
    )
    .beyond(),
    Action::new(
        "crm_delete_notes",
        "CRM - Delete Notes",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_ID,
            Input::new("note_ids", "Note IDs", Kind::TextList, "The ids of the notes.").required(),
        ],
        delete_notes,
    )
    .says("Deletes notes of a CRM record.", "outcomes, one for each note.")
    .beyond(),
    Action::new(
        "crm_add_tags",
        "CRM - Add Tags",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORD_IDS,
            TAGS,
            Input::new(
                "over_write",
                "Overwrite",
                Kind::Boolean,
                "Whether they take the place of the tags that are there.",
            )
            .or_false(),
        ],
        add_tags,
    )
    .says(
        "Puts tags on CRM records; new tags are made.",
        "outcomes, one for each record.",
    )
    .beyond(),
    Action::new(
        "crm_remove_tags",
        "CRM - Remove Tags",
        Product::Crm,
        &[CONNECTION, MODULE, RECORD_IDS, TAGS],
        remove_tags,
    )
    .says("Takes tags off CRM records.", "outcomes, one for each record.")
    .beyond(),
];

fn related(zoho: &Zoho, inputs: &Inputs) -> Related {
    records(zoho, inputs).related(inputs.text("record_id"), inputs.text("related_list"))
}

fn list(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move { paged(related(zoho, &inputs).fields(inputs.list("fields")), &inputs).await }.boxed()
}

fn link(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let ties = inputs
            .list("related_ids")
            .into_iter()
            .map(|id| Record::new().set("id", id));
        Ok(outcomes(&related(zoho, &inputs).link(ties).await?))
    }
    .boxed()
}

fn delink(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(outcomes(
            &related(zoho, &inputs).delink(inputs.list("related_ids")).await?,
        ))
    }
    .boxed()
}

fn notes(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        paged(
            records(zoho, &inputs).notes(inputs.text("record_id")).list(),
            &inputs,
        )
        .await
    }
    .boxed()
}

fn add_note(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut note = Record::new().set("Note_Content", inputs.text("content"));
        if let Some(title) = inputs.given("title") {
            note = note.set("Note_Title", title);
        }
        only(
            records(zoho, &inputs)
                .notes(inputs.text("record_id"))
                .create([note])
                .await?,
        )
    }
    .boxed()
}

fn delete_notes(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let notes = records(zoho, &inputs).notes(inputs.text("record_id"));
        Ok(outcomes(&notes.delete(inputs.list("note_ids")).await?))
    }
    .boxed()
}

fn add_tags(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let tags = records(zoho, &inputs).tags();
        let (ids, names) = (inputs.list("record_ids"), inputs.list("tags"));
        let done = if inputs.flag("over_write") {
            tags.replace(ids, names).await?
        } else {
            tags.add(ids, names).await?
        };
        Ok(outcomes(&done))
    }
    .boxed()
}

fn remove_tags(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let tags = records(zoho, &inputs).tags();
        Ok(outcomes(
            &tags
                .remove(inputs.list("record_ids"), inputs.list("tags"))
                .await?,
        ))
    }
    .boxed()
}
