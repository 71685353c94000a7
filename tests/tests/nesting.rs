//! Code that nests far deeper than anybody writes: the process ends in a report, never by a signal.
//!
//! What stands here runs the tool as a process, since an overflow of the stack cannot be caught. `THREAD_LINT_BIN` names
//! another build of it than that of the tests' own profile.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use thread_lint_tests::binary;
use thread_lint_tests::package::write;
use thread_lint_tests::report;

/// From where on nothing is read any more, if it nests at all.
const UNREADABLE: usize = 10_000;

/// Something that nests, as deep as is asked for.
struct Shape {
    name: &'static str,
    text: fn(usize) -> String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is read as deep as people write it, and refused beyond.
    Nests,
    /// Nothing nests in it for the parser: it is read at every depth.
    Flat,
    /// It is no Rust.
    Broken,
}

const fn nesting(name: &'static str, text: fn(usize) -> String) -> Shape {
    Shape { name, text, kind: Kind::Nests }
}

const fn flat(name: &'static str, text: fn(usize) -> String) -> Shape {
    Shape { name, text, kind: Kind::Flat }
}

const fn broken(name: &'static str, text: fn(usize) -> String) -> Shape {
    Shape { name, text, kind: Kind::Broken }
}

/// `open` and `close` so many times around what is in the middle.
fn around(before: &str, open: &str, middle: &str, close: &str, after: &str, depth: usize) -> String {
    format!("{before}{}{middle}{}{after}\n", open.repeat(depth), close.repeat(depth))
}

fn body(open: &str, middle: &str, close: &str, depth: usize) -> String {
    around("fn f() { let x = ", open, middle, close, "; }", depth)
}

static SHAPES: &[Shape] = &[
    nesting("parentheses", |depth| body("(", "1", ")", depth)),
    nesting("blocks", |depth| around("fn f() ", "{", "", "}", "", depth)),
    nesting("arrays", |depth| body("[", "1", "]", depth)),
    nesting("closures", |depth| body("|| ", "1", "", depth)),
    nesting("calls", |depth| body("f(", "1", ")", depth)),
    nesting("generics", |depth| around("fn f(x: ", "Vec<", "u8", ">", ") {}", depth)),
    nesting("references", |depth| body("&", "1", "", depth)),
    nesting("negations", |depth| body("!", "true", "", depth)),
    nesting("sums", |depth| body("1 + ", "1", "", depth)),
    nesting("method chains", |depth| body("", "a", ".lock().unwrap()", depth)),
    nesting("if-else chains", |depth| around("fn f() { ", "if a { } else ", "{ }", "", " }", depth)),
    nesting("matches", |depth| body("match 1 { _ => ", "1", " }", depth)),
    nesting("types", |depth| around("type T = ", "(", "u8", ",)", ";", depth)),
    nesting("pointers", |depth| around("type T = ", "*const ", "u8", "", ";", depth)),
    nesting("patterns", |depth| around("fn f() { let ", "Some(", "x", ")", " = y else { return }; }", depth)),
    nesting("modules", |depth| around("", "mod m { ", "fn f() {}", " }", "", depth)),
    nesting("functions", |depth| around("", "fn f() { ", "", " }", "", depth)),
    nesting("macro arguments", |depth| body("vec![", "1", "]", depth)),
    nesting("macro bodies", |depth| around("macro_rules! m { () => { ", "(", "", ")", " } }", depth)),
    nesting("attributes", |depth| around("#[cfg(", "not(", "test", ")", ")] fn f() {}", depth)),
    nesting("imports", |depth| around("use ", "a::{", "b", "}", ";", depth)),
    nesting("awaits", |depth| around("async fn f() { ", "async { ", "", " }.await", " }", depth)),
    nesting("threads", |depth| around("fn f() { ", "std::thread::spawn(|| { ", "", " });", " }", depth)),
    nesting("bounds", |depth| around("fn f(x: ", "impl Fn() -> ", "u8", "", ") {}", depth)),
    broken("brackets left open", |depth| around("fn f() { ", "([{", "", "", "", depth)),
    flat("comments", |depth| around("", "/* \"", "", " */", " fn f() {}", depth)),
    flat("statements", |depth| around("fn f() { ", "g(1); ", "", "", " }", depth)),
    flat("items", |depth| around("", "struct S; ", "", "", "", depth)),
    flat("raw strings", |depth| {
        let hashes = "#".repeat(depth.min(255));
        format!("fn f() {{ g(r{hashes}\"{}\"{hashes}); }}\n", "\"#".repeat(depth.min(200)))
    }),
];

/// Every shape at a depth in one package, as a target each.
fn run(depth: usize) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let mut problems = Vec::new();
    for shape in SHAPES {
        let file = format!("{}.rs", shape.name.replace(' ', "_"));
        write(dir.path(), &file, (shape.text)(depth));
        let mut command = match std::env::var_os("THREAD_LINT_BIN") {
            Some(path) => std::process::Command::new(path),
            None => binary::command(dir.path()),
        };
        command.current_dir(dir.path()).stdin(std::process::Stdio::null()).args(["thread-lint", "--color", "never"]);
        let output = command.arg(&file).args(["--", "-W", "all"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let unread = said.contains("not analysed");
        let last = said.lines().last().unwrap_or_default().to_owned();
        let mut wrong = |what: &str| problems.push(format!("{} at {depth}: {what}: {last}", shape.name));
        match output.status.code() {
            None => wrong(&format!("{}", output.status)),
            _ if said.contains("internal fault") => wrong("a panic"),
            Some(2) if !unread => wrong("exit code 2 without a reason"),
            _ if !said.contains("Finished") => wrong("no summary"),
            _ if unread && shape.kind == Kind::Flat => wrong("is not read, though nothing nests in it"),
            _ if unread && shape.kind == Kind::Nests && depth <= 100 => wrong("is not read, though people write it"),
            _ if !unread && shape.kind != Kind::Flat && depth >= UNREADABLE => {
                wrong("is read, and nobody knows the stack that takes")
            }
            _ => {}
        }
    }
    problems
}

#[test]
fn code_that_nests_100_deep_is_read() {
    report(&run(100));
}

#[test]
fn code_that_nests_1_000_deep_ends_in_a_report() {
    report(&run(1_000));
}

#[test]
fn code_that_nests_10_000_deep_is_refused_with_a_note() {
    report(&run(10_000));
}

#[test]
fn code_that_nests_100_000_deep_is_refused_with_a_note() {
    report(&run(100_000));
}
