//! Rules on one source file. Each gives its complaints, which begin where the path ends.

/// At most so many lines fit in the head.
const LONGEST: usize = 400;

/// The first line that is no header of the generator's tells what the room is.
pub(crate) fn opens_with_its_room(text: &str) -> Vec<String> {
    let first = text
        .lines()
        .find(|line| *line != zoho_codegen::HEADER)
        .unwrap_or_default();
    if first.starts_with("//! ") {
        Vec::new()
    } else {
        vec![format!(":1: {first}")]
    }
}

/// Not longer than the longest.
pub(crate) fn is_short(text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines <= LONGEST {
        Vec::new()
    } else {
        vec![format!(": {lines} lines")]
    }
}

/// The generator's header.
pub(crate) fn has_header(text: &str) -> Vec<String> {
    if text.starts_with(zoho_codegen::HEADER) {
        Vec::new()
    } else {
        vec![":1: no header".to_owned()]
    }
}

/// No space or tab before a line break.
pub(crate) fn has_clean_ends(text: &str) -> Vec<String> {
    lines(text, |line| line.ends_with([' ', '\t']))
}

/// No test is ignored, no example is only shown.
pub(crate) fn switches_nothing_off(text: &str) -> Vec<String> {
    lines(text, |line| {
        let line = line.trim_start().trim_start_matches(['/', '!', '*']).trim_start();
        let fence = line.strip_prefix("```").is_some_and(|words| {
            words
                .split(',')
                .any(|word| ["ignore", "no_run"].contains(&word.trim()))
        });
        fence || line.starts_with(concat!("#[", "ignore"))
    })
}

/// No clock but through the crate's own; tests may time what they see.
pub(crate) fn reads_no_clock(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let calls = [
        "SystemTime::now(",
        "Instant::now(",
        "Timestamp::now(",
        "Zoned::now(",
        ".elapsed()",
    ];
    lines(text, |line| {
        let code = line.split("//").next().unwrap_or_default();
        calls.iter().any(|call| code.contains(call))
    })
}

/// No name of reqwest's.
pub(crate) fn names_no_reqwest(text: &str) -> Vec<String> {
    lines(text, |line| {
        names(line, "reqwest::") && !line.contains("transport::reqwest::")
    })
}

/// Whether code, not a comment, has a name.
pub(crate) fn names(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        code.match_indices(name).any(|(at, _)| {
            let before = code[..at].trim_end_matches(':').chars().next_back();
            let after = code[at + name.len()..].chars().next();
            let goes_on = |c: char| c.is_alphanumeric() || c == '_';
            !before.is_some_and(goes_on) && (name.ends_with(':') || !after.is_some_and(goes_on))
        })
    })
}

/// The modules that a root module declares, apart from its tests.
pub(crate) fn modules(text: &str) -> Vec<String> {
    let declared = |line: &str| {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    text.lines()
        .filter_map(declared)
        .filter(|name| name != "tests")
        .collect()
}

fn lines(text: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let numbered = text.lines().enumerate().filter(|(_, line)| wrong(line));
    numbered
        .map(|(index, line)| format!(":{}: {}", index + 1, line.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_complain_where_they_should() {
        let check = |complaints: Vec<String>, wrong: &[&str]| assert_eq!(complaints, wrong);
        check(opens_with_its_room("use std::fmt;\n"), &[":1: use std::fmt;"]);
        check(
            opens_with_its_room(&format!("{}\n//! A room.\n", zoho_codegen::HEADER)),
            &[],
        );
        check(is_short(&"x\n".repeat(401)), &[": 401 lines"]);
        check(is_short(&"x\n".repeat(400)), &[]);
        check(has_header("//! A room.\n"), &[":1: no header"]);
        check(has_clean_ends("a\nb \n"), &[":2: b"]);
        check(
            switches_nothing_off(concat!("#[", "ignore]\n/// `", "``no_run\n/// ```\n")),
            &[concat!(":1: #[", "ignore]"), concat!(":2: /// `", "``no_run")],
        );
        check(
            reads_no_clock("// Instant::now()\nlet a = Instant::now();\n"),
            &[":2: let a = Instant::now();"],
        );
        check(
            names_no_reqwest("use reqwest::Body;\nuse my_reqwest::X;\n"),
            &[":1: use reqwest::Body;"],
        );
        assert!(names("fn a(client: ::reqwest::Client) {}", "reqwest::Client"));
        assert!(!names("reqwest::ClientBuilder", "reqwest::Client"));
        assert_eq!(
            modules("mod a;\npub mod b;\npub(crate) mod c;\nmod d {\n#[cfg(test)]\nmod tests;\n"),
            ["a", "b", "c"]
        );
    }
}
