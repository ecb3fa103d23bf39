//! Tokens of one connection in several clients that share a store: they ask, count and wait as one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::Instant;

use crate::testing::{Act, REFRESH_TOKEN, Script, refuse, say};
use crate::{
    Error, ErrorKind, MemoryStore, RetryPolicy, Scopes, StateStore, StoredTokens, TokenStore, ZohoBuilder,
};

type Store = Arc<dyn StateStore>;

fn store() -> Store {
    Arc::new(MemoryStore::new())
}

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

fn throttled() -> Act {
    say(
        400,
        json!({"error": "Access Denied", "error_description": "too many requests", "status": "failure"}),
    )
}

/// A client of its own on a shared store, as another process has one.
fn client(builder: ZohoBuilder, store: &Store) -> crate::crm::Records {
    builder
        .shared_token_store(Arc::clone(store))
        .build()
        .unwrap()
        .crm()
        .records("Leads")
}

fn start() -> Timestamp {
    Timestamp::constant(1_790_000_000, 0)
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_in_four_clients_cause_one_request_at_each_expiry() {
    let script = Script::new(|_, _| ok());
    let store = store();
    let clients: Vec<_> = (0..4)
        .map(|_| client(script.builder().concurrency(1000), &store))
        .collect();
    for expiry in 1..=3 {
        let calls = clients.iter().flat_map(|leads| (0..250).map(|_| leads.count()));
        assert!(join_all(calls).await.iter().all(Result::is_ok));
        assert_eq!(script.mints(), expiry);
        tokio::time::advance(Duration::from_secs(3_600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_lease_of_a_process_that_died_ends() {
    let script = Script::new(|_, _| ok());
    let store = store();
    let dead = store
        .acquire("refresh/default", "dead", start(), Duration::from_secs(75))
        .await
        .unwrap();
    assert!(dead.is_some());
    let started = Instant::now();
    assert_eq!(client(script.builder(), &store).count().await.unwrap(), 5);
    let waited = started.elapsed().as_millis();
    assert!((75_000..76_000).contains(&waited), "{waited} ms");
    assert_eq!(script.mints(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_clients_count_together() {
    // Every token is refused after its first use: the worst that a server can do.
    let script = Script::new(|_, before| match before % 2 {
        0 => ok(),
        _ => refuse(401, "INVALID_TOKEN"),
    });
    let store = store();
    let impatient = || {
        script
            .builder()
            .retry(RetryPolicy::none())
            .token_patience(Duration::ZERO)
    };
    let clients = [client(impatient(), &store), client(impatient(), &store)];
    let mut limited = 0;
    for round in 0..60 {
        if let Err(error) = clients[round % 2].count().await {
            limited += usize::from(error.kind() == ErrorKind::RateLimited);
        }
    }
    assert!(limited > 0);
    assert_eq!(script.mints(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_lock_out_is_waited_out_by_all_and_asked_about_by_none() {
    for status in [200, 400] {
        let script = Script::new(|_, _| ok()).tokens(move |_, before| match (before, throttled()) {
            (0, Act::Say(_, headers, body)) => Act::Say(status, headers, body),
            _ => say(200, json!({"access_token": "1000.b", "expires_in": 3600})),
        });
        let store = store();
        let clients = [client(script.builder(), &store), client(script.builder(), &store)];
        let started = Instant::now();
        let calls = join_all(clients.iter().flat_map(|leads| (0..20).map(|_| leads.count()))).await;
        assert!(calls.iter().all(Result::is_ok), "{calls:?}");
        assert!(
            (600..602).contains(&started.elapsed().as_secs()),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(script.mints(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_lock_out_ends_with_its_caller() {
    let script = Script::new(|_, _| ok()).tokens(|_, _| throttled());
    let leads = client(script.builder(), &store());
    let given_up = tokio::time::timeout(Duration::from_secs(30), leads.count()).await;
    assert!(given_up.is_err());
    tokio::time::advance(Duration::from_secs(3_600)).await;
    tokio::task::yield_now().await;
    assert_eq!(script.mints(), 1, "nobody is left who would ask again");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_forced_once_however_many_clients_are_refused() {
    let script = Script::new(|_, _| refuse(401, "INVALID_TOKEN"));
    let store = store();
    for _ in 0..5 {
        let error = client(script.builder(), &store).count().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
    assert_eq!(script.mints(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_consent_that_is_gone_is_known_to_all_and_told_once() {
    let script = Script::new(|_, _| ok()).tokens(|seen, _| {
        let body = String::from_utf8_lossy(&seen.body).into_owned();
        match body.contains("1000.new") {
            true => say(200, json!({"access_token": "1000.b", "expires_in": 3600})),
            false => say(200, json!({"error": "invalid_code"})),
        }
    });
    let store = store();
    let told = Arc::new(AtomicUsize::new(0));
    let hook = |told: &Arc<AtomicUsize>| {
        let told = Arc::clone(told);
        move |connection: &str, error: &Error| {
            assert!(connection == "default" && error.needs_consent());
            told.fetch_add(1, Ordering::Relaxed);
        }
    };
    let first = client(script.builder().on_consent_needed(hook(&told)), &store);
    for _ in 0..30 {
        assert!(first.count().await.unwrap_err().needs_consent());
    }
    let second = client(script.builder(), &store);
    assert!(second.count().await.unwrap_err().needs_consent());
    assert_eq!((script.mints(), told.load(Ordering::Relaxed)), (1, 1));

    // Asked again after a while, in case it was a mistake.
    tokio::time::advance(Duration::from_secs(601)).await;
    assert!(first.count().await.unwrap_err().needs_consent());
    assert_eq!((script.mints(), told.load(Ordering::Relaxed)), (2, 1));

    // A new consent, whoever brings it: given to a builder, or put into the store.
    let renewed = client(script.builder().refresh_token("1000.new"), &store);
    assert_eq!(renewed.count().await.unwrap(), 5);
    assert_eq!(first.count().await.unwrap(), 5);
    assert_eq!(script.mints(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_grant_is_used_at_once_and_kept_over_what_was_there() {
    let script = Script::new(|_, _| ok()).tokens(|_, _| {
        say(
            200,
            json!({"access_token": "1000.granted", "refresh_token": "1000.kept", "expires_in": 3600}),
        )
    });
    let store = store();
    let old = StoredTokens {
        refresh_token: Some("1000.old".into()),
        access_token: Some("1000.old".into()),
        expires_at: Some(start() + Duration::from_secs(3_000)),
        ..StoredTokens::default()
    };
    TokenStore::new(store.clone())
        .save("default", &old)
        .await
        .unwrap();
    let grant = script.builder().exchange_code("1000.code").await.unwrap();
    let leads = client(script.builder().grant(grant), &store);
    assert_eq!(leads.count().await.unwrap(), 5);
    assert_eq!(script.mints(), 1, "the exchange, and no refresh");
    assert_eq!(script.calls()[0].token(), "1000.granted");
    let other = client(script.builder(), &store);
    assert_eq!(other.count().await.unwrap(), 5);
    assert_eq!(script.calls()[1].token(), "1000.granted");

    tokio::time::advance(Duration::from_secs(3_600)).await;
    assert_eq!(leads.count().await.unwrap(), 5);
    let refresh = String::from_utf8(script.seen().remove(3).body.to_vec()).unwrap();
    assert!(
        refresh.contains("grant_type=refresh_token") && refresh.contains("1000.kept"),
        "{refresh}"
    );
}

#[tokio::test(start_paused = true)]
async fn client_credentials_ask_for_their_organization_each_time() {
    let script = Script::new(|_, _| ok());
    let scopes: Scopes = ["ZohoCRM.modules.ALL", "ZohoCRM.org.READ"].into_iter().collect();
    let builder = script
        .builder()
        .client_credentials("ZohoCRM.60001234567", scopes.clone());
    let leads = client(builder, &store());
    for _ in 0..2 {
        assert_eq!(leads.count().await.unwrap(), 5);
        tokio::time::advance(Duration::from_secs(3_600)).await;
    }
    for seen in script.seen().iter().filter(|seen| seen.is_token()) {
        let body = String::from_utf8(seen.body.to_vec()).unwrap();
        for part in [
            "grant_type=client_credentials",
            "soid=ZohoCRM.60001234567",
            "ZohoCRM.modules.ALL%2CZohoCRM.org.READ",
        ] {
            assert!(body.contains(part), "{body}");
        }
        assert!(!body.contains(REFRESH_TOKEN));
    }
    assert_eq!(script.mints(), 2);
    for soid in ["", "60001234567", "ZohoCRM.", ".6"] {
        let builder = script.builder().client_credentials(soid, scopes.clone());
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config, "{soid}");
    }
    let builder = script
        .builder()
        .client_credentials("ZohoCRM.6", Scopes::default());
    assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_revoked_forgets_its_tokens() {
    let script = Script::new(|seen, _| match seen.path.as_str() {
        "/oauth/v2/revoke/token" => say(200, json!({"status": "success"})),
        _ => ok(),
    });
    let store = store();
    let zoho = script
        .builder()
        .shared_token_store(store.clone())
        .build()
        .unwrap();
    zoho.crm().records("Leads").count().await.unwrap();
    assert!(zoho.revoke().await.unwrap());
    assert!(
        TokenStore::new(store.clone())
            .load("default")
            .await
            .unwrap()
            .is_none()
    );
    let revoked = script.seen().pop().unwrap();
    assert!(
        String::from_utf8(revoked.body.to_vec())
            .unwrap()
            .contains(REFRESH_TOKEN)
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_the_accounts_server_costs_no_slots() {
    let script = Script::new(|_, _| ok()).tokens(|_, before| match before {
        0..40 => Act::Refuse,
        _ => say(200, json!({"access_token": "1000.b", "expires_in": 3600})),
    });
    let leads = client(script.builder().retry(RetryPolicy::none()), &store());
    for _ in 0..40 {
        assert_eq!(leads.count().await.unwrap_err().kind(), ErrorKind::Transport);
    }
    assert_eq!(leads.count().await.unwrap(), 5);
}

fn books(builder: ZohoBuilder, store: &Store) -> crate::books::Books {
    let zoho = builder.shared_token_store(Arc::clone(store)).build().unwrap();
    zoho.books(crate::OrganizationId::new("1"))
}

async fn invoices(books: &crate::books::Books) -> Result<(), ErrorKind> {
    let sent = books.raw(crate::Method::GET, "/invoices").send().await;
    sent.map(drop).map_err(|error| error.kind())
}

/// Tells dead tokens from others by the number at their end.
fn dead_up_to(dead: &Arc<AtomicUsize>, no: fn() -> Act) -> Script {
    let dead = Arc::clone(dead);
    Script::new(move |seen, _| {
        let number: usize = seen.token().rsplit('-').next().unwrap().parse().unwrap();
        match number < dead.load(Ordering::Relaxed) {
            true => no(),
            false => say(200, json!({"code": 0, "invoices": [], "count": 5})),
        }
    })
}

fn no_57() -> Act {
    say(
        401,
        json!({"code": 57, "message": "You are not authorized to perform this operation"}),
    )
}

/// Books says 57 of a token that is dead, and of an operation that the connection may not do.
#[tokio::test(start_paused = true)]
async fn an_operation_that_worked_gets_another_token_however_often_books_forgets_it() {
    let dead = Arc::new(AtomicUsize::new(0));
    let script = dead_up_to(&dead, no_57);
    let books = books(script.builder().concurrency(100), &store());
    for expiry in 1..=8 {
        let calls = join_all((0..50).map(|_| invoices(&books))).await;
        assert!(calls.iter().all(Result::is_ok), "{calls:?}");
        assert_eq!(script.mints(), expiry, "one for all who were refused");
        dead.store(expiry, Ordering::Relaxed);
    }
}

/// A process that never did the operation cannot know which it is: it asks again after a while.
#[tokio::test(start_paused = true)]
async fn a_57_of_unknown_meaning_costs_a_token_in_five_minutes_at_most() {
    let dead = Arc::new(AtomicUsize::new(1));
    let script = dead_up_to(&dead, no_57);
    let store = store();
    assert_eq!(invoices(&books(script.builder(), &store)).await, Ok(()));
    dead.store(2, Ordering::Relaxed);
    let other = books(script.builder(), &store);
    assert_eq!(invoices(&other).await, Err(ErrorKind::Auth));
    tokio::time::advance(Duration::from_secs(301)).await;
    assert_eq!(invoices(&other).await, Ok(()));

    let lacking = Script::new(|_, _| no_57());
    let books = books(lacking.builder(), &self::store());
    for _ in 0..360 {
        assert_eq!(invoices(&books).await, Err(ErrorKind::Auth));
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    assert!(lacking.mints() <= 14, "{} tokens in an hour", lacking.mints());
}

/// That a forced token worked is known to all processes: when it is refused then, it is dead.
#[tokio::test(start_paused = true)]
async fn a_forced_token_that_worked_is_replaced_by_whoever_is_refused_with_it() {
    let dead = Arc::new(AtomicUsize::new(1));
    let script = dead_up_to(&dead, || refuse(401, "INVALID_TOKEN"));
    let store = store();
    assert_eq!(client(script.builder(), &store).count().await.unwrap(), 5);
    tokio::time::sleep(Duration::from_secs(1)).await;
    for expiry in 2..6 {
        dead.store(expiry, Ordering::Relaxed);
        // Another process each time: none of them saw the token at work.
        assert_eq!(client(script.builder(), &store).count().await.unwrap(), 5);
        assert_eq!(script.mints(), expiry + 1);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
