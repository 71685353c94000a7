//! Input that nobody expects: each kind is made in a folder of its own, and a run of the tool on it is held to an exit code, to what it
//! says on standard error, line by line, and to what it finds. The table in `docs/odd-input.md` is written of the same data.
//!
//! Invariants: a run that does not end is killed and fails; what is not said in a case is not said by the run.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod code;
mod files;
mod manifests;
mod modules;
mod settings;
mod text;

use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use thread_lint_tests::binary::{Ran, command, ran};
use thread_lint_tests::expected::Expected;
use thread_lint_tests::package::{MANIFEST, write};
use thread_lint_tests::{report, root};

/// A thread that nobody joins, on line 2.
const BAD: &str = "fn main() {\n    std::thread::spawn(|| {});\n}\n";

/// What is found in [`BAD`] where it stands alone.
const FOUND: &str = "src/main.rs:2:5: dropped_join_handles";

/// The same, with a module before it.
const FOUND_BELOW: &str = "src/main.rs:3:5: dropped_join_handles";

/// Nothing is awaited that long but a run that hangs.
const LIMIT: Duration = Duration::from_secs(100);

/// One kind of input, and what it gets.
struct Case {
    /// In the table.
    kind: &'static str,
    /// Makes it in an empty folder.
    make: fn(&Path),
    /// What the tool is called with, beside the format.
    arguments: &'static [&'static str],
    code: i32,
    /// `path:line:column: lint`, in order.
    finds: &'static [&'static str],
    /// The lines on standard error but the last, with `…` for the folder.
    says: &'static [&'static str],
}

impl Case {
    const fn new(kind: &'static str, make: fn(&Path)) -> Case {
        Case { kind, make, arguments: &[], code: 0, finds: &[], says: &[] }
    }

    const fn with(self, arguments: &'static [&'static str]) -> Case {
        Case { arguments, ..self }
    }

    const fn exits(self, code: i32) -> Case {
        Case { code, ..self }
    }

    const fn finds(self, finds: &'static [&'static str]) -> Case {
        Case { finds, ..self }
    }

    const fn says(self, says: &'static [&'static str]) -> Case {
        Case { says, ..self }
    }

    /// What is wrong with a run.
    fn problem(&self) -> Option<String> {
        let dir = tempfile::tempdir().unwrap();
        (self.make)(dir.path());
        let ran = match run_within_limit(dir.path(), self.arguments) {
            Ok(ran) => ran,
            Err(problem) => return Some(format!("{}: {problem}", self.kind)),
        };
        let folder = dir.path().display().to_string();
        let says: Vec<String> =
            ran.err.lines().filter(|line| !line.contains("Finished ")).map(|line| line.replace(&folder, "…")).collect();
        let finds: Vec<String> = ran.out.lines().map(place_and_lint).collect();
        let as_wanted = ran.code == self.code && says == self.says && finds == self.finds;
        (!as_wanted).then(|| {
            format!("{}\n        .exits({})\n        .finds(&{finds:?})\n        .says(&{says:?})", self.kind, ran.code)
        })
    }

    fn row(&self) -> String {
        let code = |text: &&str| format!("`` {} ``", text.replace('|', "\\|"));
        let listed = |texts: &[&str]| texts.iter().map(code).collect::<Vec<_>>().join("<br>");
        let kind = self.kind.replace('|', "\\|");
        format!("| {kind} | {} | {} | {} |\n", self.code, listed(self.finds), listed(self.says))
    }
}

/// `path:line:column: warning[thread_lint::lint]: message` without the message.
fn place_and_lint(line: &str) -> String {
    let short = line.split_once(": warning[thread_lint::").and_then(|(place, rest)| {
        let (lint, _) = rest.split_once(']')?;
        Some(format!("{place}: {lint}"))
    });
    short.unwrap_or_else(|| line.to_owned())
}

fn run_within_limit(dir: &Path, arguments: &[&str]) -> Result<Ran, String> {
    let mut child = command(dir)
        .args(["--message-format", "short"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    let reader = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).map(|_| bytes)
        })
    };
    let out = reader(Box::new(child.stdout.take().expect("a pipe")));
    let err = reader(Box::new(child.stderr.take().expect("a pipe")));
    let began = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child") {
            Some(status) => break status,
            None if began.elapsed() > LIMIT => {
                child.kill().expect("a child that can be killed");
                child.wait().expect("a child");
                return Err(String::from("it hangs"));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let bytes = |reader: std::thread::JoinHandle<std::io::Result<Vec<u8>>>| reader.join().unwrap().unwrap();
    let (stdout, stderr) = (bytes(out), bytes(err));
    if status.code().is_none() {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&stderr)));
    }
    Ok(ran(Output { status, stdout, stderr }))
}

/// Headings of the table, and the cases under each.
fn chapters() -> [(&'static str, Vec<Case>); 6] {
    [
        ("Text", text::cases()),
        ("Files and folders", files::cases()),
        ("Modules", modules::cases()),
        ("Code", code::cases()),
        ("Manifests", manifests::cases()),
        ("Settings", settings::cases()),
    ]
}

/// A package whose `src/main.rs` is this.
fn main_file(dir: &Path, text: impl AsRef<[u8]>) {
    write(dir, "Cargo.toml", MANIFEST);
    write(dir, "src/main.rs", text);
}

/// A package with [`BAD`], and a module `odd` that something else has to be made for.
fn beside(dir: &Path) {
    main_file(dir, format!("mod odd;\n{BAD}"));
}

/// A package with [`BAD`] and a module of this text.
fn module(dir: &Path, text: impl AsRef<[u8]>) {
    beside(dir);
    write(dir, "src/odd.rs", text);
}

#[test]
fn every_kind_gets_what_the_table_says() {
    let only = std::env::var("ODD_INPUT").unwrap_or_default();
    let cases: Vec<Case> = chapters().into_iter().flat_map(|(_, cases)| cases).collect();
    let problems: Vec<String> =
        cases.par_iter().filter(|case| case.kind.contains(&only)).filter_map(Case::problem).collect();
    report(&problems);
}

#[test]
fn the_table_is_that_of_the_cases() {
    let path = root().join("docs/odd-input.md");
    let mut text = String::from(HEAD);
    let mut kinds = BTreeSet::new();
    for (heading, cases) in chapters() {
        text.push_str(&format!(
            "\n## {heading}\n\n| Input | Exit | Findings | Said on standard error |\n|---|---|---|---|\n"
        ));
        for case in &cases {
            assert!(kinds.insert(case.kind), "`{}` is there twice", case.kind);
            text.push_str(&case.row());
        }
    }
    assert!(kinds.len() >= 60, "only {} kinds", kinds.len());
    let mut expected = Expected::default();
    expected.file(path.clone(), text);
    let mut problems = Vec::new();
    expected.settle(&[path], &mut problems);
    report(&problems);
}

const HEAD: &str = "# Odd input

What each kind of malformed or odd input gets. The page is written of the cases of `tests/tests/odd_inputs`, each of which makes the
input, runs the tool on it, and compares exit code, findings and everything on standard error with what stands here (`…` is the
folder). `BLESS=1 cargo test -p thread-lint-tests --test odd_inputs` writes it anew.

Where nothing else is said, `src/main.rs` starts a thread that nobody joins: its finding shows that the rest of the package is
read whatever is wrong beside it.
";
