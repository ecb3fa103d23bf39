//! A large attachment streams up and down in little memory: measured as the peak of a process of its own.
//!
//! This test has a main function because it is three processes: a mock that keeps the file, a client whose memory is
//! measured, and the judge that starts both. It reads `/proc`, so elsewhere than on Linux it says that it was skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed expectation is the verdict of a test, and what it measured is what it prints"
)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use zoho_client::{Body, OAuthApp, Record, Region, Zoho};
use zoho_mock::MockZoho;

/// The variable that tells a process what it is.
const ROLE: &str = "ZOHO_STREAMING_ROLE";
/// The size of the attachment.
const FILE: usize = 100_000_000;
/// What a file is sent in.
const CHUNK: usize = 64 * 1024;
/// The memory that both ways may take, in kilobytes.
const MOST: u64 = 20_000;

fn main() {
    if !cfg!(target_os = "linux") {
        println!("streaming: skipped, there is no /proc here");
        return;
    }
    match std::env::var(ROLE).as_deref() {
        Ok("server") => server(),
        Ok("client") => client(),
        _ if is_wanted() => judge(),
        _ => {}
    }
}

/// Whether the arguments of `cargo test` leave room for this: no list of names, no filter for others.
fn is_wanted() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    !arguments.contains(&"--list".to_owned())
        && (filters.is_empty() || filters.iter().any(|filter| "streaming".contains(filter.as_str())))
}

fn judge() {
    let mut server = child("server", &[], true);
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut ready)
        .unwrap();
    let settings: Vec<(&str, &str)> = ready
        .trim()
        .split(' ')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let client = child("client", &settings, false);
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(client.wait_with_output()));
    let output = receive
        .recv_timeout(Duration::from_secs(300))
        .expect("the client ends in time")
        .unwrap();
    // Its input ends here, and so does the server.
    drop(server.stdin.take());
    server.wait().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<u64> = text
        .split_whitespace()
        .map(|figure| figure.parse().unwrap())
        .collect();
    let [up, down] = figures[..] else {
        panic!("two figures, not {text}")
    };
    println!("streaming: {FILE} bytes up in {up} kB and down in {down} kB of extra memory");
    assert!(up <= MOST && down <= MOST, "at most {MOST} kB");
}

fn child(role: &str, settings: &[(&str, &str)], quiet: bool) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .env(ROLE, role)
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(if quiet { Stdio::inherit() } else { Stdio::piped() })
        .spawn()
        .unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A mock on a port of its own, until the input ends.
fn server() {
    let runtime = runtime();
    let mock = runtime.block_on(MockZoho::start()).unwrap();
    println!(
        "URL={} ID={} SECRET={} TOKEN={}",
        mock.base_url(),
        mock.client_id(),
        mock.client_secret(),
        mock.refresh_token()
    );
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut rest);
        let _ = send.send(());
    });
    let _ = runtime.block_on(receive);
}

/// Sends the file up and down, and prints how far the memory rose each time.
fn client() {
    let setting = |name: &str| std::env::var(name).unwrap();
    runtime().block_on(async {
        let zoho = Zoho::builder(Region::custom(&setting("URL")).unwrap())
            .oauth(OAuthApp::new(setting("ID"), setting("SECRET")))
            .refresh_token(setting("TOKEN"))
            .build()
            .unwrap();
        let leads = zoho.crm().records("Leads");
        let made = leads
            .create([Record::new().set("Last_Name", "Ngo")])
            .await
            .unwrap();
        let files = leads.attachments(made[0].id().unwrap());

        let before = memory("VmRSS:");
        let outcome = files.upload("large.bin", content()).await.unwrap();
        let up = memory("VmHWM:").saturating_sub(before);

        let mut reply = files.download(outcome.id().unwrap()).await.unwrap().unwrap();
        let mut read = 0;
        while let Some(chunk) = reply.chunk().await {
            for byte in chunk.unwrap() {
                assert_eq!(byte, byte_at(read), "at {read}");
                read += 1;
            }
        }
        assert_eq!(read, FILE);
        let down = memory("VmHWM:").saturating_sub(before);
        println!("{up} {down}");
    });
}

/// The file, made as it is sent.
fn content() -> Body {
    let starts = (0..FILE).step_by(CHUNK);
    Body::stream(stream::iter(starts.map(|start| {
        let end = FILE.min(start + CHUNK);
        Ok::<_, std::io::Error>((start..end).map(byte_at).collect::<Bytes>())
    })))
}

/// What stands at a place of the file: no two pages are alike.
fn byte_at(place: usize) -> u8 {
    (place ^ (place >> 8) ^ (place >> 16)).to_le_bytes()[0]
}

/// A line of what the system says of this process, in kilobytes.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    found.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}
