//! Workspaces, packages and targets, each beside what `cargo metadata --no-deps` says of the same tree.
//!
//! A case is a tree of files as text, and the manifests in it that a command may be run on.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bad;
mod dependencies;
mod findings;
mod large;
mod scripts;
mod targets;
mod workspaces;

use thread_lint_tests::discovery::Compared;
use thread_lint_tests::package::tree;
use thread_lint_tests::report;

/// A tree on which both agree.
struct Case {
    /// What it shows.
    name: &'static str,
    /// The manifests that are asked about.
    at: &'static [&'static str],
    /// The files.
    tree: &'static str,
}

fn assert_same(cases: &[Case]) {
    let mut problems = Vec::new();
    for case in cases {
        let dir = tree(case.tree);
        for manifest in case.at {
            let compared = Compared::at(&dir.path().join(manifest));
            if let Err(refused) = &compared.cargo {
                problems.push(format!("{}: {manifest}: cargo refuses it: {refused}", case.name));
            }
            let differences = compared.differences();
            problems.extend(differences.iter().map(|line| format!("{}: {manifest}: {line}", case.name)));
        }
    }
    report(&problems);
}
