//! Services, appointments for them, and what is shared by rules.

use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn id(got: &Got) -> String {
    assert!(got.status < 300, "{}", got.body);
    got.at("/data/0/details/id").as_str().unwrap().to_owned()
}

fn service(kit: &mut Kit, name: &str) -> String {
    let service = json!({"data": [{
        "Service_Name": name, "Duration": 30, "Price": 12.5, "Availability_Type": "Always",
        "Location": "Client Address", "Members": [{"Members": {"id": kit.user.to_string(), "module": "Users"}}],
    }]});
    id(&kit.ask("create_services", []).json(&service).go())
}

#[test]
fn an_appointment_is_for_a_service_and_shows_its_name_as_it_is() {
    let mut kit = Kit::new();
    let cut = service(&mut kit, "Cut");
    let user = kit.user.to_string();
    let mut appointment = json!({"data": [{
        "Owner": {"id": user}, "Appointment_Start_Time": "2026-06-01T10:00:00+02:00",
        "Appointment_For": {"id": "7", "module": {"api_name": "Leads"}}, "Service_Name": {"id": cut},
    }]});
    let made = kit.ask("create_appointments", []).json(&appointment).go();
    assert_eq!(made.at("/data/0/details/Created_By/id"), user.as_str());
    assert!(
        made.at("/data/0/details/Modified_Time").is_string(),
        "{}",
        made.body
    );
    let made = id(&made);
    appointment["data"][0]["Service_Name"]["id"] = "7".into();
    let refused = kit.ask("create_appointments", []).json(&appointment).go();
    assert_eq!(
        refused.at("/data/0/details/json_path"),
        "$.data[0].Service_Name.id"
    );
    let renamed = json!({"data": [{"Service_Name": "Trim"}]});
    assert_eq!(kit.ask("update_service", [&cut]).json(&renamed).go().status, 200);
    let shown = kit.ask("get_appointment", [&made]).go();
    assert_eq!(shown.at("/data/0/Service_Name/name"), "Trim");
    assert_eq!(shown.at("/data/0/Owner/id"), user.as_str());
    let narrow = kit
        .ask("get_appointment", [&made])
        .query("fields", "Status,Owner")
        .go();
    let keys: Vec<&String> = narrow.body["data"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "Owner", "Status"]);
}

#[test]
fn services_come_newest_first_page_by_page() {
    let mut kit = Kit::new();
    let ids: Vec<String> = (0..3)
        .map(|at| service(&mut kit, &format!("Service {at}")))
        .collect();
    let mut list = |query: &[(&'static str, &'static str)]| -> (Vec<Value>, Value) {
        let mut ask = kit.ask("list_services", []).query("fields", "Service_Name");
        for (name, value) in query {
            ask = ask.query(name, *value);
        }
        let got = ask.go();
        let rows = got.body["data"].as_array().unwrap().iter();
        (
            rows.map(|row| row["id"].clone()).collect(),
            got.at("/info/more_records").clone(),
        )
    };
    assert_eq!(
        list(&[("per_page", "2")]),
        (vec![ids[2].as_str().into(), ids[1].as_str().into()], json!(true))
    );
    assert_eq!(
        list(&[("per_page", "2"), ("page", "2")]),
        (vec![ids[0].as_str().into()], json!(false))
    );
    assert_eq!(
        list(&[("sort_order", "asc"), ("sort_by", "Created_Time")]).0[0],
        *ids[0]
    );
}

#[test]
fn an_appointment_that_is_put_off_is_written_down() {
    let mut kit = Kit::new();
    let cut = service(&mut kit, "Cut");
    let user = kit.user.to_string();
    let appointment = json!({"data": [{
        "Owner": {"id": user}, "Appointment_Start_Time": "2026-06-01T10:00:00+02:00", "Appointment_Name": "Cut for Ada",
        "Appointment_For": {"id": "7", "module": {"api_name": "Leads"}}, "Service_Name": {"id": cut},
    }]});
    let appointment = id(&kit.ask("create_appointments", []).json(&appointment).go());
    let put_off = json!({"data": [{
        "Appointment_Name": {"id": appointment}, "Rescheduled_From": "2026-06-01T10:00:00+02:00",
        "Rescheduled_To": "2026-06-02T10:00:00+02:00", "Rescheduled_By": {"id": user}, "Reschedule_Note": "ill",
    }]});
    let put_off = id(&kit.ask("create_reschedules", []).json(&put_off).go());
    let shown = kit.ask("get_reschedule", [&put_off]).go();
    assert_eq!(shown.at("/data/0/Appointment_Name/name"), "Cut for Ada");
    let note = json!({"data": [{"id": put_off, "Reschedule_Note": "well"}]});
    assert_eq!(kit.ask("update_reschedules", []).json(&note).go().status, 200);
    assert_eq!(
        kit.ask("get_reschedule", [&put_off])
            .go()
            .at("/data/0/Reschedule_Note"),
        "well"
    );
    assert_eq!(kit.ask("delete_reschedule", [&put_off]).go().status, 200);
    assert_eq!(kit.ask("get_reschedule", [&put_off]).go().status, 204);
}

