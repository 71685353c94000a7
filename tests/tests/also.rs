//! `--also clippy`: two tools, one command, one stream of messages.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use cargo_metadata::Message;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, command, ran};
use thread_lint_tests::package::{MANIFEST, package, write};

/// A finding of Clippy's and one of ours.
const BAD: &str = "\
pub fn holds_nothing(list: &[u8]) -> bool {
    list.len() == 0
}

pub fn start() {
    std::thread::spawn(|| ());
}
";

fn also(dir: &Path, arguments: &[&str]) -> Ran {
    let mut command = command(dir);
    // Else all packages named `a` would be built in one folder.
    command.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    ran(command.args(arguments).output().unwrap())
}

/// Findings by the code of their lint and their level, and how the build is said to have ended.
fn told(out: &str) -> (Vec<(String, String)>, Vec<bool>) {
    let (mut found, mut finished) = (Vec::new(), Vec::new());
    for message in Message::parse_stream(out.as_bytes()) {
        match message.unwrap() {
            Message::CompilerMessage(told) if told.message.code.is_some() => {
                let level = serde_json::to_value(told.message.level).unwrap().as_str().unwrap().to_owned();
                found.push((told.message.code.unwrap().code, level));
            }
            Message::BuildFinished(end) => finished.push(end.success),
            Message::TextLine(line) => panic!("no message: {line}"),
            _ => {}
        }
    }
    found.sort();
    (found, finished)
}

fn codes(found: &[(String, String)]) -> Vec<(&str, &str)> {
    found.iter().map(|(code, level)| (code.as_str(), level.as_str())).collect()
}

#[test]
fn messages_of_both_and_one_end() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let together = also(dir.path(), &["--also", "clippy", "--message-format=json"]);
    let (found, finished) = told(&together.out);
    assert_eq!(codes(&found), [("clippy::len_zero", "warning"), ("thread_lint::dropped_join_handles", "warning")]);
    assert_eq!((together.code, finished), (0, vec![true]), "{}", together.err);
    assert!(together.out.ends_with("{\"reason\":\"build-finished\",\"success\":true}\n"), "{}", together.out);
    // Ours come first, as they are there first; what follows is Clippy's own, to the byte.
    let alone = also(dir.path(), &["--message-format=json"]);
    let end = alone.out.find("{\"reason\":\"build-finished\"").unwrap();
    let rest = together.out.strip_prefix(&alone.out[..end]).unwrap();
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--message-format=json"]).current_dir(dir.path());
    let clippy = ran(clippy.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS").output().unwrap()).out;
    let messages = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains("\"compiler-message\"")).map(str::to_owned).collect()
    };
    assert_eq!(messages(rest), messages(&clippy));
    assert_eq!(messages(rest).len(), 1);
}

#[test]
fn for_people_clippy_comes_as_it_is_and_ours_after_it() {
    for format in ["human", "short"] {
        // Cargo keeps what it rendered once, in whatever form.
        let dir = package(&[("src/lib.rs", BAD)]);
        let alone = also(dir.path(), &["--message-format", format]);
        let together = also(dir.path(), &["--also", "clippy", "--message-format", format]);
        assert_eq!(together.code, 0);
        assert!(together.err.contains("length comparison to zero"), "{}", together.err);
        assert_eq!(together.err.contains("-->"), format == "human", "{}", together.err);
        let (clippy, ours) = (together.err.rfind("target(s) in"), together.err.find("1 warning in 1 file"));
        assert!(clippy.is_some() && clippy < ours, "{}", together.err);
        assert_eq!(together.out, alone.out);
    }
    let dir = package(&[("src/lib.rs", BAD)]);
    let colored = also(dir.path(), &["--also", "clippy", "--color", "always"]);
    assert!(colored.err.contains("\u{1b}[") && colored.out.contains("\u{1b}["), "{}", colored.err);
}

#[test]
fn the_exit_code_is_the_worse_one() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let levels_of = |arguments: &[&str]| {
        let ran = also(dir.path(), arguments);
        let (found, finished) = told(&ran.out);
        let level = |start: &str| {
            let mut of_tool = found.iter().filter(|(code, _)| code.starts_with(start));
            of_tool.next().map(|(_, level)| level.clone()).unwrap_or_default()
        };
        (level("clippy"), level("thread_lint"), ran.code, finished)
    };
    let json = "--message-format=json";
    let (warning, error) = (|| String::from("warning"), || String::from("error"));
    assert_eq!(levels_of(&[json, "--also", "clippy -- -D clippy::len_zero"]), (error(), warning(), 1, vec![false]));
    // Levels after our own dashes are for our own lints.
    assert_eq!(levels_of(&[json, "--also", "clippy", "--", "-D", "warnings"]), (warning(), error(), 1, vec![false]));
    assert_eq!(
        levels_of(&[json, "--also", "clippy -- -D clippy::len_zero", "--exit-zero"]),
        (error(), warning(), 0, vec![true])
    );
    assert_eq!(levels_of(&[json, "--also", "check"]), (String::new(), warning(), 0, vec![true]));
}

