//! What has to hold of every text, whatever it is.
//!
//! Nothing panics, not even where it would be caught. Every span that anybody sees lies in its file, between two characters. What
//! is found does not depend on when bodies are read, nor on the number of threads. Every output is whole, and no control character
//! reaches a terminal. Edits fit their file; they leave a text readable that was so before.

use crate::fixture::{Job, source_file, whole_file, workspace_of};
use cargo_thread_lint::cli::GraphFormat;
use cargo_thread_lint::load::Loaded;
use cargo_thread_lint::render::{self, Format, Look};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};
use thread_lints::diagnostic::{Applicability, Diagnostic, Edit};
use thread_lints::fix::{self, Permission};
use thread_lints::source::{FileId, LineIndex, Loc, Span, scan};
use thread_lints::syntax;
use thread_lints::{Report, Settings, SourceFile, Workspace, registry};

/// What has panicked since it was asked for last.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps every panic for [`panics`], in place of printing it: also those that somebody catches.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let said = info.payload_as_str().unwrap_or("no message");
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let panic = format!("panic{place}: {}", said.lines().next().unwrap_or_default());
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(panic);
    }));
}

/// What has panicked since the last call.
fn panics() -> Vec<String> {
    std::mem::take(&mut *PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What is wrong with a text's tokens.
pub fn lexer(text: &str) -> Vec<String> {
    guarded(|problems| {
        let Ok(scan) = scan(text) else { return };
        let lines = LineIndex::new(text);
        let mut end = scan.code_start;
        for comment in &scan.comments {
            let shown = text.get(comment.span.start as usize..comment.span.end as usize);
            let opens = if comment.block { "/*" } else { "//" };
            if comment.span.start < end || !shown.is_some_and(|shown| shown.starts_with(opens)) {
                problems.push(format!("no comment stands at {:?}", comment.span));
            }
            end = comment.span.end;
            let at = lines.line_column(text, comment.span.start);
            if at.line == 0 || at.column == 0 {
                problems.push(format!("byte {} is in no line", comment.span.start));
            }
        }
        if scan.is_ascii != text.is_ascii() || text.get(scan.code_start as usize..).is_none() {
            problems.push(String::from("the head of the text is not what the scan says"));
        }
    })
}

/// What is wrong with a text's tree, read in both ways.
pub fn lowering(text: &str) -> Vec<String> {
    guarded(|problems| {
        let (outline, _) = syntax::parse_outline(text);
        let (whole, problem) = syntax::parse_partly(text);
        for (ir, way) in [(&outline, "by outline"), (&whole, "whole")] {
            for body in &ir.bodies {
                body.body(text);
                let spans = [body.span(), body.inside(), body.problem(text).and_then(|problem| problem.span)];
                problems.extend(
                    spans
                        .into_iter()
                        .flatten()
                        .filter_map(|span| outside(text, span))
                        .map(|at| format!("{way}: a body {at}")),
                );
                if problem.is_none()
                    && let Some(unread) = body.problem(text)
                {
                    problems.push(format!("{way}: a body of a readable file cannot be read: {}", unread.reason));
                }
            }
        }
        if problem.is_none() && outline.items.len() != whole.items.len() {
            problems.push(format!("{} items by outline, {} whole", outline.items.len(), whole.items.len()));
        }
    })
}

/// How much is asked of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Depth<'t> {
    /// Every output, and not only those that people and cargo read; unreadable files read whole too.
    pub all: bool,
    /// A check on these threads has to say the same.
    pub threads: Option<&'t rayon::ThreadPool>,
}

/// What is wrong with texts as the crates of one workspace, through all lints, every output and fixes. Runs in the current rayon
/// pool.
pub fn workspace(jobs: &[Job], depth: Depth<'_>) -> Vec<String> {
    let Some(settings) = jobs.first().map(|job| job.setup.settings()) else { return Vec::new() };
    let mut found = guarded(|problems| {
        // What cannot be read of one file keeps lints silent about others.
        let (readable, unreadable): (Vec<&Job>, Vec<&Job>) =
            jobs.iter().partition(|job| syntax::parse(&job.text).is_ok());
        let is_readable = |jobs: &[&Job]| std::ptr::eq(jobs, &readable[..]);
        for jobs in [&readable[..], &unreadable].into_iter().filter(|jobs| !jobs.is_empty()) {
            let outline = Checked::new(jobs, source_file, &settings);
            outline.places(problems);
            outline.outputs(&settings, depth.all, problems);
            outline.edits_alone(is_readable(jobs), problems);
            outline.fixes(&settings, problems);
            if is_readable(jobs) || depth.all {
                let whole = Checked::new(jobs, whole_file, &settings);
                whole.places(problems);
                if is_readable(jobs) {
                    outline.compare(&whole, "read whole, it", problems);
                }
            }
            if let Some(threads) = depth.threads {
                let again = threads.install(|| Checked::new(jobs, source_file, &settings));
                outline.compare(&again, "on other threads, it", problems);
            }
        }
    });
    found.dedup();
    found
}

/// Collects what is wrong, and what has panicked meanwhile.
fn guarded(examine: impl FnOnce(&mut Vec<String>)) -> Vec<String> {
    let mut problems = Vec::new();
    panics();
    let outcome = catch_unwind(AssertUnwindSafe(|| examine(&mut problems)));
    let panics = panics();
    if outcome.is_err() && panics.is_empty() {
        problems.push(String::from("panic"));
    }
    problems.extend(panics);
    problems
}

/// Where a span is, if that is no place between two characters of its text.
fn outside(text: &str, span: Span) -> Option<String> {
    let fits = span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some();
    (!fits).then(|| format!("stands at {}..{}, of {} bytes", span.start, span.end, text.len()))
}

/// A workspace with its report.
struct Checked {
    loaded: Loaded,
    report: Report,
}

impl Checked {
    fn new(jobs: &[&Job], read: fn(String, &str) -> SourceFile, settings: &Settings) -> Checked {
        let workspace = workspace_of(jobs, read);
        let report = thread_lints::check(&workspace, settings);
        Checked { loaded: Loaded { workspace, ..Loaded::default() }, report }
    }

    fn workspace(&self) -> &Workspace {
        &self.loaded.workspace
    }

    fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.workspace().files.get(file.index())
    }

    /// Whether all that is said is said of places that there are.
    fn places(&self, problems: &mut Vec<String>) {
        for fault in &self.report.faults {
            problems.push(format!("fault in {fault}"));
        }
        for found in &self.report.diagnostics {
            let wrong = places_of(found).into_iter().filter_map(|loc| match self.file(loc.file) {
                Some(file) => outside(&file.text, loc.span),
                None => Some(String::from("is in no file")),
            });
            problems.extend(wrong.map(|at| format!("a place of `{}` {at}", found.lint.name)));
            let empty = found.primary.loc.span.is_empty();
            if empty {
                problems.push(format!("a finding of `{}` is of nothing", found.lint.name));
            }
        }
        for (file, problem) in &self.report.not_analysed {
            let text = self.file(*file).map_or("", |file| &file.text);
            let spans = problem.unread.iter().copied().chain(problem.span);
            problems
                .extend(spans.filter_map(|span| outside(text, span)).map(|at| format!("what was not analysed {at}")));
        }
    }

    /// Whether another check finds the same.
    fn compare(&self, other: &Checked, how: &str, problems: &mut Vec<String>) {
        let shown = |checked: &Checked| -> Vec<String> {
            let found = checked.report.diagnostics.iter();
            found
                .map(|found| {
                    format!("{}: {} {:?} {:?}", found.lint.name, found.message, found.primary, found.secondary)
                })
                .collect()
        };
        let (ours, others) = (shown(self), shown(other));
        let different = ours.iter().find(|found| !others.contains(found));
        if let Some(different) = different.or(others.iter().find(|found| !ours.contains(found))) {
            problems.push(format!("{how} has other findings: {different}"));
        }
    }

    /// Whether every output can be made, and is what its readers take.
    fn outputs(&self, settings: &Settings, all: bool, problems: &mut Vec<String>) {
        let (loaded, report) = (&self.loaded, &self.report);
        let notes = render::notes(loaded, &report.not_analysed, true);
        for format in [Format::Human, Format::Short] {
            let plain = render::render(loaded, report, format, Look::default());
            if let Some(control) = plain.chars().find(|shown| shown.is_control() && *shown != '\n') {
                problems.push(format!("{format:?} output has {control:?} in it"));
            }
            render::render(loaded, report, format, Look { color: true, links: true });
            for line in render::json(loaded, report, &notes, format, false).lines() {
                is_json(line, "json", problems);
            }
        }
        if !all {
            return;
        }
        is_json(&render::sarif(loaded, report, &notes, registry::lints(), None), "sarif", problems);
        is_json(&render::gitlab(loaded, report), "gitlab", problems);
        render::github(loaded, report, &notes, None);
        render::junit(loaded, report, &notes);
        render::checkstyle(loaded, report);
        render::markdown(loaded, report, &notes);
        let graph = thread_lints::graph(self.workspace(), settings);
        render::graph(loaded, &graph, GraphFormat::Dot);
        render::graph(loaded, &graph, GraphFormat::Mermaid);
    }

    /// Whether each suggestion fits its files and leaves them readable.
    fn edits_alone(&self, readable: bool, problems: &mut Vec<String>) {
        for found in &self.report.diagnostics {
            for suggestion in &found.suggestions {
                let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
                for edit in &suggestion.edits {
                    by_file.entry(edit.loc.file).or_default().push(edit);
                }
                for (file, edits) in by_file {
                    let Some(file) = self.file(file) else { continue };
                    match fix::apply(&file.text, edits) {
                        None => problems.push(format!("an edit of `{}` does not fit", found.lint.name)),
                        Some(text) if readable => {
                            if let Err(problem) = syntax::parse(&text) {
                                let (lint, reason) = (found.lint.name, problem.reason);
                                problems.push(format!("an edit of `{lint}` makes it unreadable: {reason}"));
                            }
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }

    /// Whether what is mended stays readable, and whether comments that suppress everything can be written.
    fn fixes(&self, settings: &Settings, problems: &mut Vec<String>) {
        let permission = Permission::everywhere(self.workspace(), Applicability::MaybeIncorrect);
        let fixed = fix::fix(self.workspace(), settings, self.report.clone(), &permission);
        for file in &fixed.changed {
            let Some(file) = fixed.workspace.files.get(file.index()) else { continue };
            if let Err(problem) = syntax::parse(&file.text) {
                problems.push(format!("fixes make it unreadable: {}", problem.reason));
            }
        }
        let loaded = Loaded { workspace: fixed.workspace, ..Loaded::default() };
        Checked { loaded, report: fixed.report }.places(problems);
        fix::suppress(self.workspace(), settings, self.report.clone(), &permission, "a reason");
    }
}

/// Every place that a finding names.
fn places_of(found: &Diagnostic) -> Vec<Loc> {
    let stations = found.picture.iter().flat_map(|circle| &circle.stations).flat_map(|station| &station.way);
    let labels = found.secondary.iter().chain(stations).map(|label| label.loc);
    let edits = found.suggestions.iter().flat_map(|suggestion| &suggestion.edits).map(|edit| edit.loc);
    [found.primary.loc, found.site].into_iter().chain(labels).chain(edits).collect()
}

fn is_json(text: &str, what: &str, problems: &mut Vec<String>) {
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        problems.push(format!("{what} output is no JSON: {error}"));
    }
}
