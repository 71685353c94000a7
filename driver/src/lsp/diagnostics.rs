//! Findings as the editor shows them.
//!
//! A finding stands at its primary place; the rest of the story becomes related places, in order; notes, drawing and help follow the
//! headline. What was not analysed is a hint: the editor's Rust server says what is wrong with the syntax.
//!
//! Invariant: every range is one of the text that the editor has. What stands where the text has changed since it was read is left out.

use super::capabilities::{Client, NAME};
use super::positions::{Lines, Moved};
use super::uris;
use crate::load::Loaded;
use crate::render;
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Message, Range, Uri,
};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::diagnostic::{Diagnostic as Finding, Label};
use thread_lints::lint::{Family, Level, Lint};
use thread_lints::source::{FileId, Loc, Span};
use thread_lints::{Report, SourceFile};

/// The code of what was not analysed.
const NOT_ANALYSED: &str = "not_analysed";

/// The texts that the editor has open.
pub(super) type Overlays = FxHashMap<PathBuf, Overlay>;

/// A text that the editor has open.
#[derive(Clone, Debug)]
pub(super) struct Overlay {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
}

/// The places of one run's files.
pub(super) struct Places<'p> {
    loaded: &'p Loaded,
    client: &'p Client,
    overlays: &'p Overlays,
    files: Vec<OnceCell<Place>>,
}

struct Place {
    uri: Uri,
    lines: Lines,
    /// Where the editor's text is another than the one that was read.
    moved: Option<(Moved, Arc<str>)>,
}

impl<'p> Places<'p> {
    pub(super) fn new(loaded: &'p Loaded, client: &'p Client, overlays: &'p Overlays) -> Places<'p> {
        let files = loaded.workspace.files.iter().map(|_| OnceCell::new()).collect();
        Places { loaded, client, overlays, files }
    }

    fn file(&self, file: FileId) -> Option<(&SourceFile, &Place)> {
        let source = self.loaded.workspace.files.get(file.index())?;
        let path = self.loaded.paths.get(file.index())?;
        let place = self.files.get(file.index())?.get_or_init(|| {
            let overlay = self.overlays.get(path);
            let other = overlay.filter(|overlay| overlay.text != source.text);
            Place {
                uri: overlay.map_or_else(|| uris::uri_of(path), |overlay| overlay.uri.clone()),
                lines: Lines::new(other.map_or(&source.text, |other| &other.text)),
                moved: other.map(|other| (Moved::between(&source.text, &other.text), Arc::clone(&other.text))),
            }
        });
        Some((source, place))
    }

    fn range(&self, loc: Loc) -> Option<Range> {
        let (source, place) = self.file(loc.file)?;
        let encoding = self.client.encoding;
        Some(match &place.moved {
            None => place.lines.range(&source.text, loc.span, encoding),
            Some((moved, text)) => place.lines.range(text, moved.span(loc.span)?, encoding),
        })
    }

    fn location(&self, loc: Loc) -> Option<Location> {
        Some(Location { uri: self.file(loc.file)?.1.uri.clone(), range: self.range(loc)? })
    }

    /// `None` where the place of the finding is gone.
    pub(super) fn diagnostic(&self, found: &Finding) -> Option<Diagnostic> {
        let related = |label: &Label| {
            let location = self.location(label.loc)?;
            Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
        };
        let story = [&found.primary].into_iter().chain(&found.secondary).filter(|label| !label.message.is_empty());
        let story: Vec<_> = story.filter_map(related).collect();
        Some(Diagnostic {
            range: self.range(found.primary.loc)?,
            severity: Some(severity(found.level)),
            code: Some(Code::String(found.lint.code())),
            code_description: self.client.code_description.then(|| page(found.lint)),
            source: Some(NAME.to_owned()),
            message: Message::String(self.message(found)),
            tags: tags(found.lint).filter(|_| self.client.unnecessary_tag),
            related_information: Some(story).filter(|story| self.client.related_information && !story.is_empty()),
            data: None,
        })
    }

    /// The headline, then what is not tied to a place.
    fn message(&self, found: &Finding) -> String {
        let mut message = found.message.clone();
        // What the related places tell has to be told somewhere.
        if !self.client.related_information {
            for label in [&found.primary].into_iter().chain(&found.secondary) {
                if let Some((source, _)) = self.file(label.loc.file).filter(|_| !label.message.is_empty()) {
                    let line = source.lines.line_of(label.loc.span.start) + 1;
                    message.push_str(&format!("\n{}:{line}: {}", source.path, label.message));
                }
            }
        }
        for note in &found.notes {
            message.push_str(&format!("\n{note}"));
        }
        if let Some(picture) = &found.picture {
            for line in render::picture(self.loaded, picture) {
                message.push_str(&format!("\n{line}"));
            }
        }
        for suggestion in &found.suggestions {
            message.push_str(&format!("\nhelp: {}", suggestion.message));
            if let Some(code) = suggestion.code.as_deref().filter(|_| suggestion.edits.is_empty()) {
                message.push_str(&format!("\n{}", code.trim_end()));
            }
        }
        message
    }

    fn not_analysed(&self, note: &render::Note) -> Option<Diagnostic> {
        let range = self.range(Loc::new(note.file, note.span.unwrap_or(Span::new(0, 0))))?;
        Some(hint(range, &note.reason))
    }

    /// Said of a file that counts as it was before a syntax error came in: where the two texts begin to differ.
    fn outdated(&self, file: FileId) -> Option<Diagnostic> {
        let (source, place) = self.file(file)?;
        let now = place.moved.as_ref().map_or(&source.text, |(_, text)| text);
        let same = source.text.bytes().zip(now.bytes()).take_while(|(a, b)| a == b).count() as u32;
        let range = place.lines.range(now, Span::new(same, same), self.client.encoding);
        Some(hint(range, "the file has a syntax error; what is shown is of the text before it"))
    }
}

fn hint(range: Range, reason: &str) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::Hint),
        code: Some(Code::String(String::from(NOT_ANALYSED))),
        code_description: None,
        source: Some(NAME.to_owned()),
        message: Message::String(format!("not analysed: {reason}")),
        tags: None,
        related_information: None,
        data: None,
    }
}

