//! `/files`: files that wait for a field to hold them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::refuse;
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::call::Call;
use crate::query;
use crate::world::{Handler, World};

/// How many files one call may bring.
const MOST: usize = 10;
/// The largest of them.
const SIZE: usize = 20 * 1024 * 1024;

/// The files by key, with their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(BTreeMap<String, (String, Bytes)>);

/// The handler of an operation on files.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "upload_files" => upload_files,
        "download_file" => download_file,
        _ => return None,
    })
}

fn upload_files(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let boundary = call.header("content-type").and_then(query::boundary);
    let mut parts = boundary.map_or_else(Vec::new, |boundary| query::multipart(call.body, boundary));
    parts.retain(|part| part.name == "file");
    if parts.is_empty() {
        return Err(refuse::bad(
            "INVALID_REQUEST",
            "unable to process your request. please verify whether you have entered proper method name, \
             parameter and parameter values.",
            json!({}),
        ));
    }
    if parts.len() > MOST {
        return Err(refuse::param_limit("file", MOST));
    }
    if parts.iter().any(|part| part.data.len() > SIZE) {
        return Err(Refusal::crm(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "FILE_SIZE_MORE_THAN_ALLOWED_SIZE",
            "Please check if the size of the file is in the correct range",
            json!({}),
        ));
    }
    let mut data: Vec<Value> = Vec::new();
    for part in parts {
        let name = part.file_name.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "file".to_owned());
        // Longer than an id and never digits only, as the keys of Zoho are.
        let key = format!("f{:063x}", crm.ids.next());
        data.push(json!({
            "code": "SUCCESS", "details": {"name": name, "id": key}, "status": "success",
            "message": "file uploaded successfully",
        }));
        crm.files.0.insert(key, (name, Bytes::copy_from_slice(part.data)));
    }
    Ok(Answer::json(StatusCode::OK, &json!({"data": data})))
}

fn download_file(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = call.query("id").filter(|id| !id.is_empty()).ok_or_else(|| {
        refuse::bad(
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            json!({"param_name": "id"}),
        )
    })?;
    let Some((name, bytes)) = world.crm.files.0.get(id) else {
        return Ok(Answer::no_content());
    };
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}"));
    Ok(Answer {
        status: StatusCode::OK,
        headers: disposition
            .into_iter()
            .map(|value| (header::CONTENT_DISPOSITION, value))
            .collect(),
        payload: Payload::Bytes("application/octet-stream", bytes.clone()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::crm::testkit::{Got, Kit};

    fn upload(kit: &mut Kit, files: &[Vec<u8>]) -> Got {
        let mut body = Vec::new();
        for (at, data) in files.iter().enumerate() {
            let head = format!(
                "--b0und\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{at}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(data);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b0und--\r\n");
        kit.ask("upload_files", [])
            .header("content-type", "multipart/form-data; boundary=b0und")
            .body(body)
            .go()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_file_comes_back_under_its_own_key(
            files in prop::collection::vec(prop::collection::vec(0..100_u8, 0..40), 1..11),
        ) {
            prop_assume!(!files.iter().any(|data| data.windows(7).any(|window| window == b"--b0und")));
            let mut kit = Kit::new();
            let got = upload(&mut kit, &files);
            prop_assert_eq!(got.status, 200);
            let items = got.body["data"].as_array().unwrap();
            prop_assert_eq!(items.len(), files.len());
            for (at, (item, data)) in items.iter().zip(&files).enumerate() {
                prop_assert_eq!(&item["details"]["name"], &at.to_string());
                let key = item["details"]["id"].as_str().unwrap();
                prop_assert!(key.bytes().any(|byte| !byte.is_ascii_digit()));
                let got = kit.ask("download_file", []).query("id", key).go();
                prop_assert_eq!(&got.bytes, data);
            }
        }
    }

    #[test]
    fn too_much_nothing_and_the_unknown_are_refused() {
        let mut kit = Kit::new();
        let many = vec![vec![1]; 11];
        assert_eq!(upload(&mut kit, &many).at("/code"), "LIMIT_EXCEEDED");
        assert_eq!(upload(&mut kit, &[]).at("/code"), "INVALID_REQUEST");
        let got = upload(&mut kit, &[vec![0; 20 * 1024 * 1024 + 1]]);
        assert_eq!(
            (got.status, got.at("/code").as_str()),
            (415, Some("FILE_SIZE_MORE_THAN_ALLOWED_SIZE"))
        );
        let got = kit.ask("download_file", []).go();
        assert_eq!(got.at("/details/param_name"), "id");
        assert_eq!(kit.ask("download_file", []).query("id", "f00").go().status, 204);
    }
}
