//! What bad requests get: exact statuses and bodies.

use http::Method;
use serde_json::{Value, json};

use super::support::Desk;

fn crm(code: &str, message: &str) -> Value {
    json!({"code": code, "details": {}, "message": message, "status": "error"})
}

fn books(code: u32, message: &str) -> Value {
    json!({"code": code, "message": message})
}

#[test]
fn refusals_are_zohos_own() {
    let desk = Desk::new();
    let narrow = {
        let code = desk
            .zoho
            .grant_code(["ZohoCRM.settings.READ", "ZohoBooks.items.READ"]);
        let (id, secret) = (desk.zoho.client_id(), desk.zoho.client_secret());
        let form = format!("grant_type=authorization_code&client_id={id}&client_secret={secret}&code={code}");
        let token = desk.token_call(&form).json();
        format!("Bearer {}", token["access_token"].as_str().unwrap())
    };
    let good = format!("Zoho-oauthtoken {}", desk.token);
    let org = format!("organization_id={}", desk.zoho.organization_id());
    let with_org = |path: &str| format!("/books/v3{path}?{org}");
    let unauthorized = "You are not authorized to perform this operation";
    let no_key = "The request could not be authenticated as the authentication value you entered is invalid. \
                  Enter a valid authentication value and try again.";
    let table: Vec<(Method, String, &str, &str, u16, Value)> = vec![
        (
            Method::GET,
            "/crm/v8/Leads".into(),
            "",
            "",
            401,
            crm("AUTHENTICATION_FAILURE", "Authentication failed"),
        ),
        (
            Method::GET,
            "/crm/v8/Leads".into(),
            "Basic eDp5",
            "",
            401,
            crm("AUTHENTICATION_FAILURE", "Authentication failed"),
        ),
        (
            Method::GET,
            "/crm/v8/Leads".into(),
            "Zoho-oauthtoken 1000.dead.beef",
            "",
            401,
            crm("INVALID_TOKEN", "invalid oauth token"),
        ),
        (
            Method::GET,
            "/crm/v8/Leads".into(),
            &narrow,
            "",
            401,
            crm("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"),
        ),
        (
            Method::PATCH,
            "/crm/v8/org".into(),
            &good,
            "",
            405,
            crm(
                "INVALID_REQUEST_METHOD",
                "The http request method type is not a valid one",
            ),
        ),
        (
            Method::GET,
            "/crm/v8/a/b/c/d/e/f/g".into(),
            &good,
            "",
            404,
            crm(
                "INVALID_URL_PATTERN",
                "Please check if the URL trying to access is a correct one",
            ),
        ),
        (
            Method::GET,
            "/nobody/knows".into(),
            &good,
            "",
            404,
            crm(
                "INVALID_URL_PATTERN",
                "Please check if the URL trying to access is a correct one",
            ),
        ),
        (Method::GET, with_org("/contacts"), "", "", 401, books(14, no_key)),
        (
            Method::GET,
            with_org("/contacts"),
            "Bearer 1000.dead.beef",
            "",
            401,
            books(57, unauthorized),
        ),
        (
            Method::GET,
            with_org("/contacts"),
            &narrow,
            "",
            401,
            books(57, unauthorized),
        ),
        (
            Method::GET,
            "/books/v3/contacts".into(),
            &good,
            "",
            400,
            books(
                6041,
                "This user is not associated with the CompanyID/CompanyName:.",
            ),
        ),
        (
            Method::GET,
            "/books/v3/contacts?organization_id=7".into(),
            &good,
            "",
            400,
            books(
                6041,
                "This user is not associated with the CompanyID/CompanyName:7.",
            ),
        ),
        (
            Method::PATCH,
            with_org("/contacts"),
            &good,
            "",
            405,
            books(
                37,
                "The HTTP method PATCH is not allowed for the requested resource",
            ),
        ),
        (
            Method::GET,
            with_org("/no/such/thing/at/all/x/y"),
            &good,
            "",
            404,
            books(5, "Invalid URL Passed"),
        ),
        (
            Method::GET,
            with_org("/contacts/42"),
            &good,
            "",
            404,
            books(1002, "Contact does not exist."),
        ),
        (
            Method::GET,
            with_org("/contacts/forty-two"),
            &good,
            "",
            404,
            books(1002, "Contact does not exist."),
        ),
        (
            Method::DELETE,
            with_org("/invoices/42"),
            &good,
            "",
            404,
            books(1002, "Invoice does not exist."),
        ),
        (
            Method::POST,
            with_org("/contacts"),
            &good,
            "",
            400,
            books(11, "The parameter JSONString is mandatory."),
        ),
        (
            Method::POST,
            with_org("/contacts"),
            &good,
            "{\"contact_name\":",
            400,
            books(1038, "JSON is not well formed"),
        ),
        (
            Method::POST,
            with_org("/contacts"),
            &good,
            "[1]",
            400,
            books(1038, "JSON is not well formed"),
        ),
        (
            Method::POST,
            with_org("/contacts"),
            &good,
            "{}",
            400,
            books(3013, "Enter a valid Contact Name"),
        ),
        (
            Method::POST,
            with_org("/contacts"),
            &good,
            "{\"contact_name\":[]}",
            400,
            books(2, "Invalid value passed for Contact Name"),
        ),
        (
            Method::POST,
            with_org("/items"),
            &good,
            "{\"name\":\"Nut\",\"rate\":\"much\"}",
            400,
            books(2, "Invalid value passed for Rate"),
        ),
        (
            Method::POST,
            with_org("/invoices"),
            &good,
            "{\"customer_id\":\"42\",\"line_items\":[{}]}",
            400,
            books(2, "Invalid value passed for customer_id"),
        ),
    ];
    for (method, target, key, body, status, expected) in table {
        let headers: Vec<(&str, &str)> = if key.is_empty() {
            vec![]
        } else {
            vec![("authorization", key)]
        };
        let reply = desk.send(method.clone(), &target, &headers, body.to_owned());
        assert_eq!(reply.json(), expected, "{method} {target}");
        assert_eq!(reply.status, status, "{method} {target}");
        assert_eq!(
            reply.header("content-type"),
            "application/json;charset=UTF-8",
            "{method} {target}"
        );
    }
}

