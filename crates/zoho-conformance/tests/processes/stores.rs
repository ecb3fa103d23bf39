//! One behaviour, whatever keeps the state: memory, an SQLite file, PostgreSQL, and each of them sealed.
//!
//! These run in real time, because databases do, but no answer depends on it: instants are arguments.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is the verdict of a test"
)]

mod behaviour;
mod damaged;
mod model;
mod processes;
mod race;
mod seals;

use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use zoho_client::{MemoryStore, SealKey, SealedStore, SqlStore, StateStore};
use zoho_conformance::postgres::Postgres;
use zoho_conformance::proof;

type Store = Arc<dyn StateStore>;

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn sealed(store: Store) -> Store {
    Arc::new(SealedStore::new(store, SealKey::from_bytes([3; 32])))
}

/// All that a store promises.
fn keeps_its_promises(runtime: &Runtime, store: &Store, model_cases: u32) {
    runtime.block_on(async {
        behaviour::values(store).await;
        behaviour::keys(store).await;
        behaviour::leases(store).await;
        behaviour::fences(store).await;
        race::swaps(store).await;
        race::grants(store).await;
        race::stale_writes(store).await;
        race::dropped_calls(store).await;
    });
    model::agrees(runtime, store, model_cases);
}

#[test]
fn memory() {
    let store: Store = Arc::new(MemoryStore::new());
    keeps_its_promises(&runtime(), &store, proof::cases("stores::memory"));
}

#[test]
fn memory_sealed() {
    let store = sealed(Arc::new(MemoryStore::new()));
    keeps_its_promises(&runtime(), &store, proof::cases("stores::memory_sealed"));
}

#[test]
fn sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let open = |name: &str| -> Store {
        let path = folder.path().join(name);
        Arc::new(runtime.block_on(SqlStore::sqlite(path)).unwrap())
    };
    keeps_its_promises(&runtime, &open("plain.db"), proof::cases("stores::sqlite"));
    let cases = proof::cases("stores::sqlite_sealed");
    keeps_its_promises(&runtime, &sealed(open("sealed.db")), cases);
}

#[test]
fn postgres() {
    let Some(server) = Postgres::start("stores::postgres") else {
        return;
    };
    // A connection's socket belongs to the runtime that opened it.
    let runtime = runtime();
    let open = |name: &str| -> Store {
        let address = server.database(name);
        Arc::new(runtime.block_on(SqlStore::postgres(&address)).unwrap())
    };
    keeps_its_promises(&runtime, &open("plain"), proof::cases("stores::postgres"));
    let cases = proof::cases("stores::postgres_sealed");
    keeps_its_promises(&runtime, &sealed(open("sealed")), cases);
    damaged::postgres(&runtime, &server);
    processes::share(&runtime, &server.database("shared"));
}
