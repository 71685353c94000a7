//! rust-analyzer with our tool as its check command: the real program, spoken to as an editor does.
//!
//! Where it is not installed this is left out; `THREAD_LINT_RUST_ANALYZER=required` in the environment makes that a failure.
//! `THREAD_LINT_TRANSCRIPT=1` prints what came of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thread_lint_tests::binary;
use thread_lint_tests::package::package;

/// Loading a package takes seconds, much longer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

const BAD: &str = "\
pub fn holds_nothing(list: &[u8]) -> bool {
    list.len() == 0
}

pub fn start() {
    /* 🦀 */ std::thread::spawn(|| ());
}
";

const FIXED: &str = "\
pub fn holds_nothing(list: &[u8]) -> bool {
    list.len() == 0
}

pub fn start() {
    /* 🦀 */ // detached: nobody waits for this thread
    drop(std::thread::spawn(|| ()));
}
";

fn is_there() -> bool {
    let asked = Command::new("rust-analyzer").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = asked.is_ok_and(|status| status.success());
    if !is_there {
        let wanted = std::env::var("THREAD_LINT_RUST_ANALYZER");
        assert_ne!(wanted.as_deref(), Ok("required"), "`rust-analyzer` is not installed");
        eprintln!("`rust-analyzer` is not installed: our part as its check command is not tested with it");
    }
    is_there
}

/// An editor with one package open.
struct Editor {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    reader: Option<JoinHandle<()>>,
    file: String,
    next_id: u64,
}

