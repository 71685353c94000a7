//! What a run keeps for the next one: the same is printed with and without it, whatever changes, and whatever becomes of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;
use thread_lint_tests::binary::{self, Ran, command, ran};
use thread_lint_tests::package::{MANIFEST, package, tree, write};
use thread_lint_tests::random::Random;
use thread_lint_tests::root;

/// Before the workspace's own keys.
const PANICS_ABORT: &str = "[profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\n[workspace]";

const BAD: &str = "pub fn start() {\n    std::thread::spawn(|| loop {});\n}\n";

/// Findings in several crates and files, a broken file, one that is not UTF-8 and a module without a file.
fn workspace() -> TempDir {
    let dir = tree(
        "
== Cargo.toml
[workspace]
resolver = \"3\"
members = [\"a\", \"b\"]
== a/Cargo.toml
[package]
name = \"a\"
version = \"0.1.0\"
edition = \"2024\"
[dependencies]
b = { path = \"../b\" }
== a/src/lib.rs
mod m;
mod gone;
mod broken;
mod latin;
mod late;
#[cfg(test)]
mod tests {
    fn start() {
        std::thread::spawn(|| ());
    }
}
== a/src/late.rs
pub fn f() {}
fn g( {
== a/src/main.rs
mod m;
fn main() { m::start(); b::start(); }
== a/src/broken.rs
fn f( {
== b/Cargo.toml
[package]
name = \"b\"
version = \"0.1.0\"
edition = \"2021\"
== b/src/lib.rs
use std::sync::{Mutex, MutexGuard};

pub struct Two { pub a: Mutex<u8>, pub b: Mutex<u8> }

impl Two {
    pub fn ab(&self) -> u8 { let a = self.a.lock().unwrap(); let b = self.b.lock().unwrap(); *a + *b }
    pub fn ba(&self) -> u8 { let b = self.b.lock().unwrap(); let a = self.a.lock().unwrap(); *a + *b }
}

pub fn wait(flag: &std::sync::atomic::AtomicBool) {
    while !flag.load(std::sync::atomic::Ordering::Acquire) {}
}
",
    );
    write(dir.path(), "a/src/m.rs", BAD);
    write(dir.path(), "b/src/bin/ü.rs", BAD.replace("pub fn start() {", "fn main() { /* ü */"));
    write(dir.path(), "a/src/latin.rs", [b'/', b'/', 0xfc]);
    dir
}

/// The tool, with cargo's own choice of the target folder.
fn tool(dir: &Path) -> Command {
    let mut command = command(dir);
    command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR");
    command
}

fn run<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> Ran {
    ran(tool(dir).args(arguments).output().unwrap())
}

/// All that is printed, without the time that it took.
fn told(ran: &Ran) -> (i32, String, String) {
    let lines = ran.err.lines().map(|line| match (line.contains("Finished"), line.rfind(" s)")) {
        (true, Some(end)) => {
            let (before, after) = line.split_at(end);
            before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned() + after
        }
        _ => line.to_owned(),
    });
    (ran.code, ran.out.clone(), lines.collect::<Vec<_>>().join("\n"))
}

/// The entries that are kept, each with when it was written.
fn entries(dir: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let Ok(read) = fs::read_dir(dir.join("target/thread-lint")) else { return BTreeMap::new() };
    read.flatten().map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap())).collect()
}

/// Runs with the cache twice and without it: all print the same, and the second writes nothing.
fn same_thrice(dir: &Path, arguments: &[&str]) -> Ran {
    let first = run(dir, arguments);
    let before = entries(dir);
    let second = run(dir, arguments);
    assert_eq!(before, entries(dir), "{arguments:?} wrote again");
    // Levels come last.
    let without = run(dir, &[&["--no-cache"], arguments].concat());
    assert_eq!(told(&first), told(&without), "{arguments:?}");
    assert_eq!(told(&second), told(&without), "{arguments:?}");
    without
}

#[test]
fn the_same_is_printed_in_every_format() {
    let dir = workspace();
    let dir = dir.path();
    let plain = same_thrice(dir, &["--workspace"]);
    assert!(plain.out.contains("spawn") && plain.err.contains("not analysed: not UTF-8"), "{}{}", plain.out, plain.err);
    assert_eq!(entries(dir).len(), 1);
    for format in [
        "human",
        "short",
        "json",
        "json-diagnostic-short",
        "json-diagnostic-rendered-ansi",
        "json-render-diagnostics",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "markdown",
    ] {
        same_thrice(dir, &["--workspace", "--message-format", format]);
        same_thrice(dir, &["--workspace", "-v", "--color=always", "--hyperlinks=always", "--message-format", format]);
    }
    for more in [&["--statistics"][..], &["--shard=1/2", "--message-format=sarif"], &["--shard=2/2"], &["-q"], &["-j1"]]
    {
        same_thrice(dir, &[&["--workspace"], more].concat());
    }
    // How a report is shown is no part of it.
    assert_eq!(entries(dir).len(), 1);
    let kept = run(dir, &["--workspace", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(kept.code, 0, "{}", kept.err);
    let baseline = fs::read_to_string(dir.join("known.json")).unwrap();
    run(dir, &["--workspace", "--baseline", "known.json", "--write-baseline", "--no-cache"]);
    assert_eq!(fs::read_to_string(dir.join("known.json")).unwrap(), baseline);
    assert_eq!(same_thrice(dir, &["--workspace", "--baseline", "known.json"]).out, "");
    write(dir, "known.json", baseline.replace("start", "begin"));
    assert!(same_thrice(dir, &["--workspace", "--baseline", "known.json"]).err.contains("findings that are gone"));
    assert_eq!(entries(dir).len(), 1);
}

#[test]
fn the_same_is_printed_for_every_fixture_crate() {
    for entry in fs::read_dir(root().join("fixtures/crates")).unwrap().flatten() {
        let folder = entry.path();
        if folder.join("Cargo.toml").is_file() {
            let target = tempfile::tempdir().unwrap();
            for format in ["human", "sarif"] {
                let with = |flag: &str| {
                    let mut tool = tool(&folder);
                    tool.env("CARGO_TARGET_DIR", target.path()).args([
                        "--all-targets",
                        flag,
                        "--message-format",
                        format,
                    ]);
                    told(&ran(tool.output().unwrap()))
                };
                let without = with("--no-cache");
                assert_eq!((with("--exit-zero").1, with("--exit-zero").1), (without.1.clone(), without.1));
            }
            assert_eq!(fs::read_dir(target.path().join("thread-lint")).unwrap().count(), 1);
        }
    }
}

/// A change, the arguments of the runs around it, and whether it changes what is found.
type Change<'c> = (&'static str, &'c [&'c str], bool, &'c dyn Fn(&Path));

#[test]
fn whatever_changes_is_seen() {
    let remove = |path: &'static str| move |dir: &Path| fs::remove_file(dir.join(path)).unwrap();
    let put = |path: &'static str, text: &'static str| move |dir: &Path| write(dir, path, text);
    let edit = |path: &'static str, old: &'static str, new: &'static str| {
        move |dir: &Path| {
            let text = fs::read_to_string(dir.join(path)).unwrap();
            assert!(text.contains(old));
            write(dir, path, text.replace(old, new));
        }
    };
    let changes: [Change<'_>; 19] = [
        ("a finding goes", &[], true, &put("a/src/m.rs", "pub fn start() {}\n")),
        ("a finding moves", &[], true, &edit("a/src/m.rs", "pub fn", "\n\npub fn")),
        ("same length, same time", &[], true, &|dir| {
            let path = dir.join("a/src/m.rs");
            let before = fs::metadata(&path).unwrap().modified().unwrap();
            write(dir, "a/src/m.rs", BAD.replace("start", "begin"));
            fs::File::options().write(true).open(path).unwrap().set_modified(before).unwrap();
        }),
        ("a missing module comes", &[], true, &put("a/src/gone.rs", BAD)),
        ("a missing module comes in the other place", &[], true, &put("a/src/gone/mod.rs", BAD)),
        ("a file goes", &[], true, &remove("a/src/broken.rs")),
        ("a file is moved", &[], true, &|dir| {
            fs::create_dir(dir.join("a/src/m")).unwrap();
            fs::rename(dir.join("a/src/m.rs"), dir.join("a/src/m/mod.rs")).unwrap();
        }),
        ("a file becomes readable", &[], true, &put("a/src/latin.rs", BAD)),
        ("a file becomes a folder", &[], true, &|dir| {
            fs::remove_file(dir.join("a/src/m.rs")).unwrap();
            fs::create_dir(dir.join("a/src/m.rs")).unwrap();
        }),
        ("a new target", &[], true, &put("b/src/bin/new.rs", "fn main() {\n    std::thread::spawn(|| ());\n}\n")),
        ("another name of a package", &["--message-format=json"], true, &|dir| {
            edit("a/Cargo.toml", "name = \"a\"", "name = \"c\"")(dir);
        }),
        ("another edition", &[], false, &edit("b/Cargo.toml", "2021", "2024")),
        ("a dependency goes", &[], false, &edit("a/Cargo.toml", "b = { path = \"../b\" }", "")),
        ("panics abort", &[], false, &edit("Cargo.toml", "[workspace]", PANICS_ABORT)),
        ("a member goes", &[], true, &|dir| {
            edit("Cargo.toml", ", \"b\"", "")(dir);
            edit("a/Cargo.toml", "b = { path = \"../b\" }", "")(dir);
        }),
        ("settings: levels", &[], true, &put("thread-lint.toml", "[lints]\nall = 'allow'\n")),
        ("settings: exclude", &[], true, &put("thread-lint.toml", "exclude = ['a/src/m.rs']\n")),
        ("settings: tests", &[], true, &put("thread-lint.toml", "tests = true\n")),
        ("settings: a stub", &[], false, &|dir| {
            write(dir, "thread-lint.toml", "stubs = ['pool.rs']\n");
            write(dir, "pool.rs", "pub struct Pool;\n");
        }),
    ];
    for (what, arguments, changes_findings, change) in changes {
        let dir = workspace();
        let dir = dir.path();
        let arguments = [&["--workspace"][..], arguments].concat();
        let arguments =
            if arguments.len() == 2 && arguments[1] == "--workspace" { vec!["--workspace"] } else { arguments };
        let before = same_thrice(dir, &arguments);
        change(dir);
        let after = same_thrice(dir, &arguments);
        let differs = told(&before) != told(&after);
        assert!(differs || !changes_findings, "{what}: the same is found");
    }
}

#[test]
fn flags_that_decide_the_outcome_have_entries_of_their_own() {
    let dir = workspace();
    let dir = dir.path();
    let calls: [&[&str]; 8] = [
        &["--workspace"],
        &["--workspace", "--tests"],
        &["--workspace", "--bins"],
        &["-p", "b"],
        &["-p", "a"],
        &["--workspace", "--", "-D", "warnings"],
        &["--workspace", "--", "-A", "all"],
        &["--workspace", "--", "-D", "warnings", "-A", "join"],
    ];
    for arguments in calls {
        same_thrice(dir, arguments);
    }
    assert_eq!(entries(dir).len(), calls.len());
    let stub = |text: &str| {
        write(dir, "thread-lint.toml", "stubs = ['pool.rs']\n");
        write(dir, "pool.rs", text);
        same_thrice(dir, &["--workspace"]);
        entries(dir).len()
    };
    assert_eq!((stub("pub struct Pool;\n"), stub("pub struct Other;\n")), (calls.len() + 1, calls.len() + 2));
}

#[test]
fn what_is_not_linted_plainly_keeps_nothing() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let dir = dir.path();
    for arguments in [
        &["--no-cache"][..],
        &["src/lib.rs"],
        &["src"],
        &["--diff"],
        &["graph"],
        &["--list"],
        &["config"],
        &["--fix", "--allow-no-vcs"],
        &["no-such-folder"],
        &["--", "-D", "no_such_lint"],
    ] {
        run(dir, arguments);
        assert!(!dir.join("target").exists(), "{arguments:?}");
    }
    run(dir, &["--quiet"]);
    assert_eq!(entries(dir).len(), 1);
}

#[test]
fn changed_lines_are_asked_for_anew() {
    let dir = package(&[("src/lib.rs", BAD), (".gitignore", "target\n")]);
    let dir = dir.path();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b"];
        let done = Command::new("git").current_dir(dir).args(identity).args(arguments).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    assert_eq!(same_thrice(dir, &["--changed-since", "HEAD"]).out, "");
    let text = fs::read_to_string(dir.join("src/lib.rs")).unwrap();
    write(dir, "src/lib.rs", text.replace("|| loop {}", "|| loop { }"));
    assert!(same_thrice(dir, &["--changed-since", "HEAD"]).out.contains("spawn"));
    git(&["commit", "-qam", "two"]);
    assert_eq!(same_thrice(dir, &["--changed-since", "HEAD"]).out, "");
}

#[test]
fn a_damaged_entry_is_ignored_and_written_anew() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let dir = dir.path();
    let without = told(&run(dir, &["--no-cache"]));
    run::<&str>(dir, &[]);
    let path = entries(dir).into_keys().next().unwrap();
    let whole = fs::read(&path).unwrap();
    let mut random = Random::new(8);
    let mut damaged: Vec<Vec<u8>> =
        vec![Vec::new(), b"threadl".to_vec(), vec![0xff; 4096], whole[..whole.len() - 1].to_vec()];
    for _ in 0..5 {
        let mut bytes = whole.clone();
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
        damaged.push(bytes);
        damaged.push(whole[..random.below(whole.len())].to_vec());
    }
    for bytes in damaged {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(told(&run::<&str>(dir, &[])), without);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    // A whole one that belongs to another run.
    run(dir, &["--", "-A", "all"]);
    let other = entries(dir).into_keys().find(|other| *other != path).unwrap();
    fs::copy(&other, &path).unwrap();
    assert_eq!(told(&run::<&str>(dir, &[])), without);
    assert_eq!(fs::read(&path).unwrap(), whole);
    // What is no file at all.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(told(&run::<&str>(dir, &[])), without);
}

#[test]
fn the_folder_is_where_cargo_builds() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let elsewhere = tempfile::tempdir().unwrap();
    let kept = |folder: &Path| fs::read_dir(folder.join("thread-lint")).map_or(0, |read| read.flatten().count());
    run(dir.path(), &["--target-dir", "by-flag"]);
    assert_eq!(kept(&dir.path().join("by-flag")), 1);
    ran(tool(dir.path()).env("CARGO_TARGET_DIR", elsewhere.path().join("new")).output().unwrap());
    assert_eq!(kept(&elsewhere.path().join("new")), 1);
    assert!(elsewhere.path().join("new/CACHEDIR.TAG").is_file() && !dir.path().join("target").exists());
    write(dir.path(), ".cargo/config.toml", "[build]\ntarget-dir = 'by-config'\n");
    run::<&str>(dir.path(), &[]);
    assert_eq!(kept(&dir.path().join("by-config")), 1);
    fs::remove_dir_all(dir.path().join(".cargo")).unwrap();
    // From a folder further down, it is the workspace's.
    run::<&str>(&dir.path().join("src"), &[]);
    assert_eq!(entries(dir.path()).len(), 1);
    // cargo takes the folder as its own.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["check", "-q", "--offline"]).current_dir(dir.path()).env_remove("CARGO_TARGET_DIR");
    assert!(cargo.status().unwrap().success());
    assert_eq!(entries(dir.path()).len(), 1);
}

#[test]
fn a_folder_that_cannot_be_written_costs_nothing_but_time() {
    let dir = package(&[("src/lib.rs", BAD), ("target", "a file")]);
    let plain = run::<&str>(dir.path(), &[]);
    assert_eq!(told(&plain), told(&run(dir.path(), &["--no-cache"])));
    assert_eq!(fs::read_to_string(dir.path().join("target")).unwrap(), "a file");
    let verbose = run(dir.path(), &["-v"]);
    assert!(verbose.err.contains("note: cannot keep what was found in `"), "{}", verbose.err);
    assert_eq!((plain.code, verbose.code), (0, 0));
}

#[cfg(unix)]
#[test]
fn links_and_read_only_folders() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = package(&[("src/lib.rs", BAD)]);
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), dir.path().join("target")).unwrap();
    same_thrice(dir.path(), &[]);
    assert_eq!(fs::read_dir(elsewhere.path().join("thread-lint")).unwrap().count(), 1);
    // One that leads nowhere.
    let broken = package(&[("src/lib.rs", BAD)]);
    symlink("nowhere/at/all", broken.path().join("target")).unwrap();
    same_thrice(broken.path(), &[]);
    let closed = package(&[("src/lib.rs", BAD)]);
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = run::<&str>(closed.path(), &[]);
    let is_untouched = !closed.path().join("target").exists();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(is_untouched && outcome.out.contains("spawn"), "{}", outcome.err);
}

