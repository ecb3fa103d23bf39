//! Rows as JSON: requested fields are written straight from the packed cells into the answer.

mod plain;
mod selections;

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use super::CrmWorld;
use super::schema::{Field, Kind, Module, ModuleIndex, Source};
use super::store::{Cell, Column, Payload, Row};
use super::time;
use plain::{escaped, json, print};
pub(crate) use plain::{id, number, string};
pub(crate) use selections::Selections;

/// Which fields of a row are written.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    fields: Vec<Selected>,
    /// What stands before the values of all of them.
    keys: Vec<u8>,
    /// The columns of the fields that have one, in ascending order, each with the place of its field.
    columns: Vec<(Column, usize)>,
    /// So many fields at the beginning depend on the row's cells and id alone.
    steady: usize,
    /// Which fields these are.
    key: u64,
    /// Which fields all are, if every one depends on the row alone.
    whole: Option<u64>,
    /// With the `$` keys of a record that was read by its id.
    system: bool,
}

/// A field that is written.
#[derive(Clone, Debug)]
struct Selected {
    /// Its place in the module.
    place: usize,
    /// Where, among all keys, stands what comes before its value: a comma, except before the first, its name and
    /// a colon.
    key: Range<usize>,
}

impl Selection {
    /// The fields of a comma separated list; names that the module lacks are passed over, the id is
    /// always there.
    pub(crate) fn of(module: &Module, list: &str) -> Self {
        let mut fields: Vec<usize> = Vec::new();
        let places = list.split(',').filter_map(|name| module.place(name.trim()));
        for place in places.chain(module.place("id")) {
            if !fields.contains(&place) {
                fields.push(place);
            }
        }
        Self::new(module, &fields, false)
    }

    /// Everything.
    pub(crate) fn all(module: &Module) -> Self {
        let fields: Vec<usize> = (0..module.fields.len()).collect();
        Self::new(module, &fields, true)
    }

    /// Which runs of rows are written as these fields, if any are kept.
    pub(crate) fn run_key(&self, descending: bool) -> Option<u64> {
        self.whole.map(|key| if descending { !key } else { key })
    }

    fn new(module: &Module, places: &[usize], system: bool) -> Self {
        let mut fields = Vec::with_capacity(places.len());
        let mut keys = Vec::with_capacity(places.len() * 24);
        let mut columns = Vec::with_capacity(places.len());
        for place in places {
            let Some(field) = module.fields.get(*place) else {
                continue;
            };
            let begin = keys.len();
            keys.extend_from_slice(if fields.is_empty() { b"" } else { b"," });
            string(&mut keys, field.api_name);
            keys.push(b':');
            columns.extend(field.column().map(|column| (column, fields.len())));
            fields.push(Selected {
                place: *place,
                key: begin..keys.len(),
            });
        }
        columns.sort_unstable();
        let all = || places.iter().filter_map(|place| module.fields.get(*place));
        let steady = all().take_while(|field| is_of_cells(field)).count();
        let mut hasher = DefaultHasher::new();
        module.id.hash(&mut hasher);
        let add = |hasher: &mut DefaultHasher, field: &Field| {
            (field.id, field.column(), field.api_name).hash(hasher);
        };
        all().take(steady).for_each(|field| add(&mut hasher, field));
        let key = hasher.finish();
        let alone = all().skip(steady).all(is_of_row);
        all().skip(steady).for_each(|field| add(&mut hasher, field));
        Self {
            fields,
            keys,
            columns,
            steady,
            key,
            whole: (alone && !system).then(|| hasher.finish()),
            system,
        }
    }
}

/// Whether the cells and the id of a row say all about the value of a field: no name of another record or user,
/// no colour of a tag.
fn is_of_cells(field: &Field) -> bool {
    let elsewhere = matches!(
        field.kind,
        Kind::Owner | Kind::User | Kind::Lookup(_) | Kind::AnyLookup | Kind::Tags
    );
    matches!(field.source, Source::Cell(_) | Source::FullName(..) | Source::Id) && !elsewhere
}

/// Whether a row says all about the value of a field.
fn is_of_row(field: &Field) -> bool {
    is_of_cells(field)
        || matches!(
            field.source,
            Source::CreatedTime | Source::ModifiedTime | Source::Nothing
        )
}

impl CrmWorld {
    /// Appends a row as a JSON object.
    pub(crate) fn write_row(&self, out: &mut Vec<u8>, index: ModuleIndex, row: &Row, selection: &Selection) {
        self.write_next(out, index, row, selection, &mut Vec::new());
    }

