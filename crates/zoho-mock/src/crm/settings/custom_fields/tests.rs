//! Fields and modules of the organization's own: records go by them.

use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn add(kit: &mut Kit, module: &str, field: &Value) -> Got {
    kit.ask("create_fields", [])
        .query("module", module)
        .json(&json!({"fields": [field]}))
        .go()
}

fn made(kit: &mut Kit, module: &str, field: &Value) -> String {
    let got = add(kit, module, field);
    assert_eq!(got.status, 201, "{}", got.body);
    got.at("/fields/0/details/id").as_str().unwrap().to_owned()
}

fn write(kit: &mut Kit, module: &str, record: &Value) -> Got {
    kit.ask("create_records", [module])
        .json(&json!({"data": [record]}))
        .go()
}

#[test]
fn records_go_by_a_field_from_the_moment_it_is_there() {
    let mut kit = Kit::new();
    let before = kit
        .create("Leads", &json!([{"Last_Name": "Ngo", "Shoe_Size": 39}]))
        .remove(0);
    let id = made(
        &mut kit,
        "Leads",
        &json!({"field_label": "Shoe Size", "data_type": "integer"}),
    );
    let wrong = write(
        &mut kit,
        "Leads",
        &json!({"Last_Name": "Lee", "Shoe_Size": "large"}),
    );
    assert_eq!(wrong.at("/data/0/details/expected_data_type"), "integer");
    let lead = kit
        .create("Leads", &json!([{"Last_Name": "Lee", "Shoe_Size": 42}]))
        .remove(0);
    assert_eq!(
        kit.ask("get_record", ["Leads", &lead])
            .go()
            .at("/data/0/Shoe_Size"),
        42
    );
    assert_eq!(
        kit.ask("get_record", ["Leads", &before])
            .go()
            .at("/data/0/Shoe_Size"),
        &Value::Null
    );
    let query = json!({"select_query": "select Shoe_Size from Leads where Shoe_Size > 40"});
    assert_eq!(
        kit.ask("query_records", [])
            .json(&query)
            .go()
            .at("/data/0/Shoe_Size"),
        42
    );
    let shown = kit.ask("get_field", [&id]).query("module", "Leads").go();
    assert_eq!(shown.at("/fields/0/custom_field"), true);
    assert_eq!(
        kit.ask("delete_field", [&id])
            .query("module", "Leads")
            .go()
            .status,
        200
    );
    let gone = kit.ask("get_record", ["Leads", &lead]).go();
    assert!(gone.at("/data/0").get("Shoe_Size").is_none());
    // A field of the same name is another field: what the old one held does not come back.
    let again = made(
        &mut kit,
        "Leads",
        &json!({"field_label": "Shoe Size", "data_type": "text"}),
    );
    assert_ne!(again, id);
    assert_eq!(
        kit.ask("get_record", ["Leads", &lead])
            .go()
            .at("/data/0/Shoe_Size"),
        &Value::Null
    );
}

