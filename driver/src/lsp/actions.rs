//! Code actions: the edits of a suggestion, a suppression with a reason, all fixes of a file.
//!
//! Invariants: an action's edits are of the text that the editor has now, or there is no action; what it does besides, nobody
//! has asked for.

use super::capabilities::{Client, FIX_ALL};
use super::diagnostics::{Overlay, Overlays, Places};
use super::documents::{Document, Documents};
use super::fix_all::{self, FixAll, Later};
use super::positions::{Encoding, Lines};
use super::worker::Snapshot;
use gen_lsp_types::{
    CodeAction, CodeActionContext, CodeActionKind, Diagnostic as Shown, DocumentChange, Edit as LspEdit,
    OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use thread_lints::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use thread_lints::fix::suppression;
use thread_lints::source::{FileId, Span};

/// What stands as the reason of a suppression until somebody writes it.
const REASON: &str = "why it is right here";

/// Said of what is not certain.
const LOOK: &str = " (check the result)";

/// An action, and what makes its edit where that takes long.
pub(super) struct Offer {
    pub(super) action: CodeAction,
    pub(super) later: Option<FixAll>,
}

/// The document that actions are asked of, and what is known of it.
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) documents: &'a Documents,
    pub(super) document: &'a Document,
    pub(super) snapshot: &'a Arc<Snapshot>,
    pub(super) file: FileId,
}

impl<'a> Asked<'a> {
    /// `None` where the document as it is now was not looked at: it has a syntax error.
    pub(super) fn of(
        client: &'a Client,
        documents: &'a Documents,
        snapshot: &'a Arc<Snapshot>,
        path: &Path,
    ) -> Option<Asked<'a>> {
        let document = documents.get(path)?;
        let file = snapshot.file(path)?;
        let source = snapshot.checked.loaded.workspace.files.get(file.index())?;
        (source.text == document.text).then_some(Asked { client, documents, document, snapshot, file })
    }

    /// All that can be done at a range.
    pub(super) fn offers(&self, range: Range, context: &CodeActionContext) -> Vec<Offer> {
        let wants = |kind: &CodeActionKind| {
            context.only.as_ref().is_none_or(|only| only.iter().any(|asked| includes(asked, kind)))
        };
        let mut offers = Vec::new();
        if wants(&CodeActionKind::QuickFix) {
            self.quick_fixes(range, context, &mut offers);
        }
        let certain = self.findings().any(|(_, found)| best(found) == Some(Applicability::MachineApplicable));
        if wants(&fix_all_kind()) && certain {
            let later = self.later(None, false);
            let title = String::from("make all certain fixes of thread-lint in this file");
            offers.push(self.slow(title, fix_all_kind(), later));
        }
        offers
    }

    fn quick_fixes(&self, range: Range, context: &CodeActionContext, offers: &mut Vec<Offer>) {
        let asked = self.document.lines.span(&self.document.text, range, self.client.encoding);
        let shown = |found: &Diagnostic| {
            let range = self.document.lines.range(&self.document.text, found.primary.loc.span, self.client.encoding);
            let code = gen_lsp_types::Code::String(found.lint.code());
            context.diagnostics.iter().any(|shown| shown.range == range && shown.code.as_ref() == Some(&code))
        };
        let meant: Vec<&Diagnostic> = self
            .findings()
            .map(|(_, found)| found)
            .filter(|found| touches(found.primary.loc.span, asked) || shown(found))
            .collect();
        let overlays = self.overlays();
        let places = Places::new(&self.snapshot.checked.loaded, self.client, &overlays);
        for found in &meant {
            let Some(diagnostic) = places.diagnostic(found) else { continue };
            let mut has_preferred = false;
            for suggestion in &found.suggestions {
                let Some(edit) = self.workspace_edit(&suggestion.edits) else { continue };
                let is_certain = suggestion.applicability == Applicability::MachineApplicable;
                let is_preferred = is_certain && !has_preferred;
                has_preferred |= is_preferred;
                offers.push(self.quick(title(suggestion), &diagnostic, edit, is_preferred));
            }
            let comment = suppression(&self.snapshot.checked.loaded.workspace, found, REASON);
            if let Some(edit) = comment.and_then(|comment| self.workspace_edit(&[comment])) {
                let title = format!("allow `{}` here, with a reason", found.lint.name);
                offers.push(self.quick(title, &diagnostic, edit, false));
            }
        }
        let mut lints: Vec<_> = meant.iter().map(|found| found.lint).collect();
        lints.dedup();
        for lint in lints {
            let fixable = self.findings().map(|(_, found)| found).filter(|found| found.lint == lint);
            let fixable: Vec<Applicability> = fixable.filter_map(best).collect();
            if fixable.len() < 2 {
                continue;
            }
            let all = fixable.contains(&Applicability::MaybeIncorrect);
            let later = self.later(fix_all::names(lint), all);
            let title = format!("fix all `{}` in this file{}", lint.name, if all { LOOK } else { "" });
            offers.push(self.slow(title, CodeActionKind::QuickFix, later));
        }
    }

    /// The findings of the document.
    fn findings(&self) -> impl Iterator<Item = (usize, &Diagnostic)> {
        let all = self.snapshot.checked.report.diagnostics.iter().enumerate();
        all.filter(|(_, found)| found.primary.loc.file == self.file)
    }

    fn quick(&self, title: String, shown: &Shown, edit: WorkspaceEdit, preferred: bool) -> Offer {
        let action = CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![shown.clone()]),
            is_preferred: (preferred && self.client.preferred_actions).then_some(true),
            edit: Some(edit),
            ..CodeAction::default()
        };
        Offer { action, later: None }
    }

    /// An action whose edit is made when it is chosen, where the client can wait for it.
    fn slow(&self, title: String, kind: CodeActionKind, later: Later) -> Offer {
        let data = serde_json::to_value(&later).ok().filter(|_| self.client.resolves_edits);
        let fix_all = data.is_none().then(|| self.fix_all(later));
        let action = CodeAction { title, kind: Some(kind), data, ..CodeAction::default() };
        Offer { action, later: fix_all }
    }

    fn later(&self, lint: Option<String>, all: bool) -> Later {
        Later { uri: self.document.uri.0.clone(), version: self.document.version, lint, all }
    }

    pub(super) fn fix_all(&self, later: Later) -> FixAll {
        FixAll {
            snapshot: Arc::clone(self.snapshot),
            file: self.file,
            document: self.document.clone(),
            encoding: self.client.encoding,
            later,
        }
    }

    fn overlays(&self) -> Overlays {
        let overlay = |document: &Document| Overlay {
            uri: document.uri.clone(),
            version: document.version,
            text: Arc::clone(&document.text),
        };
        self.documents.iter().map(|(path, document)| (path.clone(), overlay(document))).collect()
    }

    /// Edits as the client takes them. `None` where there are none, two overlap, or a file is another now.
    fn workspace_edit(&self, edits: &[Edit]) -> Option<WorkspaceEdit> {
        let mut by_file: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
        for edit in edits {
            by_file.entry(edit.loc.file).or_default().push(edit.clone());
        }
        let loaded = &self.snapshot.checked.loaded;
        let mut changed = Vec::new();
        for (file, edits) in by_file {
            let (source, path) = (loaded.workspace.files.get(file.index())?, loaded.paths.get(file.index())?);
            thread_lints::fix::apply(&source.text, &edits)?;
            let open = self.documents.get(path);
            if open.is_some_and(|open| open.text != source.text) {
                return None;
            }
            let closed = || Document {
                uri: self.documents.uri(path),
                version: 0,
                text: Arc::clone(&source.text),
                lines: Lines::new(&source.text),
            };
            let document = open.cloned().unwrap_or_else(closed);
            let version = open.map(|open| open.version);
            changed.push((document.uri.clone(), version, text_edits(&document, &edits, self.client.encoding)));
        }
        (!changed.is_empty()).then(|| packed(self.client, changed))
    }
}

