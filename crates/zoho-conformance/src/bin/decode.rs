//! `decode OPERATION_ID FILE`: reads a JSON response, decodes it with the generated type of that operation,
//! encodes it again, and prints one JSON line that says what was lost.
// What it found out is what a command prints.
#![allow(clippy::print_stdout)]

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use serde_json::json;
use zoho_conformance::decode;

const USAGE: &str = "usage: decode OPERATION_ID FILE | decode --list
An operation id is `crm.` or `books.` and the operation's name, such as `crm.list_records`.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--list"] => {
            let lines: String = decode::operations()
                .map(|(operation, row)| {
                    let (method, path) = (row.method.name(), &row.full_path);
                    format!(
                        "{}\n",
                        json!({"operation": operation, "method": method, "path": path})
                    )
                })
                .collect();
            // Whoever reads may stop early.
            let _ = io::stdout().write_all(lines.as_bytes());
            ExitCode::SUCCESS
        }
        [operation, file] => match fs::read(file) {
            Ok(body) => {
                let report = decode::decode(operation, &body);
                println!("{report}");
                match report.ok && report.lost.is_empty() {
                    true => ExitCode::SUCCESS,
                    false => ExitCode::FAILURE,
                }
            }
            Err(error) => {
                eprintln!("{file}: {error}");
                ExitCode::from(2)
            }
        },
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
