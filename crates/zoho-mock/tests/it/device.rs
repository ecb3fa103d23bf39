//! The device flow, from the device's side and from its user's.

use std::time::Duration;

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::{ConsentError, DataCentre, MockBuilder, MockZoho};

use super::support::Desk;

fn builder() -> MockBuilder {
    MockZoho::builder()
        .frozen(true)
        .client("1000.TV", "s3cret", ["https://app.example/"])
        .client_at(DataCentre::EU, "1000.TV", "eu-s3cret", ["https://app.example/"])
        .user("Ada", "ada@mock.example", DataCentre::US)
        .user("Nadia", "nadia@mock.example", DataCentre::EU)
}

fn post(desk: &Desk, path: &str, form: &str) -> Value {
    desk.send(Method::POST, path, &[], form.to_owned()).json()
}

fn start(desk: &Desk) -> Value {
    post(
        desk,
        "/oauth/v3/device/code",
        "client_id=1000.TV&grant_type=device_request&scope=ZohoCRM.org.READ&access_type=offline",
    )
}

fn poll_at(desk: &Desk, prefix: &str, started: &Value) -> Value {
    let code = started["device_code"].as_str().unwrap();
    let path = format!("{prefix}/oauth/v3/device/token");
    post(
        desk,
        &path,
        &format!("client_id=1000.TV&grant_type=device_token&code={code}"),
    )
}

fn poll(desk: &Desk, started: &Value) -> Value {
    poll_at(desk, "", started)
}

fn user_code(started: &Value) -> &str {
    started["user_code"].as_str().unwrap()
}

fn wait(desk: &Desk) {
    desk.zoho.advance(Duration::from_secs(30));
}

#[test]
fn a_device_asks_until_its_user_agrees() {
    let desk = Desk::with(builder());
    let started = start(&desk);
    let code = user_code(&started);
    assert_eq!(code.len(), 6);
    assert!(started["device_code"].as_str().unwrap().starts_with("1004."));
    assert_eq!(started["verification_url"], "http://localhost/oauth/v3/device");
    assert_eq!(
        started["verification_uri_complete"],
        format!("http://localhost/oauth/v3/device?user_code={code}")
    );
    assert_eq!(
        (&started["interval"], &started["expires_in"]),
        (&json!(30_000), &json!(300_000))
    );
    assert_eq!(poll(&desk, &started), json!({"error": "authorization_pending"}));
    desk.zoho.advance(Duration::from_secs(29));
    assert_eq!(poll(&desk, &started), json!({"error": "slow_down"}));
    wait(&desk);
    assert_eq!(poll(&desk, &started), json!({"error": "authorization_pending"}));
    wait(&desk);
    desk.zoho.accounts().approve_device(code).unwrap();
    let tokens = poll(&desk, &started);
    assert_eq!(tokens["scope"], "ZohoCRM.org.READ");
    assert!(tokens["refresh_token"].is_string());
    let bearer = format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap());
    let org = desk.send(Method::GET, "/crm/v8/org", &[("authorization", &bearer)], "");
    assert_eq!(org.status, 200);
    wait(&desk);
    assert_eq!(poll(&desk, &started), json!({"error": "invalid_code"}));
}

#[test]
fn a_user_enters_the_code_in_a_browser() {
    let desk = Desk::with(builder());
    let started = start(&desk);
    let code = user_code(&started);
    let page = |reply: &super::support::Reply| String::from_utf8(reply.body.to_vec()).unwrap();
    let empty = desk.send(Method::GET, "/oauth/v3/device", &[], "");
    assert!(page(&empty).contains("<label for=\"user_code\">"));
    let target = format!("/oauth/v3/device?user_code={code}");
    let filled = desk.send(Method::GET, &target, &[], "");
    assert!(page(&filled).contains(&format!("value=\"{code}\"")));
    let wrong = desk.send(Method::POST, "/oauth/v3/device", &[], "user_code=%3Cb%3E");
    assert_eq!(wrong.status, 400);
    assert!(page(&wrong).contains("Invalid user code") && !page(&wrong).contains("<b>"));
    // People type small letters and hyphens.
    let typed = format!("user_code={}-{}", &code[..3].to_lowercase(), &code[3..]);
    let question = page(&desk.send(Method::POST, "/oauth/v3/device", &[], typed));
    assert!(question.contains("1000.TV") && question.contains("ZohoCRM.org.READ"));
    let (_, rest) = question.split_once("name=\"ticket\" value=\"").unwrap();
    let ticket = rest.split('"').next().unwrap();
    let form = format!("ticket={ticket}&decision=accept&user=ada%40mock.example");
    let done = desk.send(Method::POST, "/oauth/v2/auth", &[], form);
    assert_eq!(done.status, 200);
    assert!(page(&done).contains("Device connected"));
    assert!(poll(&desk, &started)["access_token"].is_string());
}

