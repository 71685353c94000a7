//! Files that no manifest names: which of a folder's files are roots, and which are modules of others.

use super::modules::{Directory, ModuleFile};
use super::{Loader, Parsed};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use thread_lints::TargetKind;
use walkdir::WalkDir;

/// The Rust files below a folder, in order, without hidden folders and `target/`; links are not followed.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let skipped = entry.file_type().is_dir() && (name.starts_with('.') || name == "target");
        entry.depth() == 0 || !skipped
    });
    walk.flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| crate::paths::normal(&path))
        .collect()
}

impl Loader<'_> {
    /// Those of `files` that no other of them names as a module, in order.
    pub fn roots_among(&self, files: &[PathBuf]) -> Vec<PathBuf> {
        files.iter().for_each(|_| self.progress.found());
        files.par_iter().for_each(|path| {
            self.parse(path);
            self.progress.done();
        });
        let named: FxHashSet<PathBuf> =
            files.iter().flat_map(|path| self.modules_of(path, Directory::of_module(path))).collect();
        // A root's modules lie beside it, so a file that nobody names gets a second look in that role.
        let is_usual_root = |path: &Path| path.ends_with("lib.rs") || path.ends_with("main.rs");
        let mut candidates: Vec<&PathBuf> =
            files.iter().filter(|path| is_usual_root(path) || !named.contains(*path)).collect();
        candidates.sort_by_key(|path| (!is_usual_root(path), *path));
        let mut claimed: FxHashSet<PathBuf> = FxHashSet::default();
        for path in &candidates {
            if !claimed.contains(*path) {
                claimed.extend(self.reachable(path));
            }
        }
        let first = candidates.into_iter().filter(|path| !claimed.contains(*path));
        let mut roots: BTreeSet<PathBuf> = first.cloned().collect();
        // What is left is named only in a circle.
        let mut reached: FxHashSet<PathBuf> = roots.iter().cloned().collect();
        reached.extend(roots.iter().flat_map(|root| self.reachable(root)));
        for path in files {
            if !reached.contains(path) {
                reached.insert(path.clone());
                reached.extend(self.reachable(path));
                roots.insert(path.clone());
            }
        }
        roots.into_iter().collect()
    }

    /// The files that `root` names as modules, and those that they name, without itself.
    fn reachable(&self, root: &Path) -> FxHashSet<PathBuf> {
        let mut seen = FxHashSet::default();
        let mut to_visit = vec![ModuleFile {
            path: root.to_path_buf(),
            directory: Directory::of_root(root, TargetKind::Loose),
            tests: true,
        }];
        while let Some(file) = to_visit.pop() {
            let cell = self.parse(&file.path);
            let parsed = cell.get_or_init(Parsed::default);
            for next in self.children(&parsed.ir, &file).into_iter().filter_map(|child| child.file) {
                if next.path != root && seen.insert(next.path.clone()) {
                    to_visit.push(next);
                }
            }
        }
        seen
    }

    fn modules_of(&self, path: &Path, directory: Directory) -> Vec<PathBuf> {
        let cell = self.parse(path);
        let parsed = cell.get_or_init(Parsed::default);
        let file = ModuleFile { path: path.to_path_buf(), directory, tests: true };
        let found = self.children(&parsed.ir, &file).into_iter().filter_map(|child| child.file);
        found.map(|child| child.path).filter(|child| child != path).collect()
    }
}
