//! What a run has found, kept in cargo's target folder, so that a run over the same files need not look again.
//!
//! An entry holds the report and the footprint of the load: the files with the hashes of their bytes, and the places where no file may be;
//! and what the check has seen of each file. An edit out of its sight, which is most of most bodies, leaves the report as it is.
//! Its name is the hash of everything else that decides the outcome: the plan with all that the manifests say, the settings with the
//! texts of the stubs, and which build of the program it was. Manifests and settings are read anew by every run.
//! What is chosen of a report (a baseline, what git says was changed, a shard) and how it is shown is decided after, so that all of
//! these share an entry.
//!
//! Invariants: a run that takes its report from here prints what it would print without, byte for byte; a cache that cannot
//! be read or written costs time, nothing else; a report with faults is not kept.

mod entry;
mod fingerprint;
mod folder;
mod store;

use crate::cli::Arguments;
use crate::inputs::{Inputs, Planned};
use crate::load::{Footprint, Loaded, Loader, Revisited};
use crate::progress::Progress;
use crate::timings::{Step, Timings};
use entry::Entry;
use folder::Place;
use store::Store;
use thread_lints::{Report, Seen, Settings};

/// A workspace, checked.
pub(crate) struct Checked {
    pub(crate) loaded: Loaded,
    pub(crate) settings: Settings,
    pub(crate) report: Report,
    /// What was asked for and had no effect.
    pub(crate) warnings: Vec<String>,
    /// What is to be kept of it.
    pub(crate) kept: Option<Unwritten>,
}

/// An entry that can be written when nobody waits for the run any more.
pub(crate) struct Unwritten {
    cache: Cache,
    bytes: Vec<u8>,
}

/// What an earlier run gave.
struct Recalled {
    loaded: Loaded,
    report: Report,
    /// The entry as it is to be now, if files have changed out of sight.
    moved: Option<Vec<u8>>,
}

/// Where the entry of a run lies.
#[derive(Debug)]
struct Cache {
    store: Store,
    fingerprint: u128,
}

/// Checks what is asked for, or recalls what that gave.
pub(crate) fn check(
    inputs: &Inputs,
    arguments: &Arguments,
    progress: &Progress,
    timings: &Timings,
) -> anyhow::Result<Checked> {
    let common = arguments.common();
    // What else lies in a folder decides about files that no manifest names; and who names one wants it read.
    if inputs.buffer.is_some() || inputs.has_loose_files() {
        let read = inputs.load(common, &arguments.levels, progress, timings)?;
        let settings = read.project.into_settings();
        let report = thread_lints::check_observed(&read.loaded.workspace, &settings, timings);
        return Ok(Checked { loaded: read.loaded, settings, report, warnings: read.warnings, kept: None });
    }
    let loader = inputs.loader(progress);
    let mut planned = timings.of(Step::Manifests, || inputs.plan(common, &arguments.levels, &loader))?;
    let warnings = std::mem::take(&mut planned.warnings);
    let cache = if arguments.no_cache { None } else { Cache::of(inputs, arguments, &planned, &loader) };
    let recall = |cache: &Cache| timings.of(Step::Recalling, || cache.recall(inputs, &planned));
    if let Some(Recalled { loaded, report, moved }) = cache.as_ref().and_then(recall) {
        let settings = planned.project.into_settings();
        let kept = cache.zip(moved).map(|(cache, bytes)| Unwritten { cache, bytes });
        return Ok(Checked { loaded, settings, report, warnings, kept });
    }
    let loaded = timings.of(Step::Reading, || inputs.load_planned(&planned, &loader));
    let settings = planned.project.into_settings();
    let (report, seen) = thread_lints::check_seen(&loaded.workspace, &settings, timings);
    let kept = cache.and_then(|cache| timings.of(Step::Keeping, || cache.keep(&loader, &loaded, &report, seen)));
    Ok(Checked { loaded, settings, report, warnings, kept })
}

impl Cache {
    fn of(inputs: &Inputs, arguments: &Arguments, planned: &Planned, loader: &Loader<'_>) -> Option<Cache> {
        let place = Place {
            asked: arguments.common().build.target_dir.as_deref(),
            workspace_root: planned.workspace_root.as_deref()?,
            working_dir: &inputs.working_dir,
        };
        let store = Store::below(folder::target_dir(place, |name| std::env::var_os(name)));
        let fingerprint = fingerprint::of(&planned.plan, &planned.base, &planned.project, loader.reads_whole());
        Some(Cache { store, fingerprint })
    }

    /// What an earlier run over the same files gave. What is loaded has the texts that the report speaks of, and nothing parsed.
    fn recall(&self, inputs: &Inputs, planned: &Planned) -> Option<Recalled> {
        let Entry { footprint, report, .. } = Entry::decode(&self.store.read(self.fingerprint)?, self.fingerprint)?;
        let Revisited { mut loaded, moved } = footprint.revisit(&planned.plan, &planned.base, &report.shown())?;
        let report = report.into_report(&loaded.workspace.files)?;
        let moved = moved.and_then(|footprint| Entry::new(self.fingerprint, footprint, &report).encode());
        inputs.apply(&planned.project, &mut loaded);
        Some(Recalled { loaded, report, moved })
    }

    /// Puts down what a run gave, unless something went wrong inside.
    fn keep(self, loader: &Loader<'_>, loaded: &Loaded, report: &Report, seen: Seen) -> Option<Unwritten> {
        if !(loaded.faults.is_empty() && report.faults.is_empty()) {
            return None;
        }
        let bytes = Entry::new(self.fingerprint, Footprint::of(loader, loaded, seen), report).encode()?;
        Some(Unwritten { cache: self, bytes })
    }
}

impl Unwritten {
    /// Writes it. The error says what cannot be written.
    pub(crate) fn write(&self) -> Result<(), String> {
        let Cache { store, fingerprint } = &self.cache;
        store.write(*fingerprint, &self.bytes).map_err(|error| {
            format!("cannot keep what was found in `{}`: {}", store.folder().display(), crate::reason_of(&error))
        })
    }
}
