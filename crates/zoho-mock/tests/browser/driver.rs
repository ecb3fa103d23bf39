//! A browser of one's own: Chromium, headless, driven by chromedriver.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// How long a machine under load may take for one step.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);

const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    // A name of somebody else's that leads to this machine.
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",
];

/// The program of that name on the path.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Chromedriver on a port that it chose itself; it ends when this is dropped.
struct Driver {
    _process: Child,
    /// Held open, so that chromedriver can go on writing.
    _output: Lines<BufReader<ChildStdout>>,
    address: String,
}

async fn chromedriver() -> Option<Driver> {
    let mut process = Command::new(program("chromedriver")?)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let started = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                return port.trim_end_matches('.').to_owned();
            }
        }
        panic!("chromedriver ended before it was ready");
    };
    let port = timeout(DEADLINE, started)
        .await
        .expect("chromedriver is ready in time");
    Some(Driver {
        _process: process,
        _output: lines,
        address: format!("http://127.0.0.1:{port}"),
    })
}

/// A browser; its profile and its downloads are gone with it.
pub(super) struct Browser {
    pub(super) driver: WebDriver,
    pub(super) downloads: TempDir,
    _profile: TempDir,
    _chromedriver: Driver,
}

impl Browser {
    /// Starts one; where there is no chromedriver it says so.
    pub(super) async fn start() -> Option<Self> {
        let Some(chromedriver) = chromedriver().await else {
            println!("SKIPPED: there is no chromedriver on the path, so no browser was driven");
            return None;
        };
        let (profile, downloads) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut wishes = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            wishes.add_arg(argument).unwrap();
        }
        wishes
            .add_arg(&format!("--user-data-dir={}", profile.path().display()))
            .unwrap();
        let folder = serde_json::json!({"download.default_directory": downloads.path()});
        wishes.add_experimental_option("prefs", folder).unwrap();
        wishes.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let driver = timeout(DEADLINE, WebDriver::new(&chromedriver.address, wishes))
            .await
            .expect("a browser starts in time")
            .unwrap();
        Some(Self {
            driver,
            downloads,
            _profile: profile,
            _chromedriver: chromedriver,
        })
    }

    /// Goes to an address.
    pub(super) async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// What a script gives back.
    pub(super) async fn run(&self, script: &str) -> serde_json::Value {
        let done = self.driver.execute(script, Vec::new()).await.unwrap();
        done.json().clone()
    }

    /// Waits until a script's expression holds.
    pub(super) async fn until(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        let holds = async {
            while self.run(&script).await != true {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if timeout(DEADLINE, holds).await.is_err() {
            let text = self.run("return document.body.innerText").await;
            panic!("{expression} does not hold in:\n{text}");
        }
    }

    /// The element of a CSS selector, once it is there.
    pub(super) async fn find(&self, css: &str) -> WebElement {
        let query = self
            .driver
            .query(By::Css(css))
            .wait(DEADLINE, Duration::from_millis(50));
        query.first().await.unwrap()
    }

    /// Clicks once it can be clicked.
    pub(super) async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Puts a text in place of what a field holds.
    pub(super) async fn enter(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Ends it.
    pub(super) async fn quit(self) {
        self.driver.quit().await.unwrap();
    }
}
