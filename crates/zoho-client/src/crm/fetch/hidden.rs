//! The converted leads, which a list hides and a query shows.

use std::collections::HashSet;

use super::super::list::{Converted, List};
use super::facts::Shape;
use crate::error::Result;
use crate::generated::crm::operations as op;
use crate::record::Record;

/// So many pages of converted leads are read; where there are more, a query does not pay.
const PAGES: usize = 25;

/// Ids of records that a list leaves out.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden(HashSet<Box<str>>);

impl Hidden {
    /// The records of the module that the list leaves out, and how many calls that took; `None` where they are too many.
    /// A lead that is converted later may still come: a page that was read before would have shown it too.
    pub(super) async fn of<T>(list: &List<T>, shape: &Shape) -> Result<Option<Self>> {
        let mut hidden = Self::default();
        if !shape.hides_converted {
            return Ok(Some(hidden));
        }
        let converted: List<Record> =
            List::new(list.crm.clone(), &op::LIST_RECORDS, vec![shape.module.clone()]);
        let mut pages = converted.fields(["id"]).converted(Converted::Only).pages();
        for _ in 0..PAGES {
            let Some(page) = pages.try_next().await? else {
                return Ok(Some(hidden));
            };
            hidden
                .0
                .extend(page.into_iter().map(|row| row.id().as_str().into()));
        }
        Ok(match pages.try_next().await? {
            None => Some(hidden),
            Some(_) => None,
        })
    }

    /// Whether a record is left out.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    /// Whether none is left out.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many are left out.
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }
}
