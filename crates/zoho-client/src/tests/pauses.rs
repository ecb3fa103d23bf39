//! What is not counted against a limit, and how long others wait for what Zoho said to one.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::testing::{ACCESS_TOKEN, Act, Script, refuse, say};
use crate::triggers::{Feed, Schedule, Trigger};
use crate::{ErrorKind, MemoryStore, Method, OrganizationId, RetryPolicy};

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

fn wait(seconds: &str) -> Act {
    refuse(429, "TOO_MANY_REQUESTS").header("retry-after", seconds)
}

/// Calls that found no token were not sent, and take nothing of the minute.
#[tokio::test(start_paused = true)]
async fn a_call_that_was_not_sent_is_not_counted() {
    let script = Script::new(|_, _| say(200, json!({"code": 0}))).tokens(|_, before| match before {
        0 | 1 => Act::Refuse,
        _ => say(200, json!({"access_token": ACCESS_TOKEN, "expires_in": 3600})),
    });
    let zoho = script.builder().books_per_minute(2).retry(RetryPolicy::none());
    let books = zoho.build().unwrap().books(OrganizationId::new("1"));
    let started = Instant::now();
    let mut done = 0;
    while done < 2 {
        done += usize::from(books.raw(Method::GET, "/items").send().await.is_ok());
        assert!(script.mints() <= 3);
    }
    assert_eq!(script.mints(), 3);
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}

/// Of two pauses the longer one holds, whichever was asked for first.
#[tokio::test(start_paused = true)]
async fn a_shorter_pause_ends_no_longer_one() {
    let script = Script::new(|_, before| match before {
        0 => wait("100"),
        1 => wait("10"),
        _ => ok(),
    });
    let leads = script.client().crm().records("Leads");
    let started = Instant::now();
    let third = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        leads.count().await.map(|_| started.elapsed())
    };
    let (one, other, third) = tokio::join!(leads.count(), leads.count(), third);
    assert!(one.is_ok() && other.is_ok());
    assert!(third.unwrap() >= Duration::from_secs(100));
}

/// Whoever stood in line when it was said waits too, though its turn comes at once.
#[tokio::test(start_paused = true)]
async fn a_call_in_line_waits_for_what_was_said_to_the_one_before() {
    let script = Script::new(|_, before| match before {
        0 => wait("30"),
        _ => ok(),
    });
    let zoho = script.builder().concurrency(1).build().unwrap();
    let leads = zoho.crm().records("Leads");
    let started = Instant::now();
    let in_line = async { leads.count().await.map(|_| started.elapsed()) };
    let (first, in_line) = tokio::join!(leads.count(), in_line);
    assert!(first.is_ok());
    assert!(in_line.unwrap() >= Duration::from_secs(30));
}

/// A token request whose answer was lost may have made a token: it counts among the ten of ten minutes.
#[tokio::test(start_paused = true)]
async fn a_token_request_without_an_answer_is_counted() {
    let script = Script::new(|_, _| ok()).tokens(|_, _| Act::Break);
    let zoho = script.builder().retry(RetryPolicy::none());
    let zoho = zoho.token_patience(Duration::ZERO).build().unwrap();
    let leads = zoho.crm().records("Leads");
    let mut kinds = Vec::new();
    for _ in 0..15 {
        kinds.push(leads.count().await.unwrap_err().kind());
    }
    assert_eq!(script.mints(), 10);
    assert_eq!(kinds[9..11], [ErrorKind::Transport, ErrorKind::RateLimited]);
}

/// A trigger that fails waits before it tries again, and longer each time.
#[tokio::test(start_paused = true)]
async fn a_trigger_that_fails_waits_longer_each_time() {
    let script = Script::new(|_, before| match before {
        // The first answer says what time it is.
        0 => say(200, json!({"data": [], "info": {"more_records": false}}))
            .header("date", "Thu, 26 Nov 2026 08:00:00 GMT"),
        _ => refuse(500, "INTERNAL_ERROR"),
    });
    let zoho = script.builder().retry(RetryPolicy::none()).build().unwrap();
    let feed = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name"]);
    let schedule = Schedule::every(Duration::from_secs(60)).unwrap();
    let mut trigger = Trigger::new("test", feed, schedule, Arc::new(MemoryStore::new())).unwrap();
    trigger.begin().await.unwrap();
    let mut at = Vec::new();
    for _ in 0..5 {
        trigger.next().await.unwrap_err();
        at.push(Instant::now());
    }
    let gaps: Vec<u64> = at.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(gaps, [1, 2, 4, 8]);
}

/// However often it failed to begin: once it has begun, a run asks when it is due.
#[tokio::test(start_paused = true)]
async fn a_failure_that_is_over_holds_no_run_back() {
    let script = Script::new(|_, before| match before {
        0..9 => refuse(500, "INTERNAL_ERROR"),
        _ => say(200, json!({"data": [], "info": {"more_records": false}}))
            .header("date", "Thu, 26 Nov 2026 08:00:00 GMT"),
    });
    let zoho = script.builder().retry(RetryPolicy::none()).build().unwrap();
    let feed = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name"]);
    let schedule = Schedule::every(Duration::from_secs(60)).unwrap();
    let mut trigger = Trigger::new("test", feed, schedule, Arc::new(MemoryStore::new())).unwrap();
    while trigger.begin().await.is_err() {}
    let begun = Instant::now();
    assert!(trigger.next().await.unwrap().is_empty());
    assert!(
        begun.elapsed() <= Duration::from_secs(61),
        "{:?}",
        begun.elapsed()
    );
}
