//! Modules of the organization's own, and the labels of all.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::custom_fields::text;
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::schema::{Module, ModuleIndex};
use crate::crm::store::Table;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

const MOST: usize = 1;
const LABEL: usize = 25;
const API_NAME: usize = 50;

pub(super) fn create_modules(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let items = each(crm, call, |crm, sent, path| {
        let missing = |name: &str| Fault::missing(name, &format!("{path}.{name}"));
        let singular = text(sent, "singular_label", LABEL, path)?.ok_or_else(|| missing("singular_label"))?;
        let plural = text(sent, "plural_label", LABEL, path)?.ok_or_else(|| missing("plural_label"))?;
        let api_name = text(sent, "api_name", API_NAME, path)?.ok_or_else(|| missing("api_name"))?;
        let fits = api_name.starts_with(|first: char| first.is_ascii_alphabetic())
            && api_name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !fits {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "invalid data",
                details: json!({
                    "regex": "^[a-zA-Z][a-zA-Z0-9_]*$", "api_name": "api_name", "json_path": format!("{path}.api_name"),
                }),
            });
        }
        profiles(crm, sent, path)?.ok_or_else(|| missing("profiles"))?;
        free(crm, None, [Some(singular), Some(plural), Some(api_name)], path)?;
        let display = sent
            .get("display_field")
            .and_then(|display| display.get("field_label"))
            .and_then(Value::as_str);
        let display = display.map_or_else(|| format!("{singular} Name"), str::to_owned);
        let id = crm.schema.add(&crm.ids, api_name, [singular, plural], &display);
        let probed = crm.schema.modules.last().map(Module::probed);
        crm.tables.push(Table::new(probed.unwrap_or_default()));
        Ok(Success::new(
            "module created successfully",
            json!({"id": id.to_string(), "api_name": api_name}),
        ))
    })?;
    Ok(batch::answer(
        world.dialect,
        "modules",
        StatusCode::CREATED,
        items,
    ))
}

pub(super) fn update_modules(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let items = each(crm, call, |crm, sent, path| {
        let id_path = format!("{path}.id");
        let id = sent.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &id_path))?);
        let mut modules = crm.schema.modules.iter();
        let index = modules.position(|module| Some(module.id) == id);
        change(crm, index.ok_or_else(|| Fault::unknown_id(&id_path))?, sent, path)
    })?;
    Ok(batch::answer(world.dialect, "modules", StatusCode::OK, items))
}

/// By API name or id.
pub(super) fn update_module(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let name = path(call, 0);
    let id = ids::parse(name);
    let mut modules = crm.schema.modules.iter();
    let index = modules.position(|module| module.api_name == name || Some(module.id) == id);
    let index = index.ok_or_else(refuse::invalid_module)?;
    let items = each(crm, call, |crm, sent, path| change(crm, index, sent, path))?;
    Ok(batch::answer(world.dialect, "modules", StatusCode::OK, items))
}

fn each(
    crm: &mut CrmWorld,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Map<String, Value>, &str) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let modules = body::items(&mut body::object(call)?, "modules", MOST)?;
    let items = modules.iter().enumerate().map(|(at, sent)| {
        let path = format!("$.modules[{at}]");
        match sent.as_object() {
            Some(sent) => step(crm, sent, &path),
            None => Err(Fault::expected("jsonobject", "modules", &path)),
        }
    });
    Ok(items.collect())
}

/// The profiles that see a module; each must be there.
fn profiles(crm: &CrmWorld, sent: &Map<String, Value>, path: &str) -> Result<Option<()>, Fault> {
    let path = format!("{path}.profiles");
    let list = match sent.get("profiles") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(list)) if list.is_empty() => return Ok(None),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Fault::expected("jsonarray", "profiles", &path)),
    };
    for (at, profile) in list.iter().enumerate() {
        let id = profile.get("id").and_then(ids::from_json);
        if id.is_none_or(|id| crm.shelves.get("profiles", id).is_none()) {
            return Err(Fault::unknown_id(&format!("{path}[{at}].id")));
        }
    }
    Ok(Some(()))
}

/// No two modules share a label or a name.
fn free(
    crm: &CrmWorld,
    own: Option<ModuleIndex>,
    wished: [Option<&str>; 3],
    path: &str,
) -> Result<(), Fault> {
    for (index, module) in crm
        .schema
        .modules
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != own)
    {
        let known = [
            ("singular_label", module.singular),
            ("plural_label", module.plural),
            ("api_name", module.api_name),
        ];
        let same = known
            .iter()
            .zip(wished)
            .find(|((_, known), wish)| wish.is_some_and(|wish| wish.eq_ignore_ascii_case(known)));
        if let Some(((name, _), _)) = same {
            let id = crm.schema.module(index).map(|module| module.id.to_string());
            return Err(Fault {
                code: "DUPLICATE_DATA",
                message: "duplicate data",
                details: json!({"api_name": name, "json_path": format!("{path}.{name}"), "id": id}),
            });
        }
    }
    Ok(())
}

fn change(crm: &mut CrmWorld, index: ModuleIndex, sent: &Map<String, Value>, path: &str) -> Item {
    let singular = text(sent, "singular_label", LABEL, path)?;
    let plural = text(sent, "plural_label", LABEL, path)?;
    profiles(crm, sent, path)?;
    free(crm, Some(index), [singular, plural, None], path)?;
    crm.schema.relabel(index, singular, plural);
    let id = crm.schema.module(index).map(|module| module.id.to_string());
    Ok(Success::new("module updated successfully", json!({"id": id})))
}
