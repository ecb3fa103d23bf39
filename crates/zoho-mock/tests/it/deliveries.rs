//! Notification callbacks: in the order of the changes, each once, unless a fault was scripted.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::{DeliveryFault, DeliveryOutcome, MockZoho};

use super::support::Desk;

impl Desk {
    fn crm(&self, method: Method, path: &str, body: &Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let reply = self.call(method, &format!("/crm/v8/{path}"), body);
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply.json()
    }

    fn watch(&self, channel: &str, url: &str) {
        let watch = json!({"watch": [{"channel_id": channel, "events": ["Leads.all"], "notify_url": url}]});
        self.crm(Method::POST, "actions/watch", &watch);
    }

    /// Creates one lead and gives its id.
    fn lead(&self, name: &str) -> String {
        let made = self.crm(Method::POST, "Leads", &json!({"data": [{"Last_Name": name}]}));
        made["data"][0]["details"]["id"].as_str().unwrap().to_owned()
    }

    /// Each record that a callback of this outcome named, with what happened to it.
    fn told(&self, outcome: DeliveryOutcome) -> Vec<(String, String)> {
        let deliveries = self.zoho.deliveries();
        let wanted = deliveries.iter().filter(|delivery| delivery.outcome == outcome);
        wanted.flat_map(|delivery| events(&delivery.payload)).collect()
    }

    fn arrived(&self) -> Vec<String> {
        self.told(DeliveryOutcome::Delivered)
            .into_iter()
            .map(|(id, _)| id)
            .collect()
    }
}

fn events(payload: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = payload["ids"].as_array().unwrap();
    ids.iter()
        .map(|id| (text(id), text(&payload["operation"])))
        .collect()
}

/// A service that keeps the bodies that it is handed.
#[derive(Clone, Default)]
struct Inbox(Arc<Mutex<Vec<(String, Value)>>>);

impl Inbox {
    fn service(
        &self,
        status: u16,
    ) -> impl tower::Service<
        Request<Full<Bytes>>,
        Response = Response<String>,
        Error = Infallible,
        Future: Send,
    > + Clone
    + Send
    + Sync
    + 'static {
        let inbox = self.0.clone();
        tower::service_fn(move |request: Request<Full<Bytes>>| {
            let inbox = inbox.clone();
            async move {
                assert_eq!(
                    request.headers()["content-type"],
                    "application/json;charset=UTF-8"
                );
                let url = request.uri().to_string();
                let body = request.into_body().collect().await.unwrap().to_bytes();
                // A receiver that takes its time, so that a courier that did not wait would be seen.
                tokio::time::sleep(Duration::from_millis(body.len() as u64 % 7)).await;
                let body = serde_json::from_slice(&body).unwrap();
                inbox.lock().unwrap().push((url, body));
                let mut answer = Response::new(String::new());
                *answer.status_mut() = StatusCode::from_u16(status).unwrap();
                Ok(answer)
            }
        })
    }

    fn events(&self) -> Vec<(String, String)> {
        let inbox = self.0.lock().unwrap();
        inbox.iter().flat_map(|(_, body)| events(body)).collect()
    }
}

