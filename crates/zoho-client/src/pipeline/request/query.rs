//! The query of an address, as forms are written: `a=b+c&d=%2C`. Page tokens are long and every page sends one, so that what
//! needs no escape is copied in runs.

use std::borrow::Cow;

/// Bytes that stand for themselves.
const PLAIN: [bool; 256] = plain();

const fn plain() -> [bool; 256] {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_');
        byte += 1;
    }
    plain
}

/// Writes the pairs behind an address; nothing where there are none.
pub(super) fn write(address: &mut String, pairs: &[(Cow<'static, str>, String)]) {
    let room = pairs.iter().map(|(name, value)| name.len() + value.len() + 2);
    address.reserve(room.sum::<usize>() + 32);
    let mut before = '?';
    for (name, value) in pairs {
        address.push(before);
        escape(address, name);
        address.push('=');
        escape(address, value);
        before = '&';
    }
}

fn escape(address: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let is_plain = |byte: u8| PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain);
    let digit = |value: u8| {
        DIGITS
            .get(usize::from(value))
            .map_or('0', |digit| char::from(*digit))
    };
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let (run, behind) = rest.split_at(at);
        address.push_str(run);
        let mut characters = behind.chars();
        match characters.next() {
            Some(' ') => address.push('+'),
            Some(other) => {
                for byte in other.encode_utf8(&mut [0; 4]).bytes() {
                    address.extend(['%', digit(byte >> 4), digit(byte & 15)]);
                }
            }
            None => {}
        }
        rest = characters.as_str();
    }
    address.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_query_is_written_as_forms_are(pairs in prop::collection::vec((".{0,12}", "\\PC{0,20}|[a-z,+ &=%]{0,30}"), 0..5)) {
            let pairs: Vec<(Cow<'static, str>, String)> = pairs.into_iter().map(|(name, value)| (name.into(), value)).collect();
            let mut address = "http://x".to_owned();
            write(&mut address, &pairs);
            let known = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs.iter().map(|(name, value)| (name.as_ref(), value)))
                .finish();
            let expected = if pairs.is_empty() { "http://x".to_owned() } else { format!("http://x?{known}") };
            prop_assert_eq!(address, expected);
        }
    }
}
