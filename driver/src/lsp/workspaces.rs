//! Which workspaces are held open, and which of them speaks for a file.
//!
//! A folder of the editor is one workspace: all members where its own manifest says `[workspace]`, else what a command in it reads.
//! A document that no folder covers brings its package along, or stands alone where it has none; what it brought goes
//! when it is closed.
//!
//! Invariant: one workspace speaks for a file: of those that report on it the one whose folder is nearest.

use super::capabilities::Client;
use super::diagnostics::{self, Overlay, Overlays};
use super::documents::{Document, Documents};
use super::settings::Options;
use super::worker::{Change, Origin, Snapshot, Told, Worker, WorkspaceId};
use crate::cli::{Arguments, Common};
use crate::manifest::{ManifestError, find_manifest};
use crate::settings::SettingsError;
use gen_lsp_types::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Instant;

/// Why a workspace is held open.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Root {
    /// It is a folder of the editor.
    Folder(PathBuf),
    /// A document of this package is open.
    Package(PathBuf),
    /// The document is open, and has no package.
    File(PathBuf),
}

impl Root {
    /// Where a command for it would run.
    fn folder(&self) -> &Path {
        match self {
            Root::Folder(folder) | Root::Package(folder) => folder,
            Root::File(file) => file.parent().unwrap_or(file),
        }
    }

    /// Whether all members are meant; `None` while that cannot be told.
    fn means_all_members(&self) -> Option<bool> {
        match self {
            Root::Folder(folder) => manifest_has(&folder.join("Cargo.toml"), "workspace"),
            Root::Package(_) | Root::File(_) => Some(false),
        }
    }

    fn origin(&self, all_members: bool, options: &Options, levels: &[String]) -> anyhow::Result<Origin> {
        let flags = [(all_members, "--workspace"), (options.all_targets, "--all-targets"), (options.tests, "--tests")];
        let flags = flags.into_iter().filter(|(on, _)| *on).map(|(_, flag)| flag);
        let arguments = ["cargo-thread-lint"].into_iter().chain(flags).map(OsString::from);
        let common: Common = Arguments::read(arguments)?.common().clone();
        let file = match self {
            Root::File(file) => Some(file.clone()),
            Root::Folder(_) | Root::Package(_) => None,
        };
        let levels = levels.iter().chain(&options.levels).cloned().collect();
        Ok(Origin { folder: self.folder().to_path_buf(), file, arguments: common, levels })
    }
}

/// A workspace that is held open.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) id: WorkspaceId,
    pub(super) root: Root,
    all_members: bool,
    worker: Worker,
    /// The last state that could be read.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// What is wrong with its manifests or settings now.
    problems: BTreeMap<PathBuf, Arc<Vec<Diagnostic>>>,
    /// The error that was told of it, until it is well again.
    told: Option<String>,
    /// Since when it has something to do.
    pub(super) busy_since: Option<Instant>,
}

impl Held {
    /// Whether a file may be part of it.
    fn concerns(&self, path: &Path) -> bool {
        let snapshot = self.snapshot.as_ref();
        path.starts_with(self.root.folder()) || snapshot.is_none_or(|snapshot| snapshot.file(path).is_some())
    }

    /// Whether what happens to a file on disk can matter: not what a build writes.
    fn is_read(&self, path: &Path) -> bool {
        let is_known = self.snapshot.as_ref().is_some_and(|snapshot| snapshot.file(path).is_some());
        let inside = path.strip_prefix(self.root.folder()).unwrap_or(path);
        let mut parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
        is_known || !parts.any(|part| part == "target" || part.starts_with('.'))
    }
}

/// All of them.
pub(super) struct Workspaces {
    client: Arc<Client>,
    pool: Arc<rayon::ThreadPool>,
    events: Sender<super::Event>,
    /// The levels of the command that started the server.
    levels: Vec<String>,
    options: Options,
    held: Vec<Held>,
    next: WorkspaceId,
    ending: Vec<JoinHandle<()>>,
}

