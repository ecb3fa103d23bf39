//! Handles and futures can be shared and moved.

use crate::testing::{Script, say_text};
use crate::{OrganizationId, Record};

#[test]
fn handles_and_futures_cross_threads() {
    fn crosses<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    fn moves<T: Send>(value: T) -> T {
        value
    }
    let script = Script::new(|_, _| say_text(204, ""));
    let client = crosses(script.client());
    let leads = crosses(client.crm().records("Leads"));
    drop(moves(leads.all()));
    drop(moves(leads.get("1")));
    drop(moves(leads.create([Record::new()]).into_future()));
    drop(moves(leads.stream()));
    drop(moves(leads.attachments("1").download("2")));
    drop(moves(client.crm().coql("select id from Leads").all()));
    let invoices = crosses(client.books(OrganizationId::new("1")).records("invoices"));
    drop(moves(invoices.all()));
    drop(moves(client.crm().raw(crate::Method::GET, "/Leads").send()));
}
