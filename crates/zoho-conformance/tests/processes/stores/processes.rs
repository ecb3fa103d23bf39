//! Several processes on one store, some of them killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tokio::runtime::Runtime;
use zoho_client::SqlStore;
use zoho_conformance::counter;

use super::runtime;

fn worker(job: &str, place: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_store-worker"));
    command
        .args([job, place])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// The numbers that a worker prints, each after it was kept.
fn lines(child: &mut Child) -> impl Iterator<Item = u64> + use<> {
    let out = child.stdout.take().unwrap();
    BufReader::new(out)
        .lines()
        .map_while(Result::ok)
        .map(|line| line.parse().unwrap())
}

/// Four processes add to one number at once: no increment is lost.
pub(crate) fn share(runtime: &Runtime, place: &str) {
    let children: Vec<Child> = (0..4)
        .map(|_| worker("add", place).arg("25").spawn().unwrap())
        .collect();
    for mut child in children {
        assert_eq!(lines(&mut child).count(), 25);
        assert!(child.wait().unwrap().success());
    }
    let store = runtime.block_on(async {
        match place.starts_with("postgres://") {
            true => SqlStore::postgres(place).await,
            false => SqlStore::sqlite(place).await,
        }
    });
    assert_eq!(
        runtime
            .block_on(counter::read(&store.unwrap(), counter::KEY))
            .unwrap(),
        100
    );
}

#[test]
fn processes_share_a_file_that_none_of_them_made_before() {
    let folder = tempfile::tempdir().unwrap();
    share(&runtime(), folder.path().join("zoho.db").to_str().unwrap());
}

fn stored(path: &Path) -> u64 {
    runtime().block_on(async {
        let store = SqlStore::sqlite(path)
            .await
            .expect("the file can be opened after a kill");
        let number = counter::read(&store, counter::KEY).await.unwrap();
        store.close().await;
        number
    })
}

/// What a killed process was told is kept, is kept; what it was doing happened whole or not at all.
#[test]
fn a_killed_process_loses_nothing_that_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zoho.db");
    let mut before = 0;
    // Killed while the file is made, and after so many writes.
    for writes in [0, 0, 0, 1, 2, 3, 5, 8, 13, 21, 34, 1, 0, 2] {
        let mut child = worker("count", path.to_str().unwrap()).spawn().unwrap();
        let mut told = lines(&mut child);
        let last = told.by_ref().take(writes).last().unwrap_or(before);
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had printed before the end reached it counts too.
        let last = told.last().unwrap_or(last);
        let now = stored(&path);
        assert!(
            now == last || now == last + 1,
            "the store has {now}, the process was told {last}"
        );
        before = now;
    }
}
