//! The outcome of a check.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::NotAnalysed;

/// The outcome of a check.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings at `warn` and above, in the order of path, start, end, lint, message.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that were not analysed, or only in part, with the reason and the place, in the order of path and place.
    pub not_analysed: Vec<(FileId, NotAnalysed)>,
    /// Panics inside a lint: its name and the message. The rest of the report stands.
    pub faults: Vec<String>,
}
