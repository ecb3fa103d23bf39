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
fn a_rule_by_criteria_has_some() {
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
}