#[test]
fn contact_roles_are_the_same_under_both_spellings() {
    let mut kit = Kit::new();
    let role = json!({"contact_roles": [{"name": "Witness"}]});
    let made = kit.ask("create_contacts_roles", []).json(&role).go();
    let made = made
        .at("/contact_roles/0/details/id")
        .as_str()
        .unwrap()
        .to_owned();
    let shown = kit.ask("get_contact_role", [&made]).go();
    assert_eq!(shown.at("/contact_roles/0/name"), "Witness");
    let renamed = json!({"contact_roles": [{"name": "Observer"}]});
    assert_eq!(
        kit.ask("update_contact_role", [&made]).json(&renamed).go().status,
        200
    );
    assert_eq!(
        kit.ask("get_contacts_role", [&made])
            .go()
            .at("/contact_roles/0/name"),
        "Observer"
    );
    assert_eq!(kit.ask("delete_contacts_role", [&made]).go().status, 200);
    assert!(
        !kit.ask("list_contact_roles", [])
            .go()
            .body
            .to_string()
            .contains("Observer")
    );
}

fn rule(kit: &Kit, name: &str, to: &str) -> Value {
    json!({"sharing_rules": [{
        "name": name, "type": "Record_Owner_Based", "permission_type": "read_only",
        "shared_from": {"type": "users", "resource": {"id": kit.user.to_string()}},
        "shared_to": {"type": "roles", "resource": {"id": to}, "subordinates": true},
    }]})
}

#[test]
fn sharing_rules_belong_to_a_module_and_are_searched_counted_and_switched() {
    let mut kit = Kit::new();
    let role = kit.world.crm.ids.role(0).to_string();
    for name in ["North", "South"] {
        let body = rule(&kit, name, &role);
        let made = kit
            .ask("create_sharing_rules", [])
            .query("module", "Leads")
            .json(&body)
            .go();
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let body = rule(&kit, "East", "7");
    let lost = kit
        .ask("create_sharing_rules", [])
        .query("module", "Leads")
        .json(&body)
        .go();
    assert_eq!(
        lost.at("/sharing_rules/0/details/json_path"),
        "$.sharing_rules[0].shared_to.resource.id"
    );
    assert_eq!(
        kit.ask("list_sharing_rules", [])
            .query("module", "Deals")
            .go()
            .status,
        204
    );
    let all = kit.ask("list_sharing_rules", []).query("module", "Leads").go();
    assert_eq!(all.at("/sharing_rules/0/module/api_name"), "Leads");
    let north = all.at("/sharing_rules/0/id").as_str().unwrap().to_owned();
    let off = kit
        .ask("deactivate_sharing_rule", [&north])
        .query("module", "Leads")
        .go();
    assert_eq!(off.status, 200, "{}", off.body);
    let wanted =
        json!({"filters": [{"field": {"api_name": "status"}, "comparator": "equal", "value": "inactive"}]});
    let found = kit
        .ask("search_sharing_rules", [])
        .query("module", "Leads")
        .json(&wanted)
        .go();
    assert_eq!(found.at("/sharing_rules").as_array().unwrap().len(), 1);
    assert_eq!(found.at("/sharing_rules/0/name"), "North");
    let mut count = |operation: &'static str, body: Option<&Value>| {
        let mut ask = kit.ask(operation, []).query("module", "Leads");
        if let Some(body) = body {
            ask = ask.json(body);
        }
        ask.go().at("/sharing_rules_summary/0/rule_count").clone()
    };
    assert_eq!(count("summarize_sharing_rules", None), 2);
    assert_eq!(count("search_sharing_rule_summary", Some(&wanted)), 1);
    assert_eq!(
        kit.ask("activate_sharing_rule", [&north])
            .query("module", "Leads")
            .go()
            .status,
        200
    );
    let none = kit
        .ask("search_sharing_rules", [])
        .query("module", "Leads")
        .json(&wanted)
        .go();
    assert_eq!(none.status, 204);
    let ran = kit.ask("rerun_sharing_rules", []).query("module", "Leads").go();
    assert_eq!(ran.at("/sharing_rules/0/code"), "SUCCESS");
    assert_eq!(
        kit.ask("rerun_sharing_rules", [])
            .query("module", "Deals")
            .go()
            .status,
        204
    );
}