#[test]
fn a_unique_field_is_unique_and_a_picklist_has_its_values() {
    let mut kit = Kit::new();
    made(
        &mut kit,
        "Contacts",
        &json!({"field_label": "Badge", "data_type": "text", "length": 4, "unique": {"casesensitive": false}}),
    );
    kit.create("Contacts", &json!([{"Last_Name": "Ngo", "Badge": "A1"}]));
    let twice = write(&mut kit, "Contacts", &json!({"Last_Name": "Lee", "Badge": "a1"}));
    assert_eq!(twice.at("/data/0/code"), "DUPLICATE_DATA");
    let long = write(
        &mut kit,
        "Contacts",
        &json!({"Last_Name": "Lee", "Badge": "12345"}),
    );
    assert_eq!(long.at("/data/0/details/maximum_length"), 4);
    let sizes = json!({"field_label": "Size", "data_type": "picklist", "pick_list_values": [{"display_value": "S"}, {"display_value": "M"}]});
    let id = made(&mut kit, "Contacts", &sizes);
    let values = kit
        .ask("list_pick_list_values", [&id])
        .query("module", "Contacts")
        .go();
    assert_eq!(values.at("/pick_list_values/1/display_value"), "M");
    let first = values.at("/pick_list_values/0/id");
    let change = json!({"fields": [{"field_label": "Width", "pick_list_values": [
        {"id": first, "display_value": "Small"}, {"display_value": "L"},
    ]}]});
    let got = kit
        .ask("update_field", [&id])
        .query("module", "Contacts")
        .json(&change)
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    let shown = kit.ask("get_field", [&id]).query("module", "Contacts").go();
    assert_eq!(shown.at("/fields/0/field_label"), "Width");
    assert_eq!(shown.at("/fields/0/api_name"), "Size");
    let names: Vec<&Value> = (0..3)
        .map(|at| {
            shown.at([
                "/fields/0/pick_list_values/0/display_value",
                "/fields/0/pick_list_values/1/display_value",
                "/fields/0/pick_list_values/2/display_value",
            ][at])
        })
        .collect();
    assert_eq!(names, ["Small", "M", "L"]);
}

#[test]
fn a_field_is_refused_for_what_it_lacks() {
    let mut kit = Kit::new();
    for (field, code, name) in [
        (json!({"data_type": "text"}), "MANDATORY_NOT_FOUND", "field_label"),
        (json!({"field_label": "A"}), "MANDATORY_NOT_FOUND", "data_type"),
        (
            json!({"field_label": "A", "data_type": "colour"}),
            "INVALID_DATA",
            "data_type",
        ),
        (
            json!({"field_label": "A", "data_type": "picklist"}),
            "MANDATORY_NOT_FOUND",
            "pick_list_values",
        ),
        (
            json!({"field_label": "A", "data_type": "lookup"}),
            "MANDATORY_NOT_FOUND",
            "api_name",
        ),
        (
            json!({"field_label": "City", "data_type": "text"}),
            "DUPLICATE_DATA",
            "field_label",
        ),
        (
            json!({"field_label": "A", "data_type": "text", "length": 0}),
            "INVALID_DATA",
            "length",
        ),
        (
            json!({"field_label": "A", "data_type": "date", "unique": {}}),
            "DEPENDENT_MISMATCH",
            "unique",
        ),
        (
            json!({"field_label": "A", "data_type": "picklist", "global_picklist": {"id": "1"}}),
            "INVALID_DATA",
            "id",
        ),
    ] {
        let got = add(&mut kit, "Leads", &field);
        assert_eq!(
            (got.at("/fields/0/code"), got.at("/fields/0/details/api_name")),
            (&json!(code), &json!(name)),
            "{field}"
        );
    }
    let city = kit.ask("list_fields", []).query("module", "Leads").go();
    let city = city
        .at("/fields")
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["api_name"] == "City")
        .unwrap()
        .clone();
    let id = city["id"].as_str().unwrap();
    let got = kit.ask("delete_field", [id]).query("module", "Leads").go();
    assert_eq!(got.at("/fields/0/code"), "NOT_ALLOWED");
    let got = kit
        .ask("update_fields", [])
        .query("module", "Leads")
        .json(&json!({"fields": [{"id": id, "length": 9}]}))
        .go();
    assert_eq!(got.at("/fields/0/code"), "NOT_ALLOWED");
}

