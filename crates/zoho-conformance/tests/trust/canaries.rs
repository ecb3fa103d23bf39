//! A tour of everything that touches a secret, traced at every level; then all that was said is searched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use tracing_subscriber::fmt::format::FmtSpan;
use zoho_client::crm::Channel;
use zoho_client::webhook::{Receiver, Respond, WebhookService};
use zoho_client::{
    AuthorizeUrl, Body, Method, OAuthApp, OrganizationId, Record, Region, Scopes, SealKey, SealedStore,
    ServiceTransport, StoredTokens, TokioClock, Zoho, ZohoBuilder,
};
use zoho_mock::{Fault, MockZoho};

use super::told::{Sink, Told};

const CLIENT_SECRET: &str = "canary-client-secret-31f7";
const CHANNEL_TOKEN: &str = "canary-channel-token-90aa";
const WRONG_TOKEN: &str = "canary-guessed-token-77c2";
const PASSWORD: &str = "canary-query-password-5e1d";
const CALLBACK: &str = "https://app.example/callback";

/// The access tokens that went over the wire, and the answers of the accounts server.
type Wire = Arc<Mutex<BTreeMap<String, String>>>;

fn note(wire: &Wire, name: &str, secret: &str) {
    let mut wire = wire.lock().unwrap();
    if !wire.values().any(|known| known == secret) {
        let name = format!("{name} {}", wire.len());
        wire.insert(name, secret.to_owned());
    }
}

/// A client of the mock whose every request and answer is listened to.
fn client(mock: &MockZoho, wire: &Wire) -> ZohoBuilder {
    let (service, wire) = (mock.service(), wire.clone());
    let listening = tower::service_fn(move |request: Request<Body>| {
        let (service, wire) = (service.clone(), wire.clone());
        async move {
            if let Some(header) = request.headers().get("authorization") {
                let text = header.to_str().unwrap();
                note(&wire, "access token", text.split(' ').next_back().unwrap());
            }
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            for (name, value) in url::form_urlencoded::parse(&body) {
                if ["code", "code_verifier", "refresh_token", "device_code"].contains(&name.as_ref()) {
                    note(&wire, &name, &value);
                }
            }
            let request = Request::from_parts(parts, Body::from(body));
            let answer = service.oneshot(request).await?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await?.to_bytes();
            if let Ok(Value::Object(members)) = serde_json::from_slice(&body) {
                for name in ["access_token", "refresh_token", "device_code"] {
                    if let Some(secret) = members.get(name).and_then(Value::as_str) {
                        note(&wire, name, secret);
                    }
                }
            }
            Ok::<_, zoho_mock::Broken>(http::Response::from_parts(parts, Body::from(body)))
        }
    });
    let app = OAuthApp::new("1000.CANARY", CLIENT_SECRET).redirect_uri(CALLBACK);
    Zoho::builder(Region::custom(mock.base_url()).unwrap())
        .oauth(app)
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(listening))
        .seed(7)
}

/// Consent by browser and by device; what comes back is noted.
async fn consent(mock: &MockZoho, wire: &Wire, told: &mut Told) -> ZohoBuilder {
    let app = OAuthApp::new("1000.CANARY", CLIENT_SECRET).redirect_uri(CALLBACK);
    told.debug("the application", &app);
    let ask = AuthorizeUrl::new(Region::custom(mock.base_url()).unwrap(), app).scopes(Scopes::everything());
    let consent = ask.begin([42; 48]).unwrap();
    told.debug("what is asked of the user", &ask);
    told.debug("a consent under way", &consent);
    told.text("the address of the consent", consent.url());
    let back = mock.accounts().approve(consent.url()).unwrap();
    let callback = consent.callback(&back).unwrap();
    told.debug("a callback of consent", &callback);
    let forged = back.replace("state=", "state=x");
    told.error("a forged callback", consent.callback(&forged).unwrap_err());
    let builder = client(mock, wire);
    let grant = builder.exchange(&callback).await.unwrap();
    told.debug("a grant", &grant);
    told.error(
        "a code used twice",
        builder.exchange(&callback).await.unwrap_err(),
    );
    let device = builder.device_code(&Scopes::everything()).await.unwrap();
    told.debug("a device's code", &device);
    mock.accounts().approve_device(device.user_code()).unwrap();
    told.debug(
        "a device's grant",
        &builder.wait_for_device(&device).await.unwrap(),
    );
    let wrong = OAuthApp::new("1000.CANARY", WRONG_TOKEN).redirect_uri(CALLBACK);
    let refused = client(mock, wire)
        .oauth(wrong)
        .exchange_code("1000.nothing")
        .await;
    told.error("a wrong client secret", refused.unwrap_err());
    told.debug("a builder", &builder);
    builder.grant(grant)
}

