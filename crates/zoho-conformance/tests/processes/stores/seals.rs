//! What a sealed store gives away, and what it refuses.

use std::sync::Arc;

use proptest::prelude::*;
use zoho_client::{ErrorKind, Guard, MemoryStore, SealKey, SealedStore, StateStore};
use zoho_conformance::proof;

use super::runtime;

fn key(byte: u8) -> SealKey {
    SealKey::from_bytes([byte; 32])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..proof::config("stores::seals") })]

    /// A value that was moved, cut, or changed in any bit is refused, and the error holds nothing of it.
    #[test]
    fn only_what_was_sealed_under_a_key_is_opened_under_it(
        value in "[a-z]{12,40}",
        flip in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        runtime().block_on(async {
            let below = Arc::new(MemoryStore::new());
            let store = SealedStore::new(Arc::clone(&below), key(1));
            store.put("a", value.clone().into_bytes(), Guard::Always).await.unwrap();
            let sealed = below.get("a").await.unwrap().unwrap().value;
            let text = String::from_utf8_lossy(&sealed).into_owned();
            prop_assert!(!text.contains(&value));

            let mut flipped = sealed.clone();
            let bit = flip.index(flipped.len() * 8);
            flipped[bit / 8] ^= 1 << (bit % 8);
            let shorter = sealed[..cut.index(sealed.len())].to_vec();
            for (name, wrong) in [("a", flipped), ("a", shorter), ("b", sealed.clone())] {
                below.put(name, wrong, Guard::Always).await.unwrap();
                let error = store.get(name).await.unwrap_err();
                prop_assert_eq!(error.kind(), ErrorKind::Store);
                let told = format!("{error:?} {error}");
                prop_assert!(!told.contains(&value));
            }

            below.put("a", sealed, Guard::Always).await.unwrap();
            prop_assert_eq!(store.get("a").await.unwrap().unwrap().value, value.as_bytes());
            let other = SealedStore::new(Arc::clone(&below), key(2));
            prop_assert!(other.get("a").await.unwrap_err().to_string().contains("key"));
            prop_assert!(other.also_opens(key(1)).get("a").await.is_ok());
            Ok(())
        })?;
    }
}

#[test]
fn a_key_is_32_bytes_in_base64() {
    let read = |text: &str| SealKey::from_base64(&text.to_owned().into());
    assert!(read("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n").is_ok());
    for text in [
        "",
        "AwMD",
        "not base64",
        "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD",
    ] {
        assert_eq!(read(text).unwrap_err().kind(), ErrorKind::Config);
    }
    assert!(!format!("{:?}", key(65)).contains("65"));
}
