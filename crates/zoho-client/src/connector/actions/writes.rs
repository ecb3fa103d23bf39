//! Batches of CRM records, and what finds or converts them.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::outcomes;
use super::records::{PAGE_TOKEN, paged, records};
use crate::connector::action::Action;
use crate::connector::input::{
    CHECK_FIELDS, CONNECTION, Default, FETCH_ALL, FIELDS, Input, Kind, MODULE, PAGE, PER_PAGE, RECORD_ID,
};
use crate::connector::inputs::Inputs;
use crate::crm::{Conversion, Deleted, Search, Write};
use crate::error::{Error, Result};
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

const RECORDS: Input = Input::new(
    "records",
    "Records",
    Kind::Records,
    "The records, each an object of fields by API name. More than 100 go in several calls.",
)
.required();

const UNIQUE_FIELD: Input = Input::new(
    "look_up_by",
    "Look Up By",
    Kind::Text,
    "A field that is unique in Zoho. Where a connection is lost, records are looked up by it before they are sent again.",
);

const ONE_OUTCOME: &str = "outcomes, one for each record in its order.";

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_create_records",
        "CRM - Create Records",
        Product::Crm,
        &[CONNECTION, MODULE, RECORDS, CHECK_FIELDS, UNIQUE_FIELD],
        create,
    )
    .says("Makes many records of a CRM module.", ONE_OUTCOME)
    .beyond(),
    Action::new(
        "crm_update_records",
        "CRM - Update Records",
        Product::Crm,
        &[CONNECTION, MODULE, RECORDS, CHECK_FIELDS],
        update,
    )
    .says("Changes many CRM records, each found by its id.", ONE_OUTCOME)
    .beyond(),
    Action::new(
        "crm_upsert_records",
        "CRM - Upsert Records",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            RECORDS,
            Input::new(
                "duplicate_check_fields",
                "Duplicate Check Fields",
                Kind::TextList,
                "The fields by which a record that is there is found, in order. Without any, the module's unique fields.",
            ),
            CHECK_FIELDS,
        ],
        upsert,
    )
    .says("Changes the CRM records that are there and makes the others.", ONE_OUTCOME)
    .beyond(),
    Action::new(
        "crm_delete_records",
        "CRM - Delete Records",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            Input::new("record_ids", "Record IDs", Kind::TextList, "The ids of the records.").required(),
        ],
        delete,
    )
    .says("Deletes many CRM records.", ONE_OUTCOME)
    .beyond(),
    Action::new(
        "crm_search_records",
        "CRM - Search Records",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            Input::new(
                "criteria",
                "Criteria",
                Kind::Text,
                "Zoho's criteria, such as (Last_Name:equals:Lee). Give one of criteria, email, phone and word.",
            ),
            Input::new("email", "Email", Kind::Text, "An e-mail address in any field."),
            Input::new("phone", "Phone", Kind::Text, "A telephone number in any field."),
            Input::new("word", "Word", Kind::Text, "A word in any field."),
            FIELDS,
            PAGE,
            PER_PAGE,
            FETCH_ALL,
        ],
        search,
    )
    .says(
        "Searches a CRM module. Zoho's index lags behind; COQL is up to date.",
        "records, more_records, and next_page where there are more.",
    )
    .beyond(),
    Action::new(
        "crm_get_deleted_records",
        "CRM - Get Deleted Records",
        Product::Crm,
        &[
            CONNECTION,
            MODULE,
            Input::new(
                "type",
                "Type",
                Kind::Choice(&["all", "recycle", "permanent"]),
                "Those that can be restored, those that are gone, or all.",
            )
            .or(Default::Text("all")),
            PAGE,
            PER_PAGE,
            PAGE_TOKEN,
            FETCH_ALL,
        ],
        deleted,
    )
    .says("Lists records that were deleted from a CRM module.", "records and more_records.")
    .beyond(),
    Action::new(
        "crm_convert_lead",
        "CRM - Convert Lead",
        Product::Crm,
        &[
            CONNECTION,
            RECORD_ID,
            Input::new("account", "Account", Kind::Fields, "The account: id of one that is there, or fields of a new one."),
            Input::new("contact", "Contact", Kind::Fields, "The contact: id of one that is there, or fields of a new one."),
            Input::new("deal", "Deal", Kind::Fields, "The fields of a deal to make."),
            Input::new("overwrite", "Overwrite", Kind::Boolean, "Whether the lead's values win over those of the others.")
                .or_false(),
            Input::new("notify_lead_owner", "Notify Lead Owner", Kind::Boolean, "Whether the lead's owner is told.")
                .or_false(),
            Input::new(
                "notify_new_entity_owner",
                "Notify New Entity Owner",
                Kind::Boolean,
                "Whether the owner of the new records is told.",
            )
            .or_false(),
            Input::new(
                "move_attachments_to",
                "Move Attachments To",
                Kind::Choice(&["Contacts", "Accounts", "Deals"]),
                "Where the lead's attachments go.",
            ),
        ],
        convert,
    )
    .says(
        "Turns a lead into a contact, and an account and a deal where that is wanted.",
        "contact, account and deal by id, or the job that does it.",
    )
    .beyond(),
];

