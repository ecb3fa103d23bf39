//! Whatever comes in, something sensible goes out.

use http::Method;
use proptest::prelude::*;

use super::support::Desk;

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ])
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "contacts",
            "invoices",
            "items",
            "contactpersons",
            "comments",
            "status",
            "sent",
            "payments",
            "organizations",
            "Leads",
            "Contacts",
            "org",
            "coql",
            "actions",
            "settings",
            "fields",
            "modules",
            "search",
            "upsert",
            "10234695",
            "5000000000000001003",
            "..",
            "%00",
            "%2F",
            "{id}",
            "",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,25}",
        "[!$'()*,:;=@A-Za-z0-9._~-]{1,12}",
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        json().prop_map(|value| value.to_string().into_bytes()),
        json().prop_map(|value| format!("JSONString={value}").into_bytes()),
    ]
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{1,30}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "data",
            "contact_name",
            "name",
            "rate",
            "customer_id",
            "line_items",
            "quantity",
            "discount",
            "item_id",
            "select_query",
            "watch",
            "contact_persons",
            "custom_fields",
            "date",
            "payment_terms",
            "invoices",
            "id",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z_]{1,10}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_request_panics_or_gets_a_5xx(
        method in method(),
        root in prop::sample::select(vec!["/crm/v8", "/books/v3", "/oauth/v2", "/_mock", "/api/v3", ""]),
        path in prop::collection::vec(segment(), 0..5),
        query in "[-a-z_=&%+.:0-9]{0,40}",
        body in body(),
        kind in prop::sample::select(vec!["", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data"]),
        key in prop::sample::select(vec![true, true, true, false]),
    ) {
        thread_local!(static DESK: Desk = Desk::new());
        DESK.with(|desk| {
            let org = desk.zoho.organization_id();
            let target = format!("{root}/{}?organization_id={org}&{query}", path.join("/"));
            // A fault or a clock that garbage scripted would be scripted all the same.
            prop_assume!(!target.starts_with("/_mock/faults") && !target.starts_with("/_mock/clock") && !target.starts_with("/_mock/reset"));
            prop_assume!(target.parse::<http::Uri>().is_ok());
            let token = format!("Zoho-oauthtoken {}", desk.token);
            let mut headers = vec![];
            if key {
                headers.push(("authorization", token.as_str()));
            }
            if !kind.is_empty() {
                headers.push(("content-type", kind));
            }
            let reply = desk.send(method, &target, &headers, body);
            prop_assert!(reply.status.as_u16() < 500, "{target}: {} {:?}", reply.status, reply.body);
            Ok(())
        })?;
    }
}
