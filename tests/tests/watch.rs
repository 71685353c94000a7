//! `--watch`: a report after each change, until somebody ends it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thread_lint_tests::binary::{command, run};
use thread_lint_tests::package::{MANIFEST, package, write};

/// A change is seen within moments; a busy machine may take its time.
const PATIENCE: Duration = Duration::from_secs(60);

const DROPPED: &str = "pub fn start() {\n    std::thread::spawn(|| ());\n}\n";
const JOINED: &str = "pub fn start() {\n    std::thread::spawn(|| ()).join().unwrap();\n}\n";

/// A watch that runs; dropping it ends it.
struct Watch {
    process: Child,
    lines: Receiver<String>,
    readers: Vec<JoinHandle<()>>,
}

impl Watch {
    fn start(dir: &Path, arguments: &[&str]) -> Watch {
        let mut command = command(dir);
        command.arg("--watch").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (sender, lines) = channel();
        let readers = vec![
            forward(process.stdout.take().unwrap(), "out", sender.clone()),
            forward(process.stderr.take().unwrap(), "err", sender),
        ];
        Watch { process, lines, readers }
    }

    /// What is said up to the line that ends a round.
    fn round(&self) -> String {
        let mut said = String::new();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).unwrap_or_else(|error| panic!("{error} after:\n{said}"));
            said.push_str(&line);
            said.push('\n');
            // The report came before it, but by another pipe.
            if line.starts_with("err     Watching ") {
                std::thread::sleep(Duration::from_millis(30));
                said.extend(self.lines.try_iter().map(|line| line + "\n"));
                return said;
            }
        }
    }

    /// Rounds up to the one that says this: a change may come in two.
    fn until(&self, says: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.round();
            if said.contains(says) {
                return said;
            }
            assert!(Instant::now() < deadline, "no {says:?}, but:\n{said}");
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }
}

fn forward(stream: impl Read + Send + 'static, name: &'static str, sender: Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(format!("{name} {line}")).is_err() {
                break;
            }
        }
    })
}

/// As careful editors do: the new text beside the file, then over it.
fn save(dir: &Path, path: &str, text: &str) {
    write(dir, &format!("{path}.tmp"), text);
    fs::rename(dir.join(format!("{path}.tmp")), dir.join(path)).unwrap();
}

#[test]
fn changes_are_linted() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    let (dir, watch) = (dir.path(), Watch::start(dir.path(), &["--message-format", "short"]));
    let first = watch.round();
    assert!(first.contains("out src/lib.rs:2:5: warning[thread_lint::dropped_join_handles]"), "{first}");
    assert!(first.contains("Watching 1 file; Ctrl-C ends it") && !first.contains('\u{1b}'), "{first}");
    // Written in place, and over the old one by a rename.
    write(dir, "src/lib.rs", JOINED);
    let mended = watch.until("no findings in 1 file");
    assert!(!mended.contains("dropped_join_handles"), "{mended}");
    save(dir, "src/lib.rs", &format!("\n{DROPPED}"));
    watch.until("out src/lib.rs:3:5: warning");
    // A manifest in the middle of an edit, settings with a mistake.
    write(dir, "Cargo.toml", "[package\n");
    watch.until("err error: broken manifest");
    write(dir, "src/lib.rs", JOINED);
    watch.until("broken manifest");
    save(dir, "Cargo.toml", MANIFEST);
    watch.until("no findings in 1 file");
    write(dir, "thread-lint.toml", "lint = 1\n");
    watch.until("err error: broken settings");
    write(dir, "thread-lint.toml", "lints.dropped_join_handles = \"deny\"\n");
    watch.until("no findings in 1 file");
    write(dir, "src/lib.rs", DROPPED);
    watch.until("error[thread_lint::dropped_join_handles]");
    fs::remove_file(dir.join("thread-lint.toml")).unwrap();
    watch.until("warning[thread_lint::dropped_join_handles]");
}