#[test]
fn a_module_of_ones_own_holds_records_and_hangs_on_others() {
    let mut kit = Kit::new();
    let profile = kit.world.crm.ids.profile(0).to_string();
    let module = json!({"modules": [{
        "singular_label": "Pet", "plural_label": "Pets", "api_name": "Pets", "profiles": [{"id": profile}],
    }]});
    let got = kit.ask("create_modules", []).json(&module).go();
    assert_eq!(got.status, 201, "{}", got.body);
    assert_eq!(
        kit.ask("create_modules", [])
            .json(&module)
            .go()
            .at("/modules/0/code"),
        "DUPLICATE_DATA"
    );
    let owner = json!({"field_label": "Keeper", "data_type": "lookup", "lookup": {"module": {"api_name": "Contacts"}}});
    made(&mut kit, "Pets", &owner);
    let keeper = kit.create("Contacts", &json!([{"Last_Name": "Ngo"}])).remove(0);
    let pet = kit
        .create("Pets", &json!([{"Name": "Rex", "Keeper": {"id": keeper}}]))
        .remove(0);
    let missing = write(&mut kit, "Pets", &json!({"Keeper": {"id": keeper}}));
    assert_eq!(missing.at("/data/0/details/api_name"), "Name");
    let shown = kit.ask("get_record", ["Pets", &pet]).go();
    assert_eq!(shown.at("/data/0/Keeper/name"), "Ngo");
    let described = kit.ask("get_module", ["Pets"]).go();
    assert_eq!(described.at("/modules/0/generated_type"), "custom");
    let lists = kit.ask("list_related_lists", []).query("module", "Contacts").go();
    let pets = lists
        .at("/related_lists")
        .as_array()
        .unwrap()
        .iter()
        .find(|list| list["api_name"] == "Pets")
        .unwrap()
        .clone();
    assert_eq!(pets["type"], "custom_lookup");
    let one = kit
        .ask("get_related_list", [pets["id"].as_str().unwrap()])
        .query("module", "Contacts")
        .go();
    assert_eq!(one.at("/related_lists/0"), &pets);
    let related = kit
        .ask("list_related_records", ["Contacts", &keeper, "Pets"])
        .query("fields", "Name")
        .go();
    assert_eq!(related.at("/data/0/Name"), "Rex");
    let relabel = json!({"modules": [{"singular_label": "Animal"}]});
    assert_eq!(kit.ask("update_module", ["Pets"]).json(&relabel).go().status, 200);
    assert_eq!(
        kit.ask("get_module", ["Pets"])
            .go()
            .at("/modules/0/singular_label"),
        "Animal"
    );
    let taken = json!({"modules": [{"plural_label": "Leads"}]});
    assert_eq!(
        kit.ask("update_module", ["Pets"])
            .json(&taken)
            .go()
            .at("/modules/0/code"),
        "DUPLICATE_DATA"
    );
}

#[test]
fn a_field_takes_its_values_from_a_global_picklist() {
    let mut kit = Kit::new();
    let body = json!({"global_picklists": [{"display_label": "Sizes", "pick_list_values": [{"display_value": "S"}, {"display_value": "M"}]}]});
    let got = kit.ask("create_global_picklist", []).json(&body).go();
    let list = got
        .at("/global_picklists/0/details/id")
        .as_str()
        .unwrap()
        .to_owned();
    let field = made(
        &mut kit,
        "Leads",
        &json!({"field_label": "Size", "data_type": "picklist", "global_picklist": {"id": list}}),
    );
    let shown = kit.ask("get_field", [&field]).query("module", "Leads").go();
    assert_eq!(shown.at("/fields/0/global_picklist/api_name"), "Sizes");
    assert_eq!(shown.at("/fields/0/pick_list_values/1/display_value"), "M");
    let uses = kit.ask("list_global_picklist_associations", [&list]).go();
    assert_eq!(uses.at("/associations/0/field/api_name"), "Size");
    assert_eq!(
        kit.ask("delete_global_picklist", [&list])
            .go()
            .at("/global_picklists/0/code"),
        "NOT_ALLOWED"
    );
    assert_eq!(
        kit.ask("delete_field", [&field])
            .query("module", "Leads")
            .go()
            .status,
        200
    );
    assert_eq!(kit.ask("delete_global_picklist", [&list]).go().status, 200);
}
