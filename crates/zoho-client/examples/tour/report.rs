//! One line a step, and the verdict at the end.

use std::error::Error;
use std::fmt::Display;
use std::future::Future;
use std::process::ExitCode;

/// What a step comes to: a value for the next ones, and a sentence for the reader.
pub(crate) type Step<T> = Result<(T, String), Box<dyn Error>>;

/// Counts steps and prints them.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: u32,
    failed: u32,
}

#[allow(clippy::print_stdout, reason = "the lines are what the example is for")]
impl Report {
    /// Runs a step and prints its line; `None` when it failed.
    pub(crate) async fn step<T>(&mut self, name: &str, step: impl Future<Output = Step<T>>) -> Option<T> {
        let outcome = step.await;
        self.steps += 1;
        match outcome {
            Ok((value, sentence)) => {
                println!("{:>3}  ok       {name}: {sentence}", self.steps);
                Some(value)
            }
            Err(error) => {
                self.failed += 1;
                println!("{:>3}  FAILED   {name}: {}", self.steps, chain(error.as_ref()));
                None
            }
        }
    }

    /// Prints the line of a step that this server can not play.
    pub(crate) fn skip(&mut self, name: &str, reason: impl Display) {
        self.steps += 1;
        println!("{:>3}  skipped  {name}: {reason}", self.steps);
    }

    /// The last line, and the exit code.
    pub(crate) fn finish(self) -> ExitCode {
        println!("tour: {} steps, {} failed", self.steps, self.failed);
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// An error with everything behind it, on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Fails a step in words.
pub(crate) fn fail<T>(problem: impl Into<String>) -> Result<T, Box<dyn Error>> {
    Err(problem.into().into())
}
