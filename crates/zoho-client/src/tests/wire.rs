//! What is decoded encodes to the same JSON.

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::Record;
use crate::wire::{Date, DateTime, Decimal, Lenient, Secret, ZohoId};

fn through<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    let text = serde_json::to_string(value).unwrap();
    let typed: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    // Through text, because text is what is sent.
    serde_json::from_str(&serde_json::to_string(&typed).unwrap()).unwrap()
}

fn id() -> impl Strategy<Value = u64> {
    100_000_000_000_000_000..=9_999_999_999_999_999_999_u64
}

fn instant() -> impl Strategy<Value = String> {
    (1970..2099, 1..13, 1..29, 0..24, 0..60, 0..60, -12..15, 0..4, 0..3).prop_map(
        |(year, month, day, hour, minute, second, offset, quarter, style): (
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
        )| {
            let sign = if offset < 0 { '-' } else { '+' };
            let (hours, minutes) = (offset.abs(), quarter * 15);
            let zone = match style {
                0 => format!("{sign}{hours:02}:{minutes:02}"),
                1 => format!("{sign}{hours:02}{minutes:02}"),
                _ => "Z".to_owned(),
            };
            format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        id().prop_map(Value::from),
        (-1_000_000_000_i64..1_000_000_000).prop_map(|cents| json!(cents as f64 / 100.0)),
        instant().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn records_keep_everything_in_order(fields in prop::collection::vec(("[a-zA-Z_$]{1,8}", value()), 0..8)) {
        let object: Map<String, Value> = fields.into_iter().collect();
        let record: Record = serde_json::from_str(&serde_json::to_string(&object).unwrap()).unwrap();
        let names: Vec<&str> = record.iter().map(|(name, _)| name).collect();
        prop_assert_eq!(names, object.keys().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(through::<Record>(&Value::Object(object.clone())), Value::Object(object));
    }

    #[test]
    fn a_lenient_field_keeps_whatever_comes(value in value()) {
        prop_assert_eq!(&through::<Lenient<Decimal>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<Map<String, Value>>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<Vec<Value>>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<i64>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<bool>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<DateTime>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<Date>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<ZohoId>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<Secret>>(&value), &value);
        prop_assert_eq!(&through::<Lenient<String>>(&value), &value);
    }

    #[test]
    fn ids_lose_no_digit(id in id()) {
        let digits = id.to_string();
        for came in [json!(id), json!(digits)] {
            prop_assert_eq!(through::<ZohoId>(&came), came.clone());
            let read: ZohoId = serde_json::from_value(came.clone()).unwrap();
            prop_assert_eq!(read.as_str(), digits.as_str());
            prop_assert_eq!(&read, &digits.parse().unwrap());
            prop_assert_eq!(Record::new().set("id", came).id().to_string(), digits.clone());
        }
    }

    #[test]
    fn instants_keep_their_text_and_are_ordered_by_time(text in instant(), other in instant()) {
        prop_assert_eq!(through::<DateTime>(&json!(text)), json!(text));
        let read: DateTime = text.parse().unwrap();
        let other: DateTime = other.parse().unwrap();
        prop_assert_eq!(read.cmp(&other), read.timestamp().cmp(&other.timestamp()));
        // Written anew with its offset it is the same instant, in CRM's spelling.
        let anew = DateTime::new(read.timestamp(), read.offset());
        prop_assert_eq!(anew.as_str().parse::<DateTime>().unwrap(), read);
        prop_assert_eq!(anew.as_str().len(), "2026-05-14T12:51:40+03:00".len());
    }

    #[test]
    fn amounts_keep_number_or_text(cents in -1_000_000_000_000_i64..1_000_000_000_000) {
        let text = format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
        let number: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(through::<Decimal>(&number), number);
        prop_assert_eq!(through::<Decimal>(&json!(text.clone())), json!(text));
    }
}

#[test]
fn what_is_no_value_of_its_type_is_refused() {
    for text in [
        "",
        "2026-05-14",
        "2026-05-14T12:51:40",
        "yesterday",
        "2026-13-14T12:51:40Z",
    ] {
        assert!(text.parse::<DateTime>().is_err(), "{text}");
    }
    for text in ["", "2026-5-14", "2026-02-30", "2026-05-14T00:00:00Z"] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    for text in ["", "1e5", "NaN", "1.", ".5", "--1", "12,5", "0x1"] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    for text in ["", "12a", "-1", " 1"] {
        assert!(text.parse::<ZohoId>().is_err(), "{text}");
    }
}

#[test]
fn a_secret_is_sent_and_never_shown() {
    for came in [json!("4111-1111"), json!(41111111)] {
        let secret: Lenient<Secret> = serde_json::from_value(came.clone()).unwrap();
        let shown = format!("{secret:?} {}", secret.value().unwrap());
        assert!(!shown.contains("1111"), "{shown}");
        assert_eq!(serde_json::to_value(&secret).unwrap(), came);
    }
    let error = serde_json::from_value::<Secret>(json!({"number": "4111"})).unwrap_err();
    assert!(!error.to_string().contains("4111"), "{error}");
}

/// A reply with amounts in the places where they stand: a field, and the rows of a list.
#[derive(serde::Deserialize, serde::Serialize)]
struct Bill {
    total: Lenient<Decimal>,
    lines: Lenient<Vec<Line>>,
    #[serde(flatten)]
    extra: serde_json::Map<String, Value>,
}

#[derive(serde::Deserialize, serde::Serialize)]
struct Line {
    rate: Lenient<Decimal>,
}

#[test]
fn an_amount_keeps_every_digit_wherever_it_stands() {
    for amount in [
        "12345678901234567.89",
        "-123456789012345678901234567890",
        "0.12345678901234567891",
        "9007199254740993.5",
        "123456789012345678901e-3",
        "850000",
        "12.5",
        "18446744073709551615",
        "1e400",
    ] {
        let text = format!(r#"{{"total":{amount},"lines":[{{"rate":{amount}}}],"new":{{"a":1}}}}"#);
        let mut json = serde_json::Deserializer::from_str(&text);
        let bill: Bill = serde_path_to_error::deserialize(&mut json).unwrap();
        assert_eq!(serde_json::to_string(&bill).unwrap(), text);
        assert_eq!(bill.total.value().unwrap().to_string(), amount);
        assert_eq!(
            bill.total.value().unwrap().to_f64(),
            amount.parse().ok(),
            "{amount}"
        );
        assert_eq!(bill.extra["new"], json!({"a": 1}));
    }
    // The same number in more digits is the same amount.
    let read = |text: &str| serde_json::from_str::<Decimal>(text).unwrap();
    assert_eq!(read("4000.00"), read("4000.0"));
    assert_eq!(read("1.2E2"), read("120.0"));
    assert_ne!(read("12345678901234567.89"), read("12345678901234567.88"));
}

#[test]
fn a_field_of_another_type_keeps_what_came_and_depth_has_an_end() {
    let field: Lenient<Vec<Line>> = serde_json::from_str(r#" [{"rate": {"a": [1.5, "x"]}}, {}] "#).unwrap();
    assert_eq!(field.raw(), Some(&json!([{"rate": {"a": [1.5, "x"]}}, {}])));
    let field: Lenient<Line> = serde_json::from_value(json!({"rate": [true]})).unwrap();
    assert_eq!(field.value().unwrap().rate.raw(), Some(&json!([true])));

    #[derive(Debug, serde::Deserialize)]
    struct Nest {
        #[serde(default)]
        group: Lenient<Vec<Nest>>,
    }
    let nest = |depth: usize| format!("{}{}", r#"{"group":["#.repeat(depth), "]}".repeat(depth));
    let mut level = &serde_json::from_str::<Nest>(&nest(20)).unwrap();
    let mut levels = 0;
    while let Some(inner) = level.group.value().and_then(|group| group.first()) {
        (level, levels) = (inner, levels + 1);
    }
    assert_eq!(levels, 19);
    let error = serde_json::from_str::<Nest>(&nest(100_000))
        .unwrap_err()
        .to_string();
    assert!(error.contains("recursion limit exceeded"), "{error}");
}
