//! Records as documents: PDF and HTML, made of their own words.

use bytes::Bytes;

use super::catalogue::Type;
use super::custom::plain;
use super::organization::Organization;
use super::reply::attachment;
use super::table::Row;
use crate::answer::Answer;
use crate::call::Call;

/// A form that a document can be had in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Pdf,
    Html,
}

/// The form that a call wishes; `None` for JSON.
pub(super) fn wished(call: &Call<'_>) -> Option<Form> {
    let wish = match call.query("accept") {
        Some(wish) => wish,
        None => call.header("accept").unwrap_or_default(),
    };
    match wish.trim().to_ascii_lowercase().as_str() {
        "pdf" | "application/pdf" => Some(Form::Pdf),
        "html" | "text/html" => Some(Form::Html),
        _ => None,
    }
}

/// These records as one document.
pub(super) fn document(organization: &Organization, ty: &'static Type, rows: &[&Row], form: Form) -> Answer {
    let pages: Vec<Vec<String>> = rows.iter().map(|row| words(organization, ty, row)).collect();
    let name = match rows {
        [row] => number(organization, ty, row),
        _ => ty.name.to_owned(),
    };
    let (kind, end, body) = match form {
        Form::Pdf => ("application/pdf;charset=UTF-8", "pdf", pdf(&pages)),
        Form::Html => ("text/html;charset=UTF-8", "html", html(&pages)),
    };
    let safe: String = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter))
        .collect();
    attachment(&format!("{safe}.{end}"), kind, Bytes::from(body))
}

/// The record's number, or its id when it has none.
fn number(organization: &Organization, ty: &'static Type, row: &Row) -> String {
    let number = ty
        .numbering
        .and_then(|numbering| organization.value(ty, row, numbering.field))
        .map(|number| plain(&number))
        .filter(|number| !number.is_empty());
    number.unwrap_or_else(|| row.id.to_string())
}

fn words(organization: &Organization, ty: &'static Type, row: &Row) -> Vec<String> {
    let mut words = vec![format!("{} {}", ty.noun, number(organization, ty, row))];
    for name in [
        "customer_name",
        "vendor_name",
        "date",
        "total",
        "balance",
        "status",
    ] {
        if let Some(value) = organization.value(ty, row, name) {
            words.push(format!("{}: {}", name.replace('_', " "), plain(&value)));
        }
    }
    let lines = organization.value(ty, row, "line_items").unwrap_or_default();
    for line in lines.as_array().map_or(&[][..], Vec::as_slice) {
        let part = |name: &str| line.get(name).map(plain).unwrap_or_default();
        words.push(format!(
            "{} {} {}",
            part("name"),
            part("quantity"),
            part("item_total")
        ));
    }
    words
}

fn html(pages: &[Vec<String>]) -> Vec<u8> {
    let escaped = |text: &String| {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        format!("<p>{text}</p>")
    };
    let body: String = pages.iter().flatten().map(escaped).collect();
    format!("<!DOCTYPE html><html><body>{body}</body></html>").into_bytes()
}

/// A PDF with a page of text lines for each record.
fn pdf(pages: &[Vec<String>]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.join(" "),
            kids.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (page, at) in pages.iter().zip(0..) {
        let mut text = "BT /F1 12 Tf 14 TL 50 790 Td".to_owned();
        for line in page {
            text.push_str(&format!(" ({}) Tj T*", pdf_text(line)));
        }
        text.push_str(" ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R \
             >> >> >>",
            5 + 2 * at
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    file.push_str(&table);
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

/// A text as a PDF string: printable ASCII, with its brackets escaped.
fn pdf_text(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => safe.extend(['\\', letter]),
            ' '..='~' => safe.push(letter),
            _ => safe.push('?'),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every offset of the cross-reference table leads to its object.
        #[test]
        fn any_words_make_a_whole_pdf(pages in prop::collection::vec(prop::collection::vec(".{0,40}", 0..5), 1..4)) {
            let file = String::from_utf8(pdf(&pages)).unwrap();
            let start: usize = file.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
            prop_assert!(file[start..].starts_with("xref\n"));
            let offsets = file[start..].lines().skip(3).take_while(|line| line.ends_with(" n "));
            for (line, number) in offsets.zip(1..) {
                let at: usize = line[..10].parse().unwrap();
                let head = format!("{} 0 obj\n", number);
                prop_assert!(file[at..].starts_with(&head));
            }
            let all_pages = file.matches("/Type /Page /").count();
            prop_assert_eq!(all_pages, pages.len());
        }
    }

    #[test]
    fn names_that_would_leave_a_string_are_escaped() {
        assert_eq!(pdf_text("a)b(\\c\u{e9}"), "a\\)b\\(\\\\c?");
        let page = [vec!["<script>".to_owned()]];
        assert!(!String::from_utf8(html(&page)).unwrap().contains("<script>"));
    }
}
