//! Tests of conversions.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

const LEAD: &str = "Leads";

fn lead(kit: &mut Kit, record: &Value) -> String {
    kit.create(LEAD, &json!([record])).remove(0)
}

fn convert(kit: &mut Kit, id: &str, body: &Value) -> Got {
    kit.ask("convert_lead", [id]).json(&json!({"data": [body]})).go()
}

fn record(kit: &mut Kit, module: &str, id: &Value) -> Value {
    let got = kit.ask("get_record", [module, id.as_str().unwrap_or("0")]).go();
    got.body["data"][0].clone()
}

fn count(kit: &mut Kit, module: &str) -> u64 {
    let got = kit.ask("count_records", [module]).go();
    got.body["count"].as_u64().unwrap()
}

fn ngo() -> Value {
    json!({"Last_Name": "Ngo", "Company": "Acme", "Email": "n@acme.example", "City": "Oslo", "Designation": "CEO",
           "Tag": [{"name": "hot"}, {"name": "new"}]})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_conversion_makes_what_is_asked_for_once(
        company in any::<bool>(), deal in any::<bool>(), existing in any::<bool>(), overwrite in any::<bool>(),
    ) {
        let mut kit = Kit::new();
        let mut fields = ngo();
        if !company {
            fields["Company"] = Value::Null;
        }
        let id = lead(&mut kit, &fields);
        let mut body = json!({"overwrite": overwrite});
        if existing {
            let account = kit.create("Accounts", &json!([{"Account_Name": "Old"}])).remove(0);
            body["Accounts"] = json!({"id": account});
        }
        if deal {
            body["Deals"] = json!({"Deal_Name": "D", "Stage": "Qualification"});
        }
        let got = convert(&mut kit, &id, &body);
        prop_assert_eq!(got.status, 200, "{}", got.body);
        let details = got.at("/data/0/details").clone();
        prop_assert_eq!(details["Deals"].is_object(), deal);
        prop_assert_eq!(details["Accounts"].is_object(), company || existing);
        let contact = record(&mut kit, "Contacts", &details["Contacts"]["id"]);
        prop_assert_eq!(&contact["Last_Name"], "Ngo");
        prop_assert_eq!(&contact["Title"], "CEO");
        prop_assert_eq!(&contact["Mailing_City"], "Oslo");
        prop_assert_eq!(&contact["Account_Name"]["id"], &details["Accounts"]["id"]);
        if company || existing {
            let account = record(&mut kit, "Accounts", &details["Accounts"]["id"]);
            let name = if company && (!existing || overwrite) { "Acme" } else { "Old" };
            prop_assert_eq!(&account["Account_Name"], name);
        }
        if deal {
            let deal = record(&mut kit, "Deals", &details["Deals"]["id"]);
            prop_assert_eq!(&deal["Contact_Name"]["id"], &details["Contacts"]["id"]);
        }
        let again = convert(&mut kit, &id, &body);
        prop_assert_eq!((again.status, again.at("/code")), (400, &json!("ID_ALREADY_CONVERTED")));
        prop_assert_eq!(count(&mut kit, "Contacts"), 1);
    }
}

#[test]
fn a_converted_lead_is_hidden_in_lists_and_seen_by_queries() {
    let mut kit = Kit::new();
    let id = lead(&mut kit, &ngo());
    convert(&mut kit, &id, &json!({}));
    let list = |kit: &mut Kit, converted: &str| {
        kit.ask("list_records", [LEAD])
            .query("fields", "Last_Name")
            .query("converted", converted)
            .go()
            .status
    };
    assert_eq!(list(&mut kit, "false"), 204);
    assert_eq!(list(&mut kit, "true"), 200);
    let query = json!({"select_query": "select id from Leads where Last_Name = 'Ngo'"});
    let got = kit.ask("query_records", []).json(&query).go();
    assert_eq!(got.at("/data/0/id"), &json!(id));
}

