//! Documentation comments: prose from the description, made safe for rustdoc.

use syn::{Attribute, parse_quote};

/// One `///` line for each line of `text`.
pub(crate) fn attributes(text: &str) -> Vec<Attribute> {
    text.trim_end()
        .lines()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// The text of the documentation that is already there.
pub(super) fn text(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn line(attribute: &Attribute) -> Option<String> {
    if !attribute.path().is_ident("doc") {
        return None;
    }
    match &attribute.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// Prose as rustdoc may read it: no accidental links, tags or code blocks, addresses as links, and a full stop.
pub(super) fn prose(text: &str) -> String {
    let mut out: Vec<String> = text.lines().map(|line| escaped(line.trim())).collect();
    if let Some(last) = out.last_mut()
        && !last.is_empty()
        && !last.ends_with(['.', '!', '?', ':'])
    {
        last.push('.');
    }
    out.join("\n")
}

fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    for (index, span) in line.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out.push_str(span);
            continue;
        }
        for (index, word) in span.split(' ').enumerate() {
            if index > 0 {
                out.push(' ');
            }
            escape_word(word, &mut out);
        }
    }
    if line.matches('`').count() % 2 == 1 {
        out.push('`');
    }
    out
}

fn escape_word(word: &str, out: &mut String) {
    if word.starts_with("https://") || word.starts_with("http://") {
        let address = word.trim_end_matches(['.', ',', ';', ')']);
        out.push('<');
        out.push_str(address);
        out.push('>');
        out.push_str(&word[address.len()..]);
        return;
    }
    for c in word.chars() {
        if matches!(c, '<' | '>' | '[' | ']' | '*' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(prose(text), expected, "{text}");
    }

    #[test]
    fn brackets_and_tags_are_escaped_outside_code() {
        check("a list [of] <things>", r"a list \[of\] \<things\>.");
        check("keeps `a[0] < b` as code", "keeps `a[0] < b` as code.");
    }

    #[test]
    fn an_address_becomes_a_link() {
        check("See https://www.zoho.com/crm.", "See <https://www.zoho.com/crm>.");
    }

    #[test]
    fn indented_lines_are_no_code_block() {
        check("First\n\n    let x = 1", "First\n\nlet x = 1.");
    }

    #[test]
    fn an_open_quote_is_closed() {
        check("the `rest", "the `rest`.");
    }
}
