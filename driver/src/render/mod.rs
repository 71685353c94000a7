//! Findings as text: for people, one line each, as cargo's messages, or as other tools read them; and the graph of the threads.
//!
//! Invariants: a renderer sees findings and files, no lint by name; control characters of the source never reach a
//! terminal; the same report gives the same text.

mod files;
mod forges;
mod graph;
mod human;
mod json;
mod patch;
mod picture;
mod region;
mod sarif;
#[cfg(test)]
mod tests;
mod timings;
mod xml;

pub use codespan_reporting::diagnostic::Severity;
pub use forges::{github, gitlab, markdown};
pub use graph::{graph, graph_summary};
pub use json::{build_finished, json};
pub use sarif::sarif;
pub(crate) use timings::timings;
pub use xml::{checkstyle, junit};

use crate::load::Loaded;
use crate::shard::Shard;
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor};
use files::Sources;
pub(crate) use files::{in_line, printable};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use thread_lints::Report;
use thread_lints::diagnostic::{Applicability, Circle, Diagnostic};
use thread_lints::fix::{Refused, suggestion_of};
use thread_lints::lint::Level;
use thread_lints::source::{FileId, Span};
use thread_lints::syntax::NotAnalysed;

/// A form for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// With snippets, notes and suggestions.
    Human,
    /// `path:line:column: warning[thread_lint::x]: message`
    Short,
}

/// How a form for people looks, beyond its words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Look {
    /// In colour.
    pub color: bool,
    /// Codes are links to the lint's page (OSC 8).
    pub links: bool,
}

/// All findings of a report. In the human form an empty line stands after each.
pub fn render(loaded: &Loaded, report: &Report, format: Format, look: Look) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let rendered = report.diagnostics.iter().map(|found| one(&sources, found, format, look));
    rendered.collect()
}

fn one(sources: &Sources<'_>, found: &Diagnostic, format: Format, look: Look) -> String {
    let mut out = buffer(look.color);
    // Writing to memory does not fail.
    let _ = match format {
        Format::Human => human::write(&mut out, sources, found, look.links),
        Format::Short => human::write_short(&mut out, sources, found, look.links),
    };
    text_of(out)
}

/// The lines of a finding's drawing.
pub(crate) fn picture(loaded: &Loaded, circle: &Circle) -> Vec<String> {
    picture::draw(&Sources::new(&loaded.workspace.files), circle)
}

/// A file or module that was not analysed, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Option<Span>,
    /// The file as shown, with line and column where they are known.
    pub place: String,
    /// The reason.
    pub reason: String,
    /// Nothing of the file was analysed; else a module that it names.
    pub whole_file: bool,
}

impl Note {
    /// `src/lib.rs:3:1: not analysed: reason`
    pub fn text(&self) -> String {
        format!("{}: not analysed: {}", self.place, self.reason)
    }
}

/// What was not analysed, in the order of the files' paths. Matters of no weight are left out unless `all` is asked for.
pub fn notes(loaded: &Loaded, not_analysed: &[(FileId, NotAnalysed)], all: bool) -> Vec<Note> {
    let file_of = |id: FileId| loaded.workspace.files.get(id.index());
    let unread = not_analysed.iter().filter(|(file, _)| all || loaded.is_selected(*file));
    let unread = unread.map(|(file, problem)| (*file, problem.span, &problem.reason, true));
    let missing = loaded.missing_modules.iter().filter(|missing| all || !missing.minor);
    let missing = missing.map(|missing| (missing.file, Some(missing.span), &missing.reason, false));
    let mut notes: Vec<Note> = unread
        .chain(missing)
        .filter_map(|(id, span, reason, whole_file)| {
            let file = file_of(id)?;
            let place = match span {
                None => in_line(&file.path).into_owned(),
                Some(span) => {
                    let at = file.lines.line_column(&file.text, span.start);
                    format!("{}:{}:{}", in_line(&file.path), at.line, at.column)
                }
            };
            Some(Note { file: id, span, place, reason: reason.clone(), whole_file })
        })
        .collect();
    let path = |note: &Note| file_of(note.file).map_or("", |file| file.path.as_str());
    notes.sort_by(|a, b| path(a).cmp(path(b)).then_with(|| a.cmp(b)));
    notes.dedup();
    notes
}

/// What is said of fixes that were taken back, one line each.
pub fn refusals(loaded: &Loaded, refused: &[Refused]) -> Vec<String> {
    let place = |refused: &Refused| {
        let file = loaded.workspace.files.get(refused.loc.file.index())?;
        let at = file.lines.line_column(&file.text, refused.loc.span.start);
        Some(format!("{}:{}:{}", in_line(&file.path), at.line, at.column))
    };
    let lines = refused.iter().map(|refused| {
        let place = place(refused).unwrap_or_default();
        format!("{place}: the fix of `{}` was taken back: {}", refused.lint.name, refused.reason)
    });
    lines.collect()
}

/// `Fixed path (2 fixes)`
pub fn fixed_line(path: &str, fixes: usize, suppressed: usize, color: bool) -> String {
    let mut done = Vec::new();
    if fixes > 0 {
        done.push(if fixes == 1 { String::from("1 fix") } else { format!("{} fixes", grouped(fixes)) });
    }
    if suppressed > 0 {
        done.push(format!("{} suppressed", grouped(suppressed)));
    }
    let mut out = buffer(color);
    write_verb(&mut out, "Fixed");
    let _ = writeln!(out, " {} ({})", in_line(path), done.join(", "));
    text_of(out)
}

