//! The cargo features of the client: one for each resource, one for each product, `full` for all.

use std::collections::BTreeSet;

use crate::{BLOCK_BEGIN, BLOCK_END, GeneratedFile, Part, Specs, name};

/// The block of `crates/zoho-client/Cargo.toml`, markers included.
pub(super) fn block(specs: &Specs) -> GeneratedFile {
    let mut text = format!("{BLOCK_BEGIN}\n");
    let mut products = Vec::new();
    for spec in &specs.products {
        let product = spec.product().name();
        let tags: BTreeSet<&str> = spec
            .operations()
            .iter()
            .map(|operation| operation.tag.as_str())
            .collect();
        let features: Vec<String> = tags.into_iter().map(|tag| name::feature(product, tag)).collect();
        list(&mut text, product, &features);
        for feature in &features {
            list(&mut text, feature, &[]);
        }
        products.push(product.to_owned());
    }
    list(&mut text, "full", &products);
    text.push_str(BLOCK_END);
    text.push('\n');
    GeneratedFile {
        path: "crates/zoho-client/Cargo.toml".into(),
        text,
        part: Part::Block,
    }
}

/// One feature and what it switches on, one a line when there is more than one.
fn list(text: &mut String, feature: &str, needs: &[String]) {
    match needs {
        [] | [_] => {
            let needs = needs.iter().map(|need| format!("{need:?}")).collect::<String>();
            text.push_str(&format!("{feature} = [{needs}]\n"));
        }
        many => {
            text.push_str(&format!("{feature} = [\n"));
            many.iter()
                .for_each(|need| text.push_str(&format!("    {need:?},\n")));
            text.push_str("]\n");
        }
    }
}
