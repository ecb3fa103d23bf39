//! Deleting, merging, locking and converting many records.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn lead(kit: &mut Kit, name: &str) -> String {
    kit.create(
        "Leads",
        &json!([{"Last_Name": name, "Company": format!("{name} Ltd")}]),
    )
    .remove(0)
}

fn get(kit: &mut Kit, module: &str, id: &str) -> Value {
    kit.ask("get_record", [module, id]).go().body["data"][0].clone()
}

#[test]
fn records_are_deleted_by_id_at_once_and_by_view_with_a_job() {
    let mut kit = Kit::new();
    let ids: Vec<String> = ["A", "B", "C"].map(|name| lead(&mut kit, name)).into();
    let got = kit
        .ask("mass_delete_records", ["Leads"])
        .json(&json!({"ids": [ids[0], "1"]}))
        .go();
    assert_eq!(
        (got.status, got.at("/data/1/code")),
        (207, &json!("INVALID_DATA"))
    );
    let got = kit
        .ask("mass_delete_records", ["Leads"])
        .json(&json!({"ids": ["1"], "cvid": "2"}))
        .go();
    assert_eq!(got.at("/code"), "AMBIGUITY_DURING_PROCESSING");
    let territory = json!({"territories": [{"name": "North", "permission_type": "read_only"}]});
    let territory = kit.ask("create_territories", []).json(&territory).go();
    let territory = territory.at("/territories/0/details/id").clone();
    let tie = json!({"data": [{"id": ids[1], "Territories": [{"id": territory}]}]});
    assert_eq!(
        kit.ask("assign_territories_to_records", ["Leads"])
            .json(&tie)
            .go()
            .status,
        202
    );
    let body = json!({"cvid": "2", "territory": {"id": territory}});
    let got = kit.ask("mass_delete_records", ["Leads"]).json(&body).go();
    assert_eq!(got.at("/data/0/code"), "SCHEDULED");
    let job = got.at("/data/0/details/job_id").as_str().unwrap().to_owned();
    let ask = |kit: &mut Kit| {
        kit.ask("get_mass_delete_status", ["Leads"])
            .query("job_id", &job)
            .go()
    };
    assert_eq!(ask(&mut kit).at("/data/0/Status"), "SCHEDULED");
    kit.now += 60;
    let done = ask(&mut kit);
    assert_eq!(
        (done.at("/data/0/Status"), done.at("/data/0/Deleted_Count")),
        (&json!("COMPLETED"), &json!(1))
    );
    assert_eq!(kit.ask("get_record", ["Leads", &ids[1]]).go().status, 204);
    assert_eq!(kit.ask("get_record", ["Leads", &ids[2]]).go().status, 200);
}

#[test]
fn what_hung_on_merged_records_hangs_on_the_one_that_is_left() {
    let mut kit = Kit::new();
    let contacts = kit.create(
        "Contacts",
        &json!([{"Last_Name": "Ngo"}, {"Last_Name": "Ngo", "Phone": "5550101"}, {"Last_Name": "Nguyen"}]),
    );
    let deal = json!([{"Deal_Name": "Big", "Stage": "Qualification", "Closing_Date": "2026-12-31", "Contact_Name": {"id": contacts[1]}}]);
    let deal = kit.create("Deals", &deal).remove(0);
    let merge = |kit: &mut Kit, data: Value| {
        let body = json!({"merge": [{"data": data}]});
        kit.ask("merge_records", ["Contacts", &contacts[0]])
            .json(&body)
            .go()
    };
    for (data, code) in [
        (json!([]), "MANDATORY_NOT_FOUND"),
        (json!([{"id": "1"}]), "INVALID_DATA"),
        (json!([{"id": contacts[0]}]), "DUPLICATE_DATA"),
        (
            json!([{"id": contacts[1]}, {"id": contacts[1]}]),
            "DUPLICATE_DATA",
        ),
        (
            json!([{"id": contacts[1]}, {"id": contacts[2]}, {"id": "3"}]),
            "LIMIT_EXCEEDED",
        ),
        (
            json!([{"id": contacts[1], "_fields": [{"api_name": "Created_Time"}]}]),
            "INVALID_DATA",
        ),
    ] {
        assert_eq!(merge(&mut kit, data.clone()).at("/merge/0/code"), code, "{data}");
    }
    let got = merge(
        &mut kit,
        json!([{"id": contacts[1], "_fields": [{"api_name": "Phone"}]}]),
    );
    assert_eq!(got.status, 200, "{}", got.body);
    assert_eq!(get(&mut kit, "Contacts", &contacts[0])["Phone"], "5550101");
    assert_eq!(
        get(&mut kit, "Deals", &deal)["Contact_Name"]["id"],
        json!(contacts[0])
    );
    assert_eq!(kit.ask("get_record", ["Contacts", &contacts[1]]).go().status, 204);
    assert_eq!(
        kit.ask("get_merge_status", ["Contacts", &contacts[0]])
            .go()
            .status,
        204
    );
    let wish = |name: &str| json!({"related_list": {"api_name": name}});
    let body = json!({"get_related_records_count": [wish("Deals"), wish("Stars")]});
    let got = kit
        .ask("count_related_records", ["Contacts", &contacts[0]])
        .json(&body)
        .go();
    assert_eq!(got.at("/get_related_records_count/0/count"), 1);
    assert_eq!(got.at("/get_related_records_count/1/code"), "INVALID_DATA");
    let full = kit
        .ask("fetch_full_records", ["Contacts"])
        .query("ids", &contacts[0])
        .go();
    assert_eq!(full.at("/data/0/Phone"), "5550101");
}

