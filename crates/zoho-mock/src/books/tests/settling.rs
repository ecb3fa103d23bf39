//! Money: whatever is created, applied, taken back, voided and deleted, the sums hold.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{call, made};
use crate::books::catalogue::named;
use crate::books::catalogue::{SETTLEMENTS, Type};
use crate::books::money::Money;
use crate::route::Method;
use crate::world::World;

/// One side of the books: what is owed there, and what settles it.
#[derive(Clone, Copy, Debug)]
struct Side {
    party: &'static str,
    debts: &'static str,
    payments: &'static str,
    credits: &'static str,
    owed: &'static str,
    unused: &'static str,
    live: &'static str,
}

const SIDES: [Side; 2] = [
    Side {
        party: "customer_id",
        debts: "invoices",
        payments: "customerpayments",
        credits: "creditnotes",
        owed: "outstanding_receivable_amount",
        unused: "unused_credits_receivable_amount",
        live: "sent",
    },
    Side {
        party: "vendor_id",
        debts: "bills",
        payments: "vendorpayments",
        credits: "vendorcredits",
        owed: "outstanding_payable_amount",
        unused: "unused_credits_payable_amount",
        live: "open",
    },
];

/// Something that a client does; numbers choose among what there is, amounts are in cents.
#[derive(Clone, Debug)]
enum Deed {
    Owe(i64),
    Pay(i64, usize, i64),
    Credit(i64),
    Apply(usize, usize, i64),
    Settle(usize, usize, i64),
    Repay(usize, i64),
    Refund(bool, usize, i64),
    TakeBack(usize, usize),
    Step(usize, usize),
    StepCredit(usize, usize),
    Reprice(usize, i64),
    WriteOff(usize),
    Delete(usize, usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let amount = || 0_i64..2_000;
    let which = || 0_usize..4;
    prop_oneof![
        3 => (1_i64..3_000).prop_map(Deed::Owe),
        3 => (amount(), which(), amount()).prop_map(|(a, b, c)| Deed::Pay(a, b, c)),
        2 => (1_i64..3_000).prop_map(Deed::Credit),
        3 => (which(), which(), amount()).prop_map(|(a, b, c)| Deed::Apply(a, b, c)),
        2 => (which(), which(), amount()).prop_map(|(a, b, c)| Deed::Settle(a, b, c)),
        1 => (which(), amount()).prop_map(|(a, b)| Deed::Repay(a, b)),
        1 => (any::<bool>(), which(), amount()).prop_map(|(a, b, c)| Deed::Refund(a, b, c)),
        2 => (which(), which()).prop_map(|(a, b)| Deed::TakeBack(a, b)),
        2 => (which(), which()).prop_map(|(a, b)| Deed::Step(a, b)),
        1 => (which(), which()).prop_map(|(a, b)| Deed::StepCredit(a, b)),
        1 => (which(), 1_i64..3_000).prop_map(|(a, b)| Deed::Reprice(a, b)),
        1 => which().prop_map(Deed::WriteOff),
        1 => (0_usize..3, which()).prop_map(|(a, b)| Deed::Delete(a, b)),
    ]
}

fn cents(amount: i64) -> Value {
    Money::parse(&format!("{}.{:02}", amount / 100, amount % 100))
        .unwrap()
        .to_json()
}

/// A world with one contact.
struct Books {
    world: World,
    side: Side,
    contact: String,
}

impl Books {
    fn list(&mut self, name: &str) -> Vec<Value> {
        let ty = named(name).unwrap();
        let path = format!("/books/v3{}?", ty.path);
        let (_, reply) = call(
            &mut self.world,
            Method::Get,
            path.trim_end_matches('?'),
            &[],
            &Value::Null,
        );
        reply[ty.list].as_array().unwrap().clone()
    }

    fn nth(&mut self, name: &str, at: usize) -> Option<String> {
        let ty = named(name).unwrap();
        let rows = self.list(name);
        let row = rows.get(at % rows.len().max(1))?;
        Some(row[ty.id].as_str().unwrap().to_owned())
    }

    fn send(&mut self, method: Method, path: &str, ids: &[&str], body: &Value) -> (u16, Value) {
        let (status, reply) = call(&mut self.world, method, &format!("/books/v3{path}"), ids, body);
        assert!([200, 201, 400, 404].contains(&status), "{path}: {reply}");
        (status, reply)
    }

