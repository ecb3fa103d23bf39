//! Who may move a cursor: whoever holds the lease, once a batch was dealt with.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::sync::Arc;
use std::time::Duration;

use zoho_client::triggers::{Batch, Runner};
use zoho_client::{MemoryStore, StateStore};
use zoho_conformance::harness::Harness;

use crate::minutely::{MINUTE, create, leads, trigger};

/// A worker that stalls loses its lease; what it acknowledges later moves nothing.
#[test]
fn a_stalled_worker_moves_no_cursor() {
    let harness = Harness::new();
    harness.run(async {
        let store = Arc::new(MemoryStore::new());
        create(&harness, 5).await;
        tokio::time::sleep(MINUTE).await;
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let worker = |name: &'static str, stall: Duration| {
            let told = told.clone();
            let runner = Runner::new(store.clone(), name).term(Duration::from_secs(10));
            runner.trigger(
                trigger(leads(&harness).backfill(), &store),
                move |batch: Batch| {
                    let told = told.clone();
                    async move {
                        told.lock()
                            .expect("nobody panicked")
                            .push((name, batch.events().len()));
                        // A thread that does not get its turn: nothing in the process goes on.
                        tokio::time::sleep(stall).await;
                        Ok(())
                    }
                },
            )
        };
        // The stalled one does not renew either: its lease is taken from it by hand.
        let stalled = worker("stalled", Duration::from_secs(40));
        let taken = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = harness
                .mock
                .now()
                .saturating_add(Duration::from_secs(3_600))
                .expect("an instant");
            store
                .acquire("trigger/test", "thief", now, Duration::from_secs(5))
                .await
                .expect("memory")
        };
        let stop = tokio::time::sleep(Duration::from_secs(30));
        let (run, lease) = tokio::join!(stalled.run(stop), taken);
        run.expect("the term is right");
        assert!(lease.is_some(), "the lease was taken");
        assert!(
            store.get("cursor/test").await.expect("memory").is_none(),
            "the stalled worker moved the cursor"
        );
        tokio::time::sleep(Duration::from_secs(3_700)).await;
        let healthy = worker("healthy", Duration::ZERO);
        healthy
            .run(tokio::time::sleep(Duration::from_secs(120)))
            .await
            .expect("the term is right");
        let told = told.lock().expect("nobody panicked");
        assert_eq!(
            told.iter()
                .filter(|(name, events)| *name == "healthy" && *events == 5)
                .count(),
            1,
            "{told:?}"
        );
    });
}

#[test]
fn a_handler_that_fails_is_given_the_batch_again() {
    let harness = Harness::new();
    harness.run(async {
        let store = Arc::new(MemoryStore::new());
        create(&harness, 3).await;
        tokio::time::sleep(MINUTE).await;
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let telling = told.clone();
        let runner = Runner::new(store.clone(), "worker").trigger(
            trigger(leads(&harness).backfill(), &store),
            move |batch| {
                let mut told = telling.lock().expect("nobody panicked");
                told.push(batch.events().len());
                let failed = told.len() < 3;
                async move { if failed { Err("not yet".into()) } else { Ok(()) } }
            },
        );
        runner
            .run(tokio::time::sleep(Duration::from_secs(30)))
            .await
            .expect("the term is right");
        assert_eq!(*told.lock().expect("nobody panicked"), [3, 3, 3]);
    });
}
