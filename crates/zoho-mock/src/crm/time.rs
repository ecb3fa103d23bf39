//! Instants and days as Zoho writes them: whole seconds, with the offset the user's zone has then.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A time zone with the name that the API shows.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) name: String,
    pub(crate) rules: TimeZone,
}

impl Zone {
    /// Writes an instant, such as `2026-05-14T12:51:40+02:00`.
    pub(crate) fn write(&self, out: &mut Vec<u8>, seconds: i64) {
        let instant = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = self.rules.to_offset(instant);
        let local = offset.to_datetime(instant);
        digits(out, i32::from(local.year()), 4);
        for (mark, number) in [
            (b'-', local.month()),
            (b'-', local.day()),
            (b'T', local.hour()),
            (b':', local.minute()),
            (b':', local.second()),
        ] {
            out.push(mark);
            digits(out, i32::from(number), 2);
        }
        let offset = offset.seconds();
        out.push(if offset < 0 { b'-' } else { b'+' });
        digits(out, offset.abs() / 3600, 2);
        out.push(b':');
        digits(out, offset.abs() / 60 % 60, 2);
    }

    /// An instant as text.
    pub(crate) fn text(&self, seconds: i64) -> String {
        let mut out = Vec::with_capacity(25);
        self.write(&mut out, seconds);
        String::from_utf8(out).unwrap_or_default()
    }
}

/// Writes a day kept as `yyyymmdd`.
pub(crate) fn write_date(out: &mut Vec<u8>, day: i32) {
    digits(out, day / 10_000, 4);
    out.push(b'-');
    digits(out, day / 100 % 100, 2);
    out.push(b'-');
    digits(out, day % 100, 2);
}

/// Reads a day, `2026-05-14`, as `yyyymmdd`.
pub(crate) fn parse_date(text: &str) -> Option<i32> {
    if text.len() != 10 {
        return None;
    }
    let date: Date = text.parse().ok()?;
    Some(i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()))
}

/// Reads an instant with an offset (`+02:00` or `Z`) and without a fraction of a second.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    let (local, offset) = text.split_at_checked(19)?;
    let local: DateTime = if local.as_bytes().get(10) == Some(&b'T') {
        local.parse().ok()?
    } else {
        return None;
    };
    let wall = jiff::tz::Offset::UTC.to_timestamp(local).ok()?.as_second();
    Some(wall - offset_seconds(offset)?)
}

/// Reads an instant from a header, where a fraction of a second does no harm.
pub(crate) fn parse_header_instant(text: &str) -> Option<i64> {
    let text = text.trim();
    parse_instant(text)
        .or_else(|| text.parse::<Timestamp>().ok().map(Timestamp::as_second))
        .or_else(|| {
            jiff::fmt::rfc2822::parse(text)
                .ok()
                .map(|zoned| zoned.timestamp().as_second())
        })
}

fn offset_seconds(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let bytes = text.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = match bytes.len() {
        6 if bytes.get(3) == Some(&b':') => text.chars().skip(1).filter(|c| *c != ':').collect(),
        5 => text.chars().skip(1).collect(),
        _ => return None,
    };
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn digits(out: &mut Vec<u8>, number: i32, width: usize) {
    let text = [
        number / 1000 % 10,
        number / 100 % 10,
        number / 10 % 10,
        number % 10,
    ];
    for digit in text.into_iter().skip(4 - width) {
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crm::testkit::berlin;

    proptest! {
        #[test]
        fn an_instant_that_was_written_reads_back(seconds in -2_000_000_000..4_000_000_000_i64) {
            let text = berlin().text(seconds);
            prop_assert_eq!(text.len(), 25);
            prop_assert_eq!(parse_instant(&text), Some(seconds));
            prop_assert_eq!(text.parse::<Timestamp>().unwrap().as_second(), seconds);
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".{0,40}") {
            parse_instant(&text);
            parse_header_instant(&text);
            parse_date(&text);
        }
    }

    #[test]
    fn the_offset_is_that_of_the_instant() {
        let zone = berlin();
        assert_eq!(zone.text(1_773_500_400), "2026-03-14T16:00:00+01:00");
        assert_eq!(zone.text(1_789_387_200), "2026-09-14T14:00:00+02:00");
    }

    #[test]
    fn fractions_and_missing_offsets_are_no_instants() {
        for text in [
            "2026-05-14T12:51:40.000Z",
            "2026-05-14T12:51:40",
            "2026-05-14",
            "2026-05-14 12:51:40Z",
            "",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
        assert_eq!(
            parse_header_instant("Thu, 14 May 2026 10:51:40 GMT"),
            parse_instant("2026-05-14T12:51:40+0200")
        );
    }
}
