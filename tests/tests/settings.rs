//! Settings as a user meets them: what they do to a run, and what `config` says of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use thread_lint_tests::binary::run;
use thread_lint_tests::package::package;

const BAD: &str = "pub fn start() {\n    std::thread::spawn(|| {});\n}\n";
fn short(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let ran = run(dir, &[&["--message-format", "short"], arguments].concat());
    (ran.code, ran.out)
}

#[test]
fn levels_come_from_the_file_and_then_from_the_command_line() {
    let dir = package(&[("src/lib.rs", BAD), ("thread-lint.toml", "lints.join = 'deny'\n")]);
    let (code, out) = short(dir.path(), &[]);
    assert!(code == 1 && out.contains(": error[thread_lint::dropped_join_handles]"), "{out}");
    assert_eq!(short(dir.path(), &["--", "-A", "dropped_join_handles"]), (0, String::new()));
    fs::write(dir.path().join("thread-lint.toml"), "lints.join = 'forbid'\n").unwrap();
    assert_eq!(short(dir.path(), &["--", "-A", "dropped_join_handles"]).0, 1);
}

#[test]
fn excluded_files_are_read_but_not_reported_on() {
    // The handle is joined in the excluded file: it is still part of the program.
    let lib = "mod a;\nmod gen;\npub struct W { pub(crate) h: Option<std::thread::JoinHandle<()>> }\n";
    let gen_text =
        format!("{BAD}pub fn end(mut w: crate::W) {{ if let Some(h) = w.h.take() {{ h.join().unwrap(); }} }}\n");
    let files = [("src/lib.rs", lib), ("src/a.rs", BAD), ("src/gen.rs", &gen_text)];
    let dir = package(&files);
    assert_eq!(short(dir.path(), &[]).1.lines().count(), 2);
    fs::write(dir.path().join("thread-lint.toml"), "exclude = ['src/gen*']\n").unwrap();
    let (_, out) = short(dir.path(), &[]);
    assert!(out.lines().count() == 1 && out.starts_with("src/a.rs:2:"), "{out}");
    // Who names a file wants to hear of it.
    assert!(short(dir.path(), &["src/gen.rs"]).1.starts_with("src/gen.rs:2:"));
    // And a comment there is not said to suppress nothing.
    fs::write(dir.path().join("src/gen.rs"), format!("// thread-lint: allow(join)\nfn f() {{}}\n{gen_text}")).unwrap();
    assert_eq!(short(dir.path(), &[]).1, out);
}

#[test]
fn what_config_prints_is_what_is_in_force() {
    let text = "exclude = ['gen']\nmax-call-depth = 2\nmsrv = '1.70'\n\n[lints]\njoin = { level = 'deny', priority = -1 }\n\
                detached_threads = 'allow'\n";
    let dir = package(&[("src/lib.rs", BAD), ("thread-lint.toml", text)]);
    let printed = run(dir.path(), &["config", "--", "-W", "stop"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let line = |start: &str| {
        let line = printed.out.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("{start}: {}", printed.out)).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("max-call-depth"), "max-call-depth = 2 # thread-lint.toml:2");
    assert_eq!(line("tests"), "tests = false # default");
    assert_eq!(line("dropped_join_handles"), "dropped_join_handles = \"deny\" # thread-lint.toml:6");
    assert_eq!(line("detached_threads"), "detached_threads = \"allow\" # thread-lint.toml:7");
    assert_eq!(line("blocked_past_stop"), "blocked_past_stop = \"warn\" # command line");
    assert_eq!(line("torn_updates"), "torn_updates = \"warn\" # default");
    // Read as settings of its own it says the same.
    fs::write(dir.path().join("thread-lint.toml"), &printed.out).unwrap();
    let values = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" #").next().unwrap_or("").trim_end().to_owned()).collect()
    };
    assert_eq!(values(&run(dir.path(), &["config"]).out), values(&printed.out));
}

#[test]
fn the_oldest_rust_can_be_said() {
    // Scoped threads came with 1.63.
    let dir = package(&[("src/lib.rs", BAD), ("thread-lint.toml", "msrv = '1.50'\n")]);
    let ran = run(dir.path(), &["config"]);
    assert!(ran.out.contains("msrv = \"1.50\""), "{}", ran.out);
    assert_eq!(run(dir.path(), &["config", "--schema"]).out, cargo_thread_lint::settings::schema());
}
