//! What is asked of a Zoho: the same questions, whichever it is.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use zoho_client::{Error, Method, OrganizationId, Outcome, RawRequest, Record, Zoho};

use super::shape::{Seen, shape};

/// What the last name of every lead of the suite begins with.
pub const MARK: &str = "zoho-client live";
/// Rows of a list that are walked through.
const WALKED: usize = 1_000;

/// What every probe saw, by its name.
pub(crate) type Sightings = BTreeMap<String, Seen>;

/// The suite at work.
pub(crate) struct Suite {
    zoho: Zoho,
    organization: Option<OrganizationId>,
    seen: Sightings,
}

fn outcome(error: &Error) -> String {
    match (error.status(), error.api()) {
        (Some(status), Some(api)) => format!("{} {}", status.as_u16(), api.code()),
        (Some(status), None) => format!("{} {:?}", status.as_u16(), error.kind()),
        (None, _) => format!("{:?}", error.kind()),
    }
}

impl Suite {
    pub(crate) fn new(zoho: Zoho, organization: Option<&str>) -> Self {
        Self {
            zoho,
            organization: organization.map(OrganizationId::new),
            seen: Sightings::new(),
        }
    }

    /// Asks everything, and gives what was seen.
    ///
    /// # Errors
    /// The clean-up failed: there may be leads with the mark.
    pub(crate) async fn run(mut self, write: bool) -> Result<Sightings, Error> {
        self.metadata().await;
        self.lists().await;
        self.queries().await;
        self.refusals().await;
        self.books().await;
        if write {
            // What a run left that did not come to its end.
            self.clean_up().await?;
            self.writes().await;
            self.clean_up().await?;
        }
        Ok(self.seen)
    }

    /// Sends a raw request and notes outcome and shape.
    async fn ask(&mut self, probe: &str, request: RawRequest) -> Option<Value> {
        let (seen, body) = match request.send().await {
            // An empty list says nothing of its rows.
            Ok(reply) if reply.bytes().is_empty() => (Seen::default(), None),
            Ok(reply) => {
                let body = reply.json::<Value>().unwrap_or(Value::Null);
                let seen = Seen {
                    outcome: Some(reply.status().as_u16().to_string()),
                    facts: BTreeMap::new(),
                    shape: shape(&body),
                };
                (seen, Some(body))
            }
            Err(error) => (refused(&error), None),
        };
        self.seen.insert(probe.to_owned(), seen);
        body
    }

    async fn get(&mut self, probe: &str, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let request = self.zoho.crm().raw(Method::GET, path);
        let request = query
            .iter()
            .fold(request, |request, (name, value)| request.query(*name, *value));
        self.ask(probe, request).await
    }

    fn fact(&mut self, probe: &str, name: &'static str, fact: impl Into<String>) {
        self.seen
            .entry(probe.to_owned())
            .or_default()
            .facts
            .insert(name, fact.into());
    }

    async fn metadata(&mut self) {
        self.get("crm.get_organization", "/org", &[]).await;
        self.get("crm.list_modules", "/settings/modules", &[]).await;
        self.get("crm.list_fields", "/settings/fields", &[("module", "Leads")])
            .await;
        self.get("crm.list_users", "/users", &[("type", "CurrentUser")])
            .await;
        self.get("crm.list_roles", "/settings/roles", &[]).await;
        self.get("crm.list_layouts", "/settings/layouts", &[("module", "Leads")])
            .await;
    }

    async fn lists(&mut self) {
        let fields = ("fields", "id,Last_Name,Email,Created_Time,Owner");
        let page = self
            .get("crm.list_records", "/Leads", &[fields, ("per_page", "2")])
            .await;
        let info = page.and_then(|page| page["info"]["next_page_token"].as_str().map(str::to_owned));
        if let Some(token) = info {
            let query = [fields, ("per_page", "2"), ("page_token", token.as_str())];
            self.get("crm.list_records, second page", "/Leads", &query).await;
        }
        self.get("crm.count_records", "/Leads/actions/count", &[]).await;
        self.get("crm.list_deleted_records", "/Leads/deleted", &[("type", "all")])
            .await;
        let rows = self.zoho.crm().records("Leads").fields(["id"]).stream();
        let walked: Result<Vec<Record>, Error> =
            futures_util::StreamExt::take(rows, WALKED).try_collect().await;
        match walked {
            Ok(rows) => {
                let ids: BTreeSet<String> = rows.iter().map(|row| row.id().to_string()).collect();
                let twice = if ids.len() == rows.len() { "none" } else { "some" };
                self.fact("walk of a list", "rows that came twice", twice);
            }
            Err(error) => {
                self.seen.insert("walk of a list".to_owned(), refused(&error));
            }
        }
    }