#[test]
fn another_build_of_the_program_has_entries_of_its_own() {
    let dir = package(&[("src/lib.rs", BAD)]);
    run::<&str>(dir.path(), &[]);
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("tool");
    fs::copy(binary::path(), &copy).unwrap();
    let of_copy = || {
        let mut tool = Command::new(&copy);
        tool.current_dir(dir.path()).env_remove("CARGO_TARGET_DIR").stdin(Stdio::null());
        assert!(tool.output().unwrap().status.success());
        entries(dir.path()).len()
    };
    assert_eq!((of_copy(), of_copy()), (2, 2));
    fs::File::options()
        .write(true)
        .open(&copy)
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(7))
        .unwrap();
    assert_eq!((of_copy(), of_copy()), (3, 3));
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let dir = dir.path();
    let expected = told(&run(dir, &["--no-cache"]));
    std::thread::scope(|scope| {
        for index in 0..4 {
            let expected = &expected;
            scope.spawn(move || {
                for round in 0..6 {
                    if (index + round) % 4 == 0 {
                        let _ = fs::remove_dir_all(dir.join("target/thread-lint"));
                    }
                    assert_eq!(told(&run::<&str>(dir, &[])), *expected);
                }
            });
        }
    });
    assert!(entries(dir).len() <= 1, "{:?}", entries(dir));
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_is_believed() {
    let dir = package(&[("src/lib.rs", BAD)]);
    let dir = dir.path();
    let expected = told(&run(dir, &["--no-cache"]));
    let mut random = Random::new(3);
    for _ in 0..12 {
        let _ = fs::remove_dir_all(dir.join("target"));
        let mut tool = tool(dir);
        let mut child = tool.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.below(30_000) as u64));
        let _ = child.kill();
        child.wait().unwrap();
        assert_eq!(told(&run::<&str>(dir, &[])), expected);
    }
}