#[test]
fn a_rule_goes_by_criteria_or_by_owners() {
    let mut kit = Kit::new();
    let role = kit.world.crm.ids.role(0).to_string();
    let mut body = rule(&kit, "North", &role);
    body["sharing_rules"][0]["type"] = "Criteria_Based".into();
    let short = kit
        .ask("create_sharing_rules", [])
        .query("module", "Leads")
        .json(&body)
        .go();
    assert_eq!(short.at("/sharing_rules/0/details/api_name"), "criteria");
    body["sharing_rules"][0]["criteria"] =
        json!({"field": {"api_name": "City"}, "comparator": "equal", "value": "Bonn"});
    let made = kit
        .ask("create_sharing_rules", [])
        .query("module", "Leads")
        .json(&body)
        .go();
    assert_eq!(made.status, 201, "{}", made.body);
    let empty = json!({"filters": [{"group_operator": "and", "group": [
        {"field": {"api_name": "shared_from.type"}, "comparator": "equal", "value": "${EMPTY}"},
        {"field": {"api_name": "shared_to.resource.id"}, "comparator": "in", "value": [role.parse::<u64>().unwrap()]},
    ]}]});
    let ask = kit.ask("search_sharing_rules", []).query("module", "Leads");
    assert_eq!(ask.json(&empty).go().status, 204);
    body["sharing_rules"][0]["name"] = "South".into();
    body["sharing_rules"][0]
        .as_object_mut()
        .unwrap()
        .remove("shared_from");
    let mut create = |body: &Value| {
        kit.ask("create_sharing_rules", [])
            .query("module", "Leads")
            .json(body)
            .go()
    };
    assert_eq!(create(&body).status, 201);
    body["sharing_rules"][0]["type"] = "Record_Owner_Based".into();
    body["sharing_rules"][0]["name"] = "East".into();
    assert_eq!(
        create(&body).at("/sharing_rules/0/details/api_name"),
        "shared_from"
    );
    let ask = kit.ask("search_sharing_rules", []).query("module", "Leads");
    let found = ask.json(&empty).go();
    assert_eq!(found.at("/sharing_rules/0/name"), "South", "{}", found.body);
}

#[test]
fn what_is_looked_for_is_kept_and_found_by_its_state() {
    let mut kit = Kit::new();
    let wanted = json!({"__zia_org_enrichment": [{"enrich_based_on": {"name": "Zylker"}}, {}]});
    let lost = kit.ask("create_org_enrichments", []).json(&wanted).go();
    assert_eq!(lost.at("/code"), "REQUIRED_PARAM_MISSING");
    let made = kit
        .ask("create_org_enrichments", [])
        .query("module", "Accounts")
        .json(&wanted)
        .go();
    assert_eq!(
        (made.status, made.at("/__zia_org_enrichment/0/code")),
        (207, &json!("SCHEDULED"))
    );
    assert_eq!(
        made.at("/__zia_org_enrichment/1/details/api_name"),
        "enrich_based_on"
    );
    let id = made
        .at("/__zia_org_enrichment/0/details/id")
        .as_str()
        .unwrap()
        .to_owned();
    let shown = kit.ask("get_org_enrichment", [&id]).go();
    assert_eq!(shown.at("/__zia_org_enrichment/0/enrich_based_on/name"), "Zylker");
    let mut list = |status: &'static str| {
        kit.ask("list_org_enrichments", [])
            .query("status", status)
            .go()
            .status
    };
    assert_eq!((list("DATA_NOT_FOUND"), list("COMPLETED")), (200, 204));
    assert_eq!(kit.ask("list_people_enrichments", []).go().status, 204);
}
