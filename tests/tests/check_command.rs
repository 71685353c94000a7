//! As the check command of rust-analyzer: every flag that it passes, and messages that it can place.
//!
//! rust-analyzer reads cargo's messages from the folder of the workspace. What it asks of a message is checked here on all crates
//! of the fixtures; `rust_analyzer.rs` asks the program itself.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticSpan};
use cargo_metadata::{Message, Metadata, MetadataCommand};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, command, ran, run};
use thread_lint_tests::package::{MANIFEST, package, write};
use thread_lint_tests::{fixture, report, root};

const BAD: &str = "\
pub fn holds_nothing(list: &[u8]) -> bool {
    list.len() == 0
}

pub fn start() {
    /* äöü 🦀 */ std::thread::spawn(|| ());
}
";

/// What is always there, before what the settings add.
const ALWAYS: [&str; 4] =
    ["thread-lint", "--workspace", "--message-format=json-diagnostic-rendered-ansi", "--keep-going"];

fn messages(out: &str) -> Vec<Message> {
    Message::parse_stream(out.as_bytes()).map(Result::unwrap).collect()
}

fn ends(messages: &[Message]) -> Vec<bool> {
    let ends = messages.iter().filter_map(|message| match message {
        Message::BuildFinished(end) => Some(end.success),
        _ => None,
    });
    ends.collect()
}

/// What cargo says of a package; nothing of one whose registry is made up.
fn metadata(dir: &Path) -> Option<Metadata> {
    MetadataCommand::new().current_dir(dir).no_deps().other_options(vec![String::from("--offline")]).exec().ok()
}

fn two_packages() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[workspace]\nmembers = [\"a\", \"odd place\"]\nresolver = \"3\"\n");
    for (folder, name) in [("a", "a"), ("odd place", "b")] {
        write(dir.path(), &format!("{folder}/Cargo.toml"), MANIFEST.replace("\"a\"", &format!("{name:?}")));
        write(dir.path(), &format!("{folder}/src/lib.rs"), BAD);
        for target in ["src/bin/tool.rs", "tests/it.rs", "examples/show.rs", "benches/speed.rs"] {
            write(dir.path(), &format!("{folder}/{target}"), "fn main() {\n    std::thread::spawn(|| ());\n}\n");
        }
    }
    dir
}

/// The files with findings, as told in messages.
fn places(ran: &Ran) -> Vec<String> {
    let mut places: Vec<String> = messages(&ran.out)
        .into_iter()
        .filter_map(|message| match message {
            Message::CompilerMessage(told) => told.message.spans.into_iter().find(|span| span.is_primary),
            _ => None,
        })
        .map(|span| span.file_name)
        .collect();
    places.sort();
    places.dedup();
    places
}

#[test]
fn every_flag_is_taken() {
    let dir = two_packages();
    let manifest = dir.path().join("Cargo.toml").to_string_lossy().into_owned();
    let all = ["benches/speed.rs", "examples/show.rs", "src/bin/tool.rs", "src/lib.rs", "tests/it.rs"];
    let of = |folders: &[&str], files: &[&str]| -> Vec<String> {
        folders.iter().flat_map(|folder| files.iter().map(move |file| format!("{folder}/{file}"))).collect()
    };
    let both = ["a", "odd place"];
    // The settings behind them: `check.targets`, `check.allTargets`, `cfg.setTest`, `check.features`, `check.noDefaultFeatures`,
    // `cargo.targetDir`, `check.extraArgs`, `check.ignore`.
    let cases: [(&[&str], Vec<String>); 6] = [
        (&["--all-targets"], of(&both, &all)),
        (&["--target", "wasm32-unknown-unknown", "--target", "x86_64-apple-darwin", "--all-targets"], of(&both, &all)),
        (&["--lib", "--bins", "--examples"], of(&both, &all[1..4])),
        (&["--all-features", "--target-dir", "target/rust-analyzer"], of(&both, &all[2..4])),
        (
            &["--no-default-features", "--features", "x y", "--config", "net.offline=true", "-Zscript"],
            of(&both, &all[2..4]),
        ),
        (&["--exclude", "b", "--locked", "--profile", "dev", "--", "-W", "all"], of(&["a"], &all[2..4])),
    ];
    for (flags, expected) in cases {
        let mut arguments = ALWAYS.to_vec();
        arguments.extend(["--manifest-path", manifest.as_str()]);
        arguments.extend(flags);
        let ran = run(dir.path(), &arguments);
        assert_eq!((ran.code, places(&ran)), (0, expected), "{flags:?}: {}", ran.err);
    }
}

