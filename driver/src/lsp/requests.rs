//! What the client asks: read, kept until what is known is known of the present text, and answered from it.
//!
//! Invariant: an answer never depends on how fast the analysis is, but for questions about a text that has changed meanwhile.

use super::actions::{Asked, Offer, packed};
use super::capabilities::Client;
use super::documents::Documents;
use super::fix_all::Later;
use super::shown::{Shown, result_id};
use super::workspaces::Workspaces;
use super::{Failure, hover, uris};
use gen_lsp_types as lsp;
use gen_lsp_types::{CodeAction, Uri};
use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A request that is understood.
pub(super) enum Question {
    Actions {
        path: PathBuf,
        version: i32,
        range: lsp::Range,
        context: lsp::CodeActionContext,
    },
    Resolve {
        path: PathBuf,
        action: Box<CodeAction>,
        later: Later,
    },
    Hover {
        path: PathBuf,
        version: i32,
        position: lsp::Position,
    },
    Document {
        path: PathBuf,
        known: Option<String>,
    },
    Workspace {
        known: BTreeMap<PathBuf, String>,
    },
    /// Of a document that is not open, or no Rust.
    Nothing(Value),
}

/// An answer.
pub(super) enum Reply {
    Now(Result<Value, Failure>),
    /// It takes as long as a run of the command, for a version of a document.
    Later {
        path: PathBuf,
        version: i32,
        work: Box<dyn FnOnce() -> Result<Value, Failure> + Send>,
    },
}

impl Question {
    pub(super) fn read(method: &str, params: Value, documents: &Documents) -> Result<Question, Failure> {
        let open = |uri: &Uri| {
            let path = Documents::path(uri)?;
            let version = documents.get(&path)?.version;
            Some((path, version))
        };
        Ok(match method {
            "textDocument/codeAction" => {
                let asked: lsp::CodeActionParams = read(params)?;
                match open(&asked.text_document.uri) {
                    Some((path, version)) => {
                        Question::Actions { path, version, range: asked.range, context: asked.context }
                    }
                    None => Question::Nothing(json!([])),
                }
            }
            "codeAction/resolve" => {
                let action: CodeAction = read(params)?;
                let data = action.data.clone().unwrap_or(Value::Null);
                let later: Later = read(data)?;
                let (path, version) = open(&Uri::from(later.uri.clone())).ok_or_else(Failure::modified)?;
                if version != later.version {
                    return Err(Failure::modified());
                }
                Question::Resolve { path, action: Box::new(action), later }
            }
            "textDocument/hover" => {
                let asked: lsp::HoverParams = read(params)?;
                let lsp::TextDocumentPositionParams { text_document, position } = asked.text_document_position_params;
                match open(&text_document.uri) {
                    Some((path, version)) => Question::Hover { path, version, position },
                    None => Question::Nothing(Value::Null),
                }
            }
            "textDocument/diagnostic" => {
                let asked: lsp::DocumentDiagnosticParams = read(params)?;
                match uris::path_of(&asked.text_document.uri) {
                    Some(path) => Question::Document { path, known: asked.previous_result_id },
                    None => Question::Nothing(json!({ "kind": "full", "items": [] })),
                }
            }
            "workspace/diagnostic" => {
                let asked: lsp::WorkspaceDiagnosticParams = read(params)?;
                let known = asked.previous_result_ids.into_iter();
                let known = known.filter_map(|known| Some((uris::path_of(&known.uri)?, known.value)));
                Question::Workspace { known: known.collect() }
            }
            _ => return Err(Failure::new(ErrorCode::MethodNotFound, format!("`{method}` is not served"))),
        })
    }

