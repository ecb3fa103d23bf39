//! Which payments and credits settle what, and under which names.

/// How one type's records are settled by another's.
#[derive(Debug)]
pub(crate) struct Settlement {
    /// The type of the parts, which live under what they settle.
    pub(crate) edge: &'static str,
    /// A part's id where its source shows it.
    pub(crate) edge_id: &'static str,
    /// A part's field with its amount.
    pub(crate) amount: &'static str,
    /// A part's field with its source.
    pub(crate) link: &'static str,
    /// The type that is settled.
    pub(crate) debt: &'static str,
    pub(crate) debt_id: &'static str,
    pub(crate) debt_number: &'static str,
    /// Its field with what was settled this way.
    pub(crate) taken: &'static str,
    /// The type that settles.
    pub(crate) source: &'static str,
    /// Its field with what is in use.
    pub(crate) used: &'static str,
    /// Its field with what was paid back.
    pub(crate) refunded: &'static str,
    /// The list in a body or a record of the source.
    pub(crate) list: &'static str,
    /// Whether a write of the source replaces the list.
    pub(crate) replaced: bool,
    /// The list's key where it has an address of its own.
    pub(crate) listed: &'static str,
    /// The list in the body of what is settled.
    pub(crate) spent: &'static str,
    pub(crate) applied: &'static str,
}

pub(crate) static SETTLEMENTS: &[Settlement] = &[
    Settlement {
        edge: "invoice_payments",
        edge_id: "invoice_payment_id",
        amount: "amount",
        link: "payment_id",
        debt: "invoices",
        debt_id: "invoice_id",
        debt_number: "invoice_number",
        taken: "payment_made",
        source: "customerpayments",
        used: "amount_applied",
        refunded: "amount_refunded",
        list: "invoices",
        replaced: true,
        listed: "invoices",
        spent: "invoice_payments",
        applied: "Credits have been applied to the invoice(s).",
    },
    Settlement {
        edge: "invoice_credits",
        edge_id: "creditnote_invoice_id",
        amount: "amount_applied",
        link: "creditnote_id",
        debt: "invoices",
        debt_id: "invoice_id",
        debt_number: "invoice_number",
        taken: "credits_applied",
        source: "creditnotes",
        used: "total_credits_used",
        refunded: "total_refunded_amount",
        list: "invoices",
        replaced: false,
        listed: "invoices_credited",
        spent: "apply_creditnotes",
        applied: "Credits have been applied to the invoice(s).",
    },
    Settlement {
        edge: "bill_payments",
        edge_id: "bill_payment_id",
        amount: "amount",
        link: "payment_id",
        debt: "bills",
        debt_id: "bill_id",
        debt_number: "bill_number",
        taken: "payment_made",
        source: "vendorpayments",
        used: "amount_applied",
        refunded: "amount_refunded",
        list: "bills",
        replaced: true,
        listed: "bills",
        spent: "bill_payments",
        applied: "Credits have been applied to the bill(s).",
    },
    Settlement {
        edge: "bill_credits",
        edge_id: "vendor_credit_bill_id",
        amount: "amount",
        link: "vendor_credit_id",
        debt: "bills",
        debt_id: "bill_id",
        debt_number: "bill_number",
        taken: "vendor_credits_applied",
        source: "vendorcredits",
        used: "total_credits_used",
        refunded: "total_refunded_amount",
        list: "bills",
        replaced: false,
        listed: "bills_credited",
        spent: "apply_vendor_credits",
        applied: "Credits have been applied to the bill(s).",
    },
];
