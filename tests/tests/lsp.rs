//! The language server as an editor meets it: over standard input and output, message by message.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use thread_lint_tests::binary::run;
use thread_lint_tests::lsp::{Client, capabilities, edited, pulling, uri};
use thread_lint_tests::package::{MANIFEST, package, write};

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

#[test]
fn every_position_encoding() {
    let text = "pub fn start() {\n\tlet _𝕏 = \"ä𝕏\"; std::thread::spawn(|| ());\n}\n";
    // `spawn` stands behind a tab, a letter of two bytes and two characters of four.
    let before = text.lines().nth(1).unwrap().split("std").next().unwrap();
    let columns = [
        (json!(["utf-8", "utf-16"]), "utf-8", before.len()),
        (json!(["utf-16"]), "utf-16", before.encode_utf16().count()),
        (json!(["utf-32"]), "utf-32", before.chars().count()),
        (Value::Null, "utf-16", before.encode_utf16().count()),
    ];
    let dir = package(&[("src/lib.rs", text)]);
    let lib = dir.path().join("src/lib.rs");
    for (offered, agreed, column) in columns {
        let mut can = capabilities();
        can["general"]["positionEncodings"] = offered;
        let mut client = Client::start(dir.path(), &[]);
        let answer = client.hello(&[dir.path()], can, Value::Null);
        assert_eq!(answer["capabilities"]["positionEncoding"], agreed);
        let found = client.diagnostics(&lib, None);
        assert_eq!(found[0]["range"]["start"], at(1, column as u32), "{agreed}");
        // An edit counted in these units: a space behind the semicolon.
        client.open(&lib, text);
        let behind = column as u32 - 1;
        client.change(&lib, 2, json!([{ "range": range(at(1, behind), at(1, behind)), "text": " " }]));
        assert_eq!(client.diagnostics(&lib, Some(2))[0]["range"]["start"], at(1, column as u32 + 1), "{agreed}");
    }
}

#[test]
fn the_findings_are_those_of_the_command() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let lib = dir.path().join("src/lib.rs");
    let told = run(dir.path(), &["--message-format", "json"]).out;
    let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<&Value> = told.iter().filter(|line| line["reason"] == "compiler-message").collect();
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    let found = client.diagnostics(&lib, None);
    assert_eq!(found.len(), told.len());
    for (found, told) in found.iter().zip(told) {
        let (message, span) = (&told["message"], &told["message"]["spans"][0]);
        assert_eq!(found["code"], message["code"]["code"]);
        assert!(found["message"].as_str().unwrap().starts_with(message["message"].as_str().unwrap()));
        assert_eq!(found["range"]["start"]["line"].as_u64().unwrap() + 1, span["line_start"].as_u64().unwrap());
        let labels: Vec<&Value> = message["spans"].as_array().unwrap().iter().map(|span| &span["label"]).collect();
        let story: Vec<&Value> =
            found["relatedInformation"].as_array().unwrap().iter().map(|related| &related["message"]).collect();
        assert_eq!(story, labels);
        let page = found["codeDescription"]["href"].as_str().unwrap();
        assert!(page.starts_with("https://") && page.contains(&found["code"].as_str().unwrap()[13..].to_uppercase()));
    }
}

