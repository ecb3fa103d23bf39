//! Related lists: what hangs on the records of a module.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields::module;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::related::linked;
use crate::crm::schema::{Kind, Module, ModuleIndex};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

pub(super) fn list_related_lists(world: &mut World, call: &Call<'_>) -> Outcome {
    let (index, _) = module(&world.crm, call)?;
    let lists = lists(&world.crm, index);
    Ok(Answer::json(StatusCode::OK, &json!({"related_lists": lists})))
}

pub(super) fn get_related_list(world: &mut World, call: &Call<'_>) -> Outcome {
    let (index, _) = module(&world.crm, call)?;
    let id = ids::parse(path(call, 0))
        .ok_or_else(refuse::invalid_id)?
        .to_string();
    let found = lists(&world.crm, index).into_iter().find(|list| list["id"] == id);
    Ok(match found {
        Some(list) => Answer::json(StatusCode::OK, &json!({"related_lists": [list]})),
        None => Answer::no_content(),
    })
}

/// The lists of a module: files, then the modules whose records point at its own, then those that are linked.
fn lists(crm: &CrmWorld, index: ModuleIndex) -> Vec<Value> {
    let Some(parent) = crm.schema.module(index) else {
        return Vec::new();
    };
    let mut lists: Vec<(String, String, &str, Option<&Module>)> =
        vec![("Attachments".into(), "Attachments".into(), "default", None)];
    for child in &crm.schema.modules {
        let looks = |kind: Kind| match kind {
            Kind::Lookup(target) => target == parent.api_name,
            Kind::AnyLookup => true,
            _ => false,
        };
        let tied = child.fields.iter().find(|field| looks(field.kind));
        if let Some(field) = tied {
            let kind = if field.custom { "custom_lookup" } else { "default" };
            lists.push((child.api_name.into(), child.plural.into(), kind, Some(child)));
        } else if linked(parent.api_name, child.api_name) {
            lists.push((child.api_name.into(), child.plural.into(), "default", Some(child)));
        }
    }
    let shown = lists
        .into_iter()
        .enumerate()
        .map(|(at, (api_name, label, kind, child))| {
            let href = format!("{}/{{ENTITYID}}/{api_name}", parent.api_name);
            let mut shown = json!({
                "id": crm.ids.related_list(index, at).to_string(), "api_name": api_name, "name": label,
                "display_label": label, "sequence_number": (at + 1).to_string(), "type": kind, "href": href,
                "action": null, "status": "visible", "customize_sort": true, "customize_fields": true,
                "customize_display_label": true, "connectedmodule": null, "linkingmodule": null,
            });
            if let Some(child) = child {
                shown["module"] = json!({"api_name": child.api_name, "id": child.id.to_string()});
            }
            shown
        });
    shown.collect()
}