#[test]
fn a_name_can_be_used_once() {
    let desk = Desk::new();
    desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    let reply = desk.books(Method::POST, "/contacts", &json!({"contact_name": "ADA"}));
    assert_eq!(reply.status, 400);
    let message = "The customer \"ADA\" already exists. Please specify a different name.";
    assert_eq!(reply.json(), books(3062, message));
    assert_eq!(desk.get("/contacts")["contacts"].as_array().unwrap().len(), 1);
}

#[test]
fn the_api_forgives_what_zoho_forgives() {
    let desk = Desk::new();
    let org = desk.zoho.organization_id().to_owned();
    for target in [
        format!("/books/v3/contacts/?&organization_id={org}&&nonsense=1&"),
        format!(
            "/books/v3/contacts?organization_id={org}&per_page=none&page=-4&filter_by=What.Ever&sort_column=no"
        ),
        format!("/api/v3/contacts?organization_id={org}"),
    ] {
        assert_eq!(desk.call(Method::GET, &target, "").status, 200, "{target}");
    }
    let key = format!("zoho-oauthtoken {}", desk.token);
    let headers = [
        ("authorization", key.as_str()),
        ("x-com-zoho-books-organizationid", &org),
    ];
    assert_eq!(
        desk.send(Method::GET, "/books/v3/contacts", &headers, "").status,
        200
    );
}

/// A 19-digit id that a float would round, as a number and without a Content-Type.
#[test]
fn ids_come_as_numbers_and_lose_no_digit() {
    let desk = Desk::new();
    let lead = |name: &str| {
        let body = format!(r#"{{"data":[{{"Last_Name":"{name}"}}]}}"#);
        let created = desk.call(Method::POST, "/crm/v8/Leads/", body).json();
        created["data"][0]["details"]["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (lead("Ngo"), lead("Lindqvist"));
    assert_eq!((first.len(), second.len()), (19, 19));
    assert_ne!(first, second);
    // Their floats are the same.
    let float = |id: &str| id.parse::<f64>().unwrap();
    assert_eq!(float(&first), float(&second));
    let owner = desk
        .call(Method::GET, "/crm/v8/users?type=CurrentUser&", "")
        .json()["users"][0]["id"]
        .clone();
    let body = format!(
        r#"{{"data":[{{"id":{second},"City":"Turin","Owner":{{"id":{}}}}}]}}"#,
        owner.as_str().unwrap()
    );
    let changed = desk.call(Method::PUT, "/crm/v8/Leads?&", body);
    assert_eq!(changed.status, 200, "{:?}", changed.body);
    let city = |id: &str| {
        let row = desk.call(Method::GET, &format!("/crm/v8/Leads/{id}/"), "").json();
        row["data"][0]["City"].clone()
    };
    assert_eq!((city(&first), city(&second)), (Value::Null, json!("Turin")));

    let contacts =
        ["Ada", "Grace"].map(|name| desk.create("/contacts", "contact", &json!({"contact_name": name})));
    let id = contacts[1]["contact_id"].as_str().unwrap();
    assert_eq!(id.len(), 19);
    let org = desk.zoho.organization_id();
    let body = format!(r#"{{"customer_id":{id},"line_items":[{{"rate":1,"quantity":2}}]}}"#);
    let invoice = desk.call(
        Method::POST,
        &format!("/books/v3/invoices/?&organization_id={org}"),
        body,
    );
    assert_eq!(invoice.status, 201, "{:?}", invoice.body);
    assert_eq!(invoice.json()["invoice"]["customer_id"], id);
    assert_eq!(invoice.json()["invoice"]["customer_name"], "Grace");
}

#[test]
fn answers_carry_zohos_headers() {
    let desk = Desk::with(zoho_mock::MockZoho::builder().frozen(true));
    let reply = desk.call(Method::GET, "/crm/v8/org", "");
    assert_eq!(reply.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_eq!(reply.header("x-accesstoken-reset"), "2025-12-31T20:00:00-05:00");
    assert_eq!(reply.header("server"), "ZGS");
    let reply = desk.books(Method::GET, "/contacts", &Value::Null);
    assert_eq!(reply.header("x-rate-limit-limit"), "10000");
    assert_eq!(reply.header("x-rate-limit-remaining"), "9999");
    assert_eq!(reply.header("x-rate-limit-reset"), "18000");
    assert_eq!(reply.header("content-disposition"), "attachment;");
}
