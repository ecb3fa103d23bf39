//! A channel that is deployed is open at every instant, and one that is removed leaves nothing behind.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use zoho_client::triggers::{Change, Feed, Hints, Schedule, Trigger, Watch};
use zoho_client::webhook::{Respond, WebhookService};
use zoho_client::{ErrorKind, MemoryStore, Record, StateStore, Zoho};
use zoho_conformance::flaky::FlakyStore;
use zoho_conformance::harness::{Harness, connect};
use zoho_conformance::proof;
use zoho_mock::{DeliveryFault, Fault, MockZoho};

const DAY: Duration = Duration::from_secs(86_400);

fn watch(zoho: &Zoho, store: Arc<dyn StateStore>) -> Watch {
    Watch::new("leads", &zoho.crm(), store)
        .events(["Leads.all", "Contacts.create"])
        .notify_url("https://example.com/zoho?k=v")
}

/// The ids of all channels that are open, with the first end of each.
async fn open(zoho: &Zoho) -> Vec<(String, Timestamp)> {
    let channels = zoho
        .crm()
        .channels()
        .list()
        .all()
        .await
        .expect("the mock answers");
    let mut open: Vec<(String, Timestamp)> = Vec::new();
    for channel in channels {
        let end = serde_json::to_value(&channel).expect("it is plain data")["channel_expiry"]
            .as_str()
            .and_then(|text| text.parse::<zoho_client::wire::DateTime>().ok())
            .expect("a channel has an end");
        open.push((channel.channel_id, end.timestamp()));
    }
    open
}

/// Thirty days, hour by hour, with a life of a week, of six days or of an hour.
#[test]
fn a_channel_is_open_at_every_instant_of_thirty_days() {
    for life in [
        7 * DAY - Duration::from_secs(60),
        6 * DAY,
        Duration::from_secs(3_600),
    ] {
        let harness = Harness::new();
        harness.run(async {
            let mut watch = watch(&harness.zoho, Arc::new(MemoryStore::new())).expiry(life);
            watch.deploy().await.expect("nothing goes wrong");
            let keeping = async {
                loop {
                    watch.renew().await.expect("nothing goes wrong");
                }
            };
            let looking = async {
                let end = harness.mock.now().saturating_add(30 * DAY).expect("an instant");
                let mut looks = 0;
                while harness.mock.now() < end {
                    let open = open(&harness.zoho).await;
                    assert_eq!(
                        open.len(),
                        2,
                        "two modules of one channel at {}",
                        harness.mock.now()
                    );
                    assert!(open.iter().all(|(id, _)| *id == open[0].0));
                    looks += 1;
                    tokio::time::sleep(Duration::from_secs(977)).await;
                }
                looks
            };
            tokio::select! {
                () = keeping => {}
                looks = looking => assert!(looks > 2_500),
            }
        });
        let journal = harness.mock.journal();
        let written = journal.count("enable_notifications") + journal.count("update_notifications");
        let halves = (30 * DAY).as_secs() / (life.as_secs() / 2) + 1;
        assert!(
            written <= halves,
            "{written} writes in {halves} halves of {life:?}"
        );
    }
}

