//! The rows of an export, read as a list shows them: each cell by the type of its field.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::stream;
use futures_util::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::super::list::{List, convert};
use super::facts::{Shape, count};
use super::hidden::Hidden;
use super::{Batches, pages, unfit};
use crate::crm::{BulkRead, Field};
use crate::error::{ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::{Cursor, Ready};
use crate::record::Record;

/// So many rows are handed over at once.
const BATCH: usize = 1000;

/// An export that is to take over from the pages.
pub(super) struct Planned {
    pub(super) shape: Shape,
    pub(super) hidden: Hidden,
    pub(super) fields: Arc<[Field]>,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Number,
    Flag,
}

/// The rows of a list by an export, because it was asked for so.
pub(super) async fn forced<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Result<Batches<T>> {
    let shape = Shape::of(&list)
        .await?
        .map_err(|why| unfit(&list, "export", why))?;
    let fields = list.crm.fields(&shape.module).await?;
    let hidden = Hidden::of(&list, &shape).await?;
    let hidden = hidden.ok_or_else(|| unfit(&list, "export", "too many leads are converted"))?;
    let rows = match list.wishes.expected {
        Some(rows) => Some(rows),
        // Only the hook wants to know, so that a refusal does not matter.
        None => count(&list, &shape).await.ok().flatten(),
    };
    list.expected.say(rows);
    Ok(rows_of(
        &list,
        Planned {
            shape,
            hidden,
            fields,
        },
    ))
}

/// The rows of a list by an export; by pages, where the export is refused before a row came.
pub(super) fn or_pages<T: DeserializeOwned + Send + 'static>(
    list: List<T>,
    planned: Planned,
    first: Ready<T>,
    next: Cursor,
) -> Batches<T> {
    let exported = rows_of(&list, planned);
    stream::once(async move {
        let mut exported = exported;
        match exported.try_next().await {
            Ok(Some(rows)) => {
                let begun = stream::once(std::future::ready(Ok(rows)));
                Ok(begun.chain(exported).boxed())
            }
            Ok(None) => Ok(stream::empty().boxed()),
            Err(error) if matches!(error.kind(), ErrorKind::Api | ErrorKind::Auth) => {
                tracing::warn!(%error, "the export is refused; the list goes on page by page");
                let rest = list.from_cursor(next);
                let rows = first.rows()?;
                let begun = stream::once(std::future::ready(Ok(rows)));
                Ok(begun.chain(pages(rest)).boxed())
            }
            Err(error) => Err(error),
        }
    })
    .try_flatten()
    .boxed()
}

fn rows_of<T: DeserializeOwned + Send + 'static>(list: &List<T>, planned: Planned) -> Batches<T> {
    let Planned {
        shape,
        hidden,
        fields,
    } = planned;
    let cells: HashMap<String, Cell> = fields
        .iter()
        .filter(|field| field.api_name != "id")
        .filter_map(|field| Some((field.api_name.clone(), kind(field.data_type.as_deref()?)?)))
        .collect();
    let what = BulkRead::of(shape.module).fields(shape.columns);
    let rows = list.crm.bulk().rows(what);
    let typed = rows.try_filter_map(move |mut row| {
        let shown = !hidden.has(row.id().as_str());
        let typed = shown.then(|| {
            for (name, cell) in &cells {
                read(&mut row, name, *cell);
            }
            row
        });
        std::future::ready(Ok(typed))
    });
    let mut place = 0;
    let converted = typed.map(move |row| {
        place += 1;
        convert::<T>(op::DOWNLOAD_BULK_READ.id, "rows", place - 1, row?)
    });
    converted.try_chunks(BATCH).map_err(|stopped| stopped.1).boxed()
}

/// What the cells of a type hold, where it is not text.
fn kind(data_type: &str) -> Option<Cell> {
    match data_type {
        "integer" | "double" | "currency" | "percent" => Some(Cell::Number),
        "boolean" => Some(Cell::Flag),
        _ => None,
    }
}

/// Reads the cell of a field; what does not fit stays text.
fn read(row: &mut Record, name: &str, cell: Cell) {
    let Some(Value::String(text)) = row.get(name) else {
        return;
    };
    let value = match cell {
        Cell::Number => serde_json::from_str::<Number>(text).ok().map(Value::Number),
        Cell::Flag => match text.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
    };
    if let Some(value) = value {
        row.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_read_by_type_and_what_does_not_fit_stays_text() {
        let mut row: Record =
            serde_json::from_value(json!({"a": "12", "b": "1.50", "c": "true", "d": "n/a", "e": null}))
                .unwrap();
        for name in ["a", "b", "d", "e"] {
            read(&mut row, name, kind("currency").unwrap());
        }
        read(&mut row, "c", kind("boolean").unwrap());
        let expected = json!({"a": 12, "b": 1.5, "c": true, "d": "n/a", "e": null});
        assert_eq!(Value::from(row), expected);
        assert_eq!(kind("text"), None);
    }
}
