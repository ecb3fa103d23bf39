//! Fields of the organization's own: adding, changing and deleting them.

#[cfg(test)]
mod tests;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::module;
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::schema::custom::{self, Wish};
use crate::crm::schema::names::api_name;
use crate::crm::schema::{Field, Kind, ModuleIndex};
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Fields of one body.
const MOST: usize = 5;
/// Fields that a module may have besides its own.
const ALL: usize = 500;
/// Characters of a label.
const LABEL: usize = 50;
/// Values of a picklist; each has an id that follows from the field's.
const PICKS: usize = 80;

pub(super) fn create_fields(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, _) = module(crm, call)?;
    let items = each(crm, call, |crm, sent, path| {
        let wish = wish(crm, index, sent, path)?;
        let id = crm.add_field(index, &wish);
        let details = json!({"id": id.to_string(), "api_name": wish.api_name});
        Ok(Success::new("field created", details))
    })?;
    Ok(batch::answer(world.dialect, "fields", StatusCode::CREATED, items))
}

pub(super) fn update_fields(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, _) = module(crm, call)?;
    let items = each(crm, call, |crm, sent, path| {
        let id_path = format!("{path}.id");
        let id = sent.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &id_path))?);
        change(crm, index, id.unwrap_or_default(), sent, path)
    })?;
    Ok(batch::answer(world.dialect, "fields", StatusCode::OK, items))
}

pub(super) fn update_field(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, _) = module(crm, call)?;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let mut items = each(crm, call, |crm, sent, path| change(crm, index, id, sent, path))?;
    items.truncate(1);
    Ok(batch::answer(world.dialect, "fields", StatusCode::OK, items))
}

pub(super) fn delete_field(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, _) = module(crm, call)?;
    let text = path(call, 0);
    let fault = |code, message| Fault {
        code,
        message,
        details: json!({"id": text}),
    };
    let item = match ids::parse(text).and_then(|id| Some((id, field(crm, index, id)?))) {
        None => Err(fault("INVALID_DATA", "the id given seems to be invalid")),
        Some((id, _)) => match crm
            .schema
            .modules
            .get_mut(index)
            .and_then(|module| module.drop_field(id))
        {
            Some(_) => Ok(Success::new("field deleted", json!({"id": text}))),
            None => Err(fault("NOT_ALLOWED", "system defined fields cannot be deleted")),
        },
    };
    Ok(batch::answer(world.dialect, "fields", StatusCode::OK, vec![item]))
}

fn each(
    crm: &mut CrmWorld,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Map<String, Value>, &str) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let fields = body::items(&mut body::object(call)?, "fields", MOST)?;
    let items = fields.iter().enumerate().map(|(at, sent)| {
        let path = format!("$.fields[{at}]");
        match sent.as_object() {
            Some(sent) => step(crm, sent, &path),
            None => Err(Fault::expected("jsonobject", "fields", &path)),
        }
    });
    Ok(items.collect())
}

fn field(crm: &CrmWorld, index: ModuleIndex, id: u64) -> Option<&Field> {
    crm.schema
        .module(index)?
        .fields
        .iter()
        .find(|field| field.id == id)
}

/// A text of the body, if it has one.
pub(super) fn text<'a>(
    sent: &'a Map<String, Value>,
    name: &str,
    most: usize,
    path: &str,
) -> Result<Option<&'a str>, Fault> {
    let path = format!("{path}.{name}");
    match sent.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() > most => {
            Err(Fault::too_long(most as u32, name, &path))
        }
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(Fault::expected("text", name, &path)),
    }
}

/// No two fields of a module have the same label.
fn free(crm: &CrmWorld, index: ModuleIndex, label: &str, own: u64, path: &str) -> Result<(), Fault> {
    let fields = crm.schema.module(index).map_or(&[][..], |module| &module.fields);
    match fields
        .iter()
        .any(|field| field.id != own && field.label.eq_ignore_ascii_case(label))
    {
        true => Err(Fault::field(
            "DUPLICATE_DATA",
            "duplicate data",
            "field_label",
            &format!("{path}.field_label"),
        )),
        false => Ok(()),
    }
}

