//! `/{module}/{id}/photo` and `/org/photo`: the picture of a record, and of the organization.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::schema::{Field, ModuleIndex};
use super::store::{Cell, Row};
use super::{CrmWorld, ids, path, refuse};
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::call::Call;
use crate::query;
use crate::world::{Handler, World};

/// The largest picture.
const SIZE: usize = 10 * 1024 * 1024;
/// Modules that have pictures although no field shows them.
const WITHOUT_FIELD: &[&str] = &["Products", "Vendors"];

/// The place of the organization's picture; no record has it as its id.
const ORGANIZATION: u64 = 0;

/// The pictures by record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Photos(BTreeMap<u64, (&'static str, Bytes)>);

/// The handler of an operation on pictures.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "get_record_photo" => get_record_photo,
        "upload_record_photo" => upload_record_photo,
        "delete_record_photo" => delete_record_photo,
        "get_organization_photo" => get_organization_photo,
        "upload_organization_photo" => upload_organization_photo,
        "delete_organization_photo" => delete_organization_photo,
        _ => return None,
    })
}

fn get_record_photo(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (_, id) = pictured(crm, call)?;
    let Some((media, bytes)) = crm.photos.0.get(&id) else {
        return Ok(Answer::no_content());
    };
    Ok(shown(media, bytes))
}

fn upload_record_photo(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (module, id) = pictured(crm, call)?;
    let picture = sent(call)?;
    crm.photos.0.insert(id, picture);
    crm.show_photo(module, id, true);
    Ok(bare("Photo uploaded successfully"))
}

fn delete_record_photo(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (module, id) = pictured(crm, call)?;
    if crm.photos.0.remove(&id).is_none() {
        return Err(refuse::bad(
            "INVALID_DATA",
            "the record has no photo",
            json!({"id": id.to_string()}),
        ));
    }
    crm.show_photo(module, id, false);
    Ok(bare("Photo deleted"))
}

/// The picture that was sent: its media type and its bytes.
fn sent(call: &Call<'_>) -> Result<(&'static str, Bytes), Refusal> {
    let boundary = call.header("content-type").and_then(query::boundary);
    let parts = boundary.map_or_else(Vec::new, |boundary| query::multipart(call.body, boundary));
    let Some(part) = parts.iter().find(|part| part.name == "file") else {
        return Err(refuse::bad(
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            json!({"param_name": "file"}),
        ));
    };
    if part.data.len() > SIZE {
        return Err(Refusal::crm(
            StatusCode::PAYLOAD_TOO_LARGE,
            "FILE_SIZE_EXCEEDS",
            "the size of the photo is more than allowed",
            json!({"size": SIZE}),
        ));
    }
    let media = media_type(part.data).ok_or_else(|| {
        Refusal::crm(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "INVALID_DATA",
            "invalid file type",
            json!({}),
        )
    })?;
    Ok((media, Bytes::copy_from_slice(part.data)))
}

fn get_organization_photo(world: &mut World, _: &Call<'_>) -> Outcome {
    Ok(match world.crm.photos.0.get(&ORGANIZATION) {
        Some((media, bytes)) => shown(media, bytes),
        None => Answer::no_content(),
    })
}

fn upload_organization_photo(world: &mut World, call: &Call<'_>) -> Outcome {
    let picture = sent(call)?;
    world.crm.photos.0.insert(ORGANIZATION, picture);
    Ok(bare("Photo uploaded successfully"))
}

fn delete_organization_photo(world: &mut World, _: &Call<'_>) -> Outcome {
    match world.crm.photos.0.remove(&ORGANIZATION) {
        Some(_) => Ok(bare("Photo deleted")),
        None => Err(refuse::bad(
            "INVALID_DATA",
            "the organization has no photo",
            json!({}),
        )),
    }
}

fn shown(media: &'static str, bytes: &Bytes) -> Answer {
    Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Bytes(media, bytes.clone()),
    }
}

/// Pictures are answered for without an envelope.
fn bare(message: &str) -> Answer {
    let body = json!({"code": "SUCCESS", "details": {}, "message": message, "status": "success"});
    Answer::json(StatusCode::OK, &body)
}

/// The record that the path names, if its module has pictures.
fn pictured(crm: &CrmWorld, call: &Call<'_>) -> Result<(ModuleIndex, u64), Refusal> {
    let module = crm.module_of(call)?;
    let has_pictures = crm.schema.module(module).is_some_and(|module| {
        module.field("Record_Image").is_some() || WITHOUT_FIELD.contains(&module.api_name)
    });
    if !has_pictures {
        return Err(refuse::invalid_module());
    }
    let id = ids::parse(path(call, 1)).filter(|id| crm.has(module, *id));
    let id = id.ok_or_else(|| {
        refuse::bad(
            "INVALID_DATA",
            "the id given seems to be invalid",
            json!({"resource_path_index": 1}),
        )
    })?;
    Ok((module, id))
}

