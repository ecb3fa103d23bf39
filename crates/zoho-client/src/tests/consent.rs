//! Consent: asked for, checked, traded where the user lives, and taken back; secrets go nowhere else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{Act, CLIENT_SECRET, REFRESH_TOKEN, Script, Seen, say};
use crate::{AuthorizeUrl, ErrorKind, OAuthApp, OAuthUrls, Region, Scopes};

fn ok() -> Act {
    say(200, json!({"count": 5}))
}

fn form(seen: &Seen) -> HashMap<String, String> {
    url::form_urlencoded::parse(&seen.body).into_owned().collect()
}

#[tokio::test(start_paused = true)]
async fn consent_is_asked_for_checked_and_traded_where_the_user_lives() {
    let script = Script::new(|_, _| ok()).tokens(|_, _| {
        say(
            200,
            json!({"access_token": "1000.a", "refresh_token": "1000.r", "expires_in": 3600}),
        )
    });
    let app = OAuthApp::new("1000.CLIENT", "secret").redirect_uri("https://app.example/cb");
    let asked = AuthorizeUrl::new(Region::Us, app.clone())
        .scopes(Scopes::seed())
        .begin([7; 48])
        .unwrap();
    let url = url::Url::parse(asked.url()).unwrap();
    let value = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, v)| v.into_owned())
    };
    assert_eq!(url.host_str(), Some("accounts.zoho.com"));
    assert_eq!(value("access_type").as_deref(), Some("offline"));
    assert_eq!(value("prompt").as_deref(), Some("consent"));
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
    assert!(value("scope").unwrap().contains("ZohoCRM.modules.ALL,"));
    let state = value("state").unwrap();

    let back = |query: String| asked.callback(&format!("https://app.example/cb?{query}"));
    let forged = back("code=c&state=other".to_owned()).unwrap_err();
    assert_eq!(forged.kind(), ErrorKind::Auth);
    let refused = back(format!("error=access_denied&state={state}")).unwrap_err();
    assert!(refused.needs_consent());
    for server in [
        "https://accounts.zoho.evil.com",
        "http://accounts.zoho.in",
        "https://accounts.zoho.in:8443",
        "https://accounts.zoho.in@evil.com",
    ] {
        let error = back(format!("code=c&state={state}&accounts-server={server}")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{server}");
    }
    let callback = back(format!(
        "code=1000.c&location=in&accounts-server=https%3A%2F%2Faccounts.zoho.in&state={state}"
    ))
    .unwrap();
    assert_eq!(callback.region(), &Region::In);

    let granted = script
        .builder_at(Region::Us)
        .oauth(app)
        .exchange(&callback)
        .await
        .unwrap();
    assert!(granted.refresh_token.is_some());
    let seen = script.seen().remove(0);
    assert_eq!(seen.host, "accounts.zoho.in");
    let form = form(&seen);
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["redirect_uri"], "https://app.example/cb");
    assert!(form.contains_key("code_verifier"));
}

fn granted() -> Act {
    say(
        200,
        json!({"access_token": "1000.a", "refresh_token": "1000.r", "expires_in": 3600}),
    )
}

fn app() -> OAuthApp {
    OAuthApp::new("1000.CLIENT", CLIENT_SECRET).redirect_uri("https://app.example/cb")
}

/// What an attacker may put into a callback's parameter, and what Zoho puts there.
fn server() -> impl Strategy<Value = String> {
    let hosts: Vec<&str> = Region::all()
        .map(|region| region.row().unwrap().accounts)
        .collect();
    let host = prop::sample::select(hosts);
    prop_oneof![
        host.clone().prop_map(|host| format!("https://{host}")),
        host.clone().prop_map(|host| format!("https://{host}/")),
        host.clone().prop_map(|host| format!("http://{host}")),
        host.clone()
            .prop_map(|host| format!("https://{host}.evil.example")),
        host.clone()
            .prop_map(|host| format!("https://evil.example/{host}")),
        host.clone()
            .prop_map(|host| format!("https://{host}@evil.example")),
        host.clone()
            .prop_map(|host| format!("https://evil.example#{host}")),
        host.clone().prop_map(|host| format!("https://{host}:444")),
        host.clone()
            .prop_map(|host| format!("https://{host}\\@evil.example")),
        host.prop_map(|host| host.replace("zoho", "z\u{43e}ho"))
            .prop_map(|host| format!("https://{host}")),
        "https?://[a-z0-9.@:/\\\\%-]{0,30}",
        ".*",
    ]
}

