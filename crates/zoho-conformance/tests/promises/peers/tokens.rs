//! Tokens that are asked for too often, too late, or again while Zoho refuses to give any.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use zoho_conformance::harness::Harness;
use zoho_mock::{Fault, MockZoho};

async fn count(harness: &Harness) -> zoho_client::Result<u64> {
    harness.zoho.crm().records("Leads").count().await
}

/// A wrong connector lets each of its callers refresh the token, and is locked out after ten.
#[test]
fn twenty_callers_do_not_cause_twenty_token_requests() {
    let harness = Harness::new();
    for round in 1..=3 {
        let results = harness.run(async { join_all((0..20).map(|_| count(&harness))).await });
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(harness.mock.journal().count("token"), round);
        harness.pass(Duration::from_secs(3_600));
    }
}

/// A wrong connector uses a token to its last second, and calls fail that arrive after it.
#[test]
fn a_token_is_renewed_before_it_expires() {
    let latency = Duration::from_secs(20);
    let harness = Harness::of(MockZoho::builder().latency(latency), |_, client| client);
    for _ in 0..400 {
        harness.run(count(&harness)).expect("the token is good");
    }
    let journal = harness.mock.journal();
    let refused = journal
        .exchanges()
        .iter()
        .filter(|call| call.status == Some(401))
        .count();
    assert_eq!(refused, 0, "a token was used too late");
    assert!(journal.count("token") >= 3, "some hours passed");
}

/// A wrong connector looks at the status, takes a throttled token answer for a token or a passing error, and asks on;
/// each request prolongs the lock-out.
#[test]
fn a_throttle_of_tokens_hidden_in_a_200_is_waited_out() {
    let harness = Harness::new();
    let throttled = json!({
        "error": "Access Denied",
        "error_description": "You have made too many requests continuously. Please try again after some time.",
        "status": "failure",
    });
    harness
        .mock
        .faults()
        .script(Fault::on("accounts.token").json(throttled).status(200).times(1));
    let (results, waited) = harness.run(async {
        let started = tokio::time::Instant::now();
        let results = join_all((0..5).map(|_| count(&harness))).await;
        (results, started.elapsed())
    });
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(
        harness.mock.journal().count("token"),
        2,
        "one was refused, one was given"
    );
    assert!(waited >= Duration::from_secs(600), "{waited:?}");
}
