//! The analysis of one workspace, on a thread of its own.
//!
//! The main loop sends what changes and reads what came of it; it never waits for an analysis. What comes while one is under way
//! sets its cancel flag, so that a result is always one of the newest state or of none.
//!
//! Invariants: a generation is told of once, when everything that was sent up to it has been looked at; a panic ends one analysis,
//! never the thread; the last good result stays where a newer one fails.

use super::capabilities::Client;
use super::diagnostics::{self, Overlay, Overlays};
use crate::cli::Common;
use crate::panics;
use crate::session::{Checked, Session};
use gen_lsp_types::Diagnostic;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thread_lints::source::FileId;

/// An analysis waits until nothing has come for so long: a keystroke is often followed by another, and by what the editor
/// itself adds to it.
const QUIET: Duration = Duration::from_millis(20);

/// It waits no longer than this.
const LONGEST_QUIET: Duration = Duration::from_millis(100);

/// A workspace by number; none is used twice.
pub(super) type WorkspaceId = u32;

/// What a workspace consists of, as a command would be given it.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Where the command would run.
    pub(super) folder: PathBuf,
    /// A file without a manifest, which need not be on disk.
    pub(super) file: Option<PathBuf>,
    pub(super) arguments: Common,
    pub(super) levels: Vec<String>,
}

/// What changes.
#[derive(Debug)]
pub(super) enum Change {
    /// A document was opened, edited or (`None`) closed.
    Document(PathBuf, Option<Overlay>),
    /// Files were changed, came or went on disk.
    Disk(Vec<PathBuf>),
    /// Other settings.
    Origin(Box<Origin>),
}

/// What a thread tells the main loop.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) workspace: WorkspaceId,
    /// Everything up to here was looked at.
    pub(super) generation: u64,
    /// `None` where nothing of it matters to the workspace.
    pub(super) outcome: Option<Result<Arc<Snapshot>, anyhow::Error>>,
}

/// What a workspace is known to be.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) checked: Checked,
    pub(super) diagnostics: BTreeMap<PathBuf, Arc<Vec<Diagnostic>>>,
    /// The versions of the documents that were open.
    pub(super) versions: BTreeMap<PathBuf, i32>,
    files: FxHashMap<PathBuf, FileId>,
}

impl Snapshot {
    /// The file at a path, if it was read.
    pub(super) fn file(&self, path: &Path) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// Whether findings in it are asked for.
    pub(super) fn reports_on(&self, path: &Path) -> bool {
        self.file(path).is_some_and(|file| self.checked.loaded.is_selected(file))
    }
}

/// The handle of a workspace's thread.
#[derive(Debug)]
pub(super) struct Worker {
    changes: Sender<(u64, Change)>,
    cancelled: Arc<AtomicBool>,
    /// The last one that was sent.
    sent: u64,
    /// The last one that was told of.
    done: u64,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts to read a workspace. `tell` is called on the thread; what it gives says whether anybody listens.
    pub(super) fn start(
        workspace: WorkspaceId,
        origin: Origin,
        client: Arc<Client>,
        pool: Arc<rayon::ThreadPool>,
        overlays: Overlays,
        tell: impl Fn(Told) -> bool + Send + 'static,
    ) -> std::io::Result<Worker> {
        let (changes, received) = mpsc::channel();
        let cancelled = Arc::new(AtomicBool::new(false));
        let analysis = Analysis { origin, client, pool, overlays, session: None, cancelled: Arc::clone(&cancelled) };
        let thread = std::thread::Builder::new()
            .name(format!("lsp-workspace-{workspace}"))
            .spawn(move || analysis.run(workspace, &received, &tell))?;
        Ok(Worker { changes, cancelled, sent: 1, done: 0, thread })
    }

