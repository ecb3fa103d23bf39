//! Looking records up by a unique field: what to do about a write whose outcome is unknown.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use super::coql::{Column, Select};
use super::records::Records;
use super::write::Write;
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{Outcome, PartialWrite};
use crate::wire::ZohoId;

/// The values of one query: Zoho's bound on `in`.
const VALUES: usize = 50;

impl<T> Records<T> {
    /// The ids of the records that have these values in a unique field, in the order of the values; `None` where there
    /// is no such record. It asks by COQL, which unlike the search knows of what was written a moment ago.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: a name can not be one. Otherwise a call failed.
    pub async fn look_up<S: AsRef<str>>(
        &self,
        field: &str,
        values: impl IntoIterator<Item = S>,
    ) -> Result<Vec<Option<ZohoId>>> {
        let values: Vec<S> = values.into_iter().collect();
        let mut found = HashMap::new();
        for chunk in values.chunks(VALUES) {
            let texts = chunk.iter().map(|value| value.as_ref().to_owned());
            let query = Select::new(["id", field])
                .from(self.module())
                .filter(Column::of(field).is_in(texts));
            for row in self.crm().coql(query).all().await? {
                // Zoho compares texts without regard to case, as its unique fields do.
                if let Some(value) = row.get_str(field) {
                    found.insert(value.to_lowercase(), row.id());
                }
            }
        }
        let of = |value: &S| found.get(&value.as_ref().to_lowercase()).cloned();
        Ok(values.iter().map(of).collect())
    }
}

impl Write {
    /// Looks records up by a field that is unique in Zoho where the outcome of a create is unknown, before they are
    /// sent again: those that are there count as written, the others are sent once more.
    ///
    /// The field must be marked unique in Zoho. Then even a first request that is still under way does no harm: what
    /// comes second is refused with `DUPLICATE_DATA`. A record that was there all along would have been refused too,
    /// and shows here as one that was written.
    pub fn look_up_by(mut self, unique_field: impl Into<String>) -> Self {
        self.unique = Some(unique_field.into());
        self
    }

    /// The write carried through: what is unknown is looked up, and what is not there is sent again.
    pub(super) async fn settle(&self, error: Error, field: &str) -> Result<Vec<Outcome>> {
        let Some(partial) = error
            .partial_write()
            .cloned()
            .filter(|_| error.is_outcome_unknown())
        else {
            return Err(error);
        };
        // Still unknown when it fails; what stopped the write says more than what stopped the question.
        let Ok(found) = self.find(field, partial.unknown.clone()).await else {
            return Err(error);
        };
        let total = self.items().len();
        let mut settled: Vec<Option<Outcome>> = partial.known.into_iter().map(Some).collect();
        settled.extend(found.into_iter().map(|id| id.map(Outcome::found)));
        settled.resize(total, None);
        let open: Vec<usize> = (0..total)
            .filter(|place| settled.get(*place).is_some_and(Option::is_none))
            .collect();
        let items = open
            .iter()
            .filter_map(|place| self.items().get(*place).cloned())
            .collect();
        let (outcomes, failure) = match self.of_items(items).send_all().await {
            Ok(outcomes) => (outcomes, None),
            Err(error) => {
                let known = error
                    .partial_write()
                    .map_or(Vec::new(), |partial| partial.known.clone());
                (known, Some(error))
            }
        };
        for (place, outcome) in open.iter().zip(outcomes) {
            if let Some(slot) = settled.get_mut(*place) {
                *slot = Some(outcome);
            }
        }
        match failure {
            None => Ok(settled.into_iter().flatten().collect()),
            Some(error) => Err(stopped_again(error, &settled, &open)),
        }
    }

    async fn find(&self, field: &str, places: Range<usize>) -> Result<Vec<Option<ZohoId>>> {
        let value = |place: usize| {
            let value = self.items().get(place).and_then(|item| item.get(field));
            value.and_then(Value::as_str).filter(|text| !text.is_empty())
        };
        let values: Option<Vec<&str>> = places.map(value).collect();
        let values = values.ok_or_else(|| {
            Error::new(
                ErrorKind::Config,
                format!("a record has no text in `{}`", field.escape_debug()),
            )
        })?;
        self.records().look_up(field, values).await
    }
}

/// The error of the second sending, with what is known in the places of the whole write.
fn stopped_again(error: Error, settled: &[Option<Outcome>], open: &[usize]) -> Error {
    let total = settled.len();
    let known: Vec<Outcome> = settled.iter().map_while(Clone::clone).collect();
    let doubtful = error.partial_write().map_or(0, |partial| partial.unknown.end);
    let doubtful = doubtful.checked_sub(1).and_then(|last| open.get(last).copied());
    let found = settled.iter().rposition(Option::is_some);
    // What was found behind the first gap is called unknown rather than not written.
    let end = doubtful
        .max(found)
        .map_or(known.len(), |last| last + 1)
        .max(known.len());
    error.with_partial(PartialWrite {
        unknown: known.len()..end,
        not_written: end..total,
        known,
    })
}
