//! The input of a check: crates and their files, parsed.

use crate::source::{FileId, LineIndex, Span};
use crate::syntax::ir::LocalItemId;
use crate::syntax::{FileIr, NotAnalysed};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A crate of the workspace, by its place in [`Workspace::crates`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CrateId(pub u32);

impl CrateId {
    /// The crate's index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Crates and files to check. A file may belong to several crates (`mod util;` in both `lib.rs` and `main.rs`).
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// One a target.
    pub crates: Vec<Krate>,
    /// The files of all crates, in the order of their display paths.
    pub files: Vec<SourceFile>,
    /// Files in which nothing is reported.
    pub excluded: FxHashSet<FileId>,
}

impl Workspace {
    /// Whether findings in a file are asked for: those of the crates that were selected.
    pub(crate) fn reported(&self) -> Vec<bool> {
        let mut reported = vec![false; self.files.len()];
        for krate in self.crates.iter().filter(|krate| krate.selected) {
            for file in krate.module_files.values().chain([&krate.root]) {
                if let Some(slot) = reported.get_mut(file.index()) {
                    *slot = !self.excluded.contains(file);
                }
            }
        }
        reported
    }

    /// What could not be read, in the order of path and place: of files, and of the bodies that somebody has asked for.
    pub(crate) fn not_analysed(&self) -> Vec<(FileId, NotAnalysed)> {
        let mut problems: Vec<(FileId, NotAnalysed)> = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            let in_bodies = file.ir.bodies.iter().filter_map(|body| body.known_problem());
            problems
                .extend(file.problem.iter().chain(in_bodies).map(|problem| (FileId(index as u32), problem.clone())));
        }
        let path = |file: FileId| self.files.get(file.index()).map_or("", |file| file.path.as_str());
        problems.sort_by_key(|(file, problem)| (path(*file), problem.span));
        problems
    }
}

/// A target: a library, binary, test, example, bench or build script; or a loose file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Krate {
    /// The crate's name in paths: underscores.
    pub name: String,
    /// The package's name.
    pub package: String,
    /// What kind of target.
    pub kind: TargetKind,
    /// The edition.
    pub edition: Edition,
    /// The root file.
    pub root: FileId,
    /// For each `mod m;`, by file and item, the file that holds it.
    pub module_files: FxHashMap<(FileId, LocalItemId), FileId>,
    /// Whether findings in it are asked for; crates that are not are there for resolution only.
    pub selected: bool,
    /// The names that `::name` may start with, beside std's.
    pub dependencies: Vec<Dependency>,
    /// `rust-version` as major and minor.
    pub rust_version: Option<(u32, u32)>,
    /// The release profile says `panic = "abort"`.
    pub panic_abort: bool,
    /// The library is published as an API: a library target that is not `publish = false`. Its `pub` items have users
    /// that are not in the workspace.
    pub is_public_api: bool,
}

/// A name in a crate's extern prelude.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The name in paths.
    pub alias: String,
    /// What it is.
    pub target: DependencyTarget,
}

/// What a dependency is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DependencyTarget {
    /// A library of the workspace.
    Workspace(CrateId),
    /// A package from elsewhere, by its library's name (underscores).
    External(String),
}

/// What kind of target a crate is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TargetKind {
    /// A library, of whatever crate type, proc macros too.
    Lib,
    /// A binary.
    Bin,
    /// An integration test.
    Test,
    /// An example.
    Example,
    /// A bench.
    Bench,
    /// `build.rs`.
    BuildScript,
    /// A file that no manifest names.
    Loose,
}

/// An edition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edition {
    /// 2015
    E2015,
    /// 2018
    E2018,
    /// 2021
    E2021,
    /// 2024
    E2024,
}

/// A file with what was read from it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path to show: relative to the workspace root, or to the working directory for loose files, with `/`.
    pub path: String,
    /// The text on disk.
    pub text: Arc<str>,
    /// Its lines.
    pub lines: Arc<LineIndex>,
    /// Its items and bodies; empty where there is a problem.
    pub ir: Arc<FileIr>,
    /// Why it could not be read.
    pub problem: Option<NotAnalysed>,
}

impl SourceFile {
    /// The text of a span.
    pub fn text_of(&self, span: Span) -> &str {
        span.text(&self.text)
    }
}