#[test]
fn a_client_that_asks_is_answered_and_told_when_to_ask_again() {
    let caller = "pub fn run() { crate::a::begin(); }\n";
    let start = "pub fn begin() -> std::thread::JoinHandle<()> { std::thread::spawn(|| ()) }\n";
    let other = "pub fn begin() { }\n";
    let dir = package(&[("src/lib.rs", "pub mod a;\npub mod b;\n"), ("src/a.rs", start), ("src/b.rs", caller)]);
    let (a, b) = (dir.path().join("src/a.rs"), dir.path().join("src/b.rs"));
    let mut client = Client::with_folders(&[dir.path()], pulling(), Value::Null);
    client.open(&a, start);
    client.open(&b, caller);
    let ask = |client: &mut Client, path: &Path, known: &Value| {
        let params = json!({ "textDocument": { "uri": uri(path) }, "previousResultId": known });
        client.ask("textDocument/diagnostic", params).unwrap()
    };
    let first = ask(&mut client, &b, &Value::Null);
    assert_eq!((&first["kind"], first["items"].as_array().unwrap().len()), (&json!("full"), 1), "{first}");
    let again = ask(&mut client, &b, &first["resultId"]);
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    let whole = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    assert_eq!(whole["items"].as_array().unwrap().len(), 1);
    assert_eq!(whole["items"][0]["uri"], uri(&b));
    // What is known is not told again: the answer waits for something new, which an edit of another file brings.
    let known = json!([{ "uri": uri(&b), "value": whole["items"][0]["resultId"] }]);
    let waiting = client.begin("workspace/diagnostic", json!({ "previousResultIds": known }));
    client.replace(&a, 2, other);
    client.wait_for("workspace/diagnostic/refresh");
    assert_eq!(ask(&mut client, &b, &first["resultId"])["items"], json!([]));
    assert_eq!(client.end(waiting).unwrap()["items"][0]["items"], json!([]));
    assert!(client.came.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn actions_are_of_the_present_text_or_refused() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    client.open(&lib, BAD);
    client.diagnostics(&lib, Some(1));
    let loop_line = range(at(3, 4), at(3, 4));
    let params = json!({ "textDocument": { "uri": uri(&lib) }, "range": loop_line, "context": { "diagnostics": [] } });
    // Asked before the analysis of an edit is done: the answer is about the edited text.
    let moved = format!("\n{BAD}");
    client.replace(&lib, 2, &moved);
    assert_eq!(client.actions(&lib, &loop_line, None).len(), 1, "only all fixes of the file: the loop is a line below");
    let actions = client.actions(&lib, &range(at(4, 4), at(4, 4)), None);
    assert_eq!(edited(&moved, &title(&actions, "spin")["edit"], &lib).matches("spin_loop").count(), 1);
    // Edited while it waits: refused.
    client.replace(&lib, 3, BAD);
    let waiting = client.begin("textDocument/codeAction", params.clone());
    client.replace(&lib, 4, &moved);
    assert_eq!(client.end(waiting).unwrap_err()["code"], -32801);
    // What was offered for an older text is not made.
    let fix_all = title(&actions, "all certain").clone();
    assert_eq!(client.ask("codeAction/resolve", fix_all).unwrap_err()["code"], -32801);
    // Cancelled while it waits.
    client.replace(&lib, 5, BAD);
    let waiting = client.begin("textDocument/codeAction", params);
    client.tell("$/cancelRequest", json!({ "id": waiting }));
    assert_eq!(client.end(waiting).unwrap_err()["code"], -32800);
    client.diagnostics(&lib, Some(5));
    // With a syntax error the findings stay, but there is nothing to edit.
    let broken = BAD.replace("pub fn start", "pub fn (");
    client.replace(&lib, 6, &broken);
    let found = client.diagnostics(&lib, Some(6));
    assert_eq!(found[0]["code"], "thread_lint::busy_wait_loops");
    let note = found.iter().find(|found| found["code"] == "not_analysed").unwrap();
    assert_eq!((&note["severity"], &note["range"]["start"]), (&json!(4), &at(6, 7)));
    assert_eq!(client.actions(&lib, &loop_line, None), Vec::<Value>::new());
}

#[test]
fn suppressions_with_a_reason_and_all_fixes_of_a_file() {
    let loops = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn one(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}

pub fn two(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
    let worker = std::thread::spawn(|| ());
    drop(worker);
}
";
    let dir = package(&[("src/lib.rs", loops)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    client.open(&lib, loops);
    let before = client.diagnostics(&lib, Some(1)).len();
    let actions = client.actions(&lib, &range(at(3, 6), at(3, 8)), None);
    let allowed = edited(loops, &title(&actions, "allow `busy_wait_loops` here")["edit"], &lib);
    assert!(
        allowed.contains("    // thread-lint: allow(busy_wait_loops): why it is right here\n    while"),
        "{allowed}"
    );
    client.replace(&lib, 2, &allowed);
    assert_eq!(client.diagnostics(&lib, Some(2)).len(), before - 1);
    // All of a lint, and all that is certain, come when they are chosen: the edit is not there before.
    client.replace(&lib, 3, loops);
    let actions = client.actions(&lib, &range(at(3, 6), at(3, 8)), None);
    let of_lint = title(&actions, "fix all `busy_wait_loops` in this file").clone();
    assert_eq!(of_lint.get("edit"), None);
    let resolved = client.ask("codeAction/resolve", of_lint).unwrap();
    assert_eq!(edited(loops, &resolved["edit"], &lib).matches("spin_loop").count(), 2);
    let everything = client.actions(&lib, &range(at(0, 0), at(0, 0)), Some("source.fixAll"));
    assert_eq!((everything.len(), &everything[0]["kind"]), (1, &json!("source.fixAll.threadLint")));
    let resolved = client.ask("codeAction/resolve", everything[0].clone()).unwrap();
    let fixed = edited(loops, &resolved["edit"], &lib);
    assert_eq!(run(dir.path(), &["--fix", "--allow-no-vcs"]).code, 0);
    assert_eq!(fixed, fs::read_to_string(&lib).unwrap());
    // A client that cannot ask again gets the edits at once, and without versions where it knows none.
    let mut can = capabilities();
    can["textDocument"]["codeAction"]["resolveSupport"] = Value::Null;
    can["workspace"]["workspaceEdit"]["documentChanges"] = json!(false);
    let mut plain = Client::with_folders(&[dir.path()], can, Value::Null);
    plain.open(&lib, loops);
    let actions = plain.actions(&lib, &range(at(0, 0), at(0, 0)), Some("source.fixAll.threadLint"));
    assert_eq!(edited(loops, &actions[0]["edit"], &lib), fixed);
}

#[test]
fn a_name_in_a_suppression_shows_its_page() {
    let text = "\
// thread-lint: allow(dropped_join_handles, join): all of them end by themselves
pub fn start() {
    std::thread::spawn(|| ());
}

#[cfg_attr(any(), thread_lint::allow(busy_wait_loops))]
pub fn nothing() {}
";
    let dir = package(&[("src/lib.rs", text)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    client.open(&lib, text);
    let mut hover = |line, character| {
        let params = json!({ "textDocument": { "uri": uri(&lib) }, "position": at(line, character) });
        client.ask("textDocument/hover", params).unwrap()
    };
    let shown = hover(0, 30);
    assert_eq!((&shown["contents"]["kind"], &shown["range"]["start"]), (&json!("markdown"), &at(0, 22)));
    let page = run(dir.path(), &["--explain", "dropped_join_handles"]).out;
    assert_eq!(shown["contents"]["value"], page);
    assert!(hover(0, 45)["contents"]["value"].as_str().unwrap().contains("A group of lints"));
    assert!(hover(5, 45)["contents"]["value"].as_str().unwrap().contains("thread_lint::busy_wait_loops"));
    assert_eq!(hover(0, 60), Value::Null);
    assert_eq!(hover(2, 10), Value::Null);
}

#[test]
fn folders_come_and_go_and_a_file_brings_its_own() {
    let (one, two) = (package(&[("src/lib.rs", BAD)]), package(&[("src/lib.rs", BAD)]));
    let (first, second) = (one.path().join("src/lib.rs"), two.path().join("src/lib.rs"));
    let mut client = Client::with_folders(&[one.path()], capabilities(), Value::Null);
    assert_eq!(client.diagnostics(&first, None).len(), 2);
    let folder = |dir: &Path| json!([{ "uri": uri(dir), "name": "x" }]);
    let change = |client: &mut Client, added: Value, removed: Value| {
        let event = json!({ "event": { "added": added, "removed": removed } });
        client.tell("workspace/didChangeWorkspaceFolders", event);
    };
    change(&mut client, folder(two.path()), json!([]));
    assert_eq!(client.diagnostics(&second, None).len(), 2);
    change(&mut client, json!([]), folder(one.path()));
    assert_eq!(client.diagnostics(&first, None).len(), 0);
    // No folder covers it any more: the document brings its package, until it is closed.
    client.open(&first, BAD);
    assert_eq!(client.diagnostics(&first, Some(1)).len(), 2);
    client.close(&first);
    assert_eq!(client.diagnostics(&first, None).len(), 0);
    assert_eq!(client.shut_down(), Some(0));
    // Without any folder: a file of a package, and one that has none and is not even on disk.
    let loose = tempfile::tempdir().unwrap();
    let script = loose.path().join("script.rs");
    let mut client = Client::with_folders(&[], capabilities(), Value::Null);
    client.open(&script, BAD);
    assert_eq!(client.diagnostics(&script, Some(1)).len(), 2);
    client.open(&second, BAD);
    assert_eq!(client.diagnostics(&second, Some(1)).len(), 2);
    client.close(&script);
    assert_eq!(client.diagnostics(&script, None).len(), 0);
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn settings_of_the_editor_and_of_the_project() {
    let tested = format!(
        "{GOOD}#[cfg(test)]\nmod tests {{\n    fn helper() {{\n        std::thread::spawn(|| ());\n    }}\n}}\n"
    );
    let dir = package(&[("src/lib.rs", BAD), ("src/main.rs", &format!("fn main() {{}}\n{tested}"))]);
    let (lib, main) = (dir.path().join("src/lib.rs"), dir.path().join("src/main.rs"));
    let options = json!({ "levels": ["-A", "busy_wait_loops", "-D", "dropped_join_handles"] });
    let mut client = Client::with_folders(&[dir.path()], capabilities(), options);
    let found = client.diagnostics(&lib, None);
    assert_eq!((codes(&found), &found[0]["severity"]), (vec!["thread_lint::dropped_join_handles"], &json!(1)));
    let settings = json!({ "settings": { "threadLint": { "tests": true } } });
    client.tell("workspace/didChangeConfiguration", settings);
    assert_eq!(client.diagnostics(&lib, None).len(), 2);
    assert_eq!(codes(&client.diagnostics(&main, None)), ["thread_lint::dropped_join_handles"]);
    // A mistake is told of, and changes nothing.
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "levels": ["-W", "pedantik"] } }));
    let told = client.wait_for("window/showMessage");
    assert!(told["message"].as_str().unwrap().contains("did you mean `pedantic`?"), "{told}");
    // The project's own settings, written while the server runs.
    write(dir.path(), "thread-lint.toml", "exclude = [\"src/main.rs\"]\n");
    let watched = |name: &str, kind: u32| json!({ "changes": [{ "uri": uri(&dir.path().join(name)), "type": kind }] });
    client.tell("workspace/didChangeWatchedFiles", watched("thread-lint.toml", 1));
    assert_eq!(client.diagnostics(&main, None).len(), 0);
    // Broken ones are shown where they stand, once; what was found stays.
    write(dir.path(), "thread-lint.toml", "exclude = [\"src/main.rs\"]\nlint = 1\n");
    client.tell("workspace/didChangeWatchedFiles", watched("thread-lint.toml", 2));
    let told = client.wait_for("window/showMessage");
    assert!(told["message"].as_str().unwrap().contains("unknown key `lint`"), "{told}");
    let broken = client.diagnostics(&dir.path().join("thread-lint.toml"), None);
    assert_eq!((&broken[0]["range"]["start"]["line"], &broken[0]["severity"]), (&json!(1), &json!(1)));
    client.open(&lib, GOOD);
    write(dir.path(), "Cargo.toml", "[package\n");
    client.tell("workspace/didChangeWatchedFiles", watched("Cargo.toml", 2));
    let broken = client.diagnostics(&dir.path().join("Cargo.toml"), None);
    assert_eq!(broken[0]["range"]["start"]["line"], 0);
    write(dir.path(), "Cargo.toml", MANIFEST);
    fs::remove_file(dir.path().join("thread-lint.toml")).unwrap();
    client.tell("workspace/didChangeWatchedFiles", watched("Cargo.toml", 2));
    assert_eq!(client.diagnostics(&dir.path().join("Cargo.toml"), None).len(), 0);
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn all_members_of_a_workspace_and_the_levels_of_the_command_line() {
    let member = |name: &str| MANIFEST.replace("\"a\"", &format!("\"{name}\""));
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", format!("{}\n[workspace]\nmembers = [\"b\"]\n", MANIFEST));
    write(dir.path(), "src/lib.rs", GOOD);
    write(dir.path(), "b/Cargo.toml", member("b"));
    write(dir.path(), "b/src/lib.rs", BAD);
    // A package of its own inside the folder, that the workspace does not know.
    write(dir.path(), "c/Cargo.toml", format!("{}\n[workspace]\n", member("c")));
    write(dir.path(), "c/src/lib.rs", BAD);
    let mut client = Client::start(dir.path(), &["--stdio", "--", "-A", "busy_wait_loops"]);
    client.hello(&[dir.path()], capabilities(), Value::Null);
    let expected = ["thread_lint::dropped_join_handles"];
    assert_eq!(codes(&client.diagnostics(&dir.path().join("b/src/lib.rs"), None)), expected);
    let apart = dir.path().join("c/src/lib.rs");
    client.open(&apart, BAD);
    assert_eq!(codes(&client.diagnostics(&apart, Some(1))), expected);
    assert_eq!(client.shut_down(), Some(0));
    assert_eq!(run(dir.path(), &["lsp", "--", "-W", "no_such_lint"]).code, 2);
}

#[test]
fn files_that_change_on_disk_with_and_without_a_watching_client() {
    let dir = package(&[("src/lib.rs", "mod a;\n"), ("src/a.rs", GOOD)]);
    let (lib, a) = (dir.path().join("src/lib.rs"), dir.path().join("src/a.rs"));
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    let registered = client.wait_for("client/registerCapability");
    assert_eq!(registered["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    client.open(&lib, "mod a;\n");
    client.diagnostics(&lib, Some(1));
    fs::write(&a, BAD).unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&a), "type": 2 }] }));
    assert_eq!(client.diagnostics(&a, None).len(), 2);
    fs::remove_file(&a).unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&a), "type": 3 }] }));
    assert_eq!(client.diagnostics(&a, None).len(), 0);
    // Nobody watches: what is on disk is looked at when something is saved.
    fs::write(&a, GOOD).unwrap();
    let mut can = capabilities();
    can["workspace"]["didChangeWatchedFiles"] = Value::Null;
    let mut client = Client::with_folders(&[dir.path()], can, Value::Null);
    client.open(&lib, "mod a;\n");
    client.diagnostics(&lib, Some(1));
    write(dir.path(), "thread-lint.toml", "lints.stop = \"allow\"\nno_such_key = 1\n");
    client.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri(&lib) } }));
    assert!(client.wait_for("window/showMessage")["message"].as_str().unwrap().contains("no_such_key"));
}

