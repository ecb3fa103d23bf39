//! Tests of users.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn count(kit: &mut Kit, kind: &str) -> u64 {
    kit.ask("count_users", [])
        .query("type", kind)
        .go()
        .at("/count")
        .as_u64()
        .unwrap()
}

fn newcomer(kit: &Kit) -> Value {
    let ids = &kit.world.crm.ids;
    json!({"last_name": "Ito", "first_name": "Emi", "email": "emi@mock.example",
           "role": {"id": ids.role(1).to_string()}, "profile": ids.profile(1).to_string()})
}

#[test]
fn the_caller_is_the_current_user_and_an_administrator() {
    let mut kit = Kit::new();
    let me = kit.user.to_string();
    let got = kit.ask("list_users", []).query("type", "CurrentUser").go();
    assert_eq!((got.status, got.at("/users/0/id")), (200, &json!(me)));
    assert_eq!(got.at("/users/0/profile/name"), "Administrator");
    assert_eq!(got.at("/users/0/time_zone"), "Europe/Berlin");
    assert_eq!(
        got.at("/info"),
        &json!({"per_page": 200, "count": 1, "page": 1, "more_records": false})
    );
    let one = kit.ask("get_user", [&me]).go();
    assert_eq!(one.at("/users/0"), got.at("/users/0"));
    assert_eq!(kit.ask("get_user", ["17"]).go().status, 204);
    assert_eq!(kit.ask("list_users", []).query("type", "Kings").go().status, 400);
}

#[test]
fn users_come_change_and_go() {
    let mut kit = Kit::new();
    let new = newcomer(&kit);
    let before = count(&mut kit, "AllUsers");
    let got = kit.ask("create_users", []).json(&json!({"users": [new]})).go();
    assert_eq!(
        (got.status, got.at("/users/0/message")),
        (201, &json!("User added"))
    );
    let id = got.at("/users/0/details/id").as_str().unwrap().to_owned();
    assert_eq!(count(&mut kit, "AllUsers"), before + 1);
    assert_eq!(count(&mut kit, "NotConfirmedUsers"), 1);
    let again = kit.ask("create_users", []).json(&json!({"users": [new]})).go();
    assert_eq!(
        (again.status, again.at("/users/0/code")),
        (400, &json!("DUPLICATE_DATA"))
    );

    kit.now += 5;
    let change = json!({"users": [{"id": id, "first_name": "Emiko", "status": "inactive"}]});
    assert_eq!(kit.ask("update_users", []).json(&change).go().status, 200);
    let shown = kit.ask("get_user", [&id]).go();
    assert_eq!(shown.at("/users/0/full_name"), "Emiko Ito");
    assert_eq!(shown.at("/users/0/Modified_Time"), "2026-05-14T12:00:05+02:00");
    assert_eq!(shown.at("/users/0/created_time"), "2026-05-14T12:00:00+02:00");
    let own = json!({"data": [{"Last_Name": "A", "Owner": id}]});
    assert_eq!(
        kit.ask("create_records", ["Leads"]).json(&own).go().status,
        400,
        "inactive users own nothing"
    );

    assert_eq!(kit.ask("delete_user", [&id]).go().status, 200);
    assert_eq!(
        kit.ask("delete_user", [&id]).go().at("/users/0/code"),
        "ID_ALREADY_DELETED"
    );
    assert_eq!(count(&mut kit, "DeletedUsers"), 1);
    assert_eq!(count(&mut kit, "AllUsers"), before);
    let late = kit
        .ask("update_user", [&id])
        .json(&json!({"users": [{"last_name": "X"}]}))
        .go();
    assert_eq!(late.at("/users/0/code"), "CANNOT_UPDATE_DELETED_USER");
}

#[test]
fn what_a_user_lacks_is_named() {
    let mut kit = Kit::new();
    for field in ["last_name", "email", "role", "profile"] {
        let mut new = newcomer(&kit);
        new.as_object_mut().unwrap().remove(field);
        let got = kit.ask("create_users", []).json(&json!({"users": [new]})).go();
        assert_eq!(
            (got.status, got.at("/users/0/code")),
            (400, &json!("MANDATORY_NOT_FOUND"))
        );
        assert_eq!(
            got.at("/users/0/details/json_path"),
            &json!(format!("$.users[0].{field}"))
        );
    }
    let mut new = newcomer(&kit);
    new["role"] = json!({"id": "1"});
    let got = kit.ask("create_users", []).json(&json!({"users": [new]})).go();
    assert_eq!(got.at("/users/0/details/api_name"), "role");
    let me = kit.user.to_string();
    assert_eq!(
        kit.ask("delete_user", [&me]).go().at("/users/0/code"),
        "NOT_ALLOWED"
    );
}

#[test]
fn a_user_leaves_records_to_another_and_goes() {
    let mut kit = Kit::new();
    let other = kit
        .ask("list_users", [])
        .go()
        .at("/users/1/id")
        .as_str()
        .unwrap()
        .to_owned();
    let me = kit.user.to_string();
    let lead = json!([{"Last_Name": "Ngo", "Owner": {"id": other}}]);
    let lead = kit.create("Leads", &lead).remove(0);
    let to = |heir: &str| json!({"transfer_and_delete": [{"transfer": {"id": heir, "records": true}}]});
    let got = kit
        .ask("transfer_and_delete_user", [&other])
        .json(&to(&other))
        .go();
    assert_eq!(
        got.at("/transfer_and_delete/0/details/json_path"),
        "$.transfer_and_delete[0].transfer.id"
    );
    let got = kit.ask("transfer_and_delete_user", [&me]).json(&to(&other)).go();
    assert_eq!(got.at("/transfer_and_delete/0/code"), "NOT_ALLOWED");
    let got = kit.ask("transfer_and_delete_user", [&other]).json(&to(&me)).go();
    assert_eq!(got.at("/transfer_and_delete/0/code"), "SCHEDULED", "{}", got.body);
    let job = got
        .at("/transfer_and_delete/0/details/job_id")
        .as_str()
        .unwrap()
        .to_owned();
    let status = kit.ask("get_user_removal_status", []).query("job_id", &job).go();
    assert_eq!(status.at("/transfer_and_delete/0/status"), "completed");
    assert_eq!(
        kit.ask("get_user_removal_status", [])
            .query("job_id", "1")
            .go()
            .status,
        204
    );
    assert_eq!(
        kit.ask("get_record", ["Leads", &lead])
            .go()
            .at("/data/0/Owner/id"),
        &json!(me)
    );
    assert_eq!(
        kit.ask("get_user", [&other]).go().at("/users/0/status"),
        "deleted"
    );
}
