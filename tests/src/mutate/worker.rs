//! A process that examines cases and says what is wrong with them, for one that survives it.
//!
//! It reads requests from standard input, a line each: `cases FIRST COUNT` or `file EDITION LIBRARY TESTS PATH`. To each it writes the
//! problems, a line each, and a line `done`.

use super::examine::{self, Depth};
use super::{BATCH, Corpus, edition};
use crate::fixture::{Job, Setup, edition_name};
use anyhow::Context as _;
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// A line that ends what is said to a request.
pub(super) const DONE: &str = "done";

/// Answers requests until there are none. Runs on a pool of its own, with the stack that the tool gives itself.
pub fn serve(folders: &[PathBuf], seed: u64) -> anyhow::Result<()> {
    examine::keep_panics();
    let corpus = Corpus::read(folders)?;
    let pool = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(thread_lints::syntax::STACK_SIZE);
        pool.build().context("cannot start threads")
    };
    let (one, three) = (pool(1)?, pool(3)?);
    for line in std::io::stdin().lock().lines() {
        let jobs = requested(&line?, &corpus, seed)?;
        let batch = number_of(&jobs).filter(|_| jobs.len() > 1).map(|number| number / BATCH);
        let is_one_of = |share: u64| batch.is_none_or(|batch| batch.is_multiple_of(share));
        let depth = Depth { all: is_one_of(4), threads: is_one_of(8).then_some(&three) };
        let problems = one.install(|| {
            let alone = jobs.iter().flat_map(|job| {
                let found = examine::lexer(&job.text).into_iter().chain(examine::lowering(&job.text));
                found.collect::<Vec<String>>()
            });
            let mut problems: Vec<String> = alone.collect();
            problems.extend(examine::workspace(&jobs, depth));
            problems
        });
        let mut out = std::io::stdout().lock();
        for problem in problems {
            writeln!(out, "{}", problem.replace(['\n', '\r'], " "))?;
        }
        writeln!(out, "{DONE}")?;
        out.flush()?;
    }
    Ok(())
}

/// The number of the first case.
fn number_of(jobs: &[Job]) -> Option<u64> {
    jobs.first()?.path.strip_prefix("case_")?.strip_suffix(".rs")?.parse().ok()
}

fn requested(line: &str, corpus: &Corpus, seed: u64) -> anyhow::Result<Vec<Job>> {
    let unknown = || format!("the request `{line}`");
    let (verb, rest) = line.split_once(' ').with_context(unknown)?;
    match verb {
        "cases" => {
            let (first, count) = rest.split_once(' ').with_context(unknown)?;
            let (first, count): (u64, u64) = (first.parse()?, count.parse()?);
            Ok((first..first + count).map(|number| corpus.case(seed, number)).collect())
        }
        "file" => {
            let mut parts = rest.splitn(4, ' ');
            let mut next = || parts.next().with_context(unknown);
            let edition = edition(next()?)?;
            let (library, tests): (bool, bool) = (next()?.parse()?, next()?.parse()?);
            let path = next()?;
            let text = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
            let setup = Setup { library, tests, ..Setup::default() };
            Ok(vec![Job { path: String::from("file.rs"), text, edition, setup }])
        }
        _ => anyhow::bail!(unknown()),
    }
}

/// The request for a text that lies in a file.
pub(super) fn request_of(job: &Job, path: &std::path::Path) -> String {
    let (edition, library, tests) = (edition_name(job.edition), job.setup.library, job.setup.tests);
    format!("file {edition} {library} {tests} {}", path.display())
}
