//! Page tokens: a place in an order, sealed together with the call that it belongs to.
//!
//! A token holds the key of the last row that was seen, not a row count, so that rows which come and go
//! between two pages move nothing. It is 160 bytes as 320 hexadecimal digits, opaque to the caller.

use sha2::{Digest, Sha256};

use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::refuse;
use crate::crm::store::Key;

const LENGTH: usize = 160;
const SEALED: usize = LENGTH - 32;
/// A token is good for a day.
const LIFE: i64 = 86_400;
const SECRET: &[u8] = b"page tokens of the local Zoho";

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// After this key; `None` for the very first page.
    pub(crate) after: Option<Key>,
    /// The number of the page.
    pub(crate) page: u32,
    /// How many rows the pages before it held.
    pub(crate) served: u32,
}

/// The token of a place, as issued at `now` to the caller of this very list.
pub(crate) fn issue(place: Place, call: &Call<'_>, user: u64, now: i64) -> String {
    let mut plain = [0_u8; SEALED];
    let (instant, id) = place.after.unwrap_or((i64::MIN, 0));
    let parts: [&[u8]; 6] = [
        &binding(call, user),
        &now.to_be_bytes(),
        &instant.to_be_bytes(),
        &id.to_be_bytes(),
        &place.page.to_be_bytes(),
        &place.served.to_be_bytes(),
    ];
    let mut rest = plain.as_mut_slice();
    for part in parts {
        if let Some((slot, after)) = std::mem::take(&mut rest).split_at_mut_checked(part.len()) {
            slot.copy_from_slice(part);
            rest = after;
        }
    }
    let seal = seal(&plain);
    let veiled = veil(plain, &seal);
    let mut text = String::with_capacity(2 * LENGTH);
    for byte in veiled.iter().chain(&seal) {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// A hexadecimal digit.
fn digit(value: u8) -> char {
    char::from(value + if value < 10 { b'0' } else { b'a' - 10 })
}

/// The place of a token.
///
/// # Errors
///
/// `TOKEN_BOUND_DATA_MISMATCH` for a token that is not ours or belongs to another call, `EXPIRED_VALUE`
/// after a day.
pub(crate) fn open(token: &str, call: &Call<'_>, user: u64, now: i64) -> Result<Place, Refusal> {
    let parts = decode(token).ok_or_else(mismatch)?;
    if parts.binding != binding(call, user) {
        return Err(mismatch());
    }
    if now.saturating_sub(parts.issued) >= LIFE {
        return Err(refuse::bad(
            "EXPIRED_VALUE",
            "Page token expired",
            serde_json::json!({"api_name": "page_token", "json_path": "$.query.page_token"}),
        ));
    }
    Ok(parts.place)
}

/// When a token that is issued now ends.
pub(crate) fn expiry(now: i64) -> i64 {
    now + LIFE
}

fn mismatch() -> Refusal {
    refuse::bad(
        "TOKEN_BOUND_DATA_MISMATCH",
        "The page_token given seems to be invalid or input param is added or altered or deleted",
        serde_json::json!({"param_name": "page_token"}),
    )
}

struct Parts {
    binding: [u8; 32],
    issued: i64,
    place: Place,
}

fn decode(token: &str) -> Option<Parts> {
    if token.len() != 2 * LENGTH || token.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let digits: Vec<u32> = token.chars().map_while(|digit| digit.to_digit(16)).collect();
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .filter_map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok())
        .collect();
    let (veiled, sealed) = bytes.split_at_checked(SEALED)?;
    let sealed: [u8; 32] = sealed.try_into().ok()?;
    let plain = veil(veiled.try_into().ok()?, &sealed);
    if seal(&plain) != sealed {
        return None;
    }
    let (binding, rest) = plain.split_first_chunk::<32>()?;
    let (issued, rest) = rest.split_first_chunk::<8>()?;
    let (instant, rest) = rest.split_first_chunk::<8>()?;
    let (id, rest) = rest.split_first_chunk::<8>()?;
    let (page, rest) = rest.split_first_chunk::<4>()?;
    let (served, _) = rest.split_first_chunk::<4>()?;
    let key = (i64::from_be_bytes(*instant), u64::from_be_bytes(*id));
    Some(Parts {
        binding: *binding,
        issued: i64::from_be_bytes(*issued),
        place: Place {
            after: (key.0 != i64::MIN).then_some(key),
            page: u32::from_be_bytes(*page),
            served: u32::from_be_bytes(*served),
        },
    })
}

/// What a token is bound to: the user, the path, `If-Modified-Since` and every query parameter but the
/// two that say where the page is.
fn binding(call: &Call<'_>, user: u64) -> [u8; 32] {
    let mut query: Vec<(&str, &str)> = call
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !matches!(*name, "page" | "page_token"))
        .collect();
    query.sort_unstable();
    let since = call.header("if-modified-since").unwrap_or("");
    let mut bound = Vec::with_capacity(512);
    bound.extend_from_slice(&user.to_be_bytes());
    // Each text with its length, so that none can pass for two.
    let mut add = |text: &str| {
        bound.extend_from_slice(&text.len().to_be_bytes());
        bound.extend_from_slice(text.as_bytes());
    };
    add(call.route.id);
    add(since);
    let path = call.path.iter().map(|(_, value)| value.as_str());
    path.for_each(&mut add);
    for (name, value) in query {
        add(name);
        add(value);
    }
    Sha256::digest(&bound).into()
}

fn seal(plain: &[u8; SEALED]) -> [u8; 32] {
    Sha256::new()
        .chain_update(SECRET)
        .chain_update(plain)
        .finalize()
        .into()
}

/// Hides or shows the contents.
fn veil(mut bytes: [u8; SEALED], seal: &[u8; 32]) -> [u8; SEALED] {
    let key = Sha256::new().chain_update(SECRET).chain_update(seal);
    for (chunk, block) in bytes.chunks_mut(32).zip(0..4_u8) {
        let digest = key.clone().chain_update([block]).finalize();
        for (byte, key) in chunk.iter_mut().zip(digest) {
            *byte ^= key;
        }
    }
    bytes
}
