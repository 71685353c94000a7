//! Types in packages at random, in a session as an editor holds it open, and compares with cold runs:
//!
//! ```sh
//! cargo run --release -p thread-lint-tests --bin replay-edits -- [--edits N] [--every N] [--seed N] FOLDER…
//! ```
//!
//! Makes N edits (1,000) in each package and compares every so many of them (50). Prints for each package how long a check after an
//! edit took, beside one `syn` parse of the edited file on the same thread, and the resident memory after the first edit and
//! after the last. Exits with 1 at the first difference.

use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use thread_lint_tests::on_deep_stacks;
use thread_lint_tests::replay::Replay;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let (mut edits, mut every, mut seed) = (1_000, 50, 1);
    let mut folders = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number =
            || arguments.next().context("a number is missing")?.parse::<u64>().context("that is no number");
        match argument.as_str() {
            "--edits" => edits = number()?,
            "--every" => every = number()?.max(1),
            "--seed" => seed = number()?,
            flag if flag.starts_with('-') => bail!("unknown flag `{flag}`"),
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    let (mut made, mut compared) = (0, 0);
    for folder in folders {
        let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
        let mut replay = Replay::open(&folder, seed).with_context(|| folder.display().to_string())?;
        let (mut times, mut ratios, mut first) = (Vec::new(), Vec::new(), None);
        for edit in 1..=edits {
            let took = replay.edit().with_context(|| format!("{}, edit {edit}", folder.display()))?;
            if let Some(parse) = parse_time(replay.text()) {
                ratios.push(took.as_secs_f64() / parse.as_secs_f64());
            }
            times.push(took.as_secs_f64() * 1000.0);
            first = first.or_else(resident);
            if edit % every == 0 {
                replay.compare().with_context(|| format!("seed {seed}, edit {edit}"))?;
                compared += 1;
            }
        }
        made += edits;
        let (first, last) = (first.unwrap_or(0.0), resident().unwrap_or(0.0));
        println!(
            "{}: check after an edit p50 {:.1} ms, p95 {:.1} ms; beside one parse of the file p50 {:.1}, p95 {:.1}; memory {first:.0} MB, then {last:.0} MB",
            folder.file_name().unwrap_or_default().display(),
            percentile(&mut times, 50),
            percentile(&mut times, 95),
            percentile(&mut ratios, 50),
            percentile(&mut ratios, 95),
        );
    }
    println!("{made} edits, {compared} comparisons: the same as cold runs");
    Ok(())
}

/// How long syn takes for a text; none where it does not parse.
fn parse_time(text: &str) -> Option<Duration> {
    on_deep_stacks(|| {
        let began = Instant::now();
        let parsed = syn::parse_file(text).is_ok();
        let took = began.elapsed();
        proc_macro2::extra::invalidate_current_thread_spans();
        parsed.then_some(took)
    })
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * percent / 100).or(values.last()).copied().unwrap_or(0.0)
}

/// Resident memory in MB, where the system tells.
fn resident() -> Option<f64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(pages.split(' ').nth(1)?.parse::<f64>().ok()? * 4096.0 / 1e6)
}
