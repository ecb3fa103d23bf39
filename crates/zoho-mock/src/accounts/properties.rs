//! The limits of the accounts server, for any schedule of requests.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::codes::{CODES_PER_WINDOW, Exchange};
use super::consent::{Moment, Shown};
use super::form::Form;
use super::tokens::{LIVE_TOKENS, REFRESH_TOKENS, TOKEN_LIFE, TOKENS_PER_WINDOW, WINDOW};
use super::{Accounts, DataCentre, Denial, after};
use crate::config::Config;

/// A step of somebody who uses the accounts server, after so many seconds.
#[derive(Clone, Debug)]
enum Step {
    Consent { forced: bool, offline: bool },
    SelfClient,
    Exchange(usize),
    Refresh(usize),
    Revoke(usize),
    ExpireAll,
}

fn step() -> impl Strategy<Value = (u64, Step)> {
    let pause = prop_oneof![3 => Just(0_u64), 4 => 1_u64..90, 1 => 300_u64..4_000];
    let step = prop_oneof![
        3 => (any::<bool>(), any::<bool>()).prop_map(|(forced, offline)| Step::Consent { forced, offline }),
        3 => Just(Step::SelfClient),
        6 => (0_usize..40).prop_map(Step::Exchange),
        12 => (0_usize..4).prop_map(Step::Refresh),
        1 => (0_usize..4).prop_map(Step::Revoke),
        1 => Just(Step::ExpireAll),
    ];
    (pause, step)
}

