//! Regions, hosts, and builders that refuse what can not be right.

use std::collections::{HashMap, HashSet};

use crate::testing::{Script, say_text};
use crate::{Environment, ErrorKind, OAuthApp, Region, Zoho, ZohoBuilder};

#[test]
fn every_region_is_found_by_code_name_and_accounts_address() {
    let mut hosts = HashSet::new();
    for region in Region::all() {
        let row = region.row().unwrap();
        for text in [
            row.code,
            &row.code.to_uppercase(),
            row.name,
            row.accounts,
            &format!("https://{}", row.accounts),
        ] {
            assert_eq!(text.parse::<Region>().unwrap(), region, "{text}");
        }
        assert!(hosts.insert(row.accounts) && hosts.insert(row.api));
    }
    let named = [
        Region::Us,
        Region::Eu,
        Region::In,
        Region::Au,
        Region::Jp,
        Region::Uk,
        Region::Ca,
        Region::Ae,
        Region::Sa,
        Region::Cn,
    ];
    assert!(named.iter().all(|region| region.row().is_some()));
    assert_eq!(Region::Ca.row().unwrap().accounts, "accounts.zohocloud.ca");
    assert_eq!(
        Region::Au.hosts(Environment::Sandbox).unwrap().api.as_ref(),
        "https://sandbox.zohoapis.com.au"
    );
}

#[test]
fn wrong_regions_and_hosts_are_refused_with_what_is_known() {
    let error = "mars".parse::<Region>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("us, eu") || error.to_string().contains("eu"),
        "{error}"
    );
    for address in [
        "",
        "zoho",
        "http://192.168.1.1",
        "https://example.com",
        "http://www.zohoapis.com",
        "https://www.zohoapis.com.evil.com",
        "https://www.zohoapis.com:444",
        "ftp://127.0.0.1",
        "http://user@127.0.0.1",
        "http://127.0.0.1?x",
        "http://0.0.0.0",
        "http://localhost.evil.com",
    ] {
        assert_eq!(
            Region::custom(address).unwrap_err().kind(),
            ErrorKind::Config,
            "{address}"
        );
    }
    for address in [
        "http://127.0.0.1:4000",
        "http://127.9.9.9",
        "http://[::1]:80",
        "http://localhost:1/",
        "https://localhost",
        "http://127.0.0.1:4000/dc/eu",
    ] {
        assert_eq!(Region::custom(address).unwrap().code(), "custom");
    }
    assert_eq!(Region::custom("https://www.zohoapis.eu").unwrap(), Region::Eu);
}

#[test]
fn a_builder_refuses_what_can_not_be_right() {
    let script = Script::new(|_, _| say_text(204, ""));
    let app = |id: &str, secret: &str| OAuthApp::new(id, secret.to_owned());
    let refused = [
        Zoho::builder(Region::Eu).refresh_token("r"),
        Zoho::builder(Region::Eu).oauth(app("", "s")).refresh_token("r"),
        Zoho::builder(Region::Eu).oauth(app("i", " ")).refresh_token("r"),
        Zoho::builder(Region::Eu)
            .oauth(app("i\n", "s"))
            .refresh_token("r"),
        Zoho::builder(Region::Eu).oauth(app("i", "s")),
        Zoho::builder(Region::Eu).oauth(app("i", "s")).refresh_token(""),
        script.builder().concurrency(0),
        script.builder().user_agent("a\r\nb"),
        script.builder().crm_version("v8/../x"),
    ];
    for builder in refused {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
    assert!(script.seen().is_empty());
}

#[test]
fn the_environment_describes_a_connection() {
    let full = HashMap::from([
        ("ZOHO_REGION", "eu"),
        ("ZOHO_CLIENT_ID", "1000.X"),
        ("ZOHO_CLIENT_SECRET", "s"),
        ("ZOHO_REFRESH_TOKEN", "r"),
    ]);
    let build = |vars: &HashMap<&str, &str>| {
        ZohoBuilder::from_vars(|name| vars.get(name).map(|value| (*value).to_owned()))
            .and_then(ZohoBuilder::build)
    };
    assert_eq!(build(&full).unwrap().region(), &Region::Eu);
    for name in full.keys() {
        let mut less = full.clone();
        less.remove(name);
        let error = build(&less).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        less.insert(name, "  ");
        assert_eq!(build(&less).unwrap_err().kind(), ErrorKind::Config);
    }
    let mut local = full.clone();
    local.insert("ZOHO_BASE_URL", "http://127.0.0.1:4000");
    assert_eq!(build(&local).unwrap().region().code(), "custom");
    local.insert("ZOHO_BASE_URL", "http://example.com");
    assert!(build(&local).is_err());
}
