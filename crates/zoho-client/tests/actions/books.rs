//! Records of Books by a custom field that is marked unique.

use serde_json::json;
use zoho_client::{ErrorKind, OrganizationId};

use crate::support::start;

#[tokio::test(start_paused = true)]
async fn a_record_is_found_made_and_changed_by_a_unique_field() {
    let (mock, zoho) = start();
    let books = zoho.books(OrganizationId::new(mock.organization_id()));
    let contacts = books.records("contacts");
    let none = contacts
        .update_by("cf_number", "7", json!({"notes": "who?"}))
        .await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::Api);

    let made = contacts
        .upsert_by("cf_number", "7", json!({"contact_name": "Ada"}))
        .await
        .unwrap();
    let again = contacts
        .upsert_by("cf_number", "7", json!({"notes": "again"}))
        .await
        .unwrap();
    let changed = contacts
        .update_by("cf_number", "7", json!({"notes": "once more"}))
        .await
        .unwrap();
    assert_eq!(again.get_str("contact_id"), made.get_str("contact_id"));
    assert_eq!(changed.get_str("notes"), Some("once more"));
    assert_eq!(contacts.all().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_no_operation_finds_so_is_refused_before_anything_is_sent() {
    let (mock, zoho) = start();
    let books = zoho.books(OrganizationId::new(mock.organization_id()));
    let before = mock.journal().exchanges().len();
    let refused = books
        .records("taxes")
        .update_by("cf_number", "7", json!({}))
        .await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(mock.journal().exchanges().len(), before);
}
