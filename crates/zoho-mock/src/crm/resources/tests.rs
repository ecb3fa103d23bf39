//! The engine over its catalogue: every resource is made, read, listed, changed and deleted.

mod automation;
mod people;
mod sales;
mod services;
mod sharing;

use serde_json::{Map, Value, json};

use super::addresses;
use super::catalogue::{Action, RESOURCES, Resource, Within, Wrap, named};
use super::check::properties;
use crate::conformity::complaints;
use crate::crm::testkit::{Ask, Got, Kit};
use crate::generated::crm::ROUTES;
use crate::route::Product;
use crate::schema_answer::resolve;

/// The operation that does something with a resource, if the description has it.
fn operation(resource: &Resource, wanted: fn(&Action) -> bool) -> Option<&'static str> {
    let mut routes = ROUTES.iter();
    routes
        .find(|route| {
            addresses::action(route.id)
                .is_some_and(|(found, action)| found.name == resource.name && wanted(&action))
        })
        .map(|route| route.id)
}

/// A call on a resource of a place: what stands above it comes first.
fn ask<'a>(kit: &'a mut Kit, operation: &'static str, above: &[String], own: Option<&str>) -> Ask<'a> {
    let mut path = above.to_vec();
    path.extend(own.map(str::to_owned));
    let deals = kit.world.crm.schema.find("Deals").unwrap();
    let layout = kit.world.crm.ids.layout(deals).to_string();
    let within = addresses::action(operation).unwrap().0.within;
    let mut ask = kit.ask_along(operation, path);
    if within.contains(&Within::QueryModule) {
        ask = ask.query("module", "Leads");
    }
    if within.contains(&Within::QueryLayout) {
        ask = ask.query("layout_id", layout);
    }
    ask
}

/// What stands above a resource of the path.
fn above(kit: &mut Kit, resource: &Resource) -> Vec<String> {
    let mut above = Vec::new();
    for within in resource.within {
        match within {
            Within::Module => above.push("Leads".to_owned()),
            Within::Record => above.push(kit.create("Leads", &json!([{"Last_Name": "Ngo"}])).remove(0)),
            Within::Layout => above.push(kit.world.crm.ids.layout(0).to_string()),
            Within::Of(name) => above.push(made(kit, named(name).unwrap(), 700)),
            Within::QueryModule | Within::QueryLayout => {}
        }
    }
    above
}

/// A body with everything that a resource requires.
fn sample(kit: &mut Kit, resource: &'static Resource, number: usize) -> Value {
    let mut body = Map::new();
    let described = properties(resource.schema);
    for name in resource.mandatory().collect::<Vec<_>>() {
        let schema = resolve(Product::Crm, &described[name]);
        let field = |kit: &Kit, name: &str| {
            let leads = kit.world.crm.schema.find("Leads").unwrap();
            json!({"id": kit.world.crm.schema.modules[leads].field(name).unwrap().id.to_string()})
        };
        let value = match (resource.name, name) {
            ("workflow_rules", "conditions") => {
                json!([{"sequence_number": 1, "instant_actions": {"actions": []}}])
            }
            ("workflow_rules", "execute_when") => json!({"type": "create"}),
            ("user_groups", "sources") => json!([{"type": "users", "source": {"id": kit.user.to_string()}}]),
            ("global_picklists", _) if name == "pick_list_values" => {
                json!([{"display_value": "One"}, {"display_value": "Two"}])
            }
            ("map_dependency", "parent") => field(kit, "Lead_Source"),
            ("map_dependency", "child") => field(kit, "Lead_Status"),
            ("field_updates", "field") => field(kit, "City"),
            ("currencies", "iso_code") => ["EUR", "GBP", "JPY", "CHF"][number % 4].into(),
            ("currencies", "exchange_rate") => "1.5".into(),
            ("share", "shared_with") => json!({"type": "users", "id": kit.user.to_string()}),
            ("users_unavailability", "to") => "2026-06-02T10:00:00+02:00".into(),
            ("holidays", "type") => "business_holiday".into(),
            ("appointments", "Appointment_For") => json!({"id": "1", "module": {"api_name": "Leads"}}),
            ("sharing_rules", "shared_to") => {
                let party = json!({"type": "users", "resource": {"id": kit.user.to_string()}});
                body.insert("shared_from".to_owned(), party.clone());
                party
            }
            _ if resource.refers(name) == Some("modules") => json!({"api_name": "Leads"}),
            _ if resource.refers(name) == Some("users") => json!({"id": kit.user.to_string()}),
            _ if resource.refers(name).is_some() => {
                let other = named(resource.refers(name).unwrap()).unwrap();
                json!({"id": made(kit, other, 300 + number)})
            }
            _ if resource.is_closed(name) => schema["x-zoho-values"][0].clone(),
            _ => match (schema["type"].as_str(), schema["format"].as_str()) {
                (_, Some("zoho-datetime")) => "2026-06-01T10:00:00+02:00".into(),
                (_, Some("zoho-date")) => "2026-12-24".into(),
                (Some("array"), _) => json!([{}]),
                (Some("boolean"), _) => json!(false),
                (Some("integer" | "number"), _) => json!(30),
                _ => format!("{name} {number}").into(),
            },
        };
        body.insert(name.to_owned(), value);
    }
    Value::Object(body)
}

