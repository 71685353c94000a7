//! Fixing: which files may be edited, the fixes themselves ([`thread_lints::fix`]), and what is printed or written of them.
//!
//! Invariants: nothing is written before everything is known to hold; a file that is another on disk than the one that was
//! read stops all writing; only files of the packages that are asked for are edited, and only inside their folders.

mod diff;
mod vcs;
mod write;

pub use diff::unified;
pub use vcs::{Allowed, check as check_vcs};
pub use write::{Change, WriteError, write};

use crate::load::Loaded;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::diagnostic::Applicability;
use thread_lints::fix::{self, Applied, Fixed, Permission, Refused};
use thread_lints::source::FileId;
use thread_lints::{Report, Settings, Workspace};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Make edits, of which trust.
    pub edits: Option<Applicability>,
    /// Then suppress what is left, with this reason.
    pub suppressions: Option<String>,
}

/// What was done to the files in memory.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What became of each file that changes, in the order of their shown paths.
    pub changes: Vec<Change>,
    /// For each of them how many fixes, and how many comments, touch it.
    pub counts: Vec<(usize, usize)>,
    /// The fixes that were made.
    pub fixes: Vec<Applied>,
    /// The findings that a comment suppresses now.
    pub suppressed: Vec<Applied>,
    /// What was taken back.
    pub refused: Vec<Refused>,
    /// Files with fixes that were not made because they lie elsewhere, links followed.
    pub outside: Vec<String>,
    /// Fixes are left that another round would make.
    pub unfinished: bool,
}

/// Fixes what was loaded, in memory; gives what is still found. `folders` are those whose files may be edited. Runs in the
/// current pool.
pub fn fix(
    loaded: &mut Loaded,
    settings: &Settings,
    report: Report,
    request: &Request,
    folders: &[PathBuf],
) -> (Report, Outcome) {
    let permission = permission(loaded, folders);
    fix_permitted(loaded, settings, report, request, permission)
}

/// As [`fix`], of texts that are not written to files: every file may be edited whose findings are asked for.
pub fn fix_texts(loaded: &mut Loaded, settings: &Settings, report: Report, request: &Request) -> (Report, Outcome) {
    let ids = (0..loaded.paths.len() as u32).map(FileId);
    let files = ids.map(|file| loaded.is_selected(file).then_some(file)).collect();
    let permission = Permission { trust: Applicability::MachineApplicable, files, only: None };
    fix_permitted(loaded, settings, report, request, permission)
}

fn fix_permitted(
    loaded: &mut Loaded,
    settings: &Settings,
    report: Report,
    request: &Request,
    mut permission: Permission,
) -> (Report, Outcome) {
    let before = loaded.workspace.clone();
    let mut outcome = Outcome::default();
    let mut report = report;
    let mut changed: Vec<FileId> = Vec::new();
    if let Some(trust) = request.edits {
        permission.trust = trust;
        let fixed = fix::fix(&loaded.workspace, settings, report, &permission);
        outcome.unfinished = fixed.unfinished;
        outcome.outside = outside(loaded, &fixed.report, &permission);
        report = outcome.take(loaded, &mut changed, fixed, |outcome| &mut outcome.fixes);
    }
    if let Some(reason) = &request.suppressions {
        let fixed = fix::suppress(&loaded.workspace, settings, report, &permission, reason);
        report = outcome.take(loaded, &mut changed, fixed, |outcome| &mut outcome.suppressed);
    }
    changed.sort_unstable();
    changed.dedup();
    for file in changed {
        let (Some(old), Some(new)) = (text_of(&before, file), text_of(&loaded.workspace, file)) else {
            continue;
        };
        let shown = loaded.workspace.files.get(file.index()).map(|file| file.path.clone());
        let (Some(shown), Some(path)) = (shown, loaded.paths.get(file.index())) else {
            continue;
        };
        let touching = |made: &[Applied]| made.iter().filter(|made| made.files.contains(&file)).count();
        outcome.counts.push((touching(&outcome.fixes), touching(&outcome.suppressed)));
        outcome.changes.push(Change { shown, path: path.clone(), old, new });
    }
    (report, outcome)
}

impl Outcome {
    fn take(
        &mut self,
        loaded: &mut Loaded,
        changed: &mut Vec<FileId>,
        fixed: Fixed,
        made: fn(&mut Outcome) -> &mut Vec<Applied>,
    ) -> Report {
        loaded.workspace = fixed.workspace;
        changed.extend(fixed.changed);
        self.refused.extend(fixed.refused);
        *made(self) = fixed.applied;
        fixed.report
    }
}

fn text_of(workspace: &Workspace, file: FileId) -> Option<Arc<str>> {
    workspace.files.get(file.index()).map(|file| Arc::clone(&file.text))
}

/// The files that may be edited: those of the packages that are asked for, where links lead to files in `folders`.
fn permission(loaded: &Loaded, folders: &[PathBuf]) -> Permission {
    let folders: Vec<PathBuf> = folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    let mut first: FxHashMap<PathBuf, FileId> = FxHashMap::default();
    let mut files = Vec::with_capacity(loaded.paths.len());
    for (index, path) in loaded.paths.iter().enumerate() {
        let file = FileId(index as u32);
        let real = path.canonicalize().ok().filter(|real| is_inside(real, &folders));
        let may_be = real.filter(|_| loaded.is_selected(file));
        files.push(may_be.map(|real| *first.entry(real).or_insert(file)));
    }
    Permission { trust: Applicability::MachineApplicable, files, only: None }
}

/// The files that fixes would edit if they lay inside the folders.
fn outside(loaded: &Loaded, left: &Report, permission: &Permission) -> Vec<String> {
    let suggestions = left.diagnostics.iter().filter_map(|found| fix::suggestion_of(found, permission.trust));
    let files = suggestions.flat_map(|suggestion| &suggestion.edits).map(|edit| edit.loc.file);
    let elsewhere = files.filter(|file| permission.files.get(file.index()).is_some_and(Option::is_none));
    let shown = elsewhere.filter_map(|file| loaded.workspace.files.get(file.index())).map(|file| file.path.clone());
    shown.collect::<BTreeSet<String>>().into_iter().collect()
}

fn is_inside(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}