impl Workspaces {
    pub(super) fn new(
        client: Arc<Client>,
        pool: Arc<rayon::ThreadPool>,
        events: Sender<super::Event>,
        levels: Vec<String>,
    ) -> Workspaces {
        let options = Options::default();
        Workspaces { client, pool, events, levels, options, held: Vec::new(), next: 1, ending: Vec::new() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.held.iter()
    }

    /// Takes a folder of the editor in.
    pub(super) fn add_folder(&mut self, folder: &Path, documents: &Documents) -> anyhow::Result<()> {
        let root = Root::Folder(folder.to_path_buf());
        let manifest = find_manifest(folder).ok();
        let own = manifest
            .filter(|manifest| manifest.parent() == Some(folder) || manifest_has(manifest, "package") == Some(true));
        // A folder of several packages: each comes with its documents.
        if own.is_none() || self.held.iter().any(|held| held.root == root) {
            return Ok(());
        }
        self.hold(root, documents)
    }

    pub(super) fn remove_folder(&mut self, folder: &Path) {
        self.retain(|root| *root != Root::Folder(folder.to_path_buf()));
    }

    fn retain(&mut self, is_kept: impl Fn(&Root) -> bool) {
        let (kept, gone): (Vec<Held>, Vec<Held>) = self.held.drain(..).partition(|held| is_kept(&held.root));
        self.held = kept;
        self.ending.extend(gone.into_iter().map(|held| held.worker.end()));
        self.ending.retain(|thread| !thread.is_finished());
    }

    fn hold(&mut self, root: Root, documents: &Documents) -> anyhow::Result<()> {
        let id = self.next;
        let events = self.events.clone();
        let overlays: Overlays = documents.iter().map(|(path, document)| (path.clone(), overlay(document))).collect();
        let all_members = root.means_all_members().unwrap_or(false);
        let worker = Worker::start(
            id,
            root.origin(all_members, &self.options, &self.levels)?,
            Arc::clone(&self.client),
            Arc::clone(&self.pool),
            overlays,
            move |told| events.send(super::Event::Told(told)).is_ok(),
        )?;
        self.next += 1;
        let busy_since = Some(Instant::now());
        let problems = BTreeMap::new();
        self.held.push(Held { id, root, all_members, worker, snapshot: None, problems, told: None, busy_since });
        Ok(())
    }

    /// Puts other settings in force.
    pub(super) fn configure(&mut self, options: Options) -> anyhow::Result<()> {
        if self.options == options {
            return Ok(());
        }
        self.options = options;
        for held in &mut self.held {
            let origin = held.root.origin(held.all_members, &self.options, &self.levels)?;
            held.worker.send(Change::Origin(Box::new(origin)), true);
            held.busy_since.get_or_insert_with(Instant::now);
        }
        Ok(())
    }

    /// A document was opened, changed or closed.
    pub(super) fn document(&mut self, path: &Path, document: Option<&Document>) {
        for held in &mut self.held {
            let is_ours = held.concerns(path);
            held.worker.send(Change::Document(path.to_path_buf(), document.map(overlay)), is_ours);
            held.busy_since.get_or_insert_with(Instant::now);
        }
    }

    /// Files were changed on disk, by whomever.
    pub(super) fn disk(&mut self, paths: &[PathBuf]) -> anyhow::Result<()> {
        for held in &mut self.held {
            // A manifest that says `[workspace]` only now changes what is asked for; one that is broken now does not.
            let all_members = held.root.means_all_members().unwrap_or(held.all_members);
            if all_members != held.all_members {
                held.all_members = all_members;
                let origin = held.root.origin(all_members, &self.options, &self.levels)?;
                held.worker.send(Change::Origin(Box::new(origin)), true);
            }
            let ours: Vec<PathBuf> = paths.iter().filter(|path| held.is_read(path)).cloned().collect();
            if ours.is_empty() {
                continue;
            }
            held.worker.send(Change::Disk(ours), true);
            held.busy_since.get_or_insert_with(Instant::now);
        }
        Ok(())
    }

    /// Whether a client that watches its folders sees what happens around a file.
    pub(super) fn is_in_a_folder(&self, path: &Path) -> bool {
        self.held.iter().any(|held| matches!(&held.root, Root::Folder(folder) if path.starts_with(folder)))
    }

    /// The files that say what belongs to the workspaces.
    pub(super) fn manifests(&self) -> Vec<PathBuf> {
        let folders = self.held.iter().map(|held| held.root.folder());
        let mut paths: BTreeSet<PathBuf> =
            folders.flat_map(|folder| [folder.join("Cargo.toml"), folder.join(crate::settings::FILE_NAME)]).collect();
        let snapshots = self.held.iter().filter_map(|held| held.snapshot.as_ref());
        let origins = snapshots.flat_map(|snapshot| &snapshot.checked.loaded.origins);
        paths.extend(origins.map(|origin| origin.manifest_path.clone()));
        paths.into_iter().filter(|path| !path.as_os_str().is_empty()).collect()
    }

    /// Takes in what a thread tells; gives an error that it tells of for the first time.
    pub(super) fn told(&mut self, told: Told) -> Option<String> {
        // One that has gone since.
        let held = self.held.iter_mut().find(|held| held.id == told.workspace)?;
        held.worker.told(told.generation);
        held.busy_since = if held.worker.is_settled() { None } else { held.busy_since };
        match told.outcome? {
            Ok(snapshot) => {
                held.snapshot = Some(snapshot);
                held.problems.clear();
                held.told = None;
                None
            }
            Err(error) => {
                held.problems = problems(&error);
                let message = Some(format!("{error:#}"));
                let is_known = held.told == message;
                held.told = message.clone();
                message.filter(|_| !is_known)
            }
        }
    }

    /// Holds what the open documents need, and no more.
    pub(super) fn follow(&mut self, documents: &Documents) -> anyhow::Result<()> {
        let needed: BTreeSet<Root> = documents.iter().filter_map(|(path, _)| self.needed_for(path)).collect();
        self.retain(|root| matches!(root, Root::Folder(_)) || needed.contains(root));
        for root in needed {
            if !self.held.iter().any(|held| held.root == root) {
                self.hold(root, documents)?;
            }
        }
        Ok(())
    }

    /// What is held for a document's sake alone.
    fn needed_for(&self, path: &Path) -> Option<Root> {
        let package = path.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file());
        let manifest = package.map(|folder| folder.join("Cargo.toml"));
        for held in self.held.iter().filter(|held| matches!(held.root, Root::Folder(_))) {
            let Some(snapshot) = &held.snapshot else {
                // It may turn out to be part of it.
                if path.starts_with(held.root.folder()) {
                    return None;
                }
                continue;
            };
            let loaded = &snapshot.checked.loaded;
            let mut checked = loaded.workspace.crates.iter().zip(&loaded.origins).filter(|(krate, _)| krate.selected);
            let is_of_package = checked.any(|(_, origin)| Some(&origin.manifest_path) == manifest.as_ref());
            if is_of_package || snapshot.reports_on(path) {
                return None;
            }
        }
        match (package, manifest) {
            // One that is broken just now is no reason to see the file in another way.
            (Some(package), Some(manifest)) if manifest_has(&manifest, "package") != Some(false) => {
                Some(Root::Package(package.to_path_buf()))
            }
            _ => Some(Root::File(path.to_path_buf())),
        }
    }

