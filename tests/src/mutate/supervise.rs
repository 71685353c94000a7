//! Hands cases to processes that may die of them, and makes the smallest text of each that does not go well.
//!
//! A batch that fails, aborts or does not end is done again case by case; a process that is lost is replaced. What fails is written to a
//! folder: the case, the smallest text that fails in the same way, and how to see it again.

use super::worker::{DONE, request_of};
use super::{BATCH, Corpus, shrink};
use crate::fixture::Job;
use anyhow::Context as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a request may take: what takes so long on a busy machine does not end.
const LIMIT: Duration = Duration::from_secs(120);

/// How long a single case may take, once its batch has not ended.
const LIMIT_ALONE: Duration = Duration::from_secs(30);

/// How often a smaller text is tried; so that what hangs is not tried for hours.
const TRIES: usize = 1_500;
const TRIES_IF_IT_HANGS: usize = 60;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The first case.
    pub first: u64,
    /// How many cases.
    pub cases: u64,
    /// How many processes.
    pub jobs: usize,
    /// Where the files are that cases are made of: see [`Corpus::read`].
    pub folders: Vec<PathBuf>,
    /// Where what fails is written.
    pub out: PathBuf,
    /// How many failures end it.
    pub most: usize,
}

/// A case that does not go well.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its number.
    pub case: u64,
    /// What is wrong.
    pub problem: String,
    /// The smallest text that does not go well either.
    pub smallest: PathBuf,
}

