//! What building costs: CPU time of cargo and of all that it starts, as the kernel counts it for this process.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Serialize;

/// Ticks of CPU time in a second: Linux's USER_HZ, the same on all of its platforms.
const TICKS: f64 = 100.0;

/// A program with the default features takes no more when all that it depends on is built, the client too.
const PROGRAM: f64 = 25.0;

/// Resources that are measured without a word: the largest of each product, by the length of their files.
const LARGEST: usize = 3;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Check every resource's feature, not only the largest three of each product
    #[arg(long, conflicts_with = "only")]
    all: bool,
    /// Check only these features; several with commas
    #[arg(long, value_delimiter = ',', value_name = "FEATURE")]
    only: Vec<String>,
    /// Leave the program out
    #[arg(long)]
    no_program: bool,
}

/// One figure.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    /// Seconds of CPU.
    cpu: f64,
    /// Beyond what the client takes without any typed resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    beyond: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
}

/// All of them.
#[derive(Debug, Default, Serialize)]
struct Report {
    figures: Vec<Figure>,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "| build | CPU s | beyond the client alone | target | met |\n|---|--:|--:|---|---|"
        )?;
        for figure in &self.figures {
            let beyond = figure.beyond.map_or(String::new(), |cpu| format!("{cpu:.1}"));
            let target = figure.most.map_or(String::new(), |most| format!("<= {most}"));
            let met = match figure.met {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "",
            };
            let (name, cpu) = (&figure.name, figure.cpu);
            writeln!(formatter, "| {name} | {cpu:.1} | {beyond} | {target} | {met} |")?;
        }
        Ok(())
    }
}

/// Measures, and prints what came of it.
///
/// # Errors
/// Something could not be built.
pub(crate) fn run(root: &Path, options: &Options) -> Result<(), String> {
    let features = chosen(root, options)?;
    let mut report = Report::default();
    // A folder of its own, so that nobody's debug builds are thrown away.
    let target = target(root).join("bench-build");
    if !options.no_program {
        let (program_alone, client_too) = (&["zoho-bench"][..], &["zoho-bench", "zoho-client"][..]);
        let cpu = program(root, program_alone, &["--release"])?;
        let name = "a program that lists leads, default features, --release, all that it depends on built";
        report.figures.push(Figure {
            name: name.to_owned(),
            cpu,
            beyond: None,
            most: Some(PROGRAM),
            met: Some(cpu <= PROGRAM),
        });
        let debug = ["--target-dir", &target.to_string_lossy()];
        for (name, how) in [
            ("the same with the client built anew", &["--release"][..]),
            ("that without --release", &debug),
        ] {
            report.figures.push(Figure {
                name: name.to_owned(),
                cpu: program(root, client_too, how)?,
                beyond: None,
                most: None,
                met: None,
            });
        }
    }
    // What is only built once is built before anything is measured.
    check(root, &target, "")?;
    let alone = clean_check(root, &target, "")?;
    report
        .figures
        .push(checked("the client without typed resources", alone, None));
    for feature in features {
        let cpu = clean_check(root, &target, &feature)?;
        report.figures.push(checked(&feature, cpu, Some(cpu - alone)));
    }
    match options.json {
        true => println!(
            "{}",
            serde_json::to_string(&report).map_err(|error| error.to_string())?
        ),
        false => print!("{report}"),
    }
    Ok(())
}

fn checked(name: &str, cpu: f64, beyond: Option<f64>) -> Figure {
    Figure {
        name: format!("check: {name}"),
        cpu,
        beyond,
        most: None,
        met: None,
    }
}

/// The features to check.
fn chosen(root: &Path, options: &Options) -> Result<Vec<String>, String> {
    let client = root.join("crates/zoho-client");
    let manifest = read(&client.join("Cargo.toml"))?;
    let known = resources(&manifest);
    if let Some(wrong) = options.only.iter().find(|name| !known.contains(name)) {
        return Err(format!(
            "`{wrong}` is no feature of a resource; they are listed in crates/zoho-client/Cargo.toml"
        ));
    }
    if !options.only.is_empty() {
        return Ok(options.only.clone());
    }
    if options.all {
        return Ok(known);
    }
    let mut chosen = Vec::new();
    for product in ["crm", "books"] {
        let mut sized = Vec::new();
        for name in &known {
            let Some(resource) = name.strip_prefix(product).and_then(|rest| rest.strip_prefix('-')) else {
                continue;
            };
            let file = format!("src/generated/{product}/{}.rs", resource.replace('-', "_"));
            sized.push((read(&client.join(file))?.len(), name.clone()));
        }
        sized.sort();
        chosen.extend(sized.into_iter().rev().take(LARGEST).map(|(_, name)| name));
    }
    Ok(chosen)
}

