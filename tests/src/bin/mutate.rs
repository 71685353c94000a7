//! Sends files that were spoiled at random through everything that the tool does with a file:
//!
//! ```sh
//! cargo run --profile checked -p thread-lint-tests --bin mutate -- [--cases N] [--seed N] [--first N] [--jobs N] [--most N] [--out FOLDER] [FOLDER…]
//! cargo run --profile checked -p thread-lint-tests --bin mutate -- --check FILE [--edition E] [--library] [--tests]
//! ```
//!
//! The files are those of the folders; this repository's fixtures where none is named. The same seed and files give the same
//! cases. What panics, aborts, takes minutes or breaks a promise is printed, and written to a folder (`target/mutate`) with the
//! smallest text that does so too; the exit code is then 1. `--check` examines one file.

use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use thread_lint_tests::fixture::{Job, Setup};
use thread_lint_tests::mutate::supervise::{self, Plan};
use thread_lint_tests::mutate::{edition, worker};
use thread_lint_tests::root;
use thread_lints::Edition;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    let mut plan = Plan {
        seed: 1,
        first: 0,
        cases: 10_000,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        folders: Vec::new(),
        out: root().join("target/mutate"),
        most: 20,
    };
    let (mut is_worker, mut checked) = (false, None);
    let (mut setup, mut in_edition) = (Setup::default(), Edition::E2024);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("`{argument}` without a value"));
        match argument.as_str() {
            "--worker" => is_worker = true,
            "--cases" => plan.cases = number(&value()?)?,
            "--seed" => plan.seed = number(&value()?)?,
            "--first" => plan.first = number(&value()?)?,
            "--jobs" => plan.jobs = usize::try_from(number(&value()?)?)?,
            "--most" => plan.most = usize::try_from(number(&value()?)?)?,
            "--out" => plan.out = PathBuf::from(value()?),
            "--check" => checked = Some(PathBuf::from(value()?)),
            "--edition" => in_edition = edition(&value()?)?,
            "--library" => setup.library = true,
            "--tests" => setup.tests = true,
            flag if flag.starts_with('-') => bail!("unknown flag `{flag}`"),
            folder => plan.folders.push(PathBuf::from(folder)),
        }
    }
    if is_worker {
        worker::serve(&plan.folders, plan.seed)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(path) = checked {
        let job = Job { path: path.display().to_string(), text: String::new(), edition: in_edition, setup };
        let problem = supervise::examine_file(&plan, &job, &path)?;
        println!("{}", problem.as_deref().unwrap_or("nothing is wrong"));
        return Ok(if problem.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    let failures = supervise::run(&plan, &|line| println!("{line}"))?;
    match failures.len() {
        0 => println!("{} cases, seed {}: nothing is wrong", plan.cases, plan.seed),
        some => println!("{some} cases of seed {} are wrong; they lie in `{}`", plan.seed, plan.out.display()),
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn number(text: &str) -> anyhow::Result<u64> {
    text.replace('_', "").parse().with_context(|| format!("`{text}` is no number"))
}
