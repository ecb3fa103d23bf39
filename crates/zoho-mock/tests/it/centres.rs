//! Data centres: clients, codes and tokens belong to one each.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use zoho_mock::{DataCentre, MockBuilder, MockZoho};

use super::consent::encoded;
use super::support::Desk;

const CALLBACK: &str = "https://app.example/callback";

fn builder() -> MockBuilder {
    MockZoho::builder()
        .frozen(true)
        .client("1000.APP", "us-s3cret", [CALLBACK])
        .client_at(DataCentre::EU, "1000.APP", "eu-s3cret", [CALLBACK])
        .user("Ada", "ada@mock.example", DataCentre::US)
        .user("Nadia", "nadia@mock.example", DataCentre::EU)
}

/// The code that a user's consent gives, and the query around it.
fn consent(desk: &Desk, email: &str) -> (String, String) {
    let address = format!(
        "/oauth/v2/auth?response_type=code&client_id=1000.APP&scope=ZohoCRM.org.READ&access_type=offline\
         &prompt=consent&redirect_uri={}",
        encoded(CALLBACK)
    );
    let callback = desk.zoho.accounts().approve_as(email, &address).unwrap();
    let (_, rest) = callback.split_once("?code=").unwrap();
    let (code, rest) = rest.split_once('&').unwrap();
    (code.to_owned(), rest.to_owned())
}

fn token_call(desk: &Desk, prefix: &str, secret: &str, form: &str) -> Value {
    let target = format!("{prefix}/oauth/v2/token");
    let form = format!(
        "client_id=1000.APP&client_secret={secret}&redirect_uri={}&{form}",
        encoded(CALLBACK)
    );
    desk.send(Method::POST, &target, &[], form).json()
}

#[test]
fn a_code_is_good_where_the_callback_says() {
    let desk = Desk::with(builder());
    let (code, rest) = consent(&desk, "nadia@mock.example");
    assert_eq!(
        rest,
        "location=eu&accounts-server=http%3A%2F%2Flocalhost%2Fdc%2Feu"
    );
    let form = format!("grant_type=authorization_code&code={code}");
    let denied = |error: &str| json!({"error": error});
    for (prefix, secret, error) in [
        ("", "us-s3cret", "invalid_code"),
        ("", "eu-s3cret", "invalid_client_secret"),
        ("/dc/eu", "us-s3cret", "invalid_client_secret"),
        ("/dc/in", "us-s3cret", "invalid_client"),
        ("/dc/in", "eu-s3cret", "invalid_client"),
    ] {
        assert_eq!(
            token_call(&desk, prefix, secret, &form),
            denied(error),
            "{prefix} {secret}"
        );
    }
    let tokens = token_call(&desk, "/dc/eu", "eu-s3cret", &form);
    assert_eq!(tokens["api_domain"], "http://localhost/dc/eu");

    let refresh = format!(
        "grant_type=refresh_token&refresh_token={}",
        tokens["refresh_token"].as_str().unwrap()
    );
    assert_eq!(
        token_call(&desk, "", "us-s3cret", &refresh),
        denied("invalid_code")
    );
    let tokens = token_call(&desk, "/dc/eu", "eu-s3cret", &refresh);
    let bearer = format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap());
    let call = |path: &str| desk.send(Method::GET, path, &[("authorization", &bearer)], "");
    assert_eq!(call("/dc/eu/crm/v8/org").status, 200);
    for elsewhere in ["/crm/v8/org", "/dc/us/crm/v8/org", "/dc/jp/crm/v8/org"] {
        let reply = call(elsewhere);
        assert_eq!(reply.status, 401, "{elsewhere}");
        assert_eq!(reply.json()["code"], "INVALID_TOKEN", "{elsewhere}");
    }
    assert_eq!(call("/dc/nowhere/crm/v8/org").status, 404);
}

#[test]
fn users_of_one_centre_stay_in_it() {
    let desk = Desk::with(builder());
    let (code, rest) = consent(&desk, "ada@mock.example");
    assert_eq!(rest, "location=us&accounts-server=http%3A%2F%2Flocalhost");
    let form = format!("grant_type=authorization_code&code={code}");
    let tokens = token_call(&desk, "", "us-s3cret", &form);
    assert_eq!(tokens["api_domain"], "http://localhost");
}

