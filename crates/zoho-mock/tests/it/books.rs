//! Contacts, items and organizations.

use http::Method;
use serde_json::{Value, json};

use super::support::Desk;

#[test]
fn a_contact_is_created_changed_and_deleted() {
    let desk = Desk::with(zoho_mock::MockZoho::builder().frozen(true));
    let sent = json!({
        "contact_name": "Ada Lovelace",
        "company_name": "Engines",
        "credit_limit": "1000.50",
        "nonsense": {"kept": false},
        "billing_address": {"city": "London"},
        "contact_persons": [
            {"first_name": "Ada", "email": "ada@engines.example"},
            {"first_name": "Charles", "is_primary_contact": true, "email": "cb@engines.example"},
        ],
        "custom_fields": [{"api_name": "cf_tier", "value": "gold"}],
    });
    let reply = desk.books(Method::POST, "/contacts", &sent);
    assert_eq!(reply.status, 201);
    let body = reply.json();
    assert_eq!(
        (body["code"].as_i64(), body["message"].as_str()),
        (Some(0), Some("The contact has been added."))
    );
    let contact = &body["contact"];
    let id = contact["contact_id"].as_str().unwrap();
    assert_eq!(reply.header("location"), format!("/api/v3/contacts/{id}"));
    assert_eq!(id.len(), 19);
    assert!(contact.get("nonsense").is_none());
    assert_eq!(contact["credit_limit"].to_string(), "1000.5");
    assert_eq!(contact["website"], "");
    assert_eq!(contact["created_time"], "2025-12-31T19:00:00-0500");
    assert_eq!(contact["email"], "cb@engines.example");
    assert_eq!(contact["contact_persons"].as_array().unwrap().len(), 2);
    assert_eq!(contact["billing_address"]["city"], "London");
    assert_eq!(contact["custom_field_hash"]["cf_tier"], "gold");
    assert_eq!(contact["status"], "active");

    desk.zoho.advance(std::time::Duration::from_secs(60));
    let reply = desk.books(
        Method::PUT,
        &format!("/contacts/{id}"),
        &json!({"notes": "met at the fair"}),
    );
    let changed = &reply.json()["contact"];
    assert_eq!(reply.json()["message"], "Contact information has been saved.");
    assert_eq!(
        (changed["notes"].as_str(), changed["company_name"].as_str()),
        (Some("met at the fair"), Some("Engines"))
    );
    assert_eq!(changed["last_modified_time"], "2025-12-31T19:01:00-0500");
    assert_eq!(changed["created_time"], "2025-12-31T19:00:00-0500");
    assert_eq!(desk.get(&format!("/contacts/{id}"))["contact"], *changed);
    assert_eq!(desk.get("/contacts")["contacts"][0]["cf_tier"], "gold");

    let reply = desk.books(Method::DELETE, &format!("/contacts/{id}"), &Value::Null);
    assert_eq!(
        reply.json(),
        json!({"code": 0, "message": "The customer has been deleted."})
    );
    assert_eq!(
        desk.books(Method::GET, &format!("/contacts/{id}"), &Value::Null)
            .status,
        404
    );
    desk.create("/contacts", "contact", &json!({"contact_name": "Ada Lovelace"}));
}