#[test]
fn a_refused_conversion_changes_nothing() {
    let mut kit = Kit::new();
    let id = lead(&mut kit, &ngo());
    for (body, code, path) in [
        (
            json!({"Deals": {"Deal_Name": "D"}}),
            "MANDATORY_NOT_FOUND",
            "$.data[0].Deals.Stage",
        ),
        (
            json!({"Deals": {"Deal_Name": "D", "Stage": "?"}}),
            "INVALID_DATA",
            "$.data[0].Deals.Stage",
        ),
        (
            json!({"Contacts": {"id": "4"}}),
            "INVALID_DATA",
            "$.data[0].Contacts.id",
        ),
        (
            json!({"assign_to": {"id": "4"}}),
            "INVALID_DATA",
            "$.data[0].assign_to.id",
        ),
        (
            json!({"move_attachments_to": {"api_name": "Deals"}}),
            "INVALID_DATA",
            "$.data[0].move_attachments_to.api_name",
        ),
        (
            json!({"carry_over_tags": 1}),
            "INVALID_DATA",
            "$.data[0].carry_over_tags",
        ),
    ] {
        let got = convert(&mut kit, &id, &body);
        assert_eq!(
            (got.status, got.at("/data/0/code")),
            (400, &json!(code)),
            "{body}"
        );
        assert_eq!(got.at("/data/0/details/json_path"), path);
    }
    assert_eq!(count(&mut kit, "Contacts") + count(&mut kit, "Accounts"), 0);
    assert_eq!(record(&mut kit, LEAD, &json!(id))["$converted"], false);
    let got = convert(&mut kit, "3", &json!({}));
    assert_eq!(got.at("/details/resource_path_index"), 1);
}

#[test]
fn tags_attachments_and_notes_go_along() {
    let mut kit = Kit::new();
    let id = lead(&mut kit, &ngo());
    let got = kit
        .ask("upload_attachment", [LEAD, &id])
        .query("attachmentUrl", "https://acme.example/a")
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    let note = kit
        .create("Notes", &json!([{"Note_Content": "n", "Parent_Id": {"id": id}}]))
        .remove(0);
    let owner = (kit.user + 1).to_string();
    let body = json!({
        "Deals": {"Deal_Name": "D", "Stage": "Qualification"}, "move_attachments_to": {"api_name": "Deals"},
        "carry_over_tags": {"Contacts": [{"name": "hot"}], "Deals": true}, "assign_to": {"id": owner},
    });
    let got = convert(&mut kit, &id, &body);
    let details = got.at("/data/0/details").clone();
    let names = |record: &Value| -> Vec<String> {
        let tags = record["Tag"].as_array().unwrap().iter();
        tags.map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
    };
    let contact = record(&mut kit, "Contacts", &details["Contacts"]["id"]);
    assert_eq!(names(&contact), ["hot"]);
    assert_eq!(contact["Owner"]["id"], json!(owner));
    assert_eq!(
        names(&record(&mut kit, "Deals", &details["Deals"]["id"])),
        ["hot", "new"]
    );
    assert!(names(&record(&mut kit, "Accounts", &details["Accounts"]["id"])).is_empty());
    let deal = details["Deals"]["id"].as_str().unwrap();
    let got = kit.ask("list_attachments", ["Deals", deal]).go();
    assert_eq!(got.at("/data/0/$se_module"), "Deals");
    assert_eq!(kit.ask("list_attachments", [LEAD, &id]).go().status, 204);
    let note = record(&mut kit, "Notes", &json!(note));
    assert_eq!(note["Parent_Id"]["id"], details["Contacts"]["id"]);
}

#[test]
fn options_are_those_that_look_like_the_lead_and_can_be_joined() {
    let mut kit = Kit::new();
    let id = lead(&mut kit, &ngo());
    let got = kit.ask("get_conversion_options", [id.as_str()]).go();
    assert_eq!(got.at("/__conversion_options/Contacts"), &json!([]));
    let contact = kit
        .create(
            "Contacts",
            &json!([{"Last_Name": "Other", "Email": "N@acme.example"}]),
        )
        .remove(0);
    kit.create(
        "Accounts",
        &json!([{"Account_Name": "Acme"}, {"Account_Name": "Bcme"}]),
    );
    let got = kit.ask("get_conversion_options", [id.as_str()]).go();
    let options = got.at("/__conversion_options");
    assert_eq!(options["Contacts"][0]["id"], json!(contact));
    assert_eq!(options["Accounts"].as_array().unwrap().len(), 1);
    let matched = &options["preference_field_matched_value"]["Accounts"][0];
    assert_eq!(matched["field"]["api_name"], "Account_Name");
    assert_eq!(matched["matched_lead_value"], "Acme");
    let got = convert(&mut kit, &id, &json!({"add_to_existing_record": true}));
    assert_eq!(got.at("/data/0/details/Contacts/id"), &json!(contact));
    assert_eq!((count(&mut kit, "Contacts"), count(&mut kit, "Accounts")), (1, 2));
    assert_eq!(kit.ask("get_conversion_options", ["3"]).go().status, 204);
    assert_eq!(kit.ask("get_conversion_options", [id.as_str()]).go().status, 400);
}
