//! The language server as an editor meets it: over standard input and output, message by message.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::fs;
use thread_lint_tests::binary::run;
use thread_lint_tests::lsp::{Client, capabilities, edited, uri};
use thread_lint_tests::package::package;

/// A loop whose edit is certain, and a thread whose edits somebody has to look at.
const BAD: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}

pub fn start() {
    std::thread::spawn(|| println!(\"up\"));
}
";

const GOOD: &str = "pub fn nothing() {}\n";

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

fn at(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

fn range(start: Value, end: Value) -> Value {
    json!({ "start": start, "end": end })
}

fn title<'a>(actions: &'a [Value], part: &str) -> &'a Value {
    let titles: Vec<&Value> = actions.iter().map(|action| &action["title"]).collect();
    let found = actions.iter().find(|action| action["title"].as_str().unwrap().contains(part));
    found.unwrap_or_else(|| panic!("no `{part}` among {titles:?}"))
}

#[test]
fn what_is_found_comes_and_goes_with_the_text() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    let found = client.diagnostics(&lib, None);
    assert_eq!(codes(&found), ["thread_lint::busy_wait_loops", "thread_lint::dropped_join_handles"]);
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(2), &json!("thread-lint")));
    assert!(!found[0]["relatedInformation"].as_array().unwrap().is_empty());
    // What is open counts, not what is on disk.
    client.open(&lib, GOOD);
    assert_eq!(client.diagnostics(&lib, Some(1)), Vec::<Value>::new());
    client.replace(&lib, 2, BAD);
    assert_eq!(client.diagnostics(&lib, Some(2)), found);
    // An edit in the middle of a line, then a line above: the same finding further down.
    let changes = json!([
        { "range": range(at(3, 41), at(3, 41)), "text": " " },
        { "range": range(at(0, 0), at(0, 0)), "text": "// 𝕏\r\n" },
    ]);
    client.change(&lib, 3, changes);
    assert_eq!(client.diagnostics(&lib, Some(3))[0]["range"]["start"], at(4, 4));
    client.close(&lib);
    assert_eq!(client.diagnostics(&lib, None), found);
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn a_quick_fix_makes_what_fix_makes() {
    // Carriage returns and characters outside of the first plane before and in what is edited.
    let bad = BAD.replace("flag", "flag𝕏").replace('\n', "\r\n").replace("𝕏", "_ä").replace("\"up\"", "\"𝕏\"");
    let dir = package(&[("src/lib.rs", &bad)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    client.open(&lib, &bad);
    let found = client.diagnostics(&lib, Some(1));
    let actions = client.actions(&lib, &found[0]["range"], Some("quickfix"));
    let certain = title(&actions, "spin");
    assert_eq!((&certain["isPreferred"], &certain["kind"]), (&json!(true), &json!("quickfix")));
    assert_eq!(certain["diagnostics"][0]["code"], found[0]["code"]);
    let document = json!({ "uri": uri(&lib), "version": 1 });
    assert_eq!(certain["edit"]["documentChanges"][0]["textDocument"], document);
    let fixed = edited(&bad, &certain["edit"], &lib);
    // What is not certain says so, and is not preferred.
    let unsafe_actions = client.actions(&lib, &found[1]["range"], None);
    let unsafe_fix = title(&unsafe_actions, "(check the result)");
    assert_eq!(unsafe_fix.get("isPreferred"), None);
    let both = edited(&bad, &unsafe_fix["edit"], &lib);
    assert_eq!(run(dir.path(), &["--fix", "--allow-no-vcs"]).code, 0);
    assert_eq!(fs::read_to_string(&lib).unwrap(), fixed);
    fs::write(&lib, &bad).unwrap();
    let only_this = ["--fix", "--unsafe-fixes", "--allow-no-vcs", "--", "-A", "busy_wait_loops"];
    assert_eq!(run(dir.path(), &only_this).code, 0);
    assert_eq!(fs::read_to_string(&lib).unwrap(), both);
    // Applied, the finding is gone.
    client.replace(&lib, 2, &fixed);
    assert_eq!(codes(&client.diagnostics(&lib, Some(2))), ["thread_lint::dropped_join_handles"]);
}