    async fn queries(&mut self) {
        for (probe, query) in [
            (
                "crm.query_records",
                "select id, Last_Name, Created_Time from Leads where id is not null limit 2",
            ),
            (
                "crm.query_records, count",
                "select COUNT(id) as n from Leads where id is not null",
            ),
            (
                "crm.query_records, unknown field",
                "select Nothing_Like_It from Leads where id is not null",
            ),
            ("crm.query_records, no query", "select"),
        ] {
            let request = self
                .zoho
                .crm()
                .raw(Method::POST, "/coql")
                .json(&json!({"select_query": query}));
            self.ask(probe, request).await;
        }
        let criteria = [("criteria", "(Last_Name:starts_with:a)"), ("per_page", "2")];
        self.get("crm.search_records", "/Leads/search", &criteria).await;
        self.get(
            "crm.search_records, bad criteria",
            "/Leads/search",
            &[("criteria", "(Last_Name")],
        )
        .await;
    }

    async fn refusals(&mut self) {
        self.get("no such module", "/Nothing_Like_It", &[("fields", "id")])
            .await;
        self.get("no such record", "/Leads/1", &[]).await;
        self.get("no fields", "/Leads", &[]).await;
        self.get(
            "a page token of nobody's",
            "/Leads",
            &[("fields", "id"), ("page_token", "abc")],
        )
        .await;
        self.get(
            "a page too far",
            "/Leads",
            &[("fields", "id"), ("page", "11"), ("per_page", "200")],
        )
        .await;
    }

    async fn books(&mut self) {
        let Some(organization) = self.organization.clone() else {
            return;
        };
        for (probe, path) in [
            ("books.list_organizations", "/organizations"),
            ("books.list_contacts", "/contacts"),
            ("books.list_invoices", "/invoices"),
            ("books.list_items", "/items"),
            ("books.list_currencies", "/settings/currencies"),
            ("books, no such invoice", "/invoices/1"),
            ("books, no such path", "/nothing/like/it"),
        ] {
            let request = self
                .zoho
                .books(organization.clone())
                .raw(Method::GET, path)
                .query("per_page", "2");
            self.ask(probe, request).await;
        }
    }

    async fn writes(&mut self) {
        let leads = self.zoho.crm().records("Leads");
        let name = |n: u8| format!("{MARK} {n}");
        let post = |body: Value| self.zoho.crm().raw(Method::POST, "/Leads").json(&body);
        let (good, bad) = (
            json!({"Last_Name": name(1), "Email": "live@mock.example"}),
            json!({"First_Name": "x"}),
        );
        let requests = [
            ("crm.create_records", post(json!({"data": [good]}))),
            (
                "crm.create_records, one of two bad",
                post(json!({"data": [{"Last_Name": name(2)}, bad]})),
            ),
            ("crm.create_records, all bad", post(json!({"data": [bad]}))),
            ("crm.create_records, no data", post(json!({"data": []}))),
            (
                "crm.create_records, wrong type",
                post(json!({"data": [{"Last_Name": name(3), "No_of_Employees": "many"}]})),
            ),
        ];
        let mut made = None;
        for (probe, request) in requests {
            let body = self.ask(probe, request).await;
            made = made.or_else(|| body?["data"][0]["details"]["id"].as_str().map(str::to_owned));
        }
        let Some(id) = made else { return };
        self.get(
            "crm.get_record",
            &format!("/Leads/{id}"),
            &[("fields", "id,Last_Name,Email,Owner,Created_Time")],
        )
        .await;
        let changed = leads
            .update([Record::new().set("id", id.as_str()).set("City", "Bonn")])
            .await;
        self.written("crm.update_records", &changed);
        let found = leads
            .upsert([Record::new()
                .set("Last_Name", name(4))
                .set("Email", "live4@mock.example")])
            .await;
        self.written("crm.upsert_records", &found);
        let gone = leads.delete([id.as_str()]).await;
        self.written("crm.delete_records", &gone);
        self.written("crm.delete_records, again", &leads.delete([id.as_str()]).await);
    }

    fn written(&mut self, probe: &str, outcomes: &Result<Vec<Outcome>, Error>) {
        let told = match outcomes {
            Err(error) => outcome(error),
            Ok(outcomes) => {
                let one = |outcome: &Outcome| match outcome {
                    Outcome::Ok(_) => "taken".to_owned(),
                    Outcome::Err(refused) => refused.code.clone(),
                    other => format!("{other:?}"),
                };
                outcomes.iter().map(one).collect::<Vec<_>>().join(", ")
            }
        };
        self.fact(probe, "outcome of each record", told);
    }

    /// Deletes every lead with the mark.
    async fn clean_up(&self) -> Result<(), Error> {
        let query = format!("select id from Leads where Last_Name like '{MARK}%' limit 200");
        let rows = self.zoho.crm().coql(query.as_str()).send().await?;
        let ids: Vec<String> = rows.items().iter().map(|row| row.id().to_string()).collect();
        if !ids.is_empty() {
            self.zoho.crm().records("Leads").delete(ids).await?;
        }
        Ok(())
    }
}

fn refused(error: &Error) -> Seen {
    Seen {
        outcome: Some(outcome(error)),
        ..Seen::default()
    }
}
