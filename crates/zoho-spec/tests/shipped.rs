//! The shipped descriptions keep every rule and cover what they are meant to cover.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use zoho_spec::{Product, Spec, regions};

fn load(product: Product) -> Spec {
    Spec::load(product).unwrap_or_else(|violations| panic!("{} violations:\n{violations}", violations.len()))
}

#[test]
fn crm_keeps_the_rules() {
    assert!(load(Product::Crm).operations().len() >= 34);
}

#[test]
fn books_keeps_the_rules() {
    assert!(load(Product::Books).operations().len() >= 80);
}

#[test]
fn every_region_of_the_house_is_there() {
    let codes: Vec<String> = regions().unwrap().into_iter().map(|region| region.code).collect();
    assert_eq!(
        codes,
        ["us", "eu", "in", "au", "jp", "uk", "ca", "ae", "sa", "cn"]
    );
}