/// The features of resources in the client's manifest.
fn resources(manifest: &str) -> Vec<String> {
    let names = manifest.lines().filter_map(|line| line.strip_suffix(" = []"));
    let resource = |name: &&str| name.starts_with("crm-") || name.starts_with("books-");
    names.filter(resource).map(str::to_owned).collect()
}

/// Seconds of CPU to build the program `one_list` and so many packages with it, all else built before.
fn program(root: &Path, anew: &[&str], how: &[&str]) -> Result<f64, String> {
    let build = ["build", "--package", "zoho-bench", "--example", "one_list"];
    let build = [&build[..], how].concat();
    cargo(root, &build)?;
    let packages = anew.iter().flat_map(|package| ["--package", *package]);
    let clean: Vec<&str> = ["clean"]
        .into_iter()
        .chain(packages)
        .chain(how.iter().copied())
        .collect();
    cargo(root, &clean)?;
    timed(|| cargo(root, &build))
}

fn check(root: &Path, target: &Path, feature: &str) -> Result<(), String> {
    let target = target.to_string_lossy();
    let check = [
        "check",
        "--package",
        "zoho-client",
        "--lib",
        "--no-default-features",
    ];
    cargo(
        root,
        &[&check[..], &["--features", feature, "--target-dir", &target]].concat(),
    )
}

/// Seconds of CPU to check the client alone with a feature.
fn clean_check(root: &Path, target: &Path, feature: &str) -> Result<f64, String> {
    // A dependency that only this feature has is built first, and the client with it.
    check(root, target, feature)?;
    cargo(
        root,
        &[
            "clean",
            "--package",
            "zoho-client",
            "--target-dir",
            &target.to_string_lossy(),
        ],
    )?;
    timed(|| check(root, target, feature))
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(arguments).arg("--quiet");
    // What was compiled before must not make it look fast.
    command.env("CARGO_INCREMENTAL", "0").stdout(Stdio::null());
    super::run(&mut command)
}

fn timed(work: impl FnOnce() -> Result<(), String>) -> Result<f64, String> {
    let before = children()?;
    work()?;
    Ok(children()? - before)
}

/// Seconds of CPU of all processes that this one started, and that have ended, with those that they waited for.
fn children() -> Result<f64, String> {
    spent(&read(Path::new("/proc/self/stat"))?)
        .ok_or_else(|| "/proc/self/stat is of no known form".to_owned())
}

/// User and system time of ended children: the 14th and 15th field behind the name in parentheses.
fn spent(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / TICKS)
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_children_is_read_whatever_the_program_is_called() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194304 1 2 3 4 500 60 1234 66 20 0 1 0 9 1 1";
        assert_eq!(spent(stat), Some(13.0));
        assert_eq!(spent("7 (cat) S 1"), None);
        assert!(children().unwrap() >= 0.0);
    }

    #[test]
    fn features_of_resources_are_those_of_the_manifest() {
        let manifest = "[features]\nbulk = [\"dep:csv\"]\nmeasure = []\ncrm = [\n    \"crm-users\",\n]\ncrm-users = []\nbooks-items = []\n";
        assert_eq!(resources(manifest), ["crm-users", "books-items"]);
        let root = crate::root();
        let options = Options {
            json: false,
            all: false,
            only: Vec::new(),
            no_program: true,
        };
        assert_eq!(chosen(&root, &options).unwrap().len(), 2 * LARGEST);
        let wrong = Options {
            only: vec!["crm-nothing".to_owned()],
            ..options
        };
        assert!(chosen(&root, &wrong).unwrap_err().contains("crm-nothing"));
    }
}
