//! The settings that an organization starts with.

use serde_json::{Map, Value, json};

use super::catalogue::{RESOURCES, Wrap};
use super::shelf::{Kept, Shelves};
use crate::crm::ids::Ids;
use crate::crm::schema::Schema;

const ROLES: &[&str] = &["CEO", "Manager"];
/// The first is the administrators'; the last is what a new user gets.
const PROFILES: &[&str] = &["Administrator", "Standard"];
const CONTACT_ROLES: &[&str] = &[
    "Developer/Evaluator",
    "Decision Maker",
    "Purchasing",
    "Executive Sponsor",
    "Engineering Lead",
    "Economic Decision Maker",
    "Product Management",
];

impl Shelves {
    /// What there is before the first call: all of it belongs to the system.
    pub(crate) fn first(ids: &Ids, schema: &Schema) -> Self {
        let mut shelves = Self::default();
        let mut number = 0;
        let mut next = || {
            number += 1;
            ids.setting(number)
        };
        for (at, name) in ROLES.iter().enumerate() {
            let top = (at > 0).then(|| json!({"id": ids.role(0).to_string()}));
            let values = json!({
                "name": name, "api_name": name, "display_label": name, "reporting_to": top, "share_with_peers": at == 0,
            });
            shelves.push("roles", system(ids.role(at), &[], values));
        }
        for (at, name) in PROFILES.iter().enumerate() {
            let values = json!({
                "name": name, "api_name": name, "display_label": name, "custom": false,
                "default": at + 1 == PROFILES.len(),
            });
            shelves.push("profiles", system(ids.profile(at), &[], values));
        }
        for (at, name) in CONTACT_ROLES.iter().enumerate() {
            let role = Kept {
                system: false,
                ..system(next(), &[], json!({"name": name, "sequence_number": at + 1}))
            };
            shelves.push("contact_roles", role);
        }
        for module in &schema.modules {
            let sharing = json!({
                "module": {"id": module.id.to_string(), "api_name": module.api_name}, "share_type": "private",
            });
            shelves.push("data_sharing", system(next(), &[], sharing));
            for (name, known_as, default) in [("All", "ALLVIEWS", true), ("My", "MYVIEWS", false)] {
                let name = format!("{name} {}", module.plural);
                let view = json!({
                    "name": name, "display_value": name, "system_name": known_as, "system_defined": true,
                    "default": default, "access_type": "public", "category": "public_views",
                    "module": {"id": module.id.to_string(), "api_name": module.api_name},
                });
                shelves.push("custom_views", system(next(), &[module.id], view));
            }
        }
        if let Some(deals) = schema.find("Deals")
            && let Some(stage) = schema.module(deals).and_then(|module| module.field("Stage"))
        {
            let stages = stage.picks.iter().enumerate();
            let stages: Vec<Value> = stages
                .map(|(at, name)| {
                    json!({
                        "id": ids.pick(stage.id, at).to_string(), "display_value": name, "actual_value": name,
                        "sequence_number": at + 1,
                    })
                })
                .collect();
            let pipeline = json!({
                "display_value": "Standard (Standard)", "actual_value": "Standard (Standard)", "default": true,
                "maps": stages,
            });
            shelves.push("pipeline", system(next(), &[ids.layout(deals)], pipeline));
        }
        for resource in RESOURCES.iter().filter(|resource| resource.wrap == Wrap::Always) {
            shelves.push(resource.name, system(next(), &[], json!({})));
        }
        shelves
    }
}

fn system(id: u64, within: &[u64], values: Value) -> Kept {
    let values = match values {
        Value::Object(values) => values,
        _ => Map::new(),
    };
    Kept {
        id,
        within: within.to_vec(),
        values,
        created: 0,
        modified: 0,
        created_by: 0,
        modified_by: 0,
        system: true,
    }
}
