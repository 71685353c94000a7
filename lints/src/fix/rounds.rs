//! Rounds of fixes: make, read again, lint again, take back.

use super::edits::{Shifts, apply};
use super::{Applied, Fix, Fixed, MAX_ROUNDS, Permission, Refused, suggestion_of};
use crate::check::check;
use crate::diagnostic::{Diagnostic, Edit};
use crate::lint::Family;
use crate::report::Report;
use crate::settings::Settings;
use crate::source::{FileId, LineIndex};
use crate::syntax::ir::{Item, ItemKind, LocalItemId};
use crate::syntax::{self, FileIr};
use crate::workspace::{SourceFile, Workspace};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Makes what a report suggests. Runs in the current rayon pool, as [`check`] does.
pub fn fix(workspace: &Workspace, settings: &Settings, report: Report, permission: &Permission) -> Fixed {
    fix_with(workspace, report, permission, &|workspace| check(workspace, settings))
}

/// As [`fix`], with something else that lints.
pub fn fix_with(
    workspace: &Workspace,
    report: Report,
    permission: &Permission,
    lint: &(dyn Fn(&Workspace) -> Report + Sync),
) -> Fixed {
    let mut rounds = Rounds::new(workspace, report, permission, lint);
    while rounds.done < MAX_ROUNDS {
        let batch = independent(rounds.candidates());
        if batch.is_empty() {
            return rounds.finish(false);
        }
        rounds.make(batch);
    }
    let unfinished = !rounds.candidates().is_empty();
    rounds.finish(unfinished)
}

/// Of some fixes those that meet none before them.
fn independent(candidates: Vec<Fix>) -> Vec<Fix> {
    let mut batch: Vec<Fix> = Vec::new();
    let mut by_file: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
    for fix in candidates {
        let files = fix.files();
        let mut neighbours = files.iter().filter_map(|file| by_file.get(file)).flatten();
        if neighbours.any(|index| batch.get(*index).is_some_and(|other| fix.meets(other))) {
            continue;
        }
        for file in files {
            by_file.entry(file).or_default().push(batch.len());
        }
        batch.push(fix);
    }
    batch
}

/// A workspace with its report.
struct State {
    workspace: Workspace,
    report: Report,
}

/// Why fixes do not hold.
struct Problem {
    reason: String,
    /// Where it shows.
    file: Option<FileId>,
}

pub(super) struct Rounds<'r> {
    permission: &'r Permission,
    lint: &'r (dyn Fn(&Workspace) -> Report + Sync),
    state: State,
    changed: Vec<FileId>,
    /// Whether a file is read whole without a problem; what is not is not edited.
    sound: FxHashMap<FileId, bool>,
    applied: Vec<Applied>,
    refused: Vec<Refused>,
    done: usize,
}

