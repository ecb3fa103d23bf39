//! Records from a stream: every one is written once and told about in order, and what fails says what is in doubt.

use std::sync::Arc;

use futures_util::stream;
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::Record;
use crate::testing::{Act, Script, refuse, say};

/// Takes every record, counts how many batches are under way at once, and breaks the batch that begins with a record.
#[derive(Clone, Default)]
struct Server {
    taken: Arc<Mutex<Vec<u64>>>,
}

impl Server {
    fn script(&self, broken: Option<(u64, bool)>) -> Script {
        let taken = Arc::clone(&self.taken);
        Script::new(move |seen, _| -> Act {
            let body = seen.json();
            let rows = body["data"].as_array().unwrap();
            let number = |row: &Value| row["Number"].as_u64().unwrap();
            let first = number(&rows[0]);
            match broken {
                Some((at, true)) if at == first / 100 => return Act::Break,
                Some((at, false)) if at == first / 100 => return refuse(400, "INVALID_DATA"),
                _ => {}
            }
            taken.lock().extend(rows.iter().map(number));
            let outcome = |row: &Value| {
                let id = format!("9{:06}", number(row));
                json!({"code": "SUCCESS", "status": "success", "message": "", "details": {"id": id}})
            };
            say(201, json!({"data": rows.iter().map(outcome).collect::<Vec<_>>()}))
        })
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_record_is_written_once_and_told_in_order_or_said_to_be_in_doubt(
        rows in 0_u64..2_500, at_once in 0_usize..12, broken in prop::option::of((0_u64..25, any::<bool>())),
    ) {
        run(async {
            let server = Server::default();
            let pulled = Arc::new(Mutex::new(0_u64));
            let counter = Arc::clone(&pulled);
            let source = (0..rows).inspect(move |n| *counter.lock() = n + 1).map(|n| Record::new().set("Number", n));
            let client = server.script(broken).client();
            let writes = client.crm().records("Leads").create_from(stream::iter(source)).at_once(at_once);
            let mut batches = writes.outcomes();
            let (mut told, mut failure) = (Vec::new(), None);
            loop {
                match batches.try_next().await {
                    Ok(None) => break,
                    Ok(Some(batch)) => {
                        for (place, outcome) in batch.outcomes().iter().enumerate() {
                            let number = batch.first() + place as u64;
                            assert_eq!(outcome.id().unwrap().as_str(), format!("9{number:06}"));
                            told.push(number);
                        }
                    }
                    Err(error) => failure = Some(error),
                }
            }
            assert!(told.is_sorted());
            let mut taken = server.taken.lock().clone();
            taken.sort_unstable();
            assert_eq!(&told, &taken, "what was written is told, each once");
            match (broken.filter(|(at, _)| at * 100 < rows), failure) {
                (None, None) => assert_eq!(told.len() as u64, rows),
                (Some((at, lost)), Some(error)) => {
                    let partial = error.partial_write().unwrap();
                    let first = usize::try_from(at).unwrap() * 100;
                    let range = first..usize::try_from(rows).unwrap().min(first + 100);
                    let (unknown, not_written) = if lost { (range, first..first) } else { (first..first, range) };
                    // An empty range says nothing, wherever it stands.
                    if !unknown.is_empty() || lost { assert_eq!(&partial.unknown, &unknown); }
                    if !lost { assert_eq!(&partial.not_written, &not_written); }
                    let pulled = *pulled.lock();
                    assert!(pulled <= at * 100 + 100 * (at_once.max(1) as u64 + 2), "it went on behind the failure");
                }
                (broken, failure) => panic!("{broken:?} gave {failure:?}"),
            }
        });
    }
}

#[test]
fn an_update_from_a_stream_wants_ids() {
    run(async {
        let client = Server::default().script(None).client();
        let rows = stream::iter([Record::new().set("Number", 1)]);
        let mut batches = client.crm().records("Leads").update_from(rows).outcomes();
        let error = batches.try_next().await.unwrap_err();
        assert!(error.to_string().contains("record 0 has no `id`"), "{error}");
    });
}