/// Calls that succeed, and calls that fail in every way that can be scripted.
async fn calls(mock: &MockZoho, zoho: &Zoho, told: &mut Told) {
    told.debug("a client", zoho);
    let leads = zoho.crm().records("Leads");
    leads
        .create([Record::new().set("Last_Name", "Ngo")])
        .await
        .unwrap();
    mock.expire_access_tokens();
    leads.clone().fields(["id"]).send().await.unwrap();
    for (name, fault) in [
        ("a refusal", Fault::on("*").status(400)),
        (
            "no scope",
            Fault::on("*")
                .status(401)
                .json(json!({"code": "OAUTH_SCOPE_MISMATCH", "status": "error"})),
        ),
        ("a page of HTML", Fault::on("*").html(500)),
        ("an answer cut short", Fault::on("*").truncate(9)),
        ("no JSON", Fault::on("*").malformed_json()),
        ("a broken connection", Fault::on("*").drop_connection()),
        ("a lost answer", Fault::on("*").drop_reply()),
        ("no service", Fault::on("*").status(503)),
        ("too many calls", Fault::on("*").status(429)),
        ("a late answer", Fault::on("*").delay(Duration::from_secs(600))),
    ] {
        mock.faults().script(fault.times(1_000));
        let created = leads.create([Record::new().set("Last_Name", "Ngo")]).await;
        told.error(name, created.unwrap_err());
        let raw = zoho.crm().raw(Method::GET, "/org").query("password", PASSWORD);
        told.debug("a raw request", &raw);
        // A raw request takes whatever body there is.
        match raw.send().await {
            Err(error) => told.error(&format!("{name}, raw"), error),
            Ok(reply) => told.debug(&format!("{name}, raw"), &reply),
        }
        let books = zoho.books(OrganizationId::new("10234695"));
        if let Err(error) = books.records("contacts").list().send().await {
            told.error(&format!("{name}, Books"), error);
        }
        mock.faults().clear();
    }
    // The accounts server fails while a token is wanted.
    for fault in [
        Fault::on("accounts.token").status(500),
        Fault::on("accounts.token").html(502),
        Fault::on("accounts.token").truncate(20),
        Fault::on("accounts.token")
            .status(200)
            .json(json!({"error": "invalid_code"})),
    ] {
        mock.faults().script(fault.times(1_000));
        mock.expire_access_tokens();
        told.error(
            "a token that does not come",
            leads.clone().fields(["id"]).send().await.unwrap_err(),
        );
        mock.faults().clear();
        tokio::time::sleep(Duration::from_secs(700)).await;
    }
}

/// A channel with a token, a receiver of its callbacks, and callbacks with a wrong one.
async fn callbacks(mock: &MockZoho, zoho: &Zoho, told: &mut Told) {
    let channel = Channel::new(1_000_000_068_001)
        .events(["Leads.all"])
        .notify_url(format!("https://app.example/hook?password={PASSWORD}"))
        .token(CHANNEL_TOKEN);
    told.debug("a channel", &channel);
    told.debug(
        "a subscription",
        &zoho.crm().channels().enable(channel).await.unwrap(),
    );
    let details: Vec<_> = zoho.crm().channels().list().all().await.unwrap();
    told.debug("a channel's details", &details);
    let lead = Record::new().set("Last_Name", "Ngo");
    zoho.crm().records("Leads").create([lead]).await.unwrap();
    let deliveries = mock.deliveries();
    assert_eq!(deliveries[0].payload["token"], CHANNEL_TOKEN);
    told.debug("a callback of the mock", &deliveries);
    let receiver = Receiver::new(CHANNEL_TOKEN).unwrap();
    let body = deliveries[0].payload.to_string();
    let notification = receiver.receive(&HeaderMap::new(), body.as_bytes()).unwrap();
    told.debug("a notification", &notification);
    told.debug("its events", &notification.events().collect::<Vec<_>>());
    let forged = body.replace(CHANNEL_TOKEN, WRONG_TOKEN);
    let refused = receiver
        .receive(&HeaderMap::new(), forged.as_bytes())
        .unwrap_err();
    told.text("a forged notification", &format!("{refused} {refused:?}"));
    told.debug("a receiver", &receiver);
    told.debug(
        "a webhook's service",
        &WebhookService::new(receiver, |_| async { Respond::Done }),
    );
}