#[test]
fn the_manifest_is_as_it_was() {
    // A run over a package writes nothing into it beside the target folder.
    let dir = package(&[("src/lib.rs", BAD)]);
    run::<&str>(dir.path(), &[]);
    let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["Cargo.toml", "src", "target"]);
    assert_eq!(fs::read_to_string(dir.path().join("Cargo.toml")).unwrap(), MANIFEST);
}

/// A package with a finding in one file, and functions that no lint looks into in another.
fn out_of_sight() -> TempDir {
    let plain =
        "pub fn area(width: u32, height: u32) -> u32 {\n    let product = width * height;\n    product.max(1)\n}\n";
    package(&[("src/lib.rs", &format!("mod plain;\n{BAD}")), ("src/plain.rs", plain)])
}

/// Whether a run takes its report from an earlier one.
fn recalls(dir: &Path) -> bool {
    !run(dir, &["--timings"]).err.contains("reading and parsing")
}

#[test]
fn an_edit_that_no_lint_can_see_changes_nothing() {
    let dir = out_of_sight();
    let dir = dir.path();
    let before = same_thrice(dir, &[]);
    let edit = |old: &str, new: &str| {
        let text = fs::read_to_string(dir.join("src/plain.rs")).unwrap();
        assert!(text.contains(old));
        write(dir, "src/plain.rs", text.replace(old, new));
    };
    for (old, new) in [("max(1)", "max(200 + 1)"), ("width * height", "height * width * width"), ("product", "result")]
    {
        edit(old, new);
        assert!(recalls(dir), "{new}");
        let after = same_thrice(dir, &[]);
        assert_eq!(told(&after), told(&before), "{new}");
        assert_eq!(entries(dir).len(), 1);
    }
    for (old, new, code) in [
        ("max(200 + 1)", "max(2); std::thread::spawn(|| ()); 7", "plain.rs"),
        ("pub fn area", "pub fn area2() { std::thread::spawn(|| ()); }\npub fn area", "plain.rs"),
        ("spawn(|| ()); 7", "spawn(|| ()); // detached\n 7", "plain.rs"),
        ("pub fn area2()", "pub fn area2( {", "not analysed"),
    ] {
        edit(old, new);
        assert!(!recalls(dir), "{new}");
        let after = same_thrice(dir, &[]);
        assert!(format!("{}{}", after.out, after.err).contains(code), "{}{}", after.out, after.err);
    }
}

