//! Lists past the 100,000 rows that page tokens reach: the ids by COQL, the rows as before.
//!
//! COQL shows converted leads, lookups and rich text otherwise than a list does. So only ids are taken from it, and
//! the rows come from the list's own operation: what it hides stays hidden, and what it shows looks the same.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::fetch::IDS;
use super::rows::read;
use super::{List, ROWS, SortOrder};
use crate::crm::coql::{Column, Select};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::body::Last;
use crate::page::{Cursor, Page};
use crate::record::Record;
use crate::wire::ZohoId;

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// Where the list goes on behind its last row, when a bound of Zoho's ended it there.
    pub(super) fn go_on(&self, error: Error, last: Option<ZohoId>) -> Result<Cursor> {
        let by_token = matches!(error.cursor(), Some(Cursor::Token(_)));
        match last {
            Some(last) if by_token && self.goes_by_id() => Ok(Cursor::Behind(last)),
            last => {
                let told = error.message().trim_end_matches('.').to_owned();
                let last = last.map_or(String::new(), |id| format!(" (the last row was {id})"));
                Err(error.with_message(format!(
                    "{told}{last}; narrow the list down, or ask by COQL with a condition on the last id"
                )))
            }
        }
    }

    /// Whether the list is in the order of ids and holds nothing back that COQL would not know of.
    pub(in crate::crm) fn goes_by_id(&self) -> bool {
        let known = |(name, value): &(&str, String)| match *name {
            "sort_by" => value == "id",
            "sort_order" | "converted" | "approved" => true,
            _ => false,
        };
        self.operation.id == op::LIST_RECORDS.id
            && self.ids.is_none()
            && self.modified_since.is_none()
            && self.parameters.iter().all(known)
    }

    /// The page behind a row.
    pub(super) async fn behind(&self, id: &ZohoId) -> Result<Page<T>> {
        if !self.goes_by_id() {
            return Err(
                Error::config("this list can not start at that cursor").with_operation(self.operation.id)
            );
        }
        let ascending = self.parameters.contains(&("sort_order", "asc".to_owned()));
        let (condition, order) = if ascending {
            (Column::of("id").gt(id), SortOrder::Asc)
        } else {
            (Column::of("id").lt(id), SortOrder::Desc)
        };
        let module = self.path.first().map_or("", String::as_str);
        let query = Select::new(["id"])
            .from(module)
            .filter(condition)
            .order_by("id", order);
        let asked = self
            .crm
            .coql(query)
            .per_page(self.per_page.min(ROWS))
            .send()
            .await;
        let page = asked.map_err(|error| self.unreachable(error, id))?;
        let more = page.next().is_some();
        let ids: Vec<ZohoId> = page.into_items().iter().map(Record::id).collect();
        let mut rows = self.rows_of(&ids).await?;
        let chunks = self.chunks().await?;
        for fields in chunks.iter().skip(1) {
            self.complete(&mut rows, &fields.joined).await?;
        }
        let last = ids.last().cloned();
        let items = rows
            .into_iter()
            .enumerate()
            .map(|(index, row)| self.convert(index, row))
            .collect::<Result<_>>()?;
        let next = last.clone().filter(|_| more).map(Cursor::Behind);
        let last = last.map_or(Last::Unknown, Last::Id);
        Ok(Page::new(items, next, Map::new()).ending_at(last))
    }

    /// The rows of these ids that the list shows, in the order of the ids.
    async fn rows_of(&self, ids: &[ZohoId]) -> Result<Vec<Record>> {
        let chunks = self.chunks().await?;
        let fields = chunks.first().map(|fields| fields.joined.as_str());
        let mut found: HashMap<ZohoId, Record> = HashMap::new();
        for chunk in ids.chunks(IDS) {
            let texts: Vec<&str> = chunk.iter().map(ZohoId::as_str).collect();
            let request = self
                .request(fields)?
                .query("ids", texts.join(","))
                .query("per_page", ROWS.to_string());
            let answer = self.crm.core.call(request).await?;
            let (rows, _): (Vec<Record>, Map<String, Value>) =
                read(&answer, self.items_key())?.unwrap_or_default();
            found.extend(rows.into_iter().map(|row| (row.id(), row)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Why the list ends here although COQL could go on: the connection may not ask it, or not of this module.
    fn unreachable(&self, error: Error, id: &ZohoId) -> Error {
        match error.kind() {
            ErrorKind::Auth | ErrorKind::Api => Error::new(
                ErrorKind::Exhausted,
                format!(
                    "Zoho lists no more than 100,000 rows (the last was {id}), and COQL, which could go on, is refused; \
                     narrow the list down, or grant ZohoCRM.coql.READ"
                ),
            )
            .with_operation(self.operation.id)
            .with_cursor(Cursor::Behind(id.clone()))
            .with_source(error),
            _ => error,
        }
    }
}
