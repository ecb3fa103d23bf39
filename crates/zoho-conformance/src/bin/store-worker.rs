//! A process that shares a store with others, for tests that kill it or hold it to one token.
//!
//! `store-worker count PLACE` adds one to a number for ever and prints it each time it is kept;
//! `store-worker add PLACE TIMES` adds so often and ends. `store-worker call PLACE TIMES` connects as
//! the environment says, prints `ready`, and for each line with a number of seconds makes so many
//! calls at once at that time of its clock, and prints how many succeeded. `store-worker leads PLACE
//! TIMES` and `store-worker invoices PLACE TIMES` print `ready`, wait for a line, make so many calls at
//! once without a second try, and print how many succeeded.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program of the tests, which reads its output and its end"
)]

use std::env;
use std::io::stdin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use zoho_client::{Clock, Edition, Method, OrganizationId, RetryPolicy, SqlStore, SystemClock, ZohoBuilder};
use zoho_conformance::{counter, shared};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let mut arguments = env::args().skip(1);
    let job = arguments.next().ok_or("there is no job")?;
    let place = arguments.next().ok_or("there is no place")?;
    let store = shared::open(&place).await?;
    let times: Option<usize> = arguments.next().map(|times| times.parse()).transpose()?;
    match (job.as_str(), times) {
        ("count", None) => add(&store, usize::MAX).await,
        ("add", Some(times)) => add(&store, times).await,
        ("call", Some(times)) => call(store, times).await,
        ("leads" | "invoices", Some(times)) => share(store, &job, times).await,
        _ => Err(format!("`{job}` is no job, or says not how often").into()),
    }
}

async fn add(store: &SqlStore, times: usize) -> Outcome {
    for _ in 0..times {
        println!("{}", counter::increment(store, counter::KEY).await?);
    }
    Ok(())
}

async fn call(store: SqlStore, times: usize) -> Outcome {
    let clock = LaterClock::default();
    let zoho = ZohoBuilder::from_vars(|name| env::var(name).ok())?
        .token_store(store)
        .clock(clock.clone())
        .build()?;
    println!("ready");
    for line in stdin().lines() {
        clock.0.store(line?.parse()?, Ordering::Relaxed);
        let call = |_| zoho.crm().records("Leads").fields(["id"]).send();
        let calls = join_all((0..times).map(call)).await;
        println!("{}", calls.iter().filter(|call| call.is_ok()).count());
    }
    Ok(())
}

/// Makes calls that the processes of a store share a limit for.
async fn share(store: SqlStore, job: &str, times: usize) -> Outcome {
    let minute = env::var("ZOHO_BOOKS_PER_MINUTE").map_or(Ok(100), |calls| calls.parse())?;
    let zoho = ZohoBuilder::from_vars(|name| env::var(name).ok())?
        .token_store(store)
        .edition(Edition::Free)
        .books_per_minute(minute)
        .retry(RetryPolicy::none())
        .build()?;
    let organization = OrganizationId::new(env::var("ZOHO_ORGANIZATION")?);
    println!("ready");
    stdin().lines().next().transpose()?;
    let call = |_| async {
        match job {
            "leads" => {
                let leads = zoho.crm().records("Leads").fields(["id"]).send().await;
                leads.map(drop)
            }
            _ => {
                let books = zoho.books(organization.clone());
                books.raw(Method::GET, "/invoices").send().await.map(drop)
            }
        }
    };
    let calls = join_all((0..times).map(call)).await;
    println!("{}", calls.iter().filter(|call| call.is_ok()).count());
    Ok(())
}

/// The machine's clock, so many seconds later.
#[derive(Clone, Debug, Default)]
struct LaterClock(Arc<AtomicI64>);

impl Clock for LaterClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.0.load(Ordering::Relaxed))
    }
}
