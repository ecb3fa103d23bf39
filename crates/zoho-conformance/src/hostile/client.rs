//! What the client reads of a server and of callbacks.

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt as _;
use http::{HeaderMap, Request, Response, StatusCode};
use tokio::runtime::Runtime;
use zoho_client::crm::Deleted;
use zoho_client::webhook::Receiver;
use zoho_client::{
    Authorization, AuthorizeUrl, Body, Error, Method, OAuthApp, OrganizationId, Record, Region, RetryPolicy,
    ServiceTransport, TokioClock, Zoho,
};

use crate::decode as decoding;
use crate::harness::paused;

/// An error is a line for people, whatever it is about.
const LONGEST_ERROR: usize = 2_000;

/// What the server in this process answers: to token requests, and to others.
#[derive(Default)]
struct Says {
    token: Option<Vec<u8>>,
    status: u16,
    body: Vec<u8>,
}

struct Desk {
    runtime: Runtime,
    says: Arc<Mutex<Says>>,
    consent: Authorization,
    receiver: Receiver,
}

fn locked(says: &Mutex<Says>) -> MutexGuard<'_, Says> {
    says.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    fn new() -> Self {
        let app = OAuthApp::new("1000.X", "secret").redirect_uri("https://app.example/callback");
        Self {
            runtime: paused(),
            says: Arc::default(),
            consent: AuthorizeUrl::new(Region::Eu, app)
                .begin([0; 48])
                .expect("it is complete"),
            receiver: Receiver::new("token").expect("it is short enough"),
        }
    }

    /// A client that knows nothing yet, of a server that says what it is told to.
    fn client(&self) -> Zoho {
        let says = self.says.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let says = locked(&says);
            let usual = || br#"{"access_token": "1000.a", "expires_in": 3600}"#.to_vec();
            let (status, body) = match request.uri().path() {
                "/oauth/v2/token" => (200, says.token.clone().unwrap_or_else(usual)),
                _ => (says.status, says.body.clone()),
            };
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            std::future::ready(Ok::<_, Infallible>(response))
        });
        Zoho::builder(Region::custom("http://127.0.0.1:9").expect("it is this machine"))
            .oauth(OAuthApp::new("1000.X", "secret"))
            .refresh_token("1000.r")
            .clock(TokioClock::starting_at(
                "2026-01-01T00:00:00Z".parse().expect("it is an instant"),
            ))
            .retry(RetryPolicy::none())
            .transport(ServiceTransport::new(service))
            .build()
            .expect("it is complete")
    }
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk::new());
}

/// What every outcome must keep: an error is short and says where.
fn check<T>(outcome: Result<T, Error>) {
    if let Err(error) = outcome {
        let text = error.to_string();
        assert!(text.len() <= LONGEST_ERROR, "an error of {} bytes", text.len());
        assert!(!text.contains(char::is_control), "control characters in {text:?}");
    }
}

/// The first byte chooses a status, the second a call; the rest is the body.
pub(super) fn response(input: &[u8]) {
    let [status, call, body @ ..] = input else { return };
    let statuses = [
        200, 200, 200, 201, 202, 204, 207, 304, 400, 401, 403, 404, 429, 500, 503,
    ];
    DESK.with_borrow(|desk| {
        *locked(&desk.says) = Says {
            token: None,
            status: statuses
                .get(usize::from(*status) % statuses.len())
                .copied()
                .unwrap_or(200),
            body: body.to_vec(),
        };
        let zoho = desk.client();
        desk.runtime.block_on(async {
            let leads = zoho.crm().records("Leads");
            let record = || Record::new().set("Last_Name", "x");
            match call % 14 {
                0 => check(leads.fields(["id"]).send().await),
                1 => check(leads.create([record()]).await),
                2 => check(leads.count().await),
                3 => check(zoho.crm().coql("select id from Leads").send().await),
                4 => check(zoho.crm().modules().await),
                5 => check(zoho.crm().fields("Leads").await),
                6 => check(zoho.crm().channels().list().send().await),
                7 => check(leads.get("1").await),
                8 => check(leads.deleted(Deleted::All).send().await),
                9 => check(
                    zoho.books(OrganizationId::new("1"))
                        .records("invoices")
                        .list()
                        .send()
                        .await,
                ),
                10 => check(
                    zoho.books(OrganizationId::new("1"))
                        .records("invoices")
                        .get("1")
                        .await,
                ),
                11 => check(
                    zoho.crm()
                        .raw(Method::POST, "/Leads")
                        .json(&record())
                        .send()
                        .await,
                ),
                12 => check(zoho.crm().bulk().read_job("1").status().await),
                _ => check(leads.upsert([record()]).await),
            }
        });
    });
}

/// The body of an answer of the accounts server.
pub(super) fn token_answer(input: &[u8]) {
    DESK.with_borrow(|desk| {
        *locked(&desk.says) = Says {
            token: Some(input.to_vec()),
            status: 200,
            body: br#"{"count": 1}"#.to_vec(),
        };
        let zoho = desk.client();
        let counted = desk.runtime.block_on(zoho.crm().records("Leads").count());
        check(counted);
    });
}

/// The first two bytes choose an operation, whose reply type reads the rest.
pub(super) fn decode(input: &[u8]) {
    thread_local! {
        static NAMES: Vec<String> = decoding::operations().map(|(name, _)| name).collect();
    }
    let [high, low, body @ ..] = input else { return };
    NAMES.with(|names| {
        let at = usize::from(u16::from_be_bytes([*high, *low])) % names.len();
        if let Some(name) = names.get(at) {
            let report = decoding::decode(name, body);
            assert!(report.lost.is_empty(), "{name} loses {:?}", report.lost);
        }
    });
}

/// The address that a user comes back to from consent.
pub(super) fn oauth_callback(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    DESK.with_borrow(|desk| match desk.consent.callback(&text) {
        Ok(callback) => assert!(
            Region::all().any(|region| region == *callback.region()),
            "{text:?} leads to {:?}",
            callback.region()
        ),
        Err(error) => check(Err::<(), _>(error)),
    });
}

/// The body of a notification.
pub(super) fn webhook(input: &[u8]) {
    DESK.with_borrow(|desk| {
        if let Ok(notification) = desk.receiver.receive(&HeaderMap::new(), input) {
            assert!(input.windows(5).any(|part| part == b"token") || input.contains(&b'\\'));
            assert_eq!(notification.events().count(), notification.ids.len());
        }
    });
}

/// An archive of exported records.
pub(super) fn archive(input: &[u8]) {
    DESK.with_borrow(|desk| {
        *locked(&desk.says) = Says {
            token: None,
            status: 200,
            body: input.to_vec(),
        };
        let zoho = desk.client();
        desk.runtime.block_on(async {
            match zoho.crm().bulk().read_job("1").rows().await {
                Ok(rows) => {
                    let mut rows = rows.take(10_000);
                    while let Some(row) = rows.next().await {
                        check(row);
                    }
                }
                Err(error) => check(Err::<(), _>(error)),
            }
        });
    });
}
