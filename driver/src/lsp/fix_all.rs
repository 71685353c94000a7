//! All fixes of a file, made in rounds as `--fix` makes them, in memory.
//!
//! They are linted again after each round, which takes as long as a run of the command: call it on the pool, never on the main loop.

use super::actions;
use super::documents::Document;
use super::positions::Encoding;
use super::worker::Snapshot;
use crate::panics;
use gen_lsp_types::TextEdit;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, capture_diff_slices};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use thread_lints::diagnostic::{Applicability, Edit};
use thread_lints::fix::{Permission, fix};
use thread_lints::lint::Lint;
use thread_lints::source::{FileId, Loc, Span};
use thread_lints::{Report, registry};

/// What an action without its edit remembers of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Later {
    /// The document, as the client spells it.
    pub(super) uri: String,
    pub(super) version: i32,
    /// The lint whose fixes are made; those of all without one.
    pub(super) lint: Option<String>,
    /// Also those that somebody has to look at.
    pub(super) all: bool,
}

/// The fixes of one file, ready to be made on another thread.
pub(super) struct FixAll {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) file: FileId,
    pub(super) document: Document,
    pub(super) encoding: Encoding,
    pub(super) later: Later,
}

impl FixAll {
    /// The edits of the document, in order; none where nothing holds. Errors say what failed.
    pub(super) fn edits(&self) -> Result<Vec<TextEdit>, String> {
        let fixed = catch_unwind(AssertUnwindSafe(|| self.fixed_text()));
        let Some(new) = fixed.map_err(|payload| format!("internal fault: {}", panics::describe(&*payload)))? else {
            return Ok(Vec::new());
        };
        let edits = line_edits(self.file, &self.document.text, &new);
        Ok(actions::text_edits(&self.document, &edits, self.encoding))
    }

    fn fixed_text(&self) -> Option<Arc<str>> {
        let checked = &self.snapshot.checked;
        let workspace = &checked.loaded.workspace;
        let only = self.later.lint.as_deref().and_then(registry::find);
        let mut files = vec![None; workspace.files.len()];
        *files.get_mut(self.file.index())? = Some(self.file);
        let trust = if self.later.all { Applicability::MaybeIncorrect } else { Applicability::MachineApplicable };
        let permission = Permission { trust, files, only };
        let fixed = fix(workspace, &checked.settings, Report::clone(&checked.report), &permission);
        fixed.workspace.files.get(self.file.index()).map(|file| Arc::clone(&file.text))
    }
}

/// The lint that a name is of.
pub(super) fn names(lint: &Lint) -> Option<String> {
    Some(lint.name.to_owned())
}

/// What makes one text of another, in whole lines.
fn line_edits(file: FileId, old: &str, new: &str) -> Vec<Edit> {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    let starts = old_lines.iter().scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start as u32)
    });
    let starts: Vec<u32> = starts.chain([old.len() as u32]).collect();
    let start_of = |line: usize| starts.get(line).copied().unwrap_or(old.len() as u32);
    let operations = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let changes = operations.iter().filter(|operation| operation.tag() != similar::DiffTag::Equal);
    let edits = changes.map(|operation| {
        let (before, after) = (operation.old_range(), operation.new_range());
        let text: String = new_lines.get(after).unwrap_or_default().concat();
        Edit { loc: Loc::new(file, Span::new(start_of(before.start), start_of(before.end))), text }
    });
    edits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use thread_lints::fix::apply;

    #[test]
    fn edits_of_lines_make_the_new_text() {
        let old = "a\r\nb\r\nc\r\nd";
        for new in ["a\r\nb\r\nc\r\nd", "b\r\nX\r\nd\r\n", "", "a\r\nb\r\nb2\r\nc\r\nd\r\n"] {
            let edits = line_edits(FileId(0), old, new);
            assert_eq!(apply(old, &edits).as_deref(), Some(new));
        }
        assert_eq!(line_edits(FileId(0), old, "a\r\nB\r\nc\r\nd").len(), 1);
    }
}
