//! The consent page, and the authorization-code flow behind it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zoho_mock::{DataCentre, MockBuilder, MockZoho};

use super::support::{Desk, Reply};

pub(super) const CALLBACK: &str = "https://app.example/callback";

pub(super) fn builder() -> MockBuilder {
    MockZoho::builder()
        .frozen(true)
        .client("1000.APP", "s3cret", [CALLBACK])
}

pub(super) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// An authorization address; later parameters take the place of earlier ones.
pub(super) fn address(changes: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "1000.APP"),
        ("scope", "ZohoCRM.modules.ALL,ZohoCRM.org.READ"),
        ("redirect_uri", CALLBACK),
        ("state", "a b&c=d/é"),
    ];
    for (name, value) in changes {
        parameters.retain(|(known, _)| known != name);
        parameters.push((name, value));
    }
    let pairs: Vec<String> = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    format!("/oauth/v2/auth?{}", pairs.join("&"))
}

fn html(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

/// The one-time token of a page's form.
fn ticket(page: &Reply) -> String {
    let (_, rest) = html(page)
        .split_once("name=\"ticket\" value=\"")
        .expect("a form with a ticket");
    rest.split('"').next().unwrap().to_owned()
}

fn decide(desk: &Desk, ticket: &str, decision: &str) -> Reply {
    let form = format!("ticket={ticket}&decision={decision}");
    desk.send(Method::POST, "/oauth/v2/auth", &[], form)
}

fn accept(desk: &Desk, address: &str) -> Reply {
    let page = desk.send(Method::GET, address, &[], "");
    assert_eq!(page.status, 200, "{}", html(&page));
    decide(desk, &ticket(&page), "accept")
}

/// A parameter of a redirect's query.
pub(super) fn sent(location: &str, name: &str) -> Option<String> {
    let (_, query) = location.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let decoded = percent_encoding::percent_decode_str(value);
        (key == name).then(|| decoded.decode_utf8().unwrap().into_owned())
    })
}

pub(super) fn exchange(desk: &Desk, code: &str, more: &str) -> Value {
    let client = "client_id=1000.APP&client_secret=s3cret";
    let callback = encoded(CALLBACK);
    desk.token_call(&format!(
        "grant_type=authorization_code&{client}&redirect_uri={callback}&code={code}{more}"
    ))
    .json()
}

fn denied(error: &str) -> Value {
    json!({"error": error})
}

#[test]
fn accepting_leads_to_a_token() {
    let desk = Desk::with(builder());
    let page = desk.send(Method::GET, &address(&[("access_type", "offline")]), &[], "");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html;charset=UTF-8");
    assert_eq!(page.header("x-frame-options"), "DENY");
    for shown in [
        "1000.APP",
        "ZohoCRM.modules.ALL",
        "ZohoCRM.org.READ",
        CALLBACK,
        "Accept</button>",
        "Reject</button>",
    ] {
        assert!(html(&page).contains(shown), "{shown}");
    }
    assert!(!html(&page).contains("s3cret"));
    let reply = decide(&desk, &ticket(&page), "accept");
    assert_eq!(reply.status, 302);
    let location = reply.header("location");
    let code = sent(location, "code").unwrap();
    assert_eq!(
        location,
        format!(
            "{CALLBACK}?code={code}&location=us&accounts-server=http%3A%2F%2Flocalhost&state=a%20b%26c%3Dd%2F%C3%A9"
        )
    );
    let wrong = desk.token_call(&format!(
        "grant_type=authorization_code&client_id=1000.APP&client_secret=s3cret&redirect_uri=x&code={code}"
    ));
    assert_eq!(wrong.json(), denied("invalid_redirect_uri"));
    let tokens = exchange(&desk, &code, "");
    assert_eq!(tokens["scope"], "ZohoCRM.modules.ALL ZohoCRM.org.READ");
    assert!(tokens["refresh_token"].is_string());
    let bearer = format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap());
    let org = desk.send(Method::GET, "/crm/v8/org", &[("authorization", &bearer)], "");
    assert_eq!(org.status, 200);
    assert_eq!(exchange(&desk, &code, ""), denied("invalid_code"));
}

#[test]
fn rejecting_is_said_and_nothing_else() {
    let desk = Desk::with(builder());
    let page = desk.send(Method::GET, &address(&[]), &[], "");
    let reply = decide(&desk, &ticket(&page), "reject");
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (
            302,
            "https://app.example/callback?error=access_denied&state=a%20b%26c%3Dd%2F%C3%A9"
        )
    );
}

