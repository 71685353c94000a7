//! Fixes: which edits of a report are made together, and whether they hold what they promise.
//!
//! Edits are made in rounds. A round takes every fix that meets no other, makes them, reads the changed files and lints
//! the workspace again. A fix that breaks the syntax, leaves its finding or brings another is taken back, and the round
//! is done without it. What was in the way of another fix waits for the next round.
//!
//! Invariants: a fix is made whole or not at all, in all files that it touches; bytes outside its edits stay; nothing is
//! read or written here; the same input gives the same edits, and what is fixed has nothing left that would be fixed.

mod edits;
mod rounds;
mod suppressions;
#[cfg(test)]
mod tests;

pub use edits::apply;
pub(crate) use edits::in_style_of;
pub use rounds::{fix, fix_with};
pub use suppressions::{suppress, suppression};

use crate::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use crate::lint::Lint;
use crate::report::Report;
use crate::source::{FileId, Loc};
use crate::workspace::Workspace;

/// How often findings of what was fixed are fixed in turn.
pub const MAX_ROUNDS: usize = 10;

/// What may be done.
#[derive(Clone, Debug)]
pub struct Permission {
    /// The least trusted edits that are made.
    pub trust: Applicability,
    /// For each file of the workspace the file that stands for it, `None` where it must not be edited. Files that are one
    /// on disk share a number; edits are made in the file that stands for itself, and the others follow.
    pub files: Vec<Option<FileId>>,
    /// The lint whose fixes are made, where not those of all are.
    pub only: Option<&'static Lint>,
}

impl Permission {
    /// Every file may be edited.
    pub fn everywhere(workspace: &Workspace, trust: Applicability) -> Permission {
        Permission {
            trust,
            files: (0..workspace.files.len()).map(|index| Some(FileId(index as u32))).collect(),
            only: None,
        }
    }

    fn allows(&self, edit: &Edit) -> bool {
        let file = edit.loc.file;
        self.files.get(file.index()).copied().flatten() == Some(file)
    }
}

/// What became of a workspace.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The workspace with the new texts.
    pub workspace: Workspace,
    /// What is found in it.
    pub report: Report,
    /// The files whose text is another now.
    pub changed: Vec<FileId>,
    /// What was done, round by round, in the order of the reports.
    pub applied: Vec<Applied>,
    /// What was taken back.
    pub refused: Vec<Refused>,
    /// How many rounds made edits.
    pub rounds: usize,
    /// Whether fixes are left that another round would make.
    pub unfinished: bool,
}

/// A fix that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Whose finding it was.
    pub lint: &'static Lint,
    /// How far its edits may be trusted.
    pub applicability: Applicability,
    /// The files that it touches, in order.
    pub files: Vec<FileId>,
}

/// A fix that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Whose finding it is.
    pub lint: &'static Lint,
    /// Where the finding is, in the workspace as it is now.
    pub loc: Loc,
    /// What the fix would have done.
    pub reason: String,
}

/// A fix of a report.
#[derive(Clone, Debug)]
struct Fix {
    lint: &'static Lint,
    applicability: Applicability,
    /// The primary place of its finding.
    loc: Loc,
    edits: Vec<Edit>,
}

impl Fix {
    fn files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.edits.iter().map(|edit| edit.loc.file).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    fn meets(&self, other: &Fix) -> bool {
        self.edits.iter().any(|one| other.edits.iter().any(|two| edits::conflict(one, two)))
    }
}

/// The suggestion of a finding whose edits would be made: the first that is trusted enough.
pub fn suggestion_of(found: &Diagnostic, trust: Applicability) -> Option<&Suggestion> {
    found.suggestions.iter().find(|suggestion| !suggestion.edits.is_empty() && suggestion.applicability <= trust)
}