#[test]
fn files_and_folders_come_and_go() {
    let dir = package(&[("src/lib.rs", "mod inner;\n"), ("src/inner.rs", JOINED)]);
    let (dir, watch) = (dir.path(), Watch::start(dir.path(), &["--message-format", "short"]));
    watch.until("no findings in 2 files");
    fs::remove_file(dir.join("src/inner.rs")).unwrap();
    watch.until("nor `src/inner/mod.rs` exists");
    // In a folder that is new itself.
    write(dir, "src/inner/mod.rs", DROPPED);
    watch.until("out src/inner/mod.rs:2:5: warning");
    write(dir, "src/inner/mod.rs", "mod deep;\n");
    watch.until("nor `src/inner/deep/mod.rs` exists");
    write(dir, "src/inner/deep/mod.rs", DROPPED);
    watch.until("out src/inner/deep/mod.rs:2:5: warning");
    fs::rename(dir.join("src/inner"), dir.join("src/aside")).unwrap();
    watch.until("nor `src/inner/mod.rs` exists");
    fs::rename(dir.join("src/aside"), dir.join("src/inner")).unwrap();
    watch.until("out src/inner/deep/mod.rs:2:5: warning");
    // A target that is found by where it lies.
    write(dir, "src/bin/tool.rs", "fn main() {\n    std::thread::spawn(|| ());\n}\n");
    watch.until("out src/bin/tool.rs:2:5: warning");
    // What a build writes, and what editors put beside a file, wakes nobody: the next round is that of the next change.
    for other in ["target/debug/out.rs", ".git/index", "src/.#lib.rs", "src/4913", "src/lib.rs~", "Cargo.lock"] {
        write(dir, other, "");
    }
    std::thread::sleep(Duration::from_millis(700));
    let early: Vec<String> = watch.lines.try_iter().collect();
    assert_eq!(early, Vec::<String>::new());
    fs::remove_file(dir.join("src/bin/tool.rs")).unwrap();
    let said = watch.until("Watching");
    assert!(!said.contains("tool.rs"), "{said}");
}

#[test]
fn members_and_path_dependencies_are_watched() {
    let dir = tempfile::tempdir().unwrap();
    let member = |name: &str, more: &str| MANIFEST.replace("\"a\"", &format!("{name:?}")) + more;
    write(dir.path(), "space/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    write(
        dir.path(),
        "space/crates/one/Cargo.toml",
        member("one", "\n[dependencies]\nbeside = { path = \"../../../beside\" }\n"),
    );
    write(dir.path(), "space/crates/one/src/lib.rs", "pub fn go() {\n    beside::start();\n}\n");
    write(dir.path(), "beside/Cargo.toml", member("beside", ""));
    write(dir.path(), "beside/src/lib.rs", "pub fn start() {}\n");
    let space = dir.path().join("space");
    let watch = Watch::start(&space, &["--workspace", "--message-format", "short"]);
    watch.until("no findings in 1 file");
    write(dir.path(), "space/crates/two/Cargo.toml", member("two", ""));
    write(dir.path(), "space/crates/two/src/lib.rs", DROPPED);
    watch.until("out crates/two/src/lib.rs:2:5: warning");
    // Not reported on, but read.
    let locked = "pub fn start() {\n    loop {}\n}\n";
    write(dir.path(), "beside/src/lib.rs", locked);
    watch.until("Watching 3 files");
}

#[test]
fn messages_of_cargo_round_by_round() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    let watch = Watch::start(dir.path(), &["--message-format", "json", "--", "-D", "warnings"]);
    let first = watch.round();
    assert!(first.contains("\"code\":\"thread_lint::dropped_join_handles\""), "{first}");
    assert_eq!(first.matches("{\"reason\":\"build-finished\",\"success\":false}").count(), 1, "{first}");
    write(dir.path(), "src/lib.rs", JOINED);
    let second = watch.until("\"success\":true");
    assert_eq!(second.matches("build-finished").count(), 1, "{second}");
    drop(watch);
    // One document takes the place of the one before.
    let out = dir.path().join("out.sarif");
    let watch = Watch::start(dir.path(), &["--message-format", "sarif", "--output-file", "out.sarif"]);
    watch.round();
    assert!(!fs::read_to_string(&out).unwrap().contains("\"ruleIndex\":"), "no results");
    write(dir.path(), "src/lib.rs", DROPPED);
    watch.round();
    assert!(fs::read_to_string(&out).unwrap().contains("\"ruleIndex\":"));
}

#[test]
fn it_ends_when_told_to_and_when_nobody_reads() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    let mut watch = Watch::start(dir.path(), &[]);
    watch.round();
    assert!(watch.process.try_wait().unwrap().is_none(), "it goes on");
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        let told = std::process::Command::new("kill").args(["-INT", &watch.process.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert_eq!(watch.process.wait().unwrap().signal(), Some(2));
    }
    let mut command = command(dir.path());
    command.args(["--watch", "-q"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    drop(process.stdout.take());
    let deadline = Instant::now() + PATIENCE;
    while process.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn usage_errors() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    for (arguments, says) in [
        (&["--watch", "--fix"][..], "cannot be used with"),
        (&["--watch", "--also", "clippy"], "cannot be used with"),
        (&["--watch", "--message-format", "sarif"], "give `--output-file`"),
        (&["--watch", "-"], "leave `--watch` out"),
        (&["--watch", "nowhere"], "`nowhere`: no such file"),
    ] {
        let ran = run(dir.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}
