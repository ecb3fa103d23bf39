//! The pure step played over and over, for `cargo xtask bench client`. It is no promise to anybody else.

use super::cursor::{Cursor, Second};
use super::step::{Answer, Ask, Found, Next, Row, Rules, Run, Way};
use crate::error::Result;
use crate::record::Record;
use crate::wire::ZohoId;

/// When the run begins, and when its rows were changed.
const BEGIN: Second = 1_000_000;
/// What time it is when it asks.
const NOW: Second = 2_000_000;

/// A run of a CRM feed that finds so many changed records, ready to be played.
#[derive(Debug)]
pub struct Steps {
    cursor: Cursor,
    rules: Rules,
    rows: Vec<Row>,
}

impl Steps {
    /// A run that finds so many rows of four fields, ten of them changed within each second.
    #[must_use]
    pub fn finding(rows: usize) -> Self {
        let row = |number: usize| Row {
            at: BEGIN + Second::try_from(number / 10).unwrap_or(0),
            id: ZohoId::from_wire(&(4_876_876_000_000_589_001 + number as u64).to_string()),
            created: None,
            record: Record::new()
                .set("Last_Name", format!("Lead {number}"))
                .set("Company", "Acme")
                .set("City", "Oslo")
                .set("No_of_Employees", 7),
        };
        Self {
            cursor: Cursor::starting_at(BEGIN),
            rules: Rules {
                overlap: 120,
                lag: 5,
                deletions: true,
                kept: 10_000,
                page: 2_000,
                bulk_above: None,
            },
            rows: (0..rows).map(row).collect(),
        }
    }

    /// Plays the run to its end; gives how many steps it took, and how many events it handed out.
    ///
    /// # Errors
    /// The machine takes an answer for one that can not be right.
    pub fn play(&self) -> Result<(usize, usize)> {
        let (mut steps, mut told) = (0, 0);
        let cursor = Some(self.cursor.clone());
        let (mut run, mut next) = Run::begin(cursor, Way::Ascending, true, self.rules);
        loop {
            next = match next {
                Next::Ask(ask) | Next::AskLater(ask) => {
                    steps += 1;
                    run.step(self.answer(&ask), self.rules)?
                }
                Next::HandOut { events, ends_run, .. } => {
                    told += events.len();
                    if ends_run {
                        return Ok((steps, told));
                    }
                    run.go_on(self.rules)
                }
                Next::Rest(_) => return Ok((steps, told)),
            };
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let rows = match ask {
            Ask::Ascending { .. } => self.rows.clone(),
            _ => Vec::new(),
        };
        Answer::Found(Found {
            asked_at: NOW,
            rows,
            sorted: true,
            ..Found::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_asks_for_deletions_and_rows_and_tells_each_once() {
        assert_eq!(Steps::finding(0).play().unwrap(), (2, 0));
        assert_eq!(Steps::finding(200).play().unwrap(), (2, 200));
    }
}