#[test]
fn a_page_of_another_centre_leads_back_to_it() {
    let desk = Desk::with(builder());
    let target = format!(
        "/dc/eu/oauth/v2/auth?response_type=code&client_id=1000.APP&scope=ZohoCRM.org.READ&redirect_uri={}",
        encoded(CALLBACK)
    );
    let page = desk.send(Method::GET, &target, &[], "");
    let page = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(page.contains("action=\"/dc/eu/oauth/v2/auth\""));
    assert!(page.contains("<legend>Signed in as</legend>"));
    let nowhere = target.replace("/dc/eu", "/dc/jp");
    let page = desk.send(Method::GET, &nowhere, &[], "");
    assert_eq!(page.status, 400);
    assert!(
        String::from_utf8(page.body.to_vec())
            .unwrap()
            .contains("Invalid Client")
    );
}

#[test]
fn twenty_refresh_tokens_per_user() {
    let desk = Desk::with(builder());
    let refresh_token = |email: &str, prefix: &str, secret: &str| {
        // No more than ten codes in ten minutes.
        desk.zoho.advance(Duration::from_secs(61));
        let (code, _) = consent(&desk, email);
        let form = format!("grant_type=authorization_code&code={code}");
        let tokens = token_call(&desk, prefix, secret, &form);
        tokens["refresh_token"].as_str().unwrap().to_owned()
    };
    let alive = |token: &str, prefix: &str, secret: &str| {
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        token_call(&desk, prefix, secret, &form)["access_token"].is_string()
    };
    let hers = refresh_token("nadia@mock.example", "/dc/eu", "eu-s3cret");
    let his = refresh_token("ada@mock.example", "", "us-s3cret");
    for _ in 0..20 {
        refresh_token("ada@mock.example", "", "us-s3cret");
    }
    assert!(!alive(&his, "", "us-s3cret"));
    assert!(alive(&hers, "/dc/eu", "eu-s3cret"));
}

#[test]
fn a_token_is_revoked_at_home_by_its_own_client() {
    let desk = Desk::with(builder().client("1000.OTHER", "other", [CALLBACK]));
    let (code, _) = consent(&desk, "ada@mock.example");
    let form = format!("grant_type=authorization_code&code={code}");
    let tokens = token_call(&desk, "", "us-s3cret", &form);
    let token = tokens["refresh_token"].as_str().unwrap();
    let revoke = |prefix: &str, client: &str, kind: &str| {
        let form = format!("token={token}&token_type={kind}&{client}");
        let target = format!("{prefix}/oauth/v2/revoke/token");
        desk.send(Method::POST, &target, &[], form).status.as_u16()
    };
    let ours = "client_id=1000.APP&client_secret=us-s3cret";
    assert_eq!(revoke("", "client_id=1000.OTHER&client_secret=other", ""), 400);
    assert_eq!(
        revoke("/dc/eu", "client_id=1000.APP&client_secret=eu-s3cret", ""),
        400
    );
    assert_eq!(revoke("", ours, "access_token"), 400);
    let old = format!("/dc/eu/oauth/v2/token/revoke?token={token}");
    assert_eq!(
        desk.send(Method::POST, &old, &[], "").json(),
        json!({"error": "invalid_code"})
    );
    assert_eq!(revoke("", ours, "refresh_token"), 200);
    assert_eq!(revoke("", ours, "refresh_token"), 400);
}

#[test]
fn a_client_acts_for_itself_where_it_is_known() {
    let desk = Desk::with(builder());
    let form = "grant_type=client_credentials&scope=ZohoCRM.org.READ";
    let call = |soid: &str| token_call(&desk, "/dc/eu", "eu-s3cret", &format!("{form}{soid}"));
    for soid in ["", "&soid=42", "&soid=ZohoCRM.", "&soid=.42"] {
        assert_eq!(call(soid), json!({"error": "missing_org_info"}), "{soid}");
    }
    let tokens = call("&soid=ZohoCRM.42");
    let keys: Vec<&String> = tokens.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["access_token", "scope", "api_domain", "token_type", "expires_in"]
    );
    assert_eq!(tokens["api_domain"], "http://localhost/dc/eu");
}

#[test]
fn an_answer_to_a_refresh_can_lack_its_expiry() {
    let desk = Desk::with(builder().omit_expires_in(true));
    let (code, _) = consent(&desk, "ada@mock.example");
    let form = format!("grant_type=authorization_code&code={code}");
    let tokens = token_call(&desk, "", "us-s3cret", &form);
    assert_eq!(tokens["expires_in"], 3600);
    assert!(desk.refresh().json().get("expires_in").is_none());
}
