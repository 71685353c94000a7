//! Which folders are watched, and which of their changes matter.
//!
//! Every folder is watched by itself, not with all below it: what is built (`target/`), hidden folders such as `.git`, and what other
//! package managers fetch change all the time, and systems allow only so many folders.

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What is watched.
pub(super) struct Folders<W = RecommendedWatcher> {
    watcher: W,
    watched: FxHashSet<PathBuf>,
    /// Those of them that are watched with all below them.
    packages: FxHashSet<PathBuf>,
    /// Files that were read, wherever they lie.
    known: FxHashSet<PathBuf>,
    /// Why a folder cannot be watched, told once.
    problem: Option<String>,
}

impl<W: Watcher> Folders<W> {
    pub(super) fn new(watcher: W) -> Folders<W> {
        Folders {
            watcher,
            watched: FxHashSet::default(),
            packages: FxHashSet::default(),
            known: FxHashSet::default(),
            problem: None,
        }
    }

    /// Watches a folder and those below it.
    pub(super) fn watch_below(&mut self, folder: &Path) {
        let below = WalkDir::new(folder).into_iter().filter_entry(|entry| entry.depth() == 0 || !is_left_out(entry));
        let folders: Vec<PathBuf> =
            below.flatten().filter(|entry| entry.file_type().is_dir()).map(DirEntry::into_path).collect();
        folders.iter().for_each(|folder| self.watch(folder));
    }

    /// Watches a folder and those below it, once: what comes later is told of as a change.
    pub(super) fn watch_package(&mut self, folder: &Path) {
        if !self.packages.contains(folder) {
            self.watch_below(folder);
            self.packages.insert(folder.to_path_buf());
        }
    }

    /// Watches the folders of these files, and no other files than these from now on beside Rust files, manifests and settings.
    pub(super) fn watch_files(&mut self, files: impl Iterator<Item = PathBuf>) {
        self.known = files.collect();
        let folders: FxHashSet<PathBuf> =
            self.known.iter().filter_map(|file| file.parent()).map(Path::to_path_buf).collect();
        folders.iter().for_each(|folder| self.watch(folder));
    }

    /// Why something cannot be watched, if that is news.
    pub(super) fn problem(&mut self) -> Option<String> {
        self.problem.take()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    /// All that was read.
    pub(super) fn known(&self) -> Vec<PathBuf> {
        self.known.iter().cloned().collect()
    }

    /// The files that a change of these paths may have changed; new folders are watched from now on.
    pub(super) fn changed(&mut self, paths: &FxHashSet<PathBuf>) -> Vec<PathBuf> {
        let mut changed: FxHashSet<PathBuf> = FxHashSet::default();
        for path in paths {
            if path.is_dir() {
                if self.is_news(path) {
                    self.watch_below(path);
                    // What came with the folder, or between its coming and the watching.
                    changed.extend(crate::load::rust_files(path));
                    changed.insert(path.clone());
                }
            } else if is_source(path) || self.known.contains(path) {
                changed.insert(path.clone());
            } else if !path.exists() && self.forget_below(path) {
                changed.extend(self.known.iter().filter(|file| file.starts_with(path)).cloned());
                changed.insert(path.clone());
            }
        }
        changed.into_iter().collect()
    }

    fn watch(&mut self, folder: &Path) {
        if self.watched.contains(folder) || !folder.is_dir() {
            return;
        }
        match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.watched.insert(folder.to_path_buf());
            }
            Err(error) => {
                let reason = error.to_string();
                self.problem.get_or_insert_with(|| format!("cannot watch `{}`: {reason}", folder.display()));
            }
        }
    }

    /// A folder that is not watched, in one that is, and is not left out.
    fn is_news(&self, folder: &Path) -> bool {
        let mut entries = WalkDir::new(folder).max_depth(0).into_iter().flatten();
        !self.watched.contains(folder) && entries.next().is_some_and(|entry| !is_left_out(&entry))
    }

    /// A folder has gone; whether it was watched.
    fn forget_below(&mut self, path: &Path) -> bool {
        let gone: Vec<PathBuf> = self.watched.iter().filter(|folder| folder.starts_with(path)).cloned().collect();
        for folder in &gone {
            // One that was moved is watched still, under the name that it had.
            let _ = self.watcher.unwatch(folder);
            self.watched.remove(folder);
        }
        self.packages.retain(|folder| !folder.starts_with(path));
        !gone.is_empty()
    }
}

