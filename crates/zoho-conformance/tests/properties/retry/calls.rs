//! Calls of the connector, each with a way to count how often the server carried it out.

use proptest::prelude::*;
use serde_json::json;
use zoho_client::crm::Conversion;
use zoho_client::{Method, OrganizationId, Record, Result, RetryPolicy, Zoho};
use zoho_conformance::harness::Harness;

/// A call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Create,
    Update,
    Upsert,
    Delete,
    Convert,
    Note,
    List,
    Get,
    Query,
    Invoice,
    Payment,
    Contacts,
    RawPost,
    RawPostWithRetries,
    RawGet,
}

/// Whether a call may be sent again when its outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Repeats {
    /// It must not be.
    Never,
    /// The caller asked for it.
    AsAsked,
    /// It does no harm.
    Safe,
}

pub(crate) fn any_call() -> impl Strategy<Value = Call> {
    prop::sample::select(vec![
        Call::Create,
        Call::Update,
        Call::Upsert,
        Call::Delete,
        Call::Convert,
        Call::Note,
        Call::List,
        Call::Get,
        Call::Query,
        Call::Invoice,
        Call::Payment,
        Call::Contacts,
        Call::RawPost,
        Call::RawPostWithRetries,
        Call::RawGet,
    ])
}

/// A call whose world is ready for it.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    call: Call,
    /// The record that it is about.
    id: String,
}

impl Call {
    /// Makes what the call needs, in fair weather.
    pub(crate) fn prepare(self, harness: &Harness) -> Ready {
        let id = harness.run(async {
            match self {
                Self::Update
                | Self::Delete
                | Self::Convert
                | Self::Note
                | Self::Get
                | Self::List
                | Self::Query => {
                    let row = Record::new().set("Last_Name", "There").set("Company", "Acme");
                    let outcomes = harness.zoho.crm().records("Leads").create([row]).await;
                    let outcomes = outcomes.expect("fair weather");
                    outcomes[0].id().expect("it is complete").to_string()
                }
                Self::Invoice | Self::Payment | Self::Contacts => {
                    let contact = Record::new().set("contact_name", "Ada");
                    let contact = books(harness).records("contacts").create(contact).await;
                    contact
                        .expect("fair weather")
                        .get_str("contact_id")
                        .expect("an id")
                        .to_owned()
                }
                _ => String::new(),
            }
        });
        Ready { call: self, id }
    }
}

fn books(harness: &Harness) -> zoho_client::books::Books {
    harness
        .zoho
        .books(OrganizationId::new(harness.mock.organization_id()))
}

impl Ready {
    pub(crate) fn operation(&self) -> &'static str {
        match self.call {
            Call::Create | Call::RawPost | Call::RawPostWithRetries => "create_records",
            Call::Update => "update_records",
            Call::Upsert => "upsert_records",
            Call::Delete => "delete_records",
            Call::Convert => "convert_lead",
            Call::Note => "create_record_notes",
            Call::List | Call::RawGet => "list_records",
            Call::Get => "get_record",
            Call::Query => "query_records",
            Call::Invoice => "create_invoice",
            Call::Payment => "create_customer_payment",
            Call::Contacts => "list_contacts",
        }
    }

    pub(crate) fn repeats(&self) -> Repeats {
        match self.call {
            Call::RawPostWithRetries => Repeats::AsAsked,
            Call::List | Call::RawGet | Call::Get | Call::Query | Call::Contacts => Repeats::Safe,
            _ => Repeats::Never,
        }
    }

    pub(crate) async fn make(&self, harness: &Harness, policy: &RetryPolicy) -> Result<()> {
        let crm = harness.zoho.crm();
        let leads = crm.records("Leads");
        let row = || Record::new().set("Last_Name", "Once");
        let body = || json!({"data": [{"Last_Name": "Once"}]});
        match self.call {
            Call::Create => leads.create([row()]).await.map(drop),
            Call::Update => leads.update([row().set("id", self.id.as_str())]).await.map(drop),
            Call::Upsert => leads
                .upsert([row()])
                .duplicate_check_fields(["Email"])
                .await
                .map(drop),
            Call::Delete => leads.delete([&self.id]).await.map(drop),
            Call::Convert => leads.convert(&self.id, Conversion::new()).await.map(drop),
            Call::Note => leads.notes(&self.id).add("Once", "said").await.map(drop),
            Call::List => leads.fields(["Last_Name"]).all().await.map(drop),
            Call::Get => leads.get(&self.id).await.map(drop),
            Call::Query => crm
                .coql("select Last_Name from Leads where id is not null")
                .all()
                .await
                .map(drop),
            Call::Invoice => {
                let line = json!([{"name": "Nut", "rate": 5, "quantity": 1}]);
                let invoice = Record::new()
                    .set("customer_id", self.id.as_str())
                    .set("line_items", line);
                books(harness).records("invoices").create(invoice).await.map(drop)
            }
            Call::Payment => {
                let payment = json!({"customer_id": self.id, "payment_mode": "cash", "amount": 5, "date": "2026-01-01"});
                books(harness)
                    .records("customerpayments")
                    .create(payment)
                    .await
                    .map(drop)
            }
            Call::Contacts => books(harness).records("contacts").all().await.map(drop),
            Call::RawPost => crm
                .raw(Method::POST, "/Leads")
                .json(&body())
                .send()
                .await
                .map(drop),
            Call::RawPostWithRetries => {
                let request = crm.raw(Method::POST, "/Leads").json(&body());
                request.retry(policy.clone()).send().await.map(drop)
            }
            Call::RawGet => crm
                .raw(Method::GET, "/Leads")
                .query("fields", "id")
                .send()
                .await
                .map(drop),
        }
    }

    /// How often the server has carried it out, by what it left behind, where that can be counted.
    pub(crate) fn executed(&self, harness: &Harness) -> Option<usize> {
        let zoho: &Zoho = &harness.zoho;
        let leads = zoho.crm().records("Leads");
        let once = |rows: Vec<Record>| {
            let named = |row: &&Record| row.get_str("Last_Name") == Some("Once");
            rows.iter().filter(named).count()
        };
        harness.run(async {
            let count = match self.call {
                Call::Create | Call::Update | Call::Upsert | Call::RawPost | Call::RawPostWithRetries => {
                    leads.fields(["Last_Name"]).all().await.map(once)
                }
                Call::Delete => leads.get(&self.id).await.map(|lead| usize::from(lead.is_none())),
                Call::Convert => zoho
                    .crm()
                    .records("Contacts")
                    .fields(["id"])
                    .all()
                    .await
                    .map(|rows| rows.len()),
                Call::Note => leads
                    .notes(&self.id)
                    .list()
                    .fields(["Note_Title"])
                    .all()
                    .await
                    .map(|rows| rows.len()),
                Call::Invoice => books(harness)
                    .records("invoices")
                    .all()
                    .await
                    .map(|rows| rows.len()),
                Call::Payment => books(harness)
                    .records("customerpayments")
                    .all()
                    .await
                    .map(|rows| rows.len()),
                _ => return None,
            };
            Some(count.expect("fair weather"))
        })
    }
}
