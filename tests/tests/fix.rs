//! `--fix`, `--diff` and `--add-suppressions` as a user meets them: what is written, what is not, and that every file is
//! whole whenever the process ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thread_lint_tests::binary::{command, run};
use thread_lint_tests::package::{MANIFEST, write};

/// One finding whose edit is certain, two whose edits somebody has to look at.
const BAD: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}

pub fn join(worker: std::thread::JoinHandle<()>) {
    let _ = worker.join();
}

pub fn start() {
    std::thread::spawn(|| println!(\"up\"));
}
";

const SPINS: &str = "    while !flag.load(Ordering::Acquire) {\n        core::hint::spin_loop();\n    }\n";

/// A package under git, with everything committed.
fn package(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", MANIFEST.as_bytes());
    for (path, text) in files {
        write(dir.path(), path, text);
    }
    git(dir.path(), &["init", "--quiet"]);
    commit(dir.path());
    dir
}

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false"];
    let ran = Command::new("git").current_dir(dir).args(identity).args(arguments).output().unwrap();
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn commit(dir: &Path) {
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--allow-empty", "-m", "state"]);
}

fn text(dir: &Path, path: &str) -> String {
    fs::read_to_string(dir.join(path)).unwrap()
}

#[test]
fn certain_edits_are_made_and_the_rest_is_reported() {
    let dir = package(&[("src/lib.rs", BAD.as_bytes())]);
    let before = run(dir.path(), &["--message-format", "short"]);
    assert!(
        before.err.contains("2 warnings") && before.err.contains("; `--fix` mends 1, `--fix --unsafe-fixes` 2"),
        "{}",
        before.err
    );
    let ran = run(dir.path(), &["--fix", "--message-format", "short"]);
    assert_eq!(text(dir.path(), "src/lib.rs"), BAD.replace("    while !flag.load(Ordering::Acquire) {}\n", SPINS));
    assert!(ran.err.contains("Fixed src/lib.rs (1 fix)"), "{}", ran.err);
    let left: Vec<&str> = ran.out.lines().collect();
    assert!(
        matches!(left[..], [one] if one.starts_with("src/lib.rs:14:") && one.contains("dropped_join_handles")),
        "{left:?}"
    );
    assert_eq!(ran.code, 0);
    commit(dir.path());
    let again = run(dir.path(), &["--fix", "--message-format", "short"]);
    assert_eq!((again.out, again.err.contains("Fixed")), (ran.out, false));
}

#[test]
fn unsafe_fixes_make_the_others_too() {
    let dir = package(&[("src/lib.rs", BAD.as_bytes())]);
    let ran = run(dir.path(), &["--fix", "--unsafe-fixes", "--", "-W", "all"]);
    let fixed = text(dir.path(), "src/lib.rs");
    assert!(fixed.contains(SPINS) && !fixed.contains("let _ = worker.join()"), "{fixed}");
    assert!(!fixed.contains("\n    std::thread::spawn"), "{fixed}");
    assert_eq!((ran.out.as_str(), ran.code), ("", 0));
}

#[test]
fn a_denied_finding_that_is_mended_denies_no_more() {
    let dir = package(&[("src/lib.rs", BAD.split("pub fn join").next().unwrap().as_bytes())]);
    assert_eq!(run(dir.path(), &["--", "-D", "warnings"]).code, 1);
    assert_eq!(run(dir.path(), &["--fix", "--", "-D", "warnings"]).code, 0);
}

#[test]
fn a_diff_is_what_would_be_written() {
    let dir =
        package(&[("src/lib.rs", BAD.as_bytes()), ("src/main.rs", b"fn main() {\n    std::thread::spawn(|| ());\n}")]);
    let ran = run(dir.path(), &["--diff", "--unsafe-fixes"]);
    assert_eq!(text(dir.path(), "src/lib.rs"), BAD);
    assert!(ran.out.starts_with("--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ "), "{}", ran.out);
    assert_eq!(ran.code, 1);
    // Applied by another tool it gives the same files.
    let patch = tempfile::NamedTempFile::new().unwrap();
    fs::write(patch.path(), &ran.out).unwrap();
    git(dir.path(), &["apply", patch.path().to_str().unwrap()]);
    let applied = ["src/lib.rs", "src/main.rs"].map(|path| text(dir.path(), path));
    git(dir.path(), &["checkout", "--quiet", "."]);
    run(dir.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(applied, ["src/lib.rs", "src/main.rs"].map(|path| text(dir.path(), path)));
    commit(dir.path());
    let clean = run(dir.path(), &["--diff"]);
    assert_eq!((clean.out.as_str(), clean.code), ("", 0));
}

#[test]
fn only_what_can_be_taken_back_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", MANIFEST.as_bytes());
    write(dir.path(), "src/lib.rs", BAD.as_bytes());
    let refused = run(dir.path(), &["--fix"]);
    assert!(refused.code == 2 && refused.err.contains("`--allow-no-vcs`"), "{}", refused.err);
    // Looking is always allowed.
    assert_eq!(run(dir.path(), &["--diff"]).code, 1);

    git(dir.path(), &["init", "--quiet"]);
    let refused = run(dir.path(), &["--fix"]);
    assert!(refused.code == 2 && refused.err.contains("  * src/lib.rs (dirty)"), "{}", refused.err);
    assert_eq!(run(dir.path(), &["--fix", "--allow-staged"]).code, 2);

    git(dir.path(), &["add", "--all"]);
    let refused = run(dir.path(), &["--fix"]);
    assert!(refused.code == 2 && refused.err.contains("  * src/lib.rs (staged)"), "{}", refused.err);
    assert_eq!(text(dir.path(), "src/lib.rs"), BAD);
    assert_eq!(run(dir.path(), &["--fix", "--allow-staged"]).code, 0);
    assert!(text(dir.path(), "src/lib.rs").contains(SPINS));

    write(dir.path(), "src/lib.rs", BAD.as_bytes());
    assert_eq!(run(dir.path(), &["--fix", "--allow-dirty"]).code, 0);
    assert!(text(dir.path(), "src/lib.rs").contains(SPINS));
    write(dir.path(), "src/lib.rs", BAD.as_bytes());
    assert_eq!(run(dir.path(), &["--fix", "--allow-no-vcs"]).code, 0);
}

#[test]
fn a_folder_that_git_ignores_is_not_under_version_control() {
    let dir = package(&[(".gitignore", b"out/\n")]);
    write(dir.path(), "out/b/Cargo.toml", format!("{MANIFEST}[workspace]\n").as_bytes());
    write(dir.path(), "out/b/src/lib.rs", BAD.as_bytes());
    let refused = run(&dir.path().join("out/b"), &["--fix"]);
    assert!(refused.code == 2 && refused.err.contains("`--allow-no-vcs`"), "{}", refused.err);
}

#[test]
fn bytes_outside_the_edits_stay() {
    let windows =
        format!("\u{feff}#![allow(dead_code)]\r\n// ö\t\r\n{}", BAD.replace('\n', "\r\n").replace("    ", "\t"));
    let dir = package(&[("src/lib.rs", windows.as_bytes())]);
    run(dir.path(), &["--fix"]);
    let wanted = windows.replace("{}\r\n}", "{\r\n\t\tcore::hint::spin_loop();\r\n\t}\r\n}");
    assert_eq!(text(dir.path(), "src/lib.rs"), wanted);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_workspace_only() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "far.rs", BAD.as_bytes());
    let dir = package(&[("src/lib.rs", b"mod near;\nmod far;\n"), ("shared/near.rs", BAD.as_bytes())]);
    symlink("../shared/near.rs", dir.path().join("src/near.rs")).unwrap();
    symlink(outside.path().join("far.rs"), dir.path().join("src/far.rs")).unwrap();
    let near = dir.path().join("shared/near.rs");
    fs::set_permissions(&near, fs::Permissions::from_mode(0o754)).unwrap();
    commit(dir.path());
    let ran = run(dir.path(), &["--fix"]);
    assert!(ran.err.contains("`src/far.rs` is not edited: it is excluded, or lies outside"), "{}", ran.err);
    assert_eq!(text(outside.path(), "far.rs"), BAD);
    assert!(text(dir.path(), "shared/near.rs").contains(SPINS));
    assert!(fs::symlink_metadata(dir.path().join("src/near.rs")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&near).unwrap().permissions().mode() & 0o777, 0o754);
}

#[cfg(unix)]
#[test]
fn one_file_under_two_names_is_edited_once() {
    let dir = package(&[("src/lib.rs", b"pub mod one;\npub mod two;\n"), ("src/one.rs", BAD.as_bytes())]);
    std::os::unix::fs::symlink("one.rs", dir.path().join("src/two.rs")).unwrap();
    commit(dir.path());
    let ran = run(dir.path(), &["--fix"]);
    assert!(ran.err.contains("Fixed src/one.rs (1 fix)") && !ran.err.contains("two.rs ("), "{}", ran.err);
    assert_eq!(text(dir.path(), "src/one.rs").matches("spin_loop").count(), 1);
}

#[test]
fn a_read_only_file_stops_all_writing() {
    let dir =
        package(&[("src/lib.rs", b"mod a;\nmod b;\n"), ("src/a.rs", BAD.as_bytes()), ("src/b.rs", BAD.as_bytes())]);
    let path = dir.path().join("src/b.rs");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let ran = run(dir.path(), &["--fix", "--allow-dirty"]);
    assert!(ran.code == 2 && ran.err.contains("`src/b.rs` is read-only; nothing was written"), "{}", ran.err);
    assert_eq!(text(dir.path(), "src/a.rs"), BAD);
}

#[test]
fn packages_that_are_not_asked_for_are_left() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", b"[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    for name in ["a", "b"] {
        write(dir.path(), &format!("{name}/Cargo.toml"), MANIFEST.replace("\"a\"", &format!("\"{name}\"")).as_bytes());
        write(dir.path(), &format!("{name}/src/lib.rs"), BAD.as_bytes());
    }
    run(dir.path(), &["--fix", "--allow-no-vcs", "-p", "a"]);
    assert!(text(dir.path(), "a/src/lib.rs").contains(SPINS));
    assert_eq!(text(dir.path(), "b/src/lib.rs"), BAD);
}

#[test]
fn findings_are_suppressed_where_they_stand() {
    let more = "\npub struct Worker {\n    /// Its thread.\n    handle: Option<std::thread::JoinHandle<()>>,\n}\n\n\
                pub fn nested(many: bool) {\n    if many {\n        let name = String::new();\n        std::thread::Builder::new()\n            \
                .name(name)\n            .spawn(|| ())\n            .unwrap();\n    } else { std::thread::spawn(|| ()); }\n}\n\
                impl Worker {\n    pub fn new() -> Worker {\n        Worker { handle: Some(std::thread::spawn(|| ())) }\n    }\n}\n";
    let dir = package(&[("src/main.rs", format!("{BAD}{more}fn main() {{}}\n").as_bytes())]);
    let before = run(dir.path(), &["--message-format", "short", "--", "-W", "all"]).out;
    assert!(before.lines().count() >= 5, "{before}");
    let shown = run(dir.path(), &["--add-suppressions=seen, and fine", "--diff", "--", "-W", "all"]);
    assert_eq!(shown.code, 1);
    let ran = run(dir.path(), &["--add-suppressions=seen, and fine", "--", "-W", "all"]);
    assert_eq!((ran.out.as_str(), ran.code), ("", 0), "{}", ran.err);
    let text = text(dir.path(), "src/main.rs");
    assert!(text.contains("\n    // thread-lint: allow(busy_wait_loops): seen, and fine\n    while !flag"), "{text}");
    assert!(
        text.contains(
            "    /// Its thread.\n    // thread-lint: allow(unjoined_handle_fields): seen, and fine\n    handle:"
        ) || text.contains("    // thread-lint: allow(unjoined_handle_fields): seen, and fine\n    /// Its thread.\n"),
        "{text}"
    );
    // What is added is all that changes.
    let rest: String =
        text.lines().filter(|line| !line.contains("thread-lint:")).map(|line| format!("{line}\n")).collect();
    assert_eq!(rest, format!("{BAD}{more}fn main() {{}}\n"));
    let added: String = shown.out.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).collect();
    assert_eq!(added.matches("thread-lint:").count(), text.matches("thread-lint:").count());
}