fn within(times: &[Timestamp], now: Timestamp) -> usize {
    times.iter().filter(|time| after(**time, WINDOW) > now).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_schedule_gets_more_than_the_limits_allow(steps in prop::collection::vec(step(), 1..160)) {
        let config = Config::default();
        let client = config.client();
        let mut accounts = Accounts::new(&config);
        let mut now = config.start;
        let mut refresh_tokens = vec![accounts.first_refresh_token().to_owned()];
        let mut codes: Vec<(String, Timestamp)> = Vec::new();
        let mut spent = Vec::new();
        let mut consents = Vec::new();
        let mut minted: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        let mut refused: BTreeMap<String, Timestamp> = BTreeMap::new();
        for (pause, step) in steps {
            now = after(now, SignedDuration::from_secs(pause as i64));
            match step {
                Step::Consent { forced, offline } => {
                    let moment = Moment { centre: DataCentre::US, base_url: "http://mock", now };
                    let mut pairs = vec![
                        ("client_id", client.id.as_str()),
                        ("scope", "ZohoCRM.org.READ"),
                        ("redirect_uri", "http://localhost/"),
                        ("response_type", "code"),
                    ];
                    pairs.extend(forced.then_some(("prompt", "consent")));
                    pairs.extend(offline.then_some(("access_type", "offline")));
                    let form = |pairs: &[(&str, &str)]| {
                        Form::of(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
                    };
                    let mut shown = accounts.authorize(&form(&pairs), moment).unwrap();
                    if let Shown::Question(question) = &shown {
                        let answer = form(&[("ticket", &question.ticket), ("decision", "accept")]);
                        shown = accounts.decide(&answer, moment).unwrap();
                        prop_assert!(accounts.decide(&answer, moment).is_err());
                    }
                    let Shown::Redirect(address) = shown else { panic!("{shown:?}") };
                    let code = address.split_once("code=").map(|(_, rest)| rest.split('&').next().unwrap());
                    prop_assert_eq!(code.is_some(), within(&consents, now) < CODES_PER_WINDOW);
                    if let Some(code) = code {
                        consents.push(now);
                        codes.push((code.to_owned(), now));
                    }
                }
                Step::SelfClient => {
                    let code = accounts.grant(&client.id, vec!["ZohoCRM.org.READ".to_owned()], now);
                    codes.push((code, now));
                }
                Step::Exchange(which) => {
                    let Some((code, made)) = codes.iter().rev().nth(which).cloned() else { continue };
                    let exchange = Exchange { code: &code, redirect_uri: Some("http://localhost/"), verifier: None };
                    let outcome = accounts.exchange(&client, exchange, now);
                    let good = !spent.contains(&code) && now < after(made, config.code_life);
                    prop_assert_eq!(outcome.is_ok(), good);
                    if let Ok(issued) = outcome {
                        spent.push(code);
                        if let Some(token) = issued.refresh_token {
                            minted.entry(token.clone()).or_default().push(now);
                            refresh_tokens.push(token);
                        }
                    }
                }
                Step::Refresh(which) => {
                    let Some(token) = refresh_tokens.iter().rev().nth(which) else { continue };
                    let mine = minted.entry(token.clone()).or_default();
                    match accounts.refresh(&client, token, now) {
                        Ok(_) => {
                            prop_assert!(within(mine, now) < TOKENS_PER_WINDOW);
                            mine.push(now);
                            refused.remove(token);
                        }
                        Err(Denial::Throttled) => {
                            // Whoever keeps still for ten minutes is let in again.
                            let last = mine.iter().chain(refused.get(token)).max().unwrap();
                            prop_assert!(after(*last, WINDOW) > now);
                            refused.insert(token.clone(), now);
                        }
                        Err(denial) => prop_assert_eq!(denial, Denial::InvalidCode),
                    }
                }
                Step::Revoke(which) => {
                    let Some(token) = refresh_tokens.iter().rev().nth(which) else { continue };
                    accounts.tokens.revoke(token, DataCentre::US, None, None);
                    prop_assert_eq!(accounts.refresh(&client, token, now), Err(Denial::InvalidCode));
                }
                Step::ExpireAll => {
                    accounts.expire_access_tokens();
                    prop_assert_eq!(accounts.tokens.census(now).1, 0);
                }
            }
            let (refresh, live) = accounts.tokens.census(now);
            prop_assert!(refresh <= REFRESH_TOKENS);
            prop_assert!(live <= LIVE_TOKENS);
        }
    }

    #[test]
    fn retrying_extends_the_lock_out(retries in prop::collection::vec(1_i64..600, 1..20)) {
        let config = Config::default();
        let client = config.client();
        let mut accounts = Accounts::new(&config);
        let token = accounts.first_refresh_token().to_owned();
        let mut now = config.start;
        for _ in 0..TOKENS_PER_WINDOW {
            prop_assert!(accounts.refresh(&client, &token, now).is_ok());
        }
        for pause in retries {
            prop_assert_eq!(accounts.refresh(&client, &token, now), Err(Denial::Throttled));
            now = after(now, SignedDuration::from_secs(pause));
        }
        prop_assert_eq!(accounts.refresh(&client, &token, now), Err(Denial::Throttled));
        prop_assert!(accounts.refresh(&client, &token, after(now, WINDOW)).is_ok());
    }

    #[test]
    fn the_sixteenth_token_ends_the_oldest(pauses in prop::collection::vec(60_i64..240, 16..40)) {
        let config = Config::default();
        let client = config.client();
        let mut accounts = Accounts::new(&config);
        let token = accounts.first_refresh_token().to_owned();
        let mut now = config.start;
        let mut issued: Vec<(String, Timestamp)> = Vec::new();
        for pause in pauses {
            now = after(now, SignedDuration::from_secs(pause));
            let outcome = accounts.refresh(&client, &token, now);
            issued.extend(outcome.map(|outcome| (outcome.access_token, now)));
            let newest = issued.len().saturating_sub(LIVE_TOKENS);
            for (at, (token, time)) in issued.iter().enumerate() {
                let lives = accounts.live(token, DataCentre::US, now).is_some();
                prop_assert_eq!(lives, at >= newest && now < after(*time, TOKEN_LIFE));
            }
        }
    }
}
