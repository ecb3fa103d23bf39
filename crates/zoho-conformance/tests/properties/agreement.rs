//! Any sequence of writes and reads, whatever goes wrong between them, leaves model, mock and client in agreement.

use proptest_state_machine::prop_state_machine;
use zoho_conformance::leads::run::Leads;
use zoho_conformance::ledger::run::Ledger;
use zoho_conformance::proof;

prop_state_machine! {
    #![proptest_config(proof::config("agreement::any_history"))]

    /// CRM: batches with bad rows, deletes, restores, conversions, a notification channel, clock, tokens, restarts.
    #[test]
    fn any_history_of_leads_agrees(sequential 1..30 => Leads);

    /// Books: customers, invoices and payments, what is refused of them, clock, tokens, restarts.
    #[test]
    fn any_history_of_books_agrees(sequential 1..30 => Ledger);
}
