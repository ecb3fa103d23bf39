//! The accounts server: grants, refreshes, limits, revocation.

use std::time::Duration;

use base64::Engine as _;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::MockZoho;

use super::support::{Desk, Reply};

fn exchange(desk: &Desk, code: &str) -> Reply {
    let (id, secret) = (desk.zoho.client_id(), desk.zoho.client_secret());
    desk.token_call(&format!(
        "grant_type=authorization_code&client_id={id}&client_secret={secret}&code={code}"
    ))
}

fn refresh(desk: &Desk, token: &str) -> Reply {
    let (id, secret) = (desk.zoho.client_id(), desk.zoho.client_secret());
    desk.token_call(&format!(
        "grant_type=refresh_token&client_id={id}&client_secret={secret}&refresh_token={token}"
    ))
}

fn alive(desk: &Desk, token: &str) -> bool {
    let headers = [("authorization", &*format!("Zoho-oauthtoken {token}"))];
    desk.send(Method::GET, "/crm/v8/org", &headers, "").status != 401
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_code_is_exchanged_once_and_in_time() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    let code = desk
        .zoho
        .grant_code(["ZohoCRM.org.READ", "ZohoBooks.contacts.READ"]);
    let reply = exchange(&desk, &code);
    let body = reply.json();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "access_token",
            "refresh_token",
            "scope",
            "api_domain",
            "token_type",
            "expires_in"
        ]
    );
    assert_eq!(body["scope"], "ZohoCRM.org.READ ZohoBooks.contacts.READ");
    assert_eq!(body["api_domain"], "http://localhost");
    assert_eq!(body["expires_in"], 3600);
    assert!(alive(&desk, &text(&body, "access_token")));
    assert_eq!(exchange(&desk, &code).json(), json!({"error": "invalid_code"}));
    assert_eq!(exchange(&desk, &code).status, 200);
    let late = desk.zoho.grant_code(["ZohoCRM.org.READ"]);
    let in_time = desk.zoho.grant_code(["ZohoCRM.org.READ"]);
    desk.zoho.advance(Duration::from_secs(119));
    assert!(exchange(&desk, &in_time).json()["access_token"].is_string());
    desk.zoho.advance(Duration::from_secs(1));
    assert_eq!(exchange(&desk, &late).json(), json!({"error": "invalid_code"}));
}

#[test]
fn a_token_lives_for_an_hour() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    desk.zoho.advance(Duration::from_secs(3599));
    assert!(alive(&desk, &desk.token));
    desk.zoho.advance(Duration::from_secs(1));
    assert!(!alive(&desk, &desk.token));
}

#[test]
fn parameters_are_taken_from_wherever_they_come() {
    let desk = Desk::new();
    let (id, secret, token) = (
        desk.zoho.client_id(),
        desk.zoho.client_secret(),
        desk.zoho.refresh_token(),
    );
    let all = format!("grant_type=refresh_token&client_id={id}&client_secret={secret}&refresh_token={token}");
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let basic = format!("Basic {basic}");
    let multipart: String = all
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .chain(["--b--\r\n".to_owned()])
        .collect();
    let query = format!("/oauth/v2/token?{all}");
    let bare = format!("grant_type=refresh_token&refresh_token={token}");
    for (target, headers, body) in [
        (query.as_str(), vec![], ""),
        ("/oauth/v2/token", vec![], all.as_str()),
        (
            "/oauth/v2/token",
            vec![("authorization", basic.as_str())],
            bare.as_str(),
        ),
        (
            "/oauth/v2/token",
            vec![("content-type", "multipart/form-data; boundary=b")],
            multipart.as_str(),
        ),
    ] {
        let reply = desk.send(Method::POST, target, &headers, body.to_owned()).json();
        assert!(
            alive(&desk, &text(&reply, "access_token")),
            "{target} {headers:?}"
        );
        assert!(reply.get("refresh_token").is_none());
    }
}

#[test]
fn denials_come_with_200() {
    let desk = Desk::new();
    let (id, secret, token) = (
        desk.zoho.client_id(),
        desk.zoho.client_secret(),
        desk.zoho.refresh_token(),
    );
    for (form, status, error) in [
        (
            format!("grant_type=refresh_token&client_id=x&client_secret={secret}&refresh_token={token}"),
            200,
            "invalid_client",
        ),
        (
            format!("grant_type=refresh_token&client_id={id}&client_secret=x&refresh_token={token}"),
            200,
            "invalid_client_secret",
        ),
        (
            format!("grant_type=refresh_token&client_id={id}&client_secret={secret}&refresh_token=x"),
            200,
            "invalid_code",
        ),
        (
            format!("grant_type=refresh_token&client_id={id}&client_secret={secret}"),
            200,
            "invalid_code",
        ),
        (
            format!("grant_type=magic&client_id={id}&client_secret={secret}"),
            200,
            "invalid_client",
        ),
        (
            format!(
                "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=ZohoCRM.org.READ"
            ),
            200,
            "missing_org_info",
        ),
        (
            format!("client_id={id}&client_secret={secret}&refresh_token={token}"),
            400,
            "invalid_request",
        ),
    ] {
        let reply = desk.token_call(&form);
        assert_eq!(
            (reply.status.as_u16(), reply.json()),
            (status, json!({"error": error})),
            "{form}"
        );
    }
    assert_eq!(desk.send(Method::GET, "/oauth/v2/token", &[], "").status, 400);
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=ZohoCRM.org.READ,ZohoCRM.users.READ&soid=ZohoCRM.42"
    );
    let body = desk.token_call(&form).json();
    assert_eq!(body["scope"], "ZohoCRM.org.READ ZohoCRM.users.READ");
    assert!(body.get("refresh_token").is_none());
    assert!(alive(&desk, &text(&body, "access_token")));
}

