//! Answers that are meant to do harm: without end, nested without end, packed a thousand to one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};

use crate::testing::{Script, say, say_text};
use crate::{
    Body, ErrorKind, Method, OAuthApp, Region, RetryPolicy, ServiceTransport, TokioClock, Zoho, ZohoBuilder,
};

const MEGABYTE: usize = 1 << 20;

/// A client of a server whose bodies never end, and how many megabytes it has sent.
fn endless(accounts_too: bool) -> (ZohoBuilder, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let counter = counter.clone();
        let token = request.uri().path() == "/oauth/v2/token" && !accounts_too;
        let body = match token {
            true => Body::from(r#"{"access_token": "1000.a", "expires_in": 3600}"#),
            false => Body::stream(
                stream::repeat(Bytes::from(vec![b'['; MEGABYTE])).map(move |chunk| {
                    counter.fetch_add(1, Ordering::Relaxed);
                    Ok::<_, std::convert::Infallible>(chunk)
                }),
            ),
        };
        async move { Ok::<_, std::convert::Infallible>(Response::new(body)) }
    });
    let builder = Zoho::builder(Region::custom("http://127.0.0.1:9").unwrap())
        .oauth(OAuthApp::new("1000.X", "secret"))
        .refresh_token("1000.r")
        .clock(TokioClock::starting_at("2026-01-01T00:00:00Z".parse().unwrap()))
        .transport(ServiceTransport::new(service))
        .retry(RetryPolicy::fixed(3, Duration::from_secs(1)));
    (builder, sent)
}

#[tokio::test(start_paused = true)]
async fn a_body_without_end_is_left_at_the_limit() {
    let (builder, sent) = endless(false);
    let zoho = builder.largest_answer(8 * MEGABYTE).build().unwrap();
    let error = zoho.crm().records("Leads").count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("larger than 8388608 bytes"), "{error}");
    // Eight fill it, the ninth is too much; and nobody asks for it again.
    assert_eq!((sent.load(Ordering::Relaxed), error.attempts()), (9, 1));
    let error = zoho.crm().raw(Method::GET, "/Leads").send().await.unwrap_err();
    assert!(error.to_string().contains("larger than 8388608 bytes"), "{error}");
    assert_eq!(sent.load(Ordering::Relaxed), 18);
    // A write that was answered so may have been done.
    let lead = crate::Record::new().set("Last_Name", "Ngo");
    let error = zoho.crm().records("Leads").create([lead]).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    // Whoever takes it as it comes is not limited.
    let mut body = zoho
        .crm()
        .raw(Method::GET, "/Leads")
        .stream()
        .await
        .unwrap()
        .into_inner();
    for _ in 0..20 {
        assert_eq!(body.chunk().await.unwrap().unwrap().len(), MEGABYTE);
    }
}

#[tokio::test(start_paused = true)]
async fn an_accounts_server_without_end_is_left_at_once() {
    let (builder, sent) = endless(true);
    let error = builder
        .build()
        .unwrap()
        .crm()
        .records("Leads")
        .count()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("larger than 1048576 bytes"), "{error}");
    assert_eq!(sent.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_nested_too_deeply_or_is_no_number_is_an_error_with_its_place() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (body, told) in [
        (format!(r#"{{"data": {deep}}}"#), "recursion limit"),
        (deep, "invalid type: sequence"),
        (r#"{"count": 1e999}"#.to_owned(), "number out of range"),
        (
            format!(r#"{{"count": {}}}"#, "9".repeat(100_000)),
            "number out of range",
        ),
        ("{\"count\": \"\u{0}\"}".to_owned(), "control character"),
        (r#"{"count": "\ud800"}"#.to_owned(), "hex escape"),
    ] {
        let script = Script::new(move |_, _| say_text(200, &body));
        let error = script.client().crm().records("Leads").count().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.json_path().is_some(), "{error}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(told), "{cause}");
        assert!(
            error.to_string().len() < 400,
            "{} characters",
            error.to_string().len()
        );
    }
    let script = Script::new(|_, _| {
        crate::testing::Act::Say(200, Vec::new(), Bytes::from_static(b"{\"count\": \"\xff\"}"))
    });
    let error = script.client().crm().records("Leads").count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    // A refusal of a megabyte is told in a line, and moves no cursor of whoever reads it.
    let long = format!("no\n\u{1b}[2J{}", "x".repeat(MEGABYTE));
    let script = Script::new(move |_, _| {
        say(
            400,
            serde_json::json!({"code": "INVALID_DATA", "message": long, "status": "error", "details": {}}),
        )
    });
    let error = script.client().crm().records("Leads").count().await.unwrap_err();
    assert!(
        error.to_string().len() < 1_000,
        "{} characters",
        error.to_string().len()
    );
    assert!(error.to_string().contains(r"no\n\u{1b}[2Jxxx"), "{error}");
}

#[cfg(feature = "bulk")]
mod archives {
    use std::io::{Cursor, Write};

    use futures_util::TryStreamExt;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::testing::Act;

    /// An archive with so many megabytes of one byte behind a beginning.
    fn bomb(beginning: &str, megabytes: usize, byte: u8) -> Bytes {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("Leads.csv", SimpleFileOptions::default()).unwrap();
        zip.write_all(beginning.as_bytes()).unwrap();
        for _ in 0..megabytes {
            zip.write_all(&vec![byte; MEGABYTE]).unwrap();
        }
        zip.finish().unwrap().into_inner().into()
    }

    async fn rows(archive: Bytes) -> crate::Result<usize> {
        let script = Script::new(move |_, _| Act::Say(200, Vec::new(), archive.clone()));
        let rows = script.client().crm().bulk().read_job("1").rows().await?;
        rows.try_fold(0, |count, _| async move { Ok(count + 1) }).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_archive_of_one_endless_row_is_an_error() {
        // A header without end, a row without end, a quoted cell without end.
        for beginning in ["", "Id,Last_Name\n1,", "Id,Last_Name\n1,\""] {
            let archive = bomb(beginning, 64, b'a');
            assert!(archive.len() < MEGABYTE, "{} bytes", archive.len());
            let error = rows(archive).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains("a row is larger than 16777216 bytes"), "{cause}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_archive_of_many_rows_is_read_row_by_row() {
        // Twenty million bytes in all, more than one row may have.
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("Leads.csv", SimpleFileOptions::default()).unwrap();
        zip.write_all(b"Id\n").unwrap();
        zip.write_all(&b"12345678901234567890\n".repeat(MEGABYTE))
            .unwrap();
        let archive = zip.finish().unwrap().into_inner();
        assert_eq!(rows(archive.into()).await.unwrap(), MEGABYTE);
    }
}
