//! The analyser behind `cargo thread-lint`: thread-lifecycle and lock bugs, found in Rust source without building it.
//!
//! The layers, each naming only those before it: [`source`] (text and positions), [`syntax`] (text to [`FileIr`]),
//! [`model`] (many `FileIr` to one program with names, types and flow), [`facts`] (what the program does with threads
//! and locks), `rules` (one file a lint), [`registry`] (the list of lints), and the façade here: [`check`] and [`graph()`].
//!
//! Invariants: no I/O, no clock, no environment, no global state; both are total, problems are values; the same
//! input gives the same report whatever the number of threads.

mod catalog;
mod check;
mod checker;
pub mod diagnostic;
pub mod facts;
pub mod fix;
pub mod graph;
mod identity;
pub mod lint;
pub mod lints;
pub mod model;
pub mod nearest;
mod observer;
pub mod registry;
mod report;
mod rules;
mod seen;
mod settings;
pub mod source;
mod stub;
pub mod suppress;
pub mod syntax;
mod workspace;

pub use catalog::load as libraries;
pub use check::{check, check_observed, check_seen};
pub use checker::Checker;
pub use graph::{Graph, graph};
pub use identity::{Identity, stable_hash};
pub use observer::{Observer, Phase};
pub use report::Report;
pub use seen::Seen;
pub use settings::Settings;
pub use stub::{Stub, StubProblem};
pub use syntax::FileIr;
pub use workspace::{CrateId, Dependency, DependencyTarget, Edition, Krate, SourceFile, TargetKind, Workspace};

/// The example of the package's page holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
