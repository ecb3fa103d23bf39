//! Sending again: within the policy, no sooner than the server asks, and never what may have been carried out.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

mod calls;

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use zoho_client::{OrganizationId, RetryPolicy};
use zoho_conformance::harness::Harness;
use zoho_conformance::proof;
use zoho_conformance::weather::{Weather, foul};
use zoho_mock::{Exchange, MockZoho};

use calls::{Call, Repeats, any_call};

/// The longest gap of growing ones, unless the first is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// What one attempt takes at most.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A retry policy, and what it says.
#[derive(Clone, Debug)]
struct Policy {
    retries: u32,
    delay: Duration,
    growing: bool,
    limit: Duration,
}

impl Policy {
    fn build(&self) -> RetryPolicy {
        let policy = match self.growing {
            true => RetryPolicy::exponential(self.retries).delay(self.delay),
            false => RetryPolicy::fixed(self.retries, self.delay),
        };
        policy.time_limit(self.limit)
    }

    /// The least time between two attempts: growing gaps have a base even where none was given.
    fn least_gap(&self) -> Duration {
        match self.growing && self.delay.is_zero() {
            true => Duration::from_millis(500),
            false => self.delay,
        }
    }

    /// Whether it outlasts this weather, however its gaps are spread.
    fn outlasts(&self, weather: &[Weather]) -> bool {
        let longest = match self.growing {
            true => LONGEST.max(self.delay),
            false => self.delay,
        };
        let needed: Duration = weather
            .iter()
            .map(|weather| TIMEOUT + weather.retry_after().unwrap_or(longest))
            .sum();
        weather.len() <= self.retries as usize && needed <= self.limit && !weather.contains(&Weather::Refused)
    }
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let delay = prop_oneof![Just(0), 0_u64..4_000];
    (0_u32..6, delay, any::<bool>(), 5_u64..900).prop_map(|(retries, delay, growing, limit)| Policy {
        retries,
        delay: Duration::from_millis(delay),
        growing,
        limit: Duration::from_secs(limit),
    })
}

fn since(earlier: &Exchange, later: &Exchange) -> Duration {
    let span = later.time.duration_since(earlier.time);
    Duration::try_from(span).expect("time goes forward")
}

/// What must hold of the attempts at one call: as many as allowed, apart as asked for, and soon enough.
fn check_attempts(
    attempts: &[Exchange],
    weather: &[Weather],
    policy: &Policy,
    token_weather: &[Weather],
) -> Result<(), TestCaseError> {
    let refusals = attempts
        .iter()
        .filter(|attempt| attempt.status == Some(401))
        .count();
    prop_assert!(refusals <= 4, "{} tokens were refused", refusals);
    let counted = attempts.len() - refusals.min(attempts.len());
    prop_assert!(
        counted <= policy.retries as usize + 1,
        "{} attempts",
        attempts.len()
    );
    for (pair, met) in attempts.windows(2).zip(weather) {
        let gap = since(&pair[0], &pair[1]);
        let least = match met {
            Weather::Refused => Duration::ZERO,
            other => other.retry_after().unwrap_or(policy.least_gap()),
        };
        prop_assert!(gap >= least, "{:?} after {:?}, not {:?}", gap, met, least);
    }
    if let [first, .., last] = attempts
        && token_weather.is_empty()
        && refusals == 0
    {
        let all = since(first, last);
        prop_assert!(all <= policy.limit, "the last attempt starts after {:?}", all);
    }
    Ok(())
}

