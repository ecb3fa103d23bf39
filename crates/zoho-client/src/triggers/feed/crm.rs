//! CRM modules: queries by keyset, lists where those are refused, deletions.

mod bulk;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::timed;
use crate::crm::{Converted, Crm};
use crate::error::{ApiError, Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::pipeline;
use crate::pipeline::request::Request;
use crate::pipeline::typed::Core;
use crate::record::Record;
use crate::triggers::cursor::Second;
use crate::triggers::step::{Answer, Ask, Found, Row};
use crate::triggers::text;
use crate::wire::{DateTime, ZohoId};

/// Zoho's bound on fields in one call.
const FIELDS: usize = 50;
/// Fields that are brought whatever is asked for.
const ALWAYS: [&str; 3] = ["id", "Modified_Time", "Created_Time"];
/// Rows of a page of a list at most.
const ROWS: u32 = 200;
/// What Zoho says of modules, fields and connections that can not be queried.
const NO_QUERIES: [&str; 7] = [
    "INVALID_MODULE",
    "INVALID_QUERY",
    "NOT_SUPPORTED",
    "API_NOT_SUPPORTED",
    "QUERY_NOT_SUPPORTED",
    "FEATURE_NOT_SUPPORTED",
    "OAUTH_SCOPE_MISMATCH",
];

/// The records of a module.
#[derive(Clone, Debug)]
pub(super) struct CrmFeed {
    crm: Crm,
    pub(super) module: String,
    pub(super) fields: Option<Vec<String>>,
    #[cfg(feature = "bulk")]
    archive: bulk::Kept,
}

impl CrmFeed {
    pub(super) fn new(crm: Crm, module: String) -> Self {
        Self {
            crm,
            module,
            fields: None,
            #[cfg(feature = "bulk")]
            archive: bulk::Kept::default(),
        }
    }

    pub(super) fn core(&self) -> &Core {
        &self.crm.core
    }

    /// Names go into queries: they are held to what an API name is.
    pub(super) fn check(&self) -> Result<()> {
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_.$".contains(c))
        };
        let names = self.fields.iter().flatten().map(String::as_str);
        match std::iter::once(self.module.as_str())
            .chain(names)
            .find(|name| !is_name(name))
        {
            None => Ok(()),
            Some(name) => Err(Error::config(format!(
                "`{}` is not the API name of a module or field",
                name.escape_debug()
            ))),
        }
    }

    pub(super) async fn ask(&self, ask: &Ask, rows: u32) -> Result<Answer> {
        match ask {
            Ask::Time => {
                let request = Request::of(&op::LIST_RECORDS, &[&self.module])?
                    .query("fields", "id")
                    .query("per_page", "1");
                let asked_at = timed(self.core(), request).await?.asked_at;
                Ok(Answer::Found(Found {
                    asked_at,
                    ..Found::default()
                }))
            }
            Ask::Deleted { from, page, rows } => self.deleted(*from, *page, *rows).await,
            Ask::Ascending { from, after } => self.queried(*from, after.as_ref(), rows).await,
            Ask::Listed { from, token } => self.listed(*from, token.as_deref(), rows).await,
            Ask::Many { above } => self.many(*above).await,
            Ask::Export { after } => self.export(after.as_ref()).await.map(Answer::Job),
            Ask::ExportState { job } => self.export_state(job).await.map(Answer::Job),
            Ask::ExportRows { job, skip, rows } => self.export_rows(job, *skip, *rows).await,
            Ask::Descending { .. } => Err(Error::config("a CRM module is not read newest first")),
        }
    }

    async fn deleted(&self, from: Second, page: u32, rows: u32) -> Result<Answer> {
        let request = Request::of(&op::LIST_DELETED_RECORDS, &[&self.module])?
            .query("type", "all")
            .query("page", page.to_string())
            .query("per_page", rows.to_string())
            .header("if-modified-since", &before(from))?;
        self.found(request, "deleted_time", &[]).await.map(Answer::Found)
    }

    async fn queried(&self, from: Second, after: Option<&(Second, ZohoId)>, limit: u32) -> Result<Answer> {
        let (fields, more) = self.split_fields().await?;
        let condition = match after {
            None => format!("Modified_Time >= '{}'", text(from)),
            Some((second, id)) => {
                let second = text(*second);
                format!("((Modified_Time = '{second}' and id > {id}) or Modified_Time > '{second}')")
            }
        };
        let query = format!(
            "select {} from {} where {condition} order by Modified_Time asc, id asc limit {limit}",
            fields.join(", "),
            self.module
        );
        let request = Request::of(&op::QUERY_RECORDS, &[])?.json(&json!({ "select_query": query }))?;
        match self.found(request, "Modified_Time", &more).await {
            Ok(found) => Ok(Answer::Found(found)),
            Err(error) if after.is_none() && is(&error, &NO_QUERIES) => {
                tracing::info!(module = self.module, %error, "no queries of this module: its list is read");
                Ok(Answer::NoQueries)
            }
            Err(error) => Err(error),
        }
    }

    async fn listed(&self, from: Second, token: Option<&str>, rows: u32) -> Result<Answer> {
        let (fields, more) = self.split_fields().await?;
        let mut request = Request::of(&op::LIST_RECORDS, &[&self.module])?
            .query("fields", fields.join(","))
            .query("sort_by", "Modified_Time")
            .query("sort_order", "asc")
            .query("per_page", rows.min(ROWS).to_string())
            .header("if-modified-since", &before(from))?;
        if self.module == "Leads" {
            request = request.query("converted", "both");
        }
        if let Some(token) = token {
            request = request.query("page_token", token);
        }
        match self.found(request, "Modified_Time", &more).await {
            Ok(found) => Ok(Answer::Found(found)),
            Err(error) if token.is_some() && is(&error, &["EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH"]) => {
                Ok(Answer::TokenSpent)
            }
            Err(error) => Err(error),
        }
    }

    /// The fields of one call, and those that need further calls.
    async fn split_fields(&self) -> Result<(Vec<String>, Vec<String>)> {
        let wanted = match &self.fields {
            Some(fields) => fields.clone(),
            None => self.crm.metadata.field_names(self.core(), &self.module).await?,
        };
        let mut fields: Vec<String> = ALWAYS.map(str::to_owned).to_vec();
        for field in wanted {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        let more = fields.split_off(fields.len().min(FIELDS));
        Ok((fields, more))
    }

    async fn found(&self, request: Request, instant: &str, more: &[String]) -> Result<Found> {
        let timed = timed(self.core(), request).await?;
        let answer = timed.answer;
        let Some((rows, info)) = crate::crm::list::read(&answer, "data")? else {
            return Ok(Found {
                asked_at: timed.asked_at,
                ..Found::default()
            });
        };
        let more_records = info.get("more_records").and_then(Value::as_bool).ok_or_else(|| {
            fault(
                &answer,
                "$.info.more_records",
                "the page does not say whether there is more",
            )
        })?;
        let mut rows = rows
            .into_iter()
            .enumerate()
            .map(|(index, record)| row(&answer, index, record, instant))
            .collect::<Result<Vec<Row>>>()?;
        if !more.is_empty() && !rows.is_empty() {
            self.complete(&mut rows, more).await?;
        }
        let token = info.get("next_page_token").and_then(Value::as_str);
        Ok(Found {
            asked_at: timed.asked_at,
            rows,
            more: more_records,
            token: token.filter(|token| !token.is_empty()).map(str::to_owned),
            sorted: true,
        })
    }

    /// Brings the fields that did not fit into the first call.
    async fn complete(&self, rows: &mut [Row], fields: &[String]) -> Result<()> {
        let places: HashMap<ZohoId, usize> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.id.clone(), place))
            .collect();
        let list = self
            .crm
            .records(&self.module)
            .fields(fields)
            .ids(rows.iter().map(|row| &row.id));
        let list = match self.module == "Leads" {
            true => list.converted(Converted::Both),
            false => list,
        };
        for more in list.all().await? {
            if let Some(row) = places.get(&more.id()).and_then(|place| rows.get_mut(*place)) {
                row.record.merge(more);
            }
        }
        Ok(())
    }
}

