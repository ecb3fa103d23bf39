//! What is not counted against a limit, and how long others wait for what Zoho said to one.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::testing::{ACCESS_TOKEN, Act, Script, refuse, say};
use crate::{Method, OrganizationId, RetryPolicy};

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
