//! Exact amounts: decimals with nine places, never floats.

use serde_json::{Number, Value};

/// Digits after the point that an amount keeps.
const PLACES: u32 = 9;
const ONE: i128 = 1_000_000_000;
/// Larger amounts than this are refused, so that no product of two overflows.
const LARGEST: i128 = 10_i128.pow(24);

/// An exact amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Money(i128);

impl Money {
    pub(crate) const ZERO: Self = Self(0);
    pub(crate) const ONE: Self = Self(ONE);

    /// A whole amount.
    #[cfg(test)]
    pub(crate) fn whole(amount: i64) -> Self {
        Self(i128::from(amount) * ONE)
    }

    /// Reads a JSON number, a number in a text (a trailing `%` is left out), or nothing as zero.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::ZERO),
            Value::Number(number) => Self::parse(&number.to_string()),
            Value::String(text) if text.trim().is_empty() => Some(Self::ZERO),
            Value::String(text) => Self::parse(text.trim().trim_end_matches('%')),
            _ => None,
        }
    }

    /// Reads `-12.5`, `12` or `1.25e3`; `None` for what is not a number or is beyond all measure.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, digits.strip_prefix('+').unwrap_or(digits)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0 || whole.len() + fraction.len() > 30 {
            return None;
        }
        let mut units: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            units = units * 10 + i128::from((digit as char).to_digit(10)?);
        }
        let shift = exponent + i32::try_from(PLACES).ok()? - i32::try_from(fraction.len()).ok()?;
        let units = match u32::try_from(shift) {
            Ok(up) if up <= 30 => units.checked_mul(10_i128.checked_pow(up)?)?,
            Ok(_) => return (units == 0).then_some(Self::ZERO),
            Err(_) => round_div(units, 10_i128.checked_pow(shift.unsigned_abs().min(38))?),
        };
        (units < LARGEST).then_some(Self(if negative { -units } else { units }))
    }

    /// The product.
    pub(crate) fn times(self, by: Self) -> Option<Self> {
        // Split, so that the product of two amounts below 10^24 units does not overflow.
        let (whole, fraction) = (by.0 / ONE, by.0 % ONE);
        let units = self
            .0
            .checked_mul(whole)?
            .checked_add(round_div(self.0.checked_mul(fraction)?, ONE))?;
        (units.abs() < LARGEST).then_some(Self(units))
    }

    /// So many percent of it.
    pub(crate) fn percent(self, rate: Self) -> Option<Self> {
        self.times(rate).map(|amount| Self(round_div(amount.0, 100)))
    }

    /// The part of it that is a tax of so many percent, already included.
    pub(crate) fn included(self, rate: Self) -> Option<Self> {
        let whole = 100 * ONE + rate.0;
        if rate.0 < 0 {
            return None;
        }
        // Divide first what overflows when multiplied, and keep the rest exact to nine places.
        let (times, rest) = (self.0 / whole, self.0 % whole);
        let units = times
            .checked_mul(rate.0)?
            .checked_add(round_div(rest.checked_mul(rate.0)?, whole))?;
        Some(Self(units))
    }

    /// Rounded to cents, halves away from zero.
    pub(crate) fn cents(self) -> Self {
        const CENT: i128 = ONE / 100;
        Self(round_div(self.0, CENT) * CENT)
    }

    /// As Zoho sends it: a JSON number, whole amounts without a fraction.
    pub(crate) fn to_json(self) -> Value {
        let whole = i64::try_from(self.0 / ONE);
        match (self.0 % ONE, whole) {
            (0, Ok(whole)) => Value::from(whole),
            _ => self
                .to_string()
                .parse::<f64>()
                .ok()
                .and_then(Number::from_f64)
                .map_or(Value::from(0), Value::Number),
        }
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (self.0.abs() / ONE, self.0.abs() % ONE);
        let fraction = format!("{fraction:09}");
        match fraction.trim_end_matches('0') {
            "" => write!(formatter, "{sign}{whole}"),
            fraction => write!(formatter, "{sign}{whole}.{fraction}"),
        }
    }
}

impl std::ops::Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// Division with halves away from zero.
fn round_div(units: i128, by: i128) -> i128 {
    let half = by / 2;
    match units < 0 {
        true => (units - half) / by,
        false => (units + half) / by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_by_example() {
        for (text, shown) in [
            ("0", "0"),
            ("12.50", "12.5"),
            ("-0.1", "-0.1"),
            ("1.25e3", "1250"),
            ("1e-3", "0.001"),
            ("0.0000000005", "0.000000001"),
        ] {
            assert_eq!(Money::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "",
            ".",
            "1.2.3",
            "abc",
            "1e99",
            "--1",
            "99999999999999999999999999",
        ] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
        assert_eq!(Money::parse("2.345").unwrap().cents().to_string(), "2.35");
        assert_eq!(Money::parse("-2.345").unwrap().cents().to_string(), "-2.35");
        assert_eq!(
            Money::parse("0.1").unwrap() + Money::parse("0.2").unwrap(),
            Money::parse("0.3").unwrap()
        );
        assert_eq!(Money::parse("598.0").unwrap().to_json().to_string(), "598");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(units in -10_i128.pow(20)..10_i128.pow(20)) {
            let amount = Money(units);
            prop_assert_eq!(Money::parse(&amount.to_string()), Some(amount));
        }

        #[test]
        fn products_are_those_of_integers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
            prop_assert_eq!(Money::whole(a).times(Money::whole(b)), Some(Money::whole(a * b)));
        }

        #[test]
        fn cents_survive_json(cents in -100_000_000_000_i64..100_000_000_000) {
            let amount = Money(i128::from(cents) * 10_000_000);
            prop_assert_eq!(Money::read(&amount.to_json()), Some(amount));
        }

        #[test]
        fn any_text_is_answered(text in "[-+.0-9eE]{0,40}|.*") {
            if let Some(amount) = Money::parse(&text) {
                let _ = (amount.times(amount), amount.percent(amount), amount.cents(), amount.to_json());
            }
        }
    }
}
