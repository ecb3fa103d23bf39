//! Answers that leave a gap or come in the wrong order are noticed, and nothing is taken from them.

use crate::triggers::cursor::Cursor;
use crate::triggers::step::{Answer, Ask, Found, Next, Row, Rules, Run, Way};
use crate::{ErrorKind, Record};

const RULES: Rules = Rules {
    overlap: 0,
    lag: 2,
    deletions: false,
    kept: 100,
    page: 4,
    bulk_above: None,
};

fn found(seconds: &[i64], more: bool) -> Answer {
    let row = |at: &i64| Row {
        at: *at,
        id: u64::try_from(*at).unwrap().into(),
        created: None,
        record: Record::new(),
    };
    Answer::Found(Found {
        asked_at: 1_000,
        rows: seconds.iter().map(row).collect(),
        more,
        token: None,
        sorted: true,
    })
}

/// A record before the page was deleted: those behind it moved up, and one of them is on neither page.
#[test]
fn a_page_that_does_not_continue_the_one_before_begins_the_walk_anew() {
    let (mut run, first) = Run::begin(Some(Cursor::starting_at(0)), Way::Descending, true, RULES);
    let begin = Ask::Descending {
        from: 0,
        page: 1,
        rows: 4,
    };
    assert_eq!(first, Next::Ask(begin.clone()));
    // It asks for the last row again, and finds another in its place.
    let on = run.step(found(&[90, 80, 70, 60], true), RULES).unwrap();
    assert_ne!(on, Next::Ask(begin.clone()));
    let anew = run.step(found(&[50, 40, 30], true), RULES).unwrap();
    assert_eq!(anew, Next::AskLater(begin));
}

#[test]
fn rows_in_another_order_than_was_asked_for_are_an_error() {
    let run = || Run::begin(Some(Cursor::starting_at(0)), Way::Ascending, true, RULES).0;
    assert!(run().step(found(&[40, 50], false), RULES).is_ok());
    let error = run().step(found(&[50, 40], false), RULES).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}