#[test]
fn a_locked_record_stays_as_it_is() {
    let mut kit = Kit::new();
    let id = lead(&mut kit, "Ngo");
    let reason = json!({"data": [{"Locked_Reason__s": "audit"}]});
    let got = kit.ask("lock_record", ["Leads", &id]).json(&reason).go();
    assert_eq!(got.status, 201, "{}", got.body);
    let lock = got.at("/data/0/details/id").as_str().unwrap().to_owned();
    assert_eq!(
        kit.ask("lock_record", ["Leads", &id])
            .json(&reason)
            .go()
            .at("/data/0/code"),
        "RECORD_LOCKED"
    );
    let shown = kit.ask("list_record_locks", ["Leads", &id]).go();
    assert_eq!(shown.at("/data/0/Locked_For__s/id"), &json!(id));
    let change = json!({"data": [{"id": id, "City": "Bonn"}]});
    assert_eq!(
        kit.ask("update_records", ["Leads"])
            .json(&change)
            .go()
            .at("/data/0/code"),
        "RECORD_LOCKED"
    );
    assert_eq!(
        kit.ask("delete_record", ["Leads", &id]).go().at("/data/0/code"),
        "RECORD_LOCKED"
    );
    let mass = json!({"data": [{"City": "Bonn"}], "ids": [id]});
    assert_eq!(
        kit.ask("mass_update_records", ["Leads"])
            .json(&mass)
            .go()
            .at("/data/0/code"),
        "RECORD_LOCKED"
    );
    assert_eq!(kit.ask("unlock_record", ["Leads", &id, &lock]).go().status, 200);
    assert_eq!(
        kit.ask("update_records", ["Leads"]).json(&change).go().status,
        200
    );
}

#[test]
fn leads_are_converted_by_a_job_and_orders_follow_quotes() {
    let mut kit = Kit::new();
    let leads = [lead(&mut kit, "Ngo"), lead(&mut kit, "Lee")];
    let got = kit
        .ask("mass_convert_leads", [])
        .json(&json!({"ids": [leads[0], "1"]}))
        .go();
    assert_eq!(got.at("/details/json_path"), "$.ids[1]");
    let got = kit
        .ask("mass_convert_leads", [])
        .json(&json!({"ids": leads}))
        .go();
    assert_eq!((got.status, got.at("/code")), (202, &json!("SCHEDULED")));
    let job = got.at("/details/job_id").as_str().unwrap().to_owned();
    kit.now += 60;
    let done = kit.ask("get_mass_convert_status", []).query("job_id", &job).go();
    assert_eq!(done.at("/data/0/Converted_Count"), 2, "{}", done.body);
    let contacts = kit
        .ask("list_records", ["Contacts"])
        .query("fields", "Last_Name")
        .go();
    assert_eq!(contacts.at("/info/count"), 2);

    let account = kit
        .ask("list_records", ["Accounts"])
        .query("fields", "Account_Name")
        .go();
    let account = account.at("/data/0/id").clone();
    let quote = json!([{"Subject": "Offer", "Account_Name": {"id": account}}]);
    let quote = kit.create("Quotes", &quote).remove(0);
    let to = |name: &str| json!({"data": [{"convert_to": [{"module": {"api_name": name}}]}]});
    let got = kit
        .ask("convert_inventory_record", ["Quotes", &quote])
        .json(&to("Leads"))
        .go();
    assert_eq!(
        got.at("/data/0/details/json_path"),
        "$.data[0].convert_to[0].module.api_name"
    );
    let got = kit
        .ask("convert_inventory_record", ["Quotes", &quote])
        .json(&to("Sales_Orders"))
        .go();
    let order = got
        .at("/data/0/details/Sales_Orders/id")
        .as_str()
        .unwrap()
        .to_owned();
    let order = get(&mut kit, "Sales_Orders", &order);
    assert_eq!(
        (&order["Subject"], &order["Account_Name"]["id"]),
        (&json!("Offer"), &account)
    );
}
