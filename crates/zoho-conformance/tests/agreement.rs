//! Any sequence of record writes and reads leaves model, mock and client in agreement.

use proptest::prelude::*;
use proptest_state_machine::prop_state_machine;
use zoho_conformance::leads::run::Leads;

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_of_leads_agrees(sequential 1..30 => Leads);
}
