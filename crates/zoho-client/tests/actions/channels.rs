//! Notification channels.

use std::time::Duration;

use serde_json::json;
use zoho_client::crm::{Channel, ChannelId, Selection};
use zoho_client::{ErrorKind, Outcome};

use crate::support::start;

fn channel() -> Channel {
    Channel::new(7)
        .events(["Leads.create"])
        .notify_url("https://example.com/zoho")
}

#[tokio::test(start_paused = true)]
async fn a_channel_is_opened_read_changed_and_closed() {
    let (_mock, zoho) = start();
    let channels = zoho.crm().channels();
    let week = Duration::from_secs(7 * 86_400);
    let asked = channel()
        .events(["Leads.edit", "Contacts.all"])
        .token("a token")
        .expires_in(week)
        .return_affected_field_values(true)
        .notify_on_related_action(false)
        .when(
            "Leads",
            Selection::any(["Email", "Phone", "Mobile", "Company", "City"]),
        );
    let made = channels.enable(asked).await.unwrap();
    let modules: Vec<&str> = made.iter().map(|made| made.module.as_str()).collect();
    assert_eq!(modules.len(), 2);
    assert!(
        modules.contains(&"Leads") && modules.contains(&"Contacts"),
        "{modules:?}"
    );
    let ends = made[0].expires.clone().unwrap();

    let known = channels.details(7).all().await.unwrap();
    let leads = known
        .iter()
        .find(|known| known.module.as_deref() == Some("Leads"))
        .unwrap();
    assert_eq!(leads.events.as_deref().unwrap(), ["Leads.create", "Leads.edit"]);
    assert_eq!(leads.token.as_deref(), Some("a token"));
    assert_eq!(leads.more["return_affected_field_values"], json!(true));
    assert_eq!(leads.more["notify_on_related_action"], json!(false));
    assert!(
        leads.more["notification_condition"]
            .to_string()
            .contains("Mobile")
    );

    let changed = channels
        .update(
            Channel::new(7)
                .events(["Leads.delete"])
                .token("another")
                .expires_in(week / 2),
        )
        .await
        .unwrap();
    assert!(changed[0].expires.clone().unwrap() < ends);
    let known = channels.details(7).param("module", "Leads").all().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].token.as_deref(), Some("another"));
    assert_eq!(known[0].events.as_ref().unwrap().len(), 3);

    channels
        .disable_events(Channel::new(7).events(["Leads.edit"]))
        .await
        .unwrap();
    let known = channels.details(7).param("module", "Leads").all().await.unwrap();
    assert_eq!(
        known[0].events.as_deref().unwrap(),
        ["Leads.create", "Leads.delete"]
    );

    channels.replace(channel()).await.unwrap();
    let known = channels.list().all().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].token, None);

    let outcomes = channels
        .disable([ChannelId::from(7), ChannelId::from(8)])
        .await
        .unwrap();
    assert!(outcomes[0].is_ok());
    assert!(matches!(&outcomes[1], Outcome::Err(refused) if refused.code == "NOT_SUBSCRIBED"));
    assert!(channels.list().all().await.unwrap().is_empty());
    let gone = channels.update(channel()).await.unwrap_err();
    assert_eq!(gone.api().unwrap().code(), "NOT_SUBSCRIBED");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_breaks_a_rule_is_refused_unsent() {
    let (mock, zoho) = start();
    let channels = zoho.crm().channels();
    let before = mock.journal().exchanges().len();
    let week = Duration::from_secs(7 * 86_400);
    for (channel, named) in [
        (Channel::new(7).notify_url("https://example.com"), "events"),
        (Channel::new(7).events(["Leads.create"]), "notify_url"),
        (channel().notify_url("example.com"), "notify_url"),
        (
            channel().notify_url(format!("https://example.com/{}", "x".repeat(250))),
            "notify_url",
        ),
        (channel().events(["Leads"]), "events"),
        (channel().events(["Leads.insert"]), "events"),
        (channel().events([".create"]), "events"),
        (
            channel().events((0..50).map(|n| format!("M{n}.create"))),
            "events",
        ),
        (channel().token("x".repeat(51)), "token"),
        (
            channel().expires_in(week + Duration::from_secs(1)),
            "channel_expiry",
        ),
        (channel().expires_in(Duration::ZERO), "channel_expiry"),
        (
            channel().when("Leads", Selection::any((0..11).map(|n| format!("F{n}")))),
            "notification_condition",
        ),
    ] {
        let error = channels.enable(channel.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{channel:?}");
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(
        channels.update(Channel::new(7)).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    assert_eq!(
        channels.disable_events(Channel::new(7)).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    let none: [ChannelId; 0] = [];
    assert_eq!(
        channels.disable(none).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    assert_eq!(mock.journal().exchanges().len(), before);
    assert!(!format!("{:?}", channel().token("secret-token")).contains("secret-token"));
}