impl<'r> Rounds<'r> {
    pub(super) fn new(
        workspace: &Workspace,
        report: Report,
        permission: &'r Permission,
        lint: &'r (dyn Fn(&Workspace) -> Report + Sync),
    ) -> Rounds<'r> {
        Rounds {
            permission,
            lint,
            state: State { workspace: workspace.clone(), report },
            changed: Vec::new(),
            sound: FxHashMap::default(),
            applied: Vec::new(),
            refused: Vec::new(),
            done: 0,
        }
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.state.workspace
    }

    pub(super) fn report(&self) -> &Report {
        &self.state.report
    }

    pub(super) fn finish(mut self, unfinished: bool) -> Fixed {
        self.changed.sort_unstable();
        self.changed.dedup();
        Fixed {
            workspace: self.state.workspace,
            report: self.state.report,
            changed: self.changed,
            applied: self.applied,
            refused: self.refused,
            rounds: self.done,
            unfinished,
        }
    }

    /// What could be fixed now.
    fn candidates(&mut self) -> Vec<Fix> {
        let fixes: Vec<Fix> = self
            .state
            .report
            .diagnostics
            .iter()
            .filter(|found| self.permission.only.is_none_or(|only| only == found.lint))
            .filter(|found| !self.is_refused(found))
            .filter_map(|found| {
                let suggestion = suggestion_of(found, self.permission.trust)?;
                Some(Fix {
                    lint: found.lint,
                    applicability: suggestion.applicability,
                    loc: found.primary.loc,
                    edits: suggestion.edits.clone(),
                })
            })
            .collect();
        let mut fixes: Vec<Fix> = fixes.into_iter().filter(|fix| self.is_possible(fix)).collect();
        // A suppression that is mended may take other findings away, and is in nobody's way then.
        fixes.sort_by_key(|fix| fix.lint.family != Family::Meta);
        fixes
    }

    fn is_refused(&self, found: &Diagnostic) -> bool {
        self.refused.iter().any(|refused| refused.lint == found.lint && refused.loc == found.primary.loc)
    }

    pub(super) fn is_possible(&mut self, fix: &Fix) -> bool {
        fix.edits.iter().all(|edit| self.permission.allows(edit))
            && fix.files().into_iter().all(|file| self.is_sound(file) && self.edited(file, [fix]).is_some())
    }

    fn is_sound(&mut self, file: FileId) -> bool {
        let text = self.state.workspace.files.get(file.index()).map(|file| Arc::clone(&file.text));
        *self.sound.entry(file).or_insert_with(|| text.is_some_and(|text| read(&text).is_ok()))
    }

    /// The text of a file with some fixes.
    fn edited<'f>(&self, file: FileId, fixes: impl IntoIterator<Item = &'f Fix>) -> Option<String> {
        let source = self.state.workspace.files.get(file.index())?;
        apply(&source.text, edits_in(file, fixes))
    }

    /// Makes fixes that do not meet; those that do not hold are taken back.
    pub(super) fn make(&mut self, batch: Vec<Fix>) {
        let mut kept: Vec<Fix> = Vec::new();
        let mut reached: Option<State> = None;
        let mut groups = vec![batch];
        while let Some(mut group) = groups.pop() {
            let trial: Vec<&Fix> = kept.iter().chain(&group).collect();
            match self.attempt(&trial) {
                Ok(state) => {
                    reached = Some(state);
                    kept.append(&mut group);
                }
                Err(problem) if group.len() <= 1 => {
                    let refused = group.iter().map(|fix| Refused {
                        lint: fix.lint,
                        loc: fix.loc,
                        reason: problem.reason.clone(),
                    });
                    self.refused.extend(refused);
                }
                Err(problem) => {
                    let (first, second) = split(group, problem.file);
                    groups.extend([second, first]);
                }
            }
        }
        if let Some(state) = reached {
            self.accept(kept, state);
        }
    }

    fn accept(&mut self, kept: Vec<Fix>, state: State) {
        let shifts = shifts_of(&kept);
        for refused in &mut self.refused {
            if let Some(shifts) = shifts.get(&refused.loc.file) {
                refused.loc.span = shifts.map_span(refused.loc.span);
            }
        }
        for fix in kept {
            let files = fix.files();
            self.changed.extend(&files);
            self.applied.push(Applied { lint: fix.lint, applicability: fix.applicability, files });
        }
        self.state = state;
        self.done += 1;
    }

    /// The workspace with some fixes, if they hold.
    fn attempt(&self, fixes: &[&Fix]) -> Result<State, Problem> {
        let mut files: Vec<FileId> = fixes.iter().flat_map(|fix| fix.files()).collect();
        files.sort_unstable();
        files.dedup();
        let read: Vec<Result<SourceFile, Problem>> =
            files.par_iter().map(|file| self.read_edited(*file, fixes)).collect();
        let mut workspace = self.state.workspace.clone();
        for (file, source) in files.iter().zip(read) {
            let source = source?;
            for (index, stands_for) in self.permission.files.iter().enumerate() {
                if *stands_for == Some(*file) {
                    replace(&mut workspace, FileId(index as u32), &source).ok_or_else(|| Problem {
                        reason: String::from("it would change which files belong to the crate"),
                        file: Some(*file),
                    })?;
                }
            }
        }
        let report = (self.lint)(&workspace);
        let state = State { workspace, report };
        self.verify(fixes, &state).map(|()| state)
    }

    fn read_edited(&self, file: FileId, fixes: &[&Fix]) -> Result<SourceFile, Problem> {
        let problem = |reason: String| Problem { reason, file: Some(file) };
        let old = self.state.workspace.files.get(file.index());
        let (Some(old), Some(text)) = (old, self.edited(file, fixes.iter().copied())) else {
            return Err(problem(String::from("its edits do not fit the file")));
        };
        match read(&text) {
            Ok(ir) => Ok(SourceFile {
                path: old.path.clone(),
                lines: Arc::new(LineIndex::new(&text)),
                text: Arc::from(text),
                ir: Arc::new(ir),
                problem: None,
            }),
            Err(reason) => Err(problem(format!("the code could not be read afterwards: {reason}"))),
        }
    }

    /// Whether every fix takes its finding away, and nothing new is found.
    fn verify(&self, fixes: &[&Fix], after: &State) -> Result<(), Problem> {
        if let Some(fault) = after.report.faults.get(self.state.report.faults.len()) {
            return Err(Problem { reason: format!("a lint fails afterwards: {fault}"), file: None });
        }
        let shifts = shifts_of(fixes.iter().copied());
        let moved = |found: &Diagnostic| {
            let span = found.primary.loc.span;
            let now = shifts.get(&found.primary.loc.file).map_or(span, |shifts| shifts.map_span(span));
            (found.lint.name, found.primary.loc.file, now.start)
        };
        // How often each lint may find something in a file.
        let mut allowed: BTreeMap<(&str, FileId), usize> = BTreeMap::new();
        for found in &self.state.report.diagnostics {
            *allowed.entry((found.lint.name, found.primary.loc.file)).or_default() += 1;
        }
        for fix in fixes {
            if let Some(count) = allowed.get_mut(&(fix.lint.name, fix.loc.file)) {
                *count = count.saturating_sub(1);
            }
        }
        let mut now: BTreeMap<(&str, FileId), Vec<&Diagnostic>> = BTreeMap::new();
        for found in &after.report.diagnostics {
            now.entry((found.lint.name, found.primary.loc.file)).or_default().push(found);
        }
        for ((lint, file), found) in now {
            if found.len() <= allowed.get(&(lint, file)).copied().unwrap_or(0) {
                continue;
            }
            let before = &self.state.report.diagnostics;
            let is_known = |found: &Diagnostic| {
                let place = (found.lint.name, found.primary.loc.file, found.primary.loc.span.start);
                before.iter().any(|old| moved(old) == place)
            };
            let new = found.iter().find(|found| !is_known(found));
            let reason = match new {
                Some(new) => self.would_bring(new, after),
                None => String::from("it would leave its finding"),
            };
            return Err(Problem { reason, file: Some(file) });
        }
        Ok(())
    }

    fn would_bring(&self, new: &Diagnostic, after: &State) -> String {
        let file = after.workspace.files.get(new.primary.loc.file.index());
        let place = file.map_or(String::new(), |file| {
            let at = file.lines.line_column(&file.text, new.primary.loc.span.start);
            format!(" on line {} of `{}`", at.line, file.path)
        });
        format!("it would bring a finding of `{}`{place}: {}", new.lint.name, new.message)
    }
}

