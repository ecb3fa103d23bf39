//! Deliveries and their faults under `/_mock/deliveries`.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::DeliveryFault;
use crate::answer::Answer;
use crate::front::{Asked, Shared, wish};
use crate::masking;

impl Shared {
    /// Answers a request below `/_mock/deliveries`.
    pub(crate) fn deliveries_admin(&self, path: &str, asked: &Asked<'_>) -> Answer {
        let mut state = self.state.lock();
        let method = &asked.parts.method;
        let scripted = |faults: Value| json!({"faults": faults});
        let body = match (path, method) {
            ("", &Method::GET) => {
                self.post_notices(&mut state);
                let channel = asked.query.iter().find(|(key, _)| key == "channel_id");
                let mut deliveries = state.ledger.deliveries();
                deliveries.retain(|delivery| channel.is_none_or(|(_, id)| *id == delivery.channel_id));
                let mut shown = json!({"deliveries": deliveries});
                masking::secrets().json(&mut shown);
                shown
            }
            ("/faults", &Method::GET) => scripted(state.ledger.script_to_json()),
            ("/faults", &Method::POST) => match wish::several::<DeliveryFault>(asked.body) {
                Ok(faults) => {
                    faults.into_iter().for_each(|fault| state.ledger.script(fault));
                    scripted(state.ledger.script_to_json())
                }
                Err(error) => return Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error})),
            },
            ("/faults", &Method::DELETE) => {
                state.ledger.clear_script();
                scripted(json!([]))
            }
            ("" | "/faults", _) => {
                let error = format!("{method} is not for /_mock/deliveries{path}");
                return Answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": error}));
            }
            _ => {
                let error =
                    format!("there is no /_mock/deliveries{path}: only deliveries, deliveries/faults");
                return Answer::json(StatusCode::NOT_FOUND, &json!({"error": error}));
            }
        };
        Answer::json(StatusCode::OK, &body)
    }
}
