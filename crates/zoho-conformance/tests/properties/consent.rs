//! Consent, tokens and their limits against the mock's accounts server, in every way there is.
#![allow(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::Instant;
use zoho_client::{
    AuthorizeUrl, Error, ErrorKind, OAuthApp, Region, Scopes, ServiceTransport, TokioClock, Zoho, ZohoBuilder,
};
use zoho_conformance::harness::{Harness, connect};
use zoho_conformance::proof;
use zoho_mock::{DataCentre, MockZoho};

const CALLBACK: &str = "https://app.example/callback";

/// A mock with an application that has a secret of its own in Europe, and a user in each centre.
fn two_centres() -> MockZoho {
    MockZoho::builder()
        .client("1000.APP", "us-s3cret", [CALLBACK])
        .client_at(DataCentre::EU, "1000.APP", "eu-s3cret", [CALLBACK])
        .user("Ada", "ada@mock.example", DataCentre::US)
        .user("Nadia", "nadia@mock.example", DataCentre::EU)
        .in_process()
}

fn region(mock: &MockZoho, centre: DataCentre) -> Region {
    Region::custom(&format!("{}{}", mock.base_url(), centre.prefix())).unwrap()
}

fn app(mock: &MockZoho) -> OAuthApp {
    OAuthApp::new("1000.APP", "us-s3cret")
        .secret_at(region(mock, DataCentre::EU), "eu-s3cret")
        .redirect_uri(CALLBACK)
}

fn at(mock: &MockZoho, region: &Region) -> ZohoBuilder {
    Zoho::builder(region.clone())
        .oauth(app(mock))
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(mock.service()))
}

