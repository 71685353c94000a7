//! "Allow here": a comment that suppresses a finding where it stands, with a reason.

use super::rounds::Rounds;
use super::{Fix, Fixed, Permission};
use crate::check::check;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::lint::{Family, Level, Lint};
use crate::report::Report;
use crate::settings::Settings;
use crate::source::FileId;
use crate::suppress::place_for_comment;
use crate::workspace::Workspace;
use std::collections::BTreeMap;

/// Writes a comment above everything that a report finds: `// thread-lint: allow(names): reason`. What is said of
/// suppressions themselves is left, and what is at `forbid`. Runs in the current rayon pool, as [`check`] does.
pub fn suppress(
    workspace: &Workspace,
    settings: &Settings,
    report: Report,
    permission: &Permission,
    reason: &str,
) -> Fixed {
    let lint = |workspace: &Workspace| check(workspace, settings);
    let mut rounds = Rounds::new(workspace, report, permission, &lint);
    let comments = comments(rounds.workspace(), rounds.report(), reason);
    let comments: Vec<Fix> = comments.into_iter().filter(|fix| rounds.is_possible(fix)).collect();
    if !comments.is_empty() {
        rounds.make(comments);
    }
    rounds.finish(false)
}

/// The comment that suppresses one finding, as an edit; `None` for those that [`suppress`] leaves. Whether it holds is not tried out.
pub fn suppression(workspace: &Workspace, found: &Diagnostic, reason: &str) -> Option<Edit> {
    let report = Report { diagnostics: vec![found.clone()], ..Report::default() };
    comments(workspace, &report, reason).pop()?.edits.pop()
}

/// For each finding the comment above it. Findings above which one comment stands share it.
fn comments(workspace: &Workspace, report: &Report, reason: &str) -> Vec<Fix> {
    let mut places: BTreeMap<(FileId, u32), (String, Vec<&Diagnostic>)> = BTreeMap::new();
    let can_be = |found: &&Diagnostic| found.lint.family != Family::Meta && found.level != Level::Forbid;
    for found in report.diagnostics.iter().filter(can_be) {
        let loc = found.primary.loc;
        let place = workspace.files.get(loc.file.index()).and_then(|file| place_for_comment(file, loc.span));
        if let Some((offset, indentation)) = place {
            places.entry((loc.file, offset)).or_insert((indentation, Vec::new())).1.push(found);
        }
    }
    let mut fixes = Vec::new();
    for ((file, offset), (indentation, found)) in places {
        let mut lints: Vec<&'static Lint> = found.iter().map(|found| found.lint).collect();
        lints.sort_by_key(|lint| lint.name);
        lints.dedup();
        let text = workspace.files.get(file.index()).map_or("", |source| &*source.text);
        let comment = format!("{indentation}{}\n", comment_text(&lints, reason));
        let edit = Edit::insert(file, offset, super::in_style_of(text, &comment).into_owned());
        fixes.extend(found.iter().map(|found| Fix {
            lint: found.lint,
            applicability: Applicability::MachineApplicable,
            loc: found.primary.loc,
            edits: vec![edit.clone()],
        }));
    }
    fixes
}

/// `// thread-lint: allow(a, b): reason`
fn comment_text(lints: &[&Lint], reason: &str) -> String {
    let names: Vec<&str> = lints.iter().map(|lint| lint.name).collect();
    let reason: Vec<&str> = reason.split_whitespace().collect();
    let names = names.join(", ");
    match reason.join(" ") {
        reason if reason.is_empty() => format!("// thread-lint: allow({names})"),
        reason => format!("// thread-lint: allow({names}): {reason}"),
    }
}
