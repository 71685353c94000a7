//! A session that is typed in says what a cold run says.
//!
//! What is typed is up to a seed: `SEED=number` takes another than the fixed one, `EDITS=number` more or fewer edits for each crate.
//! `cargo run --release -p thread-lint-tests --bin replay-edits` does the same to real crates.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use thread_lint_tests::replay::Replay;
use thread_lint_tests::{report, root};

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn typing_in_a_session_finds_what_a_cold_run_finds() {
    let (seed, edits) = (setting("SEED", 0x5eed), setting("EDITS", 40));
    let mut problems = Vec::new();
    let mut compared = 0;
    for entry in std::fs::read_dir(root().join("fixtures/crates")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let mut replay = Replay::open(&folder, seed).unwrap();
        let outcome = (1..=edits).try_for_each(|edit| {
            replay.edit()?;
            if edit % 10 == 0 {
                compared += 1;
                replay.compare()?;
            }
            anyhow::Ok(())
        });
        if let Err(error) = outcome {
            problems.push(format!("SEED={seed} EDITS={edits}: {error:#}"));
        }
    }
    report(&problems);
    assert!(compared >= 40, "only {compared} comparisons");
}
