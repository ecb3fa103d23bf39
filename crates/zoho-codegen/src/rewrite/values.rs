//! Constants for documented sets: every known word of a field or parameter, by name.
//!
//! The fields themselves stay text, so that a word that Zoho adds is read and can be sent.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::{Ident, parse_quote};
use zoho_spec::Spec;

use super::{Type, docs};
use crate::lower::known_values;
use crate::{Error, name};

/// Gives the types of components the constants of their fields.
pub(super) fn of_components(spec: &Spec, types: &mut BTreeMap<String, Type>) -> Result<(), Error> {
    let components = spec.document().pointer("/components/schemas");
    for (component, schema) in components.and_then(Value::as_object).into_iter().flatten() {
        let mut sets = Vec::new();
        for (field, property) in properties(schema) {
            match words(property) {
                Some(words) => sets.push((field.as_str(), words)),
                None => nested(property).map_or(Ok(()), |path| {
                    let message = format!("`{field}{path}` has known values; give that object a component");
                    Err(Error::ty(spec.product(), component, message))
                })?,
            }
        }
        if sets.is_empty() {
            continue;
        }
        let Some(found) = types.get_mut(component) else {
            // A component that no typed call reaches: a part of a form.
            continue;
        };
        let owner = name::ident(component);
        let constants = constants(&sets);
        found.items.push(parse_quote!(impl #owner { #constants }));
    }
    Ok(())
}

/// The constants of a structure: `STATUS_SENT` for the word `sent` of the field `status`.
pub(super) fn constants(sets: &[(&str, Vec<&str>)]) -> TokenStream {
    let mut taken = BTreeSet::new();
    let items = sets.iter().flat_map(|(field, words)| {
        let field = *field;
        words
            .iter()
            .map(|word| (field, *word))
            .filter(|(_, word)| !word.is_empty())
            .collect::<Vec<_>>()
    });
    let items: Vec<TokenStream> = items
        .map(|(field, word)| {
            let constant = free(&format!("{field}_{word}"), &mut taken);
            let docs = docs::attributes(&format!("Known value of `{field}`."));
            quote!(#(#docs)* pub const #constant: &'static str = #word;)
        })
        .collect();
    quote!(#(#items)*)
}

/// A constant's name for a text, with a number where two texts have the same.
fn free(text: &str, taken: &mut BTreeSet<String>) -> Ident {
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let first = name::constant(plain.trim());
    let mut constant = first.clone();
    let mut count = 1;
    while !taken.insert(constant.to_string()) {
        count += 1;
        constant = name::ident(&format!("{first}_{count}"));
    }
    constant
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter_map(|(name, property)| Some((name, property.as_object()?)))
}

/// The known words of a field, or of the items of a list.
fn words(property: &Map<String, Value>) -> Option<Vec<&str>> {
    known_values(property).or_else(|| known_values(property.get("items")?.as_object()?))
}

/// Where an inline object has known values of its own.
fn nested(property: &Map<String, Value>) -> Option<String> {
    let inline = property.get("properties")?.as_object()?;
    inline.iter().find_map(|(name, property)| {
        let property = property.as_object()?;
        match words(property) {
            Some(_) => Some(format!(".{name}")),
            None => nested(property).map(|path| format!(".{name}{path}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_makes_a_constant_and_two_alike_get_a_number() {
        let sets = [
            ("group_operator", vec!["and", "AND", ""]),
            ("$type", vec!["-None-"]),
        ];
        let text = constants(&sets).to_string();
        for expected in [
            "GROUP_OPERATOR_AND : & 'static str = \"and\"",
            "GROUP_OPERATOR_AND_2 : & 'static str = \"AND\"",
            "TYPE_NONE : & 'static str = \"-None-\"",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        assert_eq!(text.matches("pub const").count(), 3);
    }
}