/// What happens to whoever keeps a channel.
#[derive(Clone, Copy, Debug)]
enum Act {
    Deploy,
    Renew,
    Remove,
    /// The process ends, and another begins.
    Restart,
    /// Zoho forgets the channel.
    Lapse,
    /// Time passes, in hours.
    Pass(u64),
    /// A request of this kind goes wrong; whether it is carried out all the same.
    Fault(&'static str, bool),
    /// The store fails after so many writes; whether that write is done all the same.
    Store(u32, bool),
}

fn any_act() -> impl Strategy<Value = Act> {
    let operation = prop_oneof![
        Just("get_notification_details"),
        Just("enable_notifications"),
        Just("update_notifications"),
        Just("disable_notifications"),
    ];
    prop_oneof![
        3 => Just(Act::Deploy),
        3 => Just(Act::Renew),
        1 => Just(Act::Remove),
        3 => Just(Act::Restart),
        2 => Just(Act::Lapse),
        2 => (1u64..200).prop_map(Act::Pass),
        4 => (operation, any::<bool>()).prop_map(|(operation, done)| Act::Fault(operation, done)),
        3 => (0u32..4, any::<bool>()).prop_map(|(writes, done)| Act::Store(writes, done)),
    ]
}

proptest! {
    #![proptest_config(proof::config("channels::any_life"))]

    /// Whatever fails wherever, and whenever the process ends: there is one channel, it can be deployed
    /// again, and once it is removed there is none.
    #[test]
    fn no_channel_is_left_behind(acts in prop::collection::vec(any_act(), 1..30)) {
        let harness = Harness::new();
        let store = FlakyStore::new();
        let author = harness.run(async { connect(&harness.mock).build() });
        let author = author.expect("the mock's credentials are complete");
        harness.run(async {
            let mut kept = watch(&harness.zoho, store.clone());
            for act in acts {
                match act {
                    Act::Deploy => drop(kept.deploy().await),
                    Act::Renew => drop(kept.renew().await),
                    Act::Remove => drop(kept.remove().await),
                    Act::Restart => kept = watch(&harness.zoho, store.clone()),
                    Act::Lapse => {
                        for (id, _) in open(&author).await {
                            let id = id.parse::<zoho_client::crm::ChannelId>().expect("digits");
                            drop(author.crm().channels().disable([id]).await);
                        }
                    }
                    Act::Pass(hours) => tokio::time::sleep(Duration::from_secs(3_600 * hours)).await,
                    Act::Fault(operation, done) => {
                        let fault = Fault::on(operation).times(1);
                        let fault = if done { fault.drop_reply() } else { fault.drop_connection() };
                        harness.mock.faults().script(fault);
                    }
                    Act::Store(writes, done) => store.fail_after(writes, done),
                }
                let ids: BTreeSet<String> = open(&author).await.into_iter().map(|(id, _)| id).collect();
                prop_assert!(ids.len() <= 1, "there are {ids:?}");
            }
            harness.mock.faults().clear();
            store.heal();
            let deployed = kept.deploy().await.expect("nothing goes wrong any more");
            let now = open(&author).await;
            prop_assert_eq!(now.len(), 2);
            prop_assert!(now.iter().all(|(id, end)| *id == deployed.channel_id.to_string() && *end >= deployed.expires));
            kept.remove().await.expect("nothing goes wrong any more");
            prop_assert_eq!(open(&author).await, []);
            prop_assert_eq!(store.keys("channel/").await.expect("memory"), Vec::<String>::new());
            Ok(())
        })?;
    }
}

/// A thousand lapses of a channel whose callbacks are lost, doubled, swapped and late besides: every
/// change is told once, and those that a callback told of are told early.
#[test]
fn push_and_poll_lose_nothing_through_a_thousand_lapses() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a current-thread runtime needs nothing of the system");
    runtime.block_on(async {
        let hints = Hints::new();
        let service: Arc<Mutex<Option<WebhookService>>> = Arc::default();
        let behind = service.clone();
        let deliver = tower::service_fn(
            move |request: http::Request<http_body_util::Full<bytes::Bytes>>| {
                let service = behind.lock().expect("nobody panicked").clone();
                async move {
                    match service {
                        Some(service) => tower::ServiceExt::oneshot(service, request).await,
                        None => Ok(http::Response::default()),
                    }
                }
            },
        );
        let mock = MockZoho::builder()
            .deliver_to(deliver)
            .crm_credits(u32::MAX)
            .in_process();
        for fault in [
            DeliveryFault::dropped().every(7),
            DeliveryFault::duplicated().every(5),
            DeliveryFault::reordered().every(3),
            DeliveryFault::delayed(Duration::from_secs(90)).every(4),
        ] {
            mock.delivery_faults().script(fault);
        }
        let zoho = connect(&mock)
            .build()
            .expect("the mock's credentials are complete");
        let store = Arc::new(MemoryStore::new());
        let mut channel = watch(&zoho, store.clone());
        let deployed = channel.deploy().await.expect("nothing goes wrong");
        let hinted = hints.clone();
        let receiver = deployed.receiver().expect("a token");
        *service.lock().expect("nobody panicked") =
            Some(WebhookService::new(receiver, move |notification| {
                hinted.hint(&notification);
                async { Respond::Done }
            }));
        let feed = Feed::crm(&zoho.crm(), "Leads")
            .fields(["Last_Name"])
            .lag(Duration::from_secs(2));
        let hourly = Schedule::every(Duration::from_secs(3_600)).expect("an interval");
        let mut trigger = Trigger::new("leads", feed, hourly, store)
            .expect("it is right")
            .hinted_by(&hints);
        trigger.begin().await.expect("nothing goes wrong");

        let told: Arc<Mutex<Vec<(String, Change, i64)>>> = Arc::default();
        let telling = told.clone();
        let clock = mock.now();
        let began = tokio::time::Instant::now();
        let reading = tokio::spawn(async move {
            loop {
                let batch = trigger.next().await.expect("nothing goes wrong");
                for event in &batch {
                    let now = clock.as_second() + i64::try_from(began.elapsed().as_secs()).expect("seconds");
                    let late = now - event.time.as_second();
                    telling
                        .lock()
                        .expect("nobody panicked")
                        .push((event.id.to_string(), event.change, late));
                }
                trigger.acknowledge(&batch).await.expect("memory does not fail");
            }
        });
        let leads = zoho.crm().records("Leads");
        let mut made = BTreeSet::new();
        let mut random = 7_u64;
        let mut below = |end: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % end
        };
        for lapse in 0..1_000 {
            // While the channel is open, then while it is not.
            for _ in 0..2 {
                let rows = (0..=below(2)).map(|n| Record::new().set("Last_Name", format!("{lapse} {n}")));
                for outcome in leads.create(rows).await.expect("leads are made") {
                    made.insert(outcome.id().expect("a lead is made").to_string());
                }
                tokio::time::sleep(Duration::from_secs(below(400))).await;
                zoho.crm()
                    .channels()
                    .disable([deployed.channel_id])
                    .await
                    .expect("it answers");
                tokio::time::sleep(Duration::from_secs(below(900))).await;
            }
            channel.deploy().await.expect("it is opened anew");
        }
        tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
        reading.abort();
        let told = told.lock().expect("nobody panicked");
        let ids: BTreeSet<String> = told.iter().map(|(id, ..)| id.clone()).collect();
        assert_eq!(ids, made, "every lead was told of");
        assert_eq!(told.len(), made.len(), "none was told of twice");
        assert!(told.iter().all(|(_, change, _)| *change == Change::Created));
        assert!(
            told.iter().all(|(.., late)| *late <= 3_700),
            "none waited longer than the schedule"
        );
        let early = told.iter().filter(|(.., late)| *late <= 10).count();
        eprintln!("{} leads, {early} of them told within 10 seconds", told.len());
        assert!(
            early * 4 > told.len(),
            "{early} of {} were told early",
            told.len()
        );
    });
}

