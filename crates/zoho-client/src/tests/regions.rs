//! Regions, hosts, and builders that refuse what can not be right.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::region::upload_host;
use crate::testing::{Script, say, say_text};
use crate::{
    Environment, ErrorKind, Method, OAuthApp, OAuthUrls, OrganizationId, Region, Scopes, Zoho, ZohoBuilder,
};

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
    let mut sandbox = full.clone();
    sandbox.insert("ZOHO_ENVIRONMENT", "sandbox");
    assert!(build(&sandbox).is_ok());
    sandbox.insert("ZOHO_ENVIRONMENT", "sandpit");
    assert!(build(&sandbox).unwrap_err().to_string().contains("developer"));
    let mut local = full.clone();
    local.insert("ZOHO_BASE_URL", "http://127.0.0.1:4000");
    assert_eq!(build(&local).unwrap().region().code(), "custom");
    local.insert("ZOHO_BASE_URL", "http://example.com");
    assert!(build(&local).is_err());
}

/// Every host of every region: accounts, API, sandbox, developer edition, uploads.
const HOSTS: [[&str; 6]; 10] = [
    [
        "us",
        "accounts.zoho.com",
        "www.zohoapis.com",
        "sandbox.zohoapis.com",
        "developer.zohoapis.com",
        "content.zohoapis.com",
    ],
    [
        "eu",
        "accounts.zoho.eu",
        "www.zohoapis.eu",
        "sandbox.zohoapis.eu",
        "developer.zohoapis.eu",
        "content.zohoapis.eu",
    ],
    [
        "in",
        "accounts.zoho.in",
        "www.zohoapis.in",
        "sandbox.zohoapis.in",
        "developer.zohoapis.in",
        "content.zohoapis.in",
    ],
    [
        "au",
        "accounts.zoho.com.au",
        "www.zohoapis.com.au",
        "sandbox.zohoapis.com.au",
        "developer.zohoapis.com.au",
        "content.zohoapis.com.au",
    ],
    [
        "jp",
        "accounts.zoho.jp",
        "www.zohoapis.jp",
        "sandbox.zohoapis.jp",
        "developer.zohoapis.jp",
        "content.zohoapis.jp",
    ],
    [
        "uk",
        "accounts.zoho.uk",
        "www.zohoapis.uk",
        "sandbox.zohoapis.uk",
        "developer.zohoapis.uk",
        "content.zohoapis.uk",
    ],
    [
        "ca",
        "accounts.zohocloud.ca",
        "www.zohoapis.ca",
        "sandbox.zohoapis.ca",
        "developer.zohoapis.ca",
        "upload.zohocloud.ca",
    ],
    [
        "ae",
        "accounts.zoho.ae",
        "www.zohoapis.ae",
        "sandbox.zohoapis.ae",
        "developer.zohoapis.ae",
        "content.zohoapis.ae",
    ],
    [
        "sa",
        "accounts.zoho.sa",
        "www.zohoapis.sa",
        "sandbox.zohoapis.sa",
        "developer.zohoapis.sa",
        "files.zoho.sa",
    ],
    [
        "cn",
        "accounts.zoho.com.cn",
        "www.zohoapis.com.cn",
        "sandbox.zohoapis.com.cn",
        "developer.zohoapis.com.cn",
        "content.zohoapis.com.cn",
    ],
];

#[test]
fn the_table_of_regions_is_a_bijection() {
    assert_eq!(Region::all().count(), HOSTS.len());
    let mut seen = HashSet::new();
    for [code, accounts, api, sandbox, developer, upload] in HOSTS {
        let region: Region = code.parse().unwrap();
        for host in [accounts, api, sandbox, developer, upload] {
            assert!(seen.insert(host), "{host} belongs to two");
        }
        assert_eq!(
            region.at_accounts_server(&format!("https://{accounts}")).unwrap(),
            region
        );
        let environments = [
            Environment::Production,
            Environment::Sandbox,
            Environment::Developer,
        ];
        for (environment, host) in environments.into_iter().zip([api, sandbox, developer]) {
            let address = format!("https://{host}");
            assert_eq!(*region.check_api_domain(environment, &address).unwrap(), *address);
            assert_eq!(Region::custom(&address).unwrap(), region);
            assert_eq!(upload_host(&address), format!("https://{upload}"));
        }
        let urls = OAuthUrls::new(
            &format!("https://{accounts}/oauth/v2/auth"),
            &format!("https://{accounts}/oauth/v2/token"),
            &format!("https://{accounts}/oauth/v2/revoke/token"),
        );
        assert_eq!(urls.unwrap(), OAuthUrls::of(&region).unwrap());
    }
}

/// Every kind of request of a connection, at every region and environment, goes to exactly its host.
#[tokio::test(start_paused = true)]
async fn every_request_goes_to_the_host_of_its_region() {
    for [code, accounts, api, sandbox, developer, _] in HOSTS {
        let region: Region = code.parse().unwrap();
        for (environment, host) in [
            (Environment::Production, api),
            (Environment::Sandbox, sandbox),
            (Environment::Developer, developer),
        ] {
            let token =
                |domain: &str| json!({"access_token": "1000.a", "api_domain": domain, "expires_in": 3600});
            let domain = format!("https://{host}");
            let script = Script::new(|seen, _| match seen.path.as_str() {
                "/oauth/serverinfo" => say(200, json!({"locations": {}})),
                "/oauth/v3/device/code" => say(200, json!({
                    "user_code": "u", "device_code": "d", "verification_url": "v", "interval": 1, "expires_in": 9,
                })),
                "/oauth/v3/device/token" => say(200, json!({"error": "access_denied"})),
                _ => say(200, json!({"status": "success", "code": 0})),
            })
            .tokens(move |_, _| say(200, token(&domain)));
            let builder = script.builder_at(region.clone()).environment(environment);
            let zoho = builder.clone().build().unwrap();
            zoho.crm().raw(Method::GET, "/Leads/1").send().await.unwrap();
            zoho.books(OrganizationId::new("1"))
                .raw(Method::GET, "/invoices")
                .send()
                .await
                .unwrap();
            builder.exchange_code("1000.c").await.unwrap();
            builder.revoke("1000.r").await.unwrap();
            builder.data_centres().await.unwrap();
            let device = builder.device_code(&Scopes::seed()).await.unwrap();
            builder.wait_for_device(&device).await.unwrap_err();
            let sent: Vec<String> = script
                .seen()
                .iter()
                .map(|seen| {
                    assert!(seen.secure);
                    format!("{}{}", seen.host, seen.path)
                })
                .collect();
            assert_eq!(
                sent,
                [
                    format!("{accounts}/oauth/v2/token"),
                    format!("{host}/crm/v8/Leads/1"),
                    format!("{host}/books/v3/invoices"),
                    format!("{accounts}/oauth/v2/token"),
                    format!("{accounts}/oauth/v2/revoke/token"),
                    format!("{accounts}/oauth/serverinfo"),
                    format!("{accounts}/oauth/v3/device/code"),
                    format!("{accounts}/oauth/v3/device/token"),
                ]
            );
        }
    }
}
