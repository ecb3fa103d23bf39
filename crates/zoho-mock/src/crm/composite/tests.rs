//! Tests of composite requests.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

/// A world with two leads, and their ids.
fn leads() -> (Kit, Vec<String>) {
    let mut kit = Kit::new();
    let ids = kit.create(
        "Leads",
        &json!([{"Last_Name": "A"}, {"Last_Name": "B", "City": "Rome"}]),
    );
    (kit, ids)
}

fn run(kit: &mut Kit, requests: &[Value], flags: Value) -> Got {
    let mut body = flags;
    body["__composite_requests"] = requests.into();
    kit.ask("run_composite_requests", []).json(&body).go()
}

/// Everything that is known, as text.
fn picture(kit: &Kit) -> String {
    for table in &kit.world.crm.tables {
        table.visited();
    }
    format!("{:?}", kit.world.crm)
}

/// A request that points nowhere.
#[derive(Clone, Debug)]
enum Plain {
    Create(Value),
    Update(usize, Value),
    Delete(usize),
    Read(usize),
    List,
    Query(&'static str),
}

fn plain() -> impl Strategy<Value = Plain> {
    let record = prop::sample::select(vec![
        json!({"Last_Name": "C", "Lead_Source": "Chat"}),
        json!({"Last_Name": "D", "Email": "d@mock.example"}),
        json!({"City": "Bonn"}),
        json!({"Last_Name": 5}),
    ]);
    let query = prop::sample::select(vec![
        "select Last_Name from Leads where id is not null limit 20",
        "select City, count(id) from Leads where id is not null group by City limit 5",
        "select id from Leads",
    ]);
    // The third id is nobody's.
    let id = || 0..3_usize;
    prop_oneof![
        record.clone().prop_map(Plain::Create),
        (id(), record).prop_map(|(id, record)| Plain::Update(id, record)),
        id().prop_map(Plain::Delete),
        id().prop_map(Plain::Read),
        Just(Plain::List),
        query.prop_map(Plain::Query),
    ]
}

impl Plain {
    fn within(&self, ids: &[String]) -> Value {
        match self {
            Self::Create(record) => {
                json!({"method": "POST", "uri": "/crm/v8/Leads", "body": {"data": [record]}})
            }
            Self::Update(id, record) => {
                json!({"method": "PUT", "uri": format!("/crm/v8/Leads/{}", ids[*id]), "body": {"data": [record]}})
            }
            Self::Delete(id) => json!({"method": "DELETE", "uri": format!("/crm/v8/Leads/{}", ids[*id])}),
            Self::Read(id) => {
                json!({"method": "GET", "uri": format!("/crm/v8/Leads/{}?fields=City", ids[*id])})
            }
            Self::List => json!({"method": "GET", "uri": "/crm/v8/Leads",
                                 "params": {"fields": "Last_Name,City", "per_page": 20}}),
            Self::Query(text) => {
                json!({"method": "POST", "uri": "/crm/v8/coql", "body": {"select_query": text}})
            }
        }
    }