impl Editor {
    /// Opens `src/lib.rs` of a package with these settings of rust-analyzer.
    fn open(dir: &Path, check: Value) -> Editor {
        let dir = fs::canonicalize(dir).unwrap();
        let mut path = vec![binary::path().parent().unwrap().to_path_buf()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let mut server = Command::new("rust-analyzer")
            .current_dir(&dir)
            .env("PATH", std::env::join_paths(path).unwrap())
            // Else it would be built where these tests are.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = server.stdin.take().unwrap();
        let file = uri(&dir.join("src/lib.rs"));
        let mut editor = Editor { server, input, messages, reader: Some(reader), file, next_id: 0 };
        let capabilities = json!({
            "textDocument": {
                "publishDiagnostics": { "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true },
                "codeAction": {
                    "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
                    "dataSupport": true, "resolveSupport": { "properties": ["edit"] }
                }
            },
            "experimental": { "serverStatusNotification": true }
        });
        editor.request(
            "initialize",
            json!({
                "processId": std::process::id(), "rootUri": uri(&dir), "capabilities": capabilities,
                "workspaceFolders": [{ "uri": uri(&dir), "name": "a" }],
                "initializationOptions": {
                    "check": check, "checkOnSave": true, "cachePriming": { "enable": false }, "procMacro": { "enable": false },
                    "cargo": { "buildScripts": { "enable": false }, "sysroot": null },
                }
            }),
        );
        editor.notify("initialized", json!({}));
        let text = fs::read_to_string(dir.join("src/lib.rs")).unwrap();
        let document = json!({ "uri": editor.file, "languageId": "rust", "version": 1, "text": text });
        editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
        editor
    }

    fn write(&mut self, message: Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, parameters: Value) {
        self.write(json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    fn request(&mut self, method: &str, parameters: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.write(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        let answer = self.wait(method, |message| message["id"] == id && message.get("method").is_none());
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The next message that is wanted; what the server asks meanwhile gets no answer but that it was heard.
    fn wait(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).unwrap_or_else(|error| panic!("{what}: {error}"));
            if is_wanted(&message) {
                return message;
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                self.write(json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
        }
    }

    /// The diagnostics of the file, once they come from these sources and none of those.
    fn diagnostics(&mut self, sources: &[&str], others: &[&str]) -> Vec<Value> {
        let file = self.file.clone();
        let told = self.wait(&format!("diagnostics of {sources:?}"), |message| {
            let Some(found) = message["params"]["diagnostics"].as_array() else { return false };
            let has = |source: &&str| found.iter().any(|found| found["source"] == *source);
            message["params"]["uri"] == file.as_str() && sources.iter().all(has) && !others.iter().any(has)
        });
        told["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// The package is loaded: what is saved before is not heard of.
    fn wait_until_loaded(&mut self) {
        self.wait("the package", |message| {
            message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true
        });
    }

    fn save(&mut self) {
        let document = json!({ "uri": self.file });
        self.notify("textDocument/didSave", json!({ "textDocument": document }));
    }

    fn quick_fixes(&mut self, diagnostic: &Value) -> Vec<Value> {
        let context = json!({ "diagnostics": [diagnostic], "only": ["quickfix"] });
        let document = json!({ "uri": self.file });
        let actions = self.request(
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": diagnostic["range"], "context": context }),
        );
        actions.as_array().cloned().unwrap_or_default()
    }

    fn close(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.server.wait().unwrap();
    }
}

/// A test that fails leaves no server behind.
impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        // Its output has ended with it.
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(text) = line.strip_prefix("Content-Length: ") {
            length = text.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The text with the edits of a code action made, from the last to the first.
fn edited(text: &str, action: &Value, file: &str) -> String {
    let edits = action["edit"]["changes"][file].as_array().unwrap_or_else(|| panic!("{action}"));
    let place = |edit: &Value, end: &str| offset(text, &edit["range"][end]);
    let text_of = |edit: &Value| edit["newText"].as_str().unwrap().to_owned();
    let mut edits: Vec<(usize, usize, String)> =
        edits.iter().map(|edit| (place(edit, "start"), place(edit, "end"), text_of(edit))).collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}

/// A position counts in UTF-16.
fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap() as usize;
    let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut left = position["character"].as_u64().unwrap() as usize;
    let mut at = line_start;
    for character in text[line_start..].chars() {
        if left == 0 {
            break;
        }
        left -= character.len_utf16();
        at += character.len_utf8();
    }
    at
}

fn show(title: &str, value: &Value) {
    if std::env::var_os("THREAD_LINT_TRANSCRIPT").is_some() {
        eprintln!("{title}: {}", serde_json::to_string_pretty(value).unwrap());
    }
}

/// rust-analyzer adds the new text to a fix's title.
fn is_titled(fix: &Value, title: &str) -> bool {
    fix["title"].as_str().is_some_and(|text| text.starts_with(title))
}

fn ours(diagnostics: &[Value]) -> Value {
    diagnostics.iter().find(|found| found["source"] == "thread_lint").unwrap().clone()
}

#[test]
fn check_command_with_clippy_beside_it() {
    if !is_there() {
        return;
    }
    let dir = package(&[("src/lib.rs", BAD)]);
    let check = json!({ "command": "thread-lint", "extraArgs": ["--also", "clippy"] });
    let mut editor = Editor::open(dir.path(), check);
    let diagnostics = editor.diagnostics(&["thread_lint", "clippy"], &[]);
    let found = ours(&diagnostics);
    show("diagnostic", &found);
    assert_eq!((&found["code"], &found["severity"]), (&json!("dropped_join_handles"), &json!(2)));
    assert_eq!(found["range"]["start"], json!({ "line": 5, "character": 13 }));
    assert!(found["message"].as_str().unwrap().contains("is detached: its handle is dropped"), "{found}");
    let fixes = editor.quick_fixes(&found);
    let fix = fixes.iter().find(|fix| is_titled(fix, "or, if nobody has to wait for it, say so"));
    let fix = fix.unwrap_or_else(|| panic!("{fixes:?}"));
    show("quick fix", fix);
    assert_eq!(edited(BAD, fix, &editor.file), FIXED);
    // Mended and saved, ours goes and Clippy's stays.
    fs::write(dir.path().join("src/lib.rs"), FIXED).unwrap();
    let document = json!({ "uri": editor.file, "version": 2 });
    editor.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": FIXED }] }));
    editor.save();
    editor.diagnostics(&["clippy"], &["thread_lint"]);
    editor.close();
}

#[test]
fn override_command_with_the_saved_file() {
    if !is_there() {
        return;
    }
    let dir = package(&[("src/lib.rs", BAD)]);
    let command = ["cargo", "thread-lint", "--message-format=json", "$saved_file"];
    let mut editor = Editor::open(dir.path(), json!({ "overrideCommand": command }));
    editor.wait_until_loaded();
    editor.save();
    let found = ours(&editor.diagnostics(&["thread_lint"], &[]));
    assert_eq!(found["code"], "dropped_join_handles");
    editor.close();
}
