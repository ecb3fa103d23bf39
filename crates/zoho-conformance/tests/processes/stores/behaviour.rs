//! What one caller sees.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use zoho_client::{Guard, StateStore};

use super::Store;

pub(crate) const TERM: Duration = Duration::from_secs(30);

pub(crate) fn noon() -> Timestamp {
    "2026-03-01T12:00:00.123456789Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

pub(crate) async fn values(store: &Store) {
    assert_eq!(store.get("value/a").await.unwrap(), None);
    let first = store
        .put("value/a", b"1".to_vec(), Guard::Absent)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        store.put("value/a", b"x".to_vec(), Guard::Absent).await.unwrap(),
        None
    );
    let kept = store.get("value/a").await.unwrap().unwrap();
    assert_eq!((kept.value.as_slice(), kept.version), (b"1".as_slice(), first));

    let second = store
        .put("value/a", b"2".to_vec(), Guard::Unchanged(first))
        .await
        .unwrap()
        .unwrap();
    assert_ne!(first, second);
    assert_eq!(
        store
            .put("value/a", b"x".to_vec(), Guard::Unchanged(first))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .put("value/b", b"x".to_vec(), Guard::Unchanged(second))
            .await
            .unwrap(),
        None
    );
    let other = store
        .put("value/b", Vec::new(), Guard::Always)
        .await
        .unwrap()
        .unwrap();
    assert_ne!(second, other, "writes to different keys are told apart too");
    assert!(store.get("value/b").await.unwrap().unwrap().value.is_empty());

    assert!(!store.remove("value/a", Guard::Unchanged(first)).await.unwrap());
    assert!(!store.remove("value/a", Guard::Absent).await.unwrap());
    assert!(!store.remove("value/none", Guard::Absent).await.unwrap());
    assert!(store.remove("value/a", Guard::Unchanged(second)).await.unwrap());
    assert!(!store.remove("value/a", Guard::Always).await.unwrap());
    let third = store
        .put("value/a", b"3".to_vec(), Guard::Absent)
        .await
        .unwrap()
        .unwrap();
    assert!(
        ![first, second, other].contains(&third),
        "a removed key does not start anew"
    );

    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    store.put("value/b", bytes.clone(), Guard::Always).await.unwrap();
    assert_eq!(store.get("value/b").await.unwrap().unwrap().value, bytes);
}

pub(crate) async fn keys(store: &Store) {
    let all = [
        "k/",
        "k/%",
        "k/A",
        "k/a",
        "k/a/1",
        "k/a_",
        "k/b",
        "k/ä",
        "k/\u{d7ff}z",
        "k/\u{e000}",
        "k/\u{10ffff}",
        "k0",
    ];
    for key in all {
        store.put(key, b"v".to_vec(), Guard::Always).await.unwrap();
    }
    for prefix in [
        "k",
        "k/",
        "k/a",
        "k/a_",
        "k/%",
        "k/\u{d7ff}",
        "k/\u{10ffff}",
        "k/nothing",
    ] {
        let expected: Vec<&str> = all.into_iter().filter(|key| key.starts_with(prefix)).collect();
        assert_eq!(store.keys(prefix).await.unwrap(), expected, "{prefix}");
    }
    assert!(store.keys("").await.unwrap().len() >= all.len());
}

pub(crate) async fn leases(store: &Store) {
    let name = "lease/one";
    let first = store.acquire(name, "a", noon(), TERM).await.unwrap().unwrap();
    assert_eq!((first.name(), first.holder()), (name, "a"));
    assert_eq!(store.acquire(name, "b", noon(), TERM).await.unwrap(), None);
    assert!(!first.is_over(later(29)) && first.is_over(later(30)));
    assert_eq!(store.acquire(name, "b", later(29), TERM).await.unwrap(), None);

    let longer = store.renew(&first, later(20), TERM).await.unwrap().unwrap();
    assert_eq!(longer.fence(), first.fence());
    assert_eq!(store.acquire(name, "b", later(49), TERM).await.unwrap(), None);
    let own = store.acquire(name, "a", later(49), TERM).await.unwrap().unwrap();
    assert!(own.fence() > first.fence(), "each grant has a fence of its own");
    assert_eq!(store.renew(&first, later(49), TERM).await.unwrap(), None);

    // It ended, and nobody took it: it can be extended. Somebody took it: it can not.
    let late = store.renew(&own, later(200), TERM).await.unwrap().unwrap();
    let other = store.acquire(name, "b", later(230), TERM).await.unwrap().unwrap();
    assert!(other.fence() > late.fence());
    assert_eq!(store.renew(&late, later(230), TERM).await.unwrap(), None);
    assert!(!store.release(&late).await.unwrap());

    assert!(store.release(&other).await.unwrap());
    assert!(!store.release(&other).await.unwrap());
    assert_eq!(store.renew(&other, later(231), TERM).await.unwrap(), None);
    let next = store.acquire(name, "c", later(231), TERM).await.unwrap().unwrap();
    assert!(next.fence() > other.fence(), "fences grow over a release");
    let forever = store
        .renew(&next, later(231), Duration::MAX)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(forever.until(), Timestamp::MAX);
    assert_eq!(
        store
            .acquire(name, "a", later(1_000_000_000), TERM)
            .await
            .unwrap(),
        None
    );
    assert!(
        store
            .acquire("lease/two", "a", noon(), TERM)
            .await
            .unwrap()
            .is_some()
    );
}

pub(crate) async fn fences(store: &Store) {
    let (key, name) = ("fence/value", "fence/lease");
    let stalled = store.acquire(name, "a", noon(), TERM).await.unwrap().unwrap();
    assert!(
        store
            .put(key, b"1".to_vec(), Guard::Held(&stalled))
            .await
            .unwrap()
            .is_some()
    );
    let renewed = store.renew(&stalled, later(10), TERM).await.unwrap().unwrap();
    assert!(
        store
            .put(key, b"2".to_vec(), Guard::Held(&renewed))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        store
            .put(key, b"3".to_vec(), Guard::Held(&stalled))
            .await
            .unwrap()
            .is_some()
    );

    let heir = store.acquire(name, "b", later(60), TERM).await.unwrap().unwrap();
    assert_eq!(
        store
            .put(key, b"x".to_vec(), Guard::Held(&stalled))
            .await
            .unwrap(),
        None
    );
    assert!(!store.remove(key, Guard::Held(&stalled)).await.unwrap());
    assert_eq!(store.get(key).await.unwrap().unwrap().value, b"3");
    assert!(store.remove(key, Guard::Held(&heir)).await.unwrap());
    assert!(!store.remove(key, Guard::Held(&heir)).await.unwrap());
    assert!(
        store
            .put(key, b"4".to_vec(), Guard::Held(&heir))
            .await
            .unwrap()
            .is_some()
    );
    assert!(store.release(&heir).await.unwrap());
    assert_eq!(
        store.put(key, b"x".to_vec(), Guard::Held(&heir)).await.unwrap(),
        None
    );
}
