//! Notes, tags, related records, conversion, and records checked before they are sent.

use serde_json::json;
use zoho_client::crm::Conversion;
use zoho_client::{ErrorKind, Record};

use crate::support::{create, start};

fn lead(name: &str) -> Record {
    Record::new().set("Last_Name", name).set("Company", "Acme")
}

#[tokio::test(start_paused = true)]
async fn notes_are_added_changed_listed_and_deleted() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    let id = create(&crm, "Leads", lead("Ngo")).await;
    let notes = crm.records("Leads").notes(&id);
    let added = notes.add("First", "some text").await.unwrap();
    let note = added[0].id().unwrap().clone();
    let changed = Record::new()
        .set("id", note.as_str())
        .set("Note_Content", "other text");
    assert!(notes.update([changed]).await.unwrap()[0].is_ok());
    let listed = notes.list().all().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].get_str("Note_Content"), Some("other text"));
    assert_eq!(
        notes.update([Record::new()]).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    assert!(notes.delete([note]).await.unwrap()[0].is_ok());
    assert!(notes.list().all().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn tags_are_put_on_replaced_and_taken_off() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    let leads = crm.records("Leads");
    let (one, two) = (
        create(&crm, "Leads", lead("A")).await,
        create(&crm, "Leads", lead("B")).await,
    );
    let tags = leads.tags();
    let names = async |id| {
        let lead = leads.get(id).await.unwrap().unwrap();
        let tags = lead.get("Tag").unwrap().as_array().unwrap().clone();
        tags.iter()
            .map(|tag| tag["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let outcomes = tags
        .add([one.as_str(), "999", two.as_str()], ["hot", "new"])
        .await
        .unwrap();
    assert_eq!(
        outcomes
            .iter()
            .map(zoho_client::Outcome::is_ok)
            .collect::<Vec<_>>(),
        [true, false, true]
    );
    assert_eq!(names(&one).await, ["hot", "new"]);
    tags.remove([&one], ["hot"]).await.unwrap();
    tags.replace([&two], ["cold"]).await.unwrap();
    assert_eq!(
        (names(&one).await, names(&two).await),
        (vec!["new".to_owned()], vec!["cold".to_owned()])
    );
    // All of them refused: still one outcome each.
    assert!(!tags.add(["998", "999"], ["hot"]).await.unwrap()[1].is_ok());
    let none: [&str; 0] = [];
    assert_eq!(
        tags.add([&one], none).await.unwrap_err().kind(),
        ErrorKind::Config
    );
}

#[tokio::test(start_paused = true)]
async fn related_records_are_tied_listed_and_untied() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    let campaign = create(&crm, "Campaigns", Record::new().set("Campaign_Name", "Spring")).await;
    let mut leads = Vec::new();
    for n in 0..3 {
        leads.push(create(&crm, "Leads", lead(&format!("L{n}"))).await);
    }
    let related = crm.records("Campaigns").related(&campaign, "Leads");
    let ties = leads.iter().map(|id| Record::new().set("id", id.as_str()));
    assert!(
        related
            .link(ties)
            .await
            .unwrap()
            .iter()
            .all(zoho_client::Outcome::is_ok)
    );
    assert_eq!(
        related
            .fields(["Last_Name"])
            .per_page(2)
            .all()
            .await
            .unwrap()
            .len(),
        3
    );
    related.delink([&leads[0]]).await.unwrap();
    assert_eq!(related.fields(["Last_Name"]).all().await.unwrap().len(), 2);
    assert_eq!(
        related.link([Record::new()]).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    let many = (0..51).map(|n| format!("F{n}"));
    assert_eq!(
        related.fields(many).send().await.unwrap_err().kind(),
        ErrorKind::Config
    );
}

#[tokio::test(start_paused = true)]
async fn a_lead_becomes_contact_account_and_deal_once() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    let leads = crm.records("Leads");
    let id = create(&crm, "Leads", lead("Ngo")).await;
    let deal = Record::new()
        .set("Deal_Name", "Roof")
        .set("Stage", "Qualification")
        .set("Closing_Date", "2026-12-31");
    let how = Conversion::new()
        .deal(deal)
        .notify_lead_owner(false)
        .overwrite(true);
    let became = leads.convert(&id, how.clone()).await.unwrap();
    let contact = crm
        .records("Contacts")
        .get(became.contact.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(contact.get_str("Last_Name"), Some("Ngo"));
    assert!(became.account.is_some() && became.deal.is_some() && became.job.is_none());
    let again = leads.convert(&id, how.clone()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Api, "{again}");
    assert_eq!(
        crm.records("Deals").convert(&id, how).await.unwrap_err().kind(),
        ErrorKind::Config
    );
}

#[tokio::test(start_paused = true)]
async fn records_are_held_against_the_metadata_before_anything_is_sent() {
    let (mock, zoho) = start();
    let crm = zoho.crm();
    let leads = crm.records("Leads");
    crm.fields("Leads").await.unwrap();
    let before = mock.journal().exchanges().len();
    for (record, named) in [
        (lead("A").set("Lastname", "x"), "`Lastname` is no field of Leads"),
        (
            lead("A").set("No_of_Employees", "many"),
            "`No_of_Employees` takes a whole number",
        ),
        (
            lead("A").set("Lead_Status", "Sleeping"),
            "`Lead_Status` has no value `Sleeping`",
        ),
        (Record::new().set("Company", "Acme"), "`Last_Name` is mandatory"),
    ] {
        let error = leads.create([record]).checked().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.operation(), Some("create_records"));
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(mock.journal().exchanges().len(), before);
    let made = leads
        .create([lead("A").set("No_of_Employees", 4)])
        .checked()
        .await
        .unwrap();
    let id = made[0].id().unwrap().to_string();
    let changed = leads
        .update([Record::new().set("id", id).set("No_of_Employees", 5)])
        .checked()
        .await
        .unwrap();
    assert!(changed[0].is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_code_field_place_and_type() {
    let (_mock, zoho) = start();
    let leads = zoho.crm().records("Leads");
    let outcomes = leads
        .create([lead("A"), lead("B").set("Email", "nobody")])
        .await
        .unwrap();
    let refused = outcomes[1].refusal().unwrap();
    assert_eq!(
        (
            refused.code.as_str(),
            refused.api_name.as_deref(),
            refused.json_path.as_deref()
        ),
        ("INVALID_DATA", Some("Email"), Some("$.data[1].Email"))
    );
    assert_eq!(refused.expected_data_type.as_deref(), Some("email"));
    let error = outcomes[1].clone().into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.json_path(), Some("$.data[1].Email"));
    assert_eq!(
        error.api().unwrap().details()["expected_data_type"],
        json!("email")
    );
}