#[test]
fn a_page_is_answered_once_and_in_time() {
    let desk = Desk::with(builder());
    let invalid = |reply: Reply| {
        assert_eq!(reply.status, 400);
        assert_eq!(reply.header("location"), "");
        assert!(html(&reply).contains("no longer valid"), "{}", html(&reply));
    };
    let page = desk.send(Method::GET, &address(&[]), &[], "");
    let ticket_ = ticket(&page);
    invalid(decide(&desk, &ticket_, "perhaps"));
    assert_eq!(decide(&desk, &ticket_, "reject").status, 302);
    invalid(decide(&desk, &ticket_, "accept"));
    invalid(decide(&desk, "0123456789abcdef0123456789abcdef", "accept"));
    invalid(desk.send(Method::POST, "/oauth/v2/auth", &[], "decision=accept"));
    let page = desk.send(Method::GET, &address(&[]), &[], "");
    desk.zoho.advance(Duration::from_secs(600));
    invalid(decide(&desk, &ticket(&page), "accept"));
}

#[test]
fn what_is_wrong_is_shown_and_nobody_is_sent_anywhere() {
    let desk = Desk::with(builder());
    let wrong: &[(&[(&str, &str)], &str)] = &[
        (&[("client_id", "")], "Invalid Client"),
        (&[("client_id", "1000.OTHER")], "Invalid Client"),
        (&[("redirect_uri", "")], "Invalid Redirect Uri"),
        (
            &[("redirect_uri", "https://evil.example/callback")],
            "Invalid Redirect Uri",
        ),
        (
            &[("redirect_uri", "https://app.example/callback/")],
            "Invalid Redirect Uri",
        ),
        (&[("redirect_uri", "javascript:alert(1)")], "Invalid Redirect Uri"),
        (&[("scope", "")], "Invalid OAuth scope"),
        (&[("scope", "ZohoCRM.nothing.ALL")], "Invalid OAuth scope"),
        (
            &[("scope", "\"><script>alert(1)</script>")],
            "Invalid OAuth scope",
        ),
        (&[("response_type", "")], "Invalid response type"),
        (&[("response_type", "token")], "Invalid response type"),
        (
            &[("code_challenge", "abc"), ("code_challenge_method", "S512")],
            "Invalid code challenge method",
        ),
    ];
    for (changes, title) in wrong {
        let reply = desk.send(Method::GET, &address(changes), &[], "");
        assert_eq!(reply.status, 400, "{changes:?}");
        assert_eq!(reply.header("location"), "", "{changes:?}");
        assert_eq!(reply.header("content-type"), "text/html;charset=UTF-8");
        assert!(
            html(&reply).contains(&format!("<h1>{title}</h1>")),
            "{changes:?}: {}",
            html(&reply)
        );
        assert!(!html(&reply).contains("<script"));
    }
}

