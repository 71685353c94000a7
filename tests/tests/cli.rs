//! The command line: flags, exit codes, messages, and input that nobody wants.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use std::fs;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, command, ran, run};

const BAD: &str = "fn main() {\n    std::thread::spawn(|| {});\n}\n";
const CLEAN: &str = "fn main() {\n    std::thread::spawn(|| {}).join().unwrap();\n}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn package(main: &str) -> TempDir {
    folder(&[("Cargo.toml", &manifest("a")), ("src/main.rs", main)])
}

fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
}

/// Two members with one finding each.
fn workspace() -> TempDir {
    folder(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n"),
        ("a/Cargo.toml", &manifest("a")),
        ("a/src/main.rs", BAD),
        ("b/Cargo.toml", &manifest("b")),
        ("b/src/lib.rs", "pub fn start() {\n    std::thread::spawn(|| {});\n}\n"),
        ("b/tests/it.rs", "#[test]\nfn it() {\n    std::thread::spawn(|| {});\n}\n"),
    ])
}

fn short(dir: &Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["--message-format", "short"];
    all.extend(arguments);
    run(dir, &all)
}

fn messages(text: &str) -> Vec<Message> {
    let read = Message::parse_stream(text.as_bytes()).map(Result::unwrap);
    let messages: Vec<Message> = read.collect();
    assert!(!messages.iter().any(|message| matches!(message, Message::TextLine(_))), "{text}");
    messages
}

fn findings(text: &str) -> Vec<Diagnostic> {
    let messages = messages(text).into_iter();
    messages
        .filter_map(|message| match message {
            Message::CompilerMessage(found) => Some(found.message),
            _ => None,
        })
        .collect()
}

#[test]
fn called_by_cargo_or_directly() {
    let dir = package(BAD);
    let (direct, by_cargo) = (short(dir.path(), &[]), run(dir.path(), &["thread-lint", "--message-format", "short"]));
    assert_eq!(direct.out, by_cargo.out);
    assert_eq!((direct.code, by_cargo.code), (0, 0));
    assert!(direct.out.starts_with("src/main.rs:2:"), "{}", direct.out);
    assert!(direct.out.contains("warning[thread_lint::dropped_join_handles]"), "{}", direct.out);
}

