//! Clients that share a store keep to the limits together, whoever of them dies, and use them up.

mod site;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use serde_json::json;
use tokio::time::Instant;

use self::site::{Process, Site, live, lives, survivors_calls};
use super::limits::{paused, ways};
use crate::testing::{Script, say};
use crate::{Edition, ErrorKind, Guard, MemoryStore, Method, OrganizationId, StateStore, Zoho, ZohoBuilder};

const MINUTE: Duration = Duration::from_secs(60);

async fn list(zoho: &Zoho) {
    let books = zoho.books(OrganizationId::new("1"));
    books.raw(Method::GET, "/invoices").send().await.unwrap();
}

async fn lead(zoho: &Zoho) {
    zoho.crm().raw(Method::GET, "/Leads/1").send().await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However calls arrive in however many processes, and whichever of them die.
    #[test]
    fn processes_make_no_more_than_100_books_calls_in_any_minute(
        lives in lives(2..6, 20..140), ways in ways(2_500),
    ) {
        paused(async {
            let site = Site::new(ways);
            live(&site, &lives, |builder| builder, |zoho| async move { list(&zoho).await }).await;
            let most = site.meter.most_within(MINUTE);
            prop_assert!(most <= 100, "{most} calls in a minute");
            prop_assert!(site.meter.most_at_once() <= 10);
            prop_assert!(survivors_calls(&site, &lives), "who lives makes all its calls");
            Ok(())
        })?;
    }

    /// CRM's calls at once, of all processes together.
    #[test]
    fn processes_have_no_more_crm_calls_under_way_than_the_edition_takes(
        lives in lives(2..8, 10..80), ways in ways(3_000),
    ) {
        paused(async {
            let site = Site::new(ways);
            let free = |builder: ZohoBuilder| builder.edition(Edition::Free);
            live(&site, &lives, free, |zoho| async move { lead(&zoho).await }).await;
            let most = site.meter.most_at_once();
            prop_assert!(most <= 5, "{most} calls at once");
            prop_assert!(survivors_calls(&site, &lives), "who lives makes all its calls");
            Ok(())
        })?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Whether there are fewer processes than slots or more: all slots are used, and all get their part.
    #[test]
    fn processes_that_queue_use_the_slots_and_nobody_starves(processes in 2usize..9, ways in ways(400)) {
        paused(async {
            let site = Site::new(ways);
            let free = |builder: ZohoBuilder| builder.edition(Edition::Free);
            let until = Duration::from_secs(60);
            let queues = (0..processes).map(|number| {
                let process = site.process(&format!("process-{number}"), 0, free);
                async move {
                    let queue = join_all((0..12).map(|_| async { loop { lead(&process.zoho).await } }));
                    let _ = tokio::time::timeout(until, queue).await;
                }
            });
            join_all(queues).await;
            let calls = site.meter.calls.lock().clone();
            let busy: Duration = calls.iter().map(|call| call.ended - call.begun).sum();
            let used = busy.as_secs_f64() / (until.as_secs_f64() * 5.0);
            prop_assert!(used >= 0.7, "{used} of the slots");
            let fair = calls.len() / processes;
            for number in 0..processes {
                let made = site.meter.calls_of(&format!("process-{number}"));
                prop_assert!(made * 2 >= fair, "{made} calls, and a fair part is {fair}");
            }
            Ok(())
        })?;
    }

    /// The same of the minute.
    #[test]
    fn processes_that_queue_use_the_minute_and_nobody_starves(processes in 2usize..9, ways in ways(1_000)) {
        paused(async {
            let site = Site::new(ways);
            let until = Duration::from_secs(300);
            let queues = (0..processes).map(|number| {
                let process = site.process(&format!("process-{number}"), 0, |builder| builder);
                async move {
                    let queue = join_all((0..12).map(|_| async { loop { list(&process.zoho).await } }));
                    let _ = tokio::time::timeout(until, queue).await;
                }
            });
            join_all(queues).await;
            prop_assert!(site.meter.most_within(MINUTE) <= 100);
            let made = site.meter.calls.lock().len();
            prop_assert!(made >= 450, "{made} of 500 calls");
            for number in 0..processes {
                let own = site.meter.calls_of(&format!("process-{number}"));
                prop_assert!(own * processes * 2 >= made, "{own} of {made} calls in {processes} processes");
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_process_held_is_free_when_its_term_is_over() {
    let site = Site::new(vec![(1, 500)]);
    let dead = site.process("dead", 0, |builder| builder);
    let heir = site.process("heir", 0, |builder| builder);
    let started = Instant::now();
    let calls = join_all((0..10).map(|_| lead(&dead.zoho)));
    let cut = tokio::time::timeout(Duration::from_millis(200), calls).await;
    assert!(cut.is_err());
    dead.line.dead.store(true, Ordering::Relaxed);
    lead(&heir.zoho).await;
    let waited = started.elapsed().as_secs();
    assert!((19..24).contains(&waited), "{waited} s");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_rests_leaves_its_slots_to_others_at_once() {
    let site = Site::new(vec![(1, 500)]);
    let one = site.process("one", 0, |builder| builder);
    let other = site.process("other", 0, |builder| builder);
    join_all((0..10).map(|_| lead(&one.zoho))).await;
    let started = Instant::now();
    join_all((0..10).map(|_| lead(&other.zoho))).await;
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    drop(one);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let page = site
        .store
        .get("budget/crm/connection/default/at-once")
        .await
        .unwrap()
        .unwrap();
    let page: serde_json::Value = serde_json::from_slice(&page.value).unwrap();
    assert_eq!(
        page["members"],
        json!({}),
        "who makes no calls is in nobody's way"
    );
}

/// A part is used many times before the store is asked again.
#[tokio::test(start_paused = true)]
async fn calls_do_not_ask_the_store_each() {
    let site = Site::new(vec![(1, 99)]);
    let one = site.process("one", 0, |builder| builder);
    lead(&one.zoho).await;
    let before = *one.line.asked.lock();
    let queue = join_all((0..10).map(|_| async {
        for _ in 0..100 {
            lead(&one.zoho).await;
        }
    }));
    queue.await;
    let asked = *one.line.asked.lock() - before;
    assert!(asked <= 30, "1,000 calls asked the store {asked} times");
}

#[tokio::test(start_paused = true)]
async fn credits_and_the_day_of_books_are_counted_together() {
    let site = Site::new(vec![(1, 50)]);
    let thrifty = |builder: ZohoBuilder| builder.crm_credits(200).pause_at(50);
    let one = site.process("one", 0, thrifty);
    let other = site.process("other", 0, thrifty);
    let started = Instant::now();
    let spend = async |process: &Process| process.zoho.crm().records("Leads").count().await.unwrap();
    spend(&one).await;
    spend(&other).await;
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
    let given_up = tokio::time::timeout(Duration::from_secs(3_600), spend(&other)).await;
    assert!(given_up.is_err(), "half of it is left to others");
    spend(&one).await;
    let hours = started.elapsed().as_secs_f64() / 3_600.0;
    assert!((24.0..25.0).contains(&hours), "{hours} h");
}

/// What the answers of one process say of the day is known to the other before its first call.
#[tokio::test(start_paused = true)]
async fn what_books_says_of_the_day_is_told_to_the_others() {
    let store = Arc::new(MemoryStore::new());
    let script = Script::new(|_, before| {
        let reset = if before < 3 { "7200" } else { "86400" };
        let left = if before < 3 { "10" } else { "90" };
        say(200, json!({"code": 0}))
            .header("X-Rate-Limit-Limit", "100")
            .header("X-Rate-Limit-Remaining", left)
            .header("X-Rate-Limit-Reset", reset)
    });
    let client = || {
        let builder = script.builder().pause_at(80).shared_token_store(store.clone());
        builder.build().unwrap()
    };
    let (one, other) = (client(), client());
    list(&one).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    // It has to ask the store for a call: with it comes what is known of the day.
    list(&other).await;
    let started = Instant::now();
    list(&other).await;
    assert!(
        started.elapsed() >= Duration::from_secs(7_000),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn limits_of_ones_own_are_kept_alone() {
    let site = Site::new(vec![(0, 1_000)]);
    let alone = |builder: ZohoBuilder| builder.concurrency(3).limits_alone();
    let (one, other) = (site.process("one", 0, alone), site.process("other", 0, alone));
    let calls = (0..6).flat_map(|_| [lead(&one.zoho), lead(&other.zoho)]);
    join_all(calls).await;
    assert_eq!(site.meter.most_at_once(), 6);
    assert_eq!(site.store.keys("budget/").await.unwrap(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_can_not_be_read_is_an_error_and_left_alone() {
    let site = Site::new(vec![(0, 10)]);
    let key = "budget/books/1/minute";
    for kept in [&b"\xff"[..], br#"{"format":9,"members":{}}"#] {
        site.store.put(key, kept.to_vec(), Guard::Always).await.unwrap();
        let one = site.process("one", 0, |builder| builder);
        let books = one.zoho.books(OrganizationId::new("1"));
        let error = books.raw(Method::GET, "/invoices").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store);
        assert!(error.to_string().contains(key), "{error}");
        assert_eq!(site.store.get(key).await.unwrap().unwrap().value, kept);
    }
}