#[test]
fn a_device_learns_that_it_was_rejected_or_came_too_late() {
    let desk = Desk::with(builder());
    let started = start(&desk);
    desk.zoho.accounts().reject_device(user_code(&started)).unwrap();
    assert_eq!(
        desk.zoho.accounts().approve_device(user_code(&started)),
        Err(ConsentError::InvalidUserCode)
    );
    assert_eq!(poll(&desk, &started), json!({"error": "access_denied"}));
    let started = start(&desk);
    desk.zoho.advance(Duration::from_secs(300));
    assert_eq!(poll(&desk, &started), json!({"error": "expired"}));
    assert_eq!(
        desk.zoho.accounts().approve_device(user_code(&started)),
        Err(ConsentError::InvalidUserCode)
    );
}

#[test]
fn a_device_is_sent_to_the_data_centre_of_its_user() {
    let desk = Desk::with(builder());
    let started = start(&desk);
    let accounts = desk.zoho.accounts();
    accounts
        .approve_device_as("nadia@mock.example", user_code(&started))
        .unwrap();
    assert_eq!(
        poll(&desk, &started),
        json!({"user_location": "eu", "error": "other_dc"})
    );
    let tokens = poll_at(&desk, "/dc/eu", &started);
    assert_eq!(tokens["api_domain"], "http://localhost/dc/eu");
    let bearer = format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap());
    let status = |path: &str| {
        desk.send(Method::GET, path, &[("authorization", &bearer)], "")
            .status
    };
    assert_eq!(status("/dc/eu/crm/v8/org"), 200);
    assert_eq!(status("/crm/v8/org"), 401);
}

#[test]
fn what_a_device_says_wrong() {
    let desk = Desk::with(builder());
    let started = start(&desk);
    let code = started["device_code"].as_str().unwrap();
    for (path, form, status, error) in [
        (
            "code",
            "client_id=x&grant_type=device_request&scope=ZohoCRM.org.READ".to_owned(),
            200,
            "invalid_client",
        ),
        (
            "code",
            "client_id=1000.TV&grant_type=device_request&scope=x".to_owned(),
            200,
            "invalid_scope",
        ),
        (
            "code",
            "client_id=1000.TV&grant_type=password&scope=ZohoCRM.org.READ".to_owned(),
            200,
            "invalid_client",
        ),
        (
            "code",
            "client_id=1000.TV&scope=ZohoCRM.org.READ".to_owned(),
            400,
            "invalid_request",
        ),
        (
            "token",
            format!("client_id=x&grant_type=device_token&code={code}"),
            200,
            "invalid_client",
        ),
        (
            "token",
            format!("client_id=1000.TV&client_secret=x&grant_type=device_token&code={code}"),
            200,
            "invalid_client_secret",
        ),
        (
            "token",
            "client_id=1000.TV&grant_type=device_token&code=x".to_owned(),
            200,
            "invalid_code",
        ),
        (
            "token",
            "client_id=1000.TV&grant_type=device_token".to_owned(),
            200,
            "invalid_code",
        ),
    ] {
        let reply = desk.send(
            Method::POST,
            &format!("/oauth/v3/device/{path}"),
            &[],
            form.clone(),
        );
        assert_eq!(
            (reply.status.as_u16(), reply.json()),
            (status, json!({"error": error})),
            "{form}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_device_gets_its_tokens_once(pauses in prop::collection::vec(0_u64..60, 1..16), agreed in 0_usize..16) {
        let desk = Desk::with(builder());
        let started = start(&desk);
        let began = desk.zoho.now();
        let mut last = None;
        let mut given = 0;
        for (step, pause) in pauses.into_iter().enumerate() {
            desk.zoho.advance(Duration::from_secs(pause));
            let now = desk.zoho.now();
            let late = now.duration_since(began).as_secs() >= 300;
            if step == agreed {
                let answer = desk.zoho.accounts().approve_device(user_code(&started));
                prop_assert_eq!(answer.is_ok(), !late);
            }
            let reply = poll(&desk, &started);
            let soon = last.replace(now).is_some_and(|last| now.duration_since(last).as_secs() < 30);
            let expected = match (given, late, soon, step >= agreed) {
                (1, ..) => "invalid_code",
                (_, true, ..) => "expired",
                (_, _, true, _) => "slow_down",
                (_, _, _, false) => "authorization_pending",
                (_, _, _, true) => "",
            };
            prop_assert_eq!(reply["error"].as_str().unwrap_or_default(), expected);
            given += usize::from(reply["access_token"].is_string());
        }
        prop_assert!(given <= 1);
    }
}
