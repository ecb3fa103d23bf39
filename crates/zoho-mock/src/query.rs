//! Query strings and forms, read as leniently as Zoho reads them.

use percent_encoding::percent_decode_str;

/// A percent-decoded text, with `+` as a space.
pub(crate) fn decoded(text: &str) -> String {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return text.to_owned();
    }
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// A percent-decoded path segment.
pub(crate) fn decoded_path(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pairs of a query string or form; stray `&` are skipped.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        })
        .collect()
}

/// One part of a `multipart/form-data` body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) data: &'a [u8],
}

/// The boundary of a `multipart/form-data` content type.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let mut pieces = content_type.split(';').map(str::trim);
    if !pieces.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    pieces
        .find_map(|piece| {
            let (key, value) = piece.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case("boundary")
                .then(|| value.trim().trim_matches('"'))
        })
        .filter(|boundary| !boundary.is_empty())
}

/// The parts of a `multipart/form-data` body; what is not well formed is left out.
pub(crate) fn multipart<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = match find(body, delimiter.as_bytes()) {
        Some(at) => body.get(at + delimiter.len()..).unwrap_or_default(),
        None => return parts,
    };
    let delimiter = format!("\r\n--{boundary}");
    while let Some(section) = rest.strip_prefix(b"\r\n") {
        let end = find(section, delimiter.as_bytes()).unwrap_or(section.len());
        parts.extend(part(section.get(..end).unwrap_or_default()));
        rest = section.get(end + delimiter.len()..).unwrap_or_default();
    }
    parts
}

fn part(section: &[u8]) -> Option<Part<'_>> {
    let split = find(section, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(section.get(..split)?).into_owned();
    let data = section.get(split + 4..)?;
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    let attribute = |wanted: &str| {
        disposition.split(';').find_map(|piece| {
            let (key, value) = piece.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    Some(Part {
        name: attribute("name")?,
        file_name: attribute("filename"),
        content_type: header("content-type"),
        data,
    })
}

/// The text parts of a multipart body as pairs.
pub(crate) fn multipart_texts(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    multipart(body, boundary)
        .into_iter()
        .filter(|part| part.file_name.is_none())
        .map(|part| (part.name, String::from_utf8_lossy(part.data).into_owned()))
        .collect()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stray_separators_are_skipped() {
        let pairs = pairs("&a=1&&b=x%20y+z&c&");
        let expected = [("a", "1"), ("b", "x y z"), ("c", "")];
        assert_eq!(
            pairs,
            expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
    }

    proptest! {
        #[test]
        fn parts_come_back_as_they_were_sent(files in prop::collection::vec(("[a-z]{1,8}", prop::collection::vec(any::<u8>(), 0..64)), 0..4)) {
            let mut body = Vec::new();
            for (name, data) in &files {
                body.extend(format!("--XyZ42\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n").into_bytes());
                body.extend(data);
                body.extend(b"\r\n");
            }
            body.extend(b"--XyZ42--\r\n");
            prop_assume!(files.iter().all(|(_, data)| find(data, b"--XyZ42").is_none()));
            let boundary = boundary("multipart/form-data; boundary=\"XyZ42\"").unwrap();
            let parts = multipart(&body, boundary);
            prop_assert_eq!(parts.len(), files.len());
            for (part, (name, data)) in parts.iter().zip(&files) {
                prop_assert_eq!(&part.name, name);
                prop_assert_eq!(part.data, &data[..]);
                prop_assert_eq!(part.file_name.clone(), Some(format!("{name}.bin")));
            }
        }

        #[test]
        fn any_bytes_are_read(body in prop::collection::vec(any::<u8>(), 0..256), boundary in "[-a-z]{1,6}") {
            let _ = multipart(&body, &boundary);
        }
    }
}
