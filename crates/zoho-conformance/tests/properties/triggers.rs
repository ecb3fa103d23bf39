//! Triggers lose nothing, tell nothing twice and keep the order of each record, whatever happens.

use proptest::prelude::*;
use zoho_conformance::proof;
use zoho_conformance::triggers::{Source, any_story, play};

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..proof::config("triggers::any_story") })]

    #[test]
    fn leads_are_told_of_by_query(story in any_story()) {
        play(Source::Queried, &story)?;
    }

    #[test]
    fn leads_are_told_of_by_list(story in any_story()) {
        play(Source::Listed, &story)?;
    }

    #[test]
    fn books_contacts_are_told_of(story in any_story()) {
        play(Source::Books, &story)?;
    }
}