#[test]
fn a_channel_that_can_not_be_right_is_refused_before_anything_is_sent() {
    let harness = Harness::new();
    harness.run(async {
        let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
        let wrong = [
            watch(&harness.zoho, store.clone()).expiry(7 * DAY),
            watch(&harness.zoho, store.clone()).expiry(Duration::from_secs(5)),
            watch(&harness.zoho, store.clone()).token(""),
            watch(&harness.zoho, store.clone()).token("x".repeat(51)),
        ];
        for mut watch in wrong {
            let error = watch.deploy().await.expect_err("it can not be right");
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        }
        assert_eq!(harness.mock.journal().count("enable_notifications"), 0);
        assert_eq!(
            store.keys("channel/").await.expect("memory"),
            Vec::<String>::new()
        );
    });
}

#[test]
fn a_channel_that_is_not_readable_or_newer_is_left_alone() {
    let harness = Harness::new();
    harness.run(async {
        for kept in [&b"{"[..], br#"{"format":9}"#] {
            let store = Arc::new(MemoryStore::new());
            store
                .put("channel/leads", kept.to_vec(), zoho_client::Guard::Always)
                .await
                .expect("memory");
            let error = watch(&harness.zoho, store.clone())
                .deploy()
                .await
                .expect_err("it is not readable");
            assert_eq!(error.kind(), ErrorKind::Store);
            assert!(error.to_string().contains("channel/leads"), "{error}");
            let entry = store
                .get("channel/leads")
                .await
                .expect("memory")
                .expect("it is there");
            assert_eq!(entry.value, kept);
        }
    });
}
