//! What must be so: what the author did, and whether lists and triggers agree with it.

use std::collections::{BTreeMap, BTreeSet};

/// A time in milliseconds.
pub(crate) type Millis = i64;

/// A lead as its author knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    /// When the answer to its creation came.
    pub(crate) made: Millis,
    /// When the last change that was confirmed was asked for.
    pub(crate) changed: Millis,
    /// When its deletion was asked for, whatever came of it.
    pub(crate) deleting: Option<Millis>,
    /// When its deletion was confirmed.
    pub(crate) deleted: Option<Millis>,
}

/// All that the author did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) leads: BTreeMap<String, Lead>,
    /// Names of leads of which nobody knows whether they were made.
    pub(crate) unknown: BTreeSet<String>,
}

impl Ledger {
    /// What is wrong with a list of ids and names that was read from one time to another.
    pub(crate) fn wrong_list(&self, rows: &[(String, String)], began: Millis, ended: Millis) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut ids = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (id, name) in rows {
            if !ids.insert(id.as_str()) {
                wrong.push(format!("the list has lead {id} twice"));
            }
            if !names.insert(name.as_str()) {
                wrong.push(format!("`{name}` was made twice: a write was sent again"));
            }
            match self.leads.get(id) {
                Some(lead) if lead.deleted.is_some_and(|deleted| deleted < began) => {
                    wrong.push(format!("the list has lead {id}, which was deleted before"));
                }
                Some(_) => {}
                None if self.unknown.contains(name) => {}
                None => wrong.push(format!("the list has lead {id} (`{name}`), which nobody made")),
            }
        }
        let missing = self.leads.iter().filter(|(id, lead)| {
            let there = lead.made < began && lead.deleting.is_none_or(|deleting| deleting > ended);
            there && !ids.contains(id.as_str())
        });
        wrong.extend(missing.map(|(id, _)| format!("the list lacks lead {id}")));
        wrong
    }

    /// The leads whose last state a trigger was not told of, by when it was told of each for the last time.
    pub(crate) fn untold<'a>(&'a self, told: &'a BTreeMap<String, Millis>) -> impl Iterator<Item = &'a str> {
        let living = self.leads.iter().filter(|(_, lead)| lead.deleting.is_none());
        living
            .filter(|(id, lead)| told.get(*id).is_none_or(|told| *told < lead.changed))
            .map(|(id, _)| id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, name: &str) -> (String, String) {
        (id.to_owned(), name.to_owned())
    }

    fn ledger() -> Ledger {
        let lead = |made, changed| Lead {
            made,
            changed,
            ..Lead::default()
        };
        let mut gone = lead(1, 1);
        gone.deleting = Some(20);
        gone.deleted = Some(30);
        Ledger {
            leads: [
                ("1".to_owned(), lead(1, 1)),
                ("2".to_owned(), gone),
                ("3".to_owned(), lead(60, 60)),
            ]
            .into(),
            unknown: ["maybe".to_owned()].into(),
        }
    }

    #[test]
    fn a_list_is_held_to_what_was_done_before_and_left_the_rest() {
        let wrong = |rows: &[(String, String)]| ledger().wrong_list(rows, 50, 70);
        let (one, two, three) = (row("1", "a"), row("2", "b"), row("3", "c"));
        assert!(wrong(std::slice::from_ref(&one)).is_empty());
        // What was made while the list was read may be there or not, and so may what nobody knows of.
        assert!(wrong(&[one.clone(), three, row("9", "maybe")]).is_empty());
        assert_eq!(wrong(&[]), ["the list lacks lead 1"]);
        assert_eq!(
            wrong(&[one.clone(), two]),
            ["the list has lead 2, which was deleted before"]
        );
        assert_eq!(
            wrong(&[one.clone(), row("8", "x")]),
            ["the list has lead 8 (`x`), which nobody made"]
        );
        assert_eq!(
            wrong(&[one.clone(), row("1", "a")]),
            [
                "the list has lead 1 twice",
                "`a` was made twice: a write was sent again"
            ]
        );
        assert_eq!(wrong(&[one, row("9", "maybe"), row("7", "maybe")]).len(), 1);
        // A deletion under way may be seen or not.
        assert!(
            ledger()
                .wrong_list(&[row("1", "a"), row("2", "b")], 10, 25)
                .is_empty()
        );
        assert!(ledger().wrong_list(&[row("1", "a")], 10, 25).is_empty());
    }

    #[test]
    fn a_trigger_is_held_to_the_last_change() {
        let untold = |told: &[(&str, Millis)]| {
            let told = told.iter().map(|(id, at)| ((*id).to_owned(), *at)).collect();
            ledger().untold(&told).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(untold(&[]), ["1", "3"]);
        assert_eq!(untold(&[("1", 1), ("3", 59)]), ["3"]);
        assert!(untold(&[("1", 5), ("3", 60)]).is_empty());
    }
}