#[test]
fn hostile_names_stay_text() {
    let id = "1000.\"><script>alert('x')</script>&amp;";
    let hostile_callback = "https://app.example/?\"><b>'&";
    let desk = Desk::with(builder().user("<i>Eve</i>", "\"'><u>@mock.example", DataCentre::US));
    let accounts = desk.zoho.accounts();
    accounts.add_client(DataCentre::US, id, "s3cret", [hostile_callback]);
    let target = address(&[
        ("client_id", id),
        ("redirect_uri", hostile_callback),
        ("state", "\"><script>"),
    ]);
    let page = desk.send(Method::GET, &target, &[], "");
    assert_eq!(page.status, 200);
    for markup in ["<script", "<b>", "<i>", "<u>"] {
        assert!(!html(&page).contains(markup), "{markup}");
    }
    assert!(html(&page).contains("1000.&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
}

#[test]
fn a_refresh_token_comes_with_the_first_consent_or_when_asked_for() {
    let desk = Desk::with(builder());
    let refreshable = |location: &str| {
        let code = sent(location, "code").unwrap();
        exchange(&desk, &code, "").get("refresh_token").is_some()
    };
    let offline = address(&[("access_type", "offline")]);
    assert!(refreshable(accept(&desk, &offline).header("location")));
    // What was granted is granted again unasked, but without a refresh token.
    let again = desk.send(Method::GET, &offline, &[], "");
    assert_eq!(again.status, 302);
    assert!(!refreshable(again.header("location")));
    let narrower = address(&[
        ("access_type", "offline"),
        ("scope", "ZohoCRM.modules.Leads.READ"),
    ]);
    assert_eq!(desk.send(Method::GET, &narrower, &[], "").status, 302);
    // More than was granted is asked for.
    let wider = address(&[("access_type", "offline"), ("scope", "ZohoCRM.coql.READ")]);
    assert!(!refreshable(accept(&desk, &wider).header("location")));
    // And whoever wants to be asked is asked, each time with a new refresh token.
    let forced = address(&[("access_type", "offline"), ("prompt", "consent")]);
    assert!(refreshable(accept(&desk, &forced).header("location")));
    assert!(refreshable(accept(&desk, &forced).header("location")));
    let online = address(&[("prompt", "consent")]);
    assert!(!refreshable(accept(&desk, &online).header("location")));
}

#[test]
fn the_eleventh_code_in_ten_minutes_is_denied() {
    let desk = Desk::with(builder());
    let target = address(&[("prompt", "consent"), ("state", "")]);
    for number in 1..=11 {
        let reply = accept(&desk, &target);
        let location = reply.header("location");
        assert_eq!(
            sent(location, "code").is_some(),
            number <= 10,
            "{number}: {location}"
        );
        if number == 11 {
            assert_eq!(location, format!("{CALLBACK}?error=access_denied"));
        }
    }
    desk.zoho.advance(Duration::from_secs(600));
    assert!(sent(accept(&desk, &target).header("location"), "code").is_some());
}

#[test]
fn the_life_of_a_code_can_be_set() {
    let desk = Desk::with(builder().code_life(Duration::from_secs(10)));
    let code = |desk: &Desk| {
        let callback = desk
            .zoho
            .accounts()
            .approve(&address(&[("prompt", "consent")]))
            .unwrap();
        sent(&callback, "code").unwrap()
    };
    let (first, second) = (code(&desk), code(&desk));
    desk.zoho.advance(Duration::from_secs(9));
    assert!(exchange(&desk, &first, "")["access_token"].is_string());
    desk.zoho.advance(Duration::from_secs(1));
    assert_eq!(exchange(&desk, &second, ""), denied("invalid_code"));
}

#[test]
fn all_access_tokens_can_be_ended() {
    let desk = Desk::new();
    assert_eq!(desk.call(Method::GET, "/crm/v8/org", "").status, 200);
    desk.zoho.expire_access_tokens();
    let reply = desk.call(Method::GET, "/crm/v8/org", "");
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["code"]),
        (401, &json!("INVALID_TOKEN"))
    );
    assert!(desk.refresh().json()["access_token"].is_string());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn only_the_right_verifier_gets_a_token(
        verifier in "[A-Za-z0-9._~-]{43,60}",
        other in "[A-Za-z0-9._~-]{43,60}",
        plain in any::<bool>(),
    ) {
        prop_assume!(verifier != other);
        let desk = Desk::with(builder());
        let (method, challenge) = match plain {
            true => ("plain", verifier.clone()),
            false => ("S256", URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))),
        };
        let target = address(&[("code_challenge", &challenge), ("code_challenge_method", method)]);
        let callback = desk.zoho.accounts().approve(&target).unwrap();
        let code = sent(&callback, "code").unwrap();
        prop_assert_eq!(exchange(&desk, &code, ""), denied("invalid_code"));
        let wrong = format!("&code_verifier={}", encoded(&other));
        prop_assert_eq!(exchange(&desk, &code, &wrong), denied("invalid_code"));
        let right = format!("&code_verifier={}", encoded(&verifier));
        prop_assert!(exchange(&desk, &code, &right)["access_token"].is_string());
        prop_assert_eq!(exchange(&desk, &code, &right), denied("invalid_code"));
    }

    #[test]
    fn any_request_for_consent_is_answered(pairs in prop::collection::vec(("[a-z_]{1,14}", ".*"), 0..6), changes in prop::collection::vec((prop::sample::select(vec!["client_id", "scope", "redirect_uri", "state", "response_type", "prompt"]), ".*"), 0..3)) {
        let desk = Desk::with(builder());
        let all: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(changes.iter().map(|(name, value)| (*name, value.as_str()))).collect();
        let reply = desk.send(Method::GET, &address(&all), &[], "");
        prop_assert!(reply.status == 200 || reply.status == 400, "{}", reply.status);
        prop_assert_eq!(reply.header("location"), "");
        if reply.status == 200 {
            let reply = decide(&desk, &ticket(&reply), "accept");
            prop_assert_eq!(reply.status, 302);
            let location = reply.header("location").to_owned();
            prop_assert!(location.starts_with(CALLBACK));
            let state = all.iter().rev().find(|(name, _)| *name == "state").map_or("a b&c=d/é", |(_, value)| value);
            prop_assert_eq!(sent(&location, "state").unwrap_or_default(), state);
        }
    }
}
