//! A small language client: it starts the server, sends what a test says, keeps what comes, and makes edits as an editor does.
//!
//! Invariants: it waits for messages, never for time alone; what does not come within a minute fails the test with all that came.

use crate::binary::command;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    reader: Option<JoinHandle<()>>,
    /// Everything that came, in order.
    pub came: Vec<Value>,
    /// How many of them a test has looked at.
    seen: usize,
    next: i64,
    /// What is answered to `workspace/configuration`.
    pub configuration: Value,
}

/// `file:` and the path.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// What most tests say they can: everything but pulling.
pub fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true,
                "versionSupport": true,
                "codeDescriptionSupport": true,
                "tagSupport": { "valueSet": [1, 2] },
            },
            "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] } },
                "isPreferredSupport": true,
                "dataSupport": true,
                "resolveSupport": { "properties": ["edit"] },
            },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true },
            "workspaceFolders": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
        "window": { "workDoneProgress": true },
    })
}

/// As [`capabilities`], of a client that asks for diagnostics.
pub fn pulling() -> Value {
    let mut can = capabilities();
    can["textDocument"]["diagnostic"] = json!({ "relatedInformation": true });
    can["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    can
}

impl Client {
    /// Starts the server in a folder; nothing is said to it yet.
    pub fn start(dir: &Path, arguments: &[&str]) -> Client {
        let mut server = command(dir);
        server.arg("lsp").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = server.spawn().expect("a process");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        let reader = std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Client {
            child,
            input,
            messages,
            reader: Some(reader),
            came: Vec::new(),
            seen: 0,
            next: 1,
            configuration: json!([null]),
        }
    }

    /// Starts it with these folders open, and says hello.
    pub fn with_folders(folders: &[&Path], can: Value, options: Value) -> Client {
        let home = folders.first().map_or_else(std::env::temp_dir, |folder| folder.to_path_buf());
        let mut client = Client::start(&home, &[]);
        client.hello(folders, can, options);
        client
    }

    /// `initialize` and `initialized`; gives the server's answer.
    pub fn hello(&mut self, folders: &[&Path], can: Value, options: Value) -> Value {
        let folders: Vec<Value> = folders.iter().map(|folder| json!({ "uri": uri(folder), "name": "x" })).collect();
        let folders = if folders.is_empty() { Value::Null } else { Value::Array(folders) };
        let params = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": can,
            "initializationOptions": options,
            "workspaceFolders": folders,
        });
        let answer = self.ask("initialize", params).expect("a server that can be talked to");
        self.tell("initialized", json!({}));
        answer
    }

    /// Writes bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("an open pipe");
        input.write_all(bytes).and_then(|()| input.flush()).expect("a server that reads");
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// A notification.
    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// A request that is answered later; gives its number.
    pub fn begin(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next;
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The answer to a request, or the error.
    pub fn end(&mut self, id: i64) -> Result<Value, Value> {
        let is_answer = |message: &Value| message["id"] == json!(id) && message.get("method").is_none();
        if let Some(known) = self.came.iter().find(|message| is_answer(message)) {
            return result(known);
        }
        loop {
            let message = self.next_message(&format!("the answer to request {id}"));
            if is_answer(&message) {
                return result(&message);
            }
        }
    }

    /// A request and its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.begin(method, params);
        self.end(id)
    }

    /// The next message that the test has not seen yet and that is wanted.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            while let Some(message) = self.came.get(self.seen) {
                self.seen += 1;
                if wanted(message) {
                    return message.clone();
                }
            }
            self.next_message(what);
        }
    }

    /// Waits for a notification or request with this method; gives its parameters.
    pub fn wait_for(&mut self, method: &str) -> Value {
        self.wait(method, |message| message["method"] == method)["params"].clone()
    }

    /// Waits for the diagnostics of a file, of a version if one is given; gives them.
    pub fn diagnostics(&mut self, path: &Path, version: Option<i32>) -> Vec<Value> {
        let of = uri(path);
        let message = self.wait(&format!("diagnostics of {of}, version {version:?}"), |message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == *of
                && version.is_none_or(|version| params["version"] == version)
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    fn next_message(&mut self, what: &str) -> Value {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => {
                self.answer(&message);
                self.came.push(message.clone());
                message
            }
            Err(problem) => {
                let came: Vec<String> = self.came.iter().map(Value::to_string).collect();
                let mut errors = String::new();
                if problem == RecvTimeoutError::Disconnected
                    && let Some(mut stderr) = self.child.stderr.take()
                {
                    let _ = stderr.read_to_string(&mut errors);
                }
                panic!("waited for {what} ({problem}); what came:\n{}\nstandard error: {errors}", came.join("\n"));
            }
        }
    }

    /// Answers what the server asks.
    fn answer(&mut self, message: &Value) {
        if let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) {
            let answer = if method == "workspace/configuration" { self.configuration.clone() } else { Value::Null };
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": answer }));
        }
    }

    /// Opens a document.
    pub fn open(&mut self, path: &Path, text: &str) {
        let document = json!({ "uri": uri(path), "languageId": "rust", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces a document's text.
    pub fn replace(&mut self, path: &Path, version: i32, text: &str) {
        self.change(path, version, json!([{ "text": text }]));
    }

    /// Changes a document.
    pub fn change(&mut self, path: &Path, version: i32, changes: Value) {
        let document = json!({ "uri": uri(path), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Closes a document.
    pub fn close(&mut self, path: &Path) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
    }

    /// The actions at a range, of these kinds.
    pub fn actions(&mut self, path: &Path, range: &Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": context });
        let answer = self.ask("textDocument/codeAction", params).expect("actions");
        answer.as_array().expect("a list").clone()
    }

    /// The server's process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Says goodbye; gives the exit code.
    pub fn shut_down(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        self.exit_code()
    }

    /// Closes the server's input, and waits for its end.
    pub fn exit_code(mut self) -> Option<i32> {
        self.input = None;
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server does not end");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Its pipe is closed now.
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

fn result(message: &Value) -> Result<Value, Value> {
    match message.get("error") {
        Some(error) => Err(error.clone()),
        None => Ok(message["result"].clone()),
    }
}

/// Reads a frame; nothing else may stand on standard output.
fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    if output.read_line(&mut header).ok()? == 0 {
        return None;
    }
    let length = header.strip_prefix("Content-Length: ").expect("a frame and nothing else");
    let mut body = vec![0; length.trim().parse::<usize>().expect("a number")];
    header.clear();
    output.read_line(&mut header).ok()?;
    assert_eq!(header, "\r\n");
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

/// A text after the edits of an action for one document, made from the last to the first as the protocol says; columns are in UTF-16.
pub fn edited(text: &str, edit: &Value, path: &Path) -> String {
    let document = edit["documentChanges"]
        .as_array()
        .and_then(|changes| changes.iter().find(|change| change["textDocument"]["uri"] == *uri(path)));
    let edits = document.map_or(&edit["changes"][uri(path)], |document| &document["edits"]);
    let mut edits: Vec<&Value> = edits.as_array().expect("edits of the document").iter().collect();
    edits.sort_by_key(|edit| offset(text, &edit["range"]["start"]));
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        let range = offset(&text, &edit["range"]["start"])..offset(&text, &edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    text
}

fn offset(text: &str, position: &Value) -> usize {
    let (line, character) =
        (position["line"].as_u64().expect("a line"), position["character"].as_u64().expect("a column"));
    let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
    let mut units = 0;
    let rest = &text[start..];
    for (at, c) in rest.char_indices() {
        if units >= character as usize {
            return start + at;
        }
        units += c.len_utf16();
    }
    text.len()
}
