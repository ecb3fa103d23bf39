//! Whether JSON that can not be read was cut short.

/// Whether the text ends where its reader wanted more of it.
///
/// Of a number that ends with the text serde_json says that it is none, though it may have become one: `-`, `1.`, `2e`, `2e+`.
pub(super) fn is_cut(body: &[u8], cause: &serde_json::Error) -> bool {
    let in_number = matches!(body.last(), Some(b'-' | b'+' | b'.' | b'e' | b'E'));
    cause.is_eof() || (in_number && is_at_end(body, cause))
}

fn is_at_end(body: &[u8], cause: &serde_json::Error) -> bool {
    let line = body.split(|byte| *byte == b'\n').next_back().unwrap_or_default();
    let lines = 1 + body.iter().filter(|byte| **byte == b'\n').count();
    cause.line() == lines && cause.column() >= line.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;
    use serde_json::Value;

    use super::*;

    /// What Zoho may write, with everything that a number can end in.
    fn json() -> impl Strategy<Value = String> {
        let number = "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][-+]?[0-9]{1,2})?";
        let text = "\"([a-z ]|\\\\u00e9|\\\\n|é|株|\\\\\"|-|e){0,6}\"";
        let leaf = prop_oneof![number, text, "true|false|null", "\\[\\]|\\{\\}"];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let member =
                ("[a-z]{1,3}", inner.clone()).prop_map(|(name, value)| format!("\"{name}\": {value}"));
            prop_oneof![
                prop::collection::vec(inner, 1..4).prop_map(|items| format!("[{}]", items.join(",\n"))),
                prop::collection::vec(member, 1..4).prop_map(|members| format!("{{{}}}", members.join(", "))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_body_that_stops_anywhere_is_cut(value in json()) {
            let body = format!("{{\"code\": 0,\n\"data\": {value}}}");
            prop_assert!(serde_json::from_str::<IgnoredAny>(&body).is_ok(), "{body}");
            for end in 1..body.len() {
                let part = &body.as_bytes()[..end];
                for cause in [
                    serde_json::from_slice::<IgnoredAny>(part).unwrap_err(),
                    serde_json::from_slice::<Value>(part).unwrap_err(),
                ] {
                    prop_assert!(is_cut(part, &cause), "{:?}: {cause}", String::from_utf8_lossy(part));
                }
            }
        }
    }

    #[test]
    fn what_is_no_json_is_not_cut() {
        for body in [
            "Service unavailable.",
            "<html>-",
            "{\"a\": 1}}",
            "{\"a\": --1}",
            "{\"a\": 01}",
        ] {
            let cause = serde_json::from_str::<IgnoredAny>(body).unwrap_err();
            assert!(!is_cut(body.as_bytes(), &cause), "{body}: {cause}");
        }
    }
}