fn create(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut write = records(zoho, &inputs).create(inputs.records("records"));
        if let Some(field) = inputs.given("look_up_by") {
            write = write.look_up_by(field);
        }
        settled(write, &inputs).await
    }
    .boxed()
}

fn update(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move { settled(records(zoho, &inputs).update(inputs.records("records")), &inputs).await }.boxed()
}

fn upsert(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut write = records(zoho, &inputs).upsert(inputs.records("records"));
        let fields = inputs.list("duplicate_check_fields");
        if !fields.is_empty() {
            write = write.duplicate_check_fields(fields);
        }
        settled(write, &inputs).await
    }
    .boxed()
}

async fn settled(write: Write, inputs: &Inputs) -> Result<Value> {
    let write = if inputs.flag("check_fields") {
        write.checked()
    } else {
        write
    };
    Ok(outcomes(&write.await?))
}

fn delete(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(outcomes(
            &records(zoho, &inputs).delete(inputs.list("record_ids")).await?,
        ))
    }
    .boxed()
}

fn search(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let way =
            |key: &str, search: fn(String) -> Search| inputs.given(key).map(|text| search(text.to_owned()));
        let mut given = [
            way("criteria", Search::Criteria),
            way("email", Search::Email),
            way("phone", Search::Phone),
            way("word", Search::Word),
        ]
        .into_iter()
        .flatten();
        let (Some(what), None) = (given.next(), given.next()) else {
            return Err(Error::config(
                "give exactly one of `criteria`, `email`, `phone` and `word`",
            ));
        };
        let list = records(zoho, &inputs).search(what).fields(inputs.list("fields"));
        paged(list, &inputs).await
    }
    .boxed()
}

fn deleted(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let which = match inputs.text("type") {
            "recycle" => Deleted::Recycled,
            "permanent" => Deleted::Permanent,
            _ => Deleted::All,
        };
        paged(records(zoho, &inputs).deleted(which), &inputs).await
    }
    .boxed()
}

fn convert(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let mut how = Conversion::new()
            .overwrite(inputs.flag("overwrite"))
            .notify_lead_owner(inputs.flag("notify_lead_owner"))
            .notify_new_entity_owner(inputs.flag("notify_new_entity_owner"));
        let part = |key: &str| Some(inputs.fields(key)).filter(|record| !record.is_empty());
        if let Some(account) = part("account") {
            how = how.account(account);
        }
        if let Some(contact) = part("contact") {
            how = how.contact(contact);
        }
        if let Some(deal) = part("deal") {
            how = how.deal(deal);
        }
        if let Some(module) = inputs.given("move_attachments_to") {
            how = how.move_attachments_to(module);
        }
        let became = zoho
            .crm()
            .records("Leads")
            .convert(inputs.text("record_id"), how)
            .await?;
        Ok(json!({
            "contact": became.contact, "account": became.account, "deal": became.deal, "job": became.job,
            "details": became.details,
        }))
    }
    .boxed()
}