async fn works(zoho: &Zoho) -> Result<(), Error> {
    zoho.crm().records("Leads").fields(["id"]).send().await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn a_user_of_another_data_centre_is_followed_there() {
    let mock = two_centres();
    let home = region(&mock, DataCentre::US);
    for (email, centre) in [
        ("ada@mock.example", DataCentre::US),
        ("nadia@mock.example", DataCentre::EU),
    ] {
        let consent = AuthorizeUrl::new(home.clone(), app(&mock))
            .begin_random()
            .unwrap();
        let back = mock.accounts().approve_as(email, consent.url()).unwrap();
        let callback = consent.callback(&back).unwrap();
        assert_eq!(callback.region(), &region(&mock, centre));
        let builder = at(&mock, callback.region());
        let grant = builder.exchange(&callback).await.unwrap();
        let zoho = builder.grant(grant).build().unwrap();
        works(&zoho).await.unwrap();
        // The token that follows it is asked for where the user lives too.
        tokio::time::advance(Duration::from_secs(3_600)).await;
        works(&zoho).await.unwrap();
        let paths: Vec<String> = mock
            .journal()
            .of("token")
            .map(|token| token.path.clone())
            .collect();
        assert!(
            paths.ends_with(&vec![format!("{}/oauth/v2/token", centre.prefix()); 2]),
            "{paths:?}"
        );
    }

    let consent = AuthorizeUrl::new(home, app(&mock)).begin_random().unwrap();
    let back = mock.accounts().reject(consent.url()).unwrap();
    let refused = consent.callback(&back).unwrap_err();
    assert!(
        refused.needs_consent() && refused.kind() == ErrorKind::Auth,
        "{refused}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_device_is_followed_to_its_users_data_centre() {
    let mock = two_centres();
    let builder = at(&mock, &region(&mock, DataCentre::US));
    for (email, centre) in [
        ("ada@mock.example", DataCentre::US),
        ("nadia@mock.example", DataCentre::EU),
    ] {
        let code = builder.device_code(&Scopes::seed()).await.unwrap();
        let user = async {
            tokio::time::sleep(Duration::from_secs(70)).await;
            mock.accounts()
                .approve_device_as(email, code.user_code())
                .unwrap();
        };
        let (device, ()) = tokio::join!(builder.wait_for_device(&code), user);
        let device = device.unwrap();
        assert_eq!(device.region, region(&mock, centre));
        let zoho = at(&mock, &device.region).grant(device.grant).build().unwrap();
        works(&zoho).await.unwrap();
    }
    let code = builder.device_code(&Scopes::seed()).await.unwrap();
    mock.accounts().reject_device(code.user_code()).unwrap();
    assert!(builder.wait_for_device(&code).await.unwrap_err().needs_consent());
    let code = builder.device_code(&Scopes::seed()).await.unwrap();
    assert!(
        builder.wait_for_device(&code).await.unwrap_err().needs_consent(),
        "nobody ever entered it"
    );
}

#[tokio::test(start_paused = true)]
async fn the_mocks_data_centres_are_found() {
    let mock = two_centres();
    let centres = at(&mock, &region(&mock, DataCentre::US))
        .data_centres()
        .await
        .unwrap();
    assert_eq!(centres["eu"], region(&mock, DataCentre::EU));
    assert!(!centres.contains_key("cn"));
}

#[tokio::test(start_paused = true)]
async fn a_revoked_connection_needs_consent() {
    let mock = MockZoho::in_process();
    let zoho = connect(&mock).build().unwrap();
    works(&zoho).await.unwrap();
    assert!(zoho.revoke().await.unwrap());
    assert!(works(&zoho).await.unwrap_err().needs_consent());
    assert!(!zoho.revoke().await.unwrap(), "it is gone already");
}

#[tokio::test(start_paused = true)]
async fn an_application_connects_to_an_organization() {
    let mock = MockZoho::in_process();
    let builder = connect(&mock).client_credentials("ZohoCRM.60001234567", Scopes::seed());
    let zoho = builder.build().unwrap();
    for _ in 0..2 {
        works(&zoho).await.unwrap();
        tokio::time::advance(Duration::from_secs(3_600)).await;
    }
    assert_eq!(mock.journal().count("token"), 2);
}

#[tokio::test(start_paused = true)]
async fn the_mocks_throttle_is_waited_out_in_both_forms() {
    for with_200 in [false, true] {
        let mock = MockZoho::builder().throttle_with_200(with_200).in_process();
        // Another program that knows nothing of ours uses the tokens up.
        for _ in 0..10 {
            works(&connect(&mock).build().unwrap()).await.unwrap();
        }
        let zoho = connect(&mock).build().unwrap();
        let started = Instant::now();
        works(&zoho).await.unwrap();
        assert!(
            (600..603).contains(&started.elapsed().as_secs()),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(
            mock.journal().count("token"),
            12,
            "one was refused, and none was asked for meanwhile"
        );
    }
}

proptest! {
    #![proptest_config(proof::config("consent::any_app"))]

    /// Tokens are lost at any moments, as often as can be: Zoho never finds that too many were asked
    /// for, and every call succeeds in the end.
    #[test]
    fn the_rules_on_tokens_are_never_tripped(gaps in prop::collection::vec((0_u64..240, any::<bool>()), 1..60)) {
        let harness = Harness::with(|builder| builder.token_patience(Duration::from_secs(3_700)));
        for (gap, lost) in gaps {
            harness.pass(Duration::from_secs(gap));
            if lost {
                harness.mock.expire_access_tokens();
            }
            let called = harness.run(works(&harness.zoho));
            prop_assert!(called.is_ok(), "{called:?}\n{}", harness.transcript());
        }
        let refused = harness.mock.journal().of("token").filter(|token| token.status != Some(200)).count();
        prop_assert_eq!(refused, 0);
    }

    /// Calls arrive at any moments: Books never has to refuse one, though it takes only 100 in a minute.
    #[test]
    fn books_never_refuses_for_its_minute(gaps in prop::collection::vec(prop_oneof![4 => Just(0_u64), 1 => 0..3_000_u64], 110..260)) {
        let harness = Harness::new();
        let books = harness.zoho.books(zoho_client::OrganizationId::new(harness.mock.organization_id()));
        let mut at = 0;
        let calls = gaps.into_iter().map(|gap| {
            at += gap;
            let (at, contacts) = (at, books.records("contacts"));
            async move {
                tokio::time::sleep(Duration::from_millis(at)).await;
                contacts.send().await.map(drop)
            }
        });
        let calls = harness.run(async { futures_util::future::join_all(calls).await });
        prop_assert!(calls.iter().all(Result::is_ok));
        let refused = harness.mock.journal().exchanges().iter().filter(|call| call.status == Some(429)).count();
        prop_assert_eq!(refused, 0);
    }
}