/// What a picture is, by its first bytes.
fn media_type(data: &[u8]) -> Option<&'static str> {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
    ];
    let known = KNOWN.iter().find(|(magic, _)| data.starts_with(magic));
    known.map(|(_, media)| *media)
}

impl CrmWorld {
    /// Lets the record say that it has a picture, or that it has none; its times stay as they are.
    fn show_photo(&mut self, module: ModuleIndex, id: u64, there: bool) {
        let field = self
            .schema
            .module(module)
            .and_then(|module| module.field("Record_Image"));
        let Some(column) = field.and_then(Field::column) else {
            return;
        };
        let cell = if there {
            Cell::text(format!("{:064x}", self.ids.next()))
        } else {
            Cell::Null
        };
        if let Some(table) = self.tables.get_mut(module)
            && let Some(row) = table.take(id)
        {
            let cells = row.cells.with([(column, cell)]);
            table.put(Row { cells, ..row });
        }
    }

    /// Forgets the picture of a record that is gone for good.
    pub(super) fn drop_photo(&mut self, id: u64) {
        self.photos.0.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::crm::testkit::{Got, Kit};

    fn upload(kit: &mut Kit, module: &str, id: &str, name: &str, data: &[u8]) -> Got {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n");
        let body = [head.as_bytes(), data, b"\r\n--b--\r\n"].concat();
        kit.ask("upload_record_photo", [module, id])
            .header("content-type", "multipart/form-data; boundary=b")
            .body(body)
            .go()
    }

    #[test]
    fn a_photo_comes_back_until_it_is_deleted() {
        let mut kit = Kit::new();
        let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
        let image = |kit: &mut Kit| {
            kit.ask("get_record", ["Leads", &id]).go().body["data"][0]["Record_Image"].clone()
        };
        assert_eq!(kit.ask("get_record_photo", ["Leads", &id]).go().status, 204);
        let data = b"\x89PNG\r\n\x1a\n\x00\xffdata";
        let got = upload(&mut kit, "Leads", &id, "file", data);
        let expected = json!({
            "code": "SUCCESS", "details": {}, "message": "Photo uploaded successfully", "status": "success",
        });
        assert_eq!((got.status, &got.body), (200, &expected));
        assert_eq!(kit.ask("get_record_photo", ["Leads", &id]).go().bytes, data);
        assert!(image(&mut kit).is_string());
        assert_eq!(
            kit.ask("delete_record_photo", ["Leads", &id]).go().at("/status"),
            "success"
        );
        assert_eq!(image(&mut kit), Value::Null);
        assert_eq!(kit.ask("get_record_photo", ["Leads", &id]).go().status, 204);
        assert_eq!(kit.ask("delete_record_photo", ["Leads", &id]).go().status, 400);
    }

    #[test]
    fn the_organization_has_a_photo_of_its_own() {
        let mut kit = Kit::new();
        assert_eq!(kit.ask("get_organization_photo", []).go().status, 204);
        let body =
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nGIF8\r\n--b--\r\n";
        let sent = kit.ask("upload_organization_photo", []);
        let sent = sent.header("content-type", "multipart/form-data; boundary=b");
        assert_eq!(sent.body(body.to_vec()).go().status, 200);
        assert_eq!(kit.ask("get_organization_photo", []).go().bytes, b"GIF8");
        assert_eq!(kit.ask("delete_organization_photo", []).go().status, 200);
        assert_eq!(kit.ask("delete_organization_photo", []).go().status, 400);
        assert_eq!(kit.ask("get_organization_photo", []).go().status, 204);
    }

    #[test]
    fn what_is_no_photo_is_refused() {
        let mut kit = Kit::new();
        let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
        let huge = [b"GIF8".as_slice(), &vec![0; 10 * 1024 * 1024]].concat();
        for (module, id, name, data, status, code) in [
            (
                "Leads",
                id.as_str(),
                "file",
                b"text".as_slice(),
                415,
                "INVALID_DATA",
            ),
            ("Leads", id.as_str(), "file", &huge, 413, "FILE_SIZE_EXCEEDS"),
            (
                "Leads",
                id.as_str(),
                "other",
                b"GIF8",
                400,
                "REQUIRED_PARAM_MISSING",
            ),
            ("Leads", "4", "file", b"GIF8", 400, "INVALID_DATA"),
            ("Notes", id.as_str(), "file", b"GIF8", 400, "INVALID_MODULE"),
        ] {
            let got = upload(&mut kit, module, id, name, data);
            assert_eq!((got.status, got.at("/code")), (status, &json!(code)));
        }
    }
}
