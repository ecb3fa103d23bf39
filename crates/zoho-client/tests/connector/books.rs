//! Records of Books.

use serde_json::{Value, json};
use zoho_client::ErrorKind;

use crate::support::{Stage, World};

/// Makes a contact and gives its id.
async fn contact(world: &World, name: &str) -> String {
    let inputs = json!({"record_type": "contacts", "values": {"contact_name": name}});
    let made = world.run("books_create_record", inputs).await;
    made["contact_id"].as_str().unwrap().to_owned()
}

/// The inputs that name the contact persons of a contact.
fn persons(contact: &str, more: Value) -> Value {
    let mut inputs = json!({"record_type": "contact_persons", "parent_record_type": "contacts", "parent_record_id": contact});
    inputs
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    inputs
}

async fn person(world: &World, contact: &str) -> String {
    let made = world
        .run(
            "books_create_record",
            persons(contact, json!({"values": {"first_name": "Ada"}})),
        )
        .await;
    made["contact_person_id"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn books_create_record() {
    let world = World::new();
    let stage = Stage::new(&world, "books_create_record");
    let inputs = json!({
        "record_type": "Contacts", "values": {"contact_name": "Acme", "company_name": "x"},
        "dynamic_fields": [{"key": "company_name", "value": "Acme Ltd"}], "organization_id": world.mock.organization_id(),
    });
    let made = stage.attempt(inputs).await.unwrap();
    assert_eq!(
        (&made["contact_name"], &made["company_name"]),
        (&json!("Acme"), &json!("Acme Ltd")),
        "dynamic fields win"
    );
    let below = persons(
        made["contact_id"].as_str().unwrap(),
        json!({"values": {"first_name": "Ada"}}),
    );
    assert_eq!(stage.run(below).await["first_name"], "Ada");
    let before = world.requests();
    for (inputs, named) in [
        (
            json!({"record_type": "unicorns", "values": {"a": 1}}),
            "`unicorns` is no record type of Books",
        ),
        (
            json!({"record_type": "comments", "values": {"a": 1}}),
            "belong to one of",
        ),
        (
            json!({"record_type": "comments", "parent_record_type": "invoices", "values": {"a": 1}}),
            "go together",
        ),
        (json!({"record_type": "contacts"}), "`values`"),
    ] {
        let error = stage.attempt(inputs).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(world.requests(), before);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_get_record() {
    let world = World::new();
    let contact = contact(&world, "Acme").await;
    let stage = Stage::new(&world, "books_get_record");
    let organization = world.mock.organization_id();
    let inputs = json!({"record_type": "contacts", "record_id": contact, "organization_id": organization});
    assert_eq!(stage.run(inputs).await["contact_name"], "Acme");
    let person = person(&world, &contact).await;
    assert_eq!(
        stage.run(persons(&contact, json!({"record_id": person}))).await["first_name"],
        "Ada"
    );
    let none = json!({"record_type": "contacts", "record_id": "999999"});
    assert_eq!(stage.run(none).await, Value::Null);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_get_records() {
    let world = World::new();
    for n in 0..5 {
        contact(&world, &format!("Contact {n}")).await;
    }
    let last = contact(&world, "Zenith").await;
    person(&world, &last).await;
    let stage = Stage::new(&world, "books_get_records");
    let contacts = |more: Value| {
        let mut inputs = json!({"record_type": "contacts", "organization_id": world.mock.organization_id()});
        inputs
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        inputs
    };
    let count = |page: &Value| page["records"].as_array().unwrap().len();
    let first = stage.run(contacts(json!({"per_page": 4}))).await;
    assert_eq!((count(&first), &first["next_page"]), (4, &json!(2)));
    let second = stage.run(contacts(json!({"per_page": 4, "page": 2}))).await;
    assert_eq!((count(&second), &second["more_records"]), (2, &json!(false)));
    assert_eq!(
        count(
            &stage
                .run(contacts(json!({"per_page": 2, "fetch_all": true})))
                .await
        ),
        6
    );
    let found = stage
        .run(contacts(
            json!({"search_fields": {"contact_name_startswith": "Zen"}}),
        ))
        .await;
    assert_eq!(
        (count(&found), &found["records"][0]["contact_name"]),
        (1, &json!("Zenith"))
    );
    let persons = stage.run(persons(&last, json!({}))).await;
    assert_eq!(count(&persons), 1);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_update_record() {
    let world = World::new();
    let contact = contact(&world, "Acme").await;
    let person = person(&world, &contact).await;
    let stage = Stage::new(&world, "books_update_record");
    let inputs = json!({
        "record_type": "contacts", "record_id": contact, "values": {"website": "x", "notes": "some"},
        "dynamic_fields": {"website": "https://example.com"}, "organization_id": world.mock.organization_id(),
    });
    let kept = stage.run(inputs).await;
    assert_eq!(
        (&kept["website"], &kept["contact_name"]),
        (&json!("https://example.com"), &json!("Acme"))
    );
    let below = persons(
        &contact,
        json!({"record_id": person, "values": {"first_name": "Eva"}}),
    );
    assert_eq!(stage.run(below).await["first_name"], "Eva");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_remove_record() {
    let world = World::new();
    let contact = contact(&world, "Acme").await;
    let person = person(&world, &contact).await;
    let stage = Stage::new(&world, "books_remove_record");
    assert_eq!(
        stage.run(persons(&contact, json!({"record_id": person}))).await["status"],
        "success"
    );
    let organization = world.mock.organization_id();
    stage
        .run(json!({"record_type": "contacts", "record_id": contact, "organization_id": organization}))
        .await;
    let gone = json!({"record_type": "contacts", "record_id": contact});
    assert_eq!(world.run("books_get_record", gone.clone()).await, Value::Null);
    assert_eq!(
        stage.attempt(gone).await.unwrap_err().api().unwrap().code(),
        "1002"
    );
    stage.done();
}

/// The user's default organization is asked for once and no more.
#[tokio::test(start_paused = true)]
async fn the_default_organization_is_asked_for_once() {
    let world = World::new();
    for n in 0..3 {
        contact(&world, &format!("Contact {n}")).await;
    }
    let asked = world.mock.journal();
    let asked = asked
        .exchanges()
        .iter()
        .filter(|exchange| format!("{exchange:?}").contains("list_organizations"))
        .count();
    assert_eq!(asked, 1);
}
