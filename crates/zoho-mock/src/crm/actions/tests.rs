//! Tests of clones, mass updates and changes of owner.

mod mass;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Kit, START};

fn other_user(kit: &Kit) -> String {
    (kit.user + 1).to_string()
}

fn field(kit: &mut Kit, module: &str, id: &str, name: &str) -> Value {
    kit.ask("get_record", [module, id]).go().body["data"][0][name].clone()
}

#[test]
fn a_clone_has_the_values_of_its_original_but_for_those_of_the_body() {
    let mut kit = Kit::new();
    let record = json!({"Last_Name": "A", "Company": "C", "Reference_Code": "r1", "Tag": [{"name": "hot"}]});
    let id = kit.create("Leads", &json!([record])).remove(0);
    let got = kit
        .ask("clone_record", ["Leads", &id])
        .json(&json!({"data": [{"Company": "D"}]}))
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
    assert_eq!(got.at("/data/0/details/$approval_state"), "approved");
    let copy = got.at("/data/0/details/id").as_str().unwrap().to_owned();
    assert_ne!(copy, id);
    assert_eq!(field(&mut kit, "Leads", &copy, "Last_Name"), "A");
    assert_eq!(field(&mut kit, "Leads", &copy, "Company"), "D");
    assert_eq!(field(&mut kit, "Leads", &copy, "Tag")[0]["name"], "hot");
    assert_eq!(field(&mut kit, "Leads", &copy, "Reference_Code"), Value::Null);
    assert_eq!(field(&mut kit, "Leads", &id, "Reference_Code"), "r1");
    assert_eq!(kit.ask("clone_record", ["Leads", &id]).go().status, 201);
    let got = kit.ask("clone_record", ["Leads", "12"]).go();
    assert_eq!(
        (got.status, got.at("/data/0/details/resource_path_index")),
        (400, &json!(1))
    );
    let taken = json!({"data": [{"Reference_Code": "r1"}]});
    let got = kit.ask("clone_record", ["Leads", &id]).json(&taken).go();
    assert_eq!(got.at("/data/0/code"), "DUPLICATE_DATA");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_mass_update_by_ids_changes_exactly_the_named_records(
        named in prop::collection::vec(any::<bool>(), 1..8), unknown in 0..3_usize,
    ) {
        let mut kit = Kit::new();
        let records: Vec<Value> =
            named.iter().map(|_| json!({"Deal_Name": "D", "Stage": "Qualification"})).collect();
        let all = kit.create("Deals", &Value::Array(records));
        let mut ids: Vec<&str> =
            all.iter().zip(&named).filter(|(_, named)| **named).map(|(id, _)| id.as_str()).collect();
        let known = ids.len();
        ids.extend(std::iter::repeat_n("77", unknown));
        prop_assume!(!ids.is_empty());
        let got = kit
            .ask("mass_update_records", ["Deals"])
            .json(&json!({"data": [{"Stage": "Closed Won", "Amount": 5}], "ids": ids}))
            .go();
        let status = if unknown == 0 { 200 } else if known == 0 { 400 } else { 207 };
        prop_assert_eq!(got.status, status);
        let items = got.body["data"].as_array().unwrap();
        prop_assert_eq!(items.iter().filter(|item| item["code"] == "SUCCESS").count(), known);
        for (id, named) in all.iter().zip(&named) {
            let stage = if *named { "Closed Won" } else { "Qualification" };
            prop_assert_eq!(field(&mut kit, "Deals", id, "Stage"), stage);
        }
    }
}

#[test]
fn a_mass_update_takes_ids_or_a_view_and_one_field() {
    let mut kit = Kit::new();
    let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
    let mut code = |body: Value, pointer: &str| {
        let got = kit.ask("mass_update_records", ["Leads"]).json(&body).go();
        assert_eq!(got.status, 400, "{}", got.body);
        got.at(pointer).clone()
    };
    let data = json!([{"City": "X"}]);
    let both = json!({"data": data, "ids": [id], "cvid": "5"});
    assert_eq!(code(both, "/code"), "AMBIGUITY_DURING_PROCESSING");
    assert_eq!(code(json!({"data": data}), "/code"), "MANDATORY_NOT_FOUND");
    assert_eq!(
        code(json!({"data": data, "cvid": "x"}), "/details/api_name"),
        "cvid"
    );
    let many: Vec<u32> = (0..501).collect();
    assert_eq!(
        code(json!({"data": data, "ids": many}), "/code"),
        "LIMIT_EXCEEDED"
    );
    let two = json!({"data": [{"City": "X", "State": "Y"}], "ids": [id]});
    assert_eq!(code(two, "/data/0/details/limit"), 1);
    let unique = json!({"data": [{"Reference_Code": "X"}], "ids": [id]});
    assert_eq!(code(unique, "/data/0/code"), "NOT_SUPPORTED");
}

