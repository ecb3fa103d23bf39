//! Figures beside their targets.

use std::fmt;

use serde::Serialize;

/// What a figure is held to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// It explains another figure.
    None,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    target: Target,
    met: Option<bool>,
}

/// All figures of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str, target: Target) {
        let met = match target {
            Target::AtMost(most) => Some(value <= most),
            Target::AtLeast(least) => Some(value >= least),
            Target::None => None,
        };
        self.figures.push(Figure {
            name: name.into(),
            value,
            unit,
            target,
            met,
        });
    }

    /// The report as one JSON object.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "| figure | measured | target | met |\n|---|--:|--:|---|"
        )?;
        for figure in &self.figures {
            let target = match figure.target {
                Target::AtMost(most) => format!("<= {}", shown(most)),
                Target::AtLeast(least) => format!(">= {}", shown(least)),
                Target::None => String::new(),
            };
            let met = match figure.met {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "",
            };
            let (name, unit, value) = (&figure.name, figure.unit, shown(figure.value));
            writeln!(formatter, "| {name}, {unit} | {value} | {target} | {met} |")?;
        }
        Ok(())
    }
}

/// A number with as many digits as it has something to say.
fn shown(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle of what was measured; zero of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_from_its_side() {
        let mut report = Report::default();
        report.add("start", 99.0, "ms", Target::AtMost(100.0));
        report.add("rate", 0.4, "", Target::AtLeast(0.5));
        report.add("bare", 1.0, "", Target::None);
        let met: Vec<_> = report.figures.iter().map(|figure| figure.met).collect();
        assert_eq!(met, [Some(true), Some(false), None]);
        assert!(report.to_string().contains("| start, ms | 99.0 | <= 100 | yes |"));
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(Vec::new()), 0.0);
    }
}
