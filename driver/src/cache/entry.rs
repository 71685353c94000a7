//! A run as bytes: the footprint of its load, and its report.
//!
//! Invariant: bytes that are not what [`encode`] made give nothing, or a report whose places all lie in its files.

use crate::load::{Footprint, span_fits};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use thread_lints::diagnostic::{Circle, Diagnostic, Label, Suggestion};
use thread_lints::lint::Level;
use thread_lints::source::{FileId, Loc};
use thread_lints::syntax::NotAnalysed;
use thread_lints::{Report, SourceFile, registry};

/// What is kept of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The name that it was written under.
    fingerprint: u128,
    pub(super) footprint: Footprint,
    pub(super) report: StoredReport,
}

/// A [`Report`] without faults.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredReport {
    findings: Vec<Finding>,
    not_analysed: Vec<(FileId, NotAnalysed)>,
}

/// A [`Diagnostic`], the lint by its name.
#[derive(Debug, Serialize, Deserialize)]
struct Finding {
    lint: String,
    level: Level,
    message: String,
    primary: Label,
    secondary: Vec<Label>,
    notes: Vec<String>,
    picture: Option<Circle>,
    suggestions: Vec<Suggestion>,
    site: Loc,
    item: String,
}

impl Entry {
    pub(super) fn new(fingerprint: u128, footprint: Footprint, report: &Report) -> Entry {
        let findings = report.diagnostics.iter().map(Finding::of).collect();
        let report = StoredReport { findings, not_analysed: report.not_analysed.clone() };
        Entry { fingerprint, footprint, report }
    }

    /// As bytes. `None` for paths that are not UTF-8.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(self).ok()
    }

    pub(super) fn decode(bytes: &[u8], fingerprint: u128) -> Option<Entry> {
        let (entry, rest) = postcard::take_from_bytes::<Entry>(bytes).ok()?;
        (rest.is_empty() && entry.fingerprint == fingerprint).then_some(entry)
    }
}

impl StoredReport {
    /// The files that something is said of.
    pub(super) fn shown(&self) -> FxHashSet<FileId> {
        let found = self.findings.iter().flat_map(Finding::places).map(|loc| loc.file);
        found.chain(self.not_analysed.iter().map(|(file, _)| *file)).collect()
    }

    /// The report over these files. `None` where it is none of this program's, or not over these files.
    pub(super) fn into_report(self, files: &[SourceFile]) -> Option<Report> {
        let mut report = Report::default();
        for finding in self.findings {
            if !finding.places().all(|loc| span_fits(files, loc.file, loc.span)) {
                return None;
            }
            report.diagnostics.push(finding.into_diagnostic()?);
        }
        for (file, problem) in self.not_analysed {
            let mut spans = problem.span.iter().chain(&problem.unread);
            if file.index() >= files.len() || !spans.all(|span| span_fits(files, file, *span)) {
                return None;
            }
            report.not_analysed.push((file, problem));
        }
        Some(report)
    }
}

impl Finding {
    fn of(found: &Diagnostic) -> Finding {
        let Diagnostic { lint, level, message, primary, secondary, notes, picture, suggestions, site, item } =
            found.clone();
        let lint = lint.name.to_owned();
        Finding { lint, level, message, primary, secondary, notes, picture, suggestions, site, item }
    }

    fn into_diagnostic(self) -> Option<Diagnostic> {
        let Finding { lint, level, message, primary, secondary, notes, picture, suggestions, site, item } = self;
        let lint = registry::find(&lint)?;
        Some(Diagnostic { lint, level, message, primary, secondary, notes, picture, suggestions, site, item })
    }

    fn places(&self) -> impl Iterator<Item = Loc> {
        let steps = self.picture.iter().flat_map(|circle| &circle.stations).flat_map(|station| &station.way);
        let labels = std::iter::once(&self.primary).chain(&self.secondary).chain(steps).map(|label| label.loc);
        let edits = self.suggestions.iter().flat_map(|suggestion| &suggestion.edits).map(|edit| edit.loc);
        labels.chain(edits).chain([self.site])
    }
}
