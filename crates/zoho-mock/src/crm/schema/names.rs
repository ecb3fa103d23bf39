//! Names that are given while the mock runs. The schema's names live as long as the program, so that rows, filters and
//! answers can pass them on without counting; a name that comes again is the one that is there already.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The name for as long as the program runs. Each costs its length once, whichever world gives it.
pub(super) fn lasting(name: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let name: &'static str = name.to_owned().leak();
    names.insert(name);
    name
}

/// A label as an API name: a letter, then letters, digits and underscores.
pub(crate) fn api_name(label: &str) -> String {
    let mut name = String::new();
    for c in label.trim().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            _ if name.ends_with('_') || name.is_empty() => {}
            _ => name.push('_'),
        }
    }
    let name = name.trim_end_matches('_');
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name.to_owned(),
        false => format!("Field_{name}").trim_end_matches('_').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let (one, other) = (lasting("Shoe_Size"), lasting(&String::from("Shoe_Size")));
        assert!(std::ptr::eq(one, other));
    }

    #[test]
    fn labels_become_names() {
        for (label, name) in [
            ("Shoe Size", "Shoe_Size"),
            ("  Größe (EU) ", "Gr_e_EU"),
            ("2nd choice", "Field_2nd_choice"),
            ("尺寸", "Field"),
        ] {
            assert_eq!(api_name(label), name);
        }
    }
}
