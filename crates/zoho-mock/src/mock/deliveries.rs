//! Notification callbacks as a test sees them.

use super::MockZoho;
use crate::delivery::{Delivery, DeliveryFault};
use crate::front::Shared;

impl MockZoho {
    /// The notification callbacks: those that ended (the last 10,000), in the order they did, then
    /// those that wait for their turn or for the clock.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    /// use tower::ServiceExt as _;
    ///
    /// let zoho = zoho_mock::MockZoho::in_process();
    /// let form = format!(
    ///     "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
    ///     zoho.client_id(), zoho.client_secret(), zoho.refresh_token(),
    /// );
    /// let request = http::Request::post("http://localhost/oauth/v2/token").body(form)?;
    /// let answer = http_body_util::BodyExt::collect(zoho.service().oneshot(request).await?.into_body()).await?;
    /// let answer: serde_json::Value = serde_json::from_slice(&answer.to_bytes())?;
    /// let token = format!("Zoho-oauthtoken {}", answer["access_token"].as_str().unwrap_or_default());
    ///
    /// let watch = json!({"watch": [{"channel_id": "1", "events": ["Leads.all"], "notify_url": "https://a.example/?k=v"}]});
    /// let lead = json!({"data": [{"Last_Name": "Ngo"}]});
    /// for (path, body) in [("actions/watch", watch), ("Leads", lead)] {
    ///     let request = http::Request::post(format!("http://localhost/crm/v8/{path}"))
    ///         .header("authorization", &token)
    ///         .body(body.to_string())?;
    ///     assert_eq!(zoho.service().oneshot(request).await?.status(), 201);
    /// }
    /// let told = zoho.deliveries();
    /// assert_eq!(told[0].payload["operation"], "insert");
    /// assert_eq!(told[0].payload["query_params"], json!({"k": "v"}));
    /// # Ok(())
    /// # }
    /// ```
    pub fn deliveries(&self) -> Vec<Delivery> {
        let mut state = self.shared.state.lock();
        self.shared.post_notices(&mut state);
        state.ledger.deliveries()
    }

    /// Waits until no callback is due or under way. Those that wait for the clock are not waited for.
    pub async fn settle_deliveries(&self) {
        self.shared.settle_deliveries().await;
    }

    /// What is scripted to go wrong with notification callbacks.
    pub fn delivery_faults(&self) -> DeliveryFaults<'_> {
        DeliveryFaults { shared: &self.shared }
    }
}

/// What is scripted to go wrong with notification callbacks.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryFaults<'a> {
    shared: &'a Shared,
}

impl DeliveryFaults<'_> {
    /// Adds a fault; where several are meant for a callback, the first that is due strikes.
    pub fn script(&self, fault: DeliveryFault) {
        self.shared.state.lock().ledger.script(fault);
    }

    /// Forgets all faults.
    pub fn clear(&self) {
        self.shared.state.lock().ledger.clear_script();
    }
}
