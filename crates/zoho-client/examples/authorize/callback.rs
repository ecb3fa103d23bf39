//! The address on this machine that Zoho sends the user's browser back to.

use std::future::IntoFuture;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use zoho_client::{Authorization, Callback, Error};

/// Waits for one callback.
pub(crate) struct Listener {
    socket: TcpListener,
    port: u16,
}

/// The consent that is under way, and who waits for its end.
struct Waiting {
    consent: Authorization,
    done: Mutex<Option<oneshot::Sender<Result<Callback, Error>>>>,
}

impl Listener {
    pub(crate) async fn bind(port: u16) -> std::io::Result<Self> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = socket.local_addr()?.port();
        Ok(Self { socket, port })
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }

    /// The callback of this consent. Calls that do not belong to it change nothing.
    pub(crate) async fn wait(self, consent: Authorization) -> Result<Callback, Box<dyn std::error::Error>> {
        let (done, callback) = oneshot::channel();
        let waiting = Arc::new(Waiting {
            consent,
            done: Mutex::new(Some(done)),
        });
        let pages = Router::new().route("/callback", get(answer)).with_state(waiting);
        tokio::select! {
            ended = axum::serve(self.socket, pages).into_future() => match ended {
                Ok(()) => Err("the listener ended".into()),
                Err(error) => Err(error.into()),
            },
            callback = callback => Ok(callback??),
        }
    }
}

async fn answer(State(waiting): State<Arc<Waiting>>, uri: Uri) -> (StatusCode, &'static str) {
    let callback = waiting.consent.callback(&uri.to_string());
    // Without the state that was sent it is somebody else's; the user may still come.
    let forged = callback.as_ref().is_err_and(|error| !error.needs_consent());
    if forged {
        return (
            StatusCode::BAD_REQUEST,
            "This is not the answer that was asked for.",
        );
    }
    let agreed = callback.is_ok();
    if let Some(done) = waiting.done.lock().ok().and_then(|mut done| done.take()) {
        // Nobody listens any more when the user took too long.
        let _ = done.send(callback);
    }
    match agreed {
        true => (StatusCode::OK, "Thank you. You can close this window."),
        false => (StatusCode::OK, "You did not consent. You can close this window."),
    }
}
