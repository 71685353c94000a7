//! Suppressions: what a comment or an attribute allows, taken out of the report; and what is wrong with them.
//!
//! A suppression is a comment or an attribute:
//!
//! ```text
//! // thread-lint: allow(lint_a, join): reason        on its own line: the next item, statement, field or match arm
//! work(); // thread-lint: allow(lint_a)              behind code: its line
//! // thread-lint: allow-file(lint_a): reason         anywhere: the file
//! #[cfg_attr(any(), thread_lint::allow(lint_a, reason = ".."))]   what it stands on; `#![..]` at the head: the file
//! ```
//!
//! Names are lints or groups, with or without `thread_lint::` in front; the reason may be missing. A finding is
//! suppressed where its primary span starts inside what is covered.
//!
//! Invariants: a finding at `forbid` stays; a doc comment or a string is never a suppression; every suppression that
//! covers a finding counts as used, so of two none is called unused; a suppression covers its own unknown names
//! (`allow(of_a_later_version, unknown_lint_names)`) and nothing else that is said of itself; nothing is said of files that are not reported on, that could not be analysed, or of test code while tests
//! are off; a name is called unused only if every lint it stands for ran.
//!
//! The two lints about suppressions have their texts in `rules/meta`; their checks are empty since only this module,
//! which runs after all others, knows what a suppression did.

mod comment;
mod coverage;
mod test_code;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::lint::{Level, Lint};
use crate::registry;
use crate::rules::meta::unknown_lint_names::{self, UNKNOWN_LINT_NAMES};
use crate::rules::meta::unused_suppressions::{self, UNUSED_SUPPRESSIONS};
use crate::settings::Settings;
use crate::source::{Comment, FileId, Loc, Span};
use crate::syntax::ir::AllowAttr;
use crate::workspace::{SourceFile, Workspace};
use comment::{Directive, Malformed};

pub(crate) use coverage::place_for_comment;

