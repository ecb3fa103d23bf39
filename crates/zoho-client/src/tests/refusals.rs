//! How often a refused token is replaced, and what that costs the call.

use std::time::Duration;

use serde_json::json;

use crate::testing::{ACCESS_TOKEN, Act, Script, refuse, say};
use crate::{ErrorKind, OrganizationId, RetryPolicy};

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

/// Each refusal comes so late that the token is old enough to be replaced once more.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_refused_again_and_again_gives_up() {
    let script = Script::new(|_, before| match before {
        0..10 => refuse(401, "INVALID_TOKEN"),
        _ => ok(),
    });
    let slow = script.clone().latency(Duration::from_secs(400));
    let zoho = script.builder().transport(slow);
    let zoho = zoho.timeout(Duration::from_secs(1_000)).build().unwrap();
    let error = zoho.crm().records("Leads").count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(script.calls().len(), 4);
}

/// A refused token says nothing about the server: the tries of the policy are for failures.
#[tokio::test(start_paused = true)]
async fn a_refused_token_is_no_try_of_the_policy() {
    let script = Script::new(|_, before| match before {
        0 => refuse(401, "INVALID_TOKEN"),
        1 => refuse(503, "SERVICE_UNAVAILABLE"),
        _ => ok(),
    });
    let zoho = script.builder().retry(RetryPolicy::exponential(1));
    let zoho = zoho.build().unwrap();
    assert_eq!(zoho.crm().records("Leads").count().await.unwrap(), 5);
    assert_eq!(script.calls().len(), 3);
}

/// Books says 57 of a dead token and of a missing scope. Where Zoho said what was granted, no token is wasted to find out.
#[tokio::test(start_paused = true)]
async fn a_57_for_want_of_a_scope_replaces_no_token() {
    let no = || say(401, json!({"code": 57, "message": "You are not authorized"}));
    let script = Script::new(move |_, _| no()).tokens(|_, _| {
        let scope = "ZohoBooks.contacts.READ";
        say(
            200,
            json!({"access_token": ACCESS_TOKEN, "expires_in": 3600, "scope": scope}),
        )
    });
    let books = script.client().books(OrganizationId::new("1"));
    let error = books.records("invoices").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("ZohoBooks.invoices.READ"), "{error}");
    assert_eq!((script.mints(), script.calls().len()), (1, 1));
}

/// A call that waits for others takes its token when its turn comes, not before.
#[tokio::test(start_paused = true)]
async fn a_token_is_taken_after_the_wait_for_a_turn() {
    let script = Script::new(|_, _| ok()).tokens(|_, before| {
        let token = format!("{ACCESS_TOKEN}-{before}");
        say(200, json!({"access_token": token, "expires_in": 130}))
    });
    let slow = script.clone().latency(Duration::from_secs(100));
    let zoho = script.builder().transport(slow).concurrency(1);
    let zoho = zoho.timeout(Duration::from_secs(300)).build().unwrap();
    let leads = zoho.crm().records("Leads");
    let (one, other) = tokio::join!(leads.count(), leads.count());
    assert!(one.is_ok() && other.is_ok());
    let calls = script.calls();
    assert_ne!(calls[0].token(), calls[1].token(), "half a minute was left of it");
}
