//! What a lint costs beside a bare parse of the same files, with the same allocator, threads and stacks.
//!
//! ```text
//! cargo bench --bench parse_ratio -- [--runs N] [--jobs N] [--only parse|lint] [--all-lints] [FOLDER OF A PACKAGE]...
//! ```
//! The last line sums the medians up. With `--all-lints`, those that are allowed by default run too. With `--only`, nothing is timed: one of the two is done N times, for a profiler or a counter of instructions to look at.
//!
//! Without folders it measures this workspace's own packages. Runs are paired: read, parse and lint one after the other,
//! N times (9 by default), and the medians are shown. `parse` is reading and `syn::parse_file` of the very files that the
//! lint loads, all in parallel; `lint` is everything but rendering: manifests, loading and the check.

use anyhow::{Context as _, bail};
use cargo_thread_lint::load::{Loaded, Loader, pool};
use cargo_thread_lint::manifest::{PackageSelection, Reader, select};
use cargo_thread_lint::plan::{Plan, TargetSelection};
use cargo_thread_lint::progress::Progress;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thread_lints::Settings;
use thread_lints::lint::Level;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut folders = Vec::new();
    let (mut runs, mut jobs, mut only) = (9, 0, None);
    let mut settings = Settings::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo passes it to every bench.
            "--bench" => {}
            "--runs" => runs = number(arguments.next())?,
            "--jobs" => jobs = number(arguments.next())?,
            "--all-lints" => settings.levels.push((String::from("all"), Level::Warn)),
            "--only" => only = Some(arguments.next().context("`parse` or `lint` is missing")?),
            flag if flag.starts_with('-') => bail!("unknown flag `{flag}`"),
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    if folders.is_empty() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        folders = vec![own.to_path_buf(), own.join("../lints")];
    }
    let pool = pool(jobs)?;
    if let Some(only) = only {
        return folders.iter().try_for_each(|folder| pool.install(|| repeat(folder, runs, &only, &settings)));
    }
    println!(
        "{:32} {:>6} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "package", "files", "lines", "read ms", "parse ms", "lint ms", "ratio"
    );
    let mut total = (0.0, 0.0);
    for folder in folders {
        let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
        let (parse, full) = pool.install(|| measure(&folder, runs.max(1), &settings))?;
        total = (total.0 + parse, total.1 + full);
    }
    println!(
        "{:32} {:>6} {:>9} {:>9} {:>9.2} {:>9.2} {:>7.2}",
        "all together",
        "",
        "",
        "",
        total.0,
        total.1,
        total.1 / total.0.max(f64::EPSILON)
    );
    println!("medians of {runs} paired runs, {} threads; ratio = lint / parse", pool.current_num_threads());
    Ok(())
}

fn number(text: Option<String>) -> anyhow::Result<usize> {
    text.context("a number is missing")?.parse().context("not a number")
}

/// Does one thing again and again. The files to parse are those that one lint names.
fn repeat(folder: &Path, runs: usize, only: &str, settings: &Settings) -> anyhow::Result<()> {
    let files = lint(&folder.canonicalize().with_context(|| folder.display().to_string())?, settings)?;
    for _ in 1..runs.max(1) {
        match only {
            "parse" => files.paths.par_iter().for_each(|path| bare_parse(path)),
            "lint" => drop(lint(folder, settings)?),
            other => bail!("`--only` takes `parse` or `lint`, not `{other}`"),
        }
    }
    Ok(())
}

/// The medians of a parse and of a lint, in milliseconds.
fn measure(folder: &Path, runs: usize, settings: &Settings) -> anyhow::Result<(f64, f64)> {
    // The first run warms the caches and tells the files.
    let files = lint(folder, settings)?;
    let lines: usize = files.workspace.files.iter().map(|file| file.lines.line_count(&file.text)).sum();
    let (mut read, mut parse, mut full, mut ratios) = (vec![], vec![], vec![], vec![]);
    for _ in 0..runs {
        read.push(timed(|| files.paths.par_iter().for_each(|path| drop(std::fs::read(path)))));
        let parsing = timed(|| files.paths.par_iter().for_each(|path| bare_parse(path)));
        let began = Instant::now();
        let loaded = lint(folder, settings)?;
        let linting = began.elapsed();
        // The tool itself ends without giving memory back.
        drop(loaded);
        ratios.push(linting.as_secs_f64() / parsing.as_secs_f64().max(f64::EPSILON));
        parse.push(parsing);
        full.push(linting);
    }
    ratios.sort_by(f64::total_cmp);
    let (parse, full) = (median(parse), median(full));
    let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
    println!(
        "{:32} {:>6} {:>9} {:>9.2} {:>9.2} {:>9.2} {:>7.2}",
        folder.file_name().unwrap_or_default().to_string_lossy(),
        files.paths.len(),
        lines,
        median(read),
        parse,
        full,
        ratio
    );
    Ok((parse, full))
}

/// Everything that the tool does but rendering.
fn lint(folder: &Path, settings: &Settings) -> anyhow::Result<Loaded> {
    let mut reader = Reader::default();
    let mut plan = Plan::default();
    let manifest = folder.join("Cargo.toml");
    let selected = select(&mut reader, &manifest, &PackageSelection::default())?;
    plan.add_packages(&mut reader, &selected, &TargetSelection::default())?;
    let loaded = Loader::new(&Progress::silent()).load(&plan, &selected.root);
    std::hint::black_box(thread_lints::check(&loaded.workspace, settings));
    Ok(loaded)
}

/// Reads and parses one file, and nothing else; a file that does not parse costs what it costs.
fn bare_parse(path: &Path) {
    let Ok(text) = std::fs::read_to_string(path) else {
        return;
    };
    drop(std::hint::black_box(syn::parse_file(&text)));
    // Otherwise every text of every run would stay in memory.
    proc_macro2::extra::invalidate_current_thread_spans();
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// In milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
