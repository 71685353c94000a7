//! Where links to the lints' documentation lead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use thread_lint_tests::binary::{command, ran, run};
use thread_lint_tests::package::package;
use thread_lint_tests::{report, root};
use thread_lints::registry::lints;

const BAD: &str = "pub fn start() {\n    std::thread::spawn(|| ());\n}\n";

#[test]
fn every_lint_has_a_page() {
    let target = target_dir();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["doc", "--quiet", "--package", "thread-lints", "--no-deps", "--target-dir"]).arg(&target);
    let documented =
        cargo.current_dir(root()).env("RUSTDOCFLAGS", "-D warnings").stdin(Stdio::null()).output().unwrap();
    assert!(documented.status.success(), "{}", String::from_utf8_lossy(&documented.stderr));
    let mut problems = Vec::new();
    for lint in lints() {
        let start = format!("https://docs.rs/thread-lints/{}/", env!("CARGO_PKG_VERSION"));
        let page = lint.page();
        let file = page.strip_prefix(&start).unwrap_or_else(|| panic!("{page} does not start with {start}"));
        let file = target.join("doc").join(file);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        // The documentation as a whole, not a mere entry.
        if !text.contains("What it does") || !text.contains("Known limits") {
            problems.push(format!("{}: there is no documentation in {}", lint.name, file.display()));
        }
    }
    report(&problems);
}

/// The target folder that the tests themselves are built into.
fn target_dir() -> std::path::PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(3).unwrap().to_path_buf()
}

#[test]
fn links_only_where_they_are_asked_for() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let has_link = |text: &str| text.contains("\u{1b}]8;;https://docs.rs/thread-lints/");
    let out = |arguments: &[&str]| run(dir.path(), arguments).out;
    assert!(!has_link(&out(&[])) && !has_link(&out(&["--color", "always"])));
    assert!(has_link(&out(&["--hyperlinks", "always"])));
    assert!(has_link(&out(&["--hyperlinks=always", "--message-format", "short"])));
    // Not where a machine reads, and not in files.
    for format in ["json", "json-diagnostic-rendered-ansi", "sarif", "junit", "github"] {
        assert!(!out(&["--hyperlinks=always", "--message-format", format]).contains("\\u001b]8"), "{format}");
        assert!(!has_link(&out(&["--hyperlinks=always", "--message-format", format])), "{format}");
    }
    run(dir.path(), &["--hyperlinks=always", "--output-file", "out.txt"]);
    assert!(!has_link(&read(dir.path(), "out.txt")));
    assert_eq!(run(dir.path(), &["--hyperlinks", "sometimes"]).code, 2);
    // The custom of other tools: on where there is no terminal, or off; colour is a condition.
    let forced = |value: &str, arguments: &[&str]| {
        let output = command(dir.path()).env("FORCE_HYPERLINK", value).args(arguments).output().unwrap();
        has_link(&ran(output).out)
    };
    assert!(forced("1", &["--color=always"]) && !forced("0", &["--color=always"]) && !forced("1", &[]));
    assert!(!forced("1", &["--color=always", "--hyperlinks=never"]));
}

fn read(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).unwrap()
}

#[test]
fn formats_for_forges_lead_to_the_page() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let page = thread_lints::registry::find("dropped_join_handles").unwrap().page();
    let markdown = run(dir.path(), &["--message-format", "markdown"]).out;
    assert!(markdown.contains(&format!("[`thread_lint::dropped_join_handles`]({page})")), "{markdown}");
    let sarif: serde_json::Value = serde_json::from_str(&run(dir.path(), &["--message-format", "sarif"]).out).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), lints().len());
    for (rule, lint) in rules.iter().zip(lints()) {
        assert_eq!(rule["helpUri"], lint.page());
    }
}
