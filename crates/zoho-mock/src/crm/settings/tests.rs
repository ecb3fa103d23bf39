//! Tests of metadata.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn fields(kit: &mut Kit, module: &str) -> Vec<Value> {
    let got = kit.ask("list_fields", []).query("module", module).go();
    assert_eq!(got.status, 200);
    got.body["fields"].as_array().unwrap().clone()
}

#[test]
fn every_listed_module_can_be_read_listed_and_described() {
    let mut kit = Kit::new();
    let got = kit.ask("list_modules", []).go();
    let modules = got.body["modules"].as_array().unwrap().clone();
    assert!(modules.len() >= 19);
    for module in &modules {
        let name = module["api_name"].as_str().unwrap();
        let by_name = kit.ask("get_module", [name]).go();
        let by_id = kit.ask("get_module", [module["id"].as_str().unwrap()]).go();
        assert_eq!(by_name.body, by_id.body);
        for (key, value) in module.as_object().unwrap() {
            assert_eq!(&by_name.body["modules"][0][key], value, "{name} {key}");
        }
        assert_eq!(
            kit.ask("list_records", [name]).query("fields", "id").go().status,
            204
        );
        let display = by_name.at("/modules/0/display_field/api_name").as_str().unwrap();
        assert!(
            fields(&mut kit, name)
                .iter()
                .any(|field| field["api_name"] == display)
        );
    }
    assert_eq!(kit.ask("get_module", ["Lads"]).go().at("/code"), "INVALID_MODULE");
    assert_eq!(
        kit.ask("get_module", ["Visits_Log"])
            .go()
            .at("/modules/0/generated_type"),
        "custom"
    );
}

#[test]
fn what_a_field_lacks_is_spelled_by_kind_in_every_field() {
    let mut kit = Kit::new();
    for module in ["Leads", "Deals", "Tasks", "Quotes"] {
        for field in fields(&mut kit, module) {
            for key in ["auto_number", "formula", "lookup", "unique", "currency"] {
                assert!(field[key].is_object(), "{key}");
            }
            assert!(field["pick_list_values"].is_array());
            for key in ["crypt", "external", "tooltip", "history_tracking"] {
                assert_eq!(field.get(key), Some(&Value::Null), "{key}");
            }
            assert!(field["length"].is_u64() && field["sequence_number"].is_u64() && field["id"].is_string());
        }
    }
}

#[test]
fn what_the_metadata_says_writable_is_written_and_nothing_else() {
    let mut kit = Kit::new();
    let record = json!({"Last_Name": "A", "Full_Name": "B", "Created_Time": "2001-01-01T00:00:00Z", "id": "9", "City": "Bonn"});
    let id = kit.create("Leads", &json!([record])).remove(0);
    let got = kit.ask("get_record", ["Leads", &id]).go();
    for field in fields(&mut kit, "Leads") {
        let name = field["api_name"].as_str().unwrap();
        if let Some(sent) = record.get(name) {
            let writable = field["operation_type"]["api_create"] == true;
            assert_eq!(got.at("/data/0")[name] == *sent, writable, "{name}");
        }
    }
}

#[test]
fn picklists_have_two_shapes() {
    let mut kit = Kit::new();
    let find = |fields: Vec<Value>, name: &str| {
        fields
            .into_iter()
            .find(|field| field["api_name"] == name)
            .unwrap()
    };
    let source = find(fields(&mut kit, "Leads"), "Lead_Source");
    assert_eq!(source["pick_list_values"][0]["actual_value"], "-None-");
    assert_eq!(source["pick_list_values"][0]["type"], "used");
    let stage = find(fields(&mut kit, "Deals"), "Stage");
    assert_eq!(stage["pick_list_values"][0]["sequence_number"], 2);
    assert!(stage["pick_list_values"][0].get("type").is_none());
    assert_eq!(stage["system_mandatory"], true);
    let account = find(fields(&mut kit, "Contacts"), "Account_Name");
    assert_eq!(account["lookup"]["module"]["api_name"], "Accounts");
    let unique = find(fields(&mut kit, "Leads"), "Reference_Code");
    assert_eq!(unique["unique"], json!({"casesensitive": false}));
}

#[test]
fn one_field_is_read_by_its_id() {
    let mut kit = Kit::new();
    let first = fields(&mut kit, "Leads").remove(0);
    let id = first["id"].as_str().unwrap();
    let got = kit.ask("get_field", [id]).query("module", "Leads").go();
    assert_eq!(got.body, json!({"fields": [first]}));
    assert_eq!(
        kit.ask("get_field", [id])
            .query("module", "Deals")
            .go()
            .at("/code"),
        "INVALID_DATA"
    );
    assert_eq!(
        kit.ask("get_field", [id]).go().at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
    assert_eq!(
        kit.ask("list_fields", [])
            .query("module", "Lads")
            .go()
            .at("/code"),
        "INVALID_MODULE"
    );
}

#[test]
fn the_organization_names_its_zgid_and_zone() {
    let mut kit = Kit::new();
    let got = kit.ask("get_organization", []).go();
    assert_eq!(got.at("/org/0/zgid"), &json!(kit.world.crm.zgid));
    assert_eq!(got.at("/org/0/time_zone"), "Europe/Berlin");
}

#[test]
fn a_layout_takes_another_name_and_stays() {
    let mut kit = Kit::new();
    let got = kit.ask("list_layouts", []).query("module", "Leads").go();
    let id = got.at("/layouts/0/id").as_str().unwrap().to_owned();
    let name = json!({"layouts": [{"name": "Plain"}]});
    assert_eq!(
        kit.ask("update_layout", [&id])
            .query("module", "Leads")
            .json(&name)
            .go()
            .status,
        200
    );
    let got = kit.ask("get_layout", [&id]).query("module", "Leads").go();
    assert_eq!(got.at("/layouts/0/name"), "Plain");
    let several = json!({"layouts": [{"id": id, "name": "Fancy"}, {"id": "1", "name": "x"}, {"name": "y"}]});
    let got = kit
        .ask("update_layouts", [])
        .query("module", "Leads")
        .json(&several)
        .go();
    assert_eq!(
        (got.status, got.at("/layouts/2/code")),
        (207, &json!("MANDATORY_NOT_FOUND"))
    );
    let gone = kit.ask("delete_layout", [&id]).query("module", "Leads").go();
    assert_eq!(gone.at("/layouts/0/code"), "NOT_ALLOWED");
    let off = kit.ask("deactivate_layout", [&id]).query("module", "Leads").go();
    assert_eq!(off.at("/layouts/0/code"), "NOT_ALLOWED");
    let on = kit.ask("activate_layout", [&id]).query("module", "Leads").go();
    assert_eq!(on.at("/layouts/0/code"), "ALREADY_ACTIVATED");
}
