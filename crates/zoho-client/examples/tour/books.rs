//! The Books part: contacts and an invoice.

use serde_json::json;
use zoho_client::wire::ZohoId;
use zoho_client::{OrganizationId, Record, Zoho};

use crate::report::{Report, Step, fail};
use crate::server::organization;

pub(crate) async fn visit(zoho: &Zoho, report: &mut Report) {
    let found = report
        .step("find the Books organization", async {
            let organization = organization(zoho).await?;
            let sentence = organization.as_str().to_owned();
            Ok((organization, sentence))
        })
        .await;
    let Some(organization) = found else { return };
    let contact = report.step("create a contact", create(zoho, &organization)).await;
    report.step("list the contacts", list(zoho, &organization)).await;
    let Some(contact) = contact else { return };
    report
        .step("update the contact", update(zoho, &organization, &contact))
        .await;
    report
        .step("invoice the contact", invoice(zoho, &organization, &contact))
        .await;
}

async fn create(zoho: &Zoho, organization: &OrganizationId) -> Step<ZohoId> {
    let known = zoho
        .books(organization.clone())
        .records("contacts")
        .all()
        .await?
        .len();
    let contact = Record::new()
        .set("contact_name", format!("Tour Traders {known}"))
        .set(
            "contact_persons",
            json!([{"first_name": "Ada", "last_name": "Ngo", "email": "ada@example.com"}]),
        );
    let created = zoho
        .books(organization.clone())
        .records("contacts")
        .create(contact)
        .await?;
    let id = created.get_id("contact_id").ok_or("the contact has no id")?;
    let name = created.get_str("contact_name").unwrap_or_default().to_owned();
    Ok((id, name))
}

async fn list(zoho: &Zoho, organization: &OrganizationId) -> Step<()> {
    let contacts = zoho.books(organization.clone()).records("contacts").all().await?;
    if contacts.is_empty() {
        return fail("no contact is listed");
    }
    Ok(((), format!("{} listed", contacts.len())))
}

async fn update(zoho: &Zoho, organization: &OrganizationId, contact: &ZohoId) -> Step<()> {
    let contacts = zoho.books(organization.clone()).records("contacts");
    let notes = "Pays on time.";
    let updated = contacts
        .update(contact, Record::new().set("notes", notes))
        .await?;
    if updated.get_str("notes") != Some(notes) {
        return fail("the change does not show");
    }
    let name = updated.get_str("contact_name").unwrap_or_default();
    Ok(((), format!("{name} has notes and kept the rest")))
}

async fn invoice(zoho: &Zoho, organization: &OrganizationId, contact: &ZohoId) -> Step<()> {
    let invoices = zoho.books(organization.clone()).records("invoices");
    let lines = json!([
        {"name": "Consulting", "rate": 120.5, "quantity": 3},
        {"name": "Travel", "rate": 80, "quantity": 1},
    ]);
    let draft = Record::new()
        .set("customer_id", contact.to_string())
        .set("line_items", lines);
    let created = invoices.create(draft).await?;
    let id = created.get_id("invoice_id").ok_or("the invoice has no id")?;
    invoices.status(&id, "sent").await?;
    let sent = invoices.get(&id).await?.ok_or("the invoice is gone")?;
    let number = sent.get_str("invoice_number").unwrap_or_default();
    let total = sent.get("total").map(ToString::to_string).unwrap_or_default();
    if sent.get_str("status") != Some("sent") || total.parse() != Ok(441.5_f64) {
        return fail(format!(
            "invoice {number}: status {:?}, total {total}",
            sent.get_str("status")
        ));
    }
    Ok(((), format!("{number} over {total} is sent")))
}