#[test]
fn an_edit_in_a_file_with_findings_is_seen() {
    let dir = out_of_sight();
    let dir = dir.path();
    let more = "pub fn other(width: u32) -> u32 {\n    let product = width * 2;\n    product.max(1)\n}\n";
    write(dir, "src/lib.rs", format!("mod plain;\n{more}{BAD}"));
    same_thrice(dir, &[]);
    write(dir, "src/lib.rs", format!("mod plain;\n{}{BAD}", more.replace("max(1)", "max(1 + 1)")));
    assert!(!recalls(dir));
    same_thrice(dir, &[]);
}

#[test]
fn random_edits_give_what_a_run_without_gives() {
    let dir = workspace();
    let dir = dir.path();
    let plain = fs::read_to_string(out_of_sight().path().join("src/plain.rs")).unwrap();
    write(dir, "a/src/gone.rs", &plain);
    let mut random = Random::new(5);
    run(dir, &["--workspace"]);
    let words =
        ["width", "height", "1", ";", "\n", " ", "{", "}", "std::thread::spawn(|| ());", "// x\n", "let", "loop {}"];
    for _ in 0..25 {
        let at = random.below(plain.len());
        let end = (at + random.below(6)).min(plain.len());
        let edited = format!("{}{}{}", &plain[..at], random.choose(&words).unwrap(), &plain[end..]);
        write(dir, "a/src/gone.rs", &edited);
        let (with, without) = (run(dir, &["--workspace"]), run(dir, &["--workspace", "--no-cache"]));
        assert_eq!(told(&with), told(&without), "{edited}");
    }
}
