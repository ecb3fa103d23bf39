//! Books records over the catalogue.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::testing::{Script, refuse, say};
use crate::{ErrorKind, Method, OrganizationId, Record};

fn books(script: &Script) -> crate::books::Books {
    script.client().books(OrganizationId::new("10234695"))
}

#[tokio::test(start_paused = true)]
async fn records_are_wrapped_and_found_where_the_catalogue_says() {
    let script = Script::new(|seen, _| {
        assert_eq!(seen.query("organization_id"), Some("10234695"));
        let one =
            json!({"code": 0, "message": "success", "contact": {"contact_id": "7", "contact_name": "Ada"}});
        match (&seen.method, seen.path.as_str()) {
            (&Method::POST, "/books/v3/contacts") => say(201, one),
            (&Method::GET | &Method::PUT, "/books/v3/contacts/7") => say(200, one),
            (&Method::GET, "/books/v3/contacts/8") => {
                say(404, json!({"code": 1002, "message": "Contact does not exist."}))
            }
            (&Method::DELETE, "/books/v3/contacts/7")
            | (
                &Method::POST,
                "/books/v3/contacts/7/inactive"
                | "/books/v3/invoices/9/status/sent"
                | "/books/v3/contacts/contactpersons/5/primary",
            ) => say(200, json!({"code": 0, "message": "done"})),
            (&Method::GET, "/books/v3/contacts/7/contactpersons") => say(
                200,
                json!({"code": 0, "contact_persons": [{"contact_person_id": "5"}], "page_context": {"has_more_page": false}}),
            ),
            (&Method::GET, "/books/v3/contacts/7/contactpersons/5")
            | (&Method::PUT, "/books/v3/contacts/contactpersons/5")
            | (&Method::POST, "/books/v3/contacts/contactpersons") => say(
                200,
                json!({"code": 0, "contact_person": {"contact_person_id": "5"}}),
            ),
            (&Method::GET, "/books/v3/invoices/9/comments") => say(200, json!({"code": 0, "comments": ""})),
            (&Method::GET, "/books/v3/contacts/7/comments") => {
                say(200, json!({"code": 0, "contact_comments": [{"comment_id": "1"}]}))
            }
            _ => refuse(404, &format!("{} {}", seen.method, seen.path)),
        }
    });
    let books = books(&script);
    let contacts = books.records("contacts");
    let ada = contacts
        .create(Record::new().set("contact_name", "Ada"))
        .await
        .unwrap();
    let id = ada.get_id("contact_id").unwrap();
    assert_eq!(contacts.get(&id).await.unwrap().unwrap(), ada);
    assert!(contacts.get("8").await.unwrap().is_none());
    contacts
        .update(&id, Record::new().set("notes", "x"))
        .await
        .unwrap();
    contacts.status(&id, "inactive").await.unwrap();
    books.records("invoices").status("9", "sent").await.unwrap();
    let persons = books.records("Contact Persons").of("contacts", &id);
    assert_eq!(persons.all().await.unwrap().len(), 1);
    assert!(persons.get("5").await.unwrap().is_some());
    persons
        .create(Record::new().set("first_name", "Bo"))
        .await
        .unwrap();
    let created = script.calls().pop().unwrap();
    assert_eq!(created.path, "/books/v3/contacts/contactpersons");
    assert_eq!(created.json(), json!({"first_name": "Bo", "contact_id": "7"}));
    persons.status("5", "primary").await.unwrap();
    persons
        .update("5", Record::new().set("first_name", "Bo"))
        .await
        .unwrap();
    assert_eq!(
        script.calls().pop().unwrap().path,
        "/books/v3/contacts/contactpersons/5"
    );
    assert!(
        books
            .records("comments")
            .of("invoices", "9")
            .all()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        books
            .records("comments")
            .of("contacts", "7")
            .all()
            .await
            .unwrap()
            .len(),
        1
    );
    contacts.delete(&id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn search_fields_and_paging_go_into_the_query() {
    let script = Script::new(|_, _| {
        say(
            200,
            json!({"code": 0, "invoices": [], "page_context": {"has_more_page": false}}),
        )
    });
    let list = books(&script)
        .records("invoices")
        .search("status", "sent")
        .sort_ascending("last_modified_time");
    list.all().await.unwrap();
    let seen = script.calls().remove(0);
    for (name, value) in [
        ("status", "sent"),
        ("sort_column", "last_modified_time"),
        ("sort_order", "A"),
        ("page", "1"),
        ("per_page", "200"),
    ] {
        assert_eq!(seen.query(name), Some(value));
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_types_and_parents_are_refused_unsent() {
    let script = Script::new(|_, _| panic!("nothing may be sent"));
    let books = books(&script);
    for (records, hint) in [
        (books.records("nonsense"), "nonsense"),
        (books.records("comments"), "contacts"),
        (books.records("contacts").of("invoices", "1"), "invoices"),
        (books.records("comments").of("invoices", "../1"), "slash"),
    ] {
        let error = records.all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(hint), "{error}");
        assert!(records.get("1").await.is_err() && records.create(Value::Null).await.is_err());
    }
    assert!(script.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_full_page_that_says_nothing_of_more_is_an_error() {
    let script = Script::new(|seen, _| {
        let rows: usize = seen.query("per_page").unwrap().parse().unwrap();
        say(
            200,
            json!({"code": 0, "invoices": vec![json!({"invoice_id": "1"}); rows]}),
        )
    });
    let error = books(&script)
        .records("invoices")
        .list()
        .per_page(3)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.json_path(), Some("$.page_context.has_more_page"));
}

/// Pages of contacts, so many rows each; the page of a number is refused.
fn contacts(pages: Vec<usize>, refused: Option<usize>) -> Script {
    Script::new(move |seen, _| {
        let number: usize = seen.query("page").unwrap().parse().unwrap();
        if refused == Some(number) {
            return refuse(400, "15");
        }
        let before: usize = pages[..number - 1].iter().sum();
        let rows = before..before + pages[number - 1];
        let rows: Vec<Value> = rows.map(|id| json!({"contact_id": id.to_string()})).collect();
        let more = number < pages.len();
        say(
            200,
            json!({"code": 0, "contacts": rows, "page_context": {"has_more_page": more}}),
        )
    })
}

proptest! {
    /// However many pages are fetched ahead and however long a row takes: every row once, in order, an error where it
    /// belongs, each page asked for once, and no more than two pages beyond what is consumed.
    #[test]
    fn pages_of_books_fetched_ahead_give_the_same(
        pages in prop::collection::vec(0_usize..4, 1..8), refused in prop::option::of(1_usize..9), ahead in 0_usize..5, slow in 0_u64..60,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let script = contacts(pages.clone(), refused);
            let mut stream = books(&script).records("contacts").list().prefetch(ahead).pages();
            let (mut ids, mut taken) = (Vec::new(), 0);
            let error = loop {
                match stream.try_next().await {
                    Ok(Some(page)) => ids.extend(page.items().iter().map(|row| row.get_id("contact_id").unwrap().to_string())),
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
                taken += 1;
                tokio::time::sleep(std::time::Duration::from_millis(slow)).await;
                let asked = script.calls().len();
                assert!(asked <= taken + ahead + if ahead > 0 { 2 } else { 0 }, "{asked} asked for, {taken} taken, {ahead} ahead");
            };
            let good = refused.filter(|page| *page <= pages.len()).map_or(pages.len(), |page| page - 1);
            let rows: usize = pages[..good].iter().sum();
            assert_eq!(ids, (0..rows).map(|id| id.to_string()).collect::<Vec<_>>());
            assert_eq!(error.map(|error| error.kind()), (good < pages.len()).then_some(ErrorKind::Api));
            let numbers: Vec<String> = script.calls().iter().map(|call| call.query("page").unwrap().to_owned()).collect();
            let asked = pages.len().min(good + 1);
            assert_eq!(numbers, (1..=asked).map(|page| page.to_string()).collect::<Vec<_>>());
        });
    }
}
