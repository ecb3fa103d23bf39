//! The actions: one file for each group, each a table of descriptions with the functions that run them.

mod attachments;
mod books;
mod books_files;
#[cfg(feature = "bulk")]
mod bulk;
pub(super) mod channels;
mod query;
mod raw;
mod records;
mod related;
mod writes;

use serde_json::{Map, Value, json};

use super::action::Action;
use crate::outcome::{Outcome, Refused, Written};
use crate::page::{Cursor, Page};
use crate::record::Record;

/// All actions, those that everybody expects first.
pub(super) fn all() -> impl Iterator<Item = &'static Action> {
    let groups: &[&'static [Action]] = &[
        books::ACTIONS,
        raw::ACTIONS,
        attachments::ACTIONS,
        query::ACTIONS,
        records::ACTIONS,
        channels::ACTIONS,
        writes::ACTIONS,
        related::ACTIONS,
        #[cfg(feature = "bulk")]
        bulk::ACTIONS,
        books_files::ACTIONS,
    ];
    let all: Vec<&'static Action> = groups.iter().copied().flatten().collect();
    let (usual, beyond): (Vec<_>, Vec<_>) = all.into_iter().partition(|action| !action.beyond);
    usual.into_iter().chain(beyond)
}

/// The key under which records come.
const RECORDS: &str = "records";

/// One page of a list.
fn page(page: Page<Record>) -> Value {
    let next = page.next().cloned();
    let info = page.info().clone();
    let mut out = Map::new();
    let records = page.into_items().into_iter().map(Value::from).collect();
    out.insert(RECORDS.to_owned(), Value::Array(records));
    out.insert("more_records".to_owned(), next.is_some().into());
    match next {
        Some(Cursor::Token(token)) => {
            out.insert("next_page_token".to_owned(), token.into());
        }
        Some(Cursor::Page(number)) => {
            out.insert("next_page".to_owned(), number.into());
        }
        _ => {}
    }
    out.insert("info".to_owned(), Value::Object(info));
    Value::Object(out)
}

/// All of a list.
fn whole(rows: Vec<Record>) -> Value {
    let records: Vec<Value> = rows.into_iter().map(Value::from).collect();
    json!({RECORDS: records, "more_records": false})
}

/// A record that was written.
fn written(written: &Written) -> Value {
    json!({"id": written.id.as_str(), "status": "success", "action": written.action, "details": written.details})
}

/// What became of each record of a batch.
fn outcomes(outcomes: &[Outcome]) -> Value {
    let each = |outcome: &Outcome| match outcome {
        Outcome::Ok(done) => written(done),
        Outcome::Err(refusal) => refused(refusal),
    };
    json!({"outcomes": outcomes.iter().map(each).collect::<Vec<_>>()})
}

fn refused(refused: &Refused) -> Value {
    json!({
        "status": "error", "code": refused.code, "message": refused.message, "api_name": refused.api_name,
        "json_path": refused.json_path, "expected_data_type": refused.expected_data_type, "details": refused.details,
    })
}
