//! Creates whose outcome is unknown: looked up by a unique field before they are sent again.

use proptest::prelude::*;
use zoho_client::{Outcome, Record};
use zoho_mock::Fault;

use crate::support::{runtime, start};

fn leads(count: usize) -> Vec<Record> {
    (0..count)
        .map(|n| {
            Record::new()
                .set("Last_Name", format!("L{n}"))
                .set("Email", format!("lead{n}@example.com"))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whichever batch loses its connection, and on whichever side: every record is there once, in order.
    #[test]
    fn every_record_is_written_once(count in 1_usize..260, skip in 0_u32..3, carried_out in any::<bool>()) {
        let runtime = runtime();
        runtime.block_on(async {
            let (mock, zoho) = start();
            let fault = Fault::on("create_records").skip(skip).times(1);
            mock.faults().script(if carried_out { fault.drop_reply() } else { fault.drop_connection() });
            let crm = zoho.crm();
            let outcomes = crm.records("Leads").create(leads(count)).look_up_by("Email").await.unwrap();
            assert_eq!(outcomes.len(), count);
            let rows = crm.records("Leads").fields(["Email"]).all().await.unwrap();
            assert_eq!(rows.len(), count, "each once");
            for (n, outcome) in outcomes.iter().enumerate() {
                let Outcome::Ok(written) = outcome else { panic!("{n}: {outcome:?}") };
                let row = rows.iter().find(|row| row.id() == written.id).unwrap();
                assert_eq!(row.get_str("Email"), Some(format!("lead{n}@example.com").as_str()));
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_field_to_look_up_by_it_is_the_caller_who_is_told() {
    let (mock, zoho) = start();
    mock.faults()
        .script(Fault::on("create_records").skip(1).times(1).drop_reply());
    let records = zoho.crm().records("Leads");
    let error = records.create(leads(250)).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    let partial = error.partial_write().unwrap();
    assert_eq!(
        (
            partial.known.len(),
            partial.unknown.clone(),
            partial.not_written.clone()
        ),
        (100, 100..200, 200..250)
    );
    let emails = leads(250)
        .into_iter()
        .map(|lead| lead.get_str("Email").unwrap().to_uppercase());
    let found = records.look_up("Email", emails).await.unwrap();
    assert!(found[..200].iter().all(Option::is_some));
    assert!(found[200..].iter().all(Option::is_none));
}

#[tokio::test(start_paused = true)]
async fn a_second_loss_is_told_in_the_places_of_the_whole() {
    let (mock, zoho) = start();
    mock.faults()
        .script(Fault::on("create_records").times(2).drop_connection());
    let error = zoho
        .crm()
        .records("Leads")
        .create(leads(150))
        .look_up_by("Email")
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown());
    let partial = error.partial_write().unwrap();
    assert_eq!(
        (
            partial.known.len(),
            partial.unknown.clone(),
            partial.not_written.clone()
        ),
        (0, 0..100, 100..150)
    );
    let nameless = [Record::new().set("Last_Name", "A")];
    mock.faults()
        .script(Fault::on("create_records").times(1).drop_reply());
    let error = zoho
        .crm()
        .records("Leads")
        .create(nameless)
        .look_up_by("Email")
        .await
        .unwrap_err();
    assert!(
        error.is_outcome_unknown(),
        "still what stopped the write: {error}"
    );
}
