//! Printing: tokens or syntax to the text that is checked in.

use std::path::PathBuf;

use proc_macro2::TokenStream;

use crate::{Error, GeneratedFile, HEADER, Part};

/// A source file from tokens.
pub(crate) fn source(
    path: impl Into<PathBuf>,
    room: &str,
    tokens: TokenStream,
) -> Result<GeneratedFile, Error> {
    let path = path.into();
    match syn::parse2::<syn::File>(tokens) {
        Ok(file) => Ok(syntax(path, room, &file)),
        Err(error) => Err(Error::Text {
            path,
            message: error.to_string(),
        }),
    }
}

/// A source file from syntax: the header, the module's own line, the items with an empty line between them.
pub(crate) fn syntax(path: impl Into<PathBuf>, room: &str, file: &syn::File) -> GeneratedFile {
    let mut text = format!("{HEADER}\n");
    for line in room.lines() {
        text.push_str("//!");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(line);
        }
        text.push('\n');
    }
    let body = prettyplease::unparse(file);
    if !body.starts_with("#![") {
        text.push('\n');
    }
    text.push_str(&spaced(&body));
    GeneratedFile {
        path: path.into(),
        text,
        part: Part::Whole,
    }
}

/// Puts an empty line between items and methods, which prettyplease leaves out, and cuts trailing space.
fn spaced(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + body.len() / 50);
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line.trim_end());
        out.push('\n');
        if lines.peek().is_some_and(|next| apart(line, next)) {
            out.push('\n');
        }
    }
    out
}

/// Whether an empty line belongs between two lines that stand together.
fn apart(line: &str, next: &str) -> bool {
    if next.is_empty() || next.trim_start().starts_with('}') {
        return false;
    }
    let imports = |line: &str| line.starts_with("use ");
    let documented = next.starts_with("///") || next.starts_with("#[derive");
    match line {
        "}" | "    }" => true,
        "};" | "];" => !imports(next),
        _ if line.starts_with("#![") => !next.starts_with("#!["),
        _ if line.starts_with(' ') || !line.ends_with(';') => false,
        _ => documented || imports(line) != imports(next),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_file_opens_with_the_header_and_its_room() {
        let file = source("a.rs", "The room.", quote! { struct A {} struct B { b: u8 } }).unwrap();
        assert_eq!(
            file.text,
            format!("{HEADER}\n//! The room.\n\nstruct A {{}}\nstruct B {{\n    b: u8,\n}}\n")
        );
    }

    #[test]
    fn items_stand_apart() {
        assert_eq!(
            spaced("fn a() {\n}\nfn b() {\n}\n"),
            "fn a() {\n}\n\nfn b() {\n}\n"
        );
    }

    #[test]
    fn tokens_that_are_no_file_name_the_path() {
        let error = source("x/y.rs", "", quote! { struct }).unwrap_err();
        assert!(error.to_string().starts_with("x/y.rs: "), "{error}");
    }
}
