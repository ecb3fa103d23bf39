//! Books record types: their list, newest change first.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::crm::fault;
use super::timed;
use crate::books::catalogue::Modified;
use crate::books::{Records, list};
use crate::error::{Error, Result};
use crate::pipeline;
use crate::pipeline::typed::Core;
use crate::record::Record;
use crate::triggers::cursor::Second;
use crate::triggers::step::{Answer, Ask, Found, Row};
use crate::wire::DateTime;

/// What Books sorts by.
const INSTANT: &str = "last_modified_time";

/// Types whose filter by `last_modified_time` is documented and known to mean something else: it
/// would hide changes, and nothing in the answer would show it.
const MISLEADING: [&str; 1] = ["journals"];

/// The records of a type.
#[derive(Clone, Debug)]
pub(super) struct BooksFeed {
    records: Records,
}

impl BooksFeed {
    pub(super) fn new(records: Records) -> Self {
        Self { records }
    }

    pub(super) fn core(&self) -> &Core {
        self.records.core()
    }

    pub(super) fn name(&self) -> &str {
        self.records.record_type().map_or("?", |row| row.name)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.records.list_request().map(drop)
    }

    pub(super) async fn ask(&self, ask: &Ask) -> Result<Answer> {
        match *ask {
            Ask::Time => {
                let mut found = self.page(None, 1, 1).await?;
                found.rows.clear();
                Ok(Answer::Found(found))
            }
            Ask::Descending { from, page, rows } => {
                self.page(Some(from), page, rows).await.map(Answer::Found)
            }
            _ => Err(Error::config("a Books list is read newest first")),
        }
    }

    async fn page(&self, from: Option<Second>, page: u32, per_page: u32) -> Result<Found> {
        let kind = self.records.record_type()?;
        let mut request = self
            .records
            .list_request()?
            .query("sort_column", INSTANT)
            .query("sort_order", "D")
            .query("page", page.to_string())
            .query("per_page", per_page.to_string());
        if let Some(from) = from
            && kind.modified == Modified::Filter
            && !MISLEADING.contains(&kind.name)
        {
            // Sent to be spared rows; what comes is compared all the same.
            request = request.query(INSTANT, filter(from));
        }
        let timed = timed(self.core(), request).await?;
        let answer = timed.answer;
        let (rows, context) = list::read(&answer, kind.list)?;
        let more = list::has_more(&answer, &context, rows.len(), per_page)?;
        let said = |name: &str| context.get(name).and_then(Value::as_str);
        let sorted = match (said("sort_column"), said("sort_order")) {
            (None, None) => kind.modified != Modified::None,
            (column, order) => column == Some(INSTANT) && order == Some("D"),
        };
        let rows = match from {
            None => Vec::new(),
            Some(_) => rows
                .into_iter()
                .enumerate()
                .map(|(index, record)| row(&answer, kind.list, kind.id, index, record))
                .collect::<Result<_>>()?,
        };
        Ok(Found {
            asked_at: timed.asked_at,
            rows,
            more,
            token: None,
            sorted,
        })
    }
}

/// An instant as Books takes it: the offset has no colon.
fn filter(second: Second) -> String {
    let instant = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    instant
        .to_zoned_datetime(TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S%z")
        .to_string()
}

fn row(answer: &pipeline::Answer, list: &str, id: &str, index: usize, record: Record) -> Result<Row> {
    let missing = |field: &str, message| Err(fault(answer, &format!("$.{list}[{index}].{field}"), message));
    let Some(key) = record.get_id(id) else {
        return missing(id, "the row has no id");
    };
    let Some(at) = record.get_datetime(INSTANT) else {
        return missing(INSTANT, "rows of this type do not say when they changed");
    };
    let second = |time: DateTime| time.timestamp().as_second();
    Ok(Row {
        at: second(at),
        id: key,
        created: record.created_time().map(second),
        record,
    })
}
