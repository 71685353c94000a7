//! Old code: baselines, changed lines, statistics.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;
use thread_lint_tests::binary::{Ran, run};
use thread_lint_tests::package::{package, write};

const OLD: &str = "pub fn first() {\n    std::thread::spawn(|| 1);\n}\n\npub fn second() {\n    std::thread::spawn(|| 2);\n    std::thread::spawn(|| 2);\n}\n";

fn lint(dir: &Path, arguments: &[&str]) -> Ran {
    run(dir, &[&["--message-format", "short"], arguments].concat())
}

/// The lines of the findings.
fn lines(ran: &Ran) -> Vec<u32> {
    ran.out.lines().map(|line| line.split(':').nth(1).unwrap().parse().unwrap()).collect()
}

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
    let ran = Command::new("git").current_dir(dir).args(identity).args(arguments).output().unwrap();
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn what_is_in_the_baseline_is_not_reported() {
    let dir = package(&[("src/lib.rs", OLD)]);
    let written = lint(dir.path(), &["--baseline", "b.json", "--write-baseline", "--", "-D", "warnings"]);
    assert_eq!((written.code, written.out.as_str()), (0, ""));
    assert!(written.err.contains("Wrote b.json (3 findings)"), "{}", written.err);
    let with = ["--baseline", "b.json", "--", "-D", "warnings"];
    assert_eq!((lint(dir.path(), &with).code, lint(dir.path(), &with).out), (0, String::new()));
    // Moved, indented otherwise, and one of the two in `second` thrice.
    let edited = format!(
        "// new\n\n{}",
        OLD.replace(
            "    std::thread::spawn(|| 2);\n}",
            "  std::thread::spawn(|| 2);\n    std::thread::spawn(|| 2);\n}"
        )
    );
    write(dir.path(), "src/lib.rs", &edited);
    let ran = lint(dir.path(), &with);
    assert_eq!((ran.code, lines(&ran)), (1, vec![10]));
    // The same line in another item is new.
    write(dir.path(), "src/lib.rs", OLD.replace("fn first", "fn other"));
    let ran = lint(dir.path(), &with);
    assert_eq!(lines(&ran), [2]);
    assert!(
        ran.err.contains("findings that are gone") && ran.err.contains("src/lib.rs: `dropped_join_handles` in `first`"),
        "{}",
        ran.err
    );
}

