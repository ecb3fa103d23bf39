//! COQL: Zoho's query language over CRM records.

mod builder;
mod literal;

pub use builder::{Column, Condition, Select};
pub use literal::Literal;

use std::marker::PhantomData;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::list::{convert, read};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::{self, Cursor, Fetch, ListStream, Page};
use crate::pipeline::request::Request;
use crate::pipeline::typed::Core;
use crate::record::Record;
use crate::wire::ZohoId;

/// Zoho's bound on rows in one call.
pub(super) const ROWS: u64 = 2000;
/// Zoho's bound on rows by offset.
pub(super) const REACH: u64 = 100_000;

/// A query that is about to be asked.
///
/// A query without a `limit` of its own is paged by limit and offset, 2,000 rows at a time, up to
/// Zoho's 100,000. A [`Select`] that shows `id` and has no order of its own goes on from there by id;
/// any other query ends with [`ErrorKind::Exhausted`]. A query with its own `limit` is one page.
/// Values from outside belong into a [`Select`], or through [`Coql::text`].
#[must_use = "a query is asked by send, pages, stream or all"]
#[derive(Debug)]
pub struct Coql<T = Record> {
    core: Core,
    query: Query,
    rows: u64,
    start: Option<Cursor>,
    row: PhantomData<fn() -> T>,
}

/// A query: its text, or a [`Select`].
#[derive(Clone, Debug)]
pub struct Query(Written);

#[derive(Clone, Debug)]
enum Written {
    Text(String),
    Built(Select),
}

impl From<&str> for Query {
    fn from(text: &str) -> Self {
        Self(Written::Text(text.to_owned()))
    }
}

impl From<String> for Query {
    fn from(text: String) -> Self {
        Self(Written::Text(text))
    }
}

impl From<Select> for Query {
    fn from(select: Select) -> Self {
        Self(Written::Built(select))
    }
}

impl Query {
    /// The query's text without a semicolon, for the rows behind one where it can go on like that.
    fn text(&self, behind: Option<&ZohoId>) -> Result<String> {
        match (&self.0, behind) {
            (Written::Text(text), None) => Ok(text.trim().trim_end_matches(';').trim_end().to_owned()),
            (Written::Built(select), None) => select.to_coql(),
            (Written::Built(select), Some(id)) if select.goes_by_id() => select.behind(id).to_coql(),
            (_, Some(_)) => Err(Error::config("this query can not start at that cursor")),
        }
    }

    fn goes_by_id(&self) -> bool {
        matches!(&self.0, Written::Built(select) if select.goes_by_id())
    }
}

impl Coql<Record> {
    /// A text as a COQL literal: in quotes, with what would end it escaped.
    ///
    /// ```
    /// use zoho_client::crm::Coql;
    ///
    /// assert_eq!(Coql::text("O'Hara"), r"'O\'Hara'");
    /// ```
    #[must_use]
    pub fn text(value: &str) -> String {
        let mut literal = String::with_capacity(value.len() + 2);
        literal.push('\'');
        for c in value.chars() {
            if matches!(c, '\'' | '\\') {
                literal.push('\\');
            }
            literal.push(c);
        }
        literal.push('\'');
        literal
    }
}

impl<T> Coql<T> {
    pub(crate) fn new(core: Core, query: Query) -> Self {
        Self {
            core,
            query,
            rows: ROWS,
            start: None,
            row: PhantomData,
        }
    }

    /// The rows as a type of your own.
    pub fn rows_as<U>(self) -> Coql<U> {
        Coql {
            core: self.core,
            query: self.query,
            rows: self.rows,
            start: self.start,
            row: PhantomData,
        }
    }

    /// The rows of one page: 1 to 2,000, which is also the default. Up to 200 cost one credit.
    pub fn per_page(mut self, rows: u32) -> Self {
        self.rows = rows.into();
        self
    }

