//! Currencies, pipelines, picklists, views, locks.

use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn deals_layout(kit: &Kit) -> String {
    let deals = kit.world.crm.schema.find("Deals").unwrap();
    kit.world.crm.ids.layout(deals).to_string()
}

#[test]
fn currencies_come_after_their_base() {
    let mut kit = Kit::new();
    let euro = json!({"currencies": [{"iso_code": "EUR", "exchange_rate": "0.9"}]});
    assert_eq!(
        kit.ask("create_currencies", [])
            .json(&euro)
            .go()
            .at("/currencies/0/code"),
        "NOT_ALLOWED"
    );
    let base = json!({"base_currency": {"iso_code": "USD", "exchange_rate": "1"}});
    assert_eq!(
        kit.ask("enable_currencies", [])
            .json(&base)
            .go()
            .at("/base_currency/code"),
        "SUCCESS"
    );
    assert_eq!(
        kit.ask("enable_currencies", [])
            .json(&base)
            .go()
            .at("/base_currency/code"),
        "ALREADY_ENABLED"
    );
    let offered = |kit: &mut Kit| {
        let got = kit.ask("list_available_currencies", []).go();
        let list = got.at("/available_currencies").as_array().unwrap().clone();
        list.iter().any(|currency| currency["iso_code"] == "EUR")
    };
    assert!(offered(&mut kit));
    assert_eq!(kit.ask("create_currencies", []).json(&euro).go().status, 200);
    assert!(!offered(&mut kit));
    let all = kit.ask("list_currencies", []).go();
    assert_eq!(all.at("/currencies/0/is_base"), true);
    assert_eq!(all.at("/currencies/1/symbol"), "€");
    let id = all.at("/currencies/1/id").as_str().unwrap();
    let wrong = json!({"currencies": [{"exchange_rate": "0"}]});
    assert_eq!(
        kit.ask("update_currency", [id])
            .json(&wrong)
            .go()
            .at("/currencies/0/code"),
        "INVALID_DATA"
    );
    // The code stays what it is.
    let other = json!({"currencies": [{"iso_code": "GBP", "exchange_rate": "2"}]});
    assert_eq!(kit.ask("update_currency", [id]).json(&other).go().status, 200);
    let got = kit.ask("get_currency", [id]).go();
    assert_eq!(got.at("/currencies/0/iso_code"), "EUR");
    assert_eq!(got.at("/currencies/0/exchange_rate"), "2");
}