#[test]
fn persons_live_under_their_contact() {
    let desk = Desk::new();
    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    let id = contact["contact_id"].as_str().unwrap();
    let sent = json!({"contact_id": id, "first_name": "Grace", "email": "grace@navy.example"});
    let person = desk.create("/contacts/contactpersons", "contact_person", &sent);
    assert_eq!(person["is_primary_contact"], true);
    let list = desk.get(&format!("/contacts/{id}/contactpersons"));
    assert_eq!(list["contact_persons"][0]["is_primary_contact"], true);
    assert_eq!(
        desk.get(&format!("/contacts/{id}"))["contact"]["email"],
        "grace@navy.example"
    );
    let second = desk.create(
        "/contacts/contactpersons",
        "contact_person",
        &json!({"contact_id": id, "first_name": "Ada"}),
    );
    let second = second["contact_person_id"].as_str().unwrap();
    let path = format!("/contacts/contactpersons/{second}/primary");
    assert_eq!(desk.books(Method::POST, &path, &Value::Null).status, 200);
    let list = desk.get(&format!("/contacts/{id}/contactpersons"));
    let primary: Vec<_> = list["contact_persons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["is_primary_contact"].as_bool().unwrap())
        .collect();
    assert_eq!(primary, [false, true]);
    let wrong = desk.books(
        Method::POST,
        "/contacts/contactpersons",
        &json!({"contact_id": "1", "first_name": "X"}),
    );
    assert_eq!(
        wrong.json(),
        json!({"code": 1002, "message": "Contact does not exist."})
    );
    assert_eq!(
        desk.books(
            Method::DELETE,
            &format!("/contacts/contactpersons/{second}"),
            &Value::Null
        )
        .status,
        200
    );
    assert_eq!(
        desk.get(&format!("/contacts/{id}"))["contact"]["contact_persons"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn comments_and_addresses_live_under_their_contact() {
    let desk = Desk::new();
    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    let id = contact["contact_id"].as_str().unwrap();
    desk.create(
        &format!("/contacts/{id}/comments"),
        "comment",
        &json!({"description": "called"}),
    );
    let comments = desk.get(&format!("/contacts/{id}/comments"));
    assert_eq!(comments["contact_comments"][0]["description"], "called");
    assert_eq!(comments["contact_comments"][0]["date"], "2025-12-31");
    desk.create(
        &format!("/contacts/{id}/address"),
        "address_info",
        &json!({"city": "Turin"}),
    );
    let addresses = desk.get(&format!("/contacts/{id}/address"));
    assert_eq!(addresses["addresses"][0]["city"], "Turin");
    assert!(addresses.get("page_context").is_none());
    assert_eq!(
        desk.books(Method::GET, "/contacts/1/comments", &Value::Null)
            .status,
        404
    );
}

#[test]
fn statuses_filter_the_list() {
    let desk = Desk::new();
    for name in ["Ada", "Bob"] {
        desk.create("/contacts", "contact", &json!({"contact_name": name}));
    }
    let list = desk.get("/contacts");
    let bob = list["contacts"][1]["contact_id"].as_str().unwrap();
    let reply = desk.books(Method::POST, &format!("/contacts/{bob}/inactive"), &Value::Null);
    assert_eq!(
        reply.json(),
        json!({"code": 0, "message": "The contact has been marked as inactive."})
    );
    let names = |query: &str| -> Vec<String> {
        let list = desk.get(&format!("/contacts?{query}"));
        list["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["contact_name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("filter_by=Status.Active"), ["Ada"]);
    assert_eq!(names("filter_by=Status.Inactive"), ["Bob"]);
    assert_eq!(names("filter_by=Status.All"), ["Ada", "Bob"]);
    assert_eq!(names("filter_by=Status.Vendors"), Vec::<String>::new());
    assert_eq!(names("contact_name=bob"), ["Bob"]);
    assert_eq!(names("contact_name_startswith=A"), ["Ada"]);
    assert_eq!(names("contact_name_contains=o"), ["Bob"]);
    assert_eq!(names("search_text=AD"), ["Ada"]);
    assert_eq!(names("sort_column=contact_name&sort_order=D"), ["Bob", "Ada"]);
    let context = &desk.get("/contacts?filter_by=Status.Active&contact_name_contains=d")["page_context"];
    assert_eq!(context["applied_filter"], "Status.Active");
    assert_eq!(context["report_name"], "Contacts");
    assert_eq!(context["search_criteria"][0]["column_name"], "contact_name");
}

#[test]
fn upserts_go_by_a_custom_field() {
    let desk = Desk::new();
    let upsert = |value: &str, create: bool, body: &Value| {
        let key = format!("Zoho-oauthtoken {}", desk.token);
        let mut headers = vec![
            ("authorization", key.as_str()),
            ("x-unique-identifier-key", "cf_number"),
            ("x-unique-identifier-value", value),
        ];
        if create {
            headers.push(("x-upsert", "true"));
        }
        let target = format!(
            "/books/v3/contacts?organization_id={}",
            desk.zoho.organization_id()
        );
        desk.send(Method::PUT, &target, &headers, body.to_string())
    };
    assert_eq!(upsert("7", false, &json!({"contact_name": "Ada"})).status, 404);
    let created = upsert("7", true, &json!({"contact_name": "Ada"}));
    assert_eq!(created.status, 201);
    let changed = upsert("7", true, &json!({"notes": "again"}));
    assert_eq!(changed.status, 200);
    assert_eq!(
        changed.json()["contact"]["contact_id"],
        created.json()["contact"]["contact_id"]
    );
    assert_eq!(desk.get("/contacts")["contacts"].as_array().unwrap().len(), 1);
    let reply = desk.books(Method::PUT, "/contacts", &json!({}));
    assert_eq!(
        reply.json(),
        json!({"code": 2, "message": "Invalid value passed for X-Unique-Identifier-Key"})
    );
}

#[test]
fn bodies_come_as_json_or_in_a_form() {
    let desk = Desk::new();
    let key = format!("Zoho-oauthtoken {}", desk.token);
    let target = format!("/books/v3/items?organization_id={}", desk.zoho.organization_id());
    let form = "application/x-www-form-urlencoded";
    let multipart =
        "--b\r\nContent-Disposition: form-data; name=\"JSONString\"\r\n\r\n{\"name\":\"D\"}\r\n--b--\r\n";
    for (kind, body) in [
        ("application/json", "{\"name\":\"A\"}"),
        (form, "JSONString=%7B%22name%22%3A%22B%22%7D"),
        (form, "{\"name\":\"C\"}"),
        ("multipart/form-data; boundary=b", multipart),
        ("", "{\"name\":\"E\"}"),
        ("", "JSONString={\"name\":\"F\"}"),
    ] {
        let mut headers = vec![("authorization", key.as_str())];
        if !kind.is_empty() {
            headers.push(("content-type", kind));
        }
        let reply = desk.send(Method::POST, &target, &headers, body.to_owned());
        assert_eq!(reply.status, 201, "{kind} {body}: {:?}", reply.body);
    }
    let items = desk.get("/items");
    let names: Vec<_> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["A", "B", "C", "D", "E", "F"]);
}

#[test]
fn several_are_deleted_together_or_not_at_all() {
    let desk = Desk::new();
    let ids: Vec<String> = ["A", "B", "C"]
        .map(|name| {
            desk.create("/contacts", "contact", &json!({"contact_name": name}))["contact_id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .to_vec();
    let path = format!("/contacts?contact_ids={},1", ids[0]);
    assert_eq!(desk.books(Method::DELETE, &path, &Value::Null).status, 404);
    assert_eq!(desk.get("/contacts")["contacts"].as_array().unwrap().len(), 3);
    let path = format!("/contacts?contact_ids={},{}", ids[0], ids[2]);
    assert_eq!(desk.books(Method::DELETE, &path, &Value::Null).status, 200);
    assert_eq!(desk.get("/contacts")["contacts"][0]["contact_name"], "B");
}

#[test]
fn organizations_need_no_organization() {
    let desk = Desk::new();
    let list = desk.call(Method::GET, "/books/v3/organizations", "").json();
    assert_eq!(
        list["organizations"][0]["organization_id"],
        desk.zoho.organization_id()
    );
    let path = format!("/books/v3/organizations/{}", desk.zoho.organization_id());
    assert_eq!(
        desk.call(Method::GET, &path, "").json()["organization"]["name"],
        "Zylker"
    );
}
