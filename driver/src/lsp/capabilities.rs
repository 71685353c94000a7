//! What the client can do, and what the server says of itself.

use super::positions::Encoding;
use gen_lsp_types::{
    ChangeNotifications, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProvider, DiagnosticOptions,
    DiagnosticProvider, DiagnosticTag, HoverProvider, InitializeResult, MarkupKind, Save, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use std::borrow::Cow;

/// The name of diagnostics' source, and of what else bears a name.
pub(super) const NAME: &str = "thread-lint";

/// The kind of the action that makes all certain fixes of a file.
pub(super) const FIX_ALL: &str = "source.fixAll.threadLint";

/// The capabilities that make a difference here.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics; else they are sent. Not where nobody could tell it that those of another file have changed.
    pub(super) pulls: bool,
    pub(super) related_information: bool,
    pub(super) code_description: bool,
    pub(super) unnecessary_tag: bool,
    /// Diagnostics bear the version of the document that they are about.
    pub(super) versions: bool,
    /// Actions can be more than the name of a command.
    pub(super) code_actions: bool,
    pub(super) preferred_actions: bool,
    /// The edit of an action may come later.
    pub(super) resolves_edits: bool,
    pub(super) document_changes: bool,
    pub(super) markdown: bool,
    pub(super) progress: bool,
    pub(super) watches_files: bool,
    pub(super) configuration: bool,
    pub(super) registers_configuration: bool,
}

impl Client {
    pub(super) fn new(told: &ClientCapabilities) -> Client {
        let text = told.text_document.as_ref();
        let workspace = told.workspace.as_ref();
        let can_refresh = workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support) == Some(true);
        let pulled = text.and_then(|text| text.diagnostic.as_ref()).filter(|_| can_refresh);
        let published = text.and_then(|text| text.publish_diagnostics.as_ref());
        let details = pulled
            .map(|pulled| &pulled.diagnostics_capabilities)
            .or_else(|| Some(&published?.diagnostics_capabilities));
        // Clients that pull have long said what they can under the older name.
        let older = published.map(|published| &published.diagnostics_capabilities);
        let detail =
            |has: fn(&gen_lsp_types::DiagnosticsCapabilities) -> bool| details.into_iter().chain(older).any(has);
        let actions = text.and_then(|text| text.code_action.as_ref());
        let formats = text.and_then(|text| text.hover.as_ref()?.content_format.as_ref());
        Client {
            encoding: Encoding::of_offer(
                told.general.as_ref().and_then(|general| general.position_encodings.as_deref()),
            ),
            pulls: pulled.is_some(),
            related_information: detail(|details| details.related_information == Some(true)),
            code_description: detail(|details| details.code_description_support == Some(true)),
            unnecessary_tag: detail(|details| {
                details.tag_support.as_ref().is_some_and(|tags| tags.value_set.contains(&DiagnosticTag::Unnecessary))
            }),
            versions: published.is_some_and(|published| published.version_support == Some(true)),
            code_actions: actions.is_some_and(|actions| actions.code_action_literal_support.is_some()),
            preferred_actions: actions.is_some_and(|actions| actions.is_preferred_support == Some(true)),
            resolves_edits: actions.is_some_and(|actions| {
                let properties = actions.resolve_support.as_ref().map(|resolve| resolve.properties.as_slice());
                actions.data_support == Some(true)
                    && properties.unwrap_or_default().iter().any(|property| property == "edit")
            }),
            document_changes: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)
                .unwrap_or(false),
            markdown: formats.is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
            progress: told.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or(false),
            watches_files: workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref()?.dynamic_registration)
                .unwrap_or(false),
            configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
            registers_configuration: workspace
                .and_then(|workspace| workspace.did_change_configuration.as_ref()?.dynamic_registration)
                .unwrap_or(false),
        }
    }

    /// What the server answers to `initialize`.
    pub(super) fn answer(&self) -> InitializeResult {
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::Custom(Cow::Borrowed(FIX_ALL))]),
            documentation: None,
            resolve_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some(NAME.to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            work_done_progress_options: WorkDoneProgressOptions::default(),
        };
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(self.encoding.kind()),
                text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::Incremental),
                    will_save: None,
                    will_save_wait_until: None,
                    save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
                })),
                hover_provider: Some(HoverProvider::Bool(true)),
                code_action_provider: self.code_actions.then_some(CodeActionProvider::CodeActionOptions(actions)),
                diagnostic_provider: self.pulls.then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
                workspace: Some(WorkspaceOptions {
                    workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                        supported: Some(true),
                        change_notifications: Some(ChangeNotifications::Bool(true)),
                    }),
                    file_operations: None,
                    text_document_content: None,
                }),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: String::from("cargo-thread-lint"),
                version: Some(crate::cli::VERSION.to_owned()),
            }),
        }
    }
}
