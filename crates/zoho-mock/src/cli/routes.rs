//! `zoho-mock routes`: every operation, and whether the mock keeps state for it.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;
use zoho_mock::MockZoho;
use zoho_mock::route::Product;

use super::{Failure, say};

/// The flags of `zoho-mock routes`.
#[derive(Debug, Args)]
pub(super) struct Routes {
    /// Only operations whose id or path holds this text.
    text: Option<String>,
    /// Only one product.
    #[arg(long)]
    product: Option<Wanted>,
    /// Only operations that keep state.
    #[arg(long)]
    stateful: bool,
    /// Print one line of JSON for each operation.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wanted {
    Crm,
    Books,
}

/// Prints the operations that are wanted.
pub(super) fn run(wanted: &Routes) -> Result<(), Failure> {
    let text = wanted.text.as_deref().unwrap_or_default();
    let mut out = String::new();
    let (mut all, mut kept) = (0, 0);
    for (product, operation, method, path) in MockZoho::routes() {
        let of_product = wanted
            .product
            .is_none_or(|wanted| (wanted == Wanted::Crm) == (product == Product::Crm));
        let stateful = MockZoho::is_stateful(product, operation);
        if !of_product || (wanted.stateful && !stateful) || !(operation.contains(text) || path.contains(text))
        {
            continue;
        }
        all += 1;
        kept += usize::from(stateful);
        let product = product.name();
        // Writing to a string cannot fail.
        let _ = match wanted.json {
            true => writeln!(
                out,
                "{}",
                json!({"product": product, "operation": operation, "method": method, "path": path, "stateful": stateful})
            ),
            false => {
                let coverage = if stateful { "state" } else { "schema" };
                writeln!(
                    out,
                    "{product:<5} {coverage:<6} {method:<6} {path:<72} {operation}"
                )
            }
        };
    }
    if !wanted.json {
        let _ = writeln!(
            out,
            "{all} operations, {kept} keep state; the others answer from their schema"
        );
    }
    say(&out)
}
