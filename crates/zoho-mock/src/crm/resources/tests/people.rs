//! Roles, profiles, groups, territories.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn other_user(kit: &mut Kit) -> String {
    let users = kit.ask("list_users", []).go();
    users.at("/users/1/id").as_str().unwrap().to_owned()
}

fn add(kit: &mut Kit, operation: &'static str, key: &str, thing: &Value) -> String {
    let got = kit.ask(operation, []).json(&json!({key: [thing]})).go();
    assert_eq!(got.status, 201, "{}", got.body);
    got.body[key][0]["details"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_role_that_goes_leaves_its_users_and_its_branch_to_another() {
    let mut kit = Kit::new();
    let first = kit.world.crm.ids.role(0).to_string();
    let sales = add(&mut kit, "create_roles", "roles", &json!({"name": "Sales"}));
    let below = add(
        &mut kit,
        "create_roles",
        "roles",
        &json!({"name": "Inside", "reporting_to": {"id": sales}}),
    );
    let got = kit.ask("get_role", [&below]).go();
    assert_eq!(
        got.at("/roles/0/reporting_to"),
        &json!({"id": sales, "name": "Sales"})
    );
    assert_eq!(got.at("/roles/0/api_name"), "Inside");
    let user = other_user(&mut kit);
    let got = kit
        .ask("update_user", [&user])
        .json(&json!({"users": [{"role": {"id": sales}}]}))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    // A circle is refused.
    let circle = json!({"roles": [{"reporting_to": {"id": below}}]});
    let got = kit.ask("update_role", [&sales]).json(&circle).go();
    assert_eq!(got.at("/roles/0/code"), "INVALID_DATA");
    let got = kit.ask("delete_role", [&sales]).go();
    assert_eq!(
        (got.status, got.at("/code")),
        (400, &json!("REQUIRED_PARAM_MISSING"))
    );
    let got = kit
        .ask("delete_role", [&sales])
        .query("transfer_to_id", &sales)
        .go();
    assert_eq!(got.at("/roles/0/details/param_name"), "transfer_to_id");
    assert_eq!(
        kit.ask("delete_role", [&sales])
            .query("transfer_to_id", &below)
            .go()
            .status,
        200
    );
    assert_eq!(
        kit.ask("get_user", [&user]).go().at("/users/0/role/name"),
        "Inside"
    );
    assert_eq!(
        kit.ask("get_role", [&below]).go().at("/roles/0/reporting_to/id"),
        &json!(first)
    );
    let got = kit
        .ask("delete_role", [&first])
        .query("transfer_to_id", &below)
        .go();
    assert_eq!(got.at("/roles/0/code"), "CANNOT_DELETE");
}

#[test]
fn a_profile_is_a_copy_that_modules_and_fields_show() {
    let mut kit = Kit::new();
    let standard = kit.world.crm.ids.profile(1).to_string();
    let got = kit
        .ask("clone_profile", [&standard])
        .json(&json!({"profiles": [{"name": "Support"}]}))
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
    let id = got.at("/profiles/0/details/id").as_str().unwrap().to_owned();
    let shown = kit.ask("get_profile", [&id]).go();
    assert_eq!(shown.at("/profiles/0/name"), "Support");
    let modules = kit.ask("get_module", ["Leads"]).go();
    let profiles = modules.at("/modules/0/profiles").as_array().unwrap();
    assert!(profiles.iter().any(|profile| profile["id"] == id));
    // Without a body the copy is called one, and a second copy of that name is refused.
    assert_eq!(kit.ask("clone_profile", [&standard]).go().status, 201);
    let twice = kit.ask("clone_profile", [&standard]).go();
    assert_eq!(twice.at("/profiles/0/code"), "DUPLICATE_DATA");
}

#[test]
fn a_group_counts_users_roles_and_other_groups() {
    let mut kit = Kit::new();
    let (me, other) = (kit.user.to_string(), other_user(&mut kit));
    let role = kit.world.crm.ids.role(1).to_string();
    let users = json!({"name": "A", "sources": [{"type": "users", "source": {"id": me}}]});
    let first = add(&mut kit, "create_user_groups", "user_groups", &users);
    let both = json!({"name": "B", "sources": [
        {"type": "groups", "source": {"id": first}}, {"type": "roles", "source": {"id": role}, "subordinates": false},
    ]});
    let second = add(&mut kit, "create_user_groups", "user_groups", &both);
    let counts = kit.ask("count_user_group_users", []).go();
    assert_eq!(counts.at("/associated_users_count/1/count"), 2);
    let sources = kit.ask("count_user_group_sources", [&second]).go();
    assert_eq!(sources.at("/sources_count/0/groups"), 1);
    assert_eq!(
        kit.ask("list_user_group_sources", [&second])
            .go()
            .at("/sources/1/source/name"),
        "Manager"
    );
    let groups = kit.ask("list_groups_of_user", [&other]).go();
    assert_eq!(groups.at("/user_groups").as_array().unwrap().len(), 1);
    let uses = kit.ask("list_user_group_associations", [&first]).go();
    assert_eq!(uses.at("/associations/0/resource/id"), &json!(second));
    let wrong =
        json!({"user_groups": [{"name": "C", "sources": [{"type": "roles", "source": {"id": "1"}}]}]});
    let got = kit.ask("create_user_groups", []).json(&wrong).go();
    assert_eq!(
        got.at("/user_groups/0/details/json_path"),
        "$.user_groups[0].sources[0].source.id"
    );
}

#[test]
fn territories_hold_users_and_records_and_pass_them_on() {
    let mut kit = Kit::new();
    let north = json!({"name": "North", "permission_type": "read_only"});
    let north = add(&mut kit, "create_territories", "territories", &north);
    let city = json!({"name": "City", "permission_type": "read_only", "reporting_to": {"id": north}});
    let city = add(&mut kit, "create_territories", "territories", &city);
    let me = kit.user.to_string();
    assert_eq!(kit.ask("assign_territory_user", [&city, &me]).go().status, 200);
    assert_eq!(
        kit.ask("assign_territory_user", [&city, &me])
            .go()
            .at("/users/0/code"),
        "DUPLICATE_DATA"
    );
    assert_eq!(
        kit.ask("list_territory_users", [&city]).go().at("/users/0/id"),
        &json!(me)
    );
    assert_eq!(
        kit.ask("list_user_territories", [&me])
            .go()
            .at("/territories/0/Name"),
        "City"
    );
    let lead = kit.create("Leads", &json!([{"Last_Name": "Ngo"}])).remove(0);
    let body = json!({"data": [{"id": lead, "Territories": [{"id": city}]}]});
    let got = kit
        .ask("assign_territories_to_records", ["Leads"])
        .json(&body)
        .go();
    assert_eq!((got.status, got.at("/data/0/code")), (202, &json!("SCHEDULED")));
    let children = kit.ask("list_child_territories", [&north]).go();
    assert_eq!(children.at("/territories/0/id"), &json!(city));
    assert_eq!(
        kit.ask("delete_territory", [&north])
            .go()
            .at("/territories/0/code"),
        "NOT_ALLOWED"
    );
    let passed = json!({"territories": [{"id": city, "transfer_to_id": north}]});
    assert_eq!(
        kit.ask("transfer_and_delete_territories", [])
            .json(&passed)
            .go()
            .status,
        200
    );
    assert_eq!(
        kit.ask("list_user_territories", [&me])
            .go()
            .at("/territories/0/Name"),
        "North"
    );
    let (north_id, lead_id) = (north.parse().unwrap(), lead.parse().unwrap());
    assert!(kit.world.crm.in_territory(north_id, lead_id));
    assert_eq!(kit.ask("remove_user_territories", [&me]).go().status, 200);
    assert_eq!(kit.ask("list_user_territories", [&me]).go().status, 204);
    let wrong = json!({"data": [{"Territories": [{"id": "1"}]}]});
    let got = kit
        .ask("remove_record_territories", ["Leads", &lead])
        .json(&wrong)
        .go();
    assert_eq!(got.at("/data/0/code"), "INVALID_DATA");
}

#[test]
fn hours_and_absences_keep_their_order() {
    let mut kit = Kit::new();
    let absent = json!({"user": {"id": kit.user.to_string()}, "from": "2026-06-02T10:00:00+02:00", "to": "2026-06-01T10:00:00+02:00"});
    let got = kit
        .ask("create_users_unavailability", [])
        .json(&json!({"users_unavailability": [absent]}))
        .go();
    assert_eq!(got.at("/users_unavailability/0/details/api_name"), "to");
    let shift = json!({"name": "Night", "users": [{"id": kit.user.to_string()}]});
    let shift = add(&mut kit, "create_shift_hours", "shift_hours", &shift);
    assert_eq!(
        kit.ask("get_shift_hour", [&shift])
            .go()
            .at("/shift_hours/0/users_count"),
        1
    );
    let holiday = json!({"name": "Eve", "date": "2026-12-24", "type": "shift_holiday"});
    let got = kit
        .ask("create_holidays", [])
        .json(&json!({"holidays": [holiday]}))
        .go();
    assert_eq!(got.at("/holidays/0/details/api_name"), "shift_hour");
    let holiday =
        json!({"name": "Eve", "date": "2026-12-24", "type": "shift_holiday", "shift_hour": {"id": shift}});
    add(&mut kit, "create_holidays", "holidays", &holiday);
    assert_eq!(
        kit.ask("list_holidays", []).query("year", "2027").go().status,
        204
    );
    assert_eq!(
        kit.ask("list_holidays", [])
            .query("year", "2026")
            .go()
            .at("/holidays/0/shift_hour/name"),
        "Night"
    );
    // There are no hours until somebody sets them, and then there is one set.
    let none = kit.ask("get_business_hours", []).go();
    assert!(
        none.status == 204 || none.at("/business_hours") == &json!({}),
        "{}",
        none.body
    );
    let hours = json!({"business_hours": {"type": "24_by_7", "week_starts_on": "Monday"}});
    assert_eq!(kit.ask("create_business_hours", []).json(&hours).go().status, 201);
    assert_eq!(
        kit.ask("create_business_hours", []).json(&hours).go().at("/code"),
        "ALREADY_CONFIGURED"
    );
    assert_eq!(
        kit.ask("get_business_hours", []).go().at("/business_hours/type"),
        "24_by_7"
    );
}