    fn alone(&self, kit: &mut Kit, ids: &[String]) -> Got {
        match self {
            Self::Create(record) => kit
                .ask("create_records", ["Leads"])
                .json(&json!({"data": [record]}))
                .go(),
            Self::Update(id, record) => kit
                .ask("update_record", ["Leads", &ids[*id]])
                .json(&json!({"data": [record]}))
                .go(),
            Self::Delete(id) => kit.ask("delete_record", ["Leads", &ids[*id]]).go(),
            Self::Read(id) => kit
                .ask("get_record", ["Leads", &ids[*id]])
                .query("fields", "City")
                .go(),
            Self::List => {
                let list = kit
                    .ask("list_records", ["Leads"])
                    .query("fields", "Last_Name,City");
                list.query("per_page", "20").go()
            }
            Self::Query(text) => kit
                .ask("query_records", [])
                .json(&json!({"select_query": text}))
                .go(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn together_is_as_one_by_one(
        requests in prop::collection::vec(plain(), 1..=5),
        parallel in any::<bool>(),
    ) {
        let (mut together, mut ids) = leads();
        ids.push("1".to_owned());
        let (mut apart, _) = leads();
        let within: Vec<Value> = requests.iter().map(|request| request.within(&ids)).collect();
        let got = run(&mut together, &within, json!({"parallel_execution": parallel}));
        prop_assert_eq!(got.status, 200, "{}", got.body);
        let outcomes = got.at("/__composite_requests").as_array().unwrap();
        prop_assert_eq!(outcomes.len(), requests.len());
        for (outcome, request) in outcomes.iter().zip(&requests) {
            let alone = request.alone(&mut apart, &ids);
            let response = &outcome["details"]["response"];
            prop_assert_eq!(&response["status_code"], alone.status, "{:?}", request);
            prop_assert_eq!(&response["body"], &alone.body, "{:?}", request);
        }
        prop_assert_eq!(picture(&together), picture(&apart));
    }

    #[test]
    fn a_rollback_leaves_no_trace(requests in prop::collection::vec(plain(), 0..=4)) {
        let (mut kit, mut ids) = leads();
        ids.push("1".to_owned());
        let before = picture(&kit);
        let mut within: Vec<Value> = requests.iter().map(|request| request.within(&ids)).collect();
        within.push(json!({"method": "POST", "uri": "/crm/v8/Leads", "body": {"data": [{"City": "Bonn"}]}}));
        let got = run(&mut kit, &within, json!({"rollback_on_fail": true, "parallel_execution": false}));
        prop_assert_eq!(picture(&kit), before);
        let outcomes = got.at("/__composite_requests").as_array().unwrap();
        let failed = outcomes.iter().position(|outcome| outcome["code"] == "SUCCESS").unwrap();
        for (at, outcome) in outcomes.iter().enumerate() {
            let expected = match at.cmp(&failed) {
                std::cmp::Ordering::Less => "ROLLBACK_PERFORMED",
                std::cmp::Ordering::Equal => "SUCCESS",
                std::cmp::Ordering::Greater => "PROCESSING_STOPPED",
            };
            prop_assert_eq!(&outcome["code"], expected);
        }
        prop_assert_eq!(got.status, if outcomes.len() == 1 { 200 } else { 207 });
    }
}

#[test]
fn what_succeeds_with_rollback_stays() {
    let (mut kit, ids) = leads();
    let rename = json!({"method": "PUT", "uri": format!("/crm/v8/Leads/{}", ids[0]),
                        "body": {"data": [{"Last_Name": "Z"}]}});
    let wrong = json!({"method": "PUT", "uri": "/crm/v8/Leads/1", "body": {"data": [{"City": "Bonn"}]}});
    let name = |kit: &mut Kit| {
        let got = kit
            .ask("get_record", ["Leads", &ids[0]])
            .query("fields", "Last_Name")
            .go();
        got.at("/data/0/Last_Name").clone()
    };
    let flags = json!({"rollback_on_fail": true});
    assert_eq!(
        run(&mut kit, &[rename.clone(), wrong.clone()], flags.clone()).status,
        207
    );
    assert_eq!(name(&mut kit), "A");
    assert_eq!(run(&mut kit, &[rename], flags.clone()).status, 200);
    assert_eq!(name(&mut kit), "Z");
    assert_eq!(run(&mut kit, &[wrong], flags).status, 200);
    assert_eq!(name(&mut kit), "Z");
}

#[test]
fn a_request_points_into_an_earlier_answer() {
    let create = json!({"sub_request_id": "1", "method": "POST", "uri": "/crm/v8/Accounts",
                        "body": {"data": [{"Account_Name": "Acme"}]}});
    let contact = json!({"sub_request_id": "2", "method": "POST", "uri": "/crm/v8/Contacts",
                         "body": {"data": [{"Last_Name": "Lee", "Account_Name": {"id": "@{1:$.data[0].details.id}"},
                                            "Description": "of @{1:$.data[0].code}!"}]}});
    let read = json!({"method": "GET", "uri": "/crm/v8/Contacts/@{2:$['data'][0]['details'].id}",
                      "params": {"fields": "Account_Name,Description"}});
    for (requests, flags, at) in [
        (
            vec![create.clone(), contact.clone(), read.clone()],
            json!({"rollback_on_fail": true}),
            2,
        ),
        // Side by side, each waits for what it points at.
        (vec![read.clone(), contact.clone(), create.clone()], json!({}), 0),
    ] {
        let got = run(&mut Kit::new(), &requests, flags);
        assert_eq!(got.status, 200, "{}", got.body);
        let record = &got.body["__composite_requests"][at]["details"]["response"]["body"]["data"][0];
        assert_eq!(record["Account_Name"]["name"], "Acme", "{}", got.body);
        assert_eq!(record["Description"], "of SUCCESS!");
    }
    // One after the other, what comes later has no answer yet.
    let got = run(
        &mut Kit::new(),
        &[read, contact, create],
        json!({"parallel_execution": false}),
    );
    assert_eq!(got.status, 207);
    assert_eq!(got.at("/__composite_requests/0/code"), "INVALID_REFERENCE");
    assert_eq!(
        got.at("/__composite_requests/0/details"),
        &json!({"api_name": "uri", "json_path": "$.__composite_requests[0].uri",
                "reference": "@{2:$['data'][0]['details'].id}"})
    );
    assert_eq!(got.at("/__composite_requests/1/code"), "INVALID_REFERENCE");
    assert_eq!(got.at("/__composite_requests/2/code"), "SUCCESS");
}

#[test]
fn what_depends_on_a_failure_is_not_run() {
    let fails =
        json!({"sub_request_id": "1", "method": "POST", "uri": "/crm/v8/Leads", "body": {"data": [{}]}});
    let follows = json!({"method": "GET", "uri": "/crm/v8/Leads/@{1:$.data[0].details.id}"});
    let got = run(&mut Kit::new(), &[fails, follows], json!({}));
    assert_eq!(got.status, 207);
    assert_eq!(
        got.at("/__composite_requests/0/details/response/status_code"),
        400
    );
    assert_eq!(got.at("/__composite_requests/1/code"), "PROCESSING_STOPPED");
}

#[test]
fn requests_are_checked_before_any_is_run() {
    let read = |id: &str, uri: &str| json!({"sub_request_id": id, "method": "GET", "uri": uri});
    let leads = "/crm/v8/Leads";
    for (requests, flags, code, at, details) in [
        (
            vec![read("1", leads)],
            json!({"rollback_on_fail": true, "parallel_execution": true}),
            "AMBIGUITY_DURING_PROCESSING",
            "/ambiguity_due_to/0/api_name",
            json!("rollback_on_fail"),
        ),
        (
            vec![read("1", leads); 6],
            json!({}),
            "LIMIT_EXCEEDED",
            "/maximum_length",
            json!(5),
        ),
        (
            vec![],
            json!({}),
            "INVALID_DATA",
            "/api_name",
            json!("__composite_requests"),
        ),
        (
            vec![read("1", leads), read("1", leads)],
            json!({}),
            "DUPLICATE_DATA",
            "/sub_request_indexes",
            json!([0, 1]),
        ),
        (
            vec![
                read("1", "/crm/v8/Leads/@{2:$.a}"),
                read("2", "/crm/v8/Leads/@{1:$.a}"),
            ],
            json!({}),
            "LOOPING_FOUND",
            "/dependent_data/1/referred_sub_request_ids",
            json!(["1"]),
        ),
        (
            vec![json!({"uri": leads})],
            json!({}),
            "MANDATORY_NOT_FOUND",
            "/json_path",
            json!("$.__composite_requests[0].method"),
        ),
        (
            vec![json!({"method": "BREW", "uri": leads})],
            json!({}),
            "INVALID_DATA",
            "/api_name",
            json!("method"),
        ),
        (
            vec![read("1", "/books/v3/contacts")],
            json!({}),
            "INVALID_DATA",
            "/api_name",
            json!("uri"),
        ),
        (
            vec![read("1", "/crm/v8/__composite_requests")],
            json!({}),
            "NOT_SUPPORTED",
            "/api_name",
            json!("uri"),
        ),
        (
            vec![json!({"method": "GET", "uri": leads, "headers": {"Authorization": "x", "X-CRM-ORG": "y"}})],
            json!({}),
            "INVALID_DATA",
            "/restricted_headers",
            json!(["Authorization", "X-CRM-ORG"]),
        ),
        (
            vec![read("1", leads)],
            json!({"parallel_execution": "yes"}),
            "INVALID_DATA",
            "/expected_data_type",
            json!("boolean"),
        ),
    ] {
        let got = run(&mut Kit::new(), &requests, flags);
        assert_eq!((got.status, got.at("/code")), (400, &json!(code)), "{}", got.body);
        assert_eq!(got.at(&format!("/details{at}")), &details, "{}", got.body);
    }
}

#[test]
fn little_can_be_had_at_once() {
    let (mut kit, ids) = leads();
    let query = |text: &str| json!({"method": "POST", "uri": "/crm/v8/coql", "body": {"select_query": text}});
    let two = json!({"data": [{"Last_Name": "C"}, {"Last_Name": "D"}]});
    let requests = [
        json!({"method": "GET", "uri": "/crm/v8/Leads?fields=id&per_page=26"}),
        json!({"method": "POST", "uri": "/crm/v8/Leads", "body": two}),
        json!({"method": "DELETE", "uri": "/crm/v8/Leads", "params": {"ids": ids.join(",")}}),
        query("select id from Leads where id is not null limit 26"),
        json!({"method": "GET", "uri": "/crm/v8/a/b/c/d/e/f/g"}),
    ];
    let got = run(&mut kit, &requests, json!({}));
    for (at, status) in [400, 400, 400, 400, 404].into_iter().enumerate() {
        let response = &got.body["__composite_requests"][at]["details"]["response"];
        assert_eq!(response["status_code"], status, "{at}: {response}");
        let code = if status == 400 {
            "LIMIT_EXCEEDED"
        } else {
            "INVALID_URL_PATTERN"
        };
        assert_eq!(response["body"]["code"], code);
    }
    let many: Vec<Value> = (0..30).map(|n| json!({"Last_Name": n.to_string()})).collect();
    kit.create("Leads", &many.into());
    let requests = [
        query("select id from Leads where id is not null"),
        json!({"method": "GET", "uri": "/crm/v8/Leads?fields=id"}),
    ];
    let got = run(&mut kit, &requests, json!({}));
    for at in 0..2 {
        let body = &got.body["__composite_requests"][at]["details"]["response"]["body"];
        assert_eq!(
            (&body["info"]["count"], &body["info"]["more_records"]),
            (&json!(25), &json!(true))
        );
    }
}