/// Runs all cases; gives those that do not go well, in their order.
pub fn run(plan: &Plan, say: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Vec<Failure>> {
    let corpus = Corpus::read(&plan.folders)?;
    let next = AtomicU64::new(plan.first);
    let failures: Mutex<Vec<Failure>> = Mutex::default();
    let (began, last) = (Instant::now(), plan.first + plan.cases);
    say(&format!("{} cases from {} files, seed {}", plan.cases, corpus.len(), plan.seed));
    let work = || -> anyhow::Result<()> {
        let mut worker = Worker::new(plan);
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= last || lock(&failures).len() >= plan.most {
                return Ok(());
            }
            let count = BATCH.min(last - first);
            if let Some(problem) = worker.ask(&format!("cases {first} {count}"), LIMIT)? {
                let found = alone(plan, &corpus, &mut worker, first..first + count, &problem)?;
                for failure in &found {
                    say(&format!("case {}: {}\n  {}", failure.case, failure.problem, failure.smallest.display()));
                }
                lock(&failures).extend(found);
            }
            let done = first + count - plan.first;
            if done % (BATCH * 512) < BATCH {
                say(&format!("{done} cases in {:.0} s", began.elapsed().as_secs_f64()));
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread has failed"))?)
    })?;
    let mut failures = failures.into_inner().unwrap_or_default();
    failures.sort_by_key(|failure| failure.case);
    Ok(failures)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What is wrong with a text in a file, if anything.
pub fn examine_file(plan: &Plan, job: &Job, path: &Path) -> anyhow::Result<Option<String>> {
    Worker::new(plan).ask(&request_of(job, path), LIMIT_ALONE)
}

/// The cases of a batch that fail alone; the first stands for all where none does.
fn alone(
    plan: &Plan,
    corpus: &Corpus,
    worker: &mut Worker<'_>,
    cases: std::ops::Range<u64>,
    together: &str,
) -> anyhow::Result<Vec<Failure>> {
    let mut failures = Vec::new();
    for case in cases.clone() {
        if let Some(problem) = worker.ask(&format!("cases {case} 1"), LIMIT_ALONE)? {
            failures.push(keep(plan, &corpus.case(plan.seed, case), worker, case, problem)?);
        }
    }
    if failures.is_empty() {
        let problem = format!("only together with the {} after it: {together}", cases.end - cases.start - 1);
        let smallest = plan.out.join(format!("{}-{}.rs", plan.seed, cases.start));
        write(&smallest, &corpus.case(plan.seed, cases.start).text)?;
        failures.push(Failure { case: cases.start, problem, smallest });
    }
    Ok(failures)
}

/// Writes a case that fails, and the smallest text that fails in the same way.
fn keep(plan: &Plan, job: &Job, worker: &mut Worker<'_>, case: u64, problem: String) -> anyhow::Result<Failure> {
    let stem = format!("{}-{case}", plan.seed);
    write(&plan.out.join(format!("{stem}.rs")), &job.text)?;
    let trial = plan.out.join(format!("{stem}.try.rs"));
    let tries = if problem == HANGS { TRIES_IF_IT_HANGS } else { TRIES };
    let mut lost = None;
    let text = shrink::shrink(&job.text, tries, |text| {
        let asked = write(&trial, text).and_then(|()| worker.ask(&request_of(job, &trial), LIMIT_ALONE));
        match asked {
            Ok(found) => found.is_some_and(|found| kind(&found) == kind(&problem)),
            Err(error) => {
                lost = Some(error);
                false
            }
        }
    });
    let _ = std::fs::remove_file(&trial);
    lost.map_or(Ok(()), Err)?;
    let smallest = plan.out.join(format!("{stem}.min.rs"));
    write(&smallest, &text)?;
    let again = format!("{problem}\n\nSeed {}, case {case}; alone: {}\n", plan.seed, request_of(job, &smallest));
    write(&plan.out.join(format!("{stem}.txt")), &again)?;
    Ok(Failure { case, problem, smallest })
}

/// What two problems share that are the same fault: their words, without numbers.
fn kind(problem: &str) -> String {
    let first = problem.split(" | ").next().unwrap_or(problem);
    let words = if first.starts_with("panic at") { first.split(": ").next().unwrap_or(first) } else { first };
    let words = words.split_once(" other findings:").map_or(words, |(before, _)| before);
    words
        .split_whitespace()
        .filter(|word| !word.contains("..") && !word.ends_with(','))
        .collect::<Vec<&str>>()
        .join(" ")
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

const HANGS: &str = "it does not end";

/// A process that examines; started when it is needed.
struct Worker<'p> {
    plan: &'p Plan,
    process: Option<Process>,
}

struct Process {
    child: Child,
    lines: Receiver<String>,
    /// Hands over what it prints; ends with its output.
    reader: JoinHandle<()>,
}

impl<'p> Worker<'p> {
    fn new(plan: &'p Plan) -> Worker<'p> {
        Worker { plan, process: None }
    }

    fn start(&self) -> anyhow::Result<Process> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--worker").arg("--seed").arg(self.plan.seed.to_string()).args(&self.plan.folders);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("cannot start a worker")?;
        let out = child.stdout.take().context("a worker without output")?;
        let (lines, received) = channel();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Process { child, lines: received, reader })
    }

    /// What is wrong, if anything: an abort and a time without end are as wrong as what it says.
    fn ask(&mut self, request: &str, limit: Duration) -> anyhow::Result<Option<String>> {
        if self.process.is_none() {
            self.process = Some(self.start()?);
        }
        let Some(Process { child, lines, .. }) = &mut self.process else { return Ok(None) };
        let input = child.stdin.as_mut().context("a worker without input")?;
        let began = Instant::now();
        let sent = writeln!(input, "{request}").and_then(|()| input.flush());
        let mut problems = Vec::new();
        while sent.is_ok() {
            match lines.recv_timeout(limit.saturating_sub(began.elapsed())) {
                Ok(line) if line == DONE => {
                    return Ok((!problems.is_empty()).then(|| problems.join(" | ")));
                }
                Ok(line) => problems.push(line),
                Err(RecvTimeoutError::Timeout) => {
                    self.end();
                    return Ok(Some(String::from(HANGS)));
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait().context("a worker is lost")?;
        self.end();
        Ok(Some(format!("the process is gone ({status})")))
    }

    fn end(&mut self) {
        if let Some(Process { mut child, lines, reader }) = self.process.take() {
            let _ = child.kill();
            let _ = child.wait();
            drop(lines);
            if reader.join().is_err() {
                eprintln!("the thread that reads a worker's output has panicked");
            }
        }
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        self.end();
    }
}