#[test]
fn one_package_by_its_full_id() {
    let dir = two_packages();
    for package in metadata(dir.path()).unwrap().workspace_packages() {
        let id = package.id.repr.as_str();
        let folder = package.manifest_path.parent().unwrap().file_name().unwrap();
        for (target, files) in [
            (&[][..], &["src/bin/tool.rs", "src/lib.rs"][..]),
            (&["--bin", "tool"], &["src/bin/tool.rs"]),
            (&["--test", "it"], &["tests/it.rs"]),
            (&["--example", "show"], &["examples/show.rs"]),
            (&["--bench", "speed"], &["benches/speed.rs"]),
        ] {
            let mut arguments = vec!["thread-lint", "-p", id];
            arguments.extend(target);
            arguments.extend(["--message-format=json", "--keep-going"]);
            let ran = run(dir.path(), &arguments);
            let expected: Vec<String> = files.iter().map(|file| format!("{folder}/{file}")).collect();
            assert_eq!((ran.code, places(&ran)), (0, expected), "{id} {target:?}: {}", ran.err);
        }
    }
}

#[test]
fn override_command_with_the_saved_file() {
    let dir = package(&[("src/lib.rs", "mod inner;\n"), ("src/inner.rs", BAD)]);
    let saved = dir.path().join("src/inner.rs");
    let ran = run(dir.path(), &["thread-lint", "--message-format=json", saved.to_str().unwrap()]);
    assert_eq!((ran.code, places(&ran)), (0, vec![String::from("src/inner.rs")]), "{}", ran.err);
    report(&problems(dir.path(), &messages(&ran.out)));
}

#[test]
fn messages_can_be_placed() {
    let mut seen = 0;
    let mut found = Vec::new();
    for dir in crates() {
        let flags = ["--all-targets", "--manifest-path", "Cargo.toml", "--", "-W", "all"];
        let ran = run(&dir, &[&ALWAYS[..], &flags].concat());
        let messages = messages(&ran.out);
        found.extend(problems(&dir, &messages));
        let Some(metadata) = metadata(&dir) else { continue };
        for message in &messages {
            let Message::CompilerMessage(told) = message else { continue };
            seen += 1;
            let package = metadata.packages.iter().find(|package| package.id == told.package_id);
            let is_known = package.is_some_and(|package| {
                let ours = &told.target;
                let mut targets = package.targets.iter();
                targets.any(|target| {
                    (&target.name, &target.kind, &target.src_path) == (&ours.name, &ours.kind, &ours.src_path)
                })
            });
            if !is_known {
                found.push(format!("{}: {} {:?} is unknown", dir.display(), told.package_id, told.target.name));
            }
        }
    }
    assert!(seen > 20, "{seen}");
    report(&found);
}

#[test]
fn the_check_can_fail() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let out = run(dir.path(), &["--message-format=json"]).out;
    report(&problems(dir.path(), &messages(&out)));
    for (from, to) in [
        ("\"is_primary\":true,\"text\":[{\"text\":\"    /*", "\"is_primary\":false,\"text\":[{\"text\":\"    /*"),
        ("thread_lint::dropped", "thread_lint::join::dropped"),
        ("\"src/lib.rs\"", "\"lib.rs\""),
        ("\"column_start\":17", "\"column_start\":22"),
        ("\"highlight_end\"", "\"highlight_end\":1,\"end\""),
        ("\"suggestion_applicability\":\"MaybeIncorrect\"", "\"suggestion_applicability\":null"),
        ("\"reason\":\"build-finished\"", "\"reason\":\"build-ended\""),
    ] {
        assert!(out.contains(from), "{from}: {out}");
        assert!(!problems(dir.path(), &messages(&out.replace(from, to))).is_empty(), "{from}");
    }
}

