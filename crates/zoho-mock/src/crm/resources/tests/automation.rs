//! Workflow rules and their actions.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn rule(name: &str, module: &str, actions: &Value) -> Value {
    json!({"workflow_rules": [{
        "name": name, "module": {"api_name": module}, "execute_when": {"type": "create"},
        "conditions": [{"sequence_number": 1, "instant_actions": {"actions": actions}}],
    }]})
}

fn create(kit: &mut Kit, body: &Value) -> String {
    let got = kit.ask("create_workflow_rules", []).json(body).go();
    assert_eq!(got.status, 201, "{}", got.body);
    got.at("/workflow_rules/0/details/id")
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn an_action_stays_while_a_rule_starts_it() {
    let mut kit = Kit::new();
    let hook = json!({"webhooks": [{"name": "Tell", "module": {"api_name": "Leads"}, "url": "https://x.example", "http_method": "POST"}]});
    let got = kit.ask("create_webhooks", []).json(&hook).go();
    let hook = got.at("/webhooks/0/details/id").as_str().unwrap().to_owned();
    let wrong = rule("Wrong", "Leads", &json!([{"type": "tasks", "id": hook}]));
    let got = kit.ask("create_workflow_rules", []).json(&wrong).go();
    assert_eq!(
        got.at("/workflow_rules/0/details/json_path"),
        "$.workflow_rules[0].conditions[0].instant_actions.actions[0].id"
    );
    let id = create(
        &mut kit,
        &rule("Tell them", "Leads", &json!([{"type": "webhooks", "id": hook}])),
    );
    assert_eq!(
        kit.ask("get_webhook", [&hook]).go().at("/webhooks/0/associated"),
        true
    );
    assert_eq!(
        kit.ask("delete_webhook", [&hook]).go().at("/webhooks/0/code"),
        "ALREADY_USED"
    );
    let counts = kit.ask("count_workflow_actions", []).query("ids", &id).go();
    assert_eq!(counts.at("/workflow_rules/0/conditions/0/actions_count"), 1);
    assert_eq!(kit.ask("delete_workflow_rule", [&id]).go().status, 200);
    assert_eq!(kit.ask("delete_webhook", [&hook]).go().status, 200);
    assert_eq!(kit.ask("list_webhooks", []).go().status, 204);
}

#[test]
fn rules_are_counted_filtered_and_put_in_order_by_module() {
    let mut kit = Kit::new();
    let first = create(&mut kit, &rule("One", "Leads", &json!([])));
    create(&mut kit, &rule("Other", "Deals", &json!([])));
    let last = create(&mut kit, &rule("Two", "Leads", &json!([])));
    let off = json!({"workflow_rules": [{"status": {"active": false}}]});
    assert_eq!(
        kit.ask("update_workflow_rule", [&first]).json(&off).go().status,
        200
    );
    let count = kit.ask("count_workflow_rules", []).go();
    assert_eq!(count.at("/rules_count/active_rules_configured"), 2);
    let of_leads = kit
        .ask("count_module_workflow_rules", [])
        .query("module", "Leads")
        .go();
    assert_eq!(of_leads.at("/module_specific_count/0/total_rules_configured"), 2);
    let order = json!({"reorder": {"workflow_rules": [{"id": last, "module_specific_sequence": 1}]}});
    assert_eq!(
        kit.ask("reorder_workflow_rules", []).json(&order).go().status,
        200
    );
    let rows = kit.ask("list_workflow_rules", []).query("module", "Leads").go();
    assert_eq!(rows.at("/workflow_rules/0/id"), &json!(last));
    assert_eq!(rows.at("/info/count"), 2);
    let active = kit
        .ask("list_workflow_rules", [])
        .query("status_active", "false")
        .go();
    assert_eq!(active.at("/workflow_rules/0/id"), &json!(first));
}

#[test]
fn a_field_update_names_a_field_of_its_module() {
    let mut kit = Kit::new();
    let update = |field: &str| {
        json!({"field_updates": [{
            "name": "Set", "type": "static", "module": {"api_name": "Leads"}, "field": {"api_name": field}, "value": "x",
        }]})
    };
    let got = kit.ask("create_field_updates", []).json(&update("Stage")).go();
    assert_eq!(
        got.at("/field_updates/0/details/json_path"),
        "$.field_updates[0].field"
    );
    assert_eq!(
        kit.ask("create_field_updates", [])
            .json(&update("City"))
            .go()
            .status,
        201
    );
    let wrong = json!({"field_updates": [{
        "name": "Set", "type": "dynamic", "module": {"api_name": "Leads"}, "field": {"api_name": "City"}, "value": "x",
    }]});
    let got = kit.ask("create_field_updates", []).json(&wrong).go();
    assert_eq!(
        got.at("/field_updates/0/details/supported_values"),
        &json!(["static"])
    );
}