/// Writes leads as the steps say and gives what was done, in order.
fn write(desk: &Desk, steps: &[(u8, u8)]) -> Vec<(String, String)> {
    let mut living: Vec<String> = Vec::new();
    let mut done = Vec::new();
    for (step, number) in steps {
        let many = usize::from(number % 3) + 1;
        let mut chosen: Vec<String> = (0..many)
            .filter_map(|at| living.get((usize::from(*number) + at) % living.len().max(1)))
            .cloned()
            .collect();
        match step % 3 {
            0 => {
                let records: Vec<Value> = (0..many)
                    .map(|at| json!({"Last_Name": format!("L{at}")}))
                    .collect();
                let made = desk.crm(Method::POST, "Leads", &json!({"data": records}));
                for item in made["data"].as_array().unwrap() {
                    let id = item["details"]["id"].as_str().unwrap().to_owned();
                    done.push((id.clone(), "insert".to_owned()));
                    living.push(id);
                }
            }
            1 if !chosen.is_empty() => {
                let records: Vec<Value> = chosen
                    .iter()
                    .map(|id| json!({"id": id, "Phone": format!("5550{number}")}))
                    .collect();
                desk.crm(Method::PUT, "Leads", &json!({"data": records}));
                done.extend(chosen.into_iter().map(|id| (id, "update".to_owned())));
            }
            2 if !chosen.is_empty() => {
                chosen.dedup();
                chosen.truncate(1);
                desk.crm(Method::DELETE, &format!("Leads?ids={}", chosen[0]), &Value::Null);
                living.retain(|id| *id != chosen[0]);
                done.extend(chosen.into_iter().map(|id| (id, "delete".to_owned())));
            }
            _ => {}
        }
    }
    done
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_delivered_is_what_was_written_in_its_order(steps in prop::collection::vec(any::<(u8, u8)>(), 0..25)) {
        let desk = Desk::new();
        desk.watch("1", "https://x.example/hook");
        let done = write(&desk, &steps);
        prop_assert_eq!(desk.told(DeliveryOutcome::Delivered), done);
    }

    #[test]
    fn a_service_receives_it_in_order_too(steps in prop::collection::vec(any::<(u8, u8)>(), 0..25)) {
        let inbox = Inbox::default();
        let desk = Desk::with(MockZoho::builder().deliver_to(inbox.service(200)));
        desk.watch("1", "https://x.example/hook");
        let done = write(&desk, &steps);
        desk.runtime.block_on(desk.zoho.settle_deliveries());
        prop_assert_eq!(inbox.events(), done.clone());
        prop_assert_eq!(desk.told(DeliveryOutcome::Delivered), done);
    }

    #[test]
    fn faults_lose_double_and_move_but_never_invent(
        steps in prop::collection::vec(any::<(u8, u8)>(), 0..25),
        faults in prop::collection::vec((0..4_u8, 1..4_u32), 0..4),
    ) {
        let desk = Desk::new();
        desk.watch("1", "https://x.example/hook");
        for (kind, every) in faults {
            let fault = match kind {
                0 => DeliveryFault::dropped(),
                1 => DeliveryFault::duplicated(),
                2 => DeliveryFault::reordered(),
                _ => DeliveryFault::delayed(Duration::from_secs(90)),
            };
            desk.zoho.delivery_faults().script(fault.every(every));
        }
        let done = write(&desk, &steps);
        desk.zoho.advance(Duration::from_secs(120));
        let mut expected = Vec::new();
        for delivery in desk.zoho.deliveries() {
            prop_assert_ne!(delivery.outcome, DeliveryOutcome::Pending);
            if delivery.outcome == DeliveryOutcome::Dropped {
                prop_assert_eq!(delivery.fault, Some("drop"));
            }
            expected.push(delivery);
        }
        expected.sort_by_key(|delivery| delivery.number);
        expected.dedup_by(|second, first| {
            second.fault == Some("duplicate") && second.payload == first.payload && second.number == first.number + 1
        });
        let named: Vec<_> = expected.iter().flat_map(|delivery| events(&delivery.payload)).collect();
        prop_assert_eq!(named, done);
    }
}

#[test]
fn each_fault_does_what_it_is_called() {
    let desk = Desk::new();
    desk.watch("1", "http://localhost/");
    let faults = desk.zoho.delivery_faults();
    faults.script(DeliveryFault::dropped().times(1));
    faults.script(DeliveryFault::duplicated().times(1));
    faults.script(DeliveryFault::reordered().times(1));
    faults.script(DeliveryFault::delayed(Duration::from_secs(5)).times(1));
    let ids: Vec<String> = (0..6).map(|number| desk.lead(&format!("L{number}"))).collect();
    let [lost, twice, swapped, late, next, last] = &ids[..] else {
        panic!()
    };
    assert_eq!(
        desk.arrived(),
        [twice, twice, next, swapped, last].map(String::clone)
    );
    assert_eq!(
        desk.told(DeliveryOutcome::Dropped),
        [(lost.clone(), "insert".into())]
    );
    assert_eq!(
        desk.told(DeliveryOutcome::Pending),
        [(late.clone(), "insert".into())]
    );
    desk.zoho.advance(Duration::from_secs(5));
    assert_eq!(desk.arrived().last(), Some(late));
    faults.script(DeliveryFault::dropped().channel("2"));
    let other = desk.lead("another channel");
    assert_eq!(desk.arrived().last(), Some(&other));
    faults.script(DeliveryFault::reordered().times(1));
    let alone = desk.lead("nothing follows");
    assert_ne!(desk.arrived().last(), Some(&alone));
    desk.zoho.advance(Duration::from_secs(60));
    assert_eq!(desk.arrived().last(), Some(&alone));
    faults.script(DeliveryFault::dropped());
    faults.clear();
    let sound = desk.lead("no faults");
    assert_eq!(desk.arrived().last(), Some(&sound));
}

