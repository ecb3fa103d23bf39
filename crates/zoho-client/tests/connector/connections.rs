//! Both kinds of connections, from their inputs to the first call.

use serde_json::{Value, json};
use zoho_client::connector::{self, Start};
use zoho_client::{ErrorKind, ServiceTransport, TokioClock};
use zoho_mock::MockZoho;

/// Trades a code for tokens and makes a call.
async fn reaches_zoho(mock: &MockZoho, start: &Start, scopes: &str) {
    let builder = start
        .builder()
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(mock.service()));
    let code = mock.grant_code(scopes.split(' '));
    let grant = builder.exchange_code(code).await.unwrap();
    let zoho = builder
        .refresh_token(grant.refresh_token.unwrap())
        .build()
        .unwrap();
    let lead = json!({"record_type": "Leads", "values": {"Last_Name": "Ngo"}});
    connector::invoke(&zoho, "crm_create_record", lead).await.unwrap();
}

fn default_scopes() -> String {
    let oauth = connector::describe().connections[0];
    let scopes = oauth.inputs.iter().find(|input| input.key == "scopes").unwrap();
    scopes.default.json().as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn oauth2() {
    let mock = MockZoho::in_process();
    let inputs = |scopes: Value| {
        json!({
            "region_url": mock.base_url(), "client_id": mock.client_id(), "client_secret": mock.client_secret(), "scopes": scopes,
        })
    };
    let start = connector::connect("oauth2", inputs(Value::Null)).unwrap();
    let consent = start
        .authorize("https://example.com/callback")
        .begin([7; 48])
        .unwrap();
    assert!(
        consent
            .url()
            .starts_with(&format!("{}/oauth/v2/auth?", mock.base_url()))
    );
    for scope in default_scopes().split(' ') {
        assert!(consent.url().contains(scope), "{scope}: {}", consent.url());
    }
    reaches_zoho(&mock, &start, &default_scopes()).await;
    let narrow =
        connector::connect("oauth2", inputs("ZohoCRM.modules.ALL, ZohoCRM.coql.READ".into())).unwrap();
    let consent = narrow
        .authorize("https://example.com/callback")
        .begin([7; 48])
        .unwrap();
    assert!(!consent.url().contains("ZohoBooks"), "{}", consent.url());
    for address in [
        "https://accounts.zoho.eu",
        "https://accounts.zohocloud.ca/",
        "sa",
        "AE",
    ] {
        let inputs = json!({"region_url": address, "client_id": "i", "client_secret": "s"});
        connector::connect("oauth2", inputs).unwrap_or_else(|error| panic!("{address}: {error}"));
    }
}

#[tokio::test(start_paused = true)]
async fn zoho_oauth2() {
    let mock = MockZoho::in_process();
    let at = |path: &str| format!("{}{path}", mock.base_url());
    let inputs = json!({
        "authorize_url": at("/oauth/v2/auth"), "token_url": at("/oauth/v2/token"), "revoke_url": at("/oauth/v2/token/revoke"),
        "scopes": default_scopes(), "client_id": mock.client_id(), "client_secret": mock.client_secret(),
    });
    let start = connector::connect("zoho_oauth2", inputs).unwrap();
    reaches_zoho(&mock, &start, &default_scopes()).await;
}

#[test]
fn a_connection_to_anywhere_else_is_refused() {
    let deprecated = |token: &str| {
        json!({
            "authorize_url": "https://accounts.zoho.eu/oauth/v2/auth", "token_url": token, "client_id": "i", "client_secret": "s",
        })
    };
    for (kind, inputs, named) in [
        (
            "oauth2",
            json!({}),
            "`region_url` is required; `client_id` is required; `client_secret` is required",
        ),
        (
            "oauth2",
            json!({"region_url": "https://accounts.evil.com", "client_id": "i", "client_secret": "s"}),
            "`region_url`",
        ),
        (
            "oauth2",
            json!({"region_url": "eu", "client_id": "i", "client_secret": "s", "region": "eu"}),
            "`region` is no input",
        ),
        (
            "zoho_oauth2",
            deprecated("https://accounts.zoho.eu.evil.com/oauth/v2/token"),
            "`token_url`",
        ),
        (
            "zoho_oauth2",
            deprecated("https://accounts.zoho.com/oauth/v2/token"),
            "`token_url` is in another region",
        ),
        ("oauth3", json!({}), "`oauth3`"),
    ] {
        let error = connector::connect(kind, inputs).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(named), "{error}");
        assert!(!format!("{error:?}").contains("secret-value"));
    }
}
