//! Modules, records and channels, for people to look through.

use std::ops::Bound;

use serde_json::{Map, Value, json};

use super::CrmWorld;
use super::render::{Selection, id, string};
use super::schema::{Field, Kind, Module, ModuleIndex, Source};
use super::search::Matcher;
use super::store::{Cell, Key, Order, Row, SortKey};

/// Rows that one look for a text goes through: few enough that nobody waits.
const LOOKED_THROUGH: usize = 4_000;
/// Columns of a page, the name and the time of the last change aside.
const COLUMNS: usize = 4;

/// The records that were changed last come first.
const ORDER: Order = Order {
    key: SortKey::Modified,
    descending: true,
};

/// What to look for: words, after which record to go on, and how many rows to give.
#[derive(Clone, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) text: Option<&'a str>,
    pub(crate) after: Option<Key>,
    pub(crate) limit: usize,
}

/// What is to be found in a row: all of its words, or the id.
struct Wanted {
    words: Vec<Matcher>,
    id: Option<u64>,
}

impl Wanted {
    fn of(text: Option<&str>) -> Option<Self> {
        let text = text?.to_lowercase();
        Some(Self {
            id: text.parse().ok(),
            words: text
                .split_whitespace()
                .map(|word| Matcher::Word(word.to_owned()))
                .collect(),
        })
    }

    fn is(&self, crm: &CrmWorld, row: &Row) -> bool {
        self.id == Some(row.id) || self.words.iter().all(|word| word.matches(crm, row))
    }
}

impl CrmWorld {
    /// All modules with how many records they have.
    pub(crate) fn modules_shown(&self) -> Value {
        let modules = self.schema.modules.iter().zip(&self.tables);
        modules
            .map(|(module, table)| {
                json!({"api_name": module.api_name, "plural": module.plural, "records": table.len()})
            })
            .collect()
    }

    /// A page of records as JSON text: `fields`, `columns`, `rows`, `next`, `looked_through`, `total`.
    /// `None` when there is no such module.
    pub(crate) fn browse(&self, module: &str, look: &Look<'_>) -> Option<Vec<u8>> {
        let index = self.schema.find(module)?;
        let (module, table) = (self.schema.module(index)?, self.tables.get(index)?);
        let wanted = Wanted::of(look.text);
        let mut rows: Vec<&Row> = Vec::new();
        // What an index knows needs no search.
        let known = wanted
            .as_ref()
            .map_or_else(Vec::new, |_| self.known(index, look.text.unwrap_or_default()));
        let (mut seen, mut last, mut more) = (0, None, false);
        if look.after.is_none() {
            rows.extend(known.iter().copied());
        }
        let high = look.after.map_or(Bound::Unbounded, Bound::Excluded);
        for row in table.range(ORDER, Bound::Unbounded, high) {
            if rows.len() >= look.limit || (wanted.is_some() && seen == LOOKED_THROUGH) {
                more = true;
                break;
            }
            seen += 1;
            last = Some(ORDER.key_of(row));
            let found = wanted.as_ref().is_none_or(|wanted| wanted.is(self, row));
            if found && !known.iter().any(|known| known.id == row.id) {
                rows.push(row);
            }
        }
        let columns = columns(module);
        let selection = Selection::of(module, &columns.join(","));
        let mut out = b"{\"rows\":[".to_vec();
        for (count, row) in rows.into_iter().enumerate() {
            if count > 0 {
                out.push(b',');
            }
            self.write_row(&mut out, index, row, &selection);
        }
        let rest = json!({
            "columns": columns,
            "fields": fields_shown(module),
            "next": last.filter(|_| more).map(|(at, id)| format!("{at}-{id}")),
            "looked_through": seen,
            "total": table.len(),
        });
        out.extend_from_slice(b"],");
        out.extend_from_slice(rest.to_string().get(1..).unwrap_or("}").as_bytes());
        Some(out)
    }

    /// One record in full as JSON text: `path`, `name`, `fields`, `record`.
    pub(crate) fn record_shown(&self, module: &str, wanted: &str) -> Option<Vec<u8>> {
        let index = self.schema.find(module)?;
        let module = self.schema.module(index)?;
        let row = self.tables.get(index)?.get(wanted.parse().ok()?)?;
        let mut out = b"{\"id\":".to_vec();
        id(&mut out, row.id);
        out.extend_from_slice(b",\"path\":");
        string(&mut out, &format!("/crm/v8/{}/{}", module.api_name, row.id));
        out.extend_from_slice(b",\"name\":");
        string(&mut out, &self.display_name(index, row).unwrap_or_default());
        out.extend_from_slice(b",\"fields\":");
        out.extend_from_slice(fields_shown(module).to_string().as_bytes());
        out.extend_from_slice(b",\"record\":");
        self.write_row(&mut out, index, row, &Selection::all(module));
        out.push(b'}');
        Some(out)
    }

