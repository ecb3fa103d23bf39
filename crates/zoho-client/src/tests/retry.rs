//! What is sent again, when, and what is not; and answers that are none.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::time::Instant;

use crate::pipeline::decode;
use crate::testing::{Act, Script, refuse, say, say_text};
use crate::{ErrorKind, Method, OrganizationId, Record, RetryPolicy};

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

#[tokio::test(start_paused = true)]
async fn a_429_is_waited_out_as_long_as_the_server_says() {
    let script = Script::new(|_, before| match before {
        0 => refuse(429, "TOO_MANY_REQUESTS").header("retry-after", "37"),
        _ => ok(),
    });
    let leads = script.client().crm().records("Leads");
    let started = Instant::now();
    assert_eq!(leads.count().await.unwrap(), 5);
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(37) && took < Duration::from_secs(38),
        "{took:?}"
    );
}

/// Books sends no `Retry-After` with the refusal of a minute that is full.
#[tokio::test(start_paused = true)]
async fn a_full_minute_of_books_is_waited_out() {
    let script = Script::new(|_, before| match before {
        0 => say(429, json!({"code": 44, "message": "too many requests"})),
        _ => say(
            200,
            json!({"code": 0, "invoices": [], "page_context": {"has_more_page": false}}),
        ),
    });
    let books = script.client().books(OrganizationId::new("1"));
    let started = Instant::now();
    books.records("invoices").send().await.unwrap();
    assert!(
        started.elapsed() >= Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_429_holds_back_the_other_calls_too() {
    let script = Script::new(|_, before| match before {
        0 => refuse(429, "TOO_MANY_REQUESTS").header("retry-after", "30"),
        _ => ok(),
    });
    let leads = script.client().crm().records("Leads");
    let other = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let started = Instant::now();
        leads.count().await.unwrap();
        started.elapsed()
    };
    let (first, waited) = tokio::join!(leads.count(), other);
    assert_eq!(first.unwrap(), 5);
    assert!(waited > Duration::from_secs(20), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn passing_failures_of_reads_are_repeated() {
    type Make = fn() -> Act;
    let failures: [Make; 7] = [
        || refuse(503, "SERVICE_UNAVAILABLE"),
        || say_text(502, "<html>bad gateway</html>"),
        || Act::Break,
        || Act::Refuse,
        || Act::Hang,
        || Act::Cut(200, "{\"count\"".into()),
        || say_text(200, "{\"count\""),
    ];
    for failure in failures {
        let script = Script::new(move |_, before| if before < 2 { failure() } else { ok() });
        assert_eq!(
            script.client().crm().records("Leads").count().await.unwrap(),
            5,
            "{:?}",
            failure()
        );
        assert_eq!(script.calls().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn gaps_grow_and_end_within_the_policy() {
    let script = Script::new(|_, _| refuse(503, "SERVICE_UNAVAILABLE"));
    let client = script
        .builder()
        .retry(RetryPolicy::exponential(3).delay(Duration::ZERO))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = client.crm().records("Leads").count().await.unwrap_err();
    assert_eq!(script.calls().len(), 4);
    assert_eq!(error.attempts(), 4);
    assert!(error.is_retryable());
    assert!(
        started.elapsed() >= Duration::from_millis(3500),
        "0.5 + 1 + 2 s at least"
    );
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.operation(), Some("count_records"));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_may_have_happened_is_sent_once() {
    type Make = fn() -> Act;
    let failures: [Make; 5] = [
        || refuse(503, "SERVICE_UNAVAILABLE"),
        || say_text(500, "<html>oops</html>"),
        || Act::Break,
        || Act::Hang,
        || Act::Cut(201, "{".into()),
    ];
    for failure in failures {
        let script = Script::new(move |_, _| failure());
        let leads = script.client().crm().records("Leads");
        let error = leads
            .create([Record::new().set("Last_Name", "Ngo")])
            .await
            .unwrap_err();
        assert_eq!(script.calls().len(), 1);
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");

        let script = Script::new(move |_, _| failure());
        let invoices = script
            .client()
            .books(OrganizationId::new("1"))
            .records("invoices");
        let error = invoices
            .create(Record::new().set("customer_id", "2"))
            .await
            .unwrap_err();
        assert_eq!(script.calls().len(), 1);
        assert!(error.is_outcome_unknown(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_can_not_have_happened_is_repeated() {
    let created = || {
        say(
            201,
            json!({"data": [{"code": "SUCCESS", "details": {"id": "1"}, "message": "", "status": "success"}]}),
        )
    };
    type Make = fn() -> Act;
    let failures: [Make; 2] = [|| refuse(429, "RATE_LIMIT_EXCEEDED"), || Act::Refuse];
    for failure in failures {
        let script = Script::new(move |_, before| if before == 0 { failure() } else { created() });
        let outcomes = script
            .client()
            .crm()
            .records("Leads")
            .create([Record::new()])
            .await
            .unwrap();
        assert!(outcomes[0].is_ok());
        assert_eq!(script.calls().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_without_a_token_was_not_sent() {
    type Make = fn() -> Act;
    let failures: [Make; 4] = [
        || Act::Break,
        || Act::Hang,
        || say_text(502, "<html>bad gateway</html>"),
        || say_text(200, "<html>maintenance</html>"),
    ];
    for failure in failures {
        let script = Script::new(|_, _| panic!("nothing may be sent")).tokens(move |_, _| failure());
        let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
        let error = client
            .crm()
            .records("Leads")
            .create([Record::new()])
            .await
            .unwrap_err();
        assert!(!error.is_outcome_unknown(), "{error}");
        assert_eq!(error.partial_write().unwrap().not_written, 0..1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_raw_write_is_repeated_when_asked_for_in_so_many_words() {
    let script = Script::new(|_, before| {
        if before < 2 {
            refuse(500, "INTERNAL_ERROR")
        } else {
            ok()
        }
    });
    let crm = script.client().crm();
    let path = "/Leads/1/actions/convert";
    assert!(crm.raw(Method::POST, path).json(&json!({})).send().await.is_err());
    assert_eq!(script.calls().len(), 1);
    let reply = crm
        .raw(Method::POST, path)
        .json(&json!({}))
        .retry(RetryPolicy::exponential(3))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.json::<serde_json::Value>().unwrap(), json!({"count": 5}));
    assert_eq!(script.calls().len(), 3);
}

/// The first answer is lost, the second refuses what the first may have done: that is no proof that it was not done.
#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_leaves_the_outcome_unknown() {
    let gone = || say(404, json!({"code": 1002, "message": "Invoice does not exist."}));
    let script = Script::new(move |_, before| if before == 0 { Act::Break } else { gone() });
    let invoices = script
        .client()
        .books(OrganizationId::new("1"))
        .records("invoices");
    let error = invoices.delete("7").await.unwrap_err();
    assert_eq!((script.calls().len(), error.attempts()), (2, 2));
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    assert_eq!(error.api().unwrap().code(), "1002");

    let script = Script::new(|_, before| match before {
        0 => Act::Break,
        _ => refuse(400, "DUPLICATE_DATA"),
    });
    let crm = script.client().crm();
    let raw = crm
        .raw(Method::POST, "/Leads")
        .json(&json!({}))
        .retry(RetryPolicy::exponential(2));
    assert!(raw.send().await.unwrap_err().is_outcome_unknown());

    // Without a lost answer, and of reads, a refusal is a refusal.
    let script = Script::new(move |_, before| match before {
        0 => refuse(429, "TOO_MANY_REQUESTS"),
        _ => gone(),
    });
    let invoices = script
        .client()
        .books(OrganizationId::new("1"))
        .records("invoices");
    assert!(!invoices.delete("7").await.unwrap_err().is_outcome_unknown());
    let script = Script::new(|_, before| match before {
        0 => Act::Break,
        _ => refuse(400, "INVALID_QUERY"),
    });
    let crm = script.client().crm();
    let error = crm.coql("select id from Leads").send().await.unwrap_err();
    assert!(!error.is_outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_none_name_status_operation_and_path() {
    let cases = [
        (say_text(200, "<html>maintenance</html>"), "$", 200),
        (say_text(200, "{\"data\": [{\"id\": \"1\"}, {\"id\""), "$", 200),
        (say_text(404, "<html>not found</html>"), "$", 404),
        (say(200, json!({"data": {}})), "$.data", 200),
        (
            say(
                200,
                json!({"data": [{"id": "1"}, 2], "info": {"more_records": false}}),
            ),
            "$.data[1]",
            200,
        ),
        (say(200, json!({"data": []})), "$.info.more_records", 200),
        (say_text(200, "[1, 2]"), "$", 200),
        (
            say_text(200, "{\"data\": [], \"info\": {\"more_records\": false}} {"),
            "$",
            200,
        ),
    ];
    for (act, path, status) in cases {
        let shown = format!("{act:?}");
        let script = Script::new(move |_, _| act.clone());
        let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
        let error = client
            .crm()
            .records("Leads")
            .fields(["id"])
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{shown}: {error}");
        assert_eq!(error.json_path(), Some(path), "{shown}");
        assert_eq!(error.operation(), Some("list_records"), "{shown}");
        if status != 200 {
            assert_eq!(error.status().unwrap().as_u16(), status);
        }
    }
}

/// What is asked for by nobody is not passed over.
#[test]
fn a_body_with_something_behind_it_is_not_what_was_expected() {
    let error = decode::<Record>("get_record", StatusCode::OK, b"{\"id\": \"1\"} {}").unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("$")));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_inside_a_200_is_an_error() {
    for (body, code) in [
        (
            json!({"code": 1002, "message": "Invoice does not exist."}),
            "1002",
        ),
        (json!({"code": "6041", "message": "no"}), "6041"),
    ] {
        let script = Script::new(move |_, _| say(200, body.clone()));
        let error = script
            .client()
            .books(OrganizationId::new("1"))
            .records("invoices")
            .send()
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.api().unwrap().code()),
            (ErrorKind::Api, code)
        );
        assert_eq!(script.calls().len(), 1);
    }
    let script = Script::new(|_, _| refuse(200, "INVALID_MODULE"));
    let error = script
        .client()
        .crm()
        .records("Leeds")
        .fields(["id"])
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().code(), "INVALID_MODULE");
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    let script = Script::new(|_, _| say_text(302, "").header("location", "https://evil.com/"));
    let error = script.client().crm().records("Leads").count().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(script.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_are_under_way_than_allowed() {
    let script = Script::new(|_, _| ok());
    let leads = script
        .builder()
        .concurrency(4)
        .build()
        .unwrap()
        .crm()
        .records("Leads");
    leads.count().await.unwrap();
    let started = Instant::now();
    futures_util::future::join_all((0..40).map(|_| leads.count())).await;
    // 40 calls of 20 ms, four at a time.
    assert_eq!(started.elapsed().as_millis() / 10, 20);
}
