//! `-` with `--stdin-filename`: an editor's buffer over the package on disk.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, command, ran, run};
use thread_lint_tests::package::{MANIFEST, package, write};

/// A finding with an edit for certain.
const SPINS: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};
pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}
";

const DROPPED: &str = "pub fn start() {\n    std::thread::spawn(|| ());\n}\n";

fn lint(dir: &Path, text: impl AsRef<[u8]>, arguments: &[&str]) -> Ran {
    let mut child = command(dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command line that is refused is refused before anything is read.
    let _ = child.stdin.take().unwrap().write_all(text.as_ref());
    ran(child.wait_with_output().unwrap())
}

fn short(dir: &Path, text: impl AsRef<[u8]>, name: &str) -> Ran {
    lint(dir, text, &["--message-format", "short", "-", "--stdin-filename", name])
}

/// One line a finding: file, line, lint.
fn places(ran: &Ran) -> Vec<String> {
    let found = ran.out.lines().map(|line| {
        let mut parts = line.split(':');
        let (file, number) = (parts.next().unwrap(), parts.next().unwrap());
        let lint = line.split_once("thread_lint::").unwrap().1.split(']').next().unwrap();
        format!("{file}:{number} {lint}")
    });
    found.collect()
}

/// A thread whose handle one file keeps, and another joins.
fn across_files() -> TempDir {
    package(&[
        ("src/lib.rs", "mod owner;\nmod user;\nmod other;\npub use user::finish;\n"),
        (
            "src/owner.rs",
            "use std::thread::JoinHandle;\npub struct Owner {\n    pub worker: Option<JoinHandle<()>>,\n}\nimpl Owner {\n    \
             pub fn new() -> Owner {\n        Owner { worker: Some(std::thread::spawn(|| ())) }\n    }\n}\n",
        ),
        (
            "src/user.rs",
            "use crate::owner::Owner;\npub fn finish(mut owner: Owner) {\n    if let Some(worker) = owner.worker.take() {\n        \
             worker.join().unwrap();\n    }\n}\n",
        ),
        ("src/other.rs", DROPPED),
        ("tests/it.rs", "#[test]\nfn it() {}\n"),
        ("src/unit.rs", ""),
    ])
}

#[test]
fn the_package_around_it_is_read() {
    let dir = across_files();
    let owner = fs::read_to_string(dir.path().join("src/owner.rs")).unwrap();
    let user = fs::read_to_string(dir.path().join("src/user.rs")).unwrap();
    // As on disk, nothing is wrong with these two; what is wrong with the third is of no interest.
    assert_eq!(places(&run(dir.path(), &["--message-format", "short"])), ["src/other.rs:2 dropped_join_handles"]);
    assert_eq!(places(&short(dir.path(), &owner, "src/owner.rs")), <[&str; 0]>::default());
    assert_eq!(places(&short(dir.path(), &user, "src/user.rs")), <[&str; 0]>::default());
    // The join is in the other file: alone, the owner would look as if nobody joined.
    let alone = lint(dir.path(), &owner, &["--message-format", "short", "-"]);
    assert_eq!(places(&alone), ["<stdin>:3 unjoined_handle_fields"]);
    // A buffer holds, not what is saved.
    let ran = short(dir.path(), "pub fn fine() {}\n", "src/other.rs");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("no findings in 1 file, 1 line"), "{}", ran.err);
    assert_eq!(fs::read_to_string(dir.path().join("src/other.rs")).unwrap(), DROPPED);
    let ran = short(dir.path(), format!("\n\n{DROPPED}"), "src/other.rs");
    assert_eq!(places(&ran), ["src/other.rs:4 dropped_join_handles"]);
    // Absolute, and from another folder.
    let file = dir.path().join("src/other.rs");
    let ran = short(std::env::temp_dir().as_path(), DROPPED, file.to_str().unwrap());
    assert_eq!(places(&ran), ["src/other.rs:2 dropped_join_handles"]);
    // Levels, as ever.
    let arguments = ["-", "--stdin-filename", "src/other.rs", "--message-format", "json", "--", "-D", "warnings"];
    let ran = lint(dir.path(), DROPPED, &arguments);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("\"file_name\":\"src/other.rs\"") && ran.out.contains("#a@0.1.0"), "{}", ran.out);
}

#[test]
fn files_of_other_targets_and_of_none() {
    let dir = across_files();
    let test = "#[test]\nfn it() {\n    std::thread::spawn(|| ());\n}\n";
    assert_eq!(places(&short(dir.path(), test, "tests/it.rs")), ["tests/it.rs:3 dropped_join_handles"]);
    // A module for tests, named by a buffer of a root that is not saved, but not by the saved one.
    write(dir.path(), "src/lib.rs", "#[cfg(test)]\nmod unit;\n");
    assert_eq!(places(&short(dir.path(), test, "src/unit.rs")), ["src/unit.rs:3 dropped_join_handles"]);
    // Not there yet, in a folder that is not either; and there, but named by nothing.
    for name in ["src/new/deep.rs", "src/user.rs", "build/main.rs"] {
        assert_eq!(places(&short(dir.path(), DROPPED, name)), [format!("{name}:2 dropped_join_handles")]);
    }
    // A module that is in no file yet.
    let ran = short(dir.path(), "mod gone;\n", "src/lib.rs");
    assert!(ran.code == 0 && ran.err.contains("src/lib.rs:1:5: not analysed"), "{}", ran.err);
    // Without a package.
    let bare = tempfile::tempdir().unwrap();
    assert_eq!(places(&short(bare.path(), DROPPED, "a.rs")), ["a.rs:2 dropped_join_handles"]);
    assert_eq!(places(&short(bare.path(), DROPPED, "Untitled-1")), ["Untitled-1:2 dropped_join_handles"]);
    let nameless = lint(bare.path(), DROPPED, &["-", "--message-format=short"]);
    assert_eq!(places(&nameless), ["<stdin>:2 dropped_join_handles"]);
}

