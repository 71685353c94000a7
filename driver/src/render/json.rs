//! Findings as cargo's own messages, one JSON object a line, for editors and for tools that read `cargo check`.
//!
//! Invariants: every line is a message of `cargo_metadata`; exactly one span of a message is primary; lines and columns
//! count from 1, columns in characters; a child with a replacement is a fix that an editor may offer.

use super::files::Sources;
use super::{Format, Look, Note, level_word};
use crate::load::Loaded;
use crate::manifest::edition_text;
use crate::plan::kind_name;
use crate::shard::Part;
use serde::Serialize;
use thread_lints::diagnostic::{Applicability, Diagnostic, Suggestion};
use thread_lints::source::{FileId, Loc, Span};
use thread_lints::{Report, TargetKind};

/// The messages of a run but the last: a `compiler-message` for each finding and each note. `format` and `color` are those of
/// the text inside.
pub fn json(loaded: &Loaded, report: &Report, notes: &[Note], format: Format, color: bool) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let mut lines = String::new();
    for found in &report.diagnostics {
        let rendered = super::one(&sources, found, format, Look { color, links: false });
        let message = finding(&sources, found, rendered);
        push_message(&mut lines, loaded, found.primary.loc.file, message);
    }
    for note in notes {
        push_message(&mut lines, loaded, note.file, note_message(&sources, note, color));
    }
    lines
}

/// The last message of a run; that of a part says which one.
pub fn build_finished(success: bool, part: Option<&Part>) -> String {
    // Numbers and texts always become JSON.
    let part = part.and_then(|part| serde_json::to_string(part).ok());
    let part = part.map_or(String::new(), |part| format!(",\"shard\":{part}"));
    format!("{{\"reason\":\"build-finished\",\"success\":{success}{part}}}\n")
}

fn push_message(lines: &mut String, loaded: &Loaded, file: FileId, message: Message) {
    let krate = loaded.crate_of(file).map_or(0, thread_lints::CrateId::index);
    let Some(origin) = loaded.origins.get(krate) else {
        return;
    };
    let target = &origin.target;
    let kind = match target.kind {
        TargetKind::Lib => target.crate_types.iter().map(String::as_str).collect(),
        kind => vec![kind_name(kind)],
    };
    let line = CompilerMessage {
        reason: "compiler-message",
        package_id: &origin.package_id,
        manifest_path: &origin.manifest_path.to_string_lossy(),
        target: Target {
            kind,
            crate_types: &target.crate_types,
            name: &target.name,
            src_path: &target.path.to_string_lossy(),
            edition: edition_text(target.edition),
            doc: target.doc,
            doctest: target.doctest,
            test: target.test,
        },
        message,
    };
    // Strings, numbers and lists always become JSON.
    if let Ok(json) = serde_json::to_string(&line) {
        lines.push_str(&json);
        lines.push('\n');
    }
}

fn finding(sources: &Sources<'_>, found: &Diagnostic, rendered: String) -> Message {
    let mut spans = vec![span(sources, found.primary.loc, true, Some(&found.primary.message))];
    let secondary = found.secondary.iter();
    spans.extend(secondary.map(|label| span(sources, label.loc, false, Some(&label.message))));
    let notes = found.notes.iter().map(|note| Message::child("note", note.clone(), Vec::new()));
    let helps = found.suggestions.iter().map(|suggestion| help(sources, suggestion));
    Message {
        rendered: Some(rendered),
        children: notes.chain(helps).collect(),
        code: Some(Code { code: found.lint.code(), explanation: None }),
        ..Message::child(level_word(found.level), found.message.clone(), spans)
    }
}

