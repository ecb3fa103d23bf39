//! The shipped descriptions keep every rule, and say what the rest of the workspace builds on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use serde_json::Value;
use zoho_spec::{
    Body, Credits, Method, Modified, PagingStyle, ParameterLocation, Product, Reply, Spec, openapi_dir,
    regions,
};

fn load(product: Product) -> Spec {
    Spec::load(product).unwrap_or_else(|violations| panic!("{} violations:\n{violations}", violations.len()))
}

fn ids(spec: &Spec, tag: &str) -> BTreeSet<String> {
    spec.operations()
        .iter()
        .filter(|operation| operation.tag == tag)
        .map(|operation| operation.id.clone())
        .collect()
}

#[test]
fn the_core_of_both_products_is_described() {
    let (crm, books) = (load(Product::Crm), load(Product::Books));
    assert!(crm.operations().len() >= 34, "{}", crm.operations().len());
    assert!(books.operations().len() >= 80, "{}", books.operations().len());
    for id in [
        "list_records",
        "create_records",
        "upsert_records",
        "search_records",
        "list_deleted_records",
    ] {
        assert!(ids(&crm, "records").contains(id), "{id}");
    }
    for id in [
        "list_invoices",
        "mark_invoice_sent",
        "apply_credits_to_invoice",
        "list_invoice_payments",
    ] {
        assert!(ids(&books, "invoices").contains(id), "{id}");
    }
}

/// All references of a document.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    Some(target) if key == "$ref" => {
                        found.insert(target);
                    }
                    _ => references(value, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn bundles_are_self_contained_and_always_the_same() {
    for product in Product::ALL {
        let spec = load(product);
        let mut found = BTreeSet::new();
        references(spec.document(), &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(spec.document().pointer(pointer).is_some(), "{reference}");
        }
        let operations: usize = spec.openapi().operations().count();
        assert_eq!(operations, spec.operations().len());
        assert_eq!(spec.document().to_string(), load(product).document().to_string());
    }
}

#[test]
fn an_operation_knows_everything_about_itself() {
    let crm = load(Product::Crm);
    let list = crm.operation("list_records").unwrap();
    assert_eq!(
        (list.method, list.path.as_str(), list.full_path.as_str()),
        (Method::Get, "/{module}", "/crm/v8/{module}")
    );
    assert_eq!(list.scopes, [["ZohoCRM.modules.{module}.READ"]]);
    assert_eq!(list.success, [200, 204, 304]);
    assert_eq!(
        list.credits,
        Credits::With {
            base: 1,
            parameter: "cvid".into(),
            credits: 3
        }
    );
    assert_eq!(
        list.paging
            .as_ref()
            .map(|paging| (paging.style, paging.items.as_str())),
        Some((PagingStyle::Token, "data"))
    );
    assert_eq!(
        list.reply,
        Reply::Json {
            schema: "RecordPage".into()
        }
    );
    assert_eq!(list.request, Body::None);
    assert_eq!(list.location.file.to_str(), Some("crm/v8/records.yaml"));
    let module = &list.parameters[0];
    assert_eq!(
        (module.name.as_str(), module.location, module.required),
        ("module", ParameterLocation::Path, true)
    );
    let view = list
        .parameters
        .iter()
        .find(|parameter| parameter.name == "cvid")
        .unwrap();
    assert_eq!(view.schema["format"], "zoho-id");

    let search = crm.operation("search_records").unwrap();
    assert_eq!(search.scopes[0].len(), 2);
    let query = crm.operation("query_records").unwrap();
    assert_eq!(
        query.credits,
        Credits::ByRows(vec![(200, 1), (1000, 2), (2000, 3)])
    );
    let create = crm.operation("create_records").unwrap();
    assert_eq!(
        (create.batch.as_deref(), create.idempotent, &create.credits),
        (Some("data"), false, &Credits::PerItems(10))
    );
    assert_eq!(
        create.request,
        Body::Json {
            schema: "RecordWrite".into(),
            required: true
        }
    );
    let Body::Multipart { parts } = &crm.operation("upload_attachment").unwrap().request else {
        panic!("no parts")
    };
    let parts: Vec<_> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.required, part.file))
        .collect();
    assert_eq!(
        parts,
        [
            ("file", false, true),
            ("attachmentUrl", false, false),
            ("title", false, false)
        ]
    );
    assert!(matches!(
        crm.operation("download_attachment").unwrap().reply,
        Reply::Binary { .. }
    ));
    assert!(crm.records().is_empty());
    assert!(crm.operations().iter().all(|operation| !operation.organization));
}