#[test]
fn suppressions_that_suppress_nothing_are_deleted() {
    let source = "// thread-lint: allow(busy_wait_loops): long gone\npub fn fine() {}\n";
    let dir = package(&[("src/lib.rs", source.as_bytes())]);
    run(dir.path(), &["--fix"]);
    assert_eq!(text(dir.path(), "src/lib.rs"), "pub fn fine() {}\n");
}

#[test]
fn fixing_and_suppressing_in_one_go_leaves_nothing() {
    let dir = package(&[("src/lib.rs", BAD.as_bytes())]);
    let ran = run(dir.path(), &["--fix", "--add-suppressions", "--", "-W", "all"]);
    assert_eq!((ran.out.as_str(), ran.code), ("", 0));
    assert!(ran.err.contains("Fixed src/lib.rs (1 fix, 2 suppressed)"), "{}", ran.err);
    let text = text(dir.path(), "src/lib.rs");
    assert!(
        text.contains(SPINS) && text.contains("allow(swallowed_thread_panics): was here before the lint"),
        "{text}"
    );
}

/// How often a run is killed; more on request.
fn kills() -> u32 {
    std::env::var("THREAD_LINT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

#[cfg(unix)]
#[test]
fn every_file_is_whole_whenever_the_process_is_killed() {
    const FILES: usize = 16;
    let names: Vec<String> = (0..FILES).map(|index| format!("m{index}")).collect();
    let root: String = names.iter().map(|name| format!("pub mod {name};\n")).collect();
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", MANIFEST.as_bytes());
    write(dir.path(), "src/lib.rs", root.as_bytes());
    // Long enough that a write is not over at once.
    let padding = "// some words that fill the file up, so that there is something to cut off\n".repeat(300);
    let old = format!("{BAD}{padding}");
    let new = old.replace("    while !flag.load(Ordering::Acquire) {}\n", SPINS);
    let path = |name: &str| dir.path().join(format!("src/{name}.rs"));
    let restore = || names.iter().for_each(|name| fs::write(path(name), &old).unwrap());
    let arguments = ["--fix", "--allow-no-vcs", "-q", "--message-format", "short"];
    let start = || {
        let mut fixing = command(dir.path());
        fixing.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let is_writing = || {
        let mut entries = fs::read_dir(dir.path().join("src")).unwrap();
        entries.any(|entry| entry.unwrap().file_name().to_string_lossy().ends_with(".thread-lint"))
    };
    // Waits until the first file is written; whether the process came so far.
    let wait_for_writes = |process: &mut Child| {
        while process.try_wait().unwrap().is_none() {
            if is_writing() {
                return true;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        false
    };
    restore();
    let mut process = start();
    let began = Instant::now();
    wait_for_writes(&mut process);
    let before_writes = began.elapsed();
    assert!(process.wait().unwrap().success());
    let writes = began.elapsed() - before_writes;
    assert!(names.iter().all(|name| fs::read_to_string(path(name)).unwrap() == new));
    let (mut untouched, mut in_between, mut finished) = (0, 0, 0);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..kills() {
        restore();
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let share = (random % 1_000) as f64 / 1_000.0;
        let mut process = start();
        // One in eight anywhere, the others among the writes.
        if round % 8 == 0 {
            std::thread::sleep(before_writes.mul_f64(share));
        } else if wait_for_writes(&mut process) {
            std::thread::sleep(writes.mul_f64(share * 1.2));
        }
        let _ = process.kill();
        process.wait().unwrap();
        let mut edited = 0;
        for name in &names {
            let text = fs::read_to_string(path(name)).unwrap();
            assert!(text == old || text == new, "{name}.rs is neither old nor new: {} bytes", text.len());
            edited += usize::from(text == new);
        }
        match edited {
            0 => untouched += 1,
            FILES => finished += 1,
            _ => in_between += 1,
        }
        // What a killed run leaves behind is no source file.
        for entry in fs::read_dir(dir.path().join("src")).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(name.ends_with(".rs") || name.ends_with(".thread-lint"), "{name}");
            if name.ends_with(".thread-lint") {
                fs::remove_file(dir.path().join("src").join(name)).unwrap();
            }
        }
    }
    println!("killed {} times: {untouched} before, {in_between} among, {finished} after the writes", kills());
    assert!(untouched + in_between > 0, "no run was killed in time");
}
