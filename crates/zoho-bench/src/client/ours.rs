//! The same by the client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zoho_client::crm::{List, Way};
use zoho_client::{OAuthApp, Record, Region, Zoho};

use super::job::{Done, Job};
use crate::Failure;

/// What is read of a lead.
pub(super) const FIELDS: [&str; 8] = [
    "Last_Name",
    "First_Name",
    "Company",
    "Email",
    "Phone",
    "City",
    "Annual_Revenue",
    "Modified_Time",
];

/// A lead as a type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code, reason = "it is read from JSON, which is what is measured")]
pub(super) struct Lead {
    #[serde(rename = "id")]
    id: String,
    #[serde(rename = "Last_Name")]
    last_name: Option<String>,
    #[serde(rename = "First_Name")]
    first_name: Option<String>,
    company: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    city: Option<String>,
    #[serde(rename = "Annual_Revenue")]
    annual_revenue: Option<f64>,
    #[serde(rename = "Modified_Time")]
    modified_time: Option<String>,
}

/// The client.
pub(super) struct Ours(Zoho);

impl Ours {
    pub(super) async fn connect() -> Result<Self, Failure> {
        let needed = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
        let app = OAuthApp::new(needed("ZOHO_CLIENT_ID")?, needed("ZOHO_CLIENT_SECRET")?);
        let zoho = Zoho::builder(Region::custom(&needed("ZOHO_MOCK_URL")?)?)
            .oauth(app)
            .refresh_token(needed("ZOHO_REFRESH_TOKEN")?)
            .build()?;
        // The token, before anything is measured.
        zoho.crm().modules().await?;
        Ok(Self(zoho))
    }

    pub(super) async fn run(&self, job: Job, rows: usize) -> Result<Done, Failure> {
        let records = self.0.crm().records("Leads").fields(FIELDS);
        let typed = self.0.crm().records_as::<Lead>("Leads").fields(FIELDS);
        match job {
            Job::Typed => fetch(typed, rows).await,
            Job::Dynamic => fetch(records, rows).await,
            Job::TypedAhead => fetch(typed.prefetch(2), rows).await,
            Job::DynamicAhead => fetch(records.prefetch(2), rows).await,
            Job::Cheapest => fetch(records.way(Way::Cheapest), rows).await,
            Job::Export => fetch(records.way(Way::Export).expect_rows(rows as u64), rows).await,
            Job::Create => self.create(rows).await,
            Job::CreateAll => self.create_all(rows).await,
            _ => Err("this is no job of the client's".into()),
        }
    }

    async fn create(&self, rows: usize) -> Result<Done, Failure> {
        let leads = self.0.crm().records("Leads");
        for number in 0..rows {
            for outcome in leads.create([lead(number)]).await? {
                outcome.into_result()?;
            }
        }
        Ok(Done {
            rows,
            ..Done::default()
        })
    }

    async fn create_all(&self, rows: usize) -> Result<Done, Failure> {
        let leads = self.0.crm().records("Leads");
        let mut batches = leads.create_from(stream::iter((0..rows).map(lead))).outcomes();
        let mut done = Done::default();
        while let Some(batch) = batches.try_next().await? {
            for outcome in batch.into_outcomes() {
                outcome.into_result()?;
                done.rows += 1;
            }
        }
        Ok(done)
    }
}

fn lead(number: usize) -> Record {
    Record::new()
        .set("Last_Name", format!("Ngo {number}"))
        .set("Company", "Acme")
}

async fn fetch<T: DeserializeOwned + Send + 'static>(list: List<T>, rows: usize) -> Result<Done, Failure> {
    let counts: Arc<[AtomicU64; 2]> = Arc::default();
    let told = Arc::clone(&counts);
    let mut stream = list
        .on_progress(move |progress| {
            told[0].store(progress.requests, Ordering::Relaxed);
            told[1].store(progress.credits, Ordering::Relaxed);
        })
        .stream();
    let mut done = Done::default();
    while done.rows < rows {
        let Some(row) = stream.try_next().await? else {
            return Err(format!("there are {} rows, not {rows}", done.rows).into());
        };
        std::hint::black_box(row);
        done.rows += 1;
    }
    let [requests, credits] = &*counts;
    done.requests = requests.load(Ordering::Relaxed);
    done.credits = credits.load(Ordering::Relaxed);
    Ok(done)
}
