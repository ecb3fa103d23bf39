//! Converting leads: into a contact, and an account and a deal where that is wanted.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use super::records::Records;
use super::write::settled;
use crate::error::{Error, Result};
use crate::generated::crm::operations as op;
use crate::pipeline::request::Request;
use crate::record::Record;
use crate::wire::ZohoId;

/// How a lead is to be converted. Without a word Zoho makes a contact, and an account when the lead has a company.
///
/// ```
/// use zoho_client::Record;
/// use zoho_client::crm::Conversion;
///
/// let _how = Conversion::new()
///     .deal(Record::new().set("Deal_Name", "Roof").set("Stage", "Qualification").set("Closing_Date", "2026-12-31"))
///     .move_attachments_to("Deals");
/// ```
#[must_use = "a conversion is carried out by Records::convert"]
#[derive(Clone, Debug, Default)]
pub struct Conversion {
    body: Map<String, Value>,
}

/// What became of a lead.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConvertedLead {
    /// The contact.
    pub contact: Option<ZohoId>,
    /// The account.
    pub account: Option<ZohoId>,
    /// The deal.
    pub deal: Option<ZohoId>,
    /// The job that does it, where the lead has too much hanging on it to be converted at once.
    pub job: Option<ZohoId>,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

impl Conversion {
    /// A conversion as Zoho does it without a word.
    pub fn new() -> Self {
        Self::default()
    }

    /// The account: a record with the `id` of one that is there, or the fields of a new one.
    pub fn account(self, account: Record) -> Self {
        self.with("Accounts", account)
    }

    /// The contact: a record with the `id` of one that is there, or the fields of a new one.
    pub fn contact(self, contact: Record) -> Self {
        self.with("Contacts", contact)
    }

    /// The deal to make.
    pub fn deal(self, deal: Record) -> Self {
        self.with("Deals", deal)
    }

    /// Whether the lead's values win over those of the records that it joins.
    pub fn overwrite(self, overwrite: bool) -> Self {
        self.with("overwrite", overwrite)
    }

    /// Whether the owner of the lead is told by mail.
    pub fn notify_lead_owner(self, tell: bool) -> Self {
        self.with("notify_lead_owner", tell)
    }

    /// Whether the owner of the new records is told by mail.
    pub fn notify_new_entity_owner(self, tell: bool) -> Self {
        self.with("notify_new_entity_owner", tell)
    }

    /// Where the lead's attachments go: `Contacts`, `Accounts` or `Deals`.
    pub fn move_attachments_to(self, module: impl Into<String>) -> Self {
        self.with("move_attachments_to", json!({"api_name": module.into()}))
    }

    /// The user who owns what comes of the lead.
    pub fn assign_to(self, user: impl Display) -> Self {
        self.with("assign_to", json!({"id": user.to_string()}))
    }

    /// Another key of the request.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.insert(key.into(), value.into());
        self
    }
}

impl<T> Records<T> {
    /// Converts a lead. Never sent twice. It costs 5 credits.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): these are no leads. Otherwise the call failed or Zoho refused,
    /// with `ID_ALREADY_CONVERTED` where it was done before.
    pub async fn convert(&self, id: impl Display, how: Conversion) -> Result<ConvertedLead> {
        if self.module() != "Leads" {
            return Err(
                Error::config("only records of `Leads` can be converted").with_operation(op::CONVERT_LEAD.id)
            );
        }
        let id = id.to_string();
        let body = json!({"data": [how.body]});
        let mut request = Request::of(&op::CONVERT_LEAD, &[&id])?.json(&body)?;
        request.items = 1;
        let answer = self.crm().core.call(request).await?;
        let details = settled(&answer, "data")?.details;
        let details = Record::from(details);
        Ok(ConvertedLead {
            contact: details.get_id("Contacts"),
            account: details.get_id("Accounts"),
            deal: details.get_id("Deals"),
            job: details.get_id("job_id"),
            details: details.into_map(),
        })
    }
}