/// All that the mock shows of itself.
async fn console(mock: &MockZoho, told: &mut Told) {
    let mut paths: Vec<String> = [
        "overview",
        "routes",
        "journal",
        "channels",
        "deliveries",
        "tokens",
        "limits",
    ]
    .map(|page| format!("api/{page}"))
    .into();
    paths.extend(
        [
            "",
            "health",
            "clock",
            "faults",
            "journal",
            "deliveries",
            "dialect",
            "limits",
        ]
        .map(str::to_owned),
    );
    paths.extend((1..=mock.journal().exchanges().len()).map(|number| format!("api/journal/{number}")));
    for path in paths {
        let address = format!("http://localhost/_mock/{path}");
        let request = Request::get(&address).body(String::new()).unwrap();
        let answer = mock.service().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{address}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        told.text(&format!("/_mock/{path}"), &String::from_utf8_lossy(&body));
    }
    told.debug("the journal", &mock.journal());
    told.debug("the mock", mock);
    told.debug("a snapshot", &mock.snapshot());
}

async fn tour(wire: &Wire, told: &mut Told) {
    let world = MockZoho::builder()
        .client("1000.CANARY", CLIENT_SECRET, [CALLBACK])
        .crm_credits(u32::MAX);
    told.debug("a mock's builder", &world);
    let mock = world.in_process();
    let key: [u8; 32] = *b"canary-seal-key-0123456789abcdef";
    for (name, secret) in [
        ("client secret", CLIENT_SECRET),
        ("channel token", CHANNEL_TOKEN),
        ("wrong secret", WRONG_TOKEN),
        ("password in a query", PASSWORD),
        ("seal key", "canary-seal-key-0123456789abcdef"),
        (
            "seal key in base64",
            &base64::engine::general_purpose::STANDARD.encode(key),
        ),
        ("seal key as numbers", "99, 97, 110, 97, 114, 121, 45, 115"),
        ("first refresh token", &mock.refresh_token()),
    ] {
        note(wire, name, secret);
    }
    let store = SealedStore::new(zoho_client::MemoryStore::new(), SealKey::from_bytes(key));
    told.debug("a sealed store", &store);
    let builder = consent(&mock, wire, told).await.token_store(store);
    let zoho = builder.build().unwrap();
    calls(&mock, &zoho, told).await;
    callbacks(&mock, &zoho, told).await;
    // As an old program asks for a token: with everything in the address, where it is written into logs.
    let refresh_token = mock.refresh_token();
    let address = format!(
        "http://localhost/oauth/v2/token?grant_type=refresh_token&client_id=1000.CANARY\
         &client_secret={CLIENT_SECRET}&refresh_token={refresh_token}"
    );
    let answer = mock
        .service()
        .oneshot(Request::post(address).body(String::new()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    console(&mock, told).await;
    zoho.revoke().await.unwrap();
    told.debug("tokens as they are kept", &StoredTokens::default());
}

#[test]
fn no_secret_is_told_by_client_or_mock() {
    let (wire, mut told, sink) = (Wire::default(), Told::default(), Sink::default());
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    // For all threads: where one thread has a subscriber, what another thread comes by first is traced by none.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(tour(&wire, &mut told));
    told.text("the trace", &sink.text());
    // What was looked at is not empty, and the secrets were there to be told.
    assert_eq!(told.places_with("accounts server answered"), ["the trace"]);
    assert!(
        told.places_with("Last_Name").len() > 1,
        "the bodies of the journal were looked at"
    );
    let secrets = wire.lock().unwrap().clone();
    for kind in [
        "access token",
        "refresh_token",
        "device_code",
        "code ",
        "code_verifier",
    ] {
        assert!(
            secrets.keys().any(|name| name.starts_with(kind)),
            "no {kind} went over the wire"
        );
    }
    told.holds_none_of(&secrets);
}
