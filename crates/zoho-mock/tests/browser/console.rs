//! A day's work in the console, and pages of others that try to get in.

use std::path::{Path, PathBuf};

use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt as _;
use zoho_mock::{MockZoho, Snapshot};

use super::company::{Client, NASTY, complaints, neighbour, page};
use super::driver::{Browser, DEADLINE};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_days_work_is_done_in_the_console() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (receiver, mut told) = neighbour().await;
    let zoho = MockZoho::builder()
        .records("Leads", 10_000)
        .unwrap()
        .start()
        .await
        .unwrap();
    let client = Client::new(&zoho).await;
    let lead = json!({"data": [{"Last_Name": NASTY, "Company": "<b>Bold & Sons</b>"}]});
    client.send(Method::POST, "/crm/v8/Leads", lead.to_string()).await;
    let watch = json!({"watch": [{"channel_id": 7, "events": ["Leads.edit"], "notify_url": format!("{receiver}/hook")}]});
    client
        .send(Method::POST, "/crm/v8/actions/watch", watch.to_string())
        .await;

    // It finds a lead among ten thousand, and sees its fields as text.
    browser.goto(&page(&zoho, "crm/Leads")).await;
    browser.enter("#search", "pelikan").await;
    browser
        .until("document.querySelector('#found')?.innerText.includes('1 found, looked through 10,001')")
        .await;
    browser.until("location.hash === '#/crm/Leads?q=pelikan'").await;
    browser.click("tbody tr a").await;
    browser
        .until("document.querySelector('[data-field=Last_Name]')")
        .await;
    let shown = browser.run("return [document.querySelector('[data-field=Last_Name]').innerText, document.querySelector('[data-field=Company]').innerText, document.querySelector('h1').innerText, window.evil ?? null, document.querySelectorAll('main script, main img').length]").await;
    assert_eq!(shown, json!([NASTY, "<b>Bold & Sons</b>", NASTY, null, 0]));

    // It edits it, and the callback arrives.
    browser.click("#edit").await;
    browser.enter("input[name=Company]", "Acme").await;
    browser.click("#save").await;
    browser
        .until("document.querySelector('[data-field=Company]')?.innerText === 'Acme'")
        .await;
    let callback = timeout(DEADLINE, told.recv())
        .await
        .expect("the callback comes")
        .unwrap();
    assert_eq!(
        (&callback["module"], &callback["operation"]),
        (&json!("Leads"), &json!("update"))
    );
    browser.goto(&page(&zoho, "notifications")).await;
    browser
        .until(
            "/Leads update[^]*delivered\\s*200/.test(document.querySelector('tr[data-id=\"1\"]')?.innerText)",
        )
        .await;

    // It fires an event by hand.
    browser.enter("#event-set", "City=Bonn").await;
    browser.click("#fire").await;
    timeout(DEADLINE, told.recv())
        .await
        .expect("the callback comes")
        .unwrap();
    browser.until("document.querySelector('tr[data-id=\"2\"]')").await;

    // It arms a 429, and sees the client try again.
    browser.goto(&page(&zoho, "controls")).await;
    browser.enter("#fault-operation", "crm.list_records").await;
    browser.enter("#fault-times", "1").await;
    browser.click("#arm").await;
    browser
        .until("document.querySelector('#status').innerText.includes('1 fault')")
        .await;
    assert_eq!(client.list_with_retries().await, [429, 200]);
    browser.goto(&page(&zoho, "journal?q=list_records")).await;
    browser
        .until("document.querySelectorAll('tbody tr').length === 2")
        .await;
    let rows = browser.run("return [...document.querySelectorAll('tbody tr')].map(row => row.innerText.replace(/\\s+/g, ' '))").await;
    assert!(rows[0].as_str().unwrap().contains(" 200"), "{rows}");
    assert!(rows[1].as_str().unwrap().contains(" 429 fault"), "{rows}");
    client
        .send(Method::GET, "/crm/v8/Leads?fields=City", String::new())
        .await;
    browser
        .until("document.querySelectorAll('tbody tr').length === 3")
        .await;

    // It moves the clock an hour, and the token is dead.
    browser.goto(&page(&zoho, "accounts")).await;
    browser
        .until("document.querySelector('main').innerText.includes('alive')")
        .await;
    browser.goto(&page(&zoho, "controls")).await;
    browser.click("[data-advance='3600']").await;
    browser
        .until("!document.querySelector('#clock').innerText.includes(' 00:')")
        .await;
    browser.goto(&page(&zoho, "accounts")).await;
    browser
        .until("/expired/.test(document.querySelector('main').innerText)")
        .await;
    assert_eq!(
        client
            .send(Method::GET, "/crm/v8/Leads?fields=City", String::new())
            .await
            .0,
        401
    );

    // It saves a snapshot, resets, and restores.
    browser.goto(&page(&zoho, "controls")).await;
    browser.click("#save-snapshot").await;
    let file = downloaded(browser.downloads.path()).await;
    browser.click("#reset").await;
    browser.click("#confirm").await;
    browser
        .until("document.querySelector('#status').innerText.includes('00:0')")
        .await;
    browser.goto(&page(&zoho, "crm/Leads?q=pelikan")).await;
    browser
        .until("document.querySelector('main').innerText.includes('Nothing holds')")
        .await;
    browser.goto(&page(&zoho, "controls")).await;
    browser
        .find("#snapshot-file")
        .await
        .send_keys(file.display().to_string())
        .await
        .unwrap();
    browser.click("#restore").await;
    browser
        .until("document.querySelector('#toasts').innerText.includes('as the snapshot has it')")
        .await;
    browser
        .goto(&page(&zoho, "crm/Leads?q=pelikan%20acme%20bonn"))
        .await;
    browser
        .until("document.querySelectorAll('tbody tr').length === 1")
        .await;

    // A snapshot that is none changes nothing.
    let none = browser.downloads.path().join("none.json");
    std::fs::write(&none, "{\"format\": 99}").unwrap();
    browser.goto(&page(&zoho, "controls")).await;
    browser
        .find("#snapshot-file")
        .await
        .send_keys(none.display().to_string())
        .await
        .unwrap();
    browser.click("#restore").await;
    browser
        .until("document.querySelector('.toast.bad')?.innerText.includes('reads format 1, not 99')")
        .await;
    assert_eq!(complaints(&browser, "_mock/snapshot").await, [String::new(); 0]);
    browser.quit().await;
}

