//! What is kept reads back as it was sent, within bounds.

use proptest::prelude::*;

use super::*;
use crate::pieces::Piece;

fn parts() -> Parts {
    http::Request::new(()).into_parts().0
}

#[test]
fn the_oldest_make_room_and_long_bodies_are_cut() {
    let mut contents = Contents::default();
    let many = (ALL / EACH) as u64 * 3;
    // They end in another order than they came in.
    for number in 1..=many {
        let body = vec![number as u8; EACH * 3];
        contents.keep(number ^ 1, &parts(), &body, None);
        assert!(contents.bytes <= ALL);
        let memory = contents.full.iter().chain([&contents.open]);
        let memory: usize = memory.map(|piece| piece.bytes.capacity()).sum();
        assert!(memory + contents.spare.capacity() <= ALL + 2 * PIECE);
    }
    assert!(contents.get(2).is_none());
    for place in &contents.kept {
        let message = contents.get(place.number).unwrap().request();
        assert_eq!((message.body.len(), message.length), (EACH, EACH * 3));
        assert_eq!(message.body.first(), Some(&((place.number ^ 1) as u8)));
    }
    let numbers: Vec<u64> = contents.kept.iter().map(|place| place.number).collect();
    assert!(numbers.is_sorted() && numbers.len() == ALL / EACH);
    assert_eq!(contents.first(), numbers.first().copied());
}

#[test]
fn both_directions_are_read_back_as_they_were() {
    let request = http::Request::post("/")
        .header("x-note", "a: b")
        .header("x-note", "")
        .header("x-bytes", http::HeaderValue::from_bytes(b"\xff\t:").unwrap())
        .body(())
        .unwrap();
    let (parts, ()) = request.into_parts();
    let answered = HeaderMap::from_iter([(http::header::ETAG, "\"1\"".parse().unwrap())]);
    let mut contents = Contents::default();
    contents.keep(1, &parts, b"in\n:", Some((&answered, &Bytes::from("out").into())));
    contents.keep(2, &parts, b"", None);
    let message = contents.get(1).unwrap().request();
    let headers: Vec<_> = message.headers().collect();
    let expected: [(&str, &[u8]); 3] = [("x-note", b"a: b"), ("x-note", b""), ("x-bytes", b"\xff\t:")];
    assert_eq!(headers, expected);
    assert_eq!((&*message.body, message.length), (b"in\n:".as_slice(), 4));
    assert_eq!(
        (message.header("x-note"), message.header("x-bytes")),
        (Some("a: b"), None)
    );
    let message = contents.get(1).unwrap().response().unwrap();
    assert_eq!(
        (message.header("etag"), &*message.body),
        (Some("\"1\""), b"out".as_slice())
    );
    assert!(contents.get(2).unwrap().response().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Beside a plain list of what was kept.
    #[test]
    fn what_is_kept_is_what_was_sent(lengths in prop::collection::vec(0_usize..EACH * 2, 1..400), swap in any::<bool>()) {
        let mut contents = Contents::default();
        let (parts, ()) = http::Request::get("/").header("a", "b").body(()).unwrap().into_parts();
        for (number, length) in lengths.iter().enumerate() {
            let body = vec![number as u8; *length];
            let number = number as u64 ^ u64::from(swap);
            let answer = Bytes::from(body.clone()).into();
            contents.keep(number, &parts, &body, Some((&parts.headers, &answer)));
            let all: usize = contents.kept.iter().map(|place| place.extents.bytes()).sum();
            prop_assert_eq!(contents.bytes, all);
        }
        for place in &contents.kept {
            let was = (place.number ^ u64::from(swap)) as usize;
            let content = contents.get(place.number).unwrap();
            for message in [content.request(), content.response().unwrap()] {
                prop_assert_eq!(message.length, lengths[was]);
                prop_assert_eq!(message.body.len(), lengths[was].min(EACH));
                prop_assert!(message.body == vec![was as u8; message.body.len()]);
                prop_assert_eq!(message.header("a"), Some("b"));
            }
        }
    }
}

fn pieces() -> impl Strategy<Value = Vec<(Vec<u8>, bool)>> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..LARGE),
        (any::<u8>(), LARGE..EACH).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec((bytes, any::<bool>()), 0..6)
}

proptest! {
    #[test]
    fn a_body_in_pieces_reads_as_it_was_sent(bodies in prop::collection::vec(pieces(), 1..8)) {
        let mut contents = Contents::default();
        let headers = HeaderMap::from_iter([(http::header::ETAG, "\"1\"".parse().unwrap())]);
        for (number, body) in bodies.iter().enumerate() {
            let pieces = body.iter().map(|(bytes, compact)| Piece {
                bytes: bytes.clone().into(),
                compact: *compact,
            });
            let pieces = Pieces::Several(pieces.collect());
            contents.keep(number as u64, &parts(), b"in", Some((&headers, &pieces)));
        }
        let mut bytes = 0;
        for (place, body) in contents.kept.iter().zip(&bodies) {
            let sent: Vec<u8> = body.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
            let message = contents.get(place.number).unwrap().response().unwrap();
            prop_assert_eq!(message.length, sent.len());
            prop_assert!(*message.body == sent[..sent.len().min(EACH)]);
            prop_assert_eq!(message.header("etag"), Some("\"1\""));
            // Held or copied, all that is kept is counted, and once.
            let held: usize = place.held.iter().map(|held| held.bytes.len()).sum();
            prop_assert_eq!(place.extents.written() + held, place.extents.bytes());
            bytes += place.extents.bytes();
        }
        prop_assert_eq!(contents.bytes, bytes);
    }
}