#[test]
fn exit_codes_and_levels() {
    let dir = package(BAD);
    for (levels, code, word) in [
        (&[][..], 0, "warning["),
        (&["-D", "warnings"], 1, "error["),
        (&["-D", "dropped_join_handles"], 1, "error["),
        (&["-Dthread_lint::dropped_join_handles"], 1, "error["),
        (&["-D", "join"], 1, "error["),
        (&["--deny=all"], 1, "error["),
        (&["-D", "all", "-W", "all"], 0, "warning["),
        (&["-F", "dropped_join_handles", "-A", "all"], 1, "error["),
    ] {
        let mut arguments = vec!["--"];
        arguments.extend(levels);
        let ran = short(dir.path(), &arguments);
        assert_eq!(ran.code, code, "{levels:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(word), "{levels:?}: {}", ran.out);
    }
    let quiet = short(dir.path(), &["--", "-A", "all"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
    let clean = package(CLEAN);
    let ran = run(clean.path(), &["--", "-D", "warnings"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("no findings in 1 file"), "{}", ran.err);
}

#[test]
fn forbidden_findings_cannot_be_suppressed() {
    let dir =
        package("// thread-lint: allow-file(dropped_join_handles)\nfn main() {\n    std::thread::spawn(|| {});\n}\n");
    assert_eq!(short(dir.path(), &["--", "-D", "all"]).code, 0);
    assert_eq!(short(dir.path(), &["--", "-F", "dropped_join_handles"]).code, 1);
}

#[test]
fn usage_errors() {
    let dir = package(BAD);
    for (arguments, says) in [
        (&["--no-such-flag"][..], "--no-such-flag"),
        (&["--", "-D", "droped_join_handles"], "did you mean `dropped_join_handles`"),
        (&["--", "-D"], "wants the name"),
        (&["--", "src"], "unexpected `src`"),
        (&["--explain", "droped_join_handles"], "did you mean `dropped_join_handles`"),
        (&["-j0"], "0"),
        (&["--message-format", "xml"], "possible values"),
        (&["-p", "missing"], "package `missing` not found"),
        (&["--manifest-path", "no/Cargo.toml"], "does not exist"),
        (&["no.rs"], "no.rs"),
        (&["Cargo.lock"], "Cargo.lock"),
        (&["--bin", "missing"], "missing"),
    ] {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let empty = tempfile::tempdir().unwrap();
    let ran = run::<&str>(empty.path(), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Cargo.toml"), "{}", ran.err);
}

#[test]
fn help_lists_and_explains() {
    let dir = tempfile::tempdir().unwrap();
    let help = run(dir.path(), &["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("--message-format"), "{}", help.out);
    assert_eq!(run(dir.path(), &["--version"]).code, 0);
    let list = run(dir.path(), &["--list"]);
    assert_eq!(list.code, 0);
    for lint in thread_lints::registry::lints() {
        assert!(list.out.contains(lint.name), "{} is not listed", lint.name);
        let page = run(dir.path(), &["--explain", lint.name]);
        assert_eq!(page.code, 0);
        assert!(page.out.contains("### What it does"), "{}", page.out);
    }
    let qualified = run(dir.path(), &["--explain", "thread_lint::dropped_join_handles"]);
    assert_eq!(qualified.code, 0, "{}", qualified.err);
}

#[test]
fn packages_and_targets() {
    let dir = workspace();
    let paths = |arguments: &[&str]| {
        let ran = short(dir.path(), arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        let lines = ran.out.lines().filter_map(|line| line.split(':').next().map(str::to_owned));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(paths(&[]), ["a/src/main.rs", "b/src/lib.rs"]);
    assert_eq!(paths(&["--workspace"]), ["a/src/main.rs", "b/src/lib.rs"]);
    assert_eq!(paths(&["--all", "--exclude", "a"]), ["b/src/lib.rs"]);
    assert_eq!(paths(&["-p", "a"]), ["a/src/main.rs"]);
    assert_eq!(paths(&["--bins"]), ["a/src/main.rs"]);
    assert_eq!(paths(&["-p", "b", "--lib"]), ["b/src/lib.rs"]);
    assert_eq!(paths(&["-p", "b", "--test", "it"]), ["b/tests/it.rs"]);
    assert_eq!(paths(&["--all-targets"]), ["a/src/main.rs", "b/src/lib.rs", "b/tests/it.rs"]);
    assert_eq!(paths(&["--manifest-path", "b/Cargo.toml"]), ["b/src/lib.rs"]);
    assert_eq!(paths(&["a/src/main.rs"]), ["a/src/main.rs"]);
    assert_eq!(paths(&["b"]).len(), 1);
}

#[test]
fn folders_without_a_manifest() {
    let dir = folder(&[
        ("one.rs", BAD),
        ("two.rs", CLEAN),
        ("deep/three.rs", "mod inner;\n"),
        ("deep/inner.rs", "pub fn f() {\n    std::thread::spawn(|| {});\n}\n"),
        ("target/skipped.rs", BAD),
    ]);
    let ran = short(dir.path(), &["."]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    assert!(lines[0].starts_with("deep/inner.rs:2:") && lines[1].starts_with("one.rs:2:"), "{}", ran.out);
}

/// A package with one bad file beside a finding; the finding is still there.
fn beside_a_finding(file: &str, bytes: &[u8], says: &str) {
    let dir = package(&format!("mod other;\n{BAD}"));
    fs::write(dir.path().join("src").join(file), bytes).unwrap();
    let ran = short(dir.path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("dropped_join_handles"), "{says}: {}", ran.out);
    assert!(ran.err.contains("not analysed") && ran.err.contains(says), "{says}: {}", ran.err);
    // Named on the command line it is an error.
    if file == "other.rs" {
        let named = short(dir.path(), &["src/other.rs"]);
        assert_eq!(named.code, 2, "{says}: {}", named.err);
    }
}

#[test]
fn files_that_cannot_be_analysed() {
    beside_a_finding("other.rs", b"fn f( {\n", "other.rs");
    beside_a_finding("other.rs", b"fn f() {}\n\xff\n", "not UTF-8");
    let deep = format!("fn f() -> u8 {{ {}1{} }}\n", "(".repeat(3_000), ")".repeat(3_000));
    beside_a_finding("other.rs", deep.as_bytes(), "other.rs");
    let digits = format!("const A: f64 = 1{}.0;\n", "0".repeat(50_000));
    beside_a_finding("other.rs", digits.as_bytes(), "other.rs");
    // The module has no file.
    beside_a_finding("unrelated.txt", b"", "other");
}

#[test]
fn empty_files_are_clean() {
    for text in ["", "\n", "\u{feff}", "// nothing", "#!/usr/bin/env run"] {
        let dir = folder(&[("a.rs", text)]);
        let ran = run(dir.path(), &["a.rs"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{text:?}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn unreadable_files() {
    use std::os::unix::fs::PermissionsExt;
    let dir = package(&format!("mod other;\n{BAD}"));
    let path = dir.path().join("src/other.rs");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Nothing is unreadable to root.
        return;
    }
    let ran = short(dir.path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("permission denied"), "{}", ran.err);
}

#[test]
fn broken_manifests() {
    for (text, says) in [
        ("not toml", "Cargo.toml"),
        ("[package]\nversion = \"0.1.0\"\n", "name"),
        ("[dependencies]\n", "Cargo.toml"),
        ("", "Cargo.toml"),
    ] {
        let dir = folder(&[("Cargo.toml", text), ("src/main.rs", BAD)]);
        let ran = run::<&str>(dir.path(), &[]);
        assert_eq!(ran.code, 2, "{text:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.starts_with("error:") && ran.err.contains(says), "{text:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked") && !ran.err.contains("internal fault"), "{}", ran.err);
    }
}

#[test]
fn json_is_what_cargo_prints() {
    let dir = package(&format!("// thread-lint: allow(joyn): é\n{BAD}mod missing;\n"));
    let ran = run(dir.path(), &["--message-format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = messages(&ran.out);
    assert_eq!(all.len(), ran.out.lines().count());
    assert!(matches!(all.last(), Some(Message::BuildFinished(finished)) if finished.success));
    let found = findings(&ran.out);
    assert!(found.len() >= 3, "{}", ran.out);
    for found in &found {
        let primary: Vec<_> = found.spans.iter().filter(|span| span.is_primary).collect();
        assert_eq!(primary.len(), 1, "{}", found.message);
        assert_eq!(primary[0].file_name, "src/main.rs");
        assert_eq!(primary[0].text.len(), primary[0].line_end - primary[0].line_start + 1);
        assert!(found.rendered.is_some());
        if let Some(code) = &found.code {
            assert_eq!(code.code.split("::").count(), 2);
        }
        for child in &found.children {
            for span in &child.spans {
                assert!(span.suggested_replacement.is_some() && span.suggestion_applicability.is_some());
            }
        }
    }
    let denied = run(dir.path(), &["--message-format", "json", "--", "-D", "warnings"]);
    assert_eq!(denied.code, 1);
    assert!(findings(&denied.out).iter().any(|found| found.level == DiagnosticLevel::Error));
    assert!(matches!(messages(&denied.out).last(), Some(Message::BuildFinished(finished)) if !finished.success));
}

#[test]
fn positions_are_those_of_the_file() {
    let dir = folder(&[(
        "a.rs",
        "\u{feff}#!/usr/bin/env run\r\nfn main() {\r\n    /* äöü 🦀 */ std::thread::spawn(|| {});\r\n}\r\n",
    )]);
    let text = fs::read_to_string(dir.path().join("a.rs")).unwrap();
    let ran = run(dir.path(), &["--message-format", "json", "a.rs"]);
    let found = findings(&ran.out);
    let found = found.iter().find(|found| found.code.is_some()).expect("a finding");
    let span = found.spans.iter().find(|span| span.is_primary).unwrap();
    let at = text.find("std::thread").unwrap();
    assert_eq!((span.line_start, span.byte_start as usize), (3, at));
    assert_eq!(span.column_start, "    /* äöü 🦀 */ ".chars().count() + 1);
    assert!(text[at..span.byte_end as usize].starts_with("std::thread::spawn"));
    assert!(!span.text[0].text.contains('\r'));
    let line = short(dir.path(), &["a.rs"]).out;
    assert!(line.starts_with(&format!("a.rs:3:{}:", span.column_start)), "{line}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let many: String = (0..40).map(|index| format!("pub mod m{index};\n")).collect();
    let dir = folder(&[("Cargo.toml", &manifest("a")), ("src/lib.rs", &many)]);
    for index in 0..40 {
        let text = "// thread-lint: allow(joyn)\npub fn f() {\n    std::thread::spawn(|| {});\n}\n";
        fs::write(dir.path().join(format!("src/m{index}.rs")), text).unwrap();
    }
    fs::write(dir.path().join("src/m7.rs"), "fn f( {").unwrap();
    for format in ["human", "short", "json"] {
        let with = |jobs: &str| run(dir.path(), &["-q", jobs, "--message-format", format]);
        let (one, four) = (with("-j1"), with("-j4"));
        assert!(!one.out.is_empty());
        assert_eq!((one.code, &one.out, &one.err), (four.code, &four.out, &four.err), "{format}");
    }
}

#[test]
fn a_closed_pipe_is_no_fault() {
    let many: String =
        (0..3_000).map(|index| format!("fn f{index}() {{\n    std::thread::spawn(|| {{}});\n}}\n")).collect();
    let dir = folder(&[("a.rs", &many)]);
    let mut child =
        command(dir.path()).args(["-q", "a.rs"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    BufReader::new(child.stdout.take().unwrap()).read_exact(&mut first).unwrap();
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn colours() {
    let dir = package(BAD);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(dir.path());
        command.args(arguments).envs(variables.iter().copied());
        ran(command.output().unwrap()).out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CARGO_TERM_COLOR", "always")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn quiet_and_summary() {
    let dir = package(BAD);
    assert_eq!(run(dir.path(), &["-q"]).err, "");
    let ran = run::<&str>(dir.path(), &[]);
    assert!(ran.err.contains("Finished") && ran.err.contains("1 warning in 1 file, 3 lines"), "{}", ran.err);
}

#[test]
fn settings_of_the_project() {
    let library = "#[effect(spawns(0))]\npub fn start<F: FnOnce()>(job: F) -> ::std::thread::JoinHandle<()> {}\n";
    let main = "fn main() {\n    house::start(|| {});\n}\n";
    let dir = folder(&[
        ("Cargo.toml", &format!("{}\n[dependencies]\nhouse = \"1\"\n", manifest("a"))),
        ("thread-lint.toml", "stubs = [\"stubs/house.rs\"]\n"),
        ("stubs/house.rs", library),
        ("src/main.rs", main),
    ]);
    let ran = short(dir.path(), &[]);
    assert!(ran.out.starts_with("src/main.rs:2:5: warning[thread_lint::dropped_join_handles]"), "{}", ran.out);
    // Found from a folder below, and for a path from elsewhere.
    assert_eq!(short(&dir.path().join("src"), &[]).out, ran.out);
    let elsewhere = folder(&[]);
    let path = dir.path().to_string_lossy().into_owned();
    assert!(short(elsewhere.path(), &[&path]).out.contains("dropped_join_handles"));

    fs::write(dir.path().join("stubs/house.rs"), library.replace("spawns", "spawms")).unwrap();
    let broken = short(dir.path(), &[]);
    let place = format!("{path}/stubs/house.rs:1:10: unknown effect `spawms`; did you mean `spawns`?");
    assert_eq!(broken.err, format!("error: broken settings: {place}\n"));
    assert_eq!((broken.code, broken.out.as_str()), (2, ""));
}

#[test]
fn settings_ask_for_test_code() {
    let dir = workspace();
    assert!(!short(dir.path(), &[]).out.contains("b/tests/it.rs"));
    fs::write(dir.path().join("thread-lint.toml"), "tests = true\n").unwrap();
    assert!(short(dir.path(), &[]).out.contains("b/tests/it.rs"));
    assert!(!short(dir.path(), &["--lib"]).out.contains("b/tests/it.rs"));
}

#[test]
fn version_completions_and_manual() {
    let dir = package(CLEAN);
    let version = run(dir.path(), &["--version"]);
    let known = version.out.trim_end().strip_prefix("cargo-thread-lint ").unwrap_or_else(|| panic!("{}", version.out));
    assert!(known.starts_with(env!("CARGO_PKG_VERSION")), "{known}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completions = run(dir.path(), &["completions", shell]);
        assert!(completions.code == 0 && completions.out.contains("unsafe-fixes"), "{shell}");
    }
    let manual = run(dir.path(), &["man"]).out;
    assert!(manual.contains(".SH NAME") && manual.contains("\\-\\-add\\-suppressions"), "{manual}");
    // The shells themselves take it, where they are here.
    let script = run(dir.path(), &["completions", "bash"]).out;
    if let Ok(bash) = std::process::Command::new("bash").args(["-n", "-c", &script]).output() {
        assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
    }
}
