//! References: `@{id:$.data[0].details.id}` stands for a value in the answer to another request.

use serde_json::Value;

/// Why a reference stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The request it points at failed or was not run.
    Failed,
    /// Nothing is there that it points at.
    Unknown,
}

/// The answers to requests by their names.
pub(super) type Answers<'a> = dyn Fn(&str) -> Result<&'a Value, Missing> + 'a;

/// A reference that stands for nothing, and why.
pub(super) type Dangling = (String, Missing);

/// The references within a text: where each begins and ends, the name and the path.
fn found(text: &str) -> Vec<(usize, usize, &str, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text
        .get(from..)
        .and_then(|rest| rest.find("@{"))
        .map(|at| from + at)
    {
        let Some(end) = text
            .get(start..)
            .and_then(|rest| rest.find('}'))
            .map(|at| start + at)
        else {
            break;
        };
        from = end + 1;
        if let Some((id, path)) = text.get(start + 2..end).and_then(|inner| inner.split_once(':')) {
            found.push((start, from, id.trim(), path.trim()));
        }
    }
    found
}

/// The names that a text points at.
pub(super) fn names(text: &str) -> Vec<String> {
    found(text)
        .into_iter()
        .map(|(_, _, id, _)| id.to_owned())
        .collect()
}

/// The names that the texts of a value point at.
pub(super) fn names_within(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => names.extend(self::names(text)),
        Value::Array(items) => items.iter().for_each(|item| names_within(item, names)),
        Value::Object(object) => object.values().for_each(|item| names_within(item, names)),
        _ => {}
    }
}

/// A text with values in place of its references.
pub(super) fn text(text: &str, answers: &Answers<'_>) -> Result<String, Dangling> {
    let mut out = String::new();
    let mut from = 0;
    for (start, end, id, path) in found(text) {
        out.push_str(text.get(from..start).unwrap_or_default());
        let reference = || text.get(start..end).unwrap_or_default().to_owned();
        match value_at(id, path, answers).map_err(|missing| (reference(), missing))? {
            Value::String(text) => out.push_str(text),
            Value::Null | Value::Array(_) | Value::Object(_) => return Err((reference(), Missing::Unknown)),
            other => out.push_str(&other.to_string()),
        }
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Ok(out)
}

/// A value with values in place of its references; a text that is nothing but one takes any value.
pub(super) fn value(value: &Value, answers: &Answers<'_>) -> Result<Value, Dangling> {
    Ok(match value {
        Value::String(text) => match found(text).as_slice() {
            [(0, end, id, path)] if *end == text.len() => {
                let found = value_at(id, path, answers).map_err(|missing| (text.clone(), missing))?;
                found.clone()
            }
            _ => Value::String(self::text(text, answers)?),
        },
        Value::Array(items) => {
            let items = items.iter().map(|item| self::value(item, answers));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let object = object
                .iter()
                .map(|(key, item)| Ok((key.clone(), self::value(item, answers)?)));
            Value::Object(object.collect::<Result<_, Dangling>>()?)
        }
        other => other.clone(),
    })
}

fn value_at<'a>(id: &str, path: &str, answers: &Answers<'a>) -> Result<&'a Value, Missing> {
    let root = answers(id)?;
    let steps = steps(path).ok_or(Missing::Unknown)?;
    let found = steps.into_iter().try_fold(root, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        Value::Object(object) => object.get(step),
        _ => None,
    });
    found.ok_or(Missing::Unknown)
}

/// The steps of a path such as `$.data[0]['details'].id`.
fn steps(path: &str) -> Option<Vec<&str>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(name.get(..end).filter(|name| !name.is_empty())?);
            rest = name.get(end..)?;
        } else {
            let (step, after) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(step.trim_matches(['\'', '"']));
            rest = after;
        }
    }
    Some(steps)
}
