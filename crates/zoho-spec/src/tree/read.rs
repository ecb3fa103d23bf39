//! YAML text to tree, over serde-saphyr's event parser.

use std::iter::Peekable;

use serde_json::Number;
use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span};

use super::{Entry, Kind, Node};
use crate::violation::{Origin, Report, rules};

rules! {
    SYNTAX = "yaml-syntax": "a file is one YAML document with a mapping at its top";
    DUPLICATE_KEY = "yaml-duplicate-key": "a mapping names each key once";
    PLAIN = "yaml-plain": "no anchors, aliases, tags or merge keys: what is shared is a component";
    AMBIGUOUS = "yaml-ambiguous": "words that YAML 1.1 reads as booleans (yes, no, on, off, y, n) are quoted";
}

/// Deepest nesting that is read; a description needs about 20.
const DEPTH: usize = 64;

/// Reads one file. `None` if it is no YAML mapping; the reason is in the report then.
pub(crate) fn read(text: &str, file: usize, report: &mut Report) -> Option<Node> {
    let mut options = Options::default();
    options.emit_comments = false;
    let events = Events {
        parser: Parser::new_from_str_with_options(text, options).peekable(),
        file,
        report,
    };
    events.document()
}

struct Events<'a, P: Iterator<Item = Result<(Event<'a>, Span), ScanError>>> {
    parser: Peekable<P>,
    file: usize,
    report: &'a mut Report,
}

/// A parse that can not go on; the reason is already in the report.
struct Stop;

impl<'a, P: Iterator<Item = Result<(Event<'a>, Span), ScanError>>> Events<'a, P> {
    fn document(mut self) -> Option<Node> {
        let mut root = None;
        loop {
            match self.next() {
                Err(Stop) => return None,
                Ok((Event::StreamEnd, _)) => break,
                Ok((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _)) => {}
                Ok((event, origin)) if root.is_none() => match self.node(event, origin, 0) {
                    Ok(node) => root = Some(node),
                    Err(Stop) => return None,
                },
                Ok((_, origin)) => {
                    self.report.add(origin, SYNTAX, "a second document in one file");
                    return None;
                }
            }
        }
        match root {
            Some(node) if node.is_map() => Some(node),
            _ => {
                self.report.add(self.at(1), SYNTAX, "no mapping at the top");
                None
            }
        }
    }

    /// A line of the file.
    fn at(&self, line: usize) -> Origin {
        Origin {
            file: self.file,
            line,
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Origin), Stop> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, self.at(span.start.line()))),
            Some(Err(error)) => {
                let origin = self.at(error.marker().line());
                self.report.add(origin, SYNTAX, error.info());
                Err(Stop)
            }
            None => Ok((Event::StreamEnd, self.at(0))),
        }
    }

    fn node(&mut self, event: Event<'a>, origin: Origin, depth: usize) -> Result<Node, Stop> {
        if depth > DEPTH {
            self.report
                .add(origin, SYNTAX, format!("nested deeper than {DEPTH}"));
            return Err(Stop);
        }
        let kind = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain(origin, anchor != 0 || tag.is_some());
                self.scalar(&text, style, origin)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain(origin, anchor != 0 || tag.is_some());
                self.list(depth)?
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain(origin, anchor != 0 || tag.is_some());
                self.map(depth)?
            }
            Event::Alias(_) => {
                self.plain(origin, true);
                Kind::Null
            }
            _ => {
                self.report.add(origin, SYNTAX, "a value was expected here");
                return Err(Stop);
            }
        };
        Ok(Node { kind, origin })
    }

    fn plain(&mut self, origin: Origin, decorated: bool) {
        if decorated {
            self.report.add(
                origin,
                PLAIN,
                "an anchor, alias or tag; make it a component instead",
            );
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind, Stop> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Kind::List(items)),
                (event, origin) => items.push(self.node(event, origin, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Kind, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (key, origin) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Kind::Map(entries)),
                (Event::Scalar(text, style, ..), origin) => {
                    if style == ScalarStyle::Plain && ambiguous(&text) {
                        self.report
                            .add(origin, AMBIGUOUS, format!("quote the key {text:?}"));
                    }
                    (text.into_owned(), origin)
                }
                (_, origin) => {
                    self.report.add(origin, SYNTAX, "a key has to be a string");
                    return Err(Stop);
                }
            };
            if key == "<<" {
                self.report
                    .add(origin, PLAIN, "a merge key; make it a component instead");
            }
            if entries.iter().any(|entry| entry.key == key) {
                self.report.add(
                    origin,
                    DUPLICATE_KEY,
                    format!("`{key}` stands twice in one mapping"),
                );
            }
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            entries.push(Entry { key, origin, value });
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, origin: Origin) -> Kind {
        if style != ScalarStyle::Plain {
            return Kind::Text {
                text: text.to_owned(),
                quoted: true,
            };
        }
        if ambiguous(text) {
            self.report.add(
                origin,
                AMBIGUOUS,
                format!("quote {text:?}: some readers take it for a boolean"),
            );
        }
        match text {
            "" | "~" | "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => number(text).map_or_else(
                || Kind::Text {
                    text: text.to_owned(),
                    quoted: false,
                },
                Kind::Number,
            ),
        }
    }
}