#[test]
fn messages_of_clippy_come_along() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let mut command = command(dir.path());
    command.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS").args(ALWAYS);
    let ran =
        ran(command.args(["--manifest-path", "Cargo.toml", "--all-targets", "--also", "clippy"]).output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let messages = messages(&ran.out);
    report(&problems(dir.path(), &messages));
    let mut codes: Vec<String> = messages
        .into_iter()
        .filter_map(|message| match message {
            Message::CompilerMessage(told) => Some(told.message.code?.code),
            _ => None,
        })
        .collect();
    codes.sort();
    codes.dedup();
    assert_eq!(codes, ["clippy::len_zero", "thread_lint::dropped_join_handles"]);
}

fn crates() -> Vec<PathBuf> {
    let manifests = fixture::files_of(&root().join("fixtures/crates"), 2, "toml");
    let manifests = manifests.into_iter().filter(|path| path.ends_with("Cargo.toml"));
    manifests.map(|manifest| manifest.parent().unwrap().to_path_buf()).collect()
}

/// What rust-analyzer could not make a diagnostic of, or would show in the wrong place.
fn problems(workspace: &Path, messages: &[Message]) -> Vec<String> {
    let mut problems = Vec::new();
    if messages.iter().any(|message| matches!(message, Message::TextLine(_))) {
        problems.push(String::from("a line that is no message"));
    }
    if !matches!(messages.last(), Some(Message::BuildFinished(_))) || ends(messages).len() != 1 {
        problems.push(format!("{} ends", ends(messages).len()));
    }
    for message in messages {
        let Message::CompilerMessage(told) = message else { continue };
        let at = format!("{}: {}", workspace.display(), told.message.message);
        problems.extend(problems_of(workspace, &told.message).into_iter().map(|problem| format!("{at}: {problem}")));
    }
    problems
}

fn problems_of(workspace: &Path, told: &Diagnostic) -> Vec<String> {
    let mut problems = Vec::new();
    let mut check = |holds: bool, problem: &str| {
        if !holds {
            problems.push(problem.to_owned());
        }
    };
    let is_summary = told.code.is_none() && told.spans.is_empty();
    if is_summary {
        // Such as how many warnings there are, which the compiler adds: it is left out.
        return problems;
    }
    check(told.rendered.is_some(), "no rendered text");
    if let Some(code) = &told.code {
        check(code.code.split("::").count() == 2, "the code has not two segments");
    }
    check(told.spans.iter().filter(|span| span.is_primary).count() == 1, "not one primary span");
    for span in &told.spans {
        check(span.suggested_replacement.is_none(), "an edit outside of a child");
    }
    for child in &told.children {
        check(child.children.is_empty() && child.code.is_none(), "a child with children or a code");
        for span in &child.spans {
            let edit = (&span.suggested_replacement, &span.suggestion_applicability);
            check(matches!(edit, (Some(_), Some(_)) | (None, None)), "an edit without its applicability");
        }
    }
    let spans = told.spans.iter().chain(told.children.iter().flat_map(|child| &child.spans));
    problems.extend(spans.filter_map(|span| misplaced(workspace, span)));
    problems
}

/// Lines and columns count from 1, columns in characters; they and the lines of the text have to be those of the bytes.
fn misplaced(workspace: &Path, span: &DiagnosticSpan) -> Option<String> {
    let file = Path::new(&span.file_name);
    if file.is_absolute() || !workspace.join(file).is_file() {
        return Some(format!("`{}` is no file of the workspace", span.file_name));
    }
    let text = fs::read_to_string(workspace.join(file)).unwrap();
    let place = |offset: u32| {
        let before = &text[..offset as usize];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    };
    let (start, end) = (place(span.byte_start), place(span.byte_end));
    let told = ((span.line_start, span.column_start), (span.line_end, span.column_end));
    if told != (start, end) {
        return Some(format!("{}: {told:?} in place of {:?}", span.file_name, (start, end)));
    }
    let lines: Vec<&str> = text.split('\n').collect();
    for (index, line) in span.text.iter().enumerate() {
        let number = start.0 + index;
        let whole = lines[number - 1].trim_end_matches('\r');
        let from = if number == start.0 { start.1 } else { 1 };
        let to = if number == end.0 { end.1 } else { whole.chars().count() + 1 };
        if (line.text.as_str(), line.highlight_start, line.highlight_end) != (whole, from, to) {
            return Some(format!("{}:{number}: {line:?}", span.file_name));
        }
    }
    (span.text.len() != end.0 - start.0 + 1).then(|| format!("{}: {} lines of text", span.file_name, span.text.len()))
}
