//! `--watch`: lints whenever a source, manifest or settings file changes, until somebody ends it.
//!
//! The workspace is held open ([`Session`]), so that a round costs what the changes reach. Whatever is wrong in one round, such as
//! a manifest in the middle of an edit, is said, and the next change is waited for.

mod folders;

use crate::cli::Arguments;
use crate::console::Console;
use crate::load::Loaded;
use crate::render;
use crate::run::choose;
use crate::session::Session;
use anyhow::Context as _;
use folders::Folders;
use notify::{Config, Event, EventKind, RecommendedWatcher, Watcher};
use rustc_hash::FxHashSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Editors and version control write in several steps: what comes this soon after a change belongs to it.
const QUIET: Duration = Duration::from_millis(50);

/// Whatever goes on, after this time it is linted.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// Lints, and again after each change. Comes back when nobody reads the output any more.
pub(crate) fn watch(arguments: &Arguments, console: &Console) -> anyhow::Result<u8> {
    let working_dir = std::env::current_dir().context("cannot tell the working directory")?;
    let mut session = Session::open(&working_dir, arguments.common().clone(), arguments.levels.clone())?;
    let (sender, events) = channel();
    let watcher = RecommendedWatcher::new(sender, Config::default().with_follow_symlinks(false));
    let mut folders = Folders::new(watcher.context("cannot watch files")?);
    // Before anything is read, so that no change is missed.
    session.roots().iter().for_each(|root| folders.watch_package(root));
    loop {
        let code = round(arguments, &mut session, &mut folders, console);
        if console.is_closed() {
            return Ok(code);
        }
        if let Some(problem) = folders.problem() {
            console.warning(&problem);
        }
        if folders.is_empty() {
            anyhow::bail!("there is nothing that can be watched");
        }
        let changed = loop {
            let changed = next_changes(&events, &mut folders)?;
            if !changed.is_empty() {
                break changed;
            }
        };
        session.changed_on_disk(&changed);
    }
}

/// Lints once.
fn round(arguments: &Arguments, session: &mut Session, folders: &mut Folders, console: &Console) -> u8 {
    let began = Instant::now();
    let checked = session.check(&AtomicBool::new(false));
    console.clear();
    let checked = checked.and_then(|checked| {
        let checked = checked.context("the round was cancelled")?;
        let mut report = (*checked.report).clone();
        choose(arguments, &checked.loaded, &checked.settings, &mut report, console)?;
        Ok((checked, report))
    });
    match checked {
        Ok((checked, report)) => {
            for warning in &checked.warnings {
                console.warning(warning);
            }
            let loaded = &checked.loaded;
            let read = loaded.paths.iter().cloned().chain(session.settings_files());
            let manifests = manifests(loaded);
            for folder in manifests.iter().filter_map(|manifest| manifest.parent()) {
                folders.watch_package(folder);
            }
            folders.watch_files(read.chain(manifests));
            let notes = render::notes(loaded, &report.not_analysed, console.verbose);
            let code = console.report(loaded, &report, &notes, &session.named(), None, None);
            console.summary(loaded, &report, &notes, began.elapsed(), None);
            console.watching(loaded.paths.len());
            code
        }
        Err(error) => {
            console.error(&format!("{error:#}"));
            console.watching(0);
            crate::run::FAILED
        }
    }
}

/// Those of the packages that were read, and that of the workspace around them.
fn manifests(loaded: &Loaded) -> Vec<PathBuf> {
    let of_packages = loaded.origins.iter().map(|origin| &origin.manifest_path);
    let mut manifests: Vec<PathBuf> = of_packages.filter(|path| !path.as_os_str().is_empty()).cloned().collect();
    if manifests.iter().any(|manifest| manifest.starts_with(&loaded.base)) {
        manifests.push(loaded.base.join("Cargo.toml"));
    }
    manifests.sort();
    manifests.dedup();
    manifests
}

/// Waits for changes and until they are over for the moment; gives the files that may have changed.
fn next_changes(events: &Receiver<notify::Result<Event>>, folders: &mut Folders) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: FxHashSet<PathBuf> = FxHashSet::default();
    let mut is_lost = false;
    let mut take = |event: notify::Result<Event>| match event {
        // Reading is no change, and we read.
        Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
        Ok(event) => {
            is_lost |= event.need_rescan();
            paths.extend(event.paths);
        }
        Err(error) => paths.extend(error.paths),
    };
    take(events.recv().context("the watching of files has ended")?);
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        match events.recv_timeout(QUIET.min(deadline.saturating_duration_since(Instant::now()))) {
            Ok(event) => take(event),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the watching of files has ended"),
        }
    }
    let mut changed = folders.changed(&paths);
    if is_lost {
        changed.extend(folders.known());
    }
    Ok(changed)
}
