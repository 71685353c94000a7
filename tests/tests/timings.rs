//! `--timings`: what it says, and that it disturbs nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use thread_lint_tests::binary::run;
use thread_lint_tests::package::package;

const MAIN: &str = "fn main() {\n    std::thread::spawn(|| {});\n    quiet(\"nobody asks for what is in here\");\n}\n
fn quiet(text: &str) {\n    println!(\"{text} {}\", text.len() * text.len());\n}\n";

/// The names of the rows with their times in milliseconds.
fn rows(table: &str) -> Vec<(String, f64)> {
    let rows = table.lines().filter_map(|line| line.split_once(" ms  "));
    rows.map(|(time, name)| (name.to_owned(), time.trim().parse().unwrap())).collect()
}

#[test]
fn every_step_and_every_lint_has_a_row() {
    let dir = package(&[("src/main.rs", MAIN)]);
    let plain = run(dir.path(), &["--message-format=json", "-j2"]);
    let timed = run(dir.path(), &["--message-format=json", "-j2", "--timings", "--no-cache"]);
    assert_eq!((plain.code, &plain.out), (timed.code, &timed.out));
    let heading = timed.err.lines().find(|line| line.trim_start().starts_with("Timings")).unwrap();
    let counts =
        format!("with 2 threads: 1 file, {} lines, {} bytes, 1 of 2 bodies read", MAIN.lines().count(), MAIN.len());
    assert!(heading.ends_with(&counts), "{heading}");
    let rows = rows(&timed.err);
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).filter(|name| !name.starts_with(' ')).collect();
    let steps = ["manifests and settings", "reading and parsing", "catalogue", "linking", "facts", "lints", "report"];
    assert_eq!(names, [&steps[..], &["disposal", "rendering", "the rest"]].concat());
    let lints = rows.iter().filter(|(name, _)| name.starts_with("  ")).count();
    let run_by_default =
        thread_lints::registry::lints().iter().filter(|lint| lint.level > thread_lints::lint::Level::Allow);
    assert_eq!(lints, run_by_default.count());
}

#[test]
fn a_run_that_takes_its_report_from_an_earlier_one_has_no_rows_for_lints() {
    let dir = package(&[("src/main.rs", MAIN)]);
    let first = run(dir.path(), &["--timings"]);
    let second = run(dir.path(), &["--timings"]);
    assert_eq!((first.code, first.out), (second.code, second.out));
    let (first, second) = (rows(&first.err), rows(&second.err));
    let has = |rows: &[(String, f64)], name: &str| rows.iter().any(|(row, _)| row == name);
    assert!(has(&first, "lints") && has(&first, "keeping it for a later run"), "{first:?}");
    assert!(!has(&second, "lints") && has(&second, "comparing with an earlier run"), "{second:?}");
}

#[test]
fn fixes_are_timed_too() {
    let dir = package(&[("src/main.rs", MAIN)]);
    let ran = run(dir.path(), &["--fix", "--unsafe-fixes", "--allow-no-vcs", "--timings"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(rows(&ran.err).iter().any(|(name, _)| name == "fixing"), "{}", ran.err);
    let graph = run(dir.path(), &["graph", "--timings"]);
    assert!(rows(&graph.err).iter().any(|(name, _)| name == "graph"), "{}", graph.err);
    let shown = run(dir.path(), &["--diff", "--timings"]);
    assert!(shown.out.is_empty() && rows(&shown.err).iter().any(|(name, _)| name == "fixing"), "{}", shown.err);
}

#[test]
fn nothing_is_said_unasked() {
    let dir = package(&[("src/main.rs", MAIN)]);
    assert!(!run(dir.path(), &["-v"]).err.contains("Timings"));
    let ran = run(dir.path(), &["--timings", "--watch"]);
    assert!(ran.code == 2 && ran.err.contains("leave one of them out"), "{}", ran.err);
}
