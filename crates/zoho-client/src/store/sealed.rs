//! Encryption of what a store keeps.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Generate, Key, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::{Digest, Sha256};

use super::{Entry, Guard, Lease, StateStore, Version};
use crate::error::{Error, ErrorKind, Result};

/// What a sealed value begins with: the form, and the first bytes of the hash of its key.
const FORM: &[u8; 4] = b"zs1:";
const MARK: usize = 4;
const NONCE: usize = 24;
const HEAD: usize = FORM.len() + MARK + NONCE;

/// A key of 256 bits that seals the values of a [`SealedStore`].
#[derive(Clone)]
pub struct SealKey {
    bytes: SecretSlice<u8>,
    mark: [u8; MARK],
}

impl SealKey {
    /// The key made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut mark = [0; MARK];
        // A hash under another name than any other use of the key: it tells keys apart, no more.
        let hash = Sha256::new()
            .chain_update(b"zoho-client seal")
            .chain_update(bytes)
            .finalize();
        mark.copy_from_slice(&hash[..MARK]);
        Self {
            bytes: bytes.to_vec().into(),
            mark,
        }
    }

    /// The key that a text of 44 base64 characters writes down, such as `openssl rand -base64 32`
    /// prints.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: it is not 32 bytes in base64.
    pub fn from_base64(text: &SecretString) -> Result<Self> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).ok();
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes
            .map(Self::from_bytes)
            .ok_or_else(|| Error::config("the key of a sealed store is 32 bytes in base64"))
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        let key = Key::<XChaCha20Poly1305>::try_from(self.bytes.expose_secret())
            .map_err(|_| Error::config("the key of a sealed store is 32 bytes"))?;
        Ok(XChaCha20Poly1305::new(&key))
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealKey").finish_non_exhaustive()
    }
}

/// A store whose values are encrypted before they reach the store below.
///
/// Each value is sealed with XChaCha20-Poly1305 under a nonce of its own, and is bound to its key:
/// a value that was changed, or moved to another key, is refused. Keys, leases and the lengths of
/// values stay readable, and whoever can write to the store below can put back an older value.
///
/// ```
/// use zoho_client::{ErrorKind, Guard, MemoryStore, SealKey, SealedStore, StateStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let below = std::sync::Arc::new(MemoryStore::new());
/// let store = SealedStore::new(below.clone(), SealKey::from_bytes([7; 32]));
/// store.put("tokens/acme", b"1000.secret".to_vec(), Guard::Always).await?;
///
/// let sealed = below.get("tokens/acme").await?.ok_or("it was put")?;
/// assert!(!sealed.value.windows(6).any(|bytes| bytes == b"secret"));
///
/// // A new key seals what is written from now on; the old one still opens what it sealed.
/// let store = SealedStore::new(below.clone(), SealKey::from_bytes([8; 32]));
/// let error = store.get("tokens/acme").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Store);
/// let store = store.also_opens(SealKey::from_bytes([7; 32]));
/// assert_eq!(store.get("tokens/acme").await?.ok_or("it was put")?.value, b"1000.secret");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SealedStore<S> {
    below: S,
    /// The first seals; all open.
    keys: Vec<SealKey>,
}

impl<S: StateStore> SealedStore<S> {
    /// A store that seals what it puts into the one below.
    #[must_use]
    pub fn new(below: S, key: SealKey) -> Self {
        let keys = vec![key];
        Self { below, keys }
    }

    /// A key that was in use before: what it sealed can still be read.
    #[must_use]
    pub fn also_opens(mut self, key: SealKey) -> Self {
        self.keys.push(key);
        self
    }

    fn seal(&self, name: &str, value: &[u8]) -> Result<Vec<u8>> {
        let failed = || {
            Error::new(
                ErrorKind::Store,
                format!("what `{name}` shall keep can not be sealed"),
            )
        };
        let key = self.keys.first().ok_or_else(failed)?;
        let nonce = XNonce::try_generate().map_err(|_| failed())?;
        let payload = Payload {
            msg: value,
            aad: name.as_bytes(),
        };
        let text = key.cipher()?.encrypt(&nonce, payload).map_err(|_| failed())?;
        Ok([FORM.as_slice(), &key.mark, &nonce, &text].concat())
    }

    fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let wrong = |why: &str| Error::new(ErrorKind::Store, format!("what is kept under `{name}` {why}"));
        let (head, text) = sealed
            .split_at_checked(HEAD)
            .filter(|(head, _)| head.starts_with(FORM))
            .ok_or_else(|| wrong("is not sealed"))?;
        let (mark, nonce) = head[FORM.len()..].split_at(MARK);
        let nonce = XNonce::try_from(nonce).map_err(|_| wrong("is not sealed"))?;
        let mut known = self.keys.iter().filter(|key| key.mark == mark).peekable();
        if known.peek().is_none() {
            return Err(wrong("was sealed with a key that this store does not have"));
        }
        for key in known {
            let payload = Payload {
                msg: text,
                aad: name.as_bytes(),
            };
            if let Ok(value) = key.cipher()?.decrypt(&nonce, payload) {
                return Ok(value);
            }
        }
        Err(wrong("was changed since it was sealed, or belongs elsewhere"))
    }
}

impl<S: StateStore> StateStore for SealedStore<S> {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        async move {
            let Some(Entry { value, version }) = self.below.get(key).await? else {
                return Ok(None);
            };
            let value = self.open(key, &value)?;
            Ok(Some(Entry { value, version }))
        }
        .boxed()
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        async move { self.below.put(key, self.seal(key, &value)?, guard).await }.boxed()
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        self.below.remove(key, guard)
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        self.below.keys(prefix)
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        self.below.acquire(name, holder, now, term)
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        self.below.renew(lease, now, term)
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        self.below.release(lease)
    }
}
