//! The reference model of a ledger: who owes what, in cents.

use std::collections::BTreeMap;

use super::action::Action;

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The customer's slot.
    pub customer: usize,
    /// What it is over.
    pub total: i64,
    /// Whether it was sent, or paid for.
    pub sent: bool,
    /// Whether it is void.
    pub void: bool,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The customer's slot.
    pub customer: usize,
    /// What was paid.
    pub cents: i64,
    /// The invoice that it settles a part of, and the part.
    pub applied: Option<(usize, i64)>,
}

/// What an action comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Nothing is written.
    #[default]
    Nothing,
    /// A new record under this slot.
    Created(usize),
    /// It is done.
    Done,
    /// Zoho refuses.
    Refused,
}

/// The books, by slot: a slot is the model's name for a record before Zoho gives it an id.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Customers by the number in their name.
    pub customers: BTreeMap<usize, u8>,
    /// Invoices.
    pub invoices: BTreeMap<usize, Invoice>,
    /// Payments.
    pub payments: BTreeMap<usize, Payment>,
    /// How many records were ever created.
    pub slots: usize,
    /// The record that the last action named.
    pub named: Option<usize>,
    /// What the last action comes to.
    pub expected: Expected,
}

fn nth<T>(map: &BTreeMap<usize, T>, at: usize) -> Option<usize> {
    map.keys().nth(at % map.len().max(1)).copied()
}

impl Model {
    /// Plays an action.
    pub fn play(&mut self, action: &Action) {
        (self.named, self.expected) = (None, Expected::Nothing);
        self.expected = match action {
            Action::Customer(name) => self.customer(*name),
            Action::Invoice { customer, cents } => self.invoice(*customer, *cents),
            Action::Reprice(at, cents) => self.reprice(*at, *cents),
            Action::Send(at) => self.send(*at),
            Action::Void(at) => self.void(*at),
            Action::DeleteInvoice(at) => self.delete_invoice(*at),
            Action::Pay {
                invoice,
                cents,
                applied,
            } => self.pay(*invoice, *cents, *applied),
            Action::DeletePayment(at) => self.delete_payment(*at),
            Action::Get(at) => {
                self.named = nth(&self.invoices, *at);
                Expected::Nothing
            }
            Action::Under(weather, action) => {
                let before = self.clone();
                self.play(action);
                let done = weather.is_harmless() || weather.is_carried_out() || action.repeats();
                if action.writes() && !done {
                    *self = Self {
                        named: self.named,
                        expected: self.expected,
                        ..before
                    };
                }
                self.expected
            }
            _ => Expected::Nothing,
        };
    }

    /// What is settled of an invoice.
    #[must_use]
    pub fn taken(&self, invoice: usize) -> i64 {
        let parts = self.payments.values().filter_map(|payment| payment.applied);
        parts
            .filter(|(of, _)| *of == invoice)
            .map(|(_, cents)| cents)
            .sum()
    }

    /// What is owed of an invoice; nobody owes what is void.
    #[must_use]
    pub fn balance(&self, slot: usize) -> i64 {
        match self.invoices.get(&slot) {
            Some(invoice) if !invoice.void => invoice.total - self.taken(slot),
            _ => 0,
        }
    }

    /// What a customer owes of invoices that were sent, and what is left of the payments.
    #[must_use]
    pub fn figures(&self, customer: usize) -> (i64, i64) {
        let invoices = self.invoices.iter();
        let owed = invoices
            .filter(|(_, invoice)| invoice.customer == customer && invoice.sent)
            .map(|(slot, _)| self.balance(*slot))
            .sum();
        let payments = self
            .payments
            .values()
            .filter(|payment| payment.customer == customer);
        let unused = payments
            .map(|payment| payment.cents - payment.applied.map_or(0, |(_, cents)| cents))
            .sum();
        (owed, unused)
    }

    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots
    }

    fn customer(&mut self, name: Option<u8>) -> Expected {
        match name.filter(|name| !self.customers.values().any(|taken| taken == name)) {
            None => Expected::Refused,
            Some(name) => {
                let slot = self.slot();
                self.customers.insert(slot, name);
                Expected::Created(slot)
            }
        }
    }

    fn invoice(&mut self, customer: Option<usize>, total: i64) -> Expected {
        self.named = customer.and_then(|at| nth(&self.customers, at));
        let Some(customer) = self.named else {
            return Expected::Refused;
        };
        let slot = self.slot();
        let invoice = Invoice {
            customer,
            total,
            sent: false,
            void: false,
        };
        self.invoices.insert(slot, invoice);
        Expected::Created(slot)
    }

    fn reprice(&mut self, at: usize, total: i64) -> Expected {
        self.named = nth(&self.invoices, at);
        let Some(slot) = self.named else {
            return Expected::Refused;
        };
        let taken = self.taken(slot);
        match self.invoices.get_mut(&slot) {
            Some(invoice) if total >= taken => {
                invoice.total = total;
                Expected::Done
            }
            _ => Expected::Refused,
        }
    }

    fn send(&mut self, at: usize) -> Expected {
        self.named = nth(&self.invoices, at);
        match self.named.and_then(|slot| self.invoices.get_mut(&slot)) {
            Some(invoice) => {
                (invoice.sent, invoice.void) = (true, false);
                Expected::Done
            }
            None => Expected::Refused,
        }
    }

    fn void(&mut self, at: usize) -> Expected {
        self.named = nth(&self.invoices, at);
        let Some(slot) = self.named.filter(|slot| self.taken(*slot) == 0) else {
            return Expected::Refused;
        };
        if let Some(invoice) = self.invoices.get_mut(&slot) {
            invoice.void = true;
        }
        Expected::Done
    }

    fn delete_invoice(&mut self, at: usize) -> Expected {
        self.named = nth(&self.invoices, at);
        match self.named.filter(|slot| self.taken(*slot) == 0) {
            Some(slot) => {
                self.invoices.remove(&slot);
                Expected::Done
            }
            None => Expected::Refused,
        }
    }

    fn pay(&mut self, at: usize, cents: i64, applied: i64) -> Expected {
        self.named = nth(&self.invoices, at);
        let Some(slot) = self.named else {
            return Expected::Refused;
        };
        let Some(invoice) = self.invoices.get(&slot).cloned() else {
            return Expected::Refused;
        };
        if invoice.void || cents <= 0 || applied > cents || applied > self.balance(slot) {
            return Expected::Refused;
        }
        if let Some(invoice) = self.invoices.get_mut(&slot).filter(|_| applied > 0) {
            invoice.sent = true;
        }
        let payment = self.slot();
        let kept = Payment {
            customer: invoice.customer,
            cents,
            applied: (applied > 0).then_some((slot, applied)),
        };
        self.payments.insert(payment, kept);
        Expected::Created(payment)
    }

    fn delete_payment(&mut self, at: usize) -> Expected {
        self.named = nth(&self.payments, at);
        match self.named.and_then(|slot| self.payments.remove(&slot)) {
            Some(_) => Expected::Done,
            None => Expected::Refused,
        }
    }
}
