//! Answers that are read wrongly, or answered with the wrong request.

use std::time::Duration;

use serde_json::json;
use zoho_client::{OrganizationId, Outcome, Record, RetryPolicy};
use zoho_conformance::harness::Harness;
use zoho_mock::{Fault, MockZoho};

/// A wrong connector reads no delay as a delay of nothing, and its retries are over within a millisecond.
#[test]
fn backoff_has_no_zero_gaps() {
    let policy = RetryPolicy::exponential(4).delay(Duration::ZERO);
    let harness = Harness::with(|builder| builder.retry(policy));
    harness
        .mock
        .faults()
        .script(Fault::on("count_records").status(503).times(4));
    let count = harness.run(async { harness.zoho.crm().records("Leads").count().await });
    assert_eq!(count.expect("the fifth attempt is answered"), 0);
    let journal = harness.mock.journal();
    let times: Vec<_> = journal.of("count_records").map(|attempt| attempt.time).collect();
    assert_eq!(times.len(), 5);
    for (place, pair) in times.windows(2).enumerate() {
        let gap = Duration::try_from(pair[1].duration_since(pair[0])).expect("time goes forward");
        let least = Duration::from_millis(500) * (1 << place);
        assert!(gap >= least, "gap {place} is {gap:?}");
    }
}

/// A wrong connector unwraps the rate headers, or divides by them.
#[test]
fn absent_or_odd_rate_headers_do_no_harm() {
    let contacts = json!({"code": 0, "contacts": [], "page_context": {"has_more_page": false}});
    let good = || Fault::on("list_contacts").json(contacts.clone()).status(200);
    let busy = || Fault::on("list_contacts").status(429);
    let odd = |fault: Fault, value: &str| {
        fault
            .header("retry-after", value)
            .header("x-rate-limit-limit", value)
            .header("x-rate-limit-remaining", value)
            .header("x-rate-limit-reset", value)
    };
    let mut faults = vec![good(), busy()];
    for value in ["0", "", "soon", "-1", "1.5", "18446744073709551616"] {
        faults.extend([odd(good(), value), odd(busy(), value)]);
    }
    for fault in faults {
        let harness = Harness::with(|builder| builder.pause_at(80));
        let books = harness
            .zoho
            .books(OrganizationId::new(harness.mock.organization_id()));
        harness.mock.faults().script(fault.clone().times(1));
        for _ in 0..3 {
            let rows = harness.run(async { books.records("contacts").all().await });
            assert!(rows.is_ok_and(|rows| rows.is_empty()), "{fault:?}");
        }
    }
}

/// A wrong connector sends a `POST` again when no answer came, and there are two of everything.
#[test]
fn a_post_is_not_replayed_after_a_timeout() {
    let lost = [
        Fault::on("create_records").slow_body(1, Duration::from_secs(300)),
        Fault::on("create_records").delay(Duration::from_secs(300)),
        Fault::on("create_records").drop_reply(),
    ];
    for fault in lost {
        let harness = Harness::new();
        harness.mock.faults().script(fault.clone().times(1));
        let error = harness
            .run(async {
                let leads = harness.zoho.crm().records("Leads");
                leads.create([Record::new().set("Last_Name", "Ngo")]).await
            })
            .expect_err("no answer came");
        assert!(error.is_outcome_unknown(), "{fault:?}: {error}");
        assert_eq!(harness.mock.journal().count("create_records"), 1, "{fault:?}");
        let leads = harness.run(async { harness.zoho.crm().records("Leads").count().await });
        assert!(leads.is_ok_and(|leads| leads <= 1), "{fault:?}");
    }
}

/// A wrong connector knows one of the statuses that a batch with mixed outcomes has (207, 200, or 400 when all rows are
/// refused), and takes the others for a success or a failure of the whole.
#[test]
fn a_mixed_batch_is_read_row_by_row_in_every_dialect() {
    let good = || Record::new().set("Last_Name", "Ngo");
    let bad = || Record::new().set("Company", "Acme");
    for mixed_with_200 in [false, true] {
        let world = MockZoho::builder().mixed_with_200(mixed_with_200);
        let harness = Harness::of(world, |_, client| client);
        for (rows, taken) in [
            (vec![good(), bad(), good()], vec![true, false, true]),
            (vec![bad(), bad()], vec![false, false]),
            (vec![good()], vec![true]),
        ] {
            let outcomes = harness.run(async { harness.zoho.crm().records("Leads").create(rows).await });
            let outcomes = outcomes.expect("a batch is answered row by row");
            let ok: Vec<bool> = outcomes.iter().map(Outcome::is_ok).collect();
            assert_eq!(ok, taken, "mixed_with_200: {mixed_with_200}");
            let mut refusals = outcomes.iter().filter_map(Outcome::refusal);
            assert!(refusals.all(|refused| refused.code == "MANDATORY_NOT_FOUND"));
        }
    }
}
