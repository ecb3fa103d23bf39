//! An axum server that takes CRM's notification callbacks.
//!
//! ```sh
//! ZOHO_WEBHOOK_TOKEN=... cargo run -p zoho-client --example webhook   # listens on 127.0.0.1:8118
//! cargo run -p zoho-client --example webhook -- --once                # sends itself two callbacks, and ends
//! ```
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use std::error::Error;

use axum::Router;
use axum::body::Body;
use http::Request;
use tower::ServiceExt as _;
use zoho_client::webhook::{CallbackMaker, Operation, Receiver, Respond, WebhookService};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let once = std::env::args().any(|word| word == "--once");
    let token = match std::env::var("ZOHO_WEBHOOK_TOKEN") {
        Ok(token) => token,
        Err(_) if once => "only for this run".to_owned(),
        Err(_) => return Err("set ZOHO_WEBHOOK_TOKEN to the token that the channel was enabled with".into()),
    };
    let receiver = Receiver::new(token.clone())?;
    let service = WebhookService::new(receiver.clone(), |notification| async move {
        for event in notification.events() {
            println!("{} {} {}", event.module, event.operation, event.id);
        }
        Respond::Done
    });
    let app = Router::new().route_service("/zoho", service);
    if once {
        let callback = CallbackMaker::new("Leads", Operation::Insert).record(1_u64, [("Last_Name", "Ngo")]);
        for token in [token, "a guess".to_owned()] {
            let (_, body) = callback.clone().token(token).make();
            let request = Request::post("/zoho").body(Body::from(body))?;
            println!("answered with {}", app.clone().oneshot(request).await?.status());
        }
        println!("{:?}", receiver.counts());
        return Ok(());
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8118").await?;
    println!("listening on http://{}/zoho", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
