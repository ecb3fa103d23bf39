//! Texts without regard to letter case.

/// Whether a text holds another one, which is in lower case already. Most texts are plain ASCII, and of
/// those no copy is made.
pub(crate) fn holds(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let wanted = lower.as_bytes();
    let Some(first) = wanted.first() else {
        return true;
    };
    let starts = text.as_bytes().windows(wanted.len());
    let mut starts = starts.filter(|window| {
        window
            .first()
            .is_some_and(|byte| byte.eq_ignore_ascii_case(first))
    });
    starts.any(|window| window.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_a_copy_in_lower_case_holds(text in "[aAbBzZ .éÉßIİ]{0,12}", wanted in "[aAbBzZ .éÉßIİ]{0,3}") {
            let lower = wanted.to_lowercase();
            prop_assert_eq!(holds(&text, &lower), text.to_lowercase().contains(&lower));
        }
    }
}