fn help(sources: &Sources<'_>, suggestion: &Suggestion) -> Message {
    let applicability = match suggestion.applicability {
        Applicability::MachineApplicable => Some("MachineApplicable"),
        Applicability::MaybeIncorrect => Some("MaybeIncorrect"),
        Applicability::HelpOnly => None,
    };
    let mut message = suggestion.message.clone();
    let Some(applicability) = applicability.filter(|_| !suggestion.edits.is_empty()) else {
        if let Some(code) = &suggestion.code {
            message = format!("{message}\n{}", code.trim_end());
        }
        return Message::child("help", message, Vec::new());
    };
    let spans = suggestion.edits.iter().map(|edit| JsonSpan {
        suggested_replacement: Some(edit.text.clone()),
        suggestion_applicability: Some(applicability),
        ..span(sources, edit.loc, true, None)
    });
    Message::child("help", message, spans.collect())
}

fn note_message(sources: &Sources<'_>, note: &Note, color: bool) -> Message {
    let loc = Loc::new(note.file, note.span.unwrap_or_default());
    let rendered = super::headline(codespan_reporting::diagnostic::Severity::Note, &note.text(), color);
    Message {
        rendered: Some(rendered),
        ..Message::child("note", format!("not analysed: {}", note.reason), vec![span(sources, loc, true, None)])
    }
}

fn span(sources: &Sources<'_>, loc: Loc, is_primary: bool, label: Option<&str>) -> JsonSpan {
    // An edit's span is kept to the byte; only what does not fit the file is cut.
    let shown = sources.range(loc);
    let real_end = (loc.span.end as usize).max(shown.start);
    let text = sources.file(loc.file).map_or("", |file| &*file.text);
    let end = if text.is_char_boundary(real_end) { real_end } else { shown.end };
    let range = Span::new(shown.start as u32, end as u32);
    let mut json = JsonSpan {
        file_name: String::new(),
        byte_start: range.start,
        byte_end: range.end,
        line_start: 1,
        line_end: 1,
        column_start: 1,
        column_end: 1,
        is_primary,
        text: Vec::new(),
        label: label.map(str::to_owned),
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    };
    let Some(file) = sources.file(loc.file) else {
        return json;
    };
    let (start, end) = (file.lines.line_column(&file.text, range.start), file.lines.line_column(&file.text, range.end));
    json.file_name = file.path.clone();
    (json.line_start, json.column_start) = (start.line, start.column);
    (json.line_end, json.column_end) = (end.line, end.column);
    json.text = (start.line..=end.line)
        .map(|line| {
            let text = file.lines.line_text(&file.text, line - 1);
            let width = text.chars().count() as u32;
            SpanLine {
                text: text.to_owned(),
                highlight_start: if line == start.line { start.column } else { 1 },
                highlight_end: if line == end.line { end.column } else { width + 1 },
            }
        })
        .collect();
    json
}

#[derive(Serialize)]
struct CompilerMessage<'a> {
    reason: &'static str,
    package_id: &'a str,
    manifest_path: &'a str,
    target: Target<'a>,
    message: Message,
}

#[derive(Serialize)]
struct Target<'a> {
    kind: Vec<&'a str>,
    crate_types: &'a [String],
    name: &'a str,
    src_path: &'a str,
    edition: &'static str,
    doc: bool,
    doctest: bool,
    test: bool,
}

#[derive(Serialize)]
struct Message {
    rendered: Option<String>,
    #[serde(rename = "$message_type")]
    message_type: &'static str,
    children: Vec<Message>,
    level: &'static str,
    message: String,
    spans: Vec<JsonSpan>,
    code: Option<Code>,
}

impl Message {
    fn child(level: &'static str, message: String, spans: Vec<JsonSpan>) -> Message {
        Message { rendered: None, message_type: "diagnostic", children: Vec::new(), level, message, spans, code: None }
    }
}

#[derive(Serialize)]
struct Code {
    code: String,
    explanation: Option<String>,
}

#[derive(Serialize)]
struct JsonSpan {
    file_name: String,
    byte_start: u32,
    byte_end: u32,
    line_start: u32,
    line_end: u32,
    column_start: u32,
    column_end: u32,
    is_primary: bool,
    text: Vec<SpanLine>,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<&'static str>,
    expansion: Option<()>,
}

#[derive(Serialize)]
struct SpanLine {
    text: String,
    highlight_start: u32,
    highlight_end: u32,
}
