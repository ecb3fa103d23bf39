//! `/settings/tags`: the tags of a module.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::registry::Tag;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::{actor, object};
use crate::crm::schema::ModuleIndex;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// How many tags a module may have.
pub(super) const ALLOWED: usize = 100;
/// How many of them a record may carry.
pub(super) const PER_RECORD: usize = 10;
/// The longest name.
const NAME: u32 = 25;
/// How many tags one call may write.
const MOST: usize = 50;

pub(super) fn list_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let module = of_module(crm, call)?;
    let caller = crm.caller(call);
    let mine = call.query("my_tags") == Some("true");
    let wanted = |tag: &&Tag| !mine || tag.created.user == caller;
    let tags: Vec<Value> = crm
        .tags
        .of(module)
        .filter(wanted)
        .map(|tag| crm.tag_json(tag))
        .collect();
    if tags.is_empty() {
        return Ok(Answer::no_content());
    }
    let info = json!({"count": tags.len(), "allowed_count": ALLOWED, "record_limit": PER_RECORD});
    Ok(Answer::json(StatusCode::OK, &json!({"tags": tags, "info": info})))
}

pub(super) fn create_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let module = of_module(crm, call)?;
    let items = body::items(&mut body::object(call)?, "tags", MOST)?;
    let actor = actor(crm, call);
    let add = |(at, item): (usize, &Value)| -> Item {
        let path = format!("$.tags[{at}]");
        let given = Given::read(object(item, &path)?, &path)?;
        let name = given
            .name
            .ok_or_else(|| Fault::missing("name", &format!("{path}.name")))?;
        let symbol = crm.symbols.intern(&name);
        crm.name_is_free(module, symbol, &path)?;
        if crm.tags.of(module).count() >= ALLOWED {
            return Err(too_many());
        }
        let id = crm.know_tag(module, symbol, given.color.flatten(), actor);
        Ok(crm.written("tags created successfully", id))
    };
    let items = items.iter().enumerate().map(add).collect();
    Ok(batch::answer(world.dialect, "tags", StatusCode::CREATED, items))
}

pub(super) fn update_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let module = of_module(crm, call)?;
    let items = body::items(&mut body::object(call)?, "tags", MOST)?;
    let actor = actor(crm, call);
    let change = |(at, item): (usize, &Value)| -> Item {
        let path = format!("$.tags[{at}]");
        let item = object(item, &path)?;
        let id = item.get("id").filter(|id| !id.is_null());
        let id = id.ok_or_else(|| Fault::missing("id", &format!("{path}.id")))?;
        crm.change_tag(Some(module), ids::from_json(id), item, &path, actor)
    };
    let items = items.iter().enumerate().map(change).collect();
    Ok(batch::answer(world.dialect, "tags", StatusCode::OK, items))
}

pub(super) fn update_tag(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let module = match call.query("module") {
        None => None,
        Some(_) => Some(of_module(crm, call)?),
    };
    let items = body::items(&mut body::object(call)?, "tags", 1)?;
    let actor = actor(crm, call);
    let at = "$.tags[0]";
    let id = ids::parse(path(call, 0));
    let item = object(items.first().unwrap_or(&Value::Null), at)
        .and_then(|item| crm.change_tag(module, id, item, at, actor));
    Ok(batch::answer(world.dialect, "tags", StatusCode::OK, vec![item]))
}

pub(super) fn delete_tag(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let text = path(call, 0);
    let Some(tag) = ids::parse(text).and_then(|id| crm.tags.get(id)).cloned() else {
        return Err(refuse::bad("INVALID_DATA", "tags not found", json!({"id": text})));
    };
    crm.replace_tag(&tag, None);
    let item = Ok(Success::new("tags deleted successfully", json!({"id": text})));
    Ok(batch::answer(world.dialect, "tags", StatusCode::OK, vec![item]))
}

pub(super) fn merge_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let source = found(crm, call)?;
    let items = body::items(&mut body::object(call)?, "tags", 1)?;
    // The one that stays is named by `conflict_id`, or by its id.
    let named = items
        .first()
        .and_then(|item| item.get("conflict_id").or_else(|| item.get("id")));
    let target = named
        .and_then(ids::from_json)
        .and_then(|id| crm.tags.get(id))
        .cloned();
    let item = match target.filter(|target| target.module == source.module && target.id != source.id) {
        Some(target) => {
            crm.replace_tag(&source, Some(target.symbol));
            Ok(crm.written("tags merged successfully", Some(target.id)))
        }
        None => Err(Fault::field(
            "INVALID_DATA",
            "invalid data",
            "conflict_id",
            "$.tags[0].conflict_id",
        )),
    };
    Ok(batch::answer(world.dialect, "tags", StatusCode::OK, vec![item]))
}

