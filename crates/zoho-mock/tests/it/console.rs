//! The console's JSON: what it shows, how it pages, who may ask, and what it changes.

use http::Method;
use serde_json::{Value, json};
use zoho_mock::MockZoho;

use super::support::{Desk, Reply};

fn api(desk: &Desk, path: &str) -> Value {
    let reply = desk.send(Method::GET, &format!("/_mock/api/{path}"), &[], "");
    assert_eq!(reply.status, 200, "{path}: {:?}", reply.body);
    reply.json()
}

fn refused(desk: &Desk, method: Method, path: &str, body: &str) -> (u16, String) {
    let reply = desk.send(method, &format!("/_mock/api/{path}"), &[], body.to_owned());
    let error = reply.json()["error"].as_str().unwrap_or_default().to_owned();
    (reply.status.as_u16(), error)
}

fn with_leads(count: usize) -> Desk {
    Desk::with(MockZoho::builder().records("Leads", count).unwrap())
}

#[test]
fn the_page_and_its_files_are_served_and_load_nothing_else() {
    let desk = Desk::new();
    for path in ["/_mock", "/_mock/"] {
        let reply = desk.send(
            Method::GET,
            path,
            &[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")],
            "",
        );
        assert_eq!(reply.header("content-type"), "text/html;charset=UTF-8");
        assert!(
            reply
                .header("content-security-policy")
                .starts_with("default-src 'none'; script-src 'self'")
        );
    }
    let index = desk.send(Method::GET, "/_mock/", &[], "");
    let index = String::from_utf8(index.body.to_vec()).unwrap();
    assert!(
        !index.contains("http://127") && !index.contains("https://"),
        "{index}"
    );
    let mut ahead: Vec<String> = index
        .split('"')
        .filter(|text| text.starts_with("/_mock/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(ahead.len(), 3);
    let mut seen = Vec::new();
    while let Some(path) = ahead.pop() {
        let reply = desk.send(Method::GET, &path, &[], "");
        assert_eq!(reply.status, 200, "{path}");
        let text = String::from_utf8(reply.body.to_vec()).unwrap();
        assert!(
            !text.contains("innerHTML") && !text.contains("insertAdjacentHTML"),
            "{path}"
        );
        let imports = text
            .split("from \"./")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for import in imports.map(|name| format!("/_mock/{name}")) {
            if !seen.contains(&import) {
                seen.push(import.clone());
                ahead.push(import);
            }
        }
    }
    assert!(seen.len() >= 10, "{seen:?}");
}

#[test]
fn pages_of_a_module_follow_each_other_and_hold_every_record_once() {
    let desk = with_leads(230);
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let page = api(&desk, &format!("crm/Leads?limit=50&after={after}"));
        assert_eq!(page["total"], 230);
        let rows = page["rows"].as_array().unwrap();
        assert!(rows.len() <= 50);
        ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let found = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((found, ids.len()), (230, 230));
}

#[test]
fn a_search_finds_words_anywhere_and_goes_through_so_many_records_at_a_time() {
    let desk = with_leads(8_500);
    let body =
        json!({"data": [{"Last_Name": "Ngo", "First_Name": "Mai", "Description": "likes Pelikan ink"}]});
    let made = desk.call(Method::POST, "/crm/v8/Leads", body.to_string()).json();
    let id = made["data"][0]["details"]["id"].as_str().unwrap();
    for text in ["pelikan", "mai%20NGO%20ink", id] {
        let page = api(&desk, &format!("crm/Leads?q={text}&limit=1"));
        assert_eq!(page["rows"][0]["id"], id, "{text}");
    }
    // The oldest record is known by its address at once, and by a word only after several stretches.
    let oldest = api(&desk, "crm/Leads?q=nothing-holds-this");
    assert_eq!(
        (&oldest["rows"], &oldest["looked_through"]),
        (&json!([]), &json!(4_000))
    );
    let (mut after, mut stretches) = (String::new(), 0);
    loop {
        let page = api(&desk, &format!("crm/Leads?q=nothing-holds-this&after={after}"));
        stretches += 1;
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(stretches, 3);
    let last = api(&desk, &format!("crm/Leads?limit=1&after={after}"));
    let email = last["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|row| row["Email"].as_str());
    if let Some(email) = email {
        let page = api(&desk, &format!("crm/Leads?q={email}&limit=1"));
        assert_eq!(page["rows"][0]["Email"], email);
    }
}

#[test]
fn records_are_changed_by_the_operations_in_the_owners_name_and_snapshots_know_it() {
    let desk = with_leads(3);
    let lead = api(&desk, "crm/Leads?limit=1")["rows"][0].clone();
    let record = api(&desk, &format!("crm/Leads/{}", lead["id"].as_str().unwrap()));
    let path = format!("/_mock/api/zoho{}", record["path"].as_str().unwrap());
    let before = desk.zoho.journal().exchanges().len();
    let body = json!({"data": [{"Company": "<script>alert(\"1\")</script>"}]});
    assert_eq!(desk.send(Method::PUT, &path, &[], body.to_string()).status, 200);
    assert_eq!(
        desk.zoho.journal().exchanges().len(),
        before,
        "it is not in the journal"
    );

    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    let organization = desk.zoho.organization_id().to_owned();
    let page = api(&desk, &format!("books/{organization}/contacts?q=ADA"));
    assert_eq!(page["rows"][0]["id"], contact["contact_id"]);
    let record = api(
        &desk,
        &format!(
            "books/{organization}/contacts/{}",
            contact["contact_id"].as_str().unwrap()
        ),
    );
    assert_eq!(
        (&record["can_update"], &record["can_delete"]),
        (&json!(true), &json!(true))
    );
    let path = format!(
        "/_mock/api/zoho{}?organization_id={organization}",
        record["path"].as_str().unwrap()
    );
    assert_eq!(desk.send(Method::DELETE, &path, &[], "").status, 200);

    let saved = desk.zoho.snapshot();
    desk.zoho.reset();
    desk.zoho.restore(&saved).unwrap();
    let again = api(&desk, &format!("crm/Leads/{}", lead["id"].as_str().unwrap()));
    assert_eq!(again["record"]["Company"], body["data"][0]["Company"]);
    assert_eq!(api(&desk, &format!("books/{organization}/contacts"))["total"], 0);
}

#[test]
fn the_journal_shows_bodies_without_secrets_and_says_what_it_dropped() {
    let desk = Desk::new();
    let token = desk.zoho.refresh_token();
    let secret = desk.zoho.client_secret();
    desk.call(
        Method::POST,
        "/crm/v8/Leads",
        json!({"data": [{"Last_Name": "Ngo"}]}).to_string(),
    );
    desk.call(Method::GET, "/crm/v8/nowhere/at/all/x/y/z", "");
    let mut all = String::new();
    for number in 1..=3 {
        all.push_str(&api(&desk, &format!("journal/{number}")).to_string());
    }
    for secret in [&token, &secret, &desk.token] {
        assert!(!all.contains(secret.as_str()), "{all}");
    }
    let made = api(&desk, "journal/2");
    assert_eq!(made["request"]["json"]["data"][0]["Last_Name"], "Ngo");
    assert_eq!(made["response"]["json"]["data"][0]["code"], "SUCCESS");
    let numbers = |path: &str| -> Vec<u64> {
        let page = api(&desk, path);
        page["exchanges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["number"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(numbers("journal"), [3, 2, 1]);
    assert_eq!(numbers("journal?before=3&limit=1"), [2]);
    assert_eq!(numbers("journal?after=1"), [3, 2]);
    assert_eq!(numbers("journal?status=4xx"), [3]);
    assert_eq!(numbers("journal?product=accounts"), [1]);
    assert_eq!(numbers("journal?q=NOWHERE"), [3]);
    assert_eq!(numbers("journal?faulted=true"), [0_u64; 0]);
    assert_eq!(api(&desk, "journal")["dropped"], 0);
    assert_eq!(refused(&desk, Method::GET, "journal/99", "").0, 404);
    assert_eq!(refused(&desk, Method::GET, "journal?status=high", "").0, 400);
}

#[test]
fn an_event_on_demand_fires_the_callbacks_of_its_channels() {
    let desk = with_leads(2);
    let watch =
        json!({"watch": [{"channel_id": "1", "events": ["Leads.all"], "notify_url": "https://a.example/"}]});
    desk.call(Method::POST, "/crm/v8/actions/watch", watch.to_string());
    assert_eq!(api(&desk, "channels")["channels"][0]["events"], json!(["all"]));
    let fire =
        |wish: Value| -> Reply { desk.send(Method::POST, "/_mock/api/trigger", &[], wish.to_string()) };
    let edited =
        fire(json!({"event": "Leads.edit", "set": {"Company": "Acme", "No_of_Employees": "12"}})).json();
    assert_eq!(edited["callbacks"][0]["channel_id"], "1");
    let id = edited["id"].as_str().unwrap();
    let record = api(&desk, &format!("crm/Leads/{id}"))["record"].clone();
    assert_eq!(
        (&record["Company"], &record["No_of_Employees"]),
        (&json!("Acme"), &json!(12))
    );
    let created = fire(json!({"event": "Leads.create"})).json();
    fire(json!({"event": "Leads.edit"}));
    fire(json!({"event": "Leads.delete", "id": created["id"]}));
    let told: Vec<Value> = desk
        .zoho
        .deliveries()
        .iter()
        .map(|one| one.payload["operation"].clone())
        .collect();
    assert_eq!(told, ["update", "insert", "update", "delete"]);
    let shown = api(&desk, "deliveries?limit=2");
    assert_eq!(
        (&shown["deliveries"][0]["number"], &shown["next"]),
        (&json!(4), &json!(3))
    );

    let total = api(&desk, "crm/Leads?limit=1")["total"].clone();
    for (wish, said) in [
        (json!({"event": "Leads.approve"}), "approve is no event of Leads"),
        (json!({"event": "Leads"}), "an event is like Leads.edit"),
        (json!({"event": "Nope.edit"}), "there is no module Nope"),
        (json!({"event": "Deals.edit"}), "Deals has no record yet"),
        (json!({"event": "Leads.edit", "id": "7"}), "was refused"),
        (
            json!({"event": "Leads.edit", "set": {"Colour": "red"}}),
            "Leads has no field Colour",
        ),
        (
            json!({"event": "Leads.edit", "set": {"Email": "no address"}}),
            "INVALID_DATA",
        ),
        (json!({"occasion": "Leads.edit"}), "unknown field"),
    ] {
        let (status, error) = refused(&desk, Method::POST, "trigger", &wish.to_string());
        assert_eq!(status, 400, "{wish}");
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(api(&desk, "crm/Leads?limit=1")["total"], total);
    assert_eq!(desk.zoho.deliveries().len(), 4);
}

#[test]
fn tokens_and_limits_are_shown_with_their_ages_and_without_the_tokens() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    desk.call(Method::GET, "/crm/v8/org", "");
    desk.get("/contacts");
    desk.zoho.advance(std::time::Duration::from_secs(3_599));
    let shown = api(&desk, "tokens");
    let token = &shown["access_tokens"][0];
    assert_eq!(
        (&token["age"], &token["left"], &token["alive"]),
        (&json!(3_599), &json!(1), &json!(true))
    );
    assert!(!shown.to_string().contains(&desk.token));
    assert!(!shown.to_string().contains(&desk.zoho.refresh_token()));
    desk.zoho.advance(std::time::Duration::from_secs(1));
    assert_eq!(api(&desk, "tokens")["access_tokens"][0]["alive"], false);
    let limits = api(&desk, "limits")["limits"].clone();
    assert_eq!(limits["books"][0]["today"], 1);
    assert_eq!(limits["books"][0]["last_minute"], 0);
    assert_eq!(limits["crm_credits"]["spent"], 1);
}

#[test]
fn pages_from_elsewhere_change_nothing_and_programs_may() {
    let desk = with_leads(1);
    let total = || api(&desk, "overview")["crm"][0]["records"].clone();
    for headers in [
        &[("host", "127.0.0.1:8117"), ("origin", "https://evil.example")][..],
        &[("host", "127.0.0.1:8117"), ("sec-fetch-site", "cross-site")],
        &[
            ("host", "rebound.evil.example:8117"),
            ("origin", "http://rebound.evil.example:8117"),
        ],
        &[("host", "rebound.evil.example:8117")],
        &[("host", "127.0.0.1:8117"), ("origin", "null")],
    ] {
        for (method, path, body) in [
            (Method::POST, "/_mock/seed", r#"{"Leads": 5}"#),
            (Method::POST, "/_mock/reset", ""),
            (Method::DELETE, "/_mock/faults", ""),
            (Method::PUT, "/_mock/snapshot", "{}"),
            (Method::POST, "/_mock/api/trigger", r#"{"event": "Leads.delete"}"#),
            (
                Method::POST,
                "/_mock/api/zoho/crm/v8/Leads",
                r#"{"data": [{"Last_Name": "Evil"}]}"#,
            ),
            (Method::GET, "/_mock/snapshot", ""),
        ] {
            let reply = desk.send(method, path, headers, body);
            assert_eq!(reply.status, 403, "{path} {headers:?}");
            assert!(reply.json()["error"].as_str().unwrap().len() > 20);
        }
        assert_eq!(total(), 1);
    }
    for headers in [
        &[][..],
        &[("host", "127.0.0.1:8117")],
        &[("host", "zoho-mock:8117")],
        &[
            ("host", "localhost:8117"),
            ("origin", "http://localhost:8117"),
            ("sec-fetch-site", "same-origin"),
        ],
    ] {
        let reply = desk.send(Method::POST, "/_mock/seed", headers, r#"{"Leads": 1}"#);
        assert_eq!(reply.status, 200, "{headers:?}");
    }
    assert_eq!(total(), 5);
    // A name of the operator's own is answered once it is told.
    let named = Desk::with(MockZoho::builder().allow_host("mock.ci.example"));
    let reply = named.send(
        Method::GET,
        "/_mock/health",
        &[("host", "mock.ci.example:8117")],
        "",
    );
    assert_eq!(reply.status, 200);
}

#[test]
fn what_is_not_there_is_said() {
    let desk = Desk::new();
    for (path, status, said) in [
        ("crm/Nope", 404, "there is no module Nope: Leads"),
        ("crm/Leads/1", 404, "Leads has no record 1"),
        ("crm/Leads?limit=many", 400, "limit is a number"),
        ("crm/Leads?after=x", 400, "after is what an earlier page said"),
        ("books/1/contacts", 404, "there is no organization 1"),
        ("nothing", 404, "there is no /_mock/api/nothing: overview"),
    ] {
        let (found, error) = refused(&desk, Method::GET, path, "");
        assert_eq!(found, status, "{path}");
        assert!(error.starts_with(said), "{error}");
    }
    assert_eq!(refused(&desk, Method::DELETE, "overview", "").0, 405);
    assert_eq!(refused(&desk, Method::GET, "trigger", "").0, 405);
    assert_eq!(
        desk.send(Method::GET, "/_mock/api/zoho/nowhere/at/all", &[], "")
            .status,
        404
    );
}