#[test]
fn a_late_callback_waits_for_the_clock_that_a_test_moves() {
    let inbox = Inbox::default();
    let desk = Desk::with(MockZoho::builder().frozen(true).deliver_to(inbox.service(503)));
    desk.watch("1", "http://localhost/hook?k=v");
    desk.zoho
        .delivery_faults()
        .script(DeliveryFault::delayed(Duration::from_secs(3_000)).times(1));
    let late = desk.lead("late");
    let prompt = desk.lead("prompt");
    let settle = || desk.runtime.block_on(desk.zoho.settle_deliveries());
    settle();
    let named = |id: &String| (id.clone(), "insert".to_owned());
    assert_eq!(inbox.events(), [named(&prompt)]);
    desk.zoho.advance(Duration::from_secs(2_999));
    settle();
    assert_eq!(inbox.events(), [named(&prompt)]);
    let change = json!({"advance": 1});
    desk.send(Method::POST, "/_mock/clock", &[], change.to_string());
    settle();
    assert_eq!(inbox.events(), [named(&prompt), named(&late)]);
    assert_eq!(inbox.0.lock().unwrap()[0].0, "http://localhost/hook?k=v");
    let statuses: Vec<_> = desk
        .zoho
        .deliveries()
        .iter()
        .map(|delivery| delivery.status)
        .collect();
    assert_eq!(statuses, [Some(503), Some(503)]);
    desk.zoho.thaw();
    desk.zoho
        .delivery_faults()
        .script(DeliveryFault::delayed(Duration::from_secs(7)));
    let later = desk.lead("by itself");
    desk.runtime
        .block_on(async { tokio::time::sleep(Duration::from_millis(7_100)).await });
    assert_eq!(inbox.events().last(), Some(&named(&later)));
}

#[test]
fn the_same_over_http() {
    let desk = Desk::new();
    let admin = |method: Method, path: &str, body: Value| {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        desk.send(method, &format!("/_mock/deliveries{path}"), &[], body)
    };
    desk.watch("1", "http://localhost/");
    desk.watch("2", "http://localhost/");
    let faults = admin(
        Method::POST,
        "/faults",
        json!({"effect": "drop", "channel_id": "2"}),
    );
    assert_eq!(faults.json()["faults"][0]["effect"], "drop");
    desk.lead("Ngo");
    let seen = admin(Method::GET, "", Value::Null).json();
    let outcomes: Vec<&Value> = seen["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| &delivery["outcome"])
        .collect();
    // What is lost ends at once.
    assert_eq!(outcomes, ["dropped", "delivered"]);
    let seen = admin(Method::GET, "?channel_id=2", Value::Null).json();
    assert_eq!(seen["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(seen["deliveries"][0]["payload"]["operation"], "insert");
    assert_eq!(
        admin(Method::GET, "/faults", Value::Null).json()["faults"][0]["struck"],
        1
    );
    assert_eq!(
        admin(Method::DELETE, "/faults", Value::Null).json(),
        json!({"faults": []})
    );
    let several = json!([{"effect": "delay", "delay_ms": 5}, {"effect": "reorder", "every": 2}]);
    assert_eq!(
        admin(Method::POST, "/faults", several).json()["faults"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    for wrong in [
        json!({"effect": "explode"}),
        json!({"effect": "drop", "x": 1}),
        json!({}),
    ] {
        assert_eq!(admin(Method::POST, "/faults", wrong).status, 400);
    }
    assert_eq!(admin(Method::POST, "", Value::Null).status, 405);
    assert_eq!(admin(Method::GET, "/x", Value::Null).status, 404);
    desk.zoho.reset();
    assert_eq!(
        admin(Method::GET, "", Value::Null).json(),
        json!({"deliveries": []})
    );
}