fn location() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{2}",
        ".*",
        prop::sample::select(vec!["us", "eu", "cn", "sg"]).prop_map(str::to_owned)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whatever stands in a callback: code and secret go to an accounts server of the table, or nowhere.
    #[test]
    fn no_callback_leads_a_secret_astray(
        server in prop::option::of(server()),
        location in prop::option::of(location()),
        code in ".{0,20}",
        home in prop::sample::select(Region::all().collect::<Vec<_>>()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let script = Script::new(|_, _| ok()).tokens(|_, _| granted());
            let asked = AuthorizeUrl::new(home.clone(), app()).begin([9; 48]).unwrap();
            let url = url::Url::parse(asked.url()).unwrap();
            let state = url.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
            let mut back = url::Url::parse("https://app.example/cb").unwrap();
            back.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
            for (name, value) in [("accounts-server", &server), ("location", &location)] {
                if let Some(value) = value {
                    back.query_pairs_mut().append_pair(name, value);
                }
            }
            if let Ok(callback) = asked.callback(back.as_str()) {
                script.builder_at(home.clone()).oauth(app()).exchange(&callback).await.unwrap();
            }
            let known: HashSet<&str> = Region::all().map(|region| region.row().unwrap().accounts).collect();
            for seen in script.seen() {
                prop_assert!(seen.secure && known.contains(seen.host.as_str()), "{}", seen.host);
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn addresses_that_are_written_out_are_used_and_checked() {
    let urls = |authorize: &str, token: &str, revoke: &str| OAuthUrls::new(authorize, token, revoke);
    let eu = urls(
        "https://accounts.zoho.eu/oauth/v2/auth",
        "https://accounts.zoho.eu/oauth/v2/token",
        "https://accounts.zoho.eu/oauth/v2/token/revoke",
    )
    .unwrap();
    for (authorize, token, revoke) in [
        (
            "https://accounts.zoho.eu/a",
            "https://accounts.zoho.in/t",
            "https://accounts.zoho.eu/r",
        ),
        (
            "https://accounts.zoho.eu/a",
            "http://accounts.zoho.eu/t",
            "https://accounts.zoho.eu/r",
        ),
        (
            "https://accounts.zoho.eu/a",
            "https://accounts.zoho.eu.evil.example/t",
            "https://accounts.zoho.eu/r",
        ),
        (
            "https://www.zohoapis.eu/a",
            "https://www.zohoapis.eu/t",
            "https://www.zohoapis.eu/r",
        ),
        (
            "https://accounts.zoho.eu/a?x=1",
            "https://accounts.zoho.eu/t",
            "https://accounts.zoho.eu/r",
        ),
        ("", "https://accounts.zoho.eu/t", "https://accounts.zoho.eu/r"),
    ] {
        assert_eq!(
            urls(authorize, token, revoke).unwrap_err().kind(),
            ErrorKind::Config,
            "{token}"
        );
    }
    let asked = AuthorizeUrl::new(Region::Us, app())
        .urls(eu.clone())
        .begin([1; 48])
        .unwrap();
    assert!(asked.url().starts_with("https://accounts.zoho.eu/oauth/v2/auth?"));

    let script = Script::new(|_, _| say(200, json!({"status": "success"})));
    let builder = script.builder_at(Region::Eu).oauth_urls(eu.clone());
    assert!(builder.revoke(REFRESH_TOKEN).await.unwrap());
    let seen = script.seen().remove(0);
    assert_eq!(
        (seen.host.as_str(), seen.path.as_str()),
        ("accounts.zoho.eu", "/oauth/v2/token/revoke")
    );
    let sent = form(&seen);
    assert_eq!(sent["token"], REFRESH_TOKEN);
    assert!(!sent.contains_key("client_secret") && !seen.headers.contains_key("authorization"));
    let elsewhere = script.builder_at(Region::In).oauth_urls(eu);
    assert_eq!(elsewhere.build().unwrap_err().kind(), ErrorKind::Config);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_taken_back_with_the_applications_own_authentication() {
    for (status, body, expected) in [
        (200, json!({"status": "success"}), Ok(true)),
        (400, json!({"error": "invalid_token"}), Ok(false)),
        (200, json!({"error": "invalid_code"}), Ok(false)),
        (400, json!({"error": "invalid_client"}), Err(ErrorKind::Auth)),
        (502, json!([]), Err(ErrorKind::Decode)),
    ] {
        let script = Script::new(move |_, _| say(status, body.clone()));
        let revoked = script.builder_at(Region::Jp).revoke(REFRESH_TOKEN).await;
        assert_eq!(revoked.map_err(|error| error.kind()), expected);
        let seen = script.seen().remove(0);
        assert_eq!(
            (seen.host.as_str(), seen.path.as_str()),
            ("accounts.zoho.jp", "/oauth/v2/revoke/token")
        );
        assert_eq!(form(&seen)["token_type"], "refresh_token");
        let basic = seen.headers["authorization"].to_str().unwrap();
        assert_eq!(
            basic,
            "Basic MTAwMC5DTElFTlQ6dmVyeS1zZWNyZXQtY2xpZW50LXNlY3JldA=="
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_data_centre_that_nobody_knows_is_left_out() {
    let script = Script::new(|_, _| {
        say(
            200,
            json!({"result": "success", "locations": {
                "eu": "https://accounts.zoho.eu", "ca": "https://accounts.zohocloud.ca",
                "sg": "https://accounts.zoho.sg", "xx": "https://accounts.zoho.eu.evil.example", "yy": 7,
            }}),
        )
    });
    let centres = script.builder_at(Region::Us).data_centres().await.unwrap();
    let expected = [("ca", Region::Ca), ("eu", Region::Eu)].map(|(code, region)| (code.to_owned(), region));
    assert_eq!(centres, BTreeMap::from(expected));
    let seen = script.seen().remove(0);
    assert_eq!(
        (seen.host.as_str(), seen.path.as_str()),
        ("accounts.zoho.com", "/oauth/serverinfo")
    );
    assert!(seen.body.is_empty() && !seen.headers.contains_key("authorization"));
}

#[tokio::test(start_paused = true)]
async fn a_device_goes_at_the_servers_pace_and_to_the_users_data_centre() {
    let script = Script::new(|seen, before| match (seen.path.as_str(), before) {
        ("/oauth/v3/device/code", _) => say(
            200,
            json!({
                "user_code": "AB12CD", "device_code": "1004.x", "interval": 30_000, "expires_in": 300_000,
                "verification_url": "https://accounts.zoho.com/oauth/v3/device",
            }),
        ),
        (_, 1) => say(200, json!({"error": "authorization_pending"})),
        (_, 2) => say(200, json!({"error": "slow_down"})),
        (_, 3) => Act::Break,
        (_, 4) => say(200, json!({"error": "other_dc", "user_location": "eu"})),
        _ => granted(),
    });
    let app = app().secret_at(Region::Eu, "eu-secret");
    let builder = script.builder_at(Region::Us).oauth(app);
    let code = builder.device_code(&Scopes::seed()).await.unwrap();
    assert_eq!(
        (code.interval(), code.expires_in()),
        (Duration::from_secs(30), Duration::from_secs(300))
    );
    let started = tokio::time::Instant::now();
    let device = builder.wait_for_device(&code).await.unwrap();
    assert_eq!(device.region, Region::Eu);
    // Two waits of 30 seconds, and three of 35 after the server found that too fast.
    assert_eq!(started.elapsed().as_secs(), 2 * 30 + 3 * 35);
    let seen = script.seen();
    assert!(
        !form(&seen[0]).contains_key("client_secret"),
        "a device asks for a code by its id alone"
    );
    let hosts: Vec<&str> = seen.iter().map(|seen| seen.host.as_str()).collect();
    assert_eq!(hosts[4..], ["accounts.zoho.com", "accounts.zoho.eu"]);
    assert_eq!(form(&seen[4])["client_secret"], CLIENT_SECRET);
    assert_eq!(form(&seen[5])["client_secret"], "eu-secret");
}

#[tokio::test(start_paused = true)]
async fn a_device_stops_when_the_code_runs_out_or_the_user_says_no() {
    for (error, polls) in [("authorization_pending", 9), ("access_denied", 1), ("expired", 1)] {
        let script = Script::new(move |seen, _| match seen.path.as_str() {
            "/oauth/v3/device/code" => say(
                200,
                json!({
                    "user_code": "AB12CD", "device_code": "1004.x", "interval": 30, "expires_in": 300,
                    "verification_url": "https://accounts.zoho.com/oauth/v3/device",
                }),
            ),
            _ => say(200, json!({"error": error})),
        });
        let builder = script.builder();
        let code = builder.device_code(&Scopes::seed()).await.unwrap();
        let refused = builder.wait_for_device(&code).await.unwrap_err();
        assert!(
            refused.needs_consent() && refused.kind() == ErrorKind::Auth,
            "{refused:?}"
        );
        assert_eq!(script.calls().len(), polls + 1);
    }
}