    /// Appends one of many rows; `payloads` is for all of them, so that each needs no room of its own.
    pub(crate) fn write_next<'a>(
        &self,
        out: &mut Vec<u8>,
        index: ModuleIndex,
        row: &'a Row,
        selection: &Selection,
        payloads: &mut Vec<Payload<'a>>,
    ) {
        let Some(module) = self.schema.module(index) else {
            return;
        };
        out.push(b'{');
        let begin = out.len();
        let again = selection.steady > 0 && row.cells.write_again(selection.key, out);
        let skipped = if again { selection.steady } else { 0 };
        if skipped < selection.fields.len() {
            payloads.clear();
            payloads.resize(selection.fields.len(), Payload::default());
            if selection.columns.iter().any(|(_, place)| *place >= skipped) {
                row.cells.find(&selection.columns, payloads);
            }
            self.write_rest(out, module, row, selection, (begin, skipped), payloads);
        }
        if selection.system {
            self.write_system(out, module, row);
        }
        out.push(b'}');
    }

    /// Appends the fields of a row from one on; the row begins at `begin`.
    fn write_rest(
        &self,
        out: &mut Vec<u8>,
        module: &Module,
        row: &Row,
        selection: &Selection,
        (begin, skipped): (usize, usize),
        payloads: &[Payload<'_>],
    ) {
        for (at, (selected, payload)) in selection.fields.iter().zip(payloads).enumerate().skip(skipped) {
            let Some(field) = module.fields.get(selected.place) else {
                continue;
            };
            out.extend_from_slice(selection.keys.get(selected.key.clone()).unwrap_or_default());
            match (field.source, payload.text()) {
                (Source::Cell(_), Some(text)) => escaped(out, text),
                (Source::Cell(_), None) => self.write_cell(out, &payload.cell(), field),
                _ => self.write_field(out, row, field),
            }
            if at + 1 == selection.steady {
                row.cells
                    .keep_written(selection.key, out.get(begin..).unwrap_or_default());
            }
        }
    }

    /// Appends the value of a field.
    pub(crate) fn write_field(&self, out: &mut Vec<u8>, row: &Row, field: &Field) {
        match field.source {
            Source::Id => id(out, row.id),
            Source::Owner => self.write_user(out, row.owner),
            Source::CreatedBy => self.write_user(out, row.created_by),
            Source::ModifiedBy => self.write_user(out, row.modified_by),
            Source::CreatedTime => self.write_instant(out, row.created),
            Source::ModifiedTime => self.write_instant(out, row.modified),
            Source::FullName(first, last) => match Self::full_name(row, first, last) {
                Some(name) => string(out, &name),
                None => out.extend_from_slice(b"null"),
            },
            Source::Nothing => out.extend_from_slice(b"null"),
            Source::Cell(column) => self.write_cell(out, &row.cells.get(column), field),
        }
    }

    fn write_cell(&self, out: &mut Vec<u8>, cell: &Cell<'_>, field: &Field) {
        match cell {
            Cell::Null => out.extend_from_slice(match field.kind {
                Kind::Boolean => b"false",
                Kind::Tags | Kind::MultiPicklist | Kind::Subform => b"[]",
                _ => b"null",
            }),
            Cell::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Cell::Int(value) if field.kind == Kind::BigInt => {
                print(out, format_args!("\"{value}\""));
            }
            Cell::Int(value) => json(out, value),
            Cell::Num(value) => number(out, *value),
            Cell::Date(day) => {
                out.push(b'"');
                time::write_date(out, *day);
                out.push(b'"');
            }
            Cell::Time(seconds) => self.write_instant(out, *seconds),
            Cell::Ref(target) => self.write_reference(out, *target, field),
            Cell::Sym(symbol) => string(out, self.symbols.text(*symbol)),
            Cell::Text(text) => string(out, text),
            Cell::Json(text) => out.extend_from_slice(text.as_bytes()),
            Cell::List(symbols) => {
                out.push(b'[');
                for (count, symbol) in symbols.iter().enumerate() {
                    if count > 0 {
                        out.push(b',');
                    }
                    if field.kind == Kind::Tags {
                        out.extend_from_slice(b"{\"name\":");
                        string(out, self.symbols.text(*symbol));
                        let tag = self.tags.find(field.id, *symbol);
                        out.extend_from_slice(b",\"id\":");
                        id(out, tag.map_or(0, |tag| tag.id));
                        out.extend_from_slice(b",\"color_code\":");
                        match tag.and_then(|tag| tag.color.as_deref()) {
                            Some(color) => string(out, color),
                            None => out.extend_from_slice(b"null"),
                        }
                        out.push(b'}');
                    } else {
                        string(out, self.symbols.text(*symbol));
                    }
                }
                out.push(b']');
            }
        }
    }

    /// Appends an instant.
    pub(crate) fn write_instant(&self, out: &mut Vec<u8>, seconds: i64) {
        out.push(b'"');
        self.zone.write(out, seconds);
        out.push(b'"');
    }

    /// Appends a user as rows show one: name, id, e-mail.
    pub(crate) fn write_user(&self, out: &mut Vec<u8>, user: u64) {
        let Some(user) = self.users.get(user) else {
            out.extend_from_slice(b"null");
            return;
        };
        out.extend_from_slice(b"{\"name\":");
        string(out, &user.full_name());
        out.extend_from_slice(b",\"id\":");
        id(out, user.id);
        out.extend_from_slice(b",\"email\":");
        string(out, &user.email);
        out.push(b'}');
    }

    fn write_reference(&self, out: &mut Vec<u8>, target: u64, field: &Field) {
        let found = match field.kind {
            Kind::Owner | Kind::User => return self.write_user(out, target),
            Kind::Lookup(module) => self
                .schema
                .find(module)
                .and_then(|index| Some((index, self.tables.get(index)?.get(target)?))),
            _ => self.locate(target),
        };
        out.push(b'{');
        if field.api_name == "Parent_Id"
            && let Some(module) = found.and_then(|(index, _)| self.schema.module(index))
        {
            out.extend_from_slice(b"\"module\":{\"api_name\":");
            string(out, module.api_name);
            out.extend_from_slice(b",\"id\":");
            id(out, module.id);
            out.extend_from_slice(b"},");
        }
        out.extend_from_slice(b"\"name\":");
        match found.and_then(|(index, row)| self.display_name(index, row)) {
            Some(name) => string(out, &name),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"id\":");
        id(out, target);
        out.push(b'}');
    }

    fn write_system(&self, out: &mut Vec<u8>, module: &Module, row: &Row) {
        out.extend_from_slice(
            b",\"$currency_symbol\":\"$\",\"$state\":\"save\",\"$approved\":true,\"$editable\":true,\
              \"$in_merge\":false,\"$process_flow\":false,\"$orchestration\":null,\"$pathfinder\":null,\
              \"$review\":null,\"$review_process\":null,\"$approval_state\":\"approved\",\"$zia_visions\":null,\
              \"$approval\":{\"delegate\":false,\"approve\":false,\"reject\":false,\"resubmit\":false}",
        );
        if module.api_name == "Leads" {
            out.extend_from_slice(b",\"$converted\":");
            out.extend_from_slice(if row.converted { b"true" } else { b"false" });
            out.extend_from_slice(b",\"$converted_detail\":{}");
        }
        for field in &module.fields {
            if field.kind == Kind::AnyLookup
                && let Some(column) = field.column()
            {
                out.extend_from_slice(b",\"$se_module\":");
                let target = match row.cells.get(column) {
                    Cell::Ref(target) => self.locate(target),
                    _ => None,
                };
                match target.and_then(|(index, _)| self.schema.module(index)) {
                    Some(module) => string(out, module.api_name),
                    None => out.extend_from_slice(b"null"),
                }
            }
        }
    }

    /// The record of an id, whatever its module.
    pub(crate) fn locate(&self, id: u64) -> Option<(ModuleIndex, &Row)> {
        self.tables
            .iter()
            .enumerate()
            .find_map(|(index, table)| Some((index, table.get(id)?)))
    }

    /// What a record is called.
    pub(crate) fn display_name<'a>(&'a self, index: ModuleIndex, row: &'a Row) -> Option<Cow<'a, str>> {
        let field = self.schema.module(index)?.display_field()?;
        match field.source {
            Source::FullName(first, last) => Self::full_name(row, first, last).map(Cow::Owned),
            Source::Cell(column) => match row.cells.get(column) {
                Cell::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// First and last name, joined.
    pub(crate) fn full_name(row: &Row, first: Column, last: Column) -> Option<String> {
        match (row.cells.get(first), row.cells.get(last)) {
            (Cell::Text(first), Cell::Text(last)) => Some(format!("{first} {last}")),
            (Cell::Text(only), _) | (_, Cell::Text(only)) => Some(only.into_owned()),
            _ => None,
        }
    }
}
