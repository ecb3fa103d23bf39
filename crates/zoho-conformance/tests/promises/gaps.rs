//! The list of what the mock is known not to do as Zoho does is exact.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

use zoho_conformance::{gaps, live};

#[test]
fn the_list_of_gaps_is_exact() {
    let text = std::fs::read_to_string(gaps::file()).expect("there is a list");
    let listed = gaps::read(&text).unwrap_or_else(|error| panic!("gaps.toml: {error}"));
    // What only a real Zoho can show is held against the list by the live suite.
    let listed = listed.iter().filter(|gap| gap.kind != live::KIND);
    let survey = gaps::found();
    let (asked, taken, lacking) = (survey.asked, survey.taken, survey.lacking);
    eprintln!("{asked} operations asked, {taken} took it, {lacking} requests that lacked something");
    // Without these there would be nothing to find.
    assert!(
        taken > 40 && lacking > 40,
        "{asked} asked, {taken} taken, {lacking} lacking"
    );
    let comparison = gaps::Comparison::new(survey.gaps, listed);
    assert!(
        comparison.is_exact(),
        "gaps.toml is not exact. Give each new gap its reason, and take out what is stale:\n{comparison}"
    );
}