#[test]
fn the_same_packages_and_targets() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    for name in ["a", "b"] {
        let features = "\n[features]\nextra = []\n";
        write(dir.path(), &format!("{name}/Cargo.toml"), MANIFEST.replace("\"a\"", &format!("{name:?}")) + features);
        write(dir.path(), &format!("{name}/src/lib.rs"), BAD);
    }
    write(dir.path(), "b/tests/it.rs", "#[test]\nfn it() {\n    assert_eq!([0u8].len() == 0, false);\n}\n");
    let places = |arguments: &[&str]| {
        let mut all = vec!["--also", "clippy", "--message-format=json"];
        all.extend(arguments);
        let ran = also(dir.path(), &all);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let messages = Message::parse_stream(ran.out.as_bytes()).map(Result::unwrap);
        let mut files: Vec<String> = messages
            .filter_map(|message| match message {
                Message::CompilerMessage(told) if told.message.code.is_some() => Some(told.message),
                _ => None,
            })
            .map(|message| {
                let tool = message.code.unwrap().code.split("::").next().unwrap().to_owned();
                format!("{tool} {}", message.spans[0].file_name)
            })
            .collect();
        files.sort();
        files.dedup();
        files
    };
    assert_eq!(
        places(&["--workspace"]),
        ["clippy a/src/lib.rs", "clippy b/src/lib.rs", "thread_lint a/src/lib.rs", "thread_lint b/src/lib.rs"]
    );
    assert_eq!(
        places(&["-p", "b", "--all-targets", "--features", "extra", "--keep-going", "-j1"]),
        ["clippy b/src/lib.rs", "clippy b/tests/it.rs", "thread_lint b/src/lib.rs"]
    );
    assert_eq!(
        places(&["--workspace", "--exclude", "b", "--lib", "--no-default-features", "--target-dir", "elsewhere"]),
        ["clippy a/src/lib.rs", "thread_lint a/src/lib.rs"]
    );
    assert!(dir.path().join("elsewhere").is_dir());
    assert_eq!(places(&["--manifest-path", "a"]), ["clippy a/src/lib.rs", "thread_lint a/src/lib.rs"]);
}

#[test]
fn other_formats_stay_whole() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let ran = also(dir.path(), &["--also", "clippy", "--message-format", "sarif", "--output", "json=all.json"]);
    assert!(ran.err.contains("length comparison to zero"), "{}", ran.err);
    let log: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 1);
    let file = std::fs::read_to_string(dir.path().join("all.json")).unwrap();
    assert_eq!((told(&file).0.len(), told(&file).1), (1, vec![true]));
    // A file that takes what would stand on standard output takes both.
    let ran = also(dir.path(), &["--also", "clippy", "--message-format", "json", "--output-file", "both.json"]);
    assert_eq!(ran.out, "");
    let file = std::fs::read_to_string(dir.path().join("both.json")).unwrap();
    assert_eq!((told(&file).0.len(), told(&file).1), (2, vec![true]));
    let ran = also(dir.path(), &["--also", "clippy", "--message-format", "json-render-diagnostics"]);
    assert!(ran.err.contains("length comparison to zero") && ran.err.contains("dropped_join_handles"), "{}", ran.err);
    assert_eq!(told(&ran.out), (Vec::new(), vec![true]));
}

#[test]
fn a_crate_that_does_not_build() {
    let dir = package(&[("src/lib.rs", &BAD.replace("list.len() == 0", "nowhere"))]);
    let ran = also(dir.path(), &["--also", "clippy", "--message-format", "json"]);
    let (found, finished) = told(&ran.out);
    assert_eq!(codes(&found), [("E0425", "error"), ("thread_lint::dropped_join_handles", "warning")]);
    assert_eq!((ran.code, finished), (1, vec![false]));
    assert!(ran.err.contains("could not compile `a`"), "{}", ran.err);
}

