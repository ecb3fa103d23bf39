//! What the journal keeps, and what it says of the rest.

use jiff::Timestamp;

use super::{Book, Entry, KEPT};

fn entry() -> Entry {
    let request = http::Request::get("/crm/v8/Leads?a=1&b=?").body(()).unwrap();
    let operation = ("crm", "list_records");
    Entry::new(Timestamp::UNIX_EPOCH, operation, &request.into_parts().0)
}

#[test]
fn the_oldest_exchanges_are_dropped_and_counted() {
    let mut book = Book::default();
    let last = KEPT as u64 + 5;
    for number in 1..=last {
        assert_eq!(book.open(entry()), number);
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

#[test]
fn an_exchange_says_what_was_asked() {
    let exchange = entry().exchange();
    let told = (
        exchange.method.as_str(),
        exchange.path.as_str(),
        exchange.query.as_str(),
    );
    assert_eq!(told, ("GET", "/crm/v8/Leads", "a=1&b=?"));
}
