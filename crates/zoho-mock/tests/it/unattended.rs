//! Consent without a browser: from Rust and over HTTP.

use http::Method;
use serde_json::{Value, json};
use zoho_mock::{ConsentError, DataCentre};

use super::consent::{CALLBACK, address, builder, exchange, sent};
use super::support::Desk;

#[test]
fn consent_without_a_browser() {
    let desk = Desk::with(builder());
    let accounts = desk.zoho.accounts();
    accounts.add_user("Nadia", "nadia@mock.example", DataCentre::EU);
    accounts.add_client(DataCentre::US, "1000.LATE", "late", [CALLBACK]);
    let callback = accounts
        .approve(&format!("http://localhost{}", address(&[])))
        .unwrap();
    assert!(exchange(&desk, &sent(&callback, "code").unwrap(), "")["access_token"].is_string());
    let late = address(&[("client_id", "1000.LATE"), ("state", "")]);
    assert!(accounts.approve(&late).unwrap().starts_with(CALLBACK));
    assert_eq!(
        accounts.reject(&late),
        Ok(format!("{CALLBACK}?error=access_denied"))
    );
    for (address, error) in [
        (address(&[("client_id", "x")]), ConsentError::InvalidClient),
        (address(&[("scope", "x")]), ConsentError::InvalidScope),
        ("/oauth/v2/token".to_owned(), ConsentError::InvalidAnswer),
        ("not an address".to_owned(), ConsentError::InvalidAnswer),
    ] {
        assert_eq!(accounts.approve(&address), Err(error));
    }
    assert_eq!(
        accounts.approve_as("nobody@mock.example", &address(&[])),
        Err(ConsentError::InvalidUser)
    );
    // The client is not registered where this user's data is.
    assert_eq!(
        accounts.approve_as("nadia@mock.example", &address(&[])),
        Err(ConsentError::InvalidClient)
    );
    desk.zoho.reset();
    assert_eq!(accounts.approve(&late), Err(ConsentError::InvalidClient));
}

#[test]
fn consent_over_http() {
    let desk = Desk::with(builder());
    let post = |body: Value| {
        let reply = desk.send(Method::POST, "/_mock/consent", &[], body.to_string());
        (reply.status.as_u16(), reply.json())
    };
    let url = address(&[]);
    let (status, body) = post(json!({"url": url}));
    assert_eq!(status, 200);
    let code = sent(body["redirect"].as_str().unwrap(), "code").unwrap();
    assert!(exchange(&desk, &code, "")["access_token"].is_string());
    let rejected = format!("{CALLBACK}?error=access_denied");
    let url = address(&[("prompt", "consent"), ("state", "")]);
    assert_eq!(
        post(json!({"url": url, "accept": false})),
        (200, json!({"redirect": rejected}))
    );
    let form = "client_id=1000.APP&grant_type=device_request&scope=ZohoCRM.org.READ";
    let started = desk.send(Method::POST, "/oauth/v3/device/code", &[], form).json();
    let wish = json!({"user_code": started["user_code"], "user": "patricia@mock.example"});
    assert_eq!(post(wish.clone()), (200, json!({"status": "ok"})));
    for (wish, error) in [
        (wish, "Invalid user code"),
        (json!({"url": address(&[("scope", "x")])}), "Invalid OAuth scope"),
        (json!({"url": url, "user": "nobody"}), "Invalid user"),
        (json!({}), "either url or user_code is needed"),
    ] {
        assert_eq!(post(wish), (400, json!({"error": error})));
    }
    assert_eq!(post(json!({"uri": url})).0, 400);
    assert_eq!(desk.send(Method::GET, "/_mock/consent", &[], "").status, 405);
}