pub(super) fn count_tag_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let tag = found(crm, call)?;
    let count = crm.tagged(tag.module, tag.symbol).len().to_string();
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"count": count, "configured_areas": {}}),
    ))
}

/// The tag that the path names.
fn found(crm: &CrmWorld, call: &Call<'_>) -> Result<Tag, Refusal> {
    let tag = ids::parse(path(call, 0)).and_then(|id| crm.tags.get(id)).cloned();
    tag.ok_or_else(|| refuse::bad("TAG_ID_NOT_FOUND", "invalid tag id", json!({})))
}

/// The module that the query names.
fn of_module(crm: &CrmWorld, call: &Call<'_>) -> Result<ModuleIndex, Refusal> {
    let name = call.query("module").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| {
        refuse::bad(
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            json!({"param": "module"}),
        )
    })?;
    crm.schema.find(name).ok_or_else(refuse::invalid_module)
}

/// The module has all the tags that it may have.
pub(super) fn too_many() -> Fault {
    Fault {
        code: "LICENSE_LIMIT_EXCEEDED",
        message: "tags edition limit exceeded",
        details: json!({}),
    }
}

/// A tag of a body.
pub(super) struct Given {
    pub(super) name: Option<String>,
    /// Present when the body says something of the colour, be it that there is none.
    pub(super) color: Option<Option<String>>,
}

impl Given {
    pub(super) fn read(item: &Map<String, Value>, path: &str) -> Result<Self, Fault> {
        let at = |key: &str| format!("{path}.{key}");
        let name = match item.get("name") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) if name.trim().is_empty() => None,
            Some(Value::String(name)) if name.chars().count() > NAME as usize => {
                return Err(Fault::too_long(NAME, "name", &at("name")));
            }
            Some(Value::String(name)) => Some(name.trim().to_owned()),
            Some(_) => return Err(Fault::expected("text", "name", &at("name"))),
        };
        let is_color = |text: &str| {
            text.strip_prefix('#')
                .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        };
        let color = match item.get("color_code") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(Value::String(color)) if is_color(color) => Some(Some(color.clone())),
            Some(_) => {
                return Err(Fault::field(
                    "INVALID_DATA",
                    "invalid data",
                    "color_code",
                    &at("color_code"),
                ));
            }
        };
        Ok(Self { name, color })
    }
}

impl CrmWorld {
    fn name_is_free(&self, module: ModuleIndex, symbol: u32, path: &str) -> Result<(), Fault> {
        let tag = self
            .tag_field(module)
            .and_then(|(field, _)| self.tags.find(field, symbol));
        match tag {
            None => Ok(()),
            Some(tag) => Err(Fault {
                code: "DUPLICATE_DATA",
                message: "duplicate data",
                details: json!({"api_name": "name", "json_path": format!("{path}.name"), "id": tag.id.to_string()}),
            }),
        }
    }

    fn change_tag(
        &mut self,
        module: Option<ModuleIndex>,
        id: Option<u64>,
        item: &Map<String, Value>,
        path: &str,
        actor: Actor,
    ) -> Item {
        let tag = id.and_then(|id| self.tags.get(id)).cloned();
        let tag = tag.filter(|tag| module.is_none_or(|module| tag.module == module));
        let Some(mut tag) = tag else {
            return Err(Fault::unknown_id(&format!("{path}.id")));
        };
        let given = Given::read(item, path)?;
        if let Some(name) = given.name {
            let symbol = self.symbols.intern(&name);
            if symbol != tag.symbol {
                self.name_is_free(tag.module, symbol, path)?;
                self.replace_tag(&tag, Some(symbol));
                tag.symbol = symbol;
            }
        }
        if let Some(color) = given.color {
            tag.color = color;
        }
        tag.modified = actor;
        let id = tag.id;
        if let Some((field, _)) = self.tag_field(tag.module) {
            self.tags.put(field, tag);
        }
        Ok(self.written("tags updated successfully", Some(id)))
    }

    fn written(&self, message: &'static str, id: Option<u64>) -> Success {
        let tag = id.and_then(|id| self.tags.get(id));
        Success::new(message, tag.map_or(Value::Null, |tag| self.tag_json(tag)))
    }

    /// A tag as `/settings/tags` shows one.
    fn tag_json(&self, tag: &Tag) -> Value {
        let by = |user| {
            let user = self.users.get(user)?;
            Some(json!({"name": user.full_name(), "id": user.id.to_string()}))
        };
        json!({
            "created_time": self.zone.text(tag.created.now), "modified_time": self.zone.text(tag.modified.now),
            "name": self.symbols.text(tag.symbol), "modified_by": by(tag.modified.user), "id": tag.id.to_string(),
            "created_by": by(tag.created.user), "color_code": tag.color,
        })
    }
}