/// Takes out what is suppressed and adds what is to be said of the suppressions. `enabled` are the lints that ran.
pub(crate) fn apply(
    workspace: &Workspace,
    settings: &Settings,
    enabled: &[&'static Lint],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut files = read_files(workspace, settings);
    diagnostics.retain(|found| !suppresses(&mut files, found, None));
    if enabled.contains(&&UNKNOWN_LINT_NAMES) {
        let found = unknown_names(&files);
        keep_unsuppressed(&mut files, settings, found, diagnostics);
    }
    if !enabled.contains(&&UNUSED_SUPPRESSIONS) {
        return;
    }
    let found = malformed(&files);
    keep_unsuppressed(&mut files, settings, found, diagnostics);
    // A name that stands for `unused_suppressions` is known to be unused only after all the others.
    let found = unused(&files, workspace, enabled, |name| !name.names(&UNUSED_SUPPRESSIONS));
    keep_unsuppressed(&mut files, settings, found, diagnostics);
    let found = unused(&files, workspace, enabled, |name| name.names(&UNUSED_SUPPRESSIONS));
    diagnostics.extend(found.into_iter().map(|(_, found)| with_level(settings, found)));
}

/// The lints and groups that the suppressions of a file name: each without `thread_lint::`, and its place with it.
pub fn names(file: &SourceFile) -> Vec<(String, Span)> {
    let comments = file.ir.comments.iter().filter(|comment| !comment.doc);
    let directives = comments.filter_map(|comment| comment::read(&file.text, comment)?.ok());
    let attributes = file.ir.allow_attrs.iter().flat_map(|attribute| of_attribute(FileId(0), file, attribute).names);
    let attributes = attributes.map(|name| (name.text, name.span));
    directives.flat_map(|directive| directive.names).chain(attributes).collect()
}

/// The suppressions of one file; none where the file is not reported on.
#[derive(Debug, Default)]
struct FileSuppressions {
    suppressions: Vec<Suppression>,
    malformed: Vec<(Loc, Malformed)>,
}

/// One comment or attribute.
#[derive(Debug)]
struct Suppression {
    file: FileId,
    /// What is shown: `thread-lint: allow(a, b)`, or the attribute.
    span: Span,
    /// What it covers.
    covered: Span,
    /// Each lint or group that it names.
    names: Vec<NamedLint>,
    /// What to delete to be rid of it.
    removal: Option<Removal>,
    is_attribute: bool,
    in_test_code: bool,
}

#[derive(Clone, Copy, Debug)]
struct Removal {
    span: Span,
    applicability: Applicability,
}

/// A name in a suppression.
#[derive(Debug)]
struct NamedLint {
    /// Without `thread_lint::`.
    text: String,
    /// With it.
    span: Span,
    used: bool,
}

impl NamedLint {
    fn names(&self, lint: &Lint) -> bool {
        self.text == lint.name || lint.groups().any(|group| group == self.text)
    }

    fn is_known(&self) -> bool {
        is_general_group(&self.text) || registry::lints().iter().any(|lint| self.names(lint))
    }

    /// Whether everything it stands for ran, so that its silence says something.
    fn is_decided(&self, enabled: &[&'static Lint]) -> bool {
        let mut meant = registry::lints().iter().filter(|lint| self.names(lint)).peekable();
        meant.peek().is_some() && meant.all(|lint| enabled.contains(lint))
    }
}

/// Groups that exist even while no lint is in them.
const GENERAL_GROUPS: [&str; 4] = ["all", "default", "nursery", "pedantic"];

fn is_general_group(name: &str) -> bool {
    GENERAL_GROUPS.contains(&name)
}

fn read_files(workspace: &Workspace, settings: &Settings) -> Vec<FileSuppressions> {
    let mut files: Vec<FileSuppressions> = Vec::new();
    files.resize_with(workspace.files.len(), FileSuppressions::default);
    let reported = workspace.reported();
    let ids = reported.iter().enumerate().filter(|(_, reported)| **reported);
    for id in ids.map(|(index, _)| FileId(index as u32)) {
        let is_read = |file: &&SourceFile| {
            file.problem.is_none() && file.ir.bodies.iter().all(|body| body.known_problem().is_none())
        };
        if let (Some(slot), Some(file)) = (files.get_mut(id.index()), workspace.files.get(id.index()).filter(is_read)) {
            *slot = read_file(id, file, settings);
        }
    }
    files
}

fn read_file(id: FileId, file: &SourceFile, settings: &Settings) -> FileSuppressions {
    let mut read = FileSuppressions::default();
    for comment in file.ir.comments.iter().filter(|comment| !comment.doc) {
        match comment::read(&file.text, comment) {
            None => {}
            Some(Err(problem)) => read.malformed.push((Loc::new(id, problem.span), problem)),
            Some(Ok(directive)) => {
                let covered = if directive.whole_file {
                    Span::new(0, u32::MAX)
                } else if comment.own_line {
                    coverage::after(file, comment.span)
                } else {
                    coverage::line(file, comment.span.start)
                };
                let removal = Some(comment_removal(file, comment));
                read.suppressions.push(of_comment(id, directive, covered, removal));
            }
        }
    }
    let attributes = file.ir.allow_attrs.iter();
    read.suppressions.extend(attributes.map(|attribute| of_attribute(id, file, attribute)));
    let has_any = !(read.suppressions.is_empty() && read.malformed.is_empty());
    if has_any && !settings.tests {
        let test_code = test_code::regions(&file.text);
        let in_test_code = |span: Span| test_code.iter().any(|region| region.contains(span));
        for suppression in &mut read.suppressions {
            suppression.in_test_code = in_test_code(suppression.span) || in_test_code(suppression.covered);
        }
        read.malformed.retain(|(loc, _)| !in_test_code(loc.span));
    }
    read
}

fn of_comment(file: FileId, directive: Directive, covered: Span, removal: Option<Removal>) -> Suppression {
    let names = directive.names.into_iter();
    Suppression {
        file,
        span: directive.span,
        covered,
        names: names.map(|(text, span)| NamedLint { text, span, used: false }).collect(),
        removal,
        is_attribute: false,
        in_test_code: false,
    }
}

fn of_attribute(id: FileId, file: &SourceFile, attribute: &AllowAttr) -> Suppression {
    let mut names: Vec<NamedLint> = Vec::new();
    let mut prefix: Option<Span> = None;
    for (text, span) in &attribute.lints {
        let after = file.text.get(span.end as usize..).unwrap_or("");
        if &**text == "thread_lint" && after.trim_start().starts_with("::") {
            prefix = Some(*span);
            continue;
        }
        let span = prefix.take().map_or(*span, |prefix| prefix.to(*span));
        names.push(NamedLint { text: text.to_string(), span, used: false });
    }
    Suppression {
        file: id,
        span: attribute.span,
        covered: attribute.target,
        names,
        removal: attribute_removal(file, attribute),
        is_attribute: true,
        in_test_code: false,
    }
}

/// The comment with its line where it has one of its own, else with the white space before it.
fn comment_removal(file: &SourceFile, comment: &Comment) -> Removal {
    let mut applicability = Applicability::MachineApplicable;
    let line = coverage::line(file, comment.span.start);
    let last_line = coverage::line(file, comment.span.end);
    let behind = Span::new(comment.span.end, last_line.end).text(&file.text);
    if comment.own_line && behind.trim().is_empty() {
        let next = coverage::line(file, last_line.end).text(&file.text).trim();
        let goes_on = next.starts_with("//")
            && !next.starts_with("///")
            && !next.starts_with("//!")
            && last_line.end < file.text.len() as u32;
        if goes_on {
            // The next comment line may be the rest of the reason.
            applicability = Applicability::MaybeIncorrect;
        }
        let span = Span::new(line.start, last_line.end);
        return Removal { span, applicability };
    }
    let (mut start, mut end) = (comment.span.start, comment.span.end);
    if behind.trim().is_empty() {
        let before = Span::new(line.start, start).text(&file.text);
        start -= (before.len() - before.trim_end().len()) as u32;
    } else {
        end += (behind.len() - behind.trim_start().len()) as u32;
    }
    Removal { span: Span::new(start, end), applicability }
}

/// The attribute with its line, where there is nothing else in it.
fn attribute_removal(file: &SourceFile, attribute: &AllowAttr) -> Option<Removal> {
    let inner: String = file.text_of(attribute.span).split_whitespace().collect();
    let inside = inner.strip_prefix("#!").or_else(|| inner.strip_prefix('#'))?;
    let inside = inside.strip_prefix("[cfg_attr(")?.strip_suffix(")]")?;
    let (predicate, applied) = inside.split_once(",thread_lint::allow(")?;
    let arguments = applied.strip_suffix(',').unwrap_or(applied).strip_suffix(')')?;
    if has_outer_comma(predicate) || arguments.contains("),") {
        return None;
    }
    let line = coverage::line(file, attribute.span.start);
    let last_line = coverage::line(file, attribute.span.end);
    let before = Span::new(line.start, attribute.span.start).text(&file.text);
    let behind = Span::new(attribute.span.end, last_line.end).text(&file.text);
    let span = if before.trim().is_empty() && behind.trim().is_empty() {
        Span::new(line.start, last_line.end)
    } else {
        let space = behind.len() - behind.trim_start_matches(' ').len();
        Span::new(attribute.span.start, attribute.span.end + space as u32)
    };
    Some(Removal { span, applicability: Applicability::MachineApplicable })
}

/// Whether there is a comma outside all brackets.
fn has_outer_comma(text: &str) -> bool {
    let mut depth = 0_u32;
    text.bytes().any(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b',' && depth == 0
    })
}

/// Whether a finding is suppressed; marks what suppresses it. Of the suppression that the finding is `about`, see the
/// invariants.
fn suppresses(files: &mut [FileSuppressions], found: &Diagnostic, about: Option<Span>) -> bool {
    let Loc { file, span } = found.primary.loc;
    let Some(file) = files.get_mut(file.index()) else {
        return false;
    };
    let mut any = false;
    for suppression in &mut file.suppressions {
        let covers = if about == Some(suppression.span) {
            found.lint == &UNKNOWN_LINT_NAMES
        } else {
            suppression.covered.start <= span.start && span.start < suppression.covered.end
        };
        if !covers {
            continue;
        }
        for name in &mut suppression.names {
            if name.names(found.lint) {
                name.used = true;
                any = true;
            }
        }
    }
    any && found.level != Level::Forbid
}

/// Adds findings about suppressions that other suppressions do not cover.
fn keep_unsuppressed(
    files: &mut [FileSuppressions],
    settings: &Settings,
    found: Vec<(Span, Diagnostic)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (about, found) in found {
        let found = with_level(settings, found);
        if !suppresses(files, &found, Some(about)) {
            diagnostics.push(found);
        }
    }
}

fn with_level(settings: &Settings, mut found: Diagnostic) -> Diagnostic {
    found.level = settings.level_of(found.lint);
    found
}

/// Findings with the suppression that each is about.
fn unknown_names(files: &[FileSuppressions]) -> Vec<(Span, Diagnostic)> {
    let mut found = Vec::new();
    for suppression in files.iter().flat_map(|file| &file.suppressions) {
        if suppression.in_test_code {
            continue;
        }
        for name in suppression.names.iter().filter(|name| !name.is_known()) {
            let loc = Loc::new(suppression.file, name.span);
            let known = registry::lints().iter().map(|lint| lint.name);
            let groups = registry::lints().iter().flat_map(|lint| lint.groups());
            let meant = crate::nearest::nearest(&name.text, known.chain(groups).chain(GENERAL_GROUPS));
            found.push((suppression.span, unknown_lint_names::report(loc, &name.text, meant)));
        }
    }
    found
}

fn malformed(files: &[FileSuppressions]) -> Vec<(Span, Diagnostic)> {
    let all = files.iter().flat_map(|file| &file.malformed);
    all.map(|(loc, problem)| {
        let edit =
            problem.correction.as_ref().map(|(span, text)| Edit::replace(Loc::new(loc.file, *span), text.clone()));
        (loc.span, unused_suppressions::report_malformed(*loc, &problem.expected, edit))
    })
    .collect()
}

/// What suppressed nothing, of the names that `is_asked_for`: one finding where that is all of a suppression, else one a
/// name.
fn unused(
    files: &[FileSuppressions],
    workspace: &Workspace,
    enabled: &[&'static Lint],
    is_asked_for: impl Fn(&NamedLint) -> bool,
) -> Vec<(Span, Diagnostic)> {
    let mut found = Vec::new();
    for suppression in files.iter().flat_map(|file| &file.suppressions) {
        if suppression.in_test_code || suppression.names.is_empty() {
            continue;
        }
        let is_unused =
            |name: &NamedLint| !name.used && name.is_known() && name.is_decided(enabled) && is_asked_for(name);
        let first_kept = suppression.names.iter().position(|name| !is_unused(name));
        let Some(first_kept) = first_kept else {
            found.push((suppression.span, unused_entirely(suppression)));
            continue;
        };
        for (index, name) in suppression.names.iter().enumerate() {
            if !is_unused(name) {
                continue;
            }
            // With what separates it from its neighbour on the side of a name that stays, so that no two edits meet.
            let neighbour = |index: usize| suppression.names.get(index).map(|name| name.span);
            let span = if index < first_kept {
                let next = neighbour(index + 1).unwrap_or(name.span);
                Span::new(name.span.start, next.start)
            } else {
                let before = neighbour(index.saturating_sub(1)).unwrap_or(name.span);
                Span::new(before.end, name.span.end)
            };
            let text = workspace.files.get(suppression.file.index()).map_or("", |file| file.text_of(name.span));
            let loc = |span| Loc::new(suppression.file, span);
            let edit = Edit::replace(loc(span), "");
            found.push((suppression.span, unused_suppressions::report_name(loc(name.span), text, edit)));
        }
    }
    found
}

fn unused_entirely(suppression: &Suppression) -> Diagnostic {
    let loc = Loc::new(suppression.file, suppression.span);
    let names: Vec<&str> = suppression.names.iter().map(|name| name.text.as_str()).collect();
    let removal = suppression.removal.map(|removal| {
        let edit = Edit::replace(Loc::new(suppression.file, removal.span), "");
        (edit, removal.applicability)
    });
    unused_suppressions::report(loc, &names, suppression.is_attribute, removal)
}
