//! Records in bulk: as many as wanted, with values that look like a company's, the same for the same
//! seed. They pass the checks that a caller's records pass.

mod words;

use serde_json::{Map, Value, json};

use super::CrmWorld;
use super::change::Actor;
use super::schema::validate::{self, Mode};
use super::schema::{Field, Kind, ModuleIndex};
use crate::config::Config;
use crate::ids::Minter;
use words::Words;

/// How far apart records were created, in seconds.
const APART: i64 = 90;

/// Records of one wish: a slip of the keyboard is not to take all memory.
const MOST: usize = 10_000_000;

impl CrmWorld {
    /// Whether a world of this configuration takes so many records of a module.
    ///
    /// # Errors
    /// As [`CrmWorld::seed`].
    pub(crate) fn try_seed(config: &Config, api_name: &str, count: usize) -> Result<(), String> {
        few_enough(count)?;
        Self::new(config).seed(api_name, count.min(1), 0)
    }

    /// Adds so many records to a module, the last of them created at `now`.
    ///
    /// # Errors
    /// What is wrong with the wish: the module is unknown, or its records need what bulk cannot give.
    pub(crate) fn seed(&mut self, api_name: &str, count: usize, now: i64) -> Result<(), String> {
        few_enough(count)?;
        let unknown = || format!("there is no module {api_name}");
        let index = self.schema.find(api_name).ok_or_else(unknown)?;
        let fields = self.schema.module(index).ok_or_else(unknown)?.fields.clone();
        let given = self.ids.given();
        let mut minter = Minter::new(self.ids.organization(), &format!("{api_name} after {given}"));
        let lookups = Lookups::of(self, &fields);
        for number in 1..=count {
            let behind = i64::try_from(count - number).unwrap_or(i64::MAX);
            let at = now.saturating_sub(behind.saturating_mul(APART));
            let record = record(&fields, &lookups, &mut minter, given + number as u64, at);
            let draft = validate::draft(self, index, &record, "$", Mode::Insert)
                .map_err(|fault| format!("{api_name}: {}: {}", fault.message, fault.details))?;
            let actor = Actor {
                user: self.ids.administrator,
                now: at,
            };
            self.insert(index, draft, actor);
        }
        Ok(())
    }
}

fn few_enough(count: usize) -> Result<(), String> {
    match count > MOST {
        true => Err(format!(
            "{count} records are too many, {MOST} are the most at once"
        )),
        false => Ok(()),
    }
}

/// The ids that lookups may point to, by the place of the field.
struct Lookups(Vec<Vec<u64>>);

/// What a record that must hang on another hangs on: the first of these that has records.
const PARENTS: [&str; 4] = ["Leads", "Contacts", "Accounts", "Deals"];

/// How many different records a lookup points to at most.
const TARGETS: usize = 5_000;

impl Lookups {
    fn of(crm: &CrmWorld, fields: &[Field]) -> Self {
        let ids = |index: ModuleIndex| -> Vec<u64> {
            let table = crm.tables.get(index);
            table
                .map(|table| table.ids().take(TARGETS).collect())
                .unwrap_or_default()
        };
        let targets = fields.iter().map(|field| match field.kind {
            Kind::Lookup(target) => crm.schema.find(target).map(ids).unwrap_or_default(),
            Kind::AnyLookup if field.mandatory => {
                let found = PARENTS.iter().filter_map(|parent| crm.schema.find(parent));
                found.map(ids).find(|ids| !ids.is_empty()).unwrap_or_default()
            }
            _ => Vec::new(),
        });
        Self(targets.collect())
    }
}

fn record(
    fields: &[Field],
    lookups: &Lookups,
    minter: &mut Minter,
    number: u64,
    at: i64,
) -> Map<String, Value> {
    let words = Words::new(minter, number);
    let mut record = Map::new();
    for (field, targets) in fields.iter().zip(&lookups.0) {
        // A draw for every field, so that one field more or less does not change the others' values.
        let draw = minter.bits();
        if field.read_only {
            continue;
        }
        if let Some(value) = value(field, targets, &words, draw, at) {
            record.insert(field.api_name.to_string(), value);
        }
    }
    record
}

/// What stands in a field; some stay empty, as they do.
fn value(field: &Field, targets: &[u64], words: &Words, draw: u64, at: i64) -> Option<Value> {
    let sparse = !field.mandatory && draw.is_multiple_of(5);
    if sparse && !field.unique {
        return None;
    }
    let draw = draw >> 8;
    let up_to = |most: u64| draw % most;
    Some(match field.kind {
        Kind::Text | Kind::TextArea => words.text(field.api_name, field.unique, field.length)?.into(),
        Kind::Email => words.email(field.api_name).into(),
        Kind::Phone => format!("+1 555 {:03} {:04}", up_to(900) + 100, (draw >> 10) % 10_000).into(),
        Kind::Website => words.website().into(),
        Kind::Picklist => pick(field.picks, draw)?.into(),
        Kind::MultiPicklist => json!([pick(field.picks, draw)?]),
        Kind::Integer => (up_to(5_000) + 1).into(),
        Kind::BigInt => up_to(1_000_000_000).into(),
        Kind::Double => (up_to(100_000) as f64 / 100.0).into(),
        Kind::Currency => (up_to(5_000_000) as f64 / 100.0).into(),
        Kind::Percent => (up_to(101) as f64).into(),
        Kind::Boolean => draw.is_multiple_of(2).into(),
        Kind::Date => words::day(at + (up_to(90) as i64 - 30) * 86_400)?.into(),
        Kind::DateTime => words::instant(at + up_to(30 * 86_400) as i64)?.into(),
        Kind::Lookup(_) | Kind::AnyLookup => {
            let target = targets.get(usize::try_from(up_to(targets.len().max(1) as u64)).ok()?)?;
            json!({"id": target.to_string()})
        }
        Kind::Id | Kind::Owner | Kind::User | Kind::Image | Kind::Subform | Kind::Tags => {
            return None;
        }
    })
}

fn pick(values: &[&'static str], draw: u64) -> Option<&'static str> {
    let values: Vec<&'static str> = values
        .iter()
        .copied()
        .filter(|value| *value != "-None-")
        .collect();
    let at = usize::try_from(draw % values.len().max(1) as u64).ok()?;
    values.get(at).copied()
}

#[cfg(test)]
mod tests;
