//! The live suite, with a mock on a socket in the place of Zoho.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;
use zoho_client::{OAuthApp, Region, Zoho};
use zoho_conformance::live::{self, MARK};
use zoho_mock::{Fault, MockZoho};

/// A Zoho to ask, and the list of gaps that it is held against.
struct Site {
    mock: MockZoho,
    folder: TempDir,
}

impl Site {
    async fn new() -> Self {
        let mock = live::world().start().await.expect("a port is free");
        let zoho = client(&mock);
        live::furnish(&zoho, mock.organization_id())
            .await
            .expect("the mock takes it");
        let site = Self {
            mock,
            folder: tempfile::tempdir().expect("a folder can be made"),
        };
        site.list("");
        site
    }

    fn list(&self, text: &str) {
        std::fs::write(self.folder.path().join("gaps.toml"), text).expect("a file can be written");
    }

    /// Runs the program, without what the environment of the test may hold.
    async fn live(&self, more: &[(&str, &str)]) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_live"));
        let gaps: &Path = &self.folder.path().join("gaps.toml");
        command
            .env_clear()
            .arg("--gaps")
            .arg(gaps)
            .env("CI", "true")
            .env("ZOHO_LIVE_BASE_URL", self.mock.base_url())
            .env("ZOHO_LIVE_CLIENT_ID", self.mock.client_id())
            .env("ZOHO_LIVE_CLIENT_SECRET", self.mock.client_secret())
            .env("ZOHO_LIVE_REFRESH_TOKEN", self.mock.refresh_token())
            .env("ZOHO_LIVE_ORGANIZATION", self.mock.organization_id())
            .envs(more.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output());
        Told::of(&output.await.expect("it ends").expect("the program runs"))
    }

    /// How often something else than reading was asked for since the start.
    fn written(&self) -> usize {
        let journal = self.mock.journal();
        let writes = journal.exchanges().iter().filter(|exchange| {
            exchange.product == "crm" && exchange.method != "GET" && exchange.operation != "query_records"
        });
        writes.count()
    }
}

struct Told {
    code: Option<i32>,
    said: String,
    why: String,
}

impl Told {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            why: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn ends_with(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}{}", self.said, self.why);
    }
}

fn client(mock: &MockZoho) -> Zoho {
    Zoho::builder(Region::custom(mock.base_url()).expect("it is this machine"))
        .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
        .refresh_token(mock.refresh_token())
        .build()
        .expect("it is complete")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zoho_that_is_the_mock_differs_in_nothing_and_is_only_read() {
    let site = Site::new().await;
    // What is known of writes is not stale because nothing was written.
    site.list(
        "[[gap]]\nkind = \"live\"\nreason = \"this Zoho is made so\"\nlines = [\"crm.create_records: outcome: 200 at Zoho, 201 here\"]\n",
    );
    let told = site.live(&[]).await;
    told.ends_with(0);
    assert!(told.said.contains(" probes, 0 differences"), "{}", told.said);
    assert!(told.why.contains("reading only"), "{}", told.why);
    assert_eq!(site.written(), 0);
    assert!(
        site.mock.journal().counts().len() > 12,
        "{:?}",
        site.mock.journal().counts()
    );
    let secrets = [site.mock.client_secret(), site.mock.refresh_token()];
    assert!(
        secrets
            .iter()
            .all(|secret| !told.said.contains(secret) && !told.why.contains(secret))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_has_a_mark_and_is_gone_afterwards() {
    let site = Site::new().await;
    let leads = client(&site.mock).crm().records("Leads");
    // What a run left that was killed, and a lead of somebody's.
    let left = [format!("{MARK} of before"), "Somebody".to_owned()];
    let rows = left.map(|name| zoho_client::Record::new().set("Last_Name", name));
    leads.create(rows).await.expect("the mock takes it");
    let told = site.live(&[("ZOHO_LIVE_WRITE", "yes")]).await;
    told.ends_with(0);
    assert!(told.said.contains(" probes, 0 differences"), "{}", told.said);
    assert!(site.written() > 5, "{} writes", site.written());
    let rows = leads.fields(["Last_Name"]).all().await.expect("the mock answers");
    let names: Vec<&str> = rows.iter().filter_map(|row| row.get_str("Last_Name")).collect();
    assert_eq!(names.len(), 13, "{names:?}");
    assert!(
        names.contains(&"Somebody") && !names.iter().any(|name| name.starts_with(MARK)),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_is_reported_so_that_it_can_be_pasted_and_a_stale_line_too() {
    let site = Site::new().await;
    let differently = || {
        let faults = site.mock.faults();
        faults.clear();
        faults.script(
            Fault::on("count_records")
                .status(200)
                .json(json!({"count": "12", "new": true}))
                .times(1_000),
        );
        faults.script(
            Fault::on("list_roles")
                .status(403)
                .json(json!({"code": "NO_PERMISSION", "message": "no", "status": "error"}))
                .times(1_000),
        );
    };
    differently();
    let told = site.live(&[]).await;
    told.ends_with(1);
    for line in [
        "crm.count_records: type of $.count: string at Zoho, number here",
        "crm.count_records: presence of $.new: present at Zoho, absent here",
        "crm.list_roles: outcome: 403 NO_PERMISSION at Zoho, 200 here",
    ] {
        assert!(told.said.contains(line), "{line} is not in {}", told.said);
    }
    // Pasted with a reason, they are known.
    site.list(
        &told
            .said
            .replace("reason = \"\"", "reason = \"this Zoho is made so\""),
    );
    differently();
    let told = site.live(&[]).await;
    told.ends_with(0);
    assert!(
        told.said
            .contains(" 3 differences: 3 known, 0 new; 0 lines are stale"),
        "{}",
        told.said
    );
    // And when Zoho changes its mind, they are stale.
    site.mock.faults().clear();
    let told = site.live(&[]).await;
    told.ends_with(1);
    assert!(told.said.contains("0 new; 3 lines are stale"), "{}", told.said);
}

#[test]
fn without_settings_it_is_skipped_and_in_ci_it_is_refused() {
    let run = |set: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_live"));
        command.env_clear().envs(set.iter().copied());
        Told::of(&command.output().expect("the program runs"))
    };
    let told = run(&[]);
    told.ends_with(0);
    assert!(told.said.starts_with("skipped"), "{}", told.said);
    let told = run(&[("CI", "true"), ("ZOHO_LIVE_REGION", "eu")]);
    told.ends_with(2);
    assert!(told.why.contains("not for CI"), "{}", told.why);
}
