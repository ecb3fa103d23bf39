//! Texts, ids and numbers as JSON.

use std::io::Write as _;

/// Appends a JSON string.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    escaped(out, text.as_bytes());
}

/// Appends bytes of UTF-8 as a JSON string.
pub(super) fn escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    if !needs_escape(bytes) {
        out.extend_from_slice(bytes);
        out.push(b'"');
        return;
    }
    let mut plain = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"",
            _ => continue,
        };
        out.extend_from_slice(bytes.get(plain..at).unwrap_or_default());
        if escape.is_empty() {
            print(out, format_args!("\\u{byte:04x}"));
        } else {
            out.extend_from_slice(escape);
        }
        plain = at + 1;
    }
    out.extend_from_slice(bytes.get(plain..).unwrap_or_default());
    out.push(b'"');
}

/// Whether a JSON string cannot hold these bytes as they are: eight at a time, since hardly any text does.
fn needs_escape(bytes: &[u8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The highest bit of a byte below `least`, which is at most 0x80; exact as to whether there is one.
    let below = |word: u64, least: u64| word.wrapping_sub(EACH * least) & !word & (EACH * 0x80);
    let equal = |word: u64, byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().any(|word| {
        let word = u64::from_le_bytes(*word);
        below(word, 0x20) | equal(word, b'"') | equal(word, b'\\') != 0
    }) || rest.iter().any(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'))
}

/// Appends a JSON string of digits.
pub(crate) fn id(out: &mut Vec<u8>, id: u64) {
    out.push(b'"');
    json(out, id);
    out.push(b'"');
}

/// Appends a number as serde_json writes it, which is faster than formatting.
pub(super) fn json(out: &mut Vec<u8>, number: impl serde::Serialize) {
    // A vector takes whatever is written to it.
    let _ = serde_json::to_writer(out, &number);
}

/// Appends what is formatted, without a text in between.
pub(super) fn print(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(what);
}

/// Appends a number, without a fraction where it has none and never with an exponent.
pub(crate) fn number(out: &mut Vec<u8>, value: f64) {
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e15 {
        json(out, value as i64);
    } else if (1e-3..1e15).contains(&size) {
        json(out, value);
    } else {
        print(out, format_args!("{value}"));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn numbers_read_back_and_have_no_exponent(value in prop_oneof![any::<f64>(), -1e7..1e7_f64, -1e-2..1e-2_f64]) {
            prop_assume!(value.is_finite());
            let text = written(|out| number(out, value));
            prop_assert_eq!(text.parse::<f64>().unwrap(), value);
            prop_assert!(!text.contains(['e', 'E']), "{}", text);
        }

        #[test]
        fn strings_read_back(text in prop_oneof![".*", "[ -~]*", "[a-z]{0,20}[\"\\\\\u{1f}\u{7f}\u{80}]?[a-z]{0,20}"]) {
            let json = written(|out| string(out, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        for (value, text) in [
            (0.0, "0"),
            (-3.0, "-3"),
            (1_250_000.5, "1250000.5"),
            (850_000.0, "850000"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(written(|out| number(out, value)), text);
        }
    }
}
