//! Any sequence of writes and reads, whatever goes wrong between them, leaves model, mock and client in agreement.

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use zoho_conformance::leads::run::Leads;
use zoho_conformance::ledger::action::Action;
use zoho_conformance::ledger::model::Model;
use zoho_conformance::ledger::run::{Ledger, Reference};
use zoho_conformance::proof;
use zoho_conformance::weather::Weather;

prop_state_machine! {
    #![proptest_config(proof::config("agreement::any_history"))]

    /// CRM: batches with bad rows, deletes, restores, conversions, a notification channel, clock, tokens, restarts.
    #[test]
    fn any_history_of_leads_agrees(sequential 1..30 => Leads);

    /// Books: customers, invoices and payments, what is refused of them, clock, tokens, restarts.
    #[test]
    fn any_history_of_books_agrees(sequential 1..30 => Ledger);
}

/// A step takes some requests of Books' minute, and a client that starts anew does not know how many are left.
#[test]
fn weather_meets_a_minute_that_is_full_or_nearly() {
    let invoice = |customer| Action::Invoice { customer, cents: 548 };
    for before in 0..8 {
        let mut actions = vec![invoice(None); before];
        actions.push(Action::Customer(Some(0)));
        actions.extend(vec![invoice(Some(0)); 10]);
        actions.push(Action::Restart);
        actions.extend(vec![invoice(Some(0)); 11]);
        actions.push(Action::Under(Weather::Malformed, Box::new(invoice(Some(0)))));
        let mut model = Model::default();
        let mut system = Ledger::init_test(&model);
        for action in actions {
            model = Reference::apply(model, &action);
            system = Ledger::apply(system, &model, action);
            Ledger::check_invariants(&system, &model);
        }
    }
}
