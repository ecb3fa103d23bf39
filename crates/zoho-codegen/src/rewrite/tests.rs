//! A new progenitor may write its code otherwise. Whatever the rewrite does not know must stop it, and the
//! message must say where.

use std::path::Path;

use zoho_spec::{Product, Spec};

use super::*;
use crate::progenitor;

fn spec(case: &str) -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(case)
        .join("spec");
    Spec::load_from(&folder, Product::Crm).unwrap()
}

/// Rewrites progenitor's text after one replacement in it.
fn doctored(case: &str, from: &str, to: &str) -> Result<Rewritten, Error> {
    let spec = spec(case);
    let text = prettyplease::unparse(&progenitor::run(&spec).unwrap());
    assert!(
        text.contains(from),
        "progenitor no longer writes `{from}`:\n{text}"
    );
    rewrite(&spec, syn::parse_file(&text.replace(from, to)).unwrap())
}

fn check(case: &str, from: &str, to: &str, expected: &str) {
    match doctored(case, from, to) {
        Ok(_) => panic!("nobody noticed that `{from}` became `{to}`"),
        Err(error) => assert!(error.to_string().contains(expected), "`{to}`: {error}"),
    }
}

#[test]
fn a_method_of_another_shape_stops_the_rewrite_and_names_the_operation() {
    let list = "crm operation `list_records`: ";
    let check = |from, to, expected: &str| check("answers", from, to, &format!("{list}{expected}"));
    check(
        "self.pre(&mut request, &info).await?;",
        "",
        "`. pre (` is not where it was",
    );
    check(
        "let response = result?;",
        "let response = retry(result)?; log();",
        "the answer is not told apart",
    );
    check(
        "200u16 => ResponseValue::from_response(response).await,",
        "200u16 => todo(response),",
        "the answer is not decoded",
    );
    check(
        ".query(&progenitor_client::QueryParam::new(\"page\", &page))",
        "",
        "its query parameters are",
    );
    check(
        "QueryParam::new(\"page\", &page)",
        "QueryParam::named(PAGE)",
        "a query parameter is sent in another way",
    );
    check(
        "\"If-Modified-Since\"",
        "\"If-Unmodified-Since\"",
        "its header parameters are",
    );
    check(
        "encode_path(& module.to_string())",
        "encode_path(module)",
        "the address has another form",
    );
    check(
        "let mut header_map = ",
        "let headers = prepare(); let mut header_map = ",
        "the version header is not where it was",
    );
    check(
        "Result<ResponseValue<types::RecordPage>, Error<()>>",
        "Stream<types::RecordPage>",
        "the method does not return",
    );
    check(
        "pub async fn list_records<",
        "pub async fn list_all_records<",
        "progenitor made no method of this name",
    );
}

#[test]
fn a_method_that_no_operation_asks_for_is_noticed() {
    let extra =
        "impl Client { pub async fn list_stream(&self) {} } #[derive(Clone, Debug)]\npub struct Client {";
    let text = "pub struct Client {";
    check(
        "answers",
        text,
        extra,
        "crm: progenitor made a method `list_stream` that no operation asks for",
    );
}

#[test]
fn a_body_that_is_not_sent_is_noticed() {
    let expected = "crm operation `upload_file`: the body is not the one described";
    check("bodies", ".body(body)", "", expected);
}

#[test]
fn a_type_of_another_shape_stops_the_rewrite_and_names_the_type() {
    let page = "pub struct RecordPage {";
    let check = |to: &str, expected: &str| check("answers", page, &format!("{to} {page}"), expected);
    check(
        "pub struct Vec {}",
        "crm type `Vec`: has a name of Rust's prelude",
    );
    check(
        "pub enum Either { Left(String), Right }",
        "crm type `Either`: is a choice between shapes",
    );
    check(
        "impl Hidden for RecordPage {}",
        "crm type `RecordPage`: progenitor made an unknown implementation",
    );
    check(
        "pub mod builder {}",
        "crm: progenitor made a module `types::builder`",
    );
    check(
        "pub type Alias = String;",
        "crm: progenitor made an item in `types` that is no type",
    );
}

#[test]
fn a_reply_with_a_required_field_is_refused() {
    let more = "pub more: ::std::option::Option<bool>";
    check(
        "answers",
        more,
        "pub more: bool",
        "crm type `RecordPage.more`: a reply must do without",
    );
}

#[test]
fn untouched_text_is_taken() {
    for case in ["answers", "batch", "bodies"] {
        let spec = spec(case);
        let rewritten = rewrite(&spec, progenitor::run(&spec).unwrap()).unwrap();
        assert_eq!(rewritten.calls.len(), spec.operations().len());
    }
}
