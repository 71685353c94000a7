//! What the client has been told of each file: diagnostics that were sent, or that it has asked for.
//!
//! Invariant: what is the same as before is not sent again, but for a new version of an open document: some clients wait
//! until they hear of the version they have.

use super::documents::Documents;
use super::workspaces::Workspaces;
use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};
use rustc_hash::FxHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

type State = (Arc<Vec<Diagnostic>>, Option<i32>);

/// What the client has been told.
#[derive(Debug, Default)]
pub(super) struct Shown {
    sent: BTreeMap<PathBuf, State>,
    /// For each document that was asked about the answer, and its version then.
    answered: BTreeMap<PathBuf, (String, Option<i32>)>,
}

impl Shown {
    /// What is to be sent now.
    pub(super) fn news(&mut self, workspaces: &Workspaces, documents: &Documents) -> Vec<PublishDiagnosticsParams> {
        let mut now = workspaces.diagnostics();
        for (path, _) in documents.iter().filter(|(path, _)| !now.contains_key(*path)).collect::<Vec<_>>() {
            let version = workspaces.owner(path).and_then(|owner| owner.versions.get(path).copied());
            now.insert(path.clone(), (Arc::default(), version));
        }
        let paths: BTreeSet<PathBuf> = now.keys().chain(self.sent.keys()).cloned().collect();
        let mut news = Vec::new();
        for path in paths {
            let (diagnostics, version) = now.remove(&path).unwrap_or_default();
            let (known, known_version) = self.sent.get(&path).cloned().unwrap_or_default();
            if known != diagnostics || (version.is_some() && version != known_version) {
                news.push(PublishDiagnosticsParams {
                    uri: documents.uri(&path),
                    version,
                    diagnostics: diagnostics.to_vec(),
                });
            }
            if diagnostics.is_empty() && version.is_none() {
                self.sent.remove(&path);
            } else {
                self.sent.insert(path, (diagnostics, version));
            }
        }
        news
    }

    /// Notes what a client was answered of a document.
    pub(super) fn answered(&mut self, path: &Path, id: &str, version: Option<i32>) {
        self.answered.insert(path.to_path_buf(), (id.to_owned(), version));
    }

    /// Whether a client that asks has to be told that it should: an open document's diagnostics are others though it
    /// is the same itself.
    pub(super) fn is_outdated(&mut self, workspaces: &Workspaces, documents: &Documents) -> bool {
        self.answered.retain(|path, _| documents.get(path).is_some());
        let all = workspaces.diagnostics();
        let mut is_outdated = false;
        for (path, (id, version)) in &mut self.answered {
            let now = result_id(all.get(path).map_or(&[], |(diagnostics, _)| diagnostics));
            if *version == documents.get(path).map(|document| document.version) && *id != now {
                is_outdated = true;
                *id = now;
            }
        }
        is_outdated
    }
}

/// A name for a file's diagnostics: the same for the same ones.
pub(super) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    hasher.write(serde_json::to_string(diagnostics).unwrap_or_default().as_bytes());
    format!("{:x}", hasher.finish())
}