/// The value of `If-Modified-Since` that brings a second itself, whether Zoho means "since" or "after".
fn before(second: Second) -> String {
    text(second.saturating_sub(1))
}

fn is(error: &Error, codes: &[&str]) -> bool {
    error
        .api()
        .map(ApiError::code)
        .is_some_and(|code| codes.contains(&code))
}

fn row(answer: &pipeline::Answer, index: usize, record: Record, instant: &str) -> Result<Row> {
    let id = record.id();
    if id.is_empty() {
        return Err(fault(answer, &format!("$.data[{index}].id"), "the row has no id"));
    }
    let at = record.get_datetime(instant).ok_or_else(|| {
        fault(
            answer,
            &format!("$.data[{index}].{instant}"),
            "the row has no instant",
        )
    })?;
    let second = |time: DateTime| time.timestamp().as_second();
    Ok(Row {
        at: second(at),
        id,
        created: record.created_time().map(second),
        record,
    })
}

/// A row of an archive.
#[cfg(feature = "bulk")]
fn exported(job: &str, number: u64, record: Record) -> Result<Row> {
    let wrong = |field: &str| {
        let message = format!("row {number} of the archive of job {job} has no {field}");
        Error::new(ErrorKind::Decode, message).with_operation(op::DOWNLOAD_BULK_READ.id)
    };
    let second = |time: DateTime| time.timestamp().as_second();
    let id = record.id();
    if id.is_empty() {
        return Err(wrong("id"));
    }
    Ok(Row {
        at: record
            .modified_time()
            .map(second)
            .ok_or_else(|| wrong("Modified_Time"))?,
        created: record.created_time().map(second),
        id,
        record,
    })
}

pub(super) fn fault(answer: &pipeline::Answer, path: &str, message: &'static str) -> Error {
    Error::new(ErrorKind::Decode, message)
        .with_operation(answer.id.clone())
        .with_status(answer.status)
        .with_json_path(path)
}
