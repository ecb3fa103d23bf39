//! What the compiled output of the cases does: what it sends, and what it makes of an answer.

use futures_util::FutureExt;
use serde_json::json;

use crate::pipeline::typed::Core;
use crate::wire::{Date, Decimal, Lenient, ZohoId};
use crate::{answers, batch, bodies, ledger};

fn core(status: u16, answer: &'static str) -> Core {
    Core {
        status,
        answer,
        ..Core::default()
    }
}

/// Runs a call: nothing here waits.
fn run<T>(call: impl Future<Output = crate::Result<T>>) -> crate::Result<T> {
    call.now_or_never().expect("the stand-in answers at once")
}

/// Method, address and body of the only request.
fn sent(core: &Core) -> (String, String, String) {
    let sent = core.sent.lock().unwrap();
    let [(_, request)] = sent.as_slice() else {
        panic!("{} requests", sent.len())
    };
    let url = request.url().as_str().replace("http://zoho.invalid", "");
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    (
        request.method().to_string(),
        url,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

fn header(core: &Core, name: &str) -> Option<String> {
    let sent = core.sent.lock().unwrap();
    sent[0]
        .1
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
}

mod lists {
    use super::answers::client::generated::crm::Api;
    use super::answers::client::generated::crm::records::ListRecords;
    use super::*;

    #[test]
    fn parameters_go_where_they_belong_and_absent_ones_nowhere() {
        let core = core(
            200,
            r#"{"data":[{"id":"1"}],"count":"","more":true,"surprise":1}"#,
        );
        let parameters = ListRecords {
            fields: "id,Last_Name".into(),
            page: Some(2),
            sort_order: Some(ListRecords::SORT_ORDER_DESC.into()),
            r#type: Some("own".into()),
            if_modified_since: Some("2026-01-01T00:00:00+05:30".into()),
            ..ListRecords::default()
        };
        let reply = run(Api::new(&core).records().list_records("Lea ds", &parameters)).unwrap();

        let (method, url, body) = sent(&core);
        assert_eq!(method, "GET");
        assert_eq!(
            url,
            "/Lea%20ds?fields=id%2CLast_Name&page=2&sort_order=desc&type=own"
        );
        assert_eq!(body, "");
        assert_eq!(
            header(&core, "if-modified-since").as_deref(),
            Some("2026-01-01T00:00:00+05:30")
        );
        assert_eq!(header(&core, "api-version"), None);

        let page = reply.body.unwrap();
        assert_eq!(page.count, Lenient::Raw(json!("")));
        let again = serde_json::to_value(&page).unwrap();
        assert_eq!(
            again,
            json!({"data": [{"id": "1"}], "count": "", "more": true, "surprise": 1})
        );
    }

    #[test]
    fn no_content_and_not_modified_are_none() {
        for status in [204, 304] {
            let core = core(status, "");
            let reply = run(Api::new(&core)
                .records()
                .list_records("Leads", &ListRecords::default()))
            .unwrap();
            assert_eq!((reply.status, reply.body.is_none()), (status, true));
        }
    }

    #[test]
    fn a_line_break_in_a_header_and_a_climbing_path_are_refused_before_anything_is_sent() {
        let core = core(200, "{}");
        let odd = ListRecords {
            if_modified_since: Some("a\nb".into()),
            ..ListRecords::default()
        };
        assert!(run(Api::new(&core).records().list_records("Leads", &odd)).is_err());
        assert!(
            run(Api::new(&core)
                .records()
                .list_records("..", &ListRecords::default()))
            .is_err()
        );
        assert!(core.sent.lock().unwrap().is_empty());
    }

    #[test]
    fn an_answer_without_a_body_is_nothing() {
        let core = core(204, "");
        let id = ZohoId("7".into());
        let reply = run(Api::new(&core).records().touch_record("Leads", &id)).unwrap();
        assert_eq!((reply.status, reply.body), (204, ()));
        assert_eq!(sent(&core).1, "/Leads/7/actions/touch");
    }
}

mod files {
    use super::bodies::client::generated::crm::Api;
    use super::bodies::client::generated::crm::files::UploadFile;
    use super::*;

    #[test]
    fn a_multipart_body_goes_out_under_its_own_content_type() {
        let core = core(200, r#"{"id":"9","stored_at":""}"#);
        let files = Api::new(&core).files();
        let parameters = UploadFile { inline: Some(true) };
        let reply = run(files.upload_file(
            crate::Multipart("multipart/form-data; boundary=x", "--x--"),
            &parameters,
        ))
        .unwrap();
        assert_eq!(
            sent(&core),
            ("POST".into(), "/files?inline=true".into(), "--x--".into())
        );
        assert_eq!(
            header(&core, "content-type").as_deref(),
            Some("multipart/form-data; boundary=x")
        );
        assert_eq!(reply.body.id, Lenient::Value(ZohoId("9".into())));
    }

    #[test]
    fn a_download_is_bytes_or_none() {
        let id = ZohoId("9".into());
        let reply = run(Api::new(&core(200, "\u{1}raw")).files().download_file(&id)).unwrap();
        assert_eq!(reply.body.as_deref(), Some("\u{1}raw".as_bytes()));
        let reply = run(Api::new(&core(204, "")).files().download_file(&id)).unwrap();
        assert_eq!(reply.body, None);
    }
}

mod batches {
    use super::batch::client::generated::crm::Api;
    use super::batch::client::generated::crm::records::WriteRequest;
    use super::batch::client::generated::crm::users::{InviteRequest, InviteUser};
    use super::*;

    #[test]
    fn one_odd_item_costs_no_other() {
        let answer = r#"{"data":[{"code":"SUCCESS","details":{"id":"1","owner":{"id":"2","manager":{"id":"3"}}}},
            {"code":"NEW_CODE","details":""},{"code":null,"details":null}]}"#;
        let core = core(207, answer);
        let body = WriteRequest {
            data: vec![crate::record::Record::default()],
            ..WriteRequest::default()
        };
        let reply = run(Api::new(&core).records().create_records("Leads", &body)).unwrap();
        assert_eq!(reply.status, 207);
        assert_eq!(sent(&core).2, r#"{"data":[{}]}"#);
        assert_eq!(
            serde_json::to_value(&reply.body).unwrap(),
            serde_json::from_str::<serde_json::Value>(answer).unwrap()
        );
        let Lenient::Value(outcomes) = &reply.body.data else {
            panic!("no outcomes")
        };
        assert!(matches!(outcomes[1].details, Lenient::Raw(_)));
    }

    #[test]
    fn a_body_goes_before_parameters() {
        let core = core(200, r#"{"users":[]}"#);
        let body = InviteRequest {
            email: "a@b.c".into(),
            role: InviteRequest::ROLE_ADMIN.into(),
            scores: Some(vec![1]),
        };
        let parameters = InviteUser { silent: Some(false) };
        run(Api::new(&core).users().invite_user(&body, &parameters)).unwrap();
        let expected = r#"{"email":"a@b.c","role":"admin","scores":[1]}"#;
        assert_eq!(
            sent(&core),
            ("POST".into(), "/users?silent=false".into(), expected.into())
        );
    }
}

mod books {
    use super::ledger::client::generated::books::Api;
    use super::ledger::client::generated::books::catalogue::RECORD_TYPES;
    use super::ledger::client::generated::books::contacts::{ContactRequest, ListContacts};
    use super::*;

    #[test]
    fn empty_text_stands_for_anything() {
        let answer = r#"{"contacts":[{"contact_id":"","credit_limit":"","created_time":"","last_paid":"","tags":""},
            {"contact_id":"5","credit_limit":10.10}],"page_context":{"page":1,"has_more_page":false}}"#;
        let core = core(200, answer);
        let parameters = ListContacts {
            date: Some(Date("2026-01-31".into())),
            ..ListContacts::default()
        };
        let reply = run(Api::new(&core).contacts().list_contacts(&parameters)).unwrap();
        assert_eq!(sent(&core).1, "/contacts?date=2026-01-31");
        assert_eq!(
            serde_json::to_value(&reply.body).unwrap(),
            serde_json::from_str::<serde_json::Value>(answer).unwrap()
        );
    }

    #[test]
    fn a_request_is_strict_and_sends_only_what_is_set() {
        let core = core(200, "{}");
        let body = ContactRequest {
            credit_limit: Some(Decimal(250.into())),
            ..ContactRequest::default()
        };
        run(Api::new(&core)
            .contacts()
            .update_contact(&ZohoId("5".into()), &body))
        .unwrap();
        assert_eq!(
            sent(&core),
            (
                "PUT".into(),
                "/contacts/5".into(),
                r#"{"credit_limit":250}"#.into()
            )
        );
    }

    #[test]
    fn the_catalogue_has_the_record_type() {
        let [contacts] = RECORD_TYPES else {
            panic!("{RECORD_TYPES:?}")
        };
        assert_eq!(
            (contacts.name, contacts.wrapper, contacts.path),
            ("contacts", "contact", "/contacts")
        );
    }
}

#[test]
fn tables_are_sorted_so_that_a_lookup_may_bisect() {
    let operations = batch::client::generated::crm::operations::ALL;
    assert!(operations.is_sorted_by_key(|operation| operation.id));
    let routes = batch::mock::generated::crm::ROUTES;
    assert!(routes.is_sorted_by_key(|route| route.id));
    assert_eq!(operations.len(), routes.len());
    let schemas = batch::mock::generated::crm::SCHEMAS;
    assert!(schemas.is_sorted_by_key(|(name, _)| *name));
    for (name, text) in schemas {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{name}");
    }
}
