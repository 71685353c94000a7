//! A real client: headless Neovim opens a package, sees what is found, applies quick fixes through its own menu, and has the
//! right text in the buffer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::{Command, Stdio};
use thread_lint_tests::binary;
use thread_lint_tests::package::package;
use thread_lint_tests::root;

const BAD: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}

pub fn start() {
    std::thread::spawn(|| println!(\"up\"));
}
";

const AFTERWARDS: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {
        core::hint::spin_loop();
    }
}

pub fn start() {
    // thread-lint: allow(dropped_join_handles): why it is right here
    std::thread::spawn(|| println!(\"up\"));
}
// 𝕏
pub fn more(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {
        core::hint::spin_loop();
    }
}
";

#[test]
fn neovim_sees_the_findings_and_applies_the_fixes() {
    let is_required = std::env::var_os("THREAD_LINT_NVIM").is_some();
    let found = Command::new("nvim").arg("--version").stdout(Stdio::null()).status();
    assert!(found.is_ok() || !is_required, "`nvim` is required, and not there");
    if found.is_err() {
        return;
    }
    let dir = package(&[("src/lib.rs", BAD)]);
    let lib = dir.path().join("src/lib.rs");
    let mut nvim = Command::new("nvim");
    nvim.args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile tests/neovim/session.lua"]);
    nvim.current_dir(root()).stdin(Stdio::null());
    nvim.env("SERVER", binary::path()).env("ROOT", dir.path()).env("FILE", &lib);
    // What it keeps for itself is kept apart from the user's.
    nvim.env("XDG_STATE_HOME", dir.path()).env("XDG_CACHE_HOME", dir.path()).env("XDG_DATA_HOME", dir.path());
    let ran = nvim.output().unwrap();
    let transcript = String::from_utf8_lossy(&ran.stdout);
    println!("{transcript}");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{transcript}\n{errors}");
    for line in [
        "opened: 2",
        "  4:5 thread-lint [thread_lint::busy_wait_loops]",
        "after the quick fix: 1",
        "after typing: 2",
        "after the suppression: 1",
        "after all certain fixes: 0",
        "hover: # thread_lint::dropped_join_handles",
        "done",
    ] {
        assert!(transcript.lines().any(|said| said.starts_with(line)), "no `{line}` in\n{transcript}\n{errors}");
    }
    assert_eq!(fs::read_to_string(&lib).unwrap(), AFTERWARDS);
}
