//! Raw requests are repeated exactly as their policy says.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{Act, Script, refuse, say};
use crate::{Method, RetryPolicy};

/// Sends one raw request to a server that always answers the same, and gives the moments of the attempts.
fn moments(method: Method, policy: RetryPolicy, act: Act) -> Vec<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let log = std::sync::Arc::new(parking_lot::Mutex::new(Vec::new()));
        let (inner, start) = (log.clone(), tokio::time::Instant::now());
        let script = Script::new(move |_, _| {
            inner.lock().push(start.elapsed());
            act.clone()
        });
        let _ = script.client().crm().raw(method, "/x").retry(policy).send().await;
        log.lock().clone()
    })
}

fn methods() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_5xx_and_every_broken_connection_is_repeated_for_every_method(
        method in methods(),
        retries in 0_u32..4,
        delay in 0_u64..5_000,
        status in 500_u16..600,
        breaks in any::<bool>(),
    ) {
        let act = if breaks { Act::Break } else { say(status, json!({"code": "X", "message": ""})) };
        let policy = RetryPolicy::fixed(retries, Duration::from_millis(delay));
        let moments = moments(method, policy, act);
        prop_assert_eq!(moments.len(), retries as usize + 1);
        for pair in moments.windows(2) {
            // The scripted server takes 20 ms to answer.
            prop_assert_eq!(pair[1] - pair[0], Duration::from_millis(delay + 20));
        }
    }

    #[test]
    fn refusals_and_redirects_are_repeated_only_when_all_errors_are(
        method in methods(),
        status in prop::sample::select(vec![302_u16, 400, 403, 404, 405, 409, 422]),
        all in any::<bool>(),
    ) {
        let policy = RetryPolicy::fixed(2, Duration::ZERO);
        let policy = if all { policy.on_all_errors() } else { policy };
        let moments = moments(method, policy, refuse(status, "NO"));
        prop_assert_eq!(moments.len(), if all { 3 } else { 1 });
    }

    #[test]
    fn gaps_grow_from_a_real_base_even_without_a_delay(method in methods(), retries in 2_u32..6) {
        let policy = RetryPolicy::exponential(retries).delay(Duration::ZERO);
        let moments = moments(method, policy, refuse(503, "DOWN"));
        prop_assert_eq!(moments.len(), retries as usize + 1);
        let gaps: Vec<Duration> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
        for (place, gap) in gaps.iter().enumerate() {
            let least = Duration::from_millis(500) * 2_u32.pow(u32::try_from(place).unwrap());
            prop_assert!(*gap >= least.min(Duration::from_secs(30)), "{gaps:?}");
        }
    }

    #[test]
    fn what_the_server_says_wins_over_every_delay(
        seconds in 1_u64..200,
        delay in 0_u64..5_000,
        growing in any::<bool>(),
        status in prop::sample::select(vec![429_u16, 503]),
    ) {
        let delay = Duration::from_millis(delay);
        let policy = if growing { RetryPolicy::exponential(1) } else { RetryPolicy::fixed(1, delay) };
        let act = refuse(status, "LATER").header("retry-after", &seconds.to_string());
        let moments = moments(Method::POST, policy, act);
        prop_assert_eq!(moments.len(), 2);
        let gap = moments[1] - moments[0];
        prop_assert!(gap >= Duration::from_secs(seconds), "{gap:?}");
        prop_assert!(gap < Duration::from_secs(seconds + 1), "{gap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_another_host_takes_no_token_there() {
    let script = Script::new(|_, _| {
        Act::Say(
            302,
            vec![("location", "https://evil.example/steal".to_owned())],
            bytes::Bytes::new(),
        )
    });
    let policy = RetryPolicy::fixed(1, Duration::ZERO).on_all_errors();
    let sent = script
        .client()
        .crm()
        .raw(Method::GET, "/x")
        .retry(policy)
        .send()
        .await;
    assert_eq!(
        sent.unwrap_err().status().map(|status| status.as_u16()),
        Some(302)
    );
    assert!(script.seen().iter().all(|seen| seen.host == "127.0.0.1"));
}

#[tokio::test(start_paused = true)]
async fn a_form_has_its_fields_and_files_in_order() {
    let script = Script::new(|_, _| say(200, json!({})));
    let crm = script.client().crm();
    let form = || {
        crm.raw(Method::POST, "/x")
            .form_field("a \"quoted\"", "1\r\n2")
            .file("f", "ü.txt", "in memory")
            .form_field("b", "")
    };
    form().send().await.unwrap();
    let streamed = futures_util::stream::iter([Ok::<_, std::io::Error>("stream".into()), Ok("ed".into())]);
    form()
        .file("g", "g.bin", crate::Body::stream(streamed))
        .send()
        .await
        .unwrap();
    for (call, more) in script.calls().iter().zip([false, true]) {
        let kind = call.headers["content-type"].to_str().unwrap().to_owned();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"a %22quoted%22\"\r\n\r\n1\r\n2\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"ü.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nin memory\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n"
        );
        if more {
            expected += &format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"g\"; filename=\"g.bin\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\nstreamed\r\n"
            );
        }
        expected += &format!("--{boundary}--\r\n");
        assert_eq!(String::from_utf8_lossy(&call.body), expected);
    }
    let both = form().json(&json!({})).send().await.unwrap_err();
    assert_eq!(both.kind(), crate::ErrorKind::Config);
}
