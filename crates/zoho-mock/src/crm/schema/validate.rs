//! A record as a caller sends it becomes cells, or the fault that Zoho finds in it.

use serde_json::{Map, Value as Json, json};

use super::{Field, Kind, Module, ModuleIndex, Source};
use crate::crm::CrmWorld;
use crate::crm::batch::{self, Fault};
use crate::crm::ids;
use crate::crm::people::User;
use crate::crm::store::{Cell, Column, Value};
use crate::crm::time;

/// The values of a record that passed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) cells: Vec<(Column, Value)>,
    pub(crate) owner: Option<u64>,
    /// The fields that were given, for those who watch changes.
    pub(crate) fields: Vec<&'static str>,
}

/// Whether a record is new, so that all mandatory fields must be there, or only changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Insert,
    Update,
}

/// How many faults of a record are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The first.
    First,
    /// All of them, under one code when there are several.
    All,
}

/// Checks a record of `module` that stands at `path` (such as `$.data[2]`) in the body. Fields that the
/// module lacks and fields that only the server sets are passed over, as Zoho does.
///
/// # Errors
///
/// The first fault that Zoho would name.
pub(crate) fn draft(
    crm: &mut CrmWorld,
    module: ModuleIndex,
    record: &Map<String, Json>,
    path: &str,
    mode: Mode,
) -> Result<Draft, Fault> {
    told_draft(crm, module, record, path, (mode, Told::First))
}

/// As [`draft`], with as many faults as are to be told.
///
/// # Errors
///
/// The fault, or `MULTIPLE_OR_MULTI_ERRORS` with all of them.
pub(crate) fn told_draft(
    crm: &mut CrmWorld,
    module: ModuleIndex,
    record: &Map<String, Json>,
    path: &str,
    (mode, told): (Mode, Told),
) -> Result<Draft, Fault> {
    let mut faults = Faults {
        told,
        found: Vec::new(),
    };
    let mut draft = Draft::default();
    let fields = crm.schema.module(module).map(|module| module.fields.iter());
    for field in fields.into_iter().flatten().filter(|field| field.mandatory) {
        let given = record.get(field.api_name);
        let empty =
            given.is_none_or(|value| value.is_null() || value.as_str().is_some_and(|s| s.trim().is_empty()));
        if empty && (mode == Mode::Insert || given.is_some()) {
            faults.add(Fault::missing(
                field.api_name,
                &format!("{path}.{}", field.api_name),
            ))?;
        }
    }
    for (name, value) in record {
        let Some(field) = crm
            .schema
            .module(module)
            .and_then(|module| module.field(name))
            .cloned()
        else {
            continue;
        };
        if field.read_only {
            continue;
        }
        let check = Check {
            crm,
            field: &field,
            record: path,
            name,
        };
        let cell = match check.cell(value) {
            Ok(cell) => cell,
            Err(fault) => {
                faults.add(fault)?;
                continue;
            }
        };
        draft.fields.push(field.api_name);
        match (field.source, cell) {
            (Source::Owner, Cell::Ref(owner)) => draft.owner = Some(owner),
            (Source::Cell(column), cell) => draft.cells.push((column, cell)),
            _ => {}
        }
    }
    faults.none().map(|()| draft)
}

/// The faults of one record so far.
struct Faults {
    told: Told,
    found: Vec<Fault>,
}

impl Faults {
    /// Takes a fault in; where only the first is told, it ends the check.
    fn add(&mut self, fault: Fault) -> Result<(), Fault> {
        match self.told {
            Told::First => Err(fault),
            Told::All => {
                self.found.push(fault);
                Ok(())
            }
        }
    }

    /// Whether nothing was found.
    fn none(mut self) -> Result<(), Fault> {
        if self.found.len() < 2 {
            return self.found.pop().map_or(Ok(()), Err);
        }
        let errors: Vec<Json> = self
            .found
            .into_iter()
            .map(|fault| batch::outcome(Err(fault)))
            .collect();
        Err(Fault {
            code: "MULTIPLE_OR_MULTI_ERRORS",
            message: "multiple errors found",
            details: json!({"errors": errors}),
        })
    }
}