#[test]
fn a_new_default_pipeline_takes_the_place_of_the_old_one() {
    let mut kit = Kit::new();
    let layout = deals_layout(&kit);
    let list = |kit: &mut Kit| kit.ask("list_pipelines", []).query("layout_id", &layout).go();
    let first = list(&mut kit);
    assert_eq!(first.at("/pipeline/0/default"), true);
    let stage = first.at("/pipeline/0/maps/0/id").clone();
    let body = json!({"pipeline": [{"display_value": "Short", "default": true, "maps": [{"id": stage}]}]});
    let got = kit
        .ask("create_pipeline", [])
        .query("layout_id", &layout)
        .json(&body)
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
    let both = list(&mut kit);
    assert_eq!(both.at("/pipeline/0/default"), false);
    assert_eq!(
        both.at("/pipeline/1/maps/0/display_value"),
        both.at("/pipeline/0/maps/0/display_value")
    );
    let (old, new) = (both.at("/pipeline/0/id"), both.at("/pipeline/1/id"));
    // A part is dropped by its mark.
    let less = json!({"pipeline": [{"maps": [{"id": stage, "_delete": {"permanent": false}}]}]});
    let got = kit
        .ask("update_pipeline", [new.as_str().unwrap()])
        .query("layout_id", &layout)
        .json(&less)
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    assert_eq!(list(&mut kit).at("/pipeline/1/maps"), &json!([]));
    let moves = json!({"transfer_pipeline": [{"pipeline": {"from": old, "to": new}, "stages": []}]});
    let got = kit
        .ask("transfer_pipelines", [])
        .query("layout_id", &layout)
        .json(&moves)
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    assert_eq!(list(&mut kit).at("/pipeline").as_array().unwrap().len(), 1);
    assert_eq!(
        kit.ask("list_pipelines", []).go().at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
    assert_eq!(
        kit.ask("list_pipelines", [])
            .query("layout_id", "1")
            .go()
            .at("/code"),
        "INVALID_DATA"
    );
}

fn picklist(kit: &mut Kit, values: &[&str]) -> Got {
    let values: Vec<Value> = values
        .iter()
        .map(|value| json!({"display_value": value}))
        .collect();
    let body = json!({"global_picklists": [{"display_label": "Sizes", "pick_list_values": values}]});
    kit.ask("create_global_picklist", []).json(&body).go()
}

#[test]
fn a_global_picklist_replaces_values_and_keeps_what_went() {
    let mut kit = Kit::new();
    let got = picklist(&mut kit, &["S", "S"]);
    assert_eq!(
        got.at("/global_picklists/0/details/json_path"),
        "$.global_picklists[0].pick_list_values[1].display_value"
    );
    let got = picklist(&mut kit, &["S", "M"]);
    let id = got
        .at("/global_picklists/0/details/id")
        .as_str()
        .unwrap()
        .to_owned();
    let shown = kit.ask("get_global_picklist", [&id]).go();
    assert_eq!(
        shown.at("/global_picklists/0/pick_list_values/1/sequence_number"),
        2
    );
    assert_eq!(shown.at("/global_picklists/0/associated_fields_count"), 0);
    let swap = json!({"replace_picklist_values": [{"old_value": {"display_value": "S"}, "new_value": {"display_value": "M"}}]});
    assert_eq!(
        kit.ask("replace_global_picklist_values", [&id])
            .json(&swap)
            .go()
            .status,
        200
    );
    assert_eq!(
        kit.ask("list_replaced_picklist_values", [&id])
            .go()
            .at("/replaced_values/0/display_value"),
        "S"
    );
    let again = kit.ask("replace_global_picklist_values", [&id]).json(&swap).go();
    assert_eq!(
        again.at("/replace_picklist_values/0/details/api_name"),
        "old_value"
    );
}

#[test]
fn a_view_is_sorted_by_a_field_of_its_module() {
    let mut kit = Kit::new();
    let views = kit.ask("list_custom_views", []).query("module", "Leads").go();
    assert_eq!(views.at("/custom_views/0/name"), "All Leads");
    let id = views.at("/custom_views/0/id").as_str().unwrap().to_owned();
    let sort = |name: &str, order: &str| json!({"custom_views": [{"sort_by": {"api_name": name}, "sort_order": order}]});
    let mut change = |body: &Value| {
        kit.ask("change_custom_view_sort", [&id])
            .query("module", "Leads")
            .json(body)
            .go()
    };
    assert_eq!(
        change(&sort("Stage", "asc")).at("/custom_views/0/details/api_name"),
        "sort_by"
    );
    assert_eq!(
        change(&sort("City", "up")).at("/custom_views/0/details/api_name"),
        "sort_order"
    );
    assert_eq!(change(&sort("City", "desc")).status, 200);
    let got = kit.ask("get_custom_view", [&id]).query("module", "Leads").go();
    assert_eq!(got.at("/custom_views/0/sort_by/api_name"), "City");
    assert_eq!(
        kit.ask("get_custom_view", [&id])
            .query("module", "Deals")
            .go()
            .status,
        204
    );
}

#[test]
fn a_rule_is_switched_on_and_off_once() {
    let mut kit = Kit::new();
    let body = json!({"scoring_rules": [{"name": "Hot", "module": {"api_name": "Leads"}}]});
    let got = kit.ask("create_scoring_rules", []).json(&body).go();
    let id = got.at("/scoring_rules/0/details/id").as_str().unwrap().to_owned();
    assert_eq!(
        kit.ask("activate_scoring_rule", [&id])
            .go()
            .at("/scoring_rules/0/code"),
        "ALREADY_ACTIVATED"
    );
    assert_eq!(kit.ask("deactivate_scoring_rule", [&id]).go().status, 200);
    assert_eq!(
        kit.ask("deactivate_scoring_rule", [&id])
            .go()
            .at("/scoring_rules/0/code"),
        "ALREADY_DEACTIVATED"
    );
    assert_eq!(
        kit.ask("get_scoring_rule", [&id])
            .go()
            .at("/scoring_rules/0/active"),
        false
    );
    assert_eq!(kit.ask("clone_scoring_rule", [&id]).go().status, 200);
    let named = kit.ask("list_scoring_rules", []).query("name", "Hot - Copy").go();
    assert_eq!(named.at("/info/count"), 1);
}
