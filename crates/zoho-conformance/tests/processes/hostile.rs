//! Every parser of outside bytes over its corpus, over mutated inputs, and over bombs in a process of its own.
//!
//! `ZOHO_FUZZ_SEED` makes other inputs and `ZOHO_FUZZ_TIMES` so many times more of them. A failure prints the target, the
//! seed and the input; `cargo run -p zoho-conformance --bin hostile -- TARGET FILE` runs it again.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use zoho_conformance::hostile::mutate::Mutator;
use zoho_conformance::hostile::{TARGETS, Target};

fn variable(name: &str, usual: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(usual, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name}: {text}"))
    })
}

/// Prints the input under way when a panic ends the test there.
struct Telltale<'a> {
    target: Target,
    seed: u64,
    input: &'a [u8],
}

impl Drop for Telltale<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let shown = self.input.escape_ascii();
            eprintln!(
                "target {}, ZOHO_FUZZ_SEED={}: {shown}",
                self.target.name, self.seed
            );
        }
    }
}

fn play(name: &str) {
    let target = Target::of(name).unwrap_or_else(|| panic!("there is no target {name}"));
    let (seed, times) = (
        variable("ZOHO_FUZZ_SEED", 20_260_101),
        variable("ZOHO_FUZZ_TIMES", 1),
    );
    let corpus = target.corpus();
    assert!(corpus.len() >= 3, "{name} has a corpus of {}", corpus.len());
    let mut mutator = Mutator::new(seed);
    let rounds = target.rounds * usize::try_from(times).expect("a small number");
    let mutated = std::iter::repeat_with(|| mutator.input(&corpus)).take(rounds);
    for input in corpus.iter().cloned().chain([Vec::new()]).chain(mutated) {
        let _telltale = Telltale {
            target,
            seed,
            input: &input,
        };
        (target.run)(&input);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                play(stringify!($name));
            }
        )*
        const PLAYED: &[&str] = &[$(stringify!($name)),*];
    };
}

targets! { archive coql criteria decode multipart oauth_callback openapi page_token response seed token_answer webhook }

#[test]
fn every_target_is_played_and_has_one_of_cargo_fuzz() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, PLAYED);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("there is a manifest");
    for name in names {
        let text = fs::read_to_string(folder.join(format!("targets/{name}.rs"))).expect("there is a target");
        assert!(text.contains(&format!("run(\"{name}\"")), "{name}: {text}");
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is not in fuzz/Cargo.toml"
        );
    }
}

/// What a bomb may take beyond what the process has when it begins, in kilobytes.
const MOST: u64 = 400_000;

/// Inputs that are small to send and large to read, or large in themselves: ten megabytes of a digit, a letter, a
/// bracket; aliases of aliases.
fn bombs(name: &str) -> Vec<(&'static str, Vec<u8>)> {
    let head: &[u8] = match name {
        "response" | "decode" => &[0, 0],
        "multipart" => b"x\n--x\r\n",
        _ => b"",
    };
    let million = |piece: &str, times: usize| [head, piece.repeat(times).as_bytes()].concat();
    let around =
        |before: &str, inner: Vec<u8>, after: &str| [before.as_bytes(), &inner, after.as_bytes()].concat();
    let mut bombs = vec![
        ("brackets", million("[", 10_000_000)),
        ("braces", million("{\"a\":", 2_000_000)),
        ("round brackets", million("(", 10_000_000)),
        ("digits", million("9", 10_000_000)),
        (
            "a string",
            [head, &around("{\"data\": \"", vec![b'x'; 10_000_000], "\"}")].concat(),
        ),
        ("no text", [head, &vec![0xff; 10_000_000][..]].concat()),
        ("zeros", [head, &vec![0; 10_000_000][..]].concat()),
        ("commas", million(",", 10_000_000)),
    ];
    if name == "openapi" {
        let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let below = format!("*a{}", level - 1);
            aliases.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 9].join(", ")));
        }
        bombs.push(("aliases of aliases", aliases.into_bytes()));
    }
    bombs
}

#[test]
fn bombs_take_bounded_memory_and_end() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for target in TARGETS {
        let write = |(name, bytes): (&str, Vec<u8>)| {
            let file = folder.path().join(name.replace(' ', "-"));
            fs::write(&file, &bytes).expect("a file can be written");
            file
        };
        // One after the other in one process: each line is the most that it took until then.
        let output = Command::new(env!("CARGO_BIN_EXE_hostile"))
            .arg(target.name)
            .args(bombs(target.name).into_iter().map(write))
            .output()
            .expect("the program runs");
        let told = String::from_utf8_lossy(&output.stdout);
        let why = String::from_utf8_lossy(&output.stderr);
        let end: String = why.chars().take(1_000).collect();
        assert!(
            output.status.success(),
            "{}: {} {told}{end}",
            target.name,
            output.status
        );
        let numbers: Vec<u64> = told
            .lines()
            .filter_map(|line| line.split(' ').nth(1)?.parse().ok())
            .collect();
        let taken = numbers
            .last()
            .zip(numbers.first())
            .map_or(0, |(last, first)| last - first);
        eprintln!("{}: {taken} kB", target.name);
        assert!(taken <= MOST, "{} took {taken} kB:\n{told}", target.name);
    }
}