/// The first unique field of a draft whose value another record has, with that record.
pub(crate) fn duplicate<'a>(
    crm: &CrmWorld,
    index: ModuleIndex,
    module: &'a Module,
    draft: &Draft,
    own: Option<u64>,
) -> Option<(&'a Field, u64)> {
    let table = crm.tables.get(index)?;
    if !module.fields.iter().any(|field| field.unique) {
        return None;
    }
    draft.cells.iter().find_map(|(column, cell)| {
        let field = module
            .fields
            .iter()
            .find(|field| field.unique && field.column() == Some(*column))?;
        let Cell::Text(text) = cell else { return None };
        let other = table.probe(*column, text)?.find(|row| Some(row.id) != own)?;
        Some((field, other.id))
    })
}

struct Check<'a> {
    crm: &'a mut CrmWorld,
    field: &'a Field,
    /// Where the record stands.
    record: &'a str,
    /// The field as the record names it.
    name: &'a str,
}

impl Check<'_> {
    /// Where the value stands.
    fn path(&self) -> String {
        format!("{}.{}", self.record, self.name)
    }

    fn cell(mut self, value: &Json) -> Result<Value, Fault> {
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let cell = match self.field.kind {
            Kind::Text | Kind::TextArea | Kind::Email | Kind::Phone | Kind::Website | Kind::Image => {
                self.text(value)?
            }
            Kind::Picklist => self.picklist(value)?,
            Kind::MultiPicklist => self.list(value)?,
            Kind::Tags => self.tags(value)?,
            Kind::Integer => self.integer(value, 999_999_999)?,
            Kind::BigInt => self.integer(value, 999_999_999_999_999_999)?,
            Kind::Double | Kind::Currency | Kind::Percent => match value.as_f64() {
                Some(number) if number.abs() < 1e16 => Cell::Num(number),
                Some(_) => return Err(Fault::too_long(16, self.field.api_name, &self.path())),
                None => return Err(self.expected()),
            },
            Kind::Boolean => Cell::Bool(value.as_bool().ok_or_else(|| self.expected())?),
            Kind::Date => {
                let day = value.as_str().and_then(time::parse_date);
                Cell::Date(day.ok_or_else(|| self.expected())?)
            }
            Kind::DateTime => {
                let instant = value.as_str().and_then(time::parse_instant);
                Cell::Time(instant.ok_or_else(|| self.expected())?)
            }
            Kind::Lookup(_) | Kind::AnyLookup | Kind::Owner | Kind::User => self.reference(value)?,
            Kind::Subform => {
                let rows = value.as_array().ok_or_else(|| self.wrong_json("jsonarray"))?;
                if !rows.iter().all(Json::is_object) {
                    return Err(self.wrong_json("jsonobject"));
                }
                Cell::Json(value.to_string().into())
            }
            Kind::Id => Cell::Null,
        };
        Ok(cell)
    }

    fn expected(&self) -> Fault {
        self.wrong_json(self.field.kind.data_type())
    }

    fn wrong_json(&self, data_type: &str) -> Fault {
        Fault::expected(data_type, self.field.api_name, &self.path())
    }

    fn string<'v>(&self, value: &'v Json) -> Result<&'v str, Fault> {
        let text = value.as_str().ok_or_else(|| self.expected())?;
        if text.chars().count() > self.field.length as usize {
            return Err(Fault::too_long(
                self.field.length,
                self.field.api_name,
                &self.path(),
            ));
        }
        Ok(text)
    }

    fn text(&self, value: &Json) -> Result<Value, Fault> {
        let text = self.string(value)?;
        if text.is_empty() {
            return Ok(Cell::Null);
        }
        let fits = match self.field.kind {
            Kind::Email => is_email(text),
            Kind::Phone => is_phone(text),
            Kind::Website => !text.contains(char::is_whitespace) && text.contains('.'),
            _ => true,
        };
        if fits {
            Ok(Cell::text(text))
        } else {
            Err(self.expected())
        }
    }

    fn picklist(&mut self, value: &Json) -> Result<Value, Fault> {
        let text = self.string(value)?;
        if text.is_empty() || text == "-None-" {
            return Ok(Cell::Null);
        }
        if self.field.closed && !self.field.picks.contains(&text) {
            let mut fault = self.expected();
            if let Some(details) = fault.details.as_object_mut() {
                details.insert("supported_values".into(), json!(&*self.field.picks));
            }
            return Err(fault);
        }
        Ok(Cell::Sym(self.crm.symbols.intern(text)))
    }

    fn list(&mut self, value: &Json) -> Result<Value, Fault> {
        let items = value.as_array().ok_or_else(|| self.wrong_json("jsonarray"))?;
        let mut symbols = Vec::with_capacity(items.len());
        for item in items {
            let text = self.string(item)?;
            symbols.push(self.crm.symbols.intern(text));
        }
        symbols.dedup();
        Ok(Cell::List(symbols.into()))
    }

    fn tags(&mut self, value: &Json) -> Result<Value, Fault> {
        let items = value.as_array().ok_or_else(|| self.wrong_json("jsonarray"))?;
        let mut symbols = Vec::with_capacity(items.len());
        for item in items {
            let name = item
                .get("name")
                .and_then(Json::as_str)
                .ok_or_else(|| self.wrong_json("jsonobject"))?;
            let symbol = self.crm.symbols.intern(name);
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
        Ok(Cell::List(symbols.into()))
    }

    fn integer(&self, value: &Json, limit: i64) -> Result<Value, Fault> {
        // A big integer may come as text, as its values leave as text.
        let number = match (value, self.field.kind) {
            (Json::String(text), Kind::BigInt) => text.parse().ok(),
            _ => value.as_i64(),
        };
        match number {
            Some(number) if number.abs() <= limit => Ok(Cell::Int(number)),
            Some(_) => Err(Fault::too_long(
                self.field.length,
                self.field.api_name,
                &self.path(),
            )),
            None => Err(self.expected()),
        }
    }

    fn reference(&self, value: &Json) -> Result<Value, Fault> {
        let id = match value {
            Json::Object(object) => match object.get("id") {
                Some(id) => ids::from_json(id),
                None => return self.by_name(object),
            },
            other => ids::from_json(other),
        };
        let Some(id) = id else {
            return Err(self.wrong_json("jsonobject"));
        };
        let known = match self.field.kind {
            Kind::Owner | Kind::User => self.crm.users.get(id).is_some_and(User::active),
            Kind::Lookup(target) => self
                .crm
                .table(target)
                .is_some_and(|table| table.get(id).is_some()),
            _ => self.crm.locate(id).is_some(),
        };
        if known {
            Ok(Cell::Ref(id))
        } else {
            Err(self.unrelated())
        }
    }

    /// A lookup that names the record instead of giving its id.
    fn by_name(&self, object: &Map<String, Json>) -> Result<Value, Fault> {
        let Some(name) = object.get("name").and_then(Json::as_str) else {
            return Err(self.wrong_json("jsonobject"));
        };
        let Kind::Lookup(target) = self.field.kind else {
            return Err(self.wrong_json("jsonobject"));
        };
        let column = self
            .crm
            .schema
            .find(target)
            .and_then(|index| self.crm.schema.module(index)?.display_field()?.column());
        let found = column.and_then(|column| self.crm.table(target)?.probe(column, name)?.next());
        found.map(|row| Cell::Ref(row.id)).ok_or_else(|| self.unrelated())
    }

    fn unrelated(&self) -> Fault {
        Fault::field(
            "INVALID_DATA",
            "the related id given seems to be invalid",
            self.field.api_name,
            &self.path(),
        )
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>' | '(' | ')' | ';'))
        && !domain.contains('@')
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty())
}

fn is_phone(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+-.() ,;#/".contains(c);
    text.chars().all(allowed) && text.chars().filter(char::is_ascii_alphanumeric).count() > 1
}