    fn document(&self, amount: i64) -> Value {
        let mut body = json!({"line_items": [{"rate": cents(amount)}], "bill_number": "B"});
        body[self.side.party] = self.contact.clone().into();
        body
    }

    fn run(&mut self, deed: &Deed) -> Option<()> {
        let side = self.side;
        let path = |name: &str| named(name).unwrap().path.to_owned();
        let debt_id = named(side.debts).unwrap().id;
        let list = if side.debts == "bills" {
            "bills"
        } else {
            "invoices"
        };
        match *deed {
            Deed::Owe(amount) => {
                let body = self.document(amount);
                self.send(Method::Post, &path(side.debts), &[], &body);
            }
            Deed::Credit(amount) => {
                let body = self.document(amount);
                self.send(Method::Post, &path(side.credits), &[], &body);
            }
            Deed::Pay(amount, at, part) => {
                let mut body = json!({"amount": cents(amount)});
                body[side.party] = self.contact.clone().into();
                if let Some(id) = self.nth(side.debts, at) {
                    body[list] = json!([{debt_id: id, "amount_applied": cents(part)}]);
                }
                self.send(Method::Post, &path(side.payments), &[], &body);
            }
            Deed::Repay(at, amount) => {
                let id = self.nth(side.payments, at)?;
                let body = json!({"amount": cents(amount)});
                self.send(
                    Method::Put,
                    &format!("{}/{{id}}", path(side.payments)),
                    &[&id],
                    &body,
                );
            }
            Deed::Apply(credit, at, part) => {
                let (credit, id) = (self.nth(side.credits, credit)?, self.nth(side.debts, at)?);
                let body = json!({list: [{debt_id: id, "amount_applied": cents(part)}]});
                let target = format!("{}/{{id}}/{list}", path(side.credits));
                self.send(Method::Post, &target, &[&credit], &body);
            }
            Deed::Settle(source, at, part) => {
                let mut body = json!({});
                for settlement in SETTLEMENTS.iter().filter(|known| known.debt == side.debts) {
                    if let Some(id) = self.nth(settlement.source, source) {
                        body[settlement.spent] =
                            json!([{settlement.link: id, "amount_applied": cents(part)}]);
                    }
                }
                let id = self.nth(side.debts, at)?;
                let target = format!("{}/{{id}}/credits", path(side.debts));
                self.send(Method::Post, &target, &[&id], &body);
            }
            Deed::Refund(of_payment, at, amount) => {
                let name = if of_payment { side.payments } else { side.credits };
                let id = self.nth(name, at)?;
                let target = format!("{}/{{id}}/refunds", path(name));
                self.send(Method::Post, &target, &[&id], &json!({"amount": cents(amount)}));
            }
            Deed::TakeBack(at, which) => {
                let id = self.nth(side.debts, at)?;
                let edges: Vec<&Type> = SETTLEMENTS
                    .iter()
                    .filter(|known| known.debt == side.debts)
                    .filter_map(|known| named(known.edge))
                    .collect();
                let edge = edges[which % edges.len()];
                let target = edge.path.replace("{}", "{id}");
                let (_, reply) = self.send(Method::Get, &target, &[&id], &Value::Null);
                let own = reply[edge.list][0][edge.id].as_str()?.to_owned();
                self.send(
                    Method::Delete,
                    &format!("{target}/{{own}}"),
                    &[&id, &own],
                    &Value::Null,
                );
            }
            Deed::Step(at, step) => self.step(side.debts, at, step)?,
            Deed::StepCredit(at, step) => self.step(side.credits, at, step)?,
            Deed::Reprice(at, amount) => {
                let id = self.nth(side.debts, at)?;
                let body = self.document(amount);
                self.send(
                    Method::Put,
                    &format!("{}/{{id}}", path(side.debts)),
                    &[&id],
                    &body,
                );
            }
            Deed::WriteOff(at) => {
                let id = self.nth("invoices", at)?;
                self.send(Method::Post, "/invoices/{id}/writeoff", &[&id], &Value::Null);
            }
            Deed::Delete(what, at) => {
                let name = [side.debts, side.payments, side.credits][what];
                let id = self.nth(name, at)?;
                self.send(
                    Method::Delete,
                    &format!("{}/{{id}}", path(name)),
                    &[&id],
                    &Value::Null,
                );
            }
        }
        Some(())
    }

