//! Tests of notes.

use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn lead(kit: &mut Kit) -> String {
    kit.create("Leads", &json!([{"Last_Name": "Ngo"}])).remove(0)
}

fn add(kit: &mut Kit, lead: &str, text: &str) -> String {
    let got = kit
        .ask("create_record_notes", ["Leads", lead])
        .json(&json!({"data": [{"Note_Content": text}]}))
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
    got.at("/data/0/details/id").as_str().unwrap().to_owned()
}

fn list(kit: &mut Kit, lead: &str) -> Got {
    kit.ask("list_record_notes", ["Leads", lead])
        .query("fields", "Note_Title,Note_Content,Parent_Id")
        .go()
}

#[test]
fn a_note_of_a_record_is_a_record_of_the_notes() {
    let mut kit = Kit::new();
    let lead = lead(&mut kit);
    let note = add(&mut kit, &lead, "hello");
    let module = json!({"api_name": "Leads", "id": kit.world.crm.ids.module(0).to_string()});
    let expected = json!({
        "Note_Title": null, "Note_Content": "hello", "id": note,
        "Parent_Id": {"module": module, "name": "Ngo", "id": lead},
    });
    assert_eq!(list(&mut kit, &lead).at("/data/0"), &expected);
    let got = kit
        .ask("list_notes", [])
        .query("fields", "Note_Title,Note_Content,Parent_Id")
        .go();
    assert_eq!(got.at("/data/0"), &expected);
    let got = kit.ask("get_note", [note.as_str()]).go();
    assert_eq!(got.at("/data/0/$se_module"), "Leads");
    let got = kit.ask("list_notes", []).go();
    assert_eq!(got.at("/code"), "REQUIRED_PARAM_MISSING");
}

#[test]
fn notes_are_changed_and_deleted_by_themselves_and_through_their_record() {
    let mut kit = Kit::new();
    let (one, other) = (lead(&mut kit), lead(&mut kit));
    let notes: Vec<String> = (0..4)
        .map(|number| add(&mut kit, &one, &number.to_string()))
        .collect();
    let body = |id: &str, text: &str| json!({"data": [{"id": id, "Note_Content": text}]});
    let text = |kit: &mut Kit, id: &str| -> Value {
        kit.ask("get_note", [id]).go().at("/data/0/Note_Content").clone()
    };
    let got = kit.ask("update_notes", []).json(&body(&notes[0], "a")).go();
    assert_eq!(got.status, 200, "{}", got.body);
    let got = kit
        .ask("update_note", [notes[1].as_str()])
        .json(&body("1", "b"))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    let got = kit
        .ask("update_record_notes", ["Leads", &one])
        .json(&body(&notes[2], "c"))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    let got = kit
        .ask("update_record_note", ["Leads", &one, &notes[3]])
        .json(&body("1", "d"))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    for (note, expected) in notes.iter().zip(["a", "b", "c", "d"]) {
        assert_eq!(text(&mut kit, note), expected);
    }

    let got = kit
        .ask("update_record_notes", ["Leads", &other])
        .json(&body(&notes[2], "e"))
        .go();
    assert_eq!(got.at("/data/0/details/json_path"), "$.data[0].id");
    let got = kit.ask("delete_record_note", ["Leads", &other, &notes[2]]).go();
    assert_eq!(
        (got.status, got.at("/data/0/message")),
        (400, &json!("record not deleted"))
    );
    assert_eq!(
        kit.ask("get_record_note", ["Leads", &other, &notes[2]])
            .go()
            .status,
        204
    );
    assert_eq!(
        kit.ask("get_record_note", ["Leads", &one, &notes[2]]).go().status,
        200
    );

    assert_eq!(kit.ask("delete_note", [notes[0].as_str()]).go().status, 200);
    assert_eq!(
        kit.ask("delete_notes", []).query("ids", &notes[1]).go().status,
        200
    );
    assert_eq!(
        kit.ask("delete_record_note", ["Leads", &one, &notes[2]])
            .go()
            .status,
        200
    );
    let got = kit
        .ask("delete_record_notes", ["Leads", &one])
        .query("ids", format!("{},9", notes[3]))
        .go();
    assert_eq!(got.status, 207);
    assert_eq!(list(&mut kit, &one).status, 204);
}

#[test]
fn a_note_needs_content_and_a_parent_of_the_module_it_names() {
    let mut kit = Kit::new();
    let lead = lead(&mut kit);
    for (note, code, field) in [
        (json!({"Note_Content": "n"}), "MANDATORY_NOT_FOUND", "Parent_Id"),
        (
            json!({"Parent_Id": {"id": lead}}),
            "MANDATORY_NOT_FOUND",
            "Note_Content",
        ),
        (
            json!({"Note_Content": "n", "Parent_Id": {"id": lead, "module": {"api_name": "Deals"}}}),
            "INVALID_DATA",
            "Parent_Id",
        ),
    ] {
        let got = kit.ask("create_notes", []).json(&json!({"data": [note]})).go();
        assert_eq!(
            (got.status, got.at("/data/0/code")),
            (400, &json!(code)),
            "{}",
            got.body
        );
        assert_eq!(got.at("/data/0/details/api_name"), field);
    }
    let old = json!({"data": [{"Note_Content": "n", "Parent_Id": lead, "se_module": "Leads"}]});
    assert_eq!(kit.ask("create_notes", []).json(&old).go().status, 201);
    let got = kit.ask("create_record_notes", ["Leads", "8"]).json(&old).go();
    assert_eq!(got.at("/details/resource_path_index"), 1);
}
