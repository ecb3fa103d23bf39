//! The local Zoho with records of one kind, and what others than the trigger do with them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zoho_mock::MockZoho;

use crate::books::{Books, catalogue};
use crate::triggers::Feed;
use crate::wire::ZohoId;
use crate::{Method, OAuthApp, OrganizationId, Record, Region, ServiceTransport, TokioClock, Zoho};

/// What is watched.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Books(&'static str),
    Module(&'static str),
}

/// A world, and what others than the trigger know of it.
pub(super) struct Site {
    mock: MockZoho,
    zoho: Zoho,
    kind: Kind,
    /// What documents refer to.
    customer: String,
    vendor: String,
    accounts: Vec<String>,
    currency: String,
    made: usize,
}

impl Site {
    pub(super) async fn new(kind: Kind) -> Self {
        let mock = MockZoho::builder().books_per_minute(None).in_process();
        let zoho = Zoho::builder(Region::custom(mock.base_url()).unwrap())
            .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
            .refresh_token(mock.refresh_token())
            .clock(TokioClock::starting_at(mock.now()))
            .transport(ServiceTransport::new(mock.service()))
            .books_per_minute(100_000)
            .build()
            .unwrap();
        let mut site = Self {
            mock,
            zoho,
            kind,
            customer: String::new(),
            vendor: String::new(),
            accounts: Vec::new(),
            currency: String::new(),
            made: 0,
        };
        match kind {
            Kind::Books(_) => site.prepare_books().await,
            Kind::Module(name) => site.prepare_module(name).await,
        }
        site
    }

    async fn prepare_books(&mut self) {
        let contacts = self.books().records("contacts");
        for (name, place) in [("customer", &mut self.customer), ("vendor", &mut self.vendor)] {
            let contact = Record::new().set("contact_name", name).set("contact_type", name);
            *place = contacts
                .create(contact)
                .await
                .unwrap()
                .get_id("contact_id")
                .unwrap()
                .to_string();
        }
        let currencies = self
            .books()
            .raw(Method::GET, "/settings/currencies")
            .send()
            .await
            .unwrap();
        let currencies: Value = currencies.json().unwrap();
        self.currency = currencies["currencies"][1]["currency_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let accounts = self.books().records("chartofaccounts").all().await.unwrap();
        self.accounts = accounts
            .iter()
            .map(|account| account.get_id("account_id").unwrap().to_string())
            .collect();
    }

    async fn prepare_module(&mut self, name: &str) {
        let profiles = self
            .zoho
            .crm()
            .raw(Method::GET, "/settings/profiles")
            .send()
            .await
            .unwrap();
        let profiles: Value = profiles.json().unwrap();
        let module = json!({"modules": [{
            "singular_label": name, "plural_label": format!("{name}s"), "api_name": name,
            "profiles": [{"id": profiles["profiles"][0]["id"]}],
        }]});
        let made = self
            .zoho
            .crm()
            .raw(Method::POST, "/settings/modules")
            .json(&module);
        made.send().await.unwrap();
    }

    fn books(&self) -> Books {
        self.zoho.books(OrganizationId::new(self.mock.organization_id()))
    }

    pub(super) fn feed(&self) -> Feed {
        match self.kind {
            Kind::Books(name) => Feed::books(&self.books(), name),
            Kind::Module(name) => Feed::crm(&self.zoho.crm(), name).fields(["Name"]).deletions(true),
        }
    }

    /// A new record's fields, each time others.
    fn body(&mut self) -> Record {
        self.made += 1;
        let number = format!("N-{}", self.made);
        let Kind::Books(name) = self.kind else {
            return Record::new().set("Name", number);
        };
        let account = &self.accounts[0];
        let lines = json!([{"name": "Work", "rate": 10, "quantity": 1, "account_id": account}]);
        let body = match name {
            "contacts" => json!({"contact_name": number}),
            "items" => json!({"name": number, "rate": 5}),
            "chartofaccounts" => json!({"account_name": number, "account_type": "expense"}),
            "basecurrencyadjustment" => json!({
                "currency_id": self.currency, "adjustment_date": "2026-01-01", "exchange_rate": 2, "notes": number,
            }),
            "journals" => json!({"journal_date": "2026-01-02", "reference_number": number, "line_items": [
                {"account_id": account, "debit_or_credit": "debit", "amount": 5},
                {"account_id": self.accounts[1], "debit_or_credit": "credit", "amount": 5},
            ]}),
            "bills" => json!({"vendor_id": self.vendor, "bill_number": number, "line_items": lines}),
            "recurringbills" => json!({
                "vendor_id": self.vendor, "recurrence_name": number, "start_date": "2030-01-01",
                "recurrence_frequency": "months", "repeat_every": 1, "line_items": lines,
            }),
            "purchaseorders" | "vendorcredits" => {
                json!({"vendor_id": self.vendor, "reference_number": number, "line_items": lines})
            }
            "vendorpayments" => json!({
                "vendor_id": self.vendor, "amount": 5, "date": "2026-01-01", "reference_number": number,
            }),
            "deliverychallans" => json!({
                "customer_id": self.customer, "reference_number": number, "date": "2026-01-01",
                "challan_type": "job work", "deliverychallan_number": number, "line_items": lines,
            }),
            "expenses" => json!({
                "account_id": account, "date": "2026-01-01", "amount": 5, "reference_number": number,
            }),
            _ => json!({"customer_id": self.customer, "reference_number": number, "line_items": lines}),
        };
        body.as_object().unwrap().clone().into()
    }

    pub(super) async fn create(&mut self) {
        let body = self.body();
        match self.kind {
            Kind::Books(name) => {
                let made = self.books().records(name).create(body).await;
                made.unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            Kind::Module(name) => {
                let made = self.zoho.crm().records(name).create([body]).await.unwrap();
                assert!(made[0].is_ok(), "{made:?}");
            }
        }
    }

    pub(super) async fn edit(&mut self, id: &ZohoId) {
        let body = self.body();
        // What may not be changed any more stays as it is.
        match self.kind {
            Kind::Books(name) => drop(self.books().records(name).update(id, body).await),
            Kind::Module(name) => {
                let body = body.set("id", id.as_str());
                self.zoho.crm().records(name).update([body]).await.unwrap();
            }
        }
    }

    pub(super) async fn delete(&self, id: &ZohoId) {
        match self.kind {
            Kind::Books(name) => drop(self.books().records(name).delete(id).await),
            Kind::Module(name) => drop(self.zoho.crm().records(name).delete([id]).await.unwrap()),
        }
    }

    /// When each record changed last.
    pub(super) async fn rows(&self) -> BTreeMap<ZohoId, i64> {
        let (rows, id) = match self.kind {
            Kind::Books(name) => {
                let key = catalogue::find(name, None).unwrap().id;
                (self.books().records(name).all().await.unwrap(), key)
            }
            Kind::Module(name) => {
                let fields = ["id", "Modified_Time"];
                (
                    self.zoho.crm().records(name).fields(fields).all().await.unwrap(),
                    "id",
                )
            }
        };
        let second = |row: &Record| row.modified_time().unwrap().timestamp().as_second();
        rows.iter()
            .map(|row| (row.get_id(id).unwrap(), second(row)))
            .collect()
    }
}
