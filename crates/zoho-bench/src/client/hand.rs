//! What one would write by hand: reqwest, serde_json, and a loop over page tokens.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::job::{Done, Job};
use super::ours::{FIELDS, Lead};
use crate::Failure;

/// A client with a token.
pub(super) struct Hand {
    http: reqwest::Client,
    base: String,
    token: String,
}

#[derive(Deserialize)]
struct Page<T> {
    data: Vec<T>,
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    more_records: bool,
    next_page_token: Option<String>,
}

impl Hand {
    pub(super) async fn connect() -> Result<Self, Failure> {
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
        let base = std::env::var("ZOHO_MOCK_URL")?;
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            std::env::var("ZOHO_CLIENT_ID")?,
            std::env::var("ZOHO_CLIENT_SECRET")?,
            std::env::var("ZOHO_REFRESH_TOKEN")?
        );
        let answer = http
            .post(format!("{base}/oauth/v2/token"))
            .body(form)
            .send()
            .await?;
        let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
        let token = answer.get("access_token").and_then(Value::as_str);
        let token = format!("Zoho-oauthtoken {}", token.ok_or("there is no token")?);
        Ok(Self { http, base, token })
    }

    pub(super) async fn run(&self, job: Job, rows: usize) -> Result<Done, Failure> {
        match job {
            Job::HandTyped => self.fetch::<Lead>(rows).await,
            Job::HandDynamic => self.fetch::<Value>(rows).await,
            Job::HandCreate => self.create(rows).await,
            Job::Decode => self.decode(rows).await,
            _ => Err("this is no job by hand".into()),
        }
    }

    async fn page(&self, token: Option<&str>) -> Result<Bytes, Failure> {
        let mut url = format!(
            "{}/crm/v8/Leads?fields={}&per_page=200",
            self.base,
            FIELDS.join(",")
        );
        if let Some(token) = token {
            url.push_str("&page_token=");
            url.push_str(token);
        }
        let answer = self
            .http
            .get(url)
            .header("authorization", &self.token)
            .send()
            .await?;
        let answer = answer.error_for_status()?;
        Ok(answer.bytes().await?)
    }

    async fn fetch<T: DeserializeOwned>(&self, rows: usize) -> Result<Done, Failure> {
        let (mut token, mut done) = (None, Done::default());
        while done.rows < rows {
            let body = self.page(token.as_deref()).await?;
            let page: Page<T> = serde_json::from_slice(&body)?;
            done.requests += 1;
            for row in page.data {
                std::hint::black_box(row);
                done.rows += 1;
            }
            token = page.info.next_page_token;
            if !page.info.more_records {
                break;
            }
        }
        Ok(done)
    }

    async fn create(&self, rows: usize) -> Result<Done, Failure> {
        for number in 0..rows {
            let lead = json!({"data": [{"Last_Name": format!("Ngo {number}"), "Company": "Acme"}]});
            let answer = self
                .http
                .post(format!("{}/crm/v8/Leads", self.base))
                .header("authorization", &self.token)
                .json(&lead)
                .send()
                .await?;
            let answer: Value = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
            std::hint::black_box(answer);
        }
        Ok(Done {
            rows,
            ..Done::default()
        })
    }

    async fn decode(&self, rows: usize) -> Result<Done, Failure> {
        let body = self.page(None).await?;
        let mut done = Done::default();
        while done.rows < rows {
            let page: Page<Lead> = serde_json::from_slice(&body)?;
            done.rows += std::hint::black_box(page.data).len();
        }
        Ok(done)
    }
}
