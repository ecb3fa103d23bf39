//! Writes: how each is made, what it came to row by row, and what is learnt when its answer was lost.

use serde_json::Value;
use zoho_client::crm::Conversion;
use zoho_client::wire::ZohoId;
use zoho_client::{Outcome, Record, Result};

use super::System;
use crate::leads::action::{Action, Patch, Row};
use crate::leads::model::{Expected, Model};

/// What became of one row.
#[derive(Debug)]
pub(super) enum Became {
    /// It was taken; its id, where the answer names the row itself.
    Taken(Option<ZohoId>),
    /// It was refused: the code, and the field at fault.
    Refused(String, Option<String>),
}

impl From<Outcome> for Became {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ok(written) => Self::Taken(Some(written.id)),
            Outcome::Err(refused) => Self::Refused(refused.code, refused.api_name),
            other => Self::Refused(format!("{other:?}"), None),
        }
    }
}

/// A call about one row: Zoho's refusal of it is no failure.
fn one<T>(result: Result<T>) -> Result<Vec<Became>> {
    match result {
        Ok(_) => Ok(vec![Became::Taken(None)]),
        Err(error) if error.is_outcome_unknown() => Err(error),
        Err(error) => match error.api().map(|api| api.code().to_owned()) {
            Some(code) => Ok(vec![Became::Refused(code, None)]),
            None => Err(error),
        },
    }
}

impl System {
    /// Makes a write and tells what became of each of its rows.
    pub(super) fn write(&self, model: &Model, action: &Action) -> Result<Vec<Became>> {
        let crm = self.harness.zoho.crm();
        let leads = crm.records("Leads");
        let first = || self.id(model.named.first().copied().flatten());
        self.harness.run(async {
            match action {
                Action::Create(rows) => leads.create(rows.iter().map(row_record)).await,
                Action::Upsert(rows) => {
                    let rows = rows.iter().map(row_record);
                    leads.upsert(rows).duplicate_check_fields(["Email"]).await
                }
                Action::Update(patches) => {
                    let named = model.named.iter().zip(patches);
                    let rows = named
                        .map(|(slot, (_, patch))| patch_record(patch).set("id", self.id(*slot).as_str()));
                    leads.update(rows).await
                }
                Action::Delete(_) => leads.delete(model.named.iter().map(|slot| self.id(*slot))).await,
                Action::Restore(_) => {
                    let api = crm.api();
                    let reply = api.recycle_bin().restore_recycle_bin_record(&first()).await;
                    return restored(reply.map(|reply| serde_json::to_value(&*reply).unwrap_or_default()));
                }
                Action::Convert(_) => return one(leads.convert(first(), Conversion::new()).await),
                other => unreachable!("{other:?} is no write"),
            }
            .map(|outcomes| outcomes.into_iter().map(Became::from).collect())
        })
    }

    /// Holds what became of each row against the model, and keeps the ids of new ones.
    pub(super) fn compare(&mut self, model: &Model, results: &[Became]) {
        assert_eq!(results.len(), model.expected.len(), "one outcome per row");
        for (index, (result, expected)) in results.iter().zip(&model.expected).enumerate() {
            let agrees = match (expected, result) {
                (Expected::Inserted(slot), Became::Taken(Some(id))) => {
                    let fresh = !self.ids.values().any(|known| known == id);
                    self.ids.insert(*slot, id.clone());
                    fresh
                }
                (Expected::Updated(slot) | Expected::Deleted(slot), Became::Taken(Some(id))) => {
                    self.ids.get(slot) == Some(id)
                }
                (Expected::Restored(_) | Expected::Converted(_), Became::Taken(None)) => true,
                (Expected::Refused(code, field), Became::Refused(found, name)) => {
                    found == code && field.is_none_or(|field| name.as_deref() == Some(field))
                }
                _ => false,
            };
            assert!(
                agrees,
                "row {index}: the model says {expected:?}, Zoho said {result:?}"
            );
        }
    }

    /// Looks for the rows of a write whose answer was lost: ids that nobody knew, in order of creation.
    pub(super) fn learn(&mut self, model: &Model) {
        let rows = self.harness.run(async {
            let query = "select id from Leads where id is not null order by id asc";
            self.harness.zoho.crm().coql(query).all().await
        });
        let rows = rows.expect("the query is readable");
        let known: Vec<&ZohoId> = self.ids.values().collect();
        let found: Vec<ZohoId> = rows
            .iter()
            .map(Record::id)
            .filter(|id| !known.contains(&id))
            .collect();
        let slots: Vec<usize> = model
            .expected
            .iter()
            .filter_map(|expected| match expected {
                Expected::Inserted(slot) => Some(*slot),
                _ => None,
            })
            .collect();
        assert_eq!(found.len(), slots.len(), "new rows");
        self.ids.extend(slots.into_iter().zip(found));
    }
}

/// The one outcome of a restore.
fn restored(reply: Result<Value>) -> Result<Vec<Became>> {
    let body = match reply {
        Ok(body) => body,
        Err(error) => return one::<()>(Err(error)),
    };
    let text = |at: &str| {
        body.pointer(at)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(vec![match text("/recycle_bin/0/status").as_str() {
        "success" => Became::Taken(None),
        _ => Became::Refused(text("/recycle_bin/0/code"), None),
    }])
}

fn row_record(row: &Row) -> Record {
    record([
        ("Last_Name", &row.last_name),
        ("Company", &row.company),
        ("Email", &row.email),
    ])
}

fn patch_record(patch: &Patch) -> Record {
    record([
        ("Last_Name", &patch.last_name),
        ("Company", &patch.company),
        ("Email", &patch.email),
    ])
}

fn record(fields: [(&str, &Option<String>); 3]) -> Record {
    fields
        .into_iter()
        .filter_map(|(field, value)| value.as_ref().map(|value| (field, Value::from(value.as_str()))))
        .collect()
}
