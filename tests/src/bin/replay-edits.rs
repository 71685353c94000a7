//! Types in packages at random, in a session as an editor holds it open, and compares with cold runs:
//!
//! ```sh
//! cargo run --release -p thread-lint-tests --bin replay-edits -- [--edits N] [--every N] [--seed N] [--server | --command] FOLDER…
//! ```
//!
//! Makes N edits (1,000) in each package and compares every so many of them (50). Prints for each package how long a check after an
//! edit took, beside one `syn` parse of the edited file on the same thread, and the resident memory after the first edit and
//! after the last. Exits with 1 at the first difference. With `--server` the language server is given the same edits, nothing is compared,
//! and the time is that until its diagnostics come. With `--command` the edits are written to copies of the packages, and the command is run
//! after each, with what it has kept of earlier runs and, every so many edits, without; both have to print the same.

use anyhow::{Context as _, bail};
use cargo_thread_lint::cli::Common;
use cargo_thread_lint::session::Session;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use thread_lint_tests::binary;
use thread_lint_tests::lsp::{Client, capabilities};
use thread_lint_tests::on_deep_stacks;
use thread_lint_tests::replay::{Replay, Typist, check};

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
    let (mut edits, mut every, mut seed, mut server) = (1_000, 50, 1, false);
    let mut command = false;
    let mut folders = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number =
            || arguments.next().context("a number is missing")?.parse::<u64>().context("that is no number");
        match argument.as_str() {
            "--edits" => edits = number()?,
            "--every" => every = number()?.max(1),
            "--seed" => seed = number()?,
            "--server" => server = true,
            "--command" => command = true,
            flag if flag.starts_with('-') => bail!("unknown flag `{flag}`"),
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    let (mut made, mut compared) = (0, 0);
    for folder in folders {
        let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
        let mut figures = Figures::default();
        if command {
            compared += through_command(&folder, seed, edits, every, &mut figures)?;
        } else if server {
            through_server(&folder, seed, edits, &mut figures)?;
        } else {
            let mut replay = Replay::open(&folder, seed).with_context(|| folder.display().to_string())?;
            for edit in 1..=edits {
                let took = replay.edit().with_context(|| format!("{}, edit {edit}", folder.display()))?;
                figures.add(took, replay.text(), resident("self"));
                if edit % every == 0 {
                    replay.compare().with_context(|| format!("seed {seed}, edit {edit}"))?;
                    compared += 1;
                }
            }
        }
        made += edits;
        figures.print(&folder);
    }
    match server {
        true => println!("{made} edits"),
        false => println!("{made} edits, {compared} comparisons: the same as cold runs"),
    }
    Ok(())
}

/// The same edits, sent to the language server: each is waited for until its diagnostics come.
fn through_server(folder: &Path, seed: u64, edits: u64, figures: &mut Figures) -> anyhow::Result<()> {
    let mut session = Session::open(folder, Common::default(), Vec::new())?;
    let mut typist = Typist::new(&check(&mut session)?, seed);
    drop(session);
    let mut client = Client::with_folders(&[folder], capabilities(), json!({}));
    let mut versions: BTreeMap<PathBuf, i32> = BTreeMap::new();
    for _ in 0..edits {
        let Some(document) = typist.edit() else { break };
        let version = match versions.get_mut(&document.path) {
            Some(version) => version,
            None => {
                client.open(&document.path, &document.original);
                client.diagnostics(&document.path, Some(1));
                versions.entry(document.path.clone()).or_insert(1)
            }
        };
        *version += 1;
        let began = Instant::now();
        client.replace(&document.path, *version, &document.text);
        client.diagnostics(&document.path, Some(*version));
        figures.add(began.elapsed(), &document.text, resident(&client.process().to_string()));
    }
    anyhow::ensure!(client.shut_down() == Some(0), "the server has not ended well");
    Ok(())
}

/// The same edits, on disk: what the command prints with its cache is what it prints without. Gives how often that was compared.
fn through_command(folder: &Path, seed: u64, edits: u64, every: u64, figures: &mut Figures) -> anyhow::Result<u64> {
    let copy = Copy::of(folder)?;
    let mut session = Session::open(copy.path(), Common::default(), Vec::new())?;
    let mut typist = Typist::new(&check(&mut session)?, seed);
    drop(session);
    let run = |more: &str| {
        let mut tool = binary::command(copy.path());
        tool.args(["-v", "--timings", "--message-format=json", more])
            .env("CARGO_TARGET_DIR", copy.path().join("target"));
        tool.output()
    };
    run("--exit-zero")?;
    let (mut compared, mut reused) = (0, 0);
    for edit in 1..=edits {
        let Some(document) = typist.edit() else { break };
        std::fs::write(&document.path, &document.text)?;
        let began = Instant::now();
        let warm = run("--exit-zero")?;
        figures.add(began.elapsed(), &document.text, None);
        reused += u64::from(!String::from_utf8_lossy(&warm.stderr).contains("reading and parsing"));
        if edit % every == 0 {
            let cold = run("--no-cache")?;
            anyhow::ensure!(
                warm.stdout == cold.stdout && warm.status == cold.status,
                "{}: seed {seed}, edit {edit} in {}: not what a run without the cache says",
                folder.display(),
                document.path.display()
            );
            compared += 1;
        }
    }
    println!("{}: {reused} of {edits} runs took the report from an earlier one", folder.display());
    Ok(compared)
}

/// A package in a folder of its own, without what was built in it.
struct Copy(tempfile::TempDir);

impl Copy {
    fn of(folder: &Path) -> anyhow::Result<Copy> {
        let copy = tempfile::tempdir()?;
        let walk = walkdir::WalkDir::new(folder).into_iter().filter_entry(|entry| entry.file_name() != "target");
        for entry in walk {
            let entry = entry?;
            let to = copy.path().join(entry.path().strip_prefix(folder)?);
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(to)?;
            } else if entry.file_type().is_file() {
                std::fs::copy(entry.path(), to)?;
            }
        }
        Ok(Copy(copy))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// What was measured in one package.
#[derive(Default)]
struct Figures {
    /// In ms.
    times: Vec<f64>,
    /// Beside one parse of the edited file.
    ratios: Vec<f64>,
    /// Resident memory in MB, after the first edit and after the last.
    memory: Option<(f64, f64)>,
}

impl Figures {
    fn add(&mut self, took: Duration, text: &str, memory: Option<f64>) {
        if let Some(parse) = parse_time(text) {
            self.ratios.push(took.as_secs_f64() / parse.as_secs_f64());
        }
        self.times.push(took.as_secs_f64() * 1000.0);
        let now = memory.unwrap_or(0.0);
        self.memory = Some((self.memory.map_or(now, |(first, _)| first), now));
    }

    fn print(&mut self, folder: &Path) {
        let (first, last) = self.memory.unwrap_or_default();
        println!(
            "{}: after an edit p50 {:.1} ms, p95 {:.1} ms; beside one parse of the file p50 {:.1}, p95 {:.1}; memory {first:.0} MB, then {last:.0} MB",
            folder.file_name().unwrap_or_default().display(),
            percentile(&mut self.times, 50),
            percentile(&mut self.times, 95),
            percentile(&mut self.ratios, 50),
            percentile(&mut self.ratios, 95),
        );
    }
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

/// Resident memory of a process in MB, where the system tells.
fn resident(process: &str) -> Option<f64> {
    let pages = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    Some(pages.split(' ').nth(1)?.parse::<f64>().ok()? * 4096.0 / 1e6)
}
