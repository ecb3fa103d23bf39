//! What can happen to the books: customers, invoices, payments, and the weather around them.

use proptest::prelude::*;

use crate::weather::{Weather, foul};

/// One step of a history. Numbers choose among what there is, counted round; amounts are in cents.
#[derive(Clone, Debug)]
pub enum Action {
    /// A customer of this name; of none is refused, and so is one whose name is taken.
    Customer(Option<u8>),
    /// An invoice of a customer, or of one that nobody knows.
    Invoice {
        /// Which customer.
        customer: Option<usize>,
        /// The price of its only line.
        cents: i64,
    },
    /// Another price.
    Reprice(usize, i64),
    /// A draft is sent.
    Send(usize),
    /// An invoice is void.
    Void(usize),
    /// An invoice is deleted, or refused to be: payments hang on it.
    DeleteInvoice(usize),
    /// A payment, a part of which settles an invoice. It is refused where it is more than there is or is owed.
    Pay {
        /// Which invoice; its customer pays.
        invoice: usize,
        /// The payment.
        cents: i64,
        /// The part of it.
        applied: i64,
    },
    /// A payment is deleted: what it settled is owed again.
    DeletePayment(usize),
    /// Read all invoices in pages of this size.
    List {
        /// Rows a page.
        per_page: u32,
    },
    /// Read one invoice.
    Get(usize),
    /// An hour passes: the access token is dead.
    ExpireToken,
    /// The server forgets all access tokens.
    RevokeTokens,
    /// Days pass.
    Pass(u64),
    /// The client program starts anew.
    Restart,
    /// Something goes wrong with the first request of what is done.
    Under(Weather, Box<Action>),
}

impl Action {
    /// The request that is the action, where it is one.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        Some(match self {
            Self::Customer(_) => "create_contact",
            Self::Invoice { .. } => "create_invoice",
            Self::Reprice(..) => "update_invoice",
            Self::Send(_) => "mark_invoice_sent",
            Self::Void(_) => "mark_invoice_void",
            Self::DeleteInvoice(_) => "delete_invoice",
            Self::Pay { .. } => "create_customer_payment",
            Self::DeletePayment(_) => "delete_customer_payment",
            Self::List { .. } => "list_invoices",
            Self::Get(_) => "get_invoice",
            Self::Under(_, action) => return action.operation(),
            _ => return None,
        })
    }

    /// Whether the client sends it again on its own: done twice it does what it does once.
    #[must_use]
    pub fn repeats(&self) -> bool {
        self.operation().is_some_and(|operation| {
            let books = crate::decode::spec(zoho_spec::Product::Books);
            books.operation(operation).expect("it is described").idempotent
        })
    }

    /// Whether it changes something.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.operation(), None | Some("list_invoices" | "get_invoice"))
    }
}

/// Any next step.
pub fn any_action() -> BoxedStrategy<Action> {
    let which = || 0_usize..24;
    let cents = || 0_i64..3_000;
    let call = prop_oneof![
        2 => proptest::option::weighted(0.9, 0_u8..6).prop_map(Action::Customer),
        4 => (proptest::option::weighted(0.9, which()), 1_i64..3_000)
            .prop_map(|(customer, cents)| Action::Invoice { customer, cents }),
        1 => (which(), 1_i64..3_000).prop_map(|(at, cents)| Action::Reprice(at, cents)),
        2 => which().prop_map(Action::Send),
        1 => which().prop_map(Action::Void),
        1 => which().prop_map(Action::DeleteInvoice),
        4 => (which(), cents(), cents()).prop_map(|(invoice, cents, applied)| Action::Pay { invoice, cents, applied }),
        1 => which().prop_map(Action::DeletePayment),
        1 => (1_u32..=200).prop_map(|per_page| Action::List { per_page }),
        1 => which().prop_map(Action::Get),
    ]
    .boxed();
    let beside = prop_oneof![
        Just(Action::ExpireToken),
        Just(Action::RevokeTokens),
        (1_u64..3).prop_map(Action::Pass),
        Just(Action::Restart),
    ];
    let under = (foul(), call.clone()).prop_map(|(weather, action)| Action::Under(weather, Box::new(action)));
    prop_oneof![6 => call, 1 => beside, 3 => under].boxed()
}