fn wrapped(resource: &Resource, body: &Value) -> Value {
    match resource.wrap {
        Wrap::List => json!({resource.key: [body]}),
        Wrap::Always | Wrap::Once => json!({resource.key: body}),
    }
}

/// Makes a resource and gives its id.
fn made(kit: &mut Kit, resource: &'static Resource, number: usize) -> String {
    let above = above(kit, resource);
    let body = sample(kit, resource, number);
    let create = operation(resource, |action| matches!(action, Action::Create)).unwrap();
    let got = ask(kit, create, &above, None)
        .json(&wrapped(resource, &body))
        .go();
    assert!(got.status < 300, "{}: {}", resource.name, got.body);
    id(&got, resource)
}

fn id(got: &Got, resource: &Resource) -> String {
    let key = got.body.as_object().unwrap().keys().next().unwrap();
    let details = match resource.wrap {
        Wrap::List => &got.body[key][0]["details"]["id"],
        Wrap::Always | Wrap::Once => &got.body[key]["details"]["id"],
    };
    details
        .as_str()
        .unwrap_or_else(|| panic!("{}", got.body))
        .to_owned()
}

/// An answer that has the shape of its description.
fn fits(got: Got, operation: &str) -> Got {
    let route = ROUTES.iter().find(|route| route.id == operation).unwrap();
    let found = match got.body.is_null() {
        true => Vec::new(),
        // Zoho shows a reference to nothing as `null`, and clients read it so.
        false => complaints(route, &got.body)
            .into_iter()
            .filter(|found| !found.contains("null is not of type"))
            .collect(),
    };
    assert!(found.is_empty(), "{}", found.join("\n"));
    got
}

/// Multi-currency is on, so that currencies can be added.
fn kit() -> Kit {
    let mut kit = Kit::new();
    let base = json!({"base_currency": {"iso_code": "USD", "exchange_rate": "1"}});
    assert_eq!(kit.ask("enable_currencies", []).json(&base).go().status, 200);
    kit
}

#[test]
fn every_resource_is_made_read_listed_changed_and_deleted() {
    let mut tried = 0;
    for &resource in RESOURCES {
        let kit = &mut kit();
        let Some(create) = operation(resource, |action| matches!(action, Action::Create)) else {
            continue;
        };
        tried += 1;
        let above = above(kit, resource);
        let body = sample(kit, resource, 1);
        let got = ask(kit, create, &above, None)
            .json(&wrapped(resource, &body))
            .go();
        let got = fits(got, create);
        assert!(got.status < 300, "{}: {}", resource.name, got.body);
        let id = id(&got, resource);
        let own = (resource.wrap == Wrap::List).then_some(id.as_str());
        let one = |got: &Got| match resource.wrap {
            Wrap::List => got.body[resource.key][0].clone(),
            Wrap::Always | Wrap::Once => got.body[resource.key].clone(),
        };
        if let Some(get) = operation(resource, |action| matches!(action, Action::Get)) {
            let got = fits(ask(kit, get, &above, own).go(), get);
            assert_eq!(got.status, 200, "{}: {}", resource.name, got.body);
            for name in resource.mandatory() {
                if let Some(text) = body[name].as_str().filter(|_| name != "from") {
                    assert_eq!(one(&got)[name], text, "{} {name}", resource.name);
                }
            }
            if own.is_some() {
                let nobody = ask(kit, get, &above, Some("1")).go();
                assert!(
                    [204, 400].contains(&nobody.status),
                    "{}: {}",
                    resource.name,
                    nobody.body
                );
            }
        }
        if let Some(list) = operation(resource, |action| matches!(action, Action::List)) {
            let mut all = ask(kit, list, &above, None);
            if resource.record {
                assert_eq!(
                    all.go().at("/code"),
                    "REQUIRED_PARAM_MISSING",
                    "{}",
                    resource.name
                );
                all = ask(kit, list, &above, None).query("fields", "Owner");
            }
            let got = fits(all.go(), list);
            let rows = got.body[resource.key].as_array().unwrap();
            let key = if resource.name == "portals" { "zaid" } else { "id" };
            assert!(
                // Shares show no ids.
                rows.iter()
                    .any(|row| row.get(key).is_none_or(|shown| *shown == id)),
                "{}: {}",
                resource.name,
                got.body
            );
        }
        // Parts that come without an id would be added once more.
        let mut body = body;
        if let Some(body) = body.as_object_mut() {
            body.retain(|name, _| !resource.has_parts(name));
        }
        if let Some(update) = operation(resource, |action| matches!(action, Action::Update)) {
            let got = ask(kit, update, &above, own).json(&wrapped(resource, &body)).go();
            assert_eq!(fits(got, update).status, 200, "{}", resource.name);
        }
        if let Some(several) = operation(resource, |action| matches!(action, Action::UpdateSeveral)) {
            let mut with_id = body.clone();
            with_id["id"] = id.clone().into();
            let unknown = json!({resource.key: [with_id, {"id": "1"}, {}]});
            let got = ask(kit, several, &above, None).json(&unknown).go();
            assert_eq!(got.status, 207, "{}: {}", resource.name, got.body);
            assert_eq!(got.body[resource.key][2]["code"], "MANDATORY_NOT_FOUND");
        }
        let heir = kit
            .world
            .crm
            .shelves
            .all(resource.name)
            .first()
            .map(|kept| kept.id.to_string());
        let mut gone = false;
        if let Some(delete) = operation(resource, |action| matches!(action, Action::Delete)) {
            let call =
                ask(kit, delete, &above, own).query("transfer_to_id", heir.clone().unwrap_or_default());
            assert_eq!(fits(call.go(), delete).status, 200, "{}", resource.name);
            gone = true;
        } else if let Some(several) = operation(resource, |action| matches!(action, Action::DeleteSeveral)) {
            let call = ask(kit, several, &above, None).query("ids", format!("{id},1"));
            let got = call.go();
            assert_eq!(got.status, 207, "{}: {}", resource.name, got.body);
            gone = true;
        }
        let left = kit
            .world
            .crm
            .shelves
            .get(resource.name, id.parse().unwrap())
            .is_some();
        assert_eq!(left, !gone, "{}", resource.name);
    }
    assert!(tried >= 20, "{tried}");
}