#[test]
fn a_job_runs_when_its_time_has_come_and_not_before() {
    let mut kit = Kit::new();
    let ids = kit.create("Leads", &json!([{"Last_Name": "A"}, {"Last_Name": "B"}]));
    let leads = kit.world.crm.schema.find("Leads").unwrap();
    kit.world.crm.mark_converted(leads, ids[1].parse().unwrap());
    let body = json!({"data": [{"City": "X"}], "cvid": "5"});
    let got = kit.ask("mass_update_records", ["Leads"]).json(&body).go();
    assert_eq!((got.status, got.at("/data/0/code")), (200, &json!("SCHEDULED")));
    let job = got.at("/data/0/details/job_id").as_str().unwrap().to_owned();
    let again = kit.ask("mass_update_records", ["Leads"]).json(&body).go();
    assert_eq!(
        (again.status, again.at("/code")),
        (400, &json!("ALREADY_SCHEDULED"))
    );
    for (after, status, city) in [
        (0, "SCHEDULED", Value::Null),
        (6, "RUNNING", Value::Null),
        (60, "COMPLETED", json!("X")),
    ] {
        kit.now = START + after;
        assert_eq!(field(&mut kit, "Leads", &ids[0], "City"), city);
        let got = kit
            .ask("get_mass_update_status", ["Leads"])
            .query("job_id", &job)
            .go();
        assert_eq!(got.at("/data/0/Status"), status);
    }
    let got = kit
        .ask("get_mass_update_status", ["Leads"])
        .query("job_id", &job)
        .go();
    assert_eq!(
        got.at("/data/0"),
        &json!({"Status": "COMPLETED", "Total_Count": 2, "Updated_Count": 1, "Not_Updated_Count": 1, "Failed_Count": 0})
    );
    assert_eq!(
        field(&mut kit, "Leads", &ids[0], "Modified_Time"),
        "2026-05-14T12:00:15+02:00"
    );
    let got = kit.ask("get_mass_update_status", ["Leads"]).go();
    assert_eq!(got.at("/code"), "REQUIRED_PARAM_MISSING");
    let got = kit
        .ask("get_mass_update_status", ["Deals"])
        .query("job_id", &job)
        .go();
    assert_eq!(got.at("/code"), "INVALID_DATA");
}

#[test]
fn an_owner_changes_for_the_record_and_what_goes_along() {
    let mut kit = Kit::new();
    let account = kit.create("Accounts", &json!([{"Account_Name": "A"}])).remove(0);
    let contacts = kit.create(
        "Contacts",
        &json!([{"Last_Name": "C", "Account_Name": {"id": account}}, {"Last_Name": "D"}]),
    );
    let owner = other_user(&kit);
    let body = json!({"owner": {"id": owner}, "related_modules": [{"api_name": "Contacts"}]});
    let got = kit
        .ask("change_record_owner", ["Accounts", &account])
        .json(&body)
        .go();
    assert_eq!((got.status, got.at("/details/id")), (200, &json!(account)));
    assert_eq!(field(&mut kit, "Accounts", &account, "Owner")["id"], json!(owner));
    assert_eq!(
        field(&mut kit, "Contacts", &contacts[0], "Owner")["id"],
        json!(owner)
    );
    assert_ne!(
        field(&mut kit, "Contacts", &contacts[1], "Owner")["id"],
        json!(owner)
    );

    let body = json!({"owner": {"id": owner}, "ids": [contacts[1], "9"]});
    let got = kit.ask("change_record_owners", ["Contacts"]).json(&body).go();
    assert_eq!(
        (got.status, got.at("/data/1/code")),
        (207, &json!("INVALID_DATA"))
    );
    assert_eq!(
        field(&mut kit, "Contacts", &contacts[1], "Owner")["id"],
        json!(owner)
    );

    for (body, code, name) in [
        (json!({"ids": []}), "INVALID_DATA", "ids"),
        (json!({"ids": ["1"]}), "MANDATORY_NOT_FOUND", "owner"),
        (json!({"ids": ["1"], "owner": {}}), "MANDATORY_NOT_FOUND", "id"),
        (json!({"ids": ["1"], "owner": {"id": "4"}}), "INVALID_DATA", "id"),
        (
            json!({"ids": ["1"], "owner": {"id": owner}, "related_modules": [{"api_name": "Leads"}]}),
            "INVALID_DATA",
            "api_name",
        ),
    ] {
        let got = kit.ask("change_record_owners", ["Contacts"]).json(&body).go();
        assert_eq!(got.at("/code"), code, "{}", got.body);
        assert_eq!(got.at("/details/api_name"), name);
    }
}

#[test]
fn a_mass_change_of_owner_is_a_job() {
    let mut kit = Kit::new();
    let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
    let owner = other_user(&kit);
    let body = json!({"cvid": "5", "owner": {"id": owner}});
    let got = kit.ask("mass_change_owner", ["Leads"]).json(&body).go();
    assert_eq!(got.status, 202);
    let job = got.at("/data/0/details/job_id").as_str().unwrap().to_owned();
    kit.now += 15;
    let got = kit
        .ask("get_mass_change_owner_status", ["Leads"])
        .query("job_id", &job)
        .go();
    assert_eq!(got.at("/data/0/Updated_Count"), 1);
    assert_eq!(field(&mut kit, "Leads", &id, "Owner")["id"], json!(owner));
    let got = kit
        .ask("get_mass_change_owner_status", ["Leads"])
        .query("job_id", "1")
        .go();
    assert_eq!(got.status, 204);
    let got = kit
        .ask("mass_change_owner", ["Leads"])
        .json(&json!({"owner": {"id": owner}}))
        .go();
    assert_eq!(got.at("/code"), "MANDATORY_NOT_FOUND");
}