proptest! {
    #![proptest_config(proof::config("retry::any_call"))]

    /// Any call of the connector, any policy, any row of mishaps on the way of the call and of its token.
    #[test]
    fn attempts_keep_to_the_policy_and_nothing_is_carried_out_twice(
        call in any_call(),
        policy in any_policy(),
        weather in vec(foul(), 1..5),
        token_weather in prop_oneof![4 => Just(Vec::new()), 1 => vec(foul(), 1..3)],
    ) {
        let harness = Harness::with(|builder| builder.retry(policy.build()));
        let call = call.prepare(&harness);
        harness.script_in_turn(call.operation(), &weather);
        if !token_weather.is_empty() {
            harness.pass(Duration::from_secs(3_601));
            harness.script_in_turn("accounts.token", &token_weather);
        }
        let before = harness.mock.journal().of(call.operation()).count();
        let outcome = harness.run(call.make(&harness, &policy.build()));
        harness.mock.faults().clear();
        let journal = harness.mock.journal();
        let attempts: Vec<Exchange> = journal.of(call.operation()).skip(before).cloned().collect();
        check_attempts(&attempts, &weather, &policy, &token_weather)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{}", harness.transcript())))?;

        let executed = call.executed(&harness);
        let met = &weather[..weather.len().min(attempts.len())];
        let story = || format!("{outcome:?}, {executed:?} times\n{}", harness.transcript());
        match call.repeats() {
            Repeats::Never => {
                let sent_again = &met[..met.len().min(attempts.len().saturating_sub(1))];
                prop_assert!(sent_again.iter().all(Weather::is_harmless), "sent again: {}", story());
                let executed = executed.expect("what must not be repeated is counted");
                prop_assert!(executed <= 1, "carried out twice: {}", story());
                match &outcome {
                    Ok(()) => prop_assert_eq!(executed, 1, "reported as done: {}", story()),
                    Err(error) if error.is_outcome_unknown() => {}
                    Err(_) => prop_assert_eq!(executed, 0, "reported as not done: {}", story()),
                }
            }
            // In so many words: each attempt may be carried out.
            Repeats::AsAsked => {
                let executed = executed.expect("it is counted");
                prop_assert!(executed <= attempts.len(), "{}", story());
                prop_assert!(outcome.is_err() || executed >= 1, "{}", story());
            }
            Repeats::Safe => {
                let passes = token_weather.is_empty() && policy.outlasts(&weather);
                prop_assert!(outcome.is_ok() || !passes, "given up too soon: {}", story());
            }
        }
        if let Err(error) = &outcome && token_weather.is_empty() && !met.is_empty() {
            let kind = error.kind();
            prop_assert!(met.last().is_some_and(|last| last.explains(kind)), "{:?}: {}", kind, story());
        }
    }
}

proptest! {
    #![proptest_config(proof::config("retry::budgets"))]

    /// Calls at any moments, and whatever goes wrong with them: what is sent again is counted like what is sent first, so
    /// that neither product has to refuse a call for its limits.
    #[test]
    fn no_limit_is_overrun_by_sending_again(
        calls in vec((any::<bool>(), 0_u64..1_500), 20..90),
        weather in vec((foul(), any::<bool>(), 0_u32..40), 1..6),
        per_minute in 15_u32..60,
        at_once in 1_u32..10,
        latency in 0_u64..1_500,
    ) {
        let world = MockZoho::builder()
            .books_per_minute(Some(per_minute))
            .books_concurrency(Some(at_once))
            .crm_concurrency(Some(at_once))
            .latency(Duration::from_millis(latency));
        let harness = Harness::of(world, |_, client| {
            let at_once = at_once as usize;
            client.concurrency(at_once).books_concurrency(at_once).books_per_minute(per_minute as usize)
        });
        for (weather, of_books, skip) in &weather {
            let operation = if *of_books { "list_contacts" } else { "list_records" };
            harness.mock.faults().script(weather.fault(operation).skip(*skip).times(1));
        }
        let books = harness.zoho.books(OrganizationId::new(harness.mock.organization_id()));
        let (contacts, leads) = (books.records("contacts"), harness.zoho.crm().records("Leads"));
        let mut at = 0;
        let calls = calls.into_iter().map(|(of_books, gap)| {
            at += gap;
            let (at, contacts, leads) = (at, contacts.clone(), leads.clone());
            async move {
                tokio::time::sleep(Duration::from_millis(at)).await;
                match of_books {
                    true => contacts.send().await.map(drop),
                    false => leads.fields(["id"]).send().await.map(drop),
                }
            }
        });
        let results = harness.run(async { futures_util::future::join_all(calls).await });
        let journal = harness.mock.journal();
        let overrun = journal.exchanges().iter().find(|call| call.status == Some(429) && !call.faulted);
        prop_assert!(overrun.is_none(), "{overrun:?}\n{}", harness.transcript());
        let failed = results.iter().filter(|result| result.is_err()).count();
        prop_assert!(failed <= weather.len(), "{failed} calls failed\n{}", harness.transcript());
    }
}

/// The exception, in so many words: a raw `POST` with a retry count is sent again although its answer was lost, and is
/// carried out as often.
#[test]
fn a_raw_post_with_a_retry_count_may_be_carried_out_twice() {
    let call = Call::RawPostWithRetries;
    let harness = Harness::new();
    let call = call.prepare(&harness);
    harness.script_in_turn(call.operation(), &[Weather::DroppedAfter, Weather::DroppedAfter]);
    let policy = RetryPolicy::fixed(2, Duration::from_secs(1));
    harness
        .run(call.make(&harness, &policy))
        .expect("the third attempt is answered");
    assert_eq!(call.executed(&harness), Some(3));
}