#[test]
fn what_is_mandatory_is_missed_and_what_is_unique_is_found_twice() {
    for &resource in RESOURCES.iter().filter(|resource| resource.wrap == Wrap::List) {
        let Some(create) = operation(resource, |action| matches!(action, Action::Create)) else {
            continue;
        };
        let kit = &mut kit();
        let above = above(kit, resource);
        let body = sample(kit, resource, 1);
        for name in resource.mandatory() {
            let mut short = body.clone();
            short.as_object_mut().unwrap().remove(name);
            let got = ask(kit, create, &above, None)
                .json(&wrapped(resource, &short))
                .go();
            assert_eq!(got.status, 400, "{} {name}: {}", resource.name, got.body);
            let item = &got.body[resource.key][0];
            assert_eq!(item["code"], "MANDATORY_NOT_FOUND", "{} {name}", resource.name);
            assert_eq!(
                item["details"]["json_path"],
                format!("$.{}[0].{name}", resource.key)
            );
            let mut wrong = body.clone();
            wrong[name] = json!([[1]]);
            let got = ask(kit, create, &above, None)
                .json(&wrapped(resource, &wrong))
                .go();
            assert_eq!(
                got.body[resource.key][0]["code"], "INVALID_DATA",
                "{} {name}: {}",
                resource.name, got.body
            );
        }
        if resource.unique().any(|name| body.get(name).is_some()) {
            let twice = json!({resource.key: [body, body]});
            let got = ask(kit, create, &above, None).json(&twice).go();
            assert_eq!(got.status, 207, "{}: {}", resource.name, got.body);
            assert_eq!(
                got.body[resource.key][1]["code"], "DUPLICATE_DATA",
                "{}",
                resource.name
            );
        }
    }
}

#[test]
fn the_catalogue_holds_together() {
    let mut names = std::collections::BTreeSet::new();
    for resource in RESOURCES {
        assert!(names.insert(resource.name), "{} twice", resource.name);
        let described = properties(resource.schema);
        assert!(!described.is_empty(), "{}", resource.schema);
        for rule in resource.rules {
            let name = rule.property();
            assert!(described.contains_key(name), "{}: {name}", resource.name);
        }
        for (name, to) in described
            .keys()
            .filter_map(|name| Some((name, resource.refers(name)?)))
        {
            assert!(
                ["users", "modules"].contains(&to) || named(to).is_some(),
                "{}: {name}",
                resource.name
            );
        }
    }
    for resource in RESOURCES {
        for (method, end, _) in resource.more {
            let found = ROUTES.iter().any(|route| {
                route.method == *method
                    && addresses::action(route.id).is_some_and(|(found, _)| found.name == resource.name)
                    && {
                        let end = end.rsplit("{}").next().unwrap_or_default().replace("//", "/");
                        route.path.ends_with(&end)
                    }
            });
            assert!(found, "{} {end} leads nowhere", resource.name);
        }
    }
}