#[test]
fn stale_entries_are_pruned_and_others_kept() {
    let dir = package(&[("src/lib.rs", "mod a;\nmod b;\n"), ("src/a.rs", OLD), ("src/b.rs", OLD)]);
    lint(dir.path(), &["--baseline", "b.json", "--write-baseline"]);
    let entries = || fs::read_to_string(dir.path().join("b.json")).unwrap().matches("\"lint\"").count();
    assert_eq!(entries(), 4);
    write(dir.path(), "src/a.rs", "pub fn first() {}\n");
    // A lint that does not run, and a file that cannot be read, decide nothing.
    let quiet = lint(dir.path(), &["--baseline", "b.json", "--", "-A", "all"]);
    assert!(!quiet.err.contains("gone"), "{}", quiet.err);
    write(dir.path(), "src/b.rs", "pub fn (");
    lint(dir.path(), &["--baseline", "b.json", "--prune-baseline"]);
    assert_eq!(entries(), 2);
    write(dir.path(), "src/b.rs", OLD);
    let ran = lint(dir.path(), &["--baseline", "b.json"]);
    assert!(ran.out.is_empty() && !ran.err.contains("gone"), "{}", ran.err);
    fs::remove_file(dir.path().join("src/b.rs")).unwrap();
    write(dir.path(), "src/lib.rs", "mod a;\n");
    lint(dir.path(), &["--baseline", "b.json", "--prune-baseline"]);
    assert_eq!(fs::read_to_string(dir.path().join("b.json")).unwrap(), "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

#[test]
fn a_baseline_that_cannot_be_read_is_an_error() {
    let dir = package(&[("src/lib.rs", OLD)]);
    let error = |text: Option<&str>| {
        if let Some(text) = text {
            write(dir.path(), "b.json", text);
        }
        let ran = lint(dir.path(), &["--baseline", "b.json"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    assert!(error(None).contains("cannot read the baseline `b.json`: no such file"));
    let broken = error(Some("{\n  \"version\": 1,\n  \"finding\": []\n}\n"));
    assert!(broken.contains("broken baseline `b.json`") && broken.contains("line 3"), "{broken}");
    assert!(error(Some("{ \"version\": 2, \"findings\": [] }")).contains("version 2 is not known"));
}

#[test]
fn only_changed_lines_are_reported_on() {
    let dir = package(&[("src/lib.rs", OLD), ("src/old.rs", "")]);
    git(dir.path(), &["init", "--quiet"]);
    git(dir.path(), &["add", "--all"]);
    git(dir.path(), &["commit", "--quiet", "-m", "old"]);
    git(dir.path(), &["checkout", "--quiet", "-b", "topic"]);
    assert_eq!(lint(dir.path(), &["--changed-since", "main"]).out, "");
    let new = format!("//! Head.\n{}", OLD.replace("second() {\n", "second() {\n    std::thread::spawn(|| 3);\n"));
    write(dir.path(), "src/lib.rs", &new);
    git(dir.path(), &["commit", "--quiet", "-am", "new"]);
    // Another line, not committed.
    write(dir.path(), "src/lib.rs", new.replace("|| 1)", "|| 10)"));
    assert_eq!(lines(&lint(dir.path(), &["--changed-since", "main"])), [3, 7]);
    assert_eq!(lines(&lint(dir.path(), &["--changed-since", "HEAD"])), [3]);
    assert_eq!(lint(dir.path(), &["--staged"]).out, "");
    git(dir.path(), &["add", "--all"]);
    // Later lines move what is staged.
    let later = fs::read_to_string(dir.path().join("src/lib.rs")).unwrap();
    write(
        dir.path(),
        "src/lib.rs",
        format!("//! Two\n//! more.\n{later}\npub fn third() {{\n    std::thread::spawn(|| 4);\n}}\n"),
    );
    assert_eq!(lines(&lint(dir.path(), &["--staged"])), [5]);
    // A file that git does not know is new as a whole.
    write(dir.path(), "src/main.rs", "fn main() {\n    std::thread::spawn(|| ());\n}\n");
    assert!(lint(dir.path(), &["--changed-since", "HEAD"]).out.contains("src/main.rs:2:"));
    let unknown = lint(dir.path(), &["--changed-since", "nowhere"]);
    assert!(unknown.code == 2 && unknown.err.contains("git: ") && unknown.err.contains("nowhere"), "{}", unknown.err);
}

#[test]
fn a_story_that_touches_a_changed_line_is_told() {
    let owner = "mod stop;\nuse std::sync::atomic::AtomicBool;\nuse std::sync::Arc;\nuse std::thread::JoinHandle;\npub struct W {\n    pub(crate) stop: Arc<AtomicBool>,\n    \
                 pub(crate) h: Option<JoinHandle<()>>,\n}\nimpl W {\n    pub fn new(stop: Arc<AtomicBool>) -> W {\n        let flag = Arc::clone(&stop);\n        \
                 let h = std::thread::spawn(move || while !flag.load(std::sync::atomic::Ordering::Relaxed) { std::thread::park(); });\n        W { stop, h: Some(h) }\n    }\n}\n";
    let stop = "impl Drop for super::W {\n    fn drop(&mut self) {\n        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);\n    }\n}\n";
    let dir = package(&[("src/lib.rs", owner), ("src/stop.rs", stop)]);
    git(dir.path(), &["init", "--quiet"]);
    git(dir.path(), &["add", "--all"]);
    git(dir.path(), &["commit", "--quiet", "-m", "old"]);
    let all = lint(dir.path(), &[]);
    assert!(all.out.contains("src/stop.rs:3:"), "{}", all.out);
    // The primary place is in the one file, the change in the other.
    write(dir.path(), "src/lib.rs", owner.replace("let h = std::thread::spawn", "let h =  std::thread::spawn"));
    let ran = lint(dir.path(), &["--changed-since", "HEAD"]);
    assert!(ran.out.contains("src/stop.rs:3:"), "{}", ran.out);
}

#[test]
fn statistics_and_exit_codes() {
    let dir = package(&[("src/lib.rs", OLD)]);
    let counted = run(dir.path(), &["--statistics", "--", "-D", "warnings"]);
    assert_eq!((counted.out.as_str(), counted.code), ("3  error    dropped_join_handles\n", 1));
    let passed = lint(dir.path(), &["--exit-zero", "--", "-D", "warnings"]);
    assert_eq!((lines(&passed).len(), passed.code), (3, 0));
    assert_eq!(run(dir.path(), &["--exit-zero", "no/such/file.rs"]).code, 2);
}