    fn step(&mut self, name: &str, at: usize, step: usize) -> Option<()> {
        let ty = named(name)?;
        let id = self.nth(name, at)?;
        let step = ty.steps.get(step % ty.steps.len())?;
        let target = format!("{}/{{id}}{}", ty.path, step.path);
        self.send(Method::Post, &target, &[&id], &Value::Null);
        Some(())
    }

    /// The amounts of what lives under a record.
    fn under(&mut self, ty: &Type, id: &str, amount: &str) -> Money {
        let target = ty.path.replace("{}", "{id}");
        let (_, reply) = self.send(Method::Get, &target, &[id], &Value::Null);
        let rows = reply[ty.list].as_array().unwrap();
        rows.iter()
            .fold(Money::ZERO, |sum, row| sum + Money::read(&row[amount]).unwrap())
    }

    fn check(&mut self) {
        let side = self.side;
        let read =
            |row: &Value, name: &str| Money::read(&row[name]).unwrap_or_else(|| panic!("{name}: {row}"));
        let (mut owed, mut unused) = (Money::ZERO, Money::ZERO);
        let debts = named(side.debts).unwrap();
        for row in self.list(side.debts) {
            let id = row[debts.id].as_str().unwrap().to_owned();
            let written_off = Money::read(&row["write_off_amount"]).unwrap_or_default();
            let mut taken = written_off;
            for settlement in SETTLEMENTS.iter().filter(|known| known.debt == side.debts) {
                taken = taken + self.under(named(settlement.edge).unwrap(), &id, settlement.amount);
            }
            let (total, balance) = (read(&row, "total"), read(&row, "balance"));
            // Nobody owes what is void.
            let total = if row["status"] == "void" {
                Money::ZERO
            } else {
                total
            };
            assert_eq!(balance, total - taken, "{row}");
            assert!(balance >= Money::ZERO, "{row}");
            let status = row["status"].as_str().unwrap();
            match status {
                "paid" => assert_eq!(balance, Money::ZERO, "{row}"),
                "partially_paid" => assert!(balance > Money::ZERO && taken > Money::ZERO, "{row}"),
                "void" | "draft" => assert_eq!(taken, Money::ZERO, "{row}"),
                _ if status == side.live => assert!(balance > Money::ZERO && taken == Money::ZERO, "{row}"),
                _ => {}
            }
            if ["partially_paid", "overdue", side.live].contains(&status) {
                owed = owed + balance;
            }
        }
        for name in [side.payments, side.credits] {
            let ty = named(name).unwrap();
            let transaction = ty.transaction.unwrap();
            for row in self.list(name) {
                let id = row[ty.id].as_str().unwrap().to_owned();
                let (_, full) = self.send(Method::Get, &format!("{}/{{id}}", ty.path), &[&id], &Value::Null);
                let full = &full[ty.wrapper];
                let settlement = SETTLEMENTS.iter().find(|known| known.source == name).unwrap();
                let parts = full[settlement.list].as_array().unwrap().iter();
                let used = parts.fold(Money::ZERO, |sum, part| sum + read(part, "amount_applied"));
                let refunds = named(&format!("{}_refunds", name.trim_end_matches('s'))).unwrap();
                let refunded = self.under(refunds, &id, "amount");
                let left = read(full, transaction.open);
                let whole = match full["status"].as_str() {
                    // What is void is worth nothing.
                    Some("void") => Money::ZERO,
                    _ => read(full, transaction.whole),
                };
                assert_eq!(left, whole - used - refunded, "{full}");
                assert!(left >= Money::ZERO, "{full}");
                match full["status"].as_str() {
                    None | Some("open") => unused = unused + left,
                    Some("closed") => assert_eq!(left, Money::ZERO, "{full}"),
                    Some(_) => assert_eq!(used + refunded, Money::ZERO, "{full}"),
                }
            }
        }
        let contact = self.contact.clone();
        let (_, contact) = self.send(Method::Get, "/contacts/{id}", &[&contact], &Value::Null);
        assert_eq!(read(&contact["contact"], side.owed), owed, "{contact}");
        assert_eq!(read(&contact["contact"], side.unused), unused, "{contact}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_sums_hold_after_anything(side in prop::sample::select(SIDES.to_vec()), deeds in prop::collection::vec(deed(), 1..25)) {
        let mut world = World::for_tests();
        let contact = made(&mut world, "/contacts", &[], &json!({"contact_name": "Ada"}));
        let mut books = Books { world, side, contact };
        for deed in &deeds {
            books.run(deed);
            books.check();
        }
    }
}