/// A Rust file, a manifest or settings, and no editor's copy of one.
fn is_source(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let is_rust = path.extension().is_some_and(|extension| extension == "rs") && !name.starts_with('.');
    is_rust || matches!(name, "Cargo.toml" | crate::settings::FILE_NAME)
}

/// Folders in which no sources lie that somebody edits.
fn is_left_out(entry: &DirEntry) -> bool {
    if !entry.file_type().is_dir() {
        return false;
    }
    let (name, path) = (entry.file_name().to_string_lossy(), entry.path());
    let is_built = name == "target" && path.with_file_name("Cargo.toml").is_file();
    name.starts_with('.') || name == "node_modules" || is_built || path.join("CACHEDIR.TAG").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::{Config, EventHandler, WatcherKind};

    /// Watches nothing, and remembers nothing: what is asked of it is in [`Folders`].
    #[derive(Debug)]
    struct Blind;

    impl Watcher for Blind {
        fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<Blind> {
            Ok(Blind)
        }
        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            Ok(())
        }
        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }
        fn kind() -> WatcherKind {
            WatcherKind::NullWatcher
        }
    }

    fn changed(folders: &mut Folders<Blind>, path: &Path) -> Vec<PathBuf> {
        let mut changed = folders.changed(&std::iter::once(path.to_path_buf()).collect());
        changed.sort();
        changed
    }

    #[test]
    fn what_is_built_fetched_or_hidden_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["src/target", "target/debug", ".git/objects", "web/node_modules/x", "built/x", "new"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for file in ["Cargo.toml", "built/CACHEDIR.TAG", "src/lib.rs", "new/a.rs"] {
            std::fs::write(dir.path().join(file), "").unwrap();
        }
        std::fs::rename(dir.path().join("new"), dir.path().join("aside")).unwrap();
        let mut folders = Folders::new(Blind);
        folders.watch_below(&dir.path().join("src"));
        folders.watch_below(&dir.path().join("web"));
        folders.watch(dir.path());
        let mut watched: Vec<&Path> =
            folders.watched.iter().map(|folder| folder.strip_prefix(dir.path()).unwrap()).collect();
        watched.sort();
        assert_eq!(watched, ["", "src", "src/target", "web"].map(Path::new));
        // A folder that comes brings its files; what is left out brings nothing, nor does what an editor puts aside.
        let aside = dir.path().join("aside");
        assert_eq!(changed(&mut folders, &aside), [aside.clone(), aside.join("a.rs")]);
        for other in ["target", ".git", "built", "src/.#lib.rs", "src/lib.rs~", "src/4913", "Cargo.lock"] {
            assert_eq!(changed(&mut folders, &dir.path().join(other)), <[PathBuf; 0]>::default(), "{other}");
        }
        // One that goes takes what was read in it along.
        folders.watch_files([aside.join("a.rs"), aside.join("table.txt")].into_iter());
        std::fs::write(aside.join("table.txt"), "").unwrap();
        assert_eq!(changed(&mut folders, &aside.join("table.txt")), [aside.join("table.txt")]);
        std::fs::remove_dir_all(&aside).unwrap();
        assert_eq!(changed(&mut folders, &aside), [aside.clone(), aside.join("a.rs"), aside.join("table.txt")]);
        assert!(!folders.watched.contains(&aside));
    }
}
