//! The password of a database stays in its address.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zoho_client::{ErrorKind, SqlStore};

use super::told::Told;

const PASSWORD: &str = "canary-database-password-c0de";

/// A database that refuses everybody, in PostgreSQL's words.
async fn refusing(listener: TcpListener) {
    let message = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"zoho\"\0\0";
    let length = u32::try_from(message.len() + 4).unwrap();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 512];
        let _ = stream.read(&mut greeting).await.unwrap();
        let answer = [&b"E"[..], &length.to_be_bytes(), message].concat();
        stream.write_all(&answer).await.unwrap();
    }
}

#[tokio::test]
async fn no_failure_to_reach_a_database_tells_its_password() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(refusing(listener));
    let mut told = Told::default();
    for (address, kind) in [
        (
            format!("postgres://zoho:{PASSWORD}@127.0.0.1:{port}/zoho?sslmode=disable"),
            ErrorKind::Store,
        ),
        (
            format!("postgres://zoho:{PASSWORD}@127.0.0.1:port/zoho"),
            ErrorKind::Config,
        ),
        (
            format!("mysql://zoho:{PASSWORD}@127.0.0.1/zoho"),
            ErrorKind::Config,
        ),
    ] {
        let error = SqlStore::postgres(&address).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        told.error("a database", error);
    }
    assert!(
        !told.places_with("authentication failed").is_empty(),
        "the database was reached"
    );
    told.holds_none_of(&[("password".to_owned(), PASSWORD.to_owned())].into());
    server.abort();
}