/// What a body says of a new field.
fn wish(crm: &CrmWorld, index: ModuleIndex, sent: &Map<String, Value>, path: &str) -> Result<Wish, Fault> {
    let at = |name: &str| format!("{path}.{name}");
    let missing = |name: &str| Fault::missing(name, &at(name));
    let label = text(sent, "field_label", LABEL, path)?.ok_or_else(|| missing("field_label"))?;
    free(crm, index, label, 0, path)?;
    let data_type = text(sent, "data_type", LABEL, path)?.ok_or_else(|| missing("data_type"))?;
    let kind = match data_type {
        "lookup" => looked_up(crm, sent, path)?,
        data_type => Kind::addable(data_type).ok_or_else(|| {
            let mut supported: Vec<&str> = Kind::ADDABLE.iter().map(|kind| kind.data_type()).collect();
            supported.push("lookup");
            Fault {
                code: "INVALID_DATA",
                message: "invalid data",
                details: json!({"supported_values": supported, "api_name": "data_type", "json_path": at("data_type")}),
            }
        })?,
    };
    let module = crm.schema.module(index);
    if module.is_some_and(|module| module.fields.iter().filter(|field| field.custom).count() >= ALL) {
        return Err(Fault {
            code: "LIMIT_EXCEEDED",
            message: "limit exceeded",
            details: json!({"limit": ALL, "json_path": path}),
        });
    }
    let length = length(sent, kind, path)?;
    let unique = sent.get("unique").is_some_and(|unique| !unique.is_null());
    if unique && !kind.is_text() {
        return Err(Fault::field(
            "DEPENDENT_MISMATCH",
            "the type of the field cannot be unique",
            "unique",
            &at("unique"),
        ));
    }
    let global_picklist = match sent.get("global_picklist").filter(|given| !given.is_null()) {
        None => None,
        Some(given) => Some(global(crm, given, path)?),
    };
    let picks = match (kind, global_picklist) {
        (Kind::Picklist | Kind::MultiPicklist, Some(picklist)) => crm.global_values(picklist),
        (Kind::Picklist | Kind::MultiPicklist, None) => {
            values(&[], sent, path)?.ok_or_else(|| missing("pick_list_values"))?
        }
        _ => Vec::new(),
    };
    let mut name = api_name(label);
    // A name that is taken gets a number.
    for number in 1.. {
        if module.is_none_or(|module| module.place(&name).is_none()) {
            break;
        }
        name = format!("{}{number}", api_name(label));
    }
    Ok(Wish {
        api_name: name,
        label: label.to_owned(),
        kind,
        length,
        unique,
        picks,
        global_picklist,
    })
}

fn looked_up(crm: &CrmWorld, sent: &Map<String, Value>, path: &str) -> Result<Kind, Fault> {
    let path = format!("{path}.lookup.module.api_name");
    let name = sent
        .get("lookup")
        .and_then(|lookup| lookup.pointer("/module/api_name"));
    let name = name
        .and_then(Value::as_str)
        .ok_or_else(|| Fault::missing("api_name", &path))?;
    match crm.schema.find(name) {
        Some(_) => Ok(custom::lookup(name)),
        None => Err(Fault::field("INVALID_DATA", "invalid data", "api_name", &path)),
    }
}

/// A length that the type can have.
fn length(sent: &Map<String, Value>, kind: Kind, path: &str) -> Result<Option<u32>, Fault> {
    let path = format!("{path}.length");
    let most = match kind {
        Kind::TextArea => 32_000,
        Kind::Text | Kind::Email | Kind::Phone | Kind::Website => 450,
        _ => 120,
    };
    match sent.get("length") {
        None | Some(Value::Null) => Ok(None),
        Some(length) => match length.as_u64().filter(|length| *length > 0) {
            Some(length) if length <= most => Ok(Some(length as u32)),
            Some(_) => Err(Fault {
                code: "INVALID_DATA",
                message: "invalid data",
                details: json!({"maximum_length": most, "api_name": "length", "json_path": path}),
            }),
            None => Err(Fault::expected("integer", "length", &path)),
        },
    }
}

fn global(crm: &CrmWorld, given: &Value, path: &str) -> Result<u64, Fault> {
    let path = format!("{path}.global_picklist.id");
    let id = given.get("id").and_then(ids::from_json);
    id.filter(|id| crm.shelves.get("global_picklists", *id).is_some())
        .ok_or_else(|| Fault::unknown_id(&path))
}

