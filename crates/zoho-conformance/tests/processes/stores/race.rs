//! What callers at the same time see.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::join_all;
use jiff::SignedDuration;
use zoho_client::{Guard, Lease, StateStore};
use zoho_conformance::counter::increment;

use super::Store;
use super::behaviour::{TERM, noon};

/// Runs something as many tasks at once.
async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    tasks: usize,
    task: impl Fn(usize) -> F,
) -> Vec<T> {
    let tasks: Vec<_> = (0..tasks).map(|n| tokio::spawn(task(n))).collect();
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

/// No increment is lost and none counts twice.
pub(crate) async fn swaps(store: &Store) {
    let seen = at_once(8, |_| {
        let store = Arc::clone(store);
        async move {
            let mut seen = Vec::new();
            for _ in 0..20 {
                seen.push(increment(&store, "race/count").await.unwrap());
            }
            seen
        }
    })
    .await;
    let seen: BTreeSet<u64> = seen.into_iter().flatten().collect();
    assert_eq!(seen, (1..=160).collect());
}

/// Of holders that come at once one gets the lease.
pub(crate) async fn grants(store: &Store) {
    let mut fences = BTreeSet::new();
    for round in 0..10_i64 {
        let now = noon() + SignedDuration::from_secs(round * 60);
        let granted = at_once(8, |n| {
            let store = Arc::clone(store);
            async move {
                store
                    .acquire("race/lease", &format!("holder {n}"), now, TERM)
                    .await
                    .unwrap()
            }
        })
        .await;
        let winners: Vec<Lease> = granted.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert!(fences.last().is_none_or(|last| *last < winners[0].fence()));
        fences.insert(winners[0].fence());
    }
}

/// A holder that lost its lease goes on writing: once the heir has the lease, nothing of it lands.
pub(crate) async fn stale_writes(store: &Store) {
    for round in 0..10_i64 {
        let now = noon() + SignedDuration::from_hours(round);
        let stalled = store
            .acquire("race/stale", "stalled", now, TERM)
            .await
            .unwrap()
            .unwrap();
        let writers = at_once(4, |_| {
            let (store, stalled) = (Arc::clone(store), stalled.clone());
            async move {
                // Until it is told that it is not the holder any more.
                while store
                    .put("race/kept", b"stale".to_vec(), Guard::Held(&stalled))
                    .await
                    .unwrap()
                    .is_some()
                {}
            }
        });
        let heir = async {
            while store.get("race/kept").await.unwrap().is_none() {
                tokio::task::yield_now().await;
            }
            let after = now + SignedDuration::from_secs(31);
            let heir = store
                .acquire("race/stale", "heir", after, TERM)
                .await
                .unwrap()
                .unwrap();
            store
                .put("race/kept", b"heir".to_vec(), Guard::Held(&heir))
                .await
                .unwrap()
                .unwrap();
            heir
        };
        let (_, heir) = tokio::join!(writers, heir);
        assert_eq!(store.get("race/kept").await.unwrap().unwrap().value, b"heir");
        assert!(store.remove("race/kept", Guard::Held(&heir)).await.unwrap());
        assert!(store.release(&heir).await.unwrap());
    }
}

/// A call that is dropped on its way happened or did not; it holds nobody up.
pub(crate) async fn dropped_calls(store: &Store) {
    store
        .put("race/dropped", b"0".to_vec(), Guard::Always)
        .await
        .unwrap();
    let mut dropped = 0;
    for round in 0..50_u32 {
        let mut put = store.put("race/dropped", round.to_string().into_bytes(), Guard::Always);
        // Polled some times and then let go, at different points of its way.
        for _ in 0..round % 5 {
            if (&mut put).now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(put);
        dropped += 1;
        let value = store.get("race/dropped").await.unwrap().unwrap().value;
        let number: u32 = String::from_utf8(value).unwrap().parse().unwrap();
        assert!(number <= round);
    }
    assert_eq!(dropped, 50);
    increment(store, "race/after").await.unwrap();
}
