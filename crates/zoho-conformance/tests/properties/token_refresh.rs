//! k concurrent callers at token expiry cause exactly one refresh.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use zoho_conformance::harness::Harness;
use zoho_conformance::proof;

async fn call(harness: &Harness) -> Result<(), zoho_client::Error> {
    harness
        .zoho
        .crm()
        .records("Leads")
        .fields(["id"])
        .send()
        .await
        .map(|_| ())
}

proptest! {
    #![proptest_config(proof::config("token_refresh::callers"))]

    /// Callers arrive at any moments around the expiry, and time goes on for several lifetimes.
    #[test]
    fn one_refresh_serves_every_caller(
        callers in 1usize..64,
        spread_ms in 0u64..200,
        lifetimes in 1usize..4,
    ) {
        let harness = Harness::new();
        for _ in 0..lifetimes {
            let at = |n: usize| Duration::from_millis(spread_ms * n as u64 / callers as u64);
            let results = harness.run(join_all((0..callers).map(|n| {
                let harness = &harness;
                async move {
                    tokio::time::sleep(at(n)).await;
                    call(harness).await
                }
            })));
            for result in results {
                prop_assert!(result.is_ok(), "{result:?}");
            }
            harness.pass(Duration::from_secs(3_601));
        }
        prop_assert_eq!(harness.mock.journal().count("token"), lifetimes as u64);
    }

    /// The server forgets the token early; whoever is refused first refreshes for all.
    #[test]
    fn one_refresh_follows_a_revoked_token(callers in 1usize..64) {
        let harness = Harness::new();
        harness.run(call(&harness)).expect("the first call takes a token");
        harness.mock.expire_access_tokens();
        let results = harness.run(async { join_all((0..callers).map(|_| call(&harness))).await });
        for result in results {
            prop_assert!(result.is_ok(), "{result:?}");
        }
        prop_assert_eq!(harness.mock.journal().count("token"), 2);
    }
}
