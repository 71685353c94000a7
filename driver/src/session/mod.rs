//! A workspace held open, and linted again and again while its files change: under an editor, or a watch.
//!
//! Invariants: a check gives what a run of the command over the same texts gives; what is kept from one check to the next is
//! only ever what it would find again. The one exception is asked for ([`Session::keeping_last_good`]): a file that cannot be read
//! while it is typed in counts as it was when it last could, and is named in [`Checked::outdated`].

#[cfg(test)]
mod tests;

use crate::cli::Common;
use crate::inputs::{Inputs, Planned};
use crate::load::{Kept, Loaded, pool};
use crate::panics;
use crate::progress::Progress;
use anyhow::Context as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use thread_lints::source::FileId;
use thread_lints::{Checker, Report, Settings};

/// A workspace held open. One thread owns it; what it does, it does on the threads of its pool.
#[derive(Debug)]
pub struct Session {
    inputs: Inputs,
    arguments: Common,
    levels: Vec<String>,
    pool: Arc<rayon::ThreadPool>,
    kept: Kept,
    /// None where manifests or settings have to be read again.
    planned: Option<(Planned, Checker)>,
}

/// What a check has found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What was checked.
    pub loaded: Arc<Loaded>,
    /// What was found.
    pub report: Arc<Report>,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// What was asked for and has no effect.
    pub warnings: Vec<String>,
}

impl Checked {
    /// The files whose text in [`Checked::loaded`] is an older one, because the present one cannot be read.
    pub fn outdated(&self) -> &[FileId] {
        &self.loaded.outdated
    }
}

impl Session {
    /// What a command with these arguments, run in `folder`, would read. `levels` stand as after `--`: `-W`, `join`.
    pub fn open(folder: &Path, arguments: Common, levels: Vec<String>) -> anyhow::Result<Session> {
        let inputs = Inputs::read(&arguments, folder)?;
        Session::over(inputs, arguments, levels)
    }

    /// A file alone, which need not be on disk, with the files that it names as modules.
    pub fn open_file(file: &Path, arguments: Common, levels: Vec<String>) -> anyhow::Result<Session> {
        let folder = file.parent().unwrap_or(Path::new("/"));
        Session::over(Inputs::of_file(file.to_path_buf(), folder), arguments, levels)
    }

    fn over(inputs: Inputs, arguments: Common, levels: Vec<String>) -> anyhow::Result<Session> {
        let pool = pool(arguments.jobs.unwrap_or(0)).context("cannot start the threads")?;
        Ok(Session { inputs, arguments, levels, pool: Arc::new(pool), kept: Kept::default(), planned: None })
    }

    /// Works on the threads of another session.
    pub fn sharing_threads_of(self, other: &Session) -> Session {
        Session { pool: Arc::clone(&other.pool), ..self }
    }

    /// Works on these threads, which have the stack that [`pool`] gives.
    pub fn on_threads(self, pool: Arc<rayon::ThreadPool>) -> Session {
        Session { pool, ..self }
    }

    /// While a file cannot be read, it counts as it was when it last could.
    pub fn keeping_last_good(mut self) -> Session {
        self.kept.keep_last_good();
        self
    }

    /// The folders of what was asked for.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.inputs.roots()
    }

    /// The files that somebody has named.
    pub(crate) fn named(&self) -> Vec<PathBuf> {
        self.inputs.named()
    }

    /// The files of settings that hold, and the stubs that they name.
    pub(crate) fn settings_files(&self) -> Vec<PathBuf> {
        self.planned.as_ref().map_or_else(Vec::new, |(planned, _)| planned.project.files())
    }

    /// Other levels, as after `--`.
    pub fn set_levels(&mut self, levels: Vec<String>) {
        self.levels = levels;
        self.planned = None;
    }

    /// Lays a text over a file, or takes it away again (`None`): what is on disk holds then.
    pub fn overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        let was_there = self.kept.is_file(path);
        self.kept.overlay(path, text);
        if was_there != self.kept.is_file(path) {
            self.planned = None;
        }
    }

    /// Files, folders, manifests or settings have changed on disk, have come or gone.
    pub fn changed_on_disk(&mut self, paths: &[PathBuf]) {
        for path in paths {
            let came_or_went = self.kept.is_known(path) != self.kept.is_file(path);
            self.kept.changed_on_disk(path);
            // A new file may be a target.
            if came_or_went || path.extension().is_none_or(|extension| extension != "rs") {
                self.planned = None;
            }
        }
    }

    /// Lints again, redoing what the changes reach. `None`: `cancelled` was set meanwhile.
    pub fn check(&mut self, cancelled: &AtomicBool) -> anyhow::Result<Option<Checked>> {
        let pool = Arc::clone(&self.pool);
        match catch_unwind(AssertUnwindSafe(|| pool.install(|| self.check_here(cancelled)))) {
            Ok(checked) => checked,
            Err(payload) => {
                self.planned = None;
                self.kept.forget_all();
                anyhow::bail!("internal fault: {}", panics::describe(&*payload))
            }
        }
    }

    fn check_here(&mut self, cancelled: &AtomicBool) -> anyhow::Result<Option<Checked>> {
        let progress = Progress::silent();
        let loader = self.inputs.loader(&progress).keeping(&self.kept);
        let plan = || self.inputs.plan(&self.arguments, &self.levels, &loader);
        let (planned, mut checker) = match self.planned.take() {
            // The settings are the same, but another file may be a root now.
            Some((_, checker)) if self.inputs.has_loose_folders() => (plan()?, checker),
            Some(known) => known,
            None => {
                let planned = plan()?;
                let settings = Arc::new(planned.project.clone().into_settings());
                (planned, Checker::new(settings))
            }
        };
        let loaded = self.inputs.load_planned(&planned, &loader);
        let read = loader.into_read();
        self.kept.replace(read);
        let report = checker.check(&loaded.workspace, cancelled);
        let settings = Arc::clone(checker.settings());
        let warnings = planned.warnings.clone();
        self.planned = Some((planned, checker));
        let Some(report) = report else { return Ok(None) };
        let checked = Checked { loaded: Arc::new(loaded), report: Arc::new(report), settings, warnings };
        Ok(Some(checked))
    }
}
