//! Every type of a reply keeps every value: decoded and encoded, a body is what it was.
#![allow(clippy::panic)]

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use zoho_conformance::decode::{Kind, decode, operations, spec};
use zoho_conformance::made::{Maker, Manners};
use zoho_conformance::proof;
use zoho_spec::Reply;

/// The operations that answer with JSON, about.
const OPERATIONS: usize = 1_250;

#[test]
fn nothing_is_lost_of_any_body_of_any_operation() {
    let mut tried = 0;
    for (name, operation) in operations() {
        let Reply::Json { schema } = &operation.reply else {
            continue;
        };
        tried += 1;
        let config = Config {
            cases: proof::cases_each("round_trip::bodies", OPERATIONS),
            failure_persistence: None,
            ..Config::default()
        };
        let body = any::<u64>().prop_map(|seed| {
            Maker::new(spec(operation.product), Manners::Wild, seed)
                .component(schema)
                .to_string()
        });
        let outcome = TestRunner::new(config).run(&body, |body| {
            let report = decode(&name, body.as_bytes());
            prop_assert!(report.ok, "{report}");
            prop_assert!(report.lost.is_empty(), "{report}");
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{name}: {error}");
        }
    }
    assert!(tried > 1_200, "{tried} operations answer with JSON");
}

#[test]
fn what_is_no_json_is_said_to_be_none() {
    let report = decode("books.get_document", b"\x25PDF");
    assert!(report.ok && report.body == Kind::Binary, "{report}");
    let report = decode("crm.list_records", b"");
    assert!(report.ok && report.body == Kind::Empty, "{report}");
    let report = decode("books.list_contacts", b"");
    assert!(!report.ok && report.error.is_some(), "{report}");
    let report = decode("books.list_nothings", b"{}");
    assert_eq!(
        report.error.as_deref(),
        Some("there is no such operation; --list names all")
    );
}

#[test]
fn a_body_that_is_no_object_is_an_error_and_says_where() {
    let report = decode("books.list_contacts", br#"{"contacts": [}"#);
    assert!(!report.ok && report.error.is_some_and(|error| error.contains("line 1")));
    assert!(!decode("books.list_contacts", b"[1]").ok);
}
