//! What a load can take over from an earlier one, and the texts that lie over files on disk.
//!
//! Invariants: what is kept of a file is what reading it again would give, for its reader says when it has changed; a text
//! that lies over a file hides what is on disk, until it is taken away.

use super::Parsed;
use super::modules::{Child, ModuleFile};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files as they were read, and texts that stand in for files.
#[derive(Debug, Default)]
pub struct Kept {
    overlay: FxHashMap<PathBuf, Arc<str>>,
    files: FxHashMap<PathBuf, Parsed>,
    /// Files that may have changed since: where they turn out not to have, what was read of them holds.
    stale: FxHashMap<PathBuf, Parsed>,
    children: FxHashMap<ModuleFile, Arc<Vec<Child>>>,
    keeps_last_good: bool,
}

/// What a load has read.
#[derive(Debug, Default)]
pub(crate) struct Fresh {
    pub(super) files: FxHashMap<PathBuf, Parsed>,
    pub(super) children: FxHashMap<ModuleFile, Arc<Vec<Child>>>,
}

impl Kept {
    /// From now on a file that cannot be read counts as it was when it last could.
    pub fn keep_last_good(&mut self) {
        self.keeps_last_good = true;
    }

    /// Lays a text over a file, or takes it away (`None`).
    pub fn overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        let was_there = self.is_file(path);
        match text {
            Some(text) => self.overlay.insert(path.to_path_buf(), text),
            None => self.overlay.remove(path),
        };
        self.reread(path);
        if was_there != self.is_file(path) {
            self.look_again_for(path);
        }
    }

    /// A file has changed, come or gone on disk.
    pub fn changed_on_disk(&mut self, path: &Path) {
        if self.overlay.contains_key(path) {
            return;
        }
        self.reread(path);
        self.look_again_for(path);
    }

    /// The texts that lie over files.
    pub fn overlaid(&self) -> impl Iterator<Item = (&Path, &Arc<str>)> {
        self.overlay.iter().map(|(path, text)| (path.as_path(), text))
    }

    /// The text that lies over a file.
    pub(super) fn text(&self, path: &Path) -> Option<&Arc<str>> {
        self.overlay.get(path)
    }

    /// Whether the last load has read the file.
    pub fn is_known(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.stale.contains_key(path)
    }

    /// Whether there is such a file, on disk or in an editor alone.
    pub fn is_file(&self, path: &Path) -> bool {
        self.overlay.contains_key(path) || path.is_file()
    }

    /// A file as it was read, if it has not changed.
    pub(super) fn file(&self, path: &Path) -> Option<Parsed> {
        self.files.get(path).map(as_if_fresh)
    }

    pub(super) fn children(&self, file: &ModuleFile) -> Option<&Arc<Vec<Child>>> {
        self.children.get(file)
    }

    /// Takes what a load has read in place of what was kept.
    pub(crate) fn replace(&mut self, fresh: Fresh) {
        self.stale.clear();
        (self.files, self.children) = (fresh.files, fresh.children);
    }

    /// Keeps nothing but the texts that lie over files.
    pub fn forget_all(&mut self) {
        self.replace(Fresh::default());
    }

    /// What counts for a file that was read as `parsed`: itself, or what was there before if it cannot be read.
    pub(super) fn readable(&self, path: &Path, parsed: Parsed) -> Parsed {
        let unreadable = parsed.problem.as_ref().is_some_and(|problem| problem.unread.is_empty());
        match self.stale.get(path) {
            Some(earlier) if self.keeps_last_good && unreadable && earlier.problem.is_none() => {
                Parsed { behind: Some(parsed.text), ..earlier.clone() }
            }
            _ => parsed,
        }
    }

    /// A file as it was read when it had this text, before it may have changed.
    pub(super) fn earlier(&self, path: &Path, text: &Arc<str>) -> Option<Parsed> {
        let earlier = self.stale.get(path)?;
        (earlier.behind.as_ref().unwrap_or(&earlier.text) == text).then(|| as_if_fresh(earlier))
    }

    fn reread(&mut self, path: &Path) {
        if let Some(parsed) = self.files.remove(path) {
            self.stale.insert(path.to_path_buf(), parsed);
        }
        self.children.retain(|file, _| file.path != path);
    }

    /// A file has come or gone: whoever names it as a module looks for it again.
    fn look_again_for(&mut self, path: &Path) {
        self.children.retain(|_, children| !children.iter().any(|child| child.may_lie_in(path)));
    }
}

/// A file as it would be if it were read now: whether its bodies can be read, nobody has asked yet.
fn as_if_fresh(parsed: &Parsed) -> Parsed {
    let forgetful = parsed.ir.without_known_problems().map(Arc::new);
    Parsed { ir: forgetful.unwrap_or_else(|| Arc::clone(&parsed.ir)), ..parsed.clone() }
}