#[test]
fn books_has_a_record_catalogue() {
    let books = load(Product::Books);
    let rows: Vec<_> = books
        .records()
        .iter()
        .map(|record| {
            (
                record.name.as_str(),
                record.parents.join("/"),
                record.path.as_str(),
                record.id.as_str(),
            )
        })
        .collect();
    let row = |name, parent: &str, path, id| (name, parent.to_owned(), path, id);
    assert_eq!(
        rows,
        [
            row(
                "addresses",
                "contacts",
                "/contacts/{contact_id}/address",
                "address_id"
            ),
            row(
                "comments",
                "contacts",
                "/contacts/{contact_id}/comments",
                "comment_id"
            ),
            row(
                "comments",
                "invoices",
                "/invoices/{invoice_id}/comments",
                "comment_id"
            ),
            row(
                "contact_persons",
                "contacts",
                "/contacts/{contact_id}/contactpersons",
                "contact_person_id"
            ),
            row("contacts", "", "/contacts", "contact_id"),
            row(
                "creditsapplied",
                "invoices",
                "/invoices/{invoice_id}/creditsapplied",
                "creditnotes_invoice_id"
            ),
            row("invoices", "", "/invoices", "invoice_id"),
            row("items", "", "/items", "item_id"),
            row("organizations", "", "/organizations", "organization_id"),
            row(
                "payments",
                "invoices",
                "/invoices/{invoice_id}/payments",
                "invoice_payment_id"
            ),
            row(
                "refunds",
                "contacts",
                "/contacts/{contact_id}/refunds",
                "creditnote_refund_id"
            ),
        ]
    );
    let persons = books
        .records()
        .iter()
        .find(|record| record.name == "contact_persons")
        .unwrap();
    assert_eq!(persons.write_path.as_deref(), Some("/contacts/contactpersons"));
    let contacts = books
        .records()
        .iter()
        .find(|record| record.name == "contacts")
        .unwrap();
    assert_eq!(
        (contacts.wrapper.as_str(), contacts.list_key.as_str()),
        ("contact", "contacts")
    );
    assert_eq!(contacts.modified, Modified::Sort);
    for operation in books.operations() {
        assert_eq!(
            operation.organization,
            operation.tag != "organizations",
            "{}",
            operation.id
        );
        if operation.id.starts_with("create_") {
            assert_eq!(operation.success, [200, 201], "{}", operation.id);
        }
    }
}

#[test]
fn every_region_of_the_house_is_there() {
    let regions = regions().unwrap();
    let codes: Vec<&str> = regions.iter().map(|region| region.code.as_str()).collect();
    assert_eq!(
        codes,
        ["us", "eu", "in", "au", "jp", "uk", "ca", "ae", "sa", "cn"]
    );
    for region in &regions {
        let domain = region.api.strip_prefix("www.").unwrap();
        assert_eq!(region.sandbox, format!("sandbox.{domain}"));
        assert_eq!(region.developer, format!("developer.{domain}"));
        let irregular = match region.code.as_str() {
            "ca" => Some("upload.zohocloud.ca"),
            "sa" => Some("files.zoho.sa"),
            _ => None,
        };
        assert_eq!(
            region.upload,
            irregular.map_or_else(|| format!("content.{domain}"), str::to_owned)
        );
    }
}

#[test]
fn a_missing_folder_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let violations = Spec::load_from(empty.path(), Product::Books).unwrap_err();
    let first = violations.iter().next().unwrap();
    assert_eq!(
        (first.rule, first.file.as_path()),
        ("file-unreadable", empty.path().join("books/v3").as_path())
    );
}

#[test]
fn a_fault_on_disk_is_found_with_file_and_line() {
    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("crm/v8");
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(openapi_dir().join("crm/v8")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let file = folder.join("org.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains("created_time:"))
        .unwrap()
        + 1;
    std::fs::write(
        &file,
        text.replace(
            "created_time: { type: string, format: zoho-datetime",
            "created_time: { type: string",
        ),
    )
    .unwrap();
    let violations = Spec::load_from(copy.path(), Product::Crm).unwrap_err();
    assert_eq!(violations.len(), 1);
    let expected = format!("{}:{line}: [datetime-format] ", file.display());
    assert!(violations.to_string().starts_with(&expected), "{violations}");
}

#[test]
fn the_readme_names_every_rule_and_extension() {
    let readme = include_str!("../README.md");
    let names: Vec<&str> = zoho_spec::rules().map(|rule| rule.name).collect();
    assert_eq!(
        names.len(),
        names.iter().collect::<BTreeSet<_>>().len(),
        "names are unique"
    );
    for rule in zoho_spec::rules() {
        let row = format!("| `{}` | {} |", rule.name, rule.demand.replace('|', "\\|"));
        assert!(readme.contains(&row), "README.md lacks the row\n{row}");
    }
}
