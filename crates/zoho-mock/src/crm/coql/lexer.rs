//! Text to tokens, each with its place.

/// A word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name, dots included.
    Word(String),
    /// A quoted text, without quotes and escapes.
    Text(String),
    /// A number as it stood.
    Number(String),
    /// `=`, `!=`, `(` and the like.
    Mark(&'static str),
    /// What no token begins with; the text is split no further.
    Unread,
    /// Nothing is left.
    End,
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Its text in the query.
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

const MARKS: [&str; 12] = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ";", "*"];

/// More tokens than any query has that keeps Zoho's other limits. Each takes a hundred bytes, so a text of ten million
/// brackets is not split to its end.
const MOST: usize = 20_000;

/// Splits a query; the last token is always [`Kind::End`] or [`Kind::Unread`].
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        rest: text,
        line: 1,
        column: 1,
    };
    let mut tokens = Vec::new();
    loop {
        let mut token = lexer.token();
        if tokens.len() == MOST && token.kind != Kind::End {
            token.kind = Kind::Unread;
        }
        let last = matches!(token.kind, Kind::End | Kind::Unread);
        tokens.push(token);
        if last {
            return tokens;
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Token {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.advance(blank);
        let (line, column) = (self.line, self.column);
        let (kind, length) = self.word().unwrap_or((Kind::Unread, 0));
        let text = match kind {
            Kind::Unread => self.rest.chars().take(20).collect(),
            _ => self.rest.get(..length).unwrap_or_default().to_owned(),
        };
        self.advance(length);
        Token {
            kind,
            text,
            line,
            column,
        }
    }

    /// The next token and how many bytes it takes; `None` when no token begins here.
    fn word(&self) -> Option<(Kind, usize)> {
        let Some(first) = self.rest.chars().next() else {
            return Some((Kind::End, 0));
        };
        if first == '\'' || first == '"' {
            return self.quoted(first);
        }
        if let Some(mark) = MARKS.into_iter().find(|mark| self.rest.starts_with(mark)) {
            return Some((Kind::Mark(mark), mark.len()));
        }
        let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let signed = first == '-' && self.rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        if !signed && !name(first) {
            return None;
        }
        let tail = self.rest.get(first.len_utf8()..).unwrap_or_default();
        let length = first.len_utf8() + tail.find(|c: char| !name(c)).unwrap_or(tail.len());
        let word = self.rest.get(..length).unwrap_or_default();
        if signed || first.is_ascii_digit() {
            let digits = word.trim_start_matches('-');
            let number = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                && digits.matches('.').count() < 2
                && !digits.ends_with('.');
            return number.then(|| (Kind::Number(word.to_owned()), length));
        }
        Some((Kind::Word(word.to_owned()), length))
    }

    /// A quoted text: a backslash keeps the character after it, whatever it is.
    fn quoted(&self, quote: char) -> Option<(Kind, usize)> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                return Some((Kind::Text(text), at + 1));
            }
            text.push(if c == '\\' { chars.next()?.1 } else { c });
        }
        None
    }

    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        for c in passed.chars() {
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.rest = rest;
    }
}