#[test]
fn what_a_client_does_wrong() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let lib = dir.path().join("src/lib.rs");
    let mut client = Client::start(dir.path(), &[]);
    assert_eq!(client.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32002);
    client.hello(&[dir.path()], capabilities(), Value::Null);
    assert_eq!(client.ask("initialize", json!({ "capabilities": {} })).unwrap_err()["code"], -32600);
    assert_eq!(client.ask("textDocument/rename", json!({})).unwrap_err()["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!({ "position": 1 })).unwrap_err()["code"], -32602);
    // A body that is no message, notifications that make no sense, documents that are not open.
    client.write(b"Content-Length: 5\r\n\r\n{oops");
    assert!(client.wait_for("window/logMessage")["message"].as_str().unwrap().contains("not understood"));
    client.tell("textDocument/didOpen", json!([1]));
    client.replace(&lib, 7, "fn");
    client.close(&lib);
    client.tell("no/such/notification", Value::Null);
    let other = json!({ "uri": "untitled:Untitled-1", "languageId": "rust", "version": 1, "text": BAD });
    client.tell("textDocument/didOpen", json!({ "textDocument": other }));
    // An edit outside of the text is drawn in.
    client.open(&lib, GOOD);
    client.change(&lib, 2, json!([{ "range": range(at(99, 99), at(0, 0)), "text": BAD }]));
    assert_eq!(client.diagnostics(&lib, Some(2)).len(), 2);
    assert_eq!(client.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32600);
    client.tell("exit", Value::Null);
    assert_eq!(client.exit_code(), Some(0));
}

#[test]
fn it_ends_with_its_input() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    assert_eq!(client.exit_code(), Some(1), "without `shutdown`");
    let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
    client.tell("exit", Value::Null);
    assert_eq!(client.exit_code(), Some(1), "without `shutdown`");
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"Content-Length: 99999999999999\r\n\r\n", b"\xff\xfe\n"] {
        let mut client = Client::with_folders(&[dir.path()], capabilities(), Value::Null);
        client.write(garbage);
        assert_eq!(client.exit_code(), Some(1));
    }
}