/// Edits of a document in the form that its client understands.
pub(super) fn packed(client: &Client, changed: Vec<(gen_lsp_types::Uri, Option<i32>, Vec<TextEdit>)>) -> WorkspaceEdit {
    if !client.document_changes {
        let changes: HashMap<_, _> = changed.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = changed.into_iter().map(|(uri, version, edits)| {
        DocumentChange::TextDocumentEdit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version,
                text_document_identifier: TextDocumentIdentifier { uri },
            },
            edits: edits.into_iter().map(LspEdit::TextEdit).collect(),
        })
    });
    WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}

/// Edits of one document, in order, each once.
pub(super) fn text_edits(document: &Document, edits: &[Edit], encoding: Encoding) -> Vec<TextEdit> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by(|a, b| (a.loc.span.start, a.loc.span.end, &a.text).cmp(&(b.loc.span.start, b.loc.span.end, &b.text)));
    edits.dedup();
    let converted = edits.iter().map(|edit| TextEdit {
        range: document.lines.range(&document.text, edit.loc.span, encoding),
        new_text: edit.text.clone(),
    });
    converted.collect()
}

fn title(suggestion: &Suggestion) -> String {
    match suggestion.applicability {
        Applicability::MachineApplicable => suggestion.message.clone(),
        Applicability::MaybeIncorrect => format!("{}{LOOK}", suggestion.message),
        Applicability::HelpOnly => format!("{} (a sketch)", suggestion.message),
    }
}

/// How far the edits that a fix of this finding makes may be trusted.
fn best(found: &Diagnostic) -> Option<Applicability> {
    let with_edits = found.suggestions.iter().filter(|suggestion| !suggestion.edits.is_empty());
    let best = with_edits.map(|suggestion| suggestion.applicability).min();
    best.filter(|best| *best <= Applicability::MaybeIncorrect)
}

fn fix_all_kind() -> CodeActionKind {
    CodeActionKind::Custom(Cow::Borrowed(FIX_ALL))
}

/// Whether a kind is the one that was asked for, or one below it: `source.fixAll` asks for `source.fixAll.threadLint`.
fn includes(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let text = |kind: &CodeActionKind| {
        let value = serde_json::to_value(kind).ok();
        value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let (asked, kind) = (text(asked), text(kind));
    asked.is_empty() || kind.strip_prefix(&*asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_include_those_below_them() {
        let custom = |text: &'static str| CodeActionKind::Custom(Cow::Borrowed(text));
        for asked in [CodeActionKind::Empty, CodeActionKind::SourceFixAll, custom("source"), custom(FIX_ALL)] {
            assert!(includes(&asked, &fix_all_kind()), "{asked:?}");
        }
        for asked in [CodeActionKind::QuickFix, CodeActionKind::SourceOrganizeImports, custom("source.fix")] {
            assert!(!includes(&asked, &fix_all_kind()), "{asked:?}");
        }
        assert!(includes(&CodeActionKind::QuickFix, &CodeActionKind::QuickFix));
    }
}