fn ambiguous(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "yes" | "no" | "on" | "off" | "y" | "n"
    ) || matches!(text, "True" | "TRUE" | "False" | "FALSE" | "Null" | "NULL")
}

/// Numbers as JSON writes them; everything else that YAML takes for a number stays text.
fn number(text: &str) -> Option<Number> {
    let digit = text
        .strip_prefix('-')
        .unwrap_or(text)
        .starts_with(|c: char| c.is_ascii_digit());
    if digit {
        serde_json::from_str(text).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn parse(text: &str) -> (Option<Node>, Report) {
        let mut report = Report::new(vec![PathBuf::from("a.yaml")]);
        let node = read(text, 0, &mut report);
        (node, report)
    }

    fn violation(text: &str) -> (usize, &'static str) {
        let (_, mut report) = parse(text);
        let found = report.checkpoint().unwrap_err();
        let first = found.iter().next().unwrap();
        (first.line, first.rule)
    }

    #[test]
    fn keeps_lines_quotes_and_types() {
        let (node, report) = parse("a: 1\nb:\n  - \"x\"\n  - x\n  - true\nc: { d: ~, e: -2.5 }\n");
        assert!(report.is_clean());
        let node = node.unwrap();
        assert_eq!(
            node.to_json(),
            serde_json::json!({"a": 1, "b": ["x", "x", true], "c": {"d": null, "e": -2.5}})
        );
        let b = node.get("b").unwrap();
        let lines: Vec<_> = b.items().iter().map(|item| item.origin.line).collect();
        assert_eq!(lines, [3, 4, 5]);
        assert!(matches!(b.items()[0].kind, Kind::Text { quoted: true, .. }));
        assert!(matches!(b.items()[1].kind, Kind::Text { quoted: false, .. }));
    }

    #[test]
    fn names_the_rule_and_the_line() {
        for (text, expected) in [
            ("a: 1\na: 2\n", (2, "yaml-duplicate-key")),
            ("a: &x 1\nb: 2\n", (1, "yaml-plain")),
            ("a: 1\nb: !tag 2\n", (2, "yaml-plain")),
            ("a: 1\n<<: { b: 2 }\n", (2, "yaml-plain")),
            ("a: 1\nb: no\n", (2, "yaml-ambiguous")),
            ("a: 1\non: 2\n", (2, "yaml-ambiguous")),
            ("a: [1\nb: 2\n", (2, "yaml-syntax")),
            ("- 1\n", (1, "yaml-syntax")),
            ("a: 1\n---\nb: 2\n", (3, "yaml-syntax")),
            ("", (1, "yaml-syntax")),
        ] {
            assert_eq!(violation(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("a: {}1{}\n", "[".repeat(80), "]".repeat(80));
        assert_eq!(violation(&deep).1, "yaml-syntax");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z:\\-\\[\\]{}#&*!|>'\"%@`,? \n~0-9.]{0,80}") {
            let (node, report) = parse(&text);
            proptest::prop_assert!(node.is_some() || !report.is_clean());
        }
    }
}