    /// Whether nothing that is known of a file waits to be looked at again.
    pub(super) fn is_settled(&self, path: &Path) -> bool {
        let mut concerned = self.held.iter().filter(|held| held.concerns(path));
        concerned.all(|held| held.worker.is_settled())
    }

    pub(super) fn all_settled(&self) -> bool {
        self.held.iter().all(|held| held.worker.is_settled())
    }

    /// What speaks for a file.
    pub(super) fn owner(&self, path: &Path) -> Option<&Arc<Snapshot>> {
        let speaking = self.held.iter().filter_map(|held| {
            let snapshot = held.snapshot.as_ref().filter(|snapshot| snapshot.reports_on(path))?;
            // What holds a loose file as a module knows more of it than the file alone.
            let is_alone = held.root == Root::File(path.to_path_buf());
            let nearness =
                if path.starts_with(held.root.folder()) { held.root.folder().components().count() } else { 0 };
            Some(((!is_alone, nearness, u32::MAX - held.id), snapshot))
        });
        speaking.max_by_key(|(rank, _)| *rank).map(|(_, snapshot)| snapshot)
    }

    /// All that is to be shown, by file; with the version of the document that it is about.
    pub(super) fn diagnostics(&self) -> BTreeMap<PathBuf, (Arc<Vec<Diagnostic>>, Option<i32>)> {
        let mut all = BTreeMap::new();
        for held in &self.held {
            for (path, diagnostics) in held.snapshot.iter().flat_map(|snapshot| &snapshot.diagnostics) {
                match self.owner(path) {
                    Some(owner) => {
                        if let Some(diagnostics) = owner.diagnostics.get(path) {
                            all.insert(path.clone(), (Arc::clone(diagnostics), owner.versions.get(path).copied()));
                        }
                    }
                    // What nobody reports on can still be the place of what was not read.
                    None => {
                        all.insert(path.clone(), (Arc::clone(diagnostics), None));
                    }
                }
            }
            for (path, diagnostics) in &held.problems {
                all.insert(path.clone(), (Arc::clone(diagnostics), None));
            }
        }
        all
    }

    /// Ends all threads, and waits for them.
    pub(super) fn end(mut self) {
        self.retain(|_| false);
        for thread in self.ending {
            // It has caught its own panics.
            let _ = thread.join();
        }
    }
}

fn overlay(document: &Document) -> Overlay {
    Overlay { uri: document.uri.clone(), version: document.version, text: Arc::clone(&document.text) }
}

/// Whether a manifest has a table at its top; `None` where it cannot be read.
fn manifest_has(manifest: &Path, table: &str) -> Option<bool> {
    let text = crate::text_file::read(manifest).ok()?;
    text.parse::<toml::Table>().ok().map(|root| root.contains_key(table))
}

/// The places of an error that has some.
fn problems(error: &anyhow::Error) -> BTreeMap<PathBuf, Arc<Vec<Diagnostic>>> {
    let mut found = Vec::new();
    if let Some(ManifestError::Broken { path, place, reason, .. }) = error.downcast_ref() {
        let line = place.map_or(1, |(line, _)| u32::try_from(line).unwrap_or(1));
        found.push(diagnostics::of_settings(path, line, reason));
    }
    if let Some(broken) = error.downcast_ref::<SettingsError>() {
        found.extend(broken.places().map(|(path, line, reason)| diagnostics::of_settings(path, line, reason)));
    }
    let mut by_file: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for (path, diagnostic) in found {
        by_file.entry(path).or_default().push(diagnostic);
    }
    by_file.into_iter().map(|(path, diagnostics)| (path, Arc::new(diagnostics))).collect()
}
