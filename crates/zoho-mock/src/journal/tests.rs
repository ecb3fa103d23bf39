//! What the journal keeps, and what it says of the rest.

use jiff::Timestamp;

use super::{Book, Exchange, KEPT};

fn exchange() -> Exchange {
    Exchange {
        number: 0,
        time: Timestamp::UNIX_EPOCH,
        product: "crm",
        operation: "list_records",
        method: "GET".to_owned(),
        path: String::new(),
        query: String::new(),
        status: None,
        faulted: false,
        careless: Vec::new(),
    }
}

#[test]
fn the_oldest_exchanges_are_dropped_and_counted() {
    let mut book = Book::default();
    let last = KEPT as u64 + 5;
    for number in 1..=last {
        assert_eq!(book.open(exchange()), number);
    }
    book.close(5, Some(200));
    book.close(6, Some(429));
    assert_eq!((book.last(), book.dropped()), (last, 5));
    assert!(book.exchange(5).is_none());
    let kept = book.exchange(6).unwrap();
    assert_eq!((kept.number, kept.status), (6, Some(429)));
    assert_eq!(book.exchange(last).unwrap().number, last);
    assert!(book.exchange(last + 1).is_none() && book.exchange(0).is_none());
    let journal = book.journal();
    assert_eq!((journal.exchanges().len(), journal.dropped()), (KEPT, 5));
    assert_eq!(journal.count("list_records"), last);
}
