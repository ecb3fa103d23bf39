//! Stores that are not ours, not whole, or of a later version: refused, named, and left alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sqlx::Connection;
use tokio::runtime::Runtime;
use zoho_client::{Error, ErrorKind, Guard, SqlStore, StateStore};
use zoho_conformance::postgres::Postgres;

use super::runtime;

/// What other programs or later versions may have put in our place: SQL, and what the error names.
const STRANGERS: [(&str, &str); 6] = [
    (
        "CREATE TABLE zoho_store (version BIGINT); INSERT INTO zoho_store VALUES (2)",
        "version 2",
    ),
    ("CREATE TABLE zoho_store (version BIGINT)", "`zoho_store`"),
    ("CREATE TABLE zoho_store (words TEXT)", "`zoho_store`"),
    ("CREATE TABLE zoho_values (id INTEGER)", "`zoho_store`"),
    (
        "CREATE TABLE zoho_store (version BIGINT); INSERT INTO zoho_store VALUES (1); \
         CREATE TABLE zoho_values (key TEXT)",
        "`zoho_values`",
    ),
    (
        "CREATE TABLE zoho_store (version BIGINT); INSERT INTO zoho_store VALUES (1); \
         CREATE TABLE zoho_values (key TEXT, value TEXT, version BIGINT)",
        "`zoho_leases`",
    ),
];

fn open(path: &Path) -> Result<SqlStore, Error> {
    runtime().block_on(SqlStore::sqlite(path))
}

fn is_refused(path: &Path, named: &str) {
    let before = fs::read(path).unwrap();
    let error = open(path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store, "{error}");
    let file = path.file_name().unwrap().to_str().unwrap();
    let text = error.to_string();
    assert!(text.contains(file) && text.contains(named), "{text}");
    assert_eq!(fs::read(path).unwrap(), before, "{text}");
}

#[test]
fn an_sqlite_file_that_is_not_ours_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (index, (sql, named)) in STRANGERS.into_iter().enumerate() {
        let path = folder.path().join(format!("strange-{index}.db"));
        let address = format!("sqlite://{}?mode=rwc", path.display());
        runtime().block_on(async {
            let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut other).await.unwrap();
            other.close().await.unwrap();
        });
        is_refused(&path, named);
    }
}

#[test]
fn a_damaged_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.db");
    fs::write(&path, "These are notes, not a database.\n".repeat(200)).unwrap();
    is_refused(&path, "no SQLite database");

    let path = folder.path().join("cut.db");
    runtime().block_on(async {
        let store = SqlStore::sqlite(&path).await.unwrap();
        for n in 0..200 {
            store
                .put(&format!("key {n}"), vec![7; 900], Guard::Always)
                .await
                .unwrap();
        }
        store.close().await;
    });
    let whole = fs::read(&path).unwrap();
    // The pages of the tables overwritten, the header left whole.
    let mut damaged = whole.clone();
    damaged[4096..].fill(0xa5);
    fs::write(&path, &damaged).unwrap();
    is_refused(&path, "cut.db");
    fs::write(&path, &whole[..100]).unwrap();
    is_refused(&path, "cut.db");
    fs::write(&path, &whole).unwrap();
    assert!(open(&path).is_ok(), "the file was what was wrong");
}

#[test]
fn a_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zoho.db");
    runtime().block_on(async {
        let store = SqlStore::sqlite(&path).await.unwrap();
        store
            .put("tokens/acme", b"secret".to_vec(), Guard::Always)
            .await
            .unwrap();
        let mut files = 0;
        for file in fs::read_dir(folder.path()).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            files += 1;
        }
        assert_eq!(files, 3, "the database, its log and the log's index");
    });
}

#[test]
fn places_and_names_that_can_not_be_are_refused() {
    let config = |error: Error| assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    for path in ["", ":memory:", "file:x.db?mode=memory"] {
        config(open(Path::new(path)).unwrap_err());
    }
    let error = open(Path::new("/no/such/folder/zoho.db")).unwrap_err();
    assert!(error.to_string().contains("/no/such/folder/zoho.db"), "{error}");
    runtime().block_on(async {
        for address in ["", "mysql://host/x", "postgres://user:very-secret@[host/x"] {
            let error = SqlStore::postgres(address).await.unwrap_err();
            assert!(!format!("{error:?}").contains("very-secret"), "{error:?}");
            config(error);
        }
        let nowhere = "postgres://user:very-secret@localhost/x?host=%2Fno%2Fsuch%2Fsocket";
        let error = SqlStore::postgres(nowhere).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store);
        assert!(
            error.is_retryable() && !format!("{error:?}").contains("very-secret"),
            "{error:?}"
        );

        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::sqlite(folder.path().join("zoho.db")).await.unwrap();
        config(store.put("a\0b", Vec::new(), Guard::Always).await.unwrap_err());
        config(
            store
                .acquire("a\0b", "c", jiff::Timestamp::UNIX_EPOCH, super::behaviour::TERM)
                .await
                .unwrap_err(),
        );
        store.close().await;
        let error = store.get("a").await.unwrap_err();
        assert!(error.to_string().contains("was closed"), "{error}");
    });
}

/// What PostgreSQL holds when it is not ours.
pub(crate) fn postgres(runtime: &Runtime, server: &Postgres) {
    for (index, (sql, named)) in STRANGERS.into_iter().enumerate() {
        let name = format!("strange_{index}");
        let address = server.database(&name);
        let error = runtime.block_on(async {
            let mut other = sqlx::PgConnection::connect(&address).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut other).await.unwrap();
            let tables = "SELECT string_agg(table_name || '.' || column_name, ' ' ORDER BY 1) \
                FROM information_schema.columns WHERE table_schema = 'public'";
            let before: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&mut other).await.unwrap();
            let error = SqlStore::postgres(&address).await.unwrap_err();
            let after: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&mut other).await.unwrap();
            assert_eq!(after, before);
            error
        });
        assert_eq!(error.kind(), ErrorKind::Store);
        let text = error.to_string();
        assert!(text.contains(named) && text.contains(&name), "{text}");
    }
}