/// The values of a picklist after a change: those that were there, less the dropped, and new ones.
fn values(
    known: &[(u64, &str)],
    sent: &Map<String, Value>,
    path: &str,
) -> Result<Option<Vec<String>>, Fault> {
    let path = format!("{path}.pick_list_values");
    let list = match sent.get("pick_list_values") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Fault::expected("jsonarray", "pick_list_values", &path)),
    };
    let mut values: Vec<String> = known.iter().map(|(_, value)| (*value).to_owned()).collect();
    for (at, part) in list.iter().enumerate() {
        let path = format!("{path}[{at}].display_value");
        let id = part.get("id").and_then(ids::from_json);
        let old = known
            .iter()
            .find(|(known, _)| Some(*known) == id)
            .map(|(_, value)| *value);
        let place = old.and_then(|old| values.iter().position(|value| value == old));
        let name = part.get("display_value").and_then(Value::as_str).map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        let dropped = part.get("_delete").is_some_and(|mark| !mark.is_null());
        match (place, name) {
            (Some(place), _) if dropped => {
                values.remove(place);
            }
            (Some(place), Some(name)) => {
                if let Some(value) = values.get_mut(place) {
                    name.clone_into(value);
                }
            }
            (Some(_), None) => {}
            (None, Some(name)) if values.iter().all(|value| value != name) => values.push(name.to_owned()),
            (None, Some(_)) => {
                return Err(Fault::field(
                    "DUPLICATE_DATA",
                    "duplicate data",
                    "display_value",
                    &path,
                ));
            }
            (None, None) => return Err(Fault::missing("display_value", &path)),
        }
    }
    match values.len() {
        0 => Err(Fault::missing("pick_list_values", &path)),
        count if count > PICKS => Err(Fault {
            code: "LIMIT_EXCEEDED",
            message: "limit exceeded",
            details: json!({"maximum_length": PICKS, "api_name": "pick_list_values", "json_path": path}),
        }),
        _ => Ok(Some(values)),
    }
}

/// Changes one field: its label, and of one that the organization added also length, values and whether it is unique.
fn change(crm: &mut CrmWorld, index: ModuleIndex, id: u64, sent: &Map<String, Value>, path: &str) -> Item {
    let known = field(crm, index, id)
        .cloned()
        .ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
    let label = text(sent, "field_label", LABEL, path)?;
    if let Some(label) = label {
        free(crm, index, label, id, path)?;
    }
    for name in ["length", "pick_list_values", "unique"] {
        if !known.custom && sent.get(name).is_some_and(|value| !value.is_null()) {
            let message = "the property of a system defined field cannot be changed";
            return Err(Fault::field(
                "NOT_ALLOWED",
                message,
                name,
                &format!("{path}.{name}"),
            ));
        }
    }
    let length = length(sent, known.kind, path)?;
    let offered: Vec<(u64, &str)> = known
        .picks
        .iter()
        .enumerate()
        .map(|(at, value)| (crm.ids.pick(id, at), *value))
        .collect();
    let picks = values(&offered, sent, path)?.filter(|_| !known.picks.is_empty());
    let unique = match sent.get("unique") {
        Some(Value::Object(unique)) => Some(!unique.contains_key("_disable")),
        _ => None,
    };
    if let Some(field) = crm
        .schema
        .modules
        .get_mut(index)
        .and_then(|module| module.field_mut(id))
    {
        if let Some(label) = label {
            field.relabel(label);
        }
        if let Some(picks) = picks {
            field.offer(&picks);
        }
        field.length = length.unwrap_or(field.length);
        field.unique = unique.unwrap_or(field.unique) && field.kind.is_text();
    }
    crm.find_by_unique(index);
    Ok(Success::new("field updated", json!({"id": id.to_string()})))
}

impl CrmWorld {
    /// Adds a field to a module and its table.
    fn add_field(&mut self, index: ModuleIndex, wish: &Wish) -> u64 {
        let Some(module) = self.schema.modules.get_mut(index) else {
            return 0;
        };
        let id = module.add(&self.ids, index, wish);
        self.find_by_unique(index);
        id
    }

    /// Rows are found by the texts of their unique fields.
    fn find_by_unique(&mut self, index: ModuleIndex) {
        if let (Some(module), Some(table)) = (self.schema.modules.get(index), self.tables.get_mut(index)) {
            module
                .probed()
                .into_iter()
                .for_each(|column| table.probe_too(column));
        }
    }

    /// The values in use of a global picklist.
    fn global_values(&self, picklist: u64) -> Vec<String> {
        let kept = self.shelves.get("global_picklists", picklist);
        let values = kept
            .and_then(|kept| kept.values.get("pick_list_values"))
            .and_then(Value::as_array);
        let used = values
            .into_iter()
            .flatten()
            .filter(|value| value.get("type") != Some(&json!("unused")));
        let names = used.filter_map(|value| value.get("display_value")?.as_str().map(str::to_owned));
        names.take(PICKS).collect()
    }
}
