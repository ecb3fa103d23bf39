//! `cargo xtask audit DIR`: our descriptions beside somebody else's, such as the files that Zoho publishes.
//!
//! What differs is either explained in a list of known differences, or it is news: Zoho has changed, or one
//! of the two descriptions is wrong. The list must stay exact, so that it says nothing that is no longer so.

mod differences;
mod files;
mod known;
mod recordings;
mod rule;
mod surface;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use zoho_spec::{Product, Spec};

use crate::report::Report;
use differences::Difference;
use files::Files;
use known::{Claims, Known};
use surface::Surface;

/// What an audit compares, and how it speaks.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder of OpenAPI files, JSON or YAML; references between them are followed
    #[arg(required_unless_present = "recordings")]
    dir: Option<PathBuf>,
    /// Folder of exchanges that `zoho-mock record` kept, in place of OpenAPI files
    #[arg(long, value_name = "DIR", conflicts_with_all = ["dir", "known", "json"])]
    recordings: Option<PathBuf>,
    /// Known differences, line by line or by rules, each group under a line `# reason`; what is not listed and
    /// what no longer is so both fail
    #[arg(long)]
    known: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the list of known differences anew: reasons are kept, and news stand at its end without one
    #[arg(long, requires = "known")]
    record: bool,
}

/// Compares, and says what is not listed and what is listed in vain.
pub(crate) fn run(options: &Options) -> Result<Report, Box<dyn Error>> {
    match (&options.recordings, &options.dir) {
        (Some(folder), _) => recordings::run(folder),
        (None, Some(folder)) => descriptions(options, folder),
        (None, None) => Err("a folder of OpenAPI files or --recordings is needed".into()),
    }
}

fn descriptions(options: &Options, folder: &Path) -> Result<Report, Box<dyn Error>> {
    let files = Files::read(folder)?;
    let theirs = Surface::of(&files);
    let mut differences: Vec<Difference> = differences::broken(&files).collect();
    let mut counts = Vec::new();
    for product in Product::ALL {
        let prefix = format!("/{}/", product.name());
        let theirs = theirs.below(&prefix);
        if theirs.operations.is_empty() {
            continue;
        }
        let spec = Spec::load(product)?;
        let ours = Surface::of(&Files::one(spec.document().clone())).below(&prefix);
        counts.push((product, ours.operations.len(), theirs.operations.len()));
        differences.extend(differences::between(&ours, &theirs));
    }
    if counts.is_empty() {
        return Err(format!(
            "{}: no file there describes a path below /crm/ or /books/",
            folder.display()
        )
        .into());
    }
    differences.sort();
    differences.dedup();
    let mut known = Known::default();
    if let Some(path) = &options.known {
        known = Known::read(path)?;
        if options.record {
            std::fs::write(path, known.renewed(&differences))?;
            known = Known::read(path)?;
        }
    }
    Ok(said(options, &counts, &differences, &known))
}

fn said(
    options: &Options,
    counts: &[(Product, usize, usize)],
    differences: &[Difference],
    known: &Known,
) -> Report {
    let Claims { explained, vain } = known.claims(differences);
    let news: Vec<&Difference> = differences
        .iter()
        .zip(explained)
        .filter(|(_, explained)| !explained)
        .map(|(one, _)| one)
        .collect();
    let stale = !news.is_empty() || !vain.is_empty();
    if options.json {
        let counts = counts.iter().map(
            |(product, ours, theirs)| json!({"product": product.name(), "ours": ours, "theirs": theirs}),
        );
        let body = json!({
            "operations": counts.collect::<Vec<_>>(),
            "differences": differences.len(),
            "unlisted": news.iter().map(|one| one.to_json()).collect::<Vec<_>>(),
            "stale": vain,
        });
        return Report {
            text: format!("{body}\n"),
            stale,
        };
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    for one in &news {
        let _ = writeln!(text, "{one}");
    }
    for line in &vain {
        let _ = writeln!(text, "{line}");
    }
    for (product, ours, theirs) in counts {
        let name = product.name();
        let _ = writeln!(text, "{name}: {ours} operations here, {theirs} there");
    }
    let (all, explained) = (differences.len(), differences.len() - news.len());
    let _ = writeln!(
        text,
        "{all} differences, {explained} of them known; {} not listed, {} listed in vain",
        news.len(),
        vain.len()
    );
    Report { text, stale }
}

/// A path for messages and for comparing, whatever its parameters are called.
fn shape(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let parameter = segment.starts_with('{') || segment.contains("(\\d");
        if parameter { "{}" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The folder's name for messages.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests;