/// Two smaller groups: those that do not touch where the trouble shows and those that do, or two halves.
fn split(mut group: Vec<Fix>, trouble: Option<FileId>) -> (Vec<Fix>, Vec<Fix>) {
    if let Some(file) = trouble {
        let is_suspect = |fix: &Fix| fix.loc.file == file || fix.edits.iter().any(|edit| edit.loc.file == file);
        let (suspects, others): (Vec<Fix>, Vec<Fix>) = group.iter().cloned().partition(is_suspect);
        if !suspects.is_empty() && !others.is_empty() {
            return (others, suspects);
        }
    }
    let second = group.split_off(group.len() / 2);
    (group, second)
}

fn edits_in<'f>(file: FileId, fixes: impl IntoIterator<Item = &'f Fix>) -> Vec<&'f Edit> {
    fixes.into_iter().flat_map(|fix| &fix.edits).filter(|edit| edit.loc.file == file).collect()
}

fn shifts_of<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> BTreeMap<FileId, Shifts> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.into_iter().flat_map(|fix| &fix.edits) {
        by_file.entry(edit.loc.file).or_default().push(edit);
    }
    by_file.into_iter().map(|(file, edits)| (file, Shifts::of(edits))).collect()
}

/// Reads a text whole.
fn read(text: &str) -> Result<FileIr, String> {
    match catch_unwind(AssertUnwindSafe(|| syntax::parse(text))) {
        Ok(Ok(ir)) => Ok(ir),
        Ok(Err(problem)) => Err(problem.reason),
        Err(_) => Err(String::from("internal fault")),
    }
}

/// Puts a new text in place of a file. `None` where its `mod m;` items are not as many as before: the files that they
/// name are known by their order.
fn replace(workspace: &mut Workspace, file: FileId, source: &SourceFile) -> Option<()> {
    let slot = workspace.files.get_mut(file.index())?;
    let (before, after) = (out_of_line(&slot.ir), out_of_line(&source.ir));
    if before.len() != after.len() {
        return None;
    }
    *slot = SourceFile { path: slot.path.clone(), ..source.clone() };
    let renamed: FxHashMap<LocalItemId, LocalItemId> = before.into_iter().zip(after).collect();
    if renamed.iter().any(|(before, after)| before != after) {
        for krate in &mut workspace.crates {
            let modules = std::mem::take(&mut krate.module_files);
            let rename = |(owner, item): (FileId, LocalItemId)| match renamed.get(&item) {
                Some(now) if owner == file => (owner, *now),
                _ => (owner, item),
            };
            krate.module_files = modules.into_iter().map(|(key, module)| (rename(key), module)).collect();
        }
    }
    Some(())
}

/// The items of a file that stand for other files.
fn out_of_line(ir: &FileIr) -> Vec<LocalItemId> {
    let is_elsewhere = |item: &Item| matches!(item.kind, ItemKind::Module(None) | ItemKind::Include(_));
    let items = ir.items.iter().enumerate().filter(|(_, item)| is_elsewhere(item));
    items.map(|(index, _)| LocalItemId(index as u32)).collect()
}
