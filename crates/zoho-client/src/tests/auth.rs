//! Tokens: one refresh for everybody, one forced refresh per token, none where it can not help.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;
use serde_json::json;

use crate::auth::answer;
use crate::testing::{Act, REFRESH_TOKEN, Script, refuse, say, say_text};
use crate::{ErrorKind, MemoryStore, OrganizationId, Region, StateStore, TokenStore};

fn count(script: &Script) -> crate::crm::Records {
    script.client().crm().records("Leads")
}

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

#[tokio::test(start_paused = true)]
async fn any_number_of_callers_cause_one_refresh() {
    let script = Script::new(|_, _| ok());
    let leads = count(&script);
    let calls = join_all((0..200).map(|_| leads.count())).await;
    assert!(calls.iter().all(|call| matches!(call, Ok(5))));
    assert_eq!(script.mints(), 1);

    // And one more for all of them when the token has run out, a minute before its end.
    tokio::time::advance(Duration::from_secs(3550)).await;
    join_all((0..200).map(|_| leads.count())).await;
    assert_eq!(script.mints(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_replaced_once_for_everybody() {
    let script = Script::new(|seen, _| {
        if seen.token().ends_with("-0") {
            refuse(401, "INVALID_TOKEN")
        } else {
            ok()
        }
    });
    let leads = count(&script);
    let calls = join_all((0..50).map(|_| leads.count())).await;
    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(script.mints(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_replacement_is_an_error_and_no_storm() {
    for code in ["INVALID_TOKEN", "INVALID_OAUTHTOKEN", "AUTHENTICATION_FAILURE"] {
        let script = Script::new(move |_, _| refuse(401, code));
        let leads = count(&script);
        let calls = join_all((0..20).map(|_| leads.count())).await;
        for call in calls {
            let error = call.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Auth);
            assert_eq!(error.api().unwrap().code(), code);
        }
        assert_eq!(script.mints(), 2);
        assert_eq!(leads.count().await.unwrap_err().kind(), ErrorKind::Auth);
        assert_eq!(script.mints(), 2, "a later caller forces nothing either");
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_refreshes_nothing_and_is_named() {
    for status in [401, 403] {
        let script = Script::new(move |_, _| refuse(status, "OAUTH_SCOPE_MISMATCH"));
        let error = script
            .client()
            .crm()
            .coql("select id from Leads where id > 0")
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(
            error
                .missing_scopes()
                .iter()
                .any(|scope| scope == "ZohoCRM.coql.READ"),
            "{error}"
        );
        assert!(!error.needs_consent());
        assert_eq!(script.mints(), 1);
        assert_eq!(script.calls().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn code_57_of_books_forces_one_refresh_and_no_second() {
    let script = Script::new(|_, _| say(401, json!({"code": 57, "message": "You are not authorized"})));
    let books = script.client().books(OrganizationId::new("1"));
    for _ in 0..3 {
        let error = books.records("invoices").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
    assert_eq!(script.mints(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_outlives_the_caller_that_started_it() {
    let script = Script::new(|_, _| ok());
    let leads = Arc::new(count(&script));
    let first = tokio::time::timeout(Duration::from_millis(5), leads.count()).await;
    assert!(
        first.is_err(),
        "the first caller goes away while the token is fetched"
    );
    assert_eq!(leads.count().await.unwrap(), 5);
    assert_eq!(script.mints(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_limit_on_new_tokens_is_never_tripped() {
    // Every token is accepted once and refused afterwards: the worst that a server can do.
    let script = Script::new(|_, before| {
        if before % 2 == 0 {
            ok()
        } else {
            refuse(401, "INVALID_TOKEN")
        }
    });
    let leads = script
        .builder()
        .retry(crate::RetryPolicy::none())
        .token_patience(Duration::ZERO)
        .build()
        .unwrap()
        .crm()
        .records("Leads");
    let mut limited = None;
    for _ in 0..40 {
        if let Err(error) = leads.count().await {
            limited = Some(error);
            break;
        }
    }
    let error = limited.expect("ten tokens in ten minutes are the end");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(
        error
            .retry_after()
            .is_some_and(|wait| wait <= Duration::from_secs(600))
    );
    assert_eq!(script.mints(), 10);
    tokio::time::advance(Duration::from_secs(601)).await;
    assert!(leads.count().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_throttle_is_recognised_in_both_forms_and_left_alone() {
    for status in [200, 400] {
        let script = Script::new(|_, _| ok()).tokens(move |_, before| match before {
            0 => say(status, json!({
                "error_description": "You have made too many requests continuously. Please try again after some time.",
                "error": "Access Denied", "status": "failure"
            })),
            _ => say(200, json!({"access_token": "1000.b", "expires_in": 3600})),
        });
        let client = script
            .builder()
            .retry(crate::RetryPolicy::none())
            .token_patience(Duration::ZERO)
            .build()
            .unwrap();
        let leads = client.crm().records("Leads");
        assert_eq!(leads.count().await.unwrap_err().kind(), ErrorKind::RateLimited);
        assert_eq!(leads.count().await.unwrap_err().kind(), ErrorKind::RateLimited);
        assert_eq!(script.mints(), 1, "asking again would prolong the lock-out");
        tokio::time::advance(Duration::from_secs(600)).await;
        assert_eq!(leads.count().await.unwrap(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_is_gone_asks_for_consent() {
    let script = Script::new(|_, _| ok()).tokens(|_, _| say(200, json!({"error": "invalid_code"})));
    let error = count(&script).count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.needs_consent());
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(script.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_shared_store_saves_the_second_client_a_refresh() {
    let script = Script::new(|_, _| ok());
    let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
    for _ in 0..3 {
        let client = script
            .builder()
            .shared_token_store(store.clone())
            .build()
            .unwrap();
        assert_eq!(client.crm().records("Leads").count().await.unwrap(), 5);
    }
    assert_eq!(script.mints(), 1);
    let kept = TokenStore::new(store).load("default").await.unwrap().unwrap();
    assert!(kept.refresh_token.is_some() && kept.access_token.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_replacement_that_another_client_stored_is_taken() {
    let script = Script::new(|seen, before| {
        if before >= 2 && seen.token().ends_with("-0") {
            refuse(401, "INVALID_TOKEN")
        } else {
            ok()
        }
    });
    let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
    let client = || {
        script
            .builder()
            .shared_token_store(store.clone())
            .build()
            .unwrap()
            .crm()
            .records("Leads")
    };
    let (one, other) = (client(), client());
    for leads in [&one, &other, &one, &other] {
        assert_eq!(leads.count().await.unwrap(), 5);
    }
    assert_eq!(script.mints(), 2);
}

#[test]
fn token_answers_are_read_by_their_body() {
    let read = |status: u16, body: &str| {
        answer::read(
            StatusCode::from_u16(status).unwrap(),
            &bytes::Bytes::from(body.to_owned()),
        )
    };
    let seconds = |body: &str| read(200, body).unwrap().lifetime.as_secs();
    assert_eq!(seconds(r#"{"access_token":"a","expires_in":3600}"#), 3600);
    assert_eq!(
        seconds(r#"{"access_token":"a","expires_in_sec":3600,"expires_in":3600000}"#),
        3600
    );
    assert_eq!(seconds(r#"{"access_token":"a","expires_in":3600000}"#), 3600);
    assert_eq!(seconds(r#"{"access_token":"a"}"#), 3600);
    for (status, body, kind) in [
        (200, r#"{"error":"invalid_client"}"#, ErrorKind::Auth),
        (200, r#"{"error":"access_denied"}"#, ErrorKind::Auth),
        (400, r#"{"error":"Access Denied"}"#, ErrorKind::RateLimited),
        (200, r#"{"access_token":""}"#, ErrorKind::Decode),
        (200, r#"{"access_token":["1000.a"]}"#, ErrorKind::Decode),
        (200, "<html>", ErrorKind::Decode),
        (502, "", ErrorKind::Decode),
        (429, "slow down", ErrorKind::RateLimited),
    ] {
        assert_eq!(read(status, body).unwrap_err().kind(), kind, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_goes_only_to_hosts_of_the_table() {
    for domain in [
        "https://www.zohoapis.evil.com",
        "http://www.zohoapis.eu",
        "https://evil.com/www.zohoapis.eu",
        "http://127.0.0.1:9",
    ] {
        let script = Script::new(|_, _| ok()).tokens(move |_, _| {
            say(
                200,
                json!({"access_token": "1000.a", "api_domain": domain, "expires_in": 3600}),
            )
        });
        let client = script.builder_at(Region::Eu).build().unwrap();
        let error = client.crm().records("Leads").count().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{domain}");
        assert!(script.calls().is_empty());
    }
    let script = Script::new(|_, _| ok()).tokens(|_, _| {
        say(
            200,
            json!({"access_token": "1000.a", "api_domain": "https://www.zohoapis.in", "expires_in": 3600}),
        )
    });
    let client = script.builder_at(Region::Eu).build().unwrap();
    client.crm().records("Leads").count().await.unwrap();
    assert_eq!(script.calls()[0].host, "www.zohoapis.in");
    let form = String::from_utf8(script.seen()[0].body.to_vec()).unwrap();
    assert!(form.contains(REFRESH_TOKEN) && script.seen()[0].host == "accounts.zoho.eu");
}

#[tokio::test(start_paused = true)]
async fn an_html_401_is_tried_once_with_another_token() {
    let script = Script::new(|_, _| say_text(401, "<html>login</html>"));
    assert_eq!(count(&script).count().await.unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(script.mints(), 2);
}