#[test]
fn the_eleventh_token_is_refused_in_either_dialect() {
    for (with_200, status) in [(false, 400), (true, 200)] {
        let desk = Desk::with(MockZoho::builder().frozen(true).throttle_with_200(with_200));
        for _ in 1..10 {
            assert!(desk.refresh().json()["access_token"].is_string());
        }
        let reply = desk.refresh();
        assert_eq!(reply.status, status);
        assert_eq!(reply.json()["error"], "Access Denied");
        assert_eq!(reply.json()["status"], "failure");
        desk.zoho.advance(Duration::from_secs(600));
        assert!(desk.refresh().json()["access_token"].is_string());
    }
}

#[test]
fn the_older_dialect_counts_in_milliseconds() {
    let desk = Desk::with(MockZoho::builder().expires_in_sec(true));
    let body = desk.refresh().json();
    assert_eq!(
        (body["expires_in_sec"].as_i64(), body["expires_in"].as_i64()),
        (Some(3600), Some(3_600_000))
    );
}

#[test]
fn the_21st_refresh_token_ends_the_first_and_its_access_tokens() {
    let desk = Desk::new();
    let first = desk.zoho.refresh_token();
    for number in 2..=20 {
        let code = desk.zoho.grant_code(["ZohoCRM.org.READ"]);
        assert!(
            exchange(&desk, &code).json()["refresh_token"].is_string(),
            "{number}"
        );
    }
    assert!(alive(&desk, &desk.token));
    let code = desk.zoho.grant_code(["ZohoCRM.org.READ"]);
    exchange(&desk, &code);
    assert!(!alive(&desk, &desk.token));
    assert_eq!(refresh(&desk, &first).json(), json!({"error": "invalid_code"}));
}

#[test]
fn a_revoked_refresh_token_takes_its_access_tokens_along() {
    for target in ["/oauth/v2/token/revoke", "/oauth/v2/revoke/token"] {
        let desk = Desk::new();
        let token = desk.zoho.refresh_token();
        let (id, secret) = (desk.zoho.client_id(), desk.zoho.client_secret());
        let body = format!("token={token}&client_id={id}&client_secret={secret}");
        let reply = desk.send(Method::POST, target, &[], body);
        assert_eq!(reply.json(), json!({"status": "success"}), "{target}");
        assert!(!alive(&desk, &desk.token));
        assert_eq!(refresh(&desk, &token).json(), json!({"error": "invalid_code"}));
    }
}

#[test]
fn server_info_leads_nobody_away() {
    let desk = Desk::new();
    let body = desk.send(Method::GET, "/oauth/serverinfo", &[], "").json();
    assert_eq!(body["result"], "success");
    let locations = body["locations"].as_object().unwrap();
    assert_eq!(locations.len(), 9);
    for (code, url) in locations {
        let expected = match code.as_str() {
            "us" => "http://localhost".to_owned(),
            code => format!("http://localhost/dc/{code}"),
        };
        assert_eq!(url, &expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn never_an_eleventh_token_in_ten_minutes_nor_a_sixteenth_alive(gaps in prop::collection::vec(0_u64..400, 1..60)) {
        let desk = Desk::with(MockZoho::builder().frozen(true));
        let mut issued = vec![(desk.zoho.now(), desk.token.clone())];
        let mut refused = None;
        for gap in gaps {
            desk.zoho.advance(Duration::from_secs(gap));
            let now = desk.zoho.now();
            let within = |at: jiff::Timestamp| now.duration_since(at).as_secs() < 600;
            let recent = issued.iter().filter(|(at, _)| within(*at)).count();
            let reply = desk.refresh().json();
            if reply["access_token"].is_string() {
                prop_assert!(recent < 10);
                issued.push((now, text(&reply, "access_token")));
                refused = None;
            } else {
                // Nobody is refused who neither used up the ten nor kept trying.
                prop_assert!(recent == 10 || refused.is_some_and(within));
                refused = Some(now);
            }
            // The newest fifteen of those under an hour old live, and no other.
            let living: Vec<bool> = issued.iter().map(|(_, token)| alive(&desk, token)).collect();
            let newest = issued.len().saturating_sub(15);
            for (at, ((time, _), lives)) in issued.iter().zip(living).enumerate() {
                let young = now.duration_since(*time).as_secs() < 3600;
                prop_assert_eq!(lives, young && at >= newest);
            }
        }
    }
}