/// `Wrote path (12 findings)`
pub fn wrote_line(path: &Path, findings: usize, color: bool) -> String {
    let mut out = buffer(color);
    write_verb(&mut out, "Wrote");
    let _ = writeln!(out, " {} ({})", in_line(&path.to_string_lossy()), counted(findings, "finding"));
    text_of(out)
}

/// `Watching 12 files; Ctrl-C ends it`
pub(crate) fn watching_line(files: usize, color: bool) -> String {
    let mut out = buffer(color);
    write_verb(&mut out, "Watching");
    let what = if files == 0 { String::from("for changes") } else { counted(files, "file") };
    let _ = writeln!(out, " {what}; Ctrl-C ends it");
    text_of(out)
}

/// How many findings each lint has, the most frequent first.
pub fn statistics(report: &Report, color: bool) -> String {
    let mut counts: BTreeMap<(&str, Level), usize> = BTreeMap::new();
    for found in &report.diagnostics {
        *counts.entry((found.lint.name, found.level)).or_default() += 1;
    }
    let mut counts: Vec<((&str, Level), usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let width = counts.first().map_or(0, |(_, count)| count.to_string().len());
    let mut out = buffer(color);
    for ((lint, level), count) in counts {
        let shade = if level >= Level::Deny { Color::Red } else { Color::Yellow };
        let _ = write!(out, "{count:>width$}  ");
        let _ = out.set_color(ColorSpec::new().set_fg(Some(shade)));
        let _ = write!(out, "{:<7}", level_word(level));
        let _ = out.reset();
        let _ = writeln!(out, "  {lint}");
    }
    text_of(out)
}

/// How bad a finding is, in the word that rustc and the formats of other tools have for it.
fn level_word(level: Level) -> &'static str {
    if level >= Level::Deny { "error" } else { "warning" }
}

/// A word at the start of a line, as cargo writes it.
fn write_verb(out: &mut Buffer, verb: &str) {
    let _ = out.set_color(ColorSpec::new().set_fg(Some(Color::Green)).set_bold(true));
    let _ = write!(out, "{verb:>12}");
    let _ = out.reset();
}

/// `error: message`
pub fn headline(severity: Severity, message: &str, color: bool) -> String {
    let mut out = buffer(color);
    let _ = human::write_headline(&mut out, severity, None, &printable(message));
    text_of(out)
}

/// How many findings edits would mend; empty where none would.
fn fixable(report: &Report) -> String {
    let count = |trust| report.diagnostics.iter().filter(|found| suggestion_of(found, trust).is_some()).count();
    let (certain, all) = (count(Applicability::MachineApplicable), count(Applicability::MaybeIncorrect));
    match (certain, all) {
        (_, 0) => String::new(),
        (0, all) => format!("`--fix --unsafe-fixes` mends {}", grouped(all)),
        (certain, all) if certain == all => format!("`--fix` mends {}", grouped(all)),
        (certain, all) => {
            format!("`--fix` mends {}, `--fix --unsafe-fixes` {}", grouped(certain), grouped(all))
        }
    }
}

/// The line about the run as a whole.
pub fn summary(
    loaded: &Loaded,
    report: &Report,
    not_analysed: usize,
    took: Duration,
    shard: Option<Shard>,
    color: bool,
) -> String {
    let errors = report.diagnostics.iter().filter(|found| found.level >= Level::Deny).count();
    let warnings = report.diagnostics.len() - errors;
    let mut counts = Vec::new();
    if errors > 0 {
        counts.push(counted(errors, "error"));
    }
    if warnings > 0 {
        counts.push(counted(warnings, "warning"));
    }
    if counts.is_empty() {
        counts.push(String::from("no findings"));
    }
    let hint = fixable(report);
    let part = shard.map_or(String::new(), |shard| format!(" of shard {shard}"));
    let mut line = finished(loaded, &format!("{}{part}", counts.join(", ")), not_analysed, took, color);
    if !hint.is_empty() {
        line.truncate(line.trim_end().len());
        line.push_str(&format!("; {hint}\n"));
    }
    line
}

/// `Finished` with what was found, and how much was read.
fn finished(loaded: &Loaded, found: &str, not_analysed: usize, took: Duration, color: bool) -> String {
    let files = counted(loaded.selected_files().count(), "file");
    let lines = loaded.selected_files().map(|(_, lines)| lines).sum();
    let lines = counted(lines, "line");
    let unread = match not_analysed {
        0 => String::new(),
        some => format!(", {} not analysed", grouped(some)),
    };
    let mut out = buffer(color);
    write_verb(&mut out, "Finished");
    let _ = writeln!(out, " {found} in {files}, {lines}{unread} ({:.2} s)", took.as_secs_f64());
    text_of(out)
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `12,345`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn buffer(color: bool) -> Buffer {
    if color { Buffer::ansi() } else { Buffer::no_color() }
}

fn text_of(buffer: Buffer) -> String {
    String::from_utf8_lossy(&buffer.into_inner()).into_owned()
}
