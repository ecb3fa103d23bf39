//! Batch writes: one outcome per record in order, and the truth about what is not known.

use serde_json::{Value, json};

use crate::testing::{Act, Script, refuse, say};
use crate::{ErrorKind, Outcome, Record};

fn leads(count: usize) -> Vec<Record> {
    (0..count)
        .map(|n| {
            Record::new()
                .set("id", n.to_string())
                .set("Last_Name", format!("L{n}"))
        })
        .collect()
}

/// Takes every record but those named `bad`, with Zoho's statuses.
fn batch(body: &Value) -> Act {
    let items: Vec<Value> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(place, item)| {
            if item["Last_Name"] == "bad" {
                json!({"code": "INVALID_DATA", "message": "invalid data", "status": "error",
                    "details": {"api_name": "Last_Name", "json_path": format!("$.data[{place}].Last_Name")}})
            } else {
                json!({"code": "SUCCESS", "message": "record added", "status": "success", "action": "insert",
                    "details": {"id": format!("9{}", item["id"].as_str().unwrap())}})
            }
        })
        .collect();
    let bad = items.iter().filter(|item| item["status"] == "error").count();
    let status = match bad {
        0 => 201,
        bad if bad == items.len() => 400,
        _ => 207,
    };
    say(status, json!({"data": items}))
}

