//! Shares, contacts of deals, drafts, portals and preferences.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

fn lead(kit: &mut Kit) -> String {
    kit.create("Leads", &json!([{"Last_Name": "Ngo"}])).remove(0)
}

fn other_user(kit: &mut Kit) -> String {
    kit.ask("list_users", [])
        .go()
        .at("/users/1/id")
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_record_is_shared_once_with_each_and_all_is_taken_back_at_once() {
    let mut kit = Kit::new();
    let (id, user) = (lead(&mut kit), other_user(&mut kit));
    let share = |kind: &str, with: &str| json!({"share": [{"permission": "read_only", "shared_with": {"type": kind, "id": with}}]});
    let mut post = |body: &Value| kit.ask("share_record", ["Leads", &id]).json(body).go();
    assert_eq!(post(&share("users", &user)).status, 201);
    assert_eq!(post(&share("users", &user)).at("/share/0/code"), "ALREADY_SHARED");
    assert_eq!(post(&share("roles", "1")).at("/share/0/code"), "INVALID_DATA");
    let shown = kit.ask("list_record_shares", ["Leads", &id]).go();
    assert_eq!(shown.at("/share/0/shared_with/name"), "Jonas Lindqvist");
    let role = kit.world.crm.ids.role(0).to_string();
    let wrong = kit
        .ask("update_record_shares", ["Leads", &id])
        .json(&share("roles", "1"))
        .go();
    assert_eq!(wrong.status, 400);
    assert_eq!(
        kit.ask("update_record_shares", ["Leads", &id])
            .json(&share("roles", &role))
            .go()
            .status,
        201
    );
    let shown = kit.ask("list_record_shares", ["Leads", &id]).go();
    assert_eq!(shown.at("/share").as_array().unwrap().len(), 1);
    assert_eq!(shown.at("/share/0/shared_with/type"), "roles");
    assert_eq!(
        kit.ask("revoke_record_shares", ["Leads", &id])
            .go()
            .at("/share/message"),
        "Sharing Revoked"
    );
    assert_eq!(kit.ask("list_record_shares", ["Leads", &id]).go().status, 204);
    let open = json!({"data_sharing": [{"module": {"api_name": "Leads"}, "share_type": "public"}]});
    assert_eq!(kit.ask("update_data_sharing", []).json(&open).go().status, 200);
    let all = kit.ask("list_data_sharing", []).go();
    let leads = all
        .at("/data_sharing")
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["module"]["api_name"] == "Leads");
    assert_eq!(leads.unwrap()["share_type"], "public");
}

#[test]
fn contacts_of_a_deal_have_roles() {
    let mut kit = Kit::new();
    let deal = json!([{"Deal_Name": "Big", "Stage": "Qualification", "Closing_Date": "2026-12-31"}]);
    let deal = kit.create("Deals", &deal).remove(0);
    let contact = kit.create("Contacts", &json!([{"Last_Name": "Ngo"}])).remove(0);
    let role = kit
        .ask("list_contact_roles", [])
        .go()
        .at("/contact_roles/1/id")
        .clone();
    let list = |kit: &mut Kit| {
        kit.ask("list_deal_contact_roles", ["Deals", &deal])
            .query("fields", "Last_Name")
            .go()
    };
    assert_eq!(list(&mut kit).status, 204);
    let give = json!({"data": [{"id": contact, "Contact_Role": {"id": role}}, {"id": "1", "Contact_Role": {"id": role}}]});
    let got = kit
        .ask("update_deal_contact_roles", ["Deals", &deal])
        .json(&give)
        .go();
    assert_eq!(
        (got.status, got.at("/data/1/code")),
        (207, &json!("INVALID_DATA"))
    );
    let shown = list(&mut kit);
    assert_eq!(shown.at("/data/0/Contact_Role/name"), "Decision Maker");
    assert_eq!(shown.at("/data/0/Last_Name"), "Ngo");
    assert_eq!(
        kit.ask("list_deal_contact_roles", ["Deals", &deal])
            .go()
            .at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
    assert_eq!(
        kit.ask("remove_deal_contact_role", ["Deals", &deal, &contact])
            .go()
            .status,
        200
    );
    assert_eq!(
        kit.ask("remove_deal_contact_role", ["Deals", &deal, &contact])
            .go()
            .at("/data/0/code"),
        "INVALID_DATA"
    );
    let elsewhere = kit.ask("list_deal_contact_roles", ["Leads", &deal]).go();
    assert_eq!(elsewhere.at("/code"), "INVALID_MODULE");
}

#[test]
fn a_portal_is_called_by_its_name_and_takes_its_user_types_along() {
    let mut kit = Kit::new();
    let got = kit
        .ask("create_portals", [])
        .json(&json!({"portals": [{"name": "clients"}]}))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    let kind = json!({"user_type": [{"name": "Buyers", "personality_module": {"api_name": "Contacts"}, "modules": [{"api_name": "Deals"}]}]});
    let got = kit.ask("create_portal_user_types", ["clients"]).json(&kind).go();
    assert_eq!(got.status, 200, "{}", got.body);
    assert_eq!(
        kit.ask("list_portal_user_types", ["clients"])
            .go()
            .at("/user_type/0/name"),
        "Buyers"
    );
    assert_eq!(
        kit.ask("list_portal_user_types", ["others"])
            .go()
            .at("/details/resource_path_index"),
        2
    );
    assert_eq!(kit.ask("delete_portal", ["clients"]).go().status, 200);
    kit.ask("create_portals", [])
        .json(&json!({"portals": [{"name": "clients"}]}))
        .go();
    assert_eq!(kit.ask("list_portal_user_types", ["clients"]).go().status, 204);
}

#[test]
fn preferences_are_there_from_the_start_and_keep_what_is_set() {
    let mut kit = Kit::new();
    assert_eq!(
        kit.ask("get_fiscal_year", []).go().at("/fiscal_year/start_month"),
        "JANUARY"
    );
    let april = json!({"fiscal_year": {"start_month": "APRIL"}});
    let got = kit.ask("update_fiscal_year", []).json(&april).go();
    assert_eq!(got.at("/fiscal_year/code"), "SUCCESS", "{}", got.body);
    assert_eq!(
        kit.ask("get_fiscal_year", []).go().at("/fiscal_year/start_month"),
        "APRIL"
    );
    let wrong = json!({"fiscal_year": {"calendar_type": "lunar"}});
    assert_eq!(
        kit.ask("update_fiscal_year", [])
            .json(&wrong)
            .go()
            .at("/fiscal_year/code"),
        "INVALID_DATA"
    );
    assert_eq!(
        kit.ask("update_fiscal_year", [])
            .json(&json!({}))
            .go()
            .at("/code"),
        "MANDATORY_NOT_FOUND"
    );
}
