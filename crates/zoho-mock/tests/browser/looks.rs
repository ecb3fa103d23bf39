//! How each page of the console looks: a picture of it in `target/console`, nothing over anything else,
//! nothing out of the window.

use std::path::Path;

use http::Method;
use serde_json::json;
use zoho_mock::MockZoho;

use super::company::{Client, NASTY, complaints, page};
use super::driver::Browser;

/// Whether parts of a page lie over each other or stick out of it, and what.
const LAYOUT: &str = "
const boxes = (css) => [...document.querySelectorAll(css)].filter(one => one.getClientRects().length).map(one => [one, one.getBoundingClientRect()]);
const wrong = [];
for (const css of ['.bar > *', '#status > *', '.card', '.tile', '.head > *', '.row > *, .row > * > *'])
  for (const [one, a] of boxes(css)) for (const [other, b] of boxes(css)) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      wrong.push(`${css}: ${one.outerHTML.slice(0, 80)} over ${other.outerHTML.slice(0, 80)}`);
  }
if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth} wide in ${innerWidth}`);
if (getComputedStyle(document.querySelector('.bar')).position !== 'sticky') wrong.push('no style');
return wrong";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_looks_right() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let zoho = MockZoho::builder()
        .records("Leads", 300)
        .unwrap()
        .start()
        .await
        .unwrap();
    let client = Client::new(&zoho).await;
    let organization = zoho.organization_id().to_owned();
    let watch = json!({"watch": [{"channel_id": 7, "events": ["Leads.all"], "token": "of-the-channel-0123", "notify_url": "https://receiver.example/a/rather/long/path/to/the/hook"}]});
    client
        .send(Method::POST, "/crm/v8/actions/watch", watch.to_string())
        .await;
    let lead = json!({"data": [{"Last_Name": NASTY, "Company": "Acme"}, {"Company": "No name"}]});
    let (_, made) = client.send(Method::POST, "/crm/v8/Leads", lead.to_string()).await;
    let id = made["data"][0]["details"]["id"].as_str().unwrap().to_owned();
    let contact = json!({"contact_name": "Ada & Sons"}).to_string();
    let (_, made) = client
        .send(
            Method::POST,
            &format!("/books/v3/contacts?organization_id={organization}"),
            contact,
        )
        .await;
    let contact = made["contact"]["contact_id"].as_str().unwrap().to_owned();
    zoho.faults()
        .script(zoho_mock::Fault::on("crm.list_records").status(429).times(1));
    client.list_with_retries().await;

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("console");
    std::fs::create_dir_all(&folder).unwrap();
    let pages = [
        ("overview", String::new()),
        ("crm", "crm/Leads".to_owned()),
        ("crm-search", "crm/Leads?q=acme".to_owned()),
        ("crm-record", format!("crm/Leads/{id}")),
        ("books", format!("books/{organization}/contacts")),
        ("books-record", format!("books/{organization}/contacts/{contact}")),
        ("journal", "journal".to_owned()),
        ("journal-exchange", "journal/3".to_owned()),
        ("notifications", "notifications".to_owned()),
        ("accounts", "accounts".to_owned()),
        ("controls", "controls".to_owned()),
        ("nothing", "crm/Nope".to_owned()),
    ];
    let mut wrong = Vec::new();
    for (size, width, height, scheme) in [
        ("wide", 1360, 1000, "light"),
        ("wide-dark", 1360, 1000, "dark"),
        ("narrow", 520, 1000, "light"),
    ] {
        browser.driver.set_window_rect(0, 0, width, height).await.unwrap();
        for (name, hash) in &pages {
            browser.goto("about:blank").await;
            browser.goto(&page(&zoho, hash)).await;
            browser
                .run(&format!(
                    "document.documentElement.style.colorScheme = '{scheme}'"
                ))
                .await;
            browser
                .until(
                    "document.querySelector('main').childElementCount > 0 && document.querySelector('#now')",
                )
                .await;
            browser.until("!document.querySelector('[aria-busy=true]')").await;
            browser
                .driver
                .screenshot(&folder.join(format!("{name}-{size}.png")))
                .await
                .unwrap();
            let found = browser.run(LAYOUT).await;
            let found = found
                .as_array()
                .unwrap()
                .iter()
                .map(|one| format!("{name} {size}: {}", one.as_str().unwrap()));
            wrong.extend(found.collect::<Vec<String>>());
        }
    }
    // Keys lead to sections and to the search.
    browser.goto(&page(&zoho, "")).await;
    browser
        .until("document.querySelector('[data-page=overview]')")
        .await;
    browser.find("body").await.send_keys("gj").await.unwrap();
    browser
        .until("document.querySelector('[data-page=journal]')")
        .await;
    browser.find("body").await.send_keys("/").await.unwrap();
    browser.until("document.activeElement.id === 'search'").await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(complaints(&browser, "crm/Nope").await, [String::new(); 0]);
    browser.quit().await;
}
