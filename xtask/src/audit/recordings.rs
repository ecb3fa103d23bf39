//! Recorded exchanges against our descriptions: addresses, parameters, statuses and the shapes of answers.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value};
use zoho_mock::recording::{self, RecordedBody, Recording};
use zoho_spec::{Operation, ParameterLocation, Product, Reply, Spec};

use crate::report::Report;

/// Differences, each with how often it was seen.
#[derive(Debug, Default)]
struct Findings(BTreeMap<(String, String), usize>);

impl Findings {
    fn add(&mut self, operation: &str, what: String) {
        *self.0.entry((operation.to_owned(), what)).or_default() += 1;
    }
}

/// Compares the recordings of a folder with the descriptions.
pub(crate) fn run(folder: &Path) -> Result<Report, Box<dyn Error>> {
    let recordings = recording::read(folder)?;
    let specs = [Spec::load(Product::Crm)?, Spec::load(Product::Books)?];
    let mut findings = Findings::default();
    let mut compared = 0;
    for recording in &recordings {
        let spec = specs
            .iter()
            .find(|spec| spec.product().name() == recording.product);
        // The accounts server has no description.
        let Some(spec) = spec else { continue };
        compared += 1;
        match spec.operation(&recording.operation) {
            Some(operation) => compare(spec, operation, recording, &mut findings),
            None => findings.add(
                &format!("{}.unknown", recording.product),
                format!(
                    "{} {} is not described; Zoho answered {}",
                    recording.method, recording.path, recording.status
                ),
            ),
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    for ((operation, what), times) in &findings.0 {
        let _ = writeln!(text, "{operation}: {what} ({times}x)");
    }
    let _ = writeln!(
        text,
        "{} differences in {compared} exchanges; {} of the accounts server were passed over",
        findings.0.len(),
        recordings.len() - compared
    );
    Ok(Report {
        text,
        stale: !findings.0.is_empty(),
    })
}

fn compare(spec: &Spec, operation: &Operation, recording: &Recording, findings: &mut Findings) {
    let name = format!("{}.{}", recording.product, operation.id);
    for pair in recording.query.split('&').filter(|pair| !pair.is_empty()) {
        let parameter = pair.split('=').next().unwrap_or_default();
        let known = operation
            .parameters
            .iter()
            .any(|known| known.location == ParameterLocation::Query && known.name == parameter)
            || (operation.organization && parameter == "organization_id");
        if !known {
            findings.add(&name, format!("the query parameter {parameter} is not described"));
        }
    }
    let success = (200..400).contains(&recording.status);
    if success && !operation.success.contains(&recording.status) {
        findings.add(&name, format!("the status {} is not described", recording.status));
    }
    match (&operation.reply, &recording.response.body) {
        (Reply::Json { schema }, RecordedBody::Json(body)) if success => {
            let reference = format!("#/components/schemas/{schema}");
            let schema = Value::Object(Map::from_iter([("$ref".to_owned(), Value::String(reference))]));
            let mut shape = Shape {
                spec,
                name: &name,
                findings,
            };
            shape.compare(&schema, body, "$");
        }
        (Reply::Json { .. }, RecordedBody::Text(_) | RecordedBody::Omitted(_)) if success => {
            findings.add(&name, "the answer is not JSON".to_owned());
        }
        _ => {}
    }
}

/// One answer against its schema.
struct Shape<'a> {
    spec: &'a Spec,
    name: &'a str,
    findings: &'a mut Findings,
}

impl Shape<'_> {
    fn compare(&mut self, schema: &Value, value: &Value, at: &str) {
        let mut schema = schema;
        while let Some(name) = reference(schema) {
            let Some(found) = self.spec.schema(name) else {
                return;
            };
            schema = found;
        }
        let wanted = schema["type"].as_str().unwrap_or_default();
        match value {
            Value::Object(members) if wanted == "object" => self.members(schema, members, at),
            Value::Array(items) if wanted == "array" => {
                for item in items {
                    self.compare(&schema["items"], item, &format!("{at}[]"));
                }
            }
            value if wanted.is_empty() || fits(wanted, value) => {}
            // Zoho writes nothing as "" or null, whatever would be there.
            Value::String(text) if text.is_empty() && wanted != "boolean" => {}
            value => {
                let found = kind(value);
                self.findings.add(
                    self.name,
                    format!("{at} is described as {wanted}, and {found} came"),
                );
            }
        }
    }

    fn members(&mut self, schema: &Value, members: &Map<String, Value>, at: &str) {
        let known = schema["properties"].as_object();
        for (name, value) in members {
            let property = known.and_then(|known| known.get(name));
            match (property, known) {
                (Some(property), _) => self.compare(property, value, &format!("{at}.{name}")),
                (None, Some(known)) if !known.is_empty() => {
                    self.findings.add(
                        self.name,
                        format!("{at}.{name} is not described: {} came", kind(value)),
                    );
                }
                // The fields of records are the organization's own.
                _ => {}
            }
        }
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema
        .get("$ref")?
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn fits(wanted: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(_) => wanted == "string",
        Value::Bool(_) => wanted == "boolean",
        Value::Number(number) => wanted == "number" || (wanted == "integer" && !number.is_f64()),
        Value::Array(_) => wanted == "array",
        Value::Object(_) => wanted == "object",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use zoho_mock::recording::Recorder;

    fn audited(exchanges: &[(&str, &str, u16, Value)]) -> Report {
        let folder = tempfile::TempDir::new().unwrap();
        let recorder = Recorder::open(folder.path()).unwrap();
        for (method, target, status, answer) in exchanges {
            let request = http::Request::builder().method(*method).uri(*target).body(());
            let (request, ()) = request.unwrap().into_parts();
            let status = http::StatusCode::from_u16(*status).unwrap();
            let answer = answer.to_string();
            recorder
                .store(&request, b"", status, &http::HeaderMap::new(), answer.as_bytes())
                .unwrap();
        }
        run(folder.path()).unwrap()
    }

    #[test]
    fn what_is_described_is_no_difference() {
        let page = json!({"data": [{"id": "1", "Own_Field": 7}], "info": {"page": 1, "sort_by": null}});
        let refused = json!({"code": "INVALID_MODULE", "own": 1});
        let report = audited(&[
            ("GET", "/crm/v8/Leads?fields=Last_Name&page=1", 200, page),
            ("GET", "/crm/v8/Nope?fields=id", 400, refused),
            (
                "POST",
                "/oauth/v2/token",
                200,
                json!({"access_token": "x", "own": 1}),
            ),
        ]);
        assert!(!report.stale, "{}", report.text);
        assert_eq!(
            report.text,
            "0 differences in 2 exchanges; 1 of the accounts server were passed over\n"
        );
    }

    #[test]
    fn each_difference_is_said_once_with_where_it_is() {
        let page = json!({"data": [{"id": "1"}], "info": {"page": "one", "mood": "good"}});
        let report = audited(&[
            ("GET", "/crm/v8/Leads?fields=id&colour=red", 200, page.clone()),
            ("GET", "/crm/v8/Leads?fields=id&colour=red", 202, page),
            (
                "GET",
                "/books/v3/nowhere?organization_id=1",
                404,
                json!({"code": 5}),
            ),
        ]);
        assert!(report.stale);
        let lines: Vec<&str> = report.text.lines().collect();
        assert_eq!(
            lines,
            [
                "books.unknown: GET /books/v3/nowhere is not described; Zoho answered 404 (1x)",
                "crm.list_records: $.info.mood is not described: a string came (2x)",
                "crm.list_records: $.info.page is described as integer, and a string came (2x)",
                "crm.list_records: the query parameter colour is not described (2x)",
                "crm.list_records: the status 202 is not described (1x)",
                "5 differences in 3 exchanges; 0 of the accounts server were passed over",
            ]
        );
    }

    #[test]
    fn a_folder_without_recordings_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let error = run(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("holds no recordings"), "{error}");
    }
}