/// All diagnostics of a run, by file.
pub(super) fn all(
    loaded: &Loaded,
    report: &Report,
    client: &Client,
    overlays: &Overlays,
) -> BTreeMap<PathBuf, Arc<Vec<Diagnostic>>> {
    let places = Places::new(loaded, client, overlays);
    let findings = report.diagnostics.iter().map(|found| (found.primary.loc.file, places.diagnostic(found)));
    let notes = render::notes(loaded, &report.not_analysed, false);
    let notes = notes.iter().map(|note| (note.file, places.not_analysed(note)));
    let mut by_file: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    let outdated = loaded.outdated.iter().filter(|file| loaded.is_selected(**file));
    let outdated = outdated.map(|file| (*file, places.outdated(*file)));
    for (file, diagnostic) in findings.chain(notes).chain(outdated) {
        if let (Some(path), Some(diagnostic)) = (loaded.paths.get(file.index()), diagnostic) {
            by_file.entry(path.clone()).or_default().push(diagnostic);
        }
    }
    by_file.into_iter().map(|(path, diagnostics)| (path, Arc::new(diagnostics))).collect()
}

/// What is wrong with a manifest or the settings, as a diagnostic of that file.
pub(super) fn of_settings(path: &Path, line: u32, message: &str) -> (PathBuf, Diagnostic) {
    let line = line.saturating_sub(1);
    let at = |character| gen_lsp_types::Position { line, character };
    let diagnostic = Diagnostic {
        // A client draws the range in to the line's end.
        range: Range { start: at(0), end: at(u32::from(u16::MAX)) },
        severity: Some(DiagnosticSeverity::Error),
        code: None,
        code_description: None,
        source: Some(NAME.to_owned()),
        message: Message::String(message.to_owned()),
        tags: None,
        related_information: None,
        data: None,
    };
    (path.to_path_buf(), diagnostic)
}

fn severity(level: Level) -> DiagnosticSeverity {
    if level >= Level::Deny { DiagnosticSeverity::Error } else { DiagnosticSeverity::Warning }
}

/// A suppression of nothing can go.
fn tags(lint: &Lint) -> Option<Vec<DiagnosticTag>> {
    let is_unused = lint.family == Family::Meta && lint.name.starts_with("unused");
    is_unused.then(|| vec![DiagnosticTag::Unnecessary])
}

/// The page of a lint.
fn page(lint: &Lint) -> CodeDescription {
    CodeDescription { href: Uri(lint.page()) }
}
