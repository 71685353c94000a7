//! Findings for forges: GitHub's workflow annotations, GitLab's code quality report, and a summary in Markdown.

use super::files::{Sources, in_line, printable};
use super::region::Region;
use super::{Note, counted, level_word};
use crate::load::Loaded;
use crate::paths;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use thread_lints::diagnostic::Diagnostic;
use thread_lints::lint::Level;
use thread_lints::{Identity, Report};

/// What GitHub shows of one step: ten errors, ten warnings, ten notices; the rest is dropped without a word.
const MAX_ANNOTATIONS: usize = 10;

/// Workflow commands that annotate a pull request's lines. Those at `deny` come first; what is beyond GitHub's limits is
/// counted.
///
/// GitHub reads paths from the folder of the checkout, which need not be that of the workspace.
pub fn github(loaded: &Loaded, report: &Report, notes: &[Note], checkout: Option<&Path>) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let below = checkout.and_then(|checkout| loaded.base.strip_prefix(checkout).ok()).unwrap_or(Path::new(""));
    let mut text = String::new();
    let mut left_out = 0;
    for command in ["error", "warning"] {
        let of_level = report.diagnostics.iter().filter(|found| level_word(found.level) == command);
        for (index, found) in of_level.enumerate() {
            if index < MAX_ANNOTATIONS {
                text.push_str(&annotation(&sources, found, command, below));
            } else {
                left_out += 1;
            }
        }
    }
    for note in notes.iter().take(MAX_ANNOTATIONS - 1) {
        text.push_str(&format!("::notice title=thread-lint::{}\n", data(&note.text())));
    }
    if left_out > 0 {
        let more = format!(
            "{} more: GitHub shows {MAX_ANNOTATIONS} errors and {MAX_ANNOTATIONS} warnings a step",
            counted(left_out, "finding")
        );
        text.push_str(&format!("::notice title=thread-lint::{}\n", data(&more)));
    }
    text
}

fn annotation(sources: &Sources<'_>, found: &Diagnostic, command: &str, below: &Path) -> String {
    let place = Region::of(sources, found.primary.loc).map_or(String::new(), |region| {
        // Columns are read only where start and end are on one line.
        let columns = if region.start.line == region.end.line {
            format!(",col={},endColumn={}", region.start.column, region.end.column)
        } else {
            String::new()
        };
        let path = paths::with_slashes(&below.join(region.path));
        format!("file={},line={},endLine={}{columns},", property(&path), region.start.line, region.end.line)
    });
    let mut message = found.message.clone();
    for label in std::iter::once(&found.primary).chain(&found.secondary) {
        if let Some(region) = Region::of(sources, label.loc) {
            message.push_str(&format!("\n{}:{}: {}", in_line(region.path), region.start.line, label.message));
        }
    }
    for note in &found.notes {
        message.push_str(&format!("\nnote: {note}"));
    }
    for suggestion in &found.suggestions {
        message.push_str(&format!("\nhelp: {}", suggestion.message));
    }
    format!("::{command} {place}title={}::{}\n", property(&found.lint.code()), data(&message))
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A code quality report as GitLab reads it from a job's artifacts. `type` and `categories` are for readers of Code Climate's
/// issues, which GitLab's are a part of.
pub fn gitlab(loaded: &Loaded, report: &Report) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let fingerprints = Identity::fingerprints(&loaded.workspace, &report.diagnostics);
    let issues: Vec<Value> = report
        .diagnostics
        .iter()
        .zip(fingerprints)
        .filter_map(|(found, fingerprint)| {
            let region = Region::of(&sources, found.primary.loc)?;
            Some(json!({
                "type": "issue",
                "categories": ["Bug Risk"],
                "description": found.message,
                "check_name": found.lint.code(),
                "fingerprint": format!("{fingerprint:016x}"),
                "severity": if found.level >= Level::Deny { "critical" } else { "major" },
                "location": { "path": region.path, "lines": { "begin": region.start.line, "end": region.end.line } }
            }))
        })
        .collect();
    let text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    format!("{text}\n")
}

/// A summary for a pull request: how much of what, then each finding with its story folded away.
pub fn markdown(loaded: &Loaded, report: &Report, notes: &[Note]) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let mut text = String::from("## thread-lint\n\n");
    if report.diagnostics.is_empty() {
        text.push_str("No findings.\n");
    } else {
        // `error` comes before `warning`.
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for found in &report.diagnostics {
            *counts.entry((level_word(found.level), found.lint.name)).or_default() += 1;
        }
        text.push_str("| Level | Lint | Findings |\n|---|---|---|\n");
        for ((level, lint), count) in counts {
            text.push_str(&format!("| {level} | `{lint}` | {count} |\n"));
        }
    }
    for found in &report.diagnostics {
        text.push_str(&details(&sources, found));
    }
    if !notes.is_empty() {
        text.push_str("\nNot analysed:\n\n");
        notes.iter().for_each(|note| text.push_str(&format!("- {}\n", inline(&note.text()))));
    }
    text
}

fn details(sources: &Sources<'_>, found: &Diagnostic) -> String {
    let place = Region::of(sources, found.primary.loc)
        .map_or(String::new(), |region| format!("{}:{}", region.path, region.start.line));
    let level = level_word(found.level);
    let mut text = format!(
        "\n<details><summary>{level}: {} (<code>{}</code>)</summary>\n\n[`{}`]({})\n\n",
        code_in_html(&found.message),
        html(&in_line(&place)),
        found.lint.code(),
        found.lint.page()
    );
    for label in std::iter::once(&found.primary).chain(&found.secondary) {
        if let Some(region) = Region::of(sources, label.loc) {
            text.push_str(&format!("- `{}:{}`: {}\n", in_line(region.path), region.start.line, inline(&label.message)));
        }
    }
    for note in &found.notes {
        text.push_str(&format!("\n{}\n", inline(note)));
    }
    for suggestion in &found.suggestions {
        text.push_str(&format!("\n**help:** {}\n", inline(&suggestion.message)));
        if let Some(code) = suggestion.code.as_deref().filter(|code| !code.trim().is_empty()) {
            text.push_str(&format!("\n```rust\n{}\n```\n", printable(code.trim_end())));
        }
    }
    text.push_str("\n</details>\n");
    text
}

/// Our messages, whose code stands in backticks, as one line of Markdown.
fn inline(text: &str) -> String {
    let parts = printable(text).replace('\n', " ");
    let escaped = parts.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => {
            part.replace('\\', "\\\\").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_").replace('|', "\\|")
        }
        _ => part.to_owned(),
    });
    escaped.collect::<Vec<_>>().join("`")
}

/// Our messages, whose code stands in backticks, as HTML.
fn code_in_html(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => html(part),
        _ => format!("<code>{}</code>", html(part)),
    });
    parts.collect()
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