    /// Starts where another run of the same query stopped.
    pub fn from_cursor(mut self, cursor: Cursor) -> Self {
        self.start = Some(cursor);
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> Coql<T> {
    /// One page.
    ///
    /// # Errors
    /// The call failed.
    pub async fn send(self) -> Result<Page<T>> {
        let start = self.start.clone();
        self.fetch(start).await
    }

    /// The pages, each asked for when it is wanted.
    pub fn pages(self) -> ListStream<Page<T>> {
        let start = self.start.clone();
        page::pages(self, start, 0)
    }

    /// The rows, each page asked for when it is wanted.
    pub fn stream(self) -> ListStream<T> {
        let start = self.start.clone();
        page::rows(self, start, 0)
    }

    /// All rows.
    ///
    /// # Errors
    /// A page could not be fetched, or there are more than 100,000 rows.
    pub async fn all(self) -> Result<Vec<T>> {
        let start = self.start.clone();
        page::all(self, start, 0).await
    }

    async fn one(&self, at: Option<Cursor>) -> Result<Page<T>> {
        let wrong = |message: String| Error::config(message).with_operation(op::QUERY_RECORDS.id);
        if !(1..=ROWS).contains(&self.rows) {
            return Err(wrong("a page of a query has 1 to 2,000 rows".to_owned()));
        }
        let behind = match &at {
            Some(Cursor::Behind(id)) => Some(id),
            _ => None,
        };
        let query = self
            .query
            .text(behind)
            .map_err(|error| error.with_operation(op::QUERY_RECORDS.id))?;
        if query.is_empty() {
            return Err(wrong("the query is empty".to_owned()));
        }
        let behind = behind.is_some();
        let own_limit = has_limit(&query);
        let offset = match at {
            None => 0,
            Some(Cursor::Offset(offset)) if !own_limit => offset,
            Some(Cursor::Behind(_)) => 0,
            Some(_) => return Err(wrong("this query can not start at that cursor".to_owned())),
        };
        let rows = self.rows.min(REACH.saturating_sub(offset));
        if rows == 0 {
            return Err(Error::new(
                ErrorKind::Exhausted,
                "Zoho gives no more than 100,000 rows of one query; narrow it down, or sort by id and go on with a \
                 condition on the last one",
            )
            .with_operation(op::QUERY_RECORDS.id)
            .with_cursor(Cursor::Offset(offset)));
        }
        let query = if own_limit {
            query
        } else {
            format!("{query} limit {offset}, {rows}")
        };
        let request = Request::of(&op::QUERY_RECORDS, &[])?.json(&json!({ "select_query": query }))?;
        let answer = self.core.call(request).await?;
        let Some((found, info)) = read(&answer, "data")? else {
            return Ok(Page::last(Vec::new()));
        };
        let more = info.get("more_records").and_then(Value::as_bool).ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the page does not say whether there is more")
                .with_operation(op::QUERY_RECORDS.id)
                .with_status(answer.status)
                .with_json_path("$.info.more_records")
        })?;
        let last = found.last().map(Record::id);
        let next = match last {
            _ if !more || own_limit => None,
            Some(last) if self.query.goes_by_id() && (behind || offset + rows >= REACH) => {
                Some(Cursor::Behind(last))
            }
            // By what was asked for and not by what came: Zoho may leave rows out of a page.
            _ => Some(Cursor::Offset(offset + rows)),
        };
        let items = found
            .into_iter()
            .enumerate()
            .map(|(index, row)| convert(op::QUERY_RECORDS.id, "data", index, row))
            .collect::<Result<_>>()?;
        Ok(Page::new(items, next, info))
    }
}

impl<T: DeserializeOwned + Send + 'static> Fetch<T> for Coql<T> {
    fn fetch(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Page<T>>> {
        self.one(at).boxed()
    }
}

/// Whether a query has a `limit` outside its quoted texts.
fn has_limit(query: &str) -> bool {
    let mut bare = String::with_capacity(query.len());
    let mut quote = None;
    let mut characters = query.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), _) if c == open => {
                quote = None;
                bare.push(' ');
            }
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, _) => bare.push(c),
        }
    }
    let mut depth = 0_i32;
    bare.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| {
            let name = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            let found = depth == 0 && name.eq_ignore_ascii_case("limit");
            depth += i32::from(word.ends_with('(')) - i32::from(word.ends_with(')'));
            found
        })
}

#[cfg(test)]
mod tests {
    use super::has_limit;

    #[test]
    fn a_limit_counts_only_outside_quotes_and_subqueries() {
        for query in [
            "select id from Leads where id > 1 limit 10",
            "select id from Leads where a = 'x' LIMIT 0,10",
            "select id from Leads where (a = 'x') limit 5 offset 2",
        ] {
            assert!(has_limit(query), "{query}");
        }
        for query in [
            "select id from Leads where Last_Name = 'limit 5'",
            r"select id from Leads where Last_Name = 'it\'s limit 5'",
            "select Credit_limit from Accounts where id > 1",
            "select id from Leads where id in (select id from Contacts limit 5)",
        ] {
            assert!(!has_limit(query), "{query}");
        }
    }
}