#[test]
fn settings_hold_and_exclude_nothing() {
    let dir = package(&[("src/lib.rs", "mod generated;\n"), ("src/generated.rs", DROPPED)]);
    write(dir.path(), "thread-lint.toml", "exclude = [\"src/generated.rs\"]\nlints.dropped_join_handles = \"deny\"\n");
    let ran = short(dir.path(), DROPPED, "src/generated.rs");
    assert_eq!((ran.code, places(&ran)), (1, vec![String::from("src/generated.rs:2 dropped_join_handles")]));
    let member = tempfile::tempdir().unwrap();
    write(member.path(), "Cargo.toml", "[workspace]\nmembers = [\"a\"]\nresolver = \"3\"\n");
    write(member.path(), "a/Cargo.toml", MANIFEST);
    write(member.path(), "a/src/lib.rs", "");
    let ran = short(&member.path().join("a"), DROPPED, "src/lib.rs");
    assert_eq!(places(&ran), ["a/src/lib.rs:2 dropped_join_handles"]);
}

#[test]
fn the_fixed_text_is_printed() {
    let dir = package(&[("src/lib.rs", SPINS), ("src/main.rs", "fn main() {}\n")]);
    let named = ["-", "--stdin-filename", "src/lib.rs"];
    for (start, newline) in [("", "\n"), ("\u{feff}", "\r\n")] {
        let text = start.to_owned() + &SPINS.replace('\n', newline) + &DROPPED.replace('\n', newline);
        let ran = lint(dir.path(), &text, &[&named[..], &["--fix"]].concat());
        let spinning = format!("{{{newline}        core::hint::spin_loop();{newline}    }}");
        assert_eq!(ran.out, text.replace("{}", &spinning));
        assert!(ran.err.contains("Fixed src/lib.rs (1 fix)"), "{}", ran.err);
        // What is left is reported, but not there.
        assert!(ran.err.contains("dropped_join_handles") && !ran.err.contains("busy_wait_loops"), "{}", ran.err);
        assert_eq!(ran.code, 0);
        // As a diff, and with nothing to fix.
        let ran = lint(dir.path(), &text, &[&named[..], &["--diff"]].concat());
        assert!(ran.out.starts_with("--- a/src/lib.rs") && ran.out.contains("+        core::hint::spin_loop();"));
        assert_eq!(ran.code, 1);
        let clean = format!("{start}pub fn fine() {{}}{newline}");
        let ran = lint(dir.path(), &clean, &[&named[..], &["--fix"]].concat());
        assert_eq!((ran.code, ran.out), (0, clean));
    }
    let loose = lint(dir.path(), SPINS, &["-", "--fix"]);
    assert!(loose.out.contains("spin_loop") && loose.code == 0, "{}", loose.err);
    let ran = lint(dir.path(), DROPPED, &[&named[..], &["--add-suppressions=seen"]].concat());
    assert!(ran.out.contains("// thread-lint: allow(dropped_join_handles): seen\n"), "{}", ran.out);
    let denied = lint(dir.path(), DROPPED, &[&named[..], &["--fix", "--", "-D", "warnings"]].concat());
    assert_eq!((denied.code, denied.out.as_str()), (1, DROPPED));
    assert_eq!(fs::read_to_string(dir.path().join("src/lib.rs")).unwrap(), SPINS);
}

#[test]
fn what_cannot_be_read() {
    let dir = package(&[("src/lib.rs", "")]);
    let ran = short(dir.path(), "fn f( {\n", "src/lib.rs");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("error: src/lib.rs:") && ran.err.contains("not analysed"), "{}", ran.err);
    // An editor that takes the output for the new text loses nothing.
    let ran = lint(dir.path(), "fn f( {\n", &["-", "--stdin-filename", "src/lib.rs", "--fix"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, "fn f( {\n"));
    let ran = short(dir.path(), b"fn f() {}\n\xff\n", "src/lib.rs");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("cannot read standard input: not UTF-8: a byte on line 2"), "{}", ran.err);
    assert!(short(dir.path(), "", "src").err.contains("is a folder"));
    write(dir.path(), "Cargo.toml", "[package\n");
    let ran = short(dir.path(), DROPPED, "src/lib.rs");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("broken manifest"), "{}", ran.err);
}

#[test]
fn usage_errors() {
    let dir = package(&[("src/lib.rs", "")]);
    for (arguments, says) in [
        (&["--stdin-filename", "src/lib.rs"][..], "give `-` too"),
        (&["-", "src"], "`-` is linted alone"),
        (&["-", "--changed-since", "HEAD"], "`--changed-since`"),
        (&["-", "--baseline", "b", "--write-baseline"], "a baseline is not written of one file"),
        (&["-", "-p", "a"], "cannot be used with"),
        (&["-", "--also", "clippy"], "cannot be used with"),
    ] {
        let ran = lint(dir.path(), DROPPED, arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_baseline_holds_for_the_file() {
    let dir = package(&[("src/lib.rs", &format!("mod other;\n{DROPPED}")), ("src/other.rs", DROPPED)]);
    run(dir.path(), &["--baseline", "known", "--write-baseline"]);
    let arguments = ["-", "--stdin-filename", "src/other.rs", "--baseline", "known", "--message-format", "short"];
    let ran = lint(dir.path(), format!("{SPINS}{DROPPED}"), &arguments);
    assert_eq!(places(&ran), ["src/other.rs:3 busy_wait_loops"]);
    assert!(!ran.err.contains("baseline"), "{}", ran.err);
}