    /// `cancels` what is under way: it would be out of date.
    pub(super) fn send(&mut self, change: Change, cancels: bool) {
        self.sent += 1;
        // A thread that has ended has told why.
        let _ = self.changes.send((self.sent, change));
        if cancels {
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn told(&mut self, generation: u64) {
        self.done = self.done.max(generation);
    }

    /// Whether everything that was sent has been looked at.
    pub(super) fn is_settled(&self) -> bool {
        self.done == self.sent
    }

    /// Lets the thread end, and gives what to wait for.
    pub(super) fn end(self) -> JoinHandle<()> {
        self.cancelled.store(true, Ordering::Relaxed);
        self.thread
    }
}

/// What the thread has.
struct Analysis {
    origin: Origin,
    client: Arc<Client>,
    pool: Arc<rayon::ThreadPool>,
    overlays: Overlays,
    session: Option<Session>,
    cancelled: Arc<AtomicBool>,
}

impl Analysis {
    fn run(mut self, workspace: WorkspaceId, changes: &Receiver<(u64, Change)>, tell: &dyn Fn(Told) -> bool) {
        let mut generation = 1;
        let mut known: Option<Arc<Snapshot>> = None;
        let mut matters = true;
        loop {
            let outcome = if matters {
                self.cancelled.store(false, Ordering::Relaxed);
                // Whatever was sent before the flag was lowered is taken up now; what comes later raises it again.
                while let Ok((number, change)) = changes.try_recv() {
                    generation = number;
                    self.take(change, known.as_deref());
                }
                match self.check() {
                    // Somebody has something newer, or the flag was raised for what is in already.
                    Ok(None) => {
                        match changes.recv_timeout(QUIET) {
                            Ok((number, change)) => {
                                generation = number;
                                self.take(change, known.as_deref());
                            }
                            Err(RecvTimeoutError::Timeout) => {}
                            Err(RecvTimeoutError::Disconnected) => return,
                        }
                        continue;
                    }
                    Ok(Some(snapshot)) => {
                        known = Some(Arc::clone(&snapshot));
                        Some(Ok(snapshot))
                    }
                    Err(error) => Some(Err(error)),
                }
            } else {
                None
            };
            if !tell(Told { workspace, generation, outcome }) {
                return;
            }
            match self.gather(changes, known.as_deref()) {
                Some((number, any)) => (generation, matters) = (number, any),
                None => return,
            }
        }
    }

    /// Waits for changes until there are no more for a moment; gives the number of the last, and whether any matters.
    fn gather(&mut self, changes: &Receiver<(u64, Change)>, known: Option<&Snapshot>) -> Option<(u64, bool)> {
        let (mut generation, first) = changes.recv().ok()?;
        let mut matters = self.take(first, known);
        let began = Instant::now();
        while matters && began.elapsed() < LONGEST_QUIET {
            match changes.recv_timeout(QUIET) {
                Ok((number, change)) => {
                    generation = number;
                    matters |= self.take(change, known);
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        Some((generation, matters))
    }

    /// Takes a change in; whether it can change what is found.
    fn take(&mut self, change: Change, known: Option<&Snapshot>) -> bool {
        match change {
            Change::Document(path, overlay) => {
                let text = overlay.as_ref().map(|overlay| Arc::clone(&overlay.text));
                if let Some(session) = &mut self.session {
                    session.overlay(&path, text);
                }
                let is_ours = path.starts_with(&self.origin.folder)
                    || known.is_none_or(|known| known.file(&path).is_some() || known.versions.contains_key(&path));
                match overlay {
                    Some(overlay) => self.overlays.insert(path, overlay),
                    None => self.overlays.remove(&path),
                };
                is_ours
            }
            Change::Disk(paths) => {
                if let Some(session) = &mut self.session {
                    session.changed_on_disk(&paths);
                }
                true
            }
            Change::Origin(origin) => {
                self.session = None;
                self.origin = *origin;
                true
            }
        }
    }

    /// `None` where it was cancelled.
    fn check(&mut self) -> anyhow::Result<Option<Arc<Snapshot>>> {
        let checked = catch_unwind(AssertUnwindSafe(|| self.check_session()));
        checked.unwrap_or_else(|payload| {
            // What it holds may be half done.
            self.session = None;
            Err(anyhow::anyhow!("internal fault: {}; please report it", panics::describe(&*payload)))
        })
    }

    fn check_session(&mut self) -> anyhow::Result<Option<Arc<Snapshot>>> {
        if self.session.is_none() {
            self.session = Some(self.open()?);
        }
        let Some(session) = &mut self.session else {
            return Ok(None);
        };
        let Some(checked) = session.check(&self.cancelled)? else {
            return Ok(None);
        };
        let diagnostics = diagnostics::all(&checked.loaded, &checked.report, &self.client, &self.overlays);
        let files = checked.loaded.paths.iter().enumerate();
        let files = files.map(|(index, path)| (path.clone(), FileId(index as u32))).collect();
        let versions = self.overlays.iter().map(|(path, overlay)| (path.clone(), overlay.version)).collect();
        Ok(Some(Arc::new(Snapshot { checked, diagnostics, versions, files })))
    }

    fn open(&self) -> anyhow::Result<Session> {
        let Origin { folder, file, arguments, levels } = self.origin.clone();
        let session = match file {
            Some(file) => Session::open_file(&file, arguments, levels)?,
            None => Session::open(&folder, arguments, levels)?,
        };
        let mut session = session.on_threads(Arc::clone(&self.pool)).keeping_last_good();
        for (path, overlay) in &self.overlays {
            session.overlay(path, Some(Arc::clone(&overlay.text)));
        }
        Ok(session)
    }
}
