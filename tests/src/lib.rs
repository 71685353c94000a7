//! Shared helpers of the test suites.
//!
//! [`fixture`] reads marked files and lints them, [`crates`] does so with whole crates, [`fixes`] applies what findings
//! suggest, [`replay`] types in files at random, [`compile`] asks the compiler, [`expected`] compares with the files kept
//! beside the fixtures, [`binary`] runs the tool itself, on a [`package`] made for it. [`discovery`] compares packages and
//! targets with cargo's.
//! [`mutate`] spoils files and looks for what breaks.
//! [`lsp`] talks to the tool as an editor does.
//!
//! Invariants: all analysis runs on a pool whose threads have [`thread_lints::syntax::STACK_SIZE`] of stack; nothing is
//! written unless `BLESS` is set, but into temporary folders.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

pub mod binary;
pub mod compile;
pub mod crates;
pub mod discovery;
pub mod expected;
pub mod fixes;
pub mod fixture;
pub mod lsp;
pub mod mutate;
pub mod package;
pub mod random;
pub mod replay;

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the tests are in a folder of the workspace").to_path_buf()
}

/// Runs `work` where the parser has the stack it needs.
pub fn on_deep_stacks<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(thread_lints::syntax::STACK_SIZE).build().expect("threads");
    pool.install(work)
}

/// Fails with all problems at once.
pub fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