/// The snapshot that the browser downloaded, once all of it is there.
async fn downloaded(folder: &Path) -> PathBuf {
    let file = folder.join("zoho-mock-snapshot.json");
    let there = async {
        while Snapshot::read(&file).is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    timeout(DEADLINE, there)
        .await
        .expect("the snapshot is downloaded");
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_others_cannot_drive_the_mock() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (elsewhere, _told) = neighbour().await;
    let zoho = MockZoho::builder()
        .records("Leads", 3)
        .unwrap()
        .start()
        .await
        .unwrap();
    zoho.seed_records("Leads", 4).unwrap();
    let port = zoho.base_url().rsplit(':').next().unwrap().to_owned();
    let leads = || async {
        let request = Request::get("/_mock/api/overview")
            .body(Full::<bytes::Bytes>::default())
            .unwrap();
        let body = zoho.service().oneshot(request).await.unwrap().into_body();
        let overview: Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
        overview["crm"][0]["records"].clone()
    };

    // Across sites: by script, and by a form.
    browser
        .goto(&format!("{elsewhere}/evil?mock={}", zoho.base_url()))
        .await;
    browser.until("document.title === 'done'").await;
    browser
        .run(&format!(
            "form.action = '{}/_mock/reset'; form.submit()",
            zoho.base_url()
        ))
        .await;
    browser
        .until("document.body.innerText.includes('may not ask this of the mock')")
        .await;
    assert_eq!(leads().await, 7);

    // By a name of their own that leads here.
    browser
        .goto(&format!("http://rebound.example:{port}/_mock/"))
        .await;
    browser
        .until("document.body.innerText.includes('DNS rebinding')")
        .await;
    for (method, path) in [
        ("POST", "reset"),
        ("GET", "snapshot"),
        ("DELETE", "faults"),
        ("GET", "api/tokens"),
    ] {
        browser.run(&format!("window.answered = 0; fetch('/_mock/{path}', {{method: '{method}'}}).then(answer => {{ window.answered = answer.status }})")).await;
        browser.until("window.answered !== 0").await;
        assert_eq!(
            browser.run("return window.answered").await,
            403,
            "{method} {path}"
        );
    }
    assert_eq!(leads().await, 7);

    // Its own page may.
    browser.goto(&page(&zoho, "controls")).await;
    browser.enter("#seed-count", "5").await;
    browser.click("#seed").await;
    browser
        .until("document.querySelector('#toasts').innerText.includes('5 Leads were added')")
        .await;
    assert_eq!(leads().await, 12);
    browser.quit().await;
}