    /// `None` while it has to wait.
    pub(super) fn reply(
        &self,
        client: &Client,
        workspaces: &Workspaces,
        documents: &Documents,
        shown: &mut Shown,
    ) -> Option<Reply> {
        match self {
            Question::Nothing(value) => Some(Reply::Now(Ok(value.clone()))),
            Question::Actions { path, version, range, context } => {
                about(path, *version, workspaces, documents, |snapshot| {
                    let asked = snapshot.and_then(|snapshot| Asked::of(client, documents, snapshot, path));
                    let offers = asked.map_or_else(Vec::new, |asked| asked.offers(*range, context));
                    actions(client, path, *version, offers)
                })
            }
            Question::Resolve { path, action, later } => {
                about(path, later.version, workspaces, documents, |snapshot| {
                    let asked = snapshot.and_then(|snapshot| Asked::of(client, documents, snapshot, path));
                    let Some(asked) = asked else { return Reply::Now(Err(Failure::modified())) };
                    let offer = Offer { action: CodeAction::clone(action), later: Some(asked.fix_all(later.clone())) };
                    let client = client.clone();
                    let work = move || resolved(&client, offer).map(|action| json(&action));
                    Reply::Later { path: path.clone(), version: later.version, work: Box::new(work) }
                })
            }
            Question::Hover { path, version, position } => about(path, *version, workspaces, documents, |snapshot| {
                let asked = snapshot.and_then(|snapshot| Asked::of(client, documents, snapshot, path));
                Reply::Now(Ok(json(&asked.and_then(|asked| hover::hover(&asked, *position)))))
            }),
            Question::Document { path, known } => {
                if !workspaces.is_settled(path) {
                    return None;
                }
                let all = workspaces.diagnostics();
                let items = all.get(path).map_or(&[][..], |(diagnostics, _)| diagnostics);
                let id = result_id(items);
                shown.answered(path, &id, documents.get(path).map(|document| document.version));
                Some(Reply::Now(Ok(if known.as_ref() == Some(&id) {
                    json!({ "kind": "unchanged", "resultId": id })
                } else {
                    json!({ "kind": "full", "resultId": id, "items": items })
                })))
            }
            Question::Workspace { known } => workspace_report(known, workspaces, documents),
        }
    }
}

/// Answers about a version of a document, once it is known.
fn about(
    path: &Path,
    version: i32,
    workspaces: &Workspaces,
    documents: &Documents,
    answer: impl FnOnce(Option<&std::sync::Arc<super::worker::Snapshot>>) -> Reply,
) -> Option<Reply> {
    if documents.get(path).is_none_or(|document| document.version != version) {
        return Some(Reply::Now(Err(Failure::modified())));
    }
    workspaces.is_settled(path).then(|| answer(workspaces.owner(path)))
}

fn actions(client: &Client, path: &Path, version: i32, offers: Vec<Offer>) -> Reply {
    if offers.iter().all(|offer| offer.later.is_none()) {
        let actions: Vec<CodeAction> = offers.into_iter().map(|offer| offer.action).collect();
        return Reply::Now(Ok(json(&actions)));
    }
    let client = client.clone();
    let work = move || {
        let actions = offers.into_iter().map(|offer| resolved(&client, offer));
        Ok(json(&actions.collect::<Result<Vec<CodeAction>, Failure>>()?))
    };
    Reply::Later { path: path.to_path_buf(), version, work: Box::new(work) }
}

/// An action with its edit.
fn resolved(client: &Client, offer: Offer) -> Result<CodeAction, Failure> {
    let Offer { mut action, later } = offer;
    if let Some(fix_all) = later {
        let edits = fix_all.edits().map_err(|reason| Failure::new(ErrorCode::InternalError, reason))?;
        let document = (fix_all.document.uri.clone(), Some(fix_all.document.version), edits);
        action.edit = Some(packed(client, vec![document]));
        action.data = None;
    }
    Ok(action)
}

/// What is another than the client knows. While there is nothing, the question waits, as the protocol wants it.
fn workspace_report(
    known: &BTreeMap<PathBuf, String>,
    workspaces: &Workspaces,
    documents: &Documents,
) -> Option<Reply> {
    if !workspaces.all_settled() {
        return None;
    }
    let mut all = workspaces.diagnostics();
    for path in known.keys().filter(|path| !all.contains_key(*path)).collect::<Vec<_>>() {
        all.insert(path.clone(), Default::default());
    }
    let changed = all.iter().filter_map(|(path, (diagnostics, version))| {
        let id = result_id(diagnostics);
        let before = known.get(path);
        let is_news = before.map_or(!diagnostics.is_empty(), |before| *before != id);
        is_news.then(|| {
            json!({
                "kind": "full",
                "uri": documents.uri(path),
                "version": version,
                "resultId": id,
                "items": **diagnostics,
            })
        })
    });
    let items: Vec<Value> = changed.collect();
    (!items.is_empty()).then(|| Reply::Now(Ok(json!({ "items": items }))))
}

/// The folders that are open when the client starts.
pub(super) fn folders(params: &lsp::InitializeParams) -> Vec<PathBuf> {
    let folders = match &params.workspace_folders_initialize_params.workspace_folders {
        Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| uris::path_of(&folder.uri)).collect()
        }
        _ => Vec::new(),
    };
    #[allow(deprecated, reason = "clients without folders say it so")]
    let older = params.root_uri.as_ref().and_then(uris::path_of);
    if folders.is_empty() { older.into_iter().collect() } else { folders }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    serde_json::from_value(params).map_err(|error| Failure::new(ErrorCode::InvalidParams, error.to_string()))
}

/// Protocol types always become JSON.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