#[tokio::test(start_paused = true)]
async fn outcomes_come_in_the_order_of_the_records() {
    let script = Script::new(|seen, _| batch(&seen.json()));
    let mut records = leads(250);
    records[120].insert("Last_Name", "bad");
    let write = script
        .client()
        .crm()
        .records("Leads")
        .create(records)
        .trigger(["workflow"]);
    let outcomes = write.await.unwrap();
    assert_eq!(outcomes.len(), 250);
    for (place, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Ok(written) => assert_eq!(written.id.as_str(), format!("9{place}")),
            Outcome::Err(refused) => {
                assert_eq!(place, 120);
                assert_eq!(refused.code, "INVALID_DATA");
                assert_eq!(refused.api_name.as_deref(), Some("Last_Name"));
                assert_eq!(refused.json_path.as_deref(), Some("$.data[20].Last_Name"));
            }
        }
    }
    let sizes: Vec<usize> = script
        .calls()
        .iter()
        .map(|seen| seen.json()["data"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(script.calls()[2].json()["trigger"], json!(["workflow"]));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_refused_throughout_is_still_outcomes() {
    let script = Script::new(|seen, _| batch(&seen.json()));
    let bad = Record::new().set("id", "1").set("Last_Name", "bad");
    let crm = script.client().crm();
    let records = crm.records("Leads");
    for outcomes in [
        records.create([bad.clone()]).await.unwrap(),
        records.update([bad.clone()]).await.unwrap(),
        records
            .upsert([bad.clone()])
            .duplicate_check_fields(["Email"])
            .await
            .unwrap(),
    ] {
        assert_eq!(outcomes[0].refusal().unwrap().code, "INVALID_DATA");
    }
    assert_eq!(
        script.calls()[2].json()["duplicate_check_fields"],
        json!(["Email"])
    );
    let reply = crm
        .raw(crate::Method::POST, "/Leads")
        .json(&json!({"data": [bad]}))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 207);
}

/// A 400 without outcomes is a refusal of the request, whatever envelope it comes in.
#[tokio::test(start_paused = true)]
async fn a_400_without_outcomes_refuses_all_of_it() {
    let body = json!({"data": [], "code": "INVALID_DATA", "details": {}, "message": "no", "status": "error"});
    let script = Script::new(move |_, _| say(400, body.clone()));
    let created = script.client().crm().records("Leads").create(leads(2)).await;
    assert_eq!(created.unwrap_err().api().unwrap().code(), "INVALID_DATA");
}

#[tokio::test(start_paused = true)]
async fn a_bare_refusal_of_a_batch_is_an_error() {
    let script = Script::new(|_, _| refuse(400, "INVALID_MODULE"));
    let error = script
        .client()
        .crm()
        .records("Leeds")
        .create(leads(3))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert!(!error.is_outcome_unknown());
    let partial = error.partial_write().unwrap();
    assert_eq!(
        (
            partial.known.len(),
            partial.unknown.clone(),
            partial.not_written.clone()
        ),
        (0, 0..0, 0..3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_batch_is_named_and_what_came_before_is_kept() {
    type Make = fn() -> Act;
    let losses: [Make; 4] = [
        || Act::Break,
        || Act::Hang,
        || refuse(503, "SERVICE_UNAVAILABLE"),
        || {
            say(
                201,
                json!({"data": [{"code": "SUCCESS", "status": "success", "details": {"id": "1"}}]}),
            )
        },
    ];
    for loss in losses {
        let script = Script::new(move |seen, before| if before == 1 { loss() } else { batch(&seen.json()) });
        let error = script
            .client()
            .crm()
            .records("Leads")
            .create(leads(320))
            .await
            .unwrap_err();
        assert_eq!(script.calls().len(), 2, "neither repeated nor gone on");
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        let partial = error.partial_write().unwrap();
        assert_eq!(partial.known.len(), 100);
        assert_eq!(
            (partial.unknown.clone(), partial.not_written.clone()),
            (100..200, 200..320)
        );
        assert!(error.to_string().contains("100 to 199"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn deletes_go_a_hundred_at_a_time() {
    let script = Script::new(|seen, _| {
        let items: Vec<Value> = seen
            .query("ids")
            .unwrap()
            .split(',')
            .map(|id| json!({"code": "SUCCESS", "details": {"id": id}, "message": "record deleted", "status": "success"}))
            .collect();
        say(200, json!({"data": items}))
    });
    let outcomes = script
        .client()
        .crm()
        .records("Leads")
        .delete(0..130)
        .await
        .unwrap();
    let ids: Vec<String> = outcomes
        .iter()
        .map(|outcome| outcome.id().unwrap().to_string())
        .collect();
    assert_eq!(ids, (0..130).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(script.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_file_is_attached_and_read_back() {
    let script = Script::new(|seen, _| match seen.method {
        crate::Method::POST => {
            let body = String::from_utf8(seen.body.to_vec()).unwrap();
            let kind = seen.headers["content-type"].to_str().unwrap();
            let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
            assert!(
                body.starts_with(&format!("--{boundary}\r\n"))
                    && body.ends_with(&format!("--{boundary}--\r\n"))
            );
            assert!(body.contains("name=\"file\"; filename=\"a%22b.txt\"\r\n"));
            assert!(body.contains("\r\n\r\nhello\r\n--"));
            say(
                200,
                json!({"data": [{"code": "SUCCESS", "status": "success", "message": "", "details": {"id": "8"}}]}),
            )
        }
        _ => crate::testing::say_text(200, "<not json, and that is fine>"),
    });
    let files = script.client().crm().records("Leads").attachments("730001");
    let outcome = files.upload("a\"b.txt", "hello").await.unwrap();
    assert_eq!(outcome.id().unwrap().as_str(), "8");
    let streamed = futures_util::stream::iter(["hel", "lo"].map(|part| Ok::<_, std::io::Error>(part.into())));
    files
        .upload("a\"b.txt", crate::Body::stream(streamed))
        .await
        .unwrap();
    let content = files
        .download("8")
        .await
        .unwrap()
        .unwrap()
        .into_inner()
        .bytes()
        .await
        .unwrap();
    assert_eq!(content, "<not json, and that is fine>");
    assert_eq!(script.calls()[2].path, "/crm/v8/Leads/730001/Attachments/8");
}

#[tokio::test(start_paused = true)]
async fn a_streaming_upload_is_sent_once_even_when_a_token_is_refused() {
    let script = Script::new(|_, _| refuse(401, "INVALID_TOKEN"));
    let files = script.client().crm().records("Leads").attachments("730001");
    let content = futures_util::stream::iter([Ok::<_, std::io::Error>("hello".into())]);
    let error = files
        .upload("a.txt", crate::Body::stream(content))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(script.calls().len(), 1);
}