#[test]
fn usage_errors() {
    let dir = package(&[("src/lib.rs", BAD)]);
    for (arguments, says) in [
        (&["--also", "rustfmt"][..], "possible values: clippy, check"),
        (&["--also", "clippy -D warnings"], "come after `--`"),
        (&["--also", "clippy", "src/lib.rs"], "cannot be used with"),
        (&["--also", "clippy", "--fix"], "cannot be used with"),
        (&["graph", "--also", "clippy"], "unexpected argument"),
    ] {
        let ran = also(dir.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

/// A package, and a script that stands for cargo.
#[cfg(unix)]
fn with_cargo(script: &str) -> (TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let dir = package(&[("src/lib.rs", BAD)]);
    write(dir.path(), "cargo", format!("#!/bin/sh\n{script}"));
    let cargo = dir.path().join("cargo");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    (dir, cargo)
}

#[cfg(unix)]
#[test]
fn what_keeps_it_from_its_work_is_said() {
    let gone = package(&[("src/lib.rs", BAD)]);
    let path = gone.path().join("no-cargo");
    let mut cases = vec![(gone, path, "cannot run `cargo clippy`: no such file")];
    for (script, says) in [
        (
            "echo 'error: no such command: `clippy`' >&2; exit 101",
            "gave up before it built anything (exit status: 101)",
        ),
        ("kill -9 $$", "did not end by itself (signal: 9 (SIGKILL))"),
        ("echo '{\"reason\":\"build-finished\",\"success\":true}'; exit 3", "did not end by itself (exit status: 3)"),
    ] {
        let (dir, cargo) = with_cargo(script);
        cases.push((dir, cargo, says));
    }
    for (dir, cargo, says) in cases {
        for format in ["human", "json"] {
            let mut command = command(dir.path());
            command.env("CARGO", &cargo).args(["--also", "clippy", "--message-format", format]);
            let ran = ran(command.output().unwrap());
            assert_eq!(ran.code, 2, "{says}: {}", ran.err);
            assert!(ran.err.contains(says), "{says}: {}", ran.err);
            // Ours are worth having all the same.
            assert!(ran.out.contains("thread_lint::dropped_join_handles"), "{}", ran.out);
            assert!(format != "json" || ran.out.ends_with("\"success\":false}\n"), "{}", ran.out);
        }
    }
}

#[cfg(unix)]
#[test]
fn lines_stay_whole_whatever_cargo_prints() {
    let odd = "{\"reason\":\"compiler-artifact\" ,  \"x\":\"ü\"}\nprinted by a macro\nbuild-finished";
    let end = "{\"reason\":\"build-finished\",\"success\":true}";
    let (dir, cargo) = with_cargo(&format!("printf '%s\\n%s' '{end}' '{odd}'"));
    let run = |format: &str| {
        let mut command = command(dir.path());
        ran(command.env("CARGO", &cargo).args(["--also", "clippy", "--message-format", format]).output().unwrap())
    };
    let ran = run("json");
    assert!(ran.out.ends_with(&format!("}}\n{odd}\n{end}\n")), "{}", ran.out);
    assert_eq!((ran.code, ran.out.matches(end).count()), (0, 1));
    // For people only what is no message, as with cargo itself.
    let ran = run("human");
    assert!(ran.out.starts_with("printed by a macro\nbuild-finished\n") && !ran.out.contains("reason"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn it_does_not_outlive_us() {
    use std::io::{BufRead, BufReader};
    use std::time::{Duration, Instant};
    // As with Clippy, what works is not the child but what that has started.
    let (dir, cargo) = with_cargo("sleep 600 & echo $! >&2; wait");
    for signal in ["-INT", "-TERM"] {
        let mut command = command(dir.path());
        command.env("CARGO", &cargo).args(["--also", "clippy", "-q"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pid = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut pid).unwrap();
        let exists = |pid: &str| {
            let mut probe = Command::new("kill");
            probe.args(["-0", pid.trim()]).stderr(Stdio::null()).status().unwrap().success()
        };
        assert!(exists(&pid), "{pid}");
        // The handler may be younger than the child.
        std::thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        // A dead one that nobody asks after keeps its entry.
        let works = |pid: &str| {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while cfg!(target_os = "linux") && works(&pid) {
            assert!(Instant::now() < deadline, "{signal}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    // Whoever reads no more wants no more.
    let (dir, cargo) = with_cargo("while :; do echo '{\"reason\":\"compiler-artifact\"}'; done");
    let mut command = command(dir.path());
    command.env("CARGO", &cargo).args(["--also", "clippy", "--message-format=json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().code().is_some());
}
