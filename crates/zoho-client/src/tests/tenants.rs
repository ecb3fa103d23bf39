//! Many connections in one process know nothing of each other.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::Instant;

use crate::testing::{Script, Seen, refuse, say};
use crate::{ErrorKind, MemoryStore, Region, StateStore, Zoho};

/// The refresh token that a token request brings.
fn refresh_token(seen: &Seen) -> String {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&seen.body).into_owned().collect();
    form.into_iter()
        .find(|(name, _)| name == "refresh_token")
        .unwrap()
        .1
}

/// A server that gives each customer an access token with the customer's name, and locks out the
/// seventh; the eighth's consent is gone, and the ninth's tokens are refused.
fn server() -> Script {
    Script::new(|seen, _| match seen.token() {
        "access-customer-9" => refuse(401, "INVALID_TOKEN"),
        _ => say(200, json!({"count": 5})),
    })
    .tokens(|seen, _| match refresh_token(seen).as_str() {
        "customer-7" => say(400, json!({"error": "Access Denied"})),
        "customer-8" => say(200, json!({"error": "invalid_code"})),
        customer => {
            let domain = format!("https://{}", seen.host.replace("accounts.zoho", "www.zohoapis"));
            let domain = domain.replace("www.zohoapiscloud", "www.zohoapis");
            say(200, json!({"access_token": format!("access-{customer}"), "api_domain": domain, "expires_in": 3600}))
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_thousand_connections_in_one_process_do_not_mix() {
    let server = server();
    let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
    let regions: Vec<Region> = Region::all().collect();
    let connections: Vec<Zoho> = (0..1_000)
        .map(|n| {
            let builder = server.builder_at(regions[n % regions.len()].clone());
            let builder = builder
                .shared_transport(Arc::new(server.clone()))
                .shared_token_store(store.clone());
            let name = format!("customer-{n}");
            let builder = builder
                .connection(name.clone())
                .refresh_token(name)
                .concurrency(1);
            builder.token_patience(Duration::ZERO).build().unwrap()
        })
        .collect();
    let started = Instant::now();
    for round in 1..=2 {
        let calls = join_all(connections.iter().map(|zoho| {
            let leads = zoho.clone().crm().records("Leads");
            async move { leads.count().await }
        }));
        for (n, outcome) in calls.await.into_iter().enumerate() {
            match (n, outcome) {
                (7, Err(error)) => assert_eq!(error.kind(), ErrorKind::RateLimited),
                (8, Err(error)) => assert!(error.needs_consent()),
                (9, Err(error)) => assert_eq!(error.kind(), ErrorKind::Auth),
                (_, outcome) => assert_eq!(outcome.unwrap(), 5, "customer {n} in round {round}"),
            }
        }
    }
    // Nobody waited for anybody: a token and a call each, of 20 ms; retries of customer 7 aside.
    let fast = server.calls().len();
    assert!(fast >= 2 * 997, "{fast}");
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );

    for seen in server.calls() {
        let customer: usize = seen
            .token()
            .strip_prefix("access-customer-")
            .unwrap()
            .parse()
            .unwrap();
        let home = regions[customer % regions.len()].row().unwrap();
        assert_eq!(
            seen.host, home.api,
            "the token of customer {customer} went to another's data centre"
        );
    }
    // One token for each in both rounds; the refused one was forced once, and the locked out asked once.
    assert_eq!(server.mints(), 1_000 + 1);
    assert_eq!(store.keys("tokens/").await.unwrap().len(), 998);
}
