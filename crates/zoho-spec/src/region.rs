//! Zoho's regions: data centres with hosts of their own.

use std::collections::BTreeMap;

use crate::product::regions_file;
use crate::tree::{self, Node};
use crate::violation::{Origin, Report, Violations, rules};

rules! {
    FORM = "region-form": "a region has code, name, accounts, api, sandbox, developer, upload and evidence, each a string; hosts without scheme or path";
    UNIQUE = "region-unique": "a code and a host belong to one region";
}

const HOSTS: [&str; 5] = ["accounts", "api", "sandbox", "developer", "upload"];

/// A Zoho data centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Code as Zoho uses it in `location`: `us`, `eu`, ...
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Host of the accounts server, which signs in and issues tokens.
    pub accounts: String,
    /// Host of the APIs.
    pub api: String,
    /// Host of CRM's sandbox environment.
    pub sandbox: String,
    /// Host of CRM's developer environment.
    pub developer: String,
    /// Host that takes large uploads.
    pub upload: String,
    /// What the row rests on, in a sentence.
    pub evidence: String,
}

/// The shipped region table, in its own order.
///
/// # Errors
///
/// Everything in the file that breaks a rule of the table.
///
/// ```
/// let regions = zoho_spec::regions()?;
/// let canada = regions.iter().find(|region| region.code == "ca").ok_or("no Canada")?;
/// assert_eq!(canada.accounts, "accounts.zohocloud.ca");
/// assert_eq!(canada.api, "www.zohoapis.ca");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regions() -> Result<Vec<Region>, Violations> {
    let file = regions_file();
    let text = std::fs::read_to_string(&file);
    let mut report = Report::new(vec![file]);
    match text {
        Ok(text) => read(&text, report),
        Err(error) => {
            report.add(Origin::default(), FORM, error.to_string());
            report.checkpoint().map(|()| Vec::new())
        }
    }
}

fn read(text: &str, mut report: Report) -> Result<Vec<Region>, Violations> {
    let root = tree::read(text, 0, &mut report);
    let rows = root
        .as_ref()
        .and_then(|root| root.get("regions"))
        .map(Node::items)
        .unwrap_or_default();
    if rows.is_empty() && report.is_clean() {
        report.add(Origin::default(), FORM, "no list `regions`");
    }
    let regions = rows.iter().filter_map(|row| region(row, &mut report)).collect();
    check_unique(rows, &mut report);
    report.checkpoint()?;
    Ok(regions)
}

fn region(row: &Node, report: &mut Report) -> Option<Region> {
    let mut text = |key: &str| {
        let found = row
            .text_at(key)
            .filter(|text| !HOSTS.contains(&key) || is_host(text));
        if found.is_none() {
            let origin = row.entry(key).map_or(row.origin, |entry| entry.origin);
            report.add(origin, FORM, format!("`{key}` is missing or not well formed"));
        }
        found.map(str::to_owned)
    };
    let (code, name, evidence) = (text("code"), text("name"), text("evidence"));
    let [accounts, api, sandbox, developer, upload] = HOSTS.map(&mut text);
    Some(Region {
        code: code?,
        name: name?,
        accounts: accounts?,
        api: api?,
        sandbox: sandbox?,
        developer: developer?,
        upload: upload?,
        evidence: evidence?,
    })
}

fn is_host(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
}

fn check_unique(rows: &[Node], report: &mut Report) {
    let mut seen = BTreeMap::new();
    for row in rows {
        let code = row.text_at("code").unwrap_or_default();
        for entry in row
            .entries()
            .iter()
            .filter(|entry| entry.key == "code" || HOSTS.contains(&entry.key.as_str()))
        {
            let Some(text) = entry.value.text() else { continue };
            if let Some(first) = seen.insert(text, code) {
                report.add(
                    entry.origin,
                    UNIQUE,
                    format!("`{text}` also belongs to `{first}`"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const ROW: &str = "regions:
  - code: us
    name: United States
    accounts: accounts.zoho.com
    api: www.zohoapis.com
    sandbox: sandbox.zohoapis.com
    developer: developer.zohoapis.com
    upload: content.zohoapis.com
    evidence: Documented.
";

    fn check(text: &str) -> Result<Vec<Region>, Violations> {
        read(text, Report::new(vec![PathBuf::from("regions.yaml")]))
    }

    fn faults(text: &str) -> Vec<(usize, &'static str)> {
        check(text)
            .unwrap_err()
            .iter()
            .map(|violation| (violation.line, violation.rule))
            .collect()
    }

    #[test]
    fn a_good_row_is_read() {
        let regions = check(ROW).unwrap();
        assert_eq!(regions.len(), 1);
        assert_eq!(regions[0].upload, "content.zohoapis.com");
    }

    #[test]
    fn a_bad_row_names_line_and_rule() {
        assert_eq!(
            faults(&ROW.replace("accounts: accounts", "accounts: https://accounts")),
            [(4, "region-form")]
        );
        assert_eq!(
            faults(&ROW.replace("api: www.zohoapis.com", "api: www.zohoapis.com/crm")),
            [(5, "region-form")]
        );
        assert_eq!(
            faults(&ROW.replace("    name: United States\n", "")),
            [(2, "region-form")]
        );
        assert_eq!(
            faults(&ROW.replace("content.zohoapis.com", "www.zohoapis.com")),
            [(8, "region-unique")]
        );
        assert_eq!(faults("regions: []\n"), [(0, "region-form")]);
    }
}