    /// The rows that an index leads to: by id, by e-mail address, by what must be unique.
    fn known(&self, index: ModuleIndex, text: &str) -> Vec<&Row> {
        let (Some(module), Some(table)) = (self.schema.module(index), self.tables.get(index)) else {
            return Vec::new();
        };
        let mut rows: Vec<&Row> = text
            .parse()
            .ok()
            .and_then(|id| table.get(id))
            .into_iter()
            .collect();
        for column in module.probed() {
            let found = table.probe(column, text).into_iter().flatten().take(100);
            for row in found {
                if !rows.iter().any(|known| known.id == row.id) {
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// The record of a module that was changed last.
    pub(crate) fn latest(&self, module: &str) -> Option<u64> {
        let table = self.table(module)?;
        let row = table.range(ORDER, Bound::Unbounded, Bound::Unbounded).next()?;
        Some(row.id)
    }

    /// Whether there is a module of that name.
    pub(crate) fn has_module(&self, module: &str) -> bool {
        self.schema.find(module).is_some()
    }

    /// The names of all modules.
    pub(crate) fn module_names(&self) -> Vec<&'static str> {
        self.schema.modules.iter().map(|module| module.api_name).collect()
    }

    /// Texts as values of a module's fields: a number where the field is one, a reference where it leads
    /// to a record.
    ///
    /// # Errors
    /// The name of a field that the module lacks.
    pub(crate) fn typed(
        &self,
        module: &str,
        texts: Map<String, Value>,
    ) -> Result<Map<String, Value>, String> {
        let known = self
            .schema
            .find(module)
            .and_then(|index| self.schema.module(index));
        let typed = texts.into_iter().map(|(name, value)| {
            let field = known.and_then(|module| module.field(&name)).ok_or(name.clone())?;
            let value = match value {
                Value::String(text) => typed(field, text),
                value => value,
            };
            Ok((name, value))
        });
        typed.collect()
    }

    /// Values for the fields that a new record must have and that were not given.
    pub(crate) fn completed(&self, module: &str, given: &mut Map<String, Value>, today: &str) {
        let Some(module) = self
            .schema
            .find(module)
            .and_then(|index| self.schema.module(index))
        else {
            return;
        };
        for field in module.fields.iter().filter(|field| field.mandatory) {
            if given.contains_key(field.api_name) {
                continue;
            }
            let value = match (field.kind, field.picks.first()) {
                (Kind::Picklist, Some(pick)) => (*pick).into(),
                (Kind::Date, _) => today.into(),
                (Kind::Integer | Kind::Double | Kind::Currency | Kind::Percent, _) => 1.into(),
                (Kind::Email, _) => "triggered@mock.example".into(),
                (Kind::Lookup(other), _) => match self.latest(other) {
                    Some(id) => json!({"id": id.to_string()}),
                    None => continue,
                },
                (kind, _) if kind.is_text() => format!("Triggered {}", module.singular).into(),
                _ => continue,
            };
            given.insert(field.api_name.to_owned(), value);
        }
    }

    /// A field of a record that can be written with the value that it has, so that nothing but the time
    /// of the last change changes.
    pub(crate) fn touched(&self, module: &str, record: u64) -> Map<String, Value> {
        let mut touched = Map::new();
        let index = self.schema.find(module);
        if let Some((module, row)) =
            index.and_then(|index| Some((self.schema.module(index)?, self.tables.get(index)?.get(record)?)))
        {
            let written = |field: &&Field| !field.read_only && field.kind.is_text();
            let found =
                module
                    .fields
                    .iter()
                    .filter(written)
                    .find_map(|field| match row.cells.get(field.column()?) {
                        Cell::Text(text) => Some((field.api_name, text.into_owned())),
                        _ => None,
                    });
            if let Some((name, text)) = found {
                touched.insert(name.to_owned(), text.into());
            }
        }
        touched
    }

    /// The channels that live, with the time that is left of each.
    pub(crate) fn channels_shown(&self, now: i64) -> Vec<Value> {
        let living = self.channels.all().filter(|(_, channel)| channel.expiry > now);
        living
            .map(|((user, number, module), channel)| {
                let events: Vec<&str> = channel.events.iter().map(|event| event.name()).collect();
                json!({
                    "channel_id": number.to_string(),
                    "module": self.schema.module(*module).map(|module| module.api_name),
                    "events": events,
                    "user": user.to_string(),
                    "notify_url": channel.notify_url,
                    "token": channel.token.as_deref().map(crate::masking::end_of),
                    "expiry": self.zone.text(channel.expiry),
                    "left": channel.expiry - now,
                    "return_affected_field_values": channel.values,
                    "condition": channel.condition,
                })
            })
            .collect()
    }
}

fn typed(field: &Field, text: String) -> Value {
    match field.kind {
        Kind::Lookup(_) | Kind::AnyLookup | Kind::Owner | Kind::User => json!({"id": text}),
        Kind::Integer
        | Kind::Double
        | Kind::Currency
        | Kind::Percent
        | Kind::Boolean
        | Kind::MultiPicklist
        | Kind::Subform
        | Kind::Tags => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => text.into(),
    }
}

fn columns(module: &Module) -> Vec<&'static str> {
    let name = module.display_field().map(|field| field.api_name);
    let told = |field: &&Field| {
        let stored = matches!(field.source, Source::Cell(_));
        let wide = matches!(
            field.kind,
            Kind::TextArea | Kind::Subform | Kind::Image | Kind::Tags | Kind::MultiPicklist | Kind::Boolean
        );
        let part = ["First_Name", "Last_Name", "Salutation", "Secondary_Email"].contains(&field.api_name);
        stored && !wide && !part && Some(field.api_name) != name
    };
    let fields = module.fields.iter().filter(told).map(|field| field.api_name);
    let mut columns: Vec<&'static str> = name.into_iter().chain(fields.take(COLUMNS)).collect();
    columns.push("Modified_Time");
    columns
}

fn fields_shown(module: &Module) -> Value {
    let shown = |field: &Field| {
        json!({
            "api_name": field.api_name,
            "label": field.label,
            "type": field.kind.data_type(),
            "json": field.kind.json_type(),
            "read_only": field.read_only || !matches!(field.source, Source::Cell(_) | Source::Owner),
            "mandatory": field.mandatory,
            "picks": &*field.picks,
        })
    };
    module.fields.iter().map(shown).collect()
}
