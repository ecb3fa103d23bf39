//! Tests of attachments.

use proptest::prelude::*;
use serde_json::json;

use crate::crm::testkit::{Got, Kit};

fn record(kit: &mut Kit) -> String {
    kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0)
}

fn upload(kit: &mut Kit, record: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Got {
    let mut body = Vec::new();
    for (name, file, data) in parts {
        body.extend_from_slice(
            format!("--b0und\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes(),
        );
        if let Some(file) = file {
            body.extend_from_slice(format!("; filename=\"{file}\"\r\nContent-Type: text/plain").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(data);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0und--\r\n");
    kit.ask("upload_attachment", ["Leads", record])
        .header("content-type", "multipart/form-data; boundary=b0und")
        .body(body)
        .go()
}

proptest! {
    #[test]
    fn a_file_comes_back_byte_for_byte(data in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assume!(!data.windows(9).any(|window| window == b"\r\n--b0und"));
        let mut kit = Kit::new();
        let lead = record(&mut kit);
        let got = upload(&mut kit, &lead, &[("file", Some("übung 1.txt"), &data)]);
        prop_assert_eq!(got.status, 200);
        let id = got.at("/data/0/details/id").as_str().unwrap();
        let down = kit.ask("download_attachment", ["Leads", &lead, id]).go();
        prop_assert_eq!(down.status, 200);
        prop_assert_eq!(down.bytes, data);
        prop_assert_eq!(&down.headers["content-disposition"], "attachment; filename*=UTF-8''%C3%BCbung%201%2Etxt");
    }
}

#[test]
fn files_and_links_are_listed_newest_first_and_deleted() {
    let mut kit = Kit::new();
    let lead = record(&mut kit);
    assert_eq!(kit.ask("list_attachments", ["Leads", &lead]).go().status, 204);
    let file = upload(&mut kit, &lead, &[("file", Some("a.txt"), b"hello")]);
    assert_eq!(file.at("/data/0/message"), "attachment uploaded successfully");
    assert!(file.at("/data/0/details/Created_By").get("email").is_none());
    let link = upload(
        &mut kit,
        &lead,
        &[
            ("attachmentUrl", None, b"https://example.com/x"),
            ("title", None, b"X"),
        ],
    );
    let got = kit
        .ask("list_attachments", ["Leads", &lead])
        .query("fields", "id,File_Name,Size")
        .go();
    let (file, link) = (file.at("/data/0/details/id"), link.at("/data/0/details/id"));
    assert_eq!(
        got.at("/data/1"),
        &json!({"File_Name": "a.txt", "Size": "5", "id": file})
    );
    let all = kit.ask("list_attachments", ["Leads", &lead]).go();
    assert_eq!(all.at("/data/0/id"), link);
    assert_eq!(all.at("/data/0/$type"), "Link URL");
    assert_eq!(all.at("/data/0/$link_url"), "https://example.com/x");
    assert_eq!(all.at("/data/1/$se_module"), "Leads");
    assert_eq!(all.at("/data/1/Parent_Id"), &json!({"name": "A", "id": lead}));
    assert_eq!(all.at("/info/more_records"), false);

    let (file, link) = (file.as_str().unwrap(), link.as_str().unwrap());
    assert_eq!(
        kit.ask("download_attachment", ["Leads", &lead, link]).go().status,
        204
    );
    let got = kit
        .ask("delete_attachments", ["Leads", &lead])
        .query("ids", format!("{link},5"))
        .go();
    assert_eq!(
        (got.status, got.at("/data/1/message")),
        (207, &json!("record not deleted"))
    );
    assert_eq!(
        kit.ask("delete_attachment", ["Leads", &lead, file]).go().status,
        200
    );
    assert_eq!(
        kit.ask("delete_attachment", ["Leads", &lead, file]).go().status,
        400
    );
    assert_eq!(kit.ask("list_attachments", ["Leads", &lead]).go().status, 204);
}

#[test]
fn an_attachment_belongs_to_its_record() {
    let mut kit = Kit::new();
    let (one, other) = (record(&mut kit), record(&mut kit));
    let got = upload(&mut kit, &one, &[("file", Some("a"), b"x")]);
    let id = got.at("/data/0/details/id").as_str().unwrap();
    assert_eq!(
        kit.ask("download_attachment", ["Leads", &other, id]).go().status,
        204
    );
    assert_eq!(
        kit.ask("delete_attachment", ["Leads", &other, id]).go().status,
        400
    );
    let nowhere = kit.ask("list_attachments", ["Leads", "12"]).go();
    assert_eq!(nowhere.at("/details/resource_path_index"), 1);
}

#[test]
fn what_cannot_be_attached_is_refused() {
    let mut kit = Kit::new();
    let lead = record(&mut kit);
    let none = upload(&mut kit, &lead, &[("other", None, b"x")]);
    assert_eq!(
        (none.status, none.at("/code")),
        (400, &json!("REQUIRED_PARAM_MISSING"))
    );
    let url = upload(&mut kit, &lead, &[("attachmentUrl", None, b"ftp://example.com")]);
    assert_eq!(url.at("/details/param_name"), "attachmentUrl");
    let long = "t".repeat(256);
    let parts: [(&str, Option<&str>, &[u8]); 2] = [
        ("attachmentUrl", None, b"https://example.com"),
        ("title", None, long.as_bytes()),
    ];
    assert_eq!(upload(&mut kit, &lead, &parts).at("/details/param_name"), "title");
    assert_eq!(
        kit.ask("upload_attachment", ["Leads", &lead])
            .body("junk")
            .go()
            .status,
        400
    );
}
