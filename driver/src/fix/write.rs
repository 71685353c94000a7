//! Writing changed files so that each is whole at every moment, the old one or the new one.
//!
//! First every new text is written to a file of its own beside the old one and flushed to the disk; up to here everything
//! can be given up. Then the new files are renamed over the old ones. A link is followed to the file that it stands for.
//!
//! Invariants: nothing is written if one of the files is not what was read, cannot be written, or is read-only; mode and,
//! where the system allows it, owner are kept; a rename that fails brings back what was renamed before it.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::{NamedTempFile, TempPath};

/// A file's text before and after.
#[derive(Clone, Debug)]
pub struct Change {
    /// The path as shown.
    pub shown: String,
    /// The path.
    pub path: PathBuf,
    /// The text that was read.
    pub old: Arc<str>,
    /// The text to write.
    pub new: Arc<str>,
}

/// Why nothing was written, or, where it says so, what was.
#[derive(Debug)]
pub enum WriteError {
    /// The file is another by now.
    Changed(String),
    /// The file is read-only.
    ReadOnly(String),
    /// What the system said of a file.
    Failed(String, io::Error),
    /// The user gave up in time.
    Interrupted,
    /// A rename failed, and so did bringing back these files, which have their new text.
    Stuck(String, io::Error, Vec<String>),
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WriteError::Changed(file) => {
                write!(f, "`{file}` was changed on disk since it was read; nothing was written")
            }
            WriteError::ReadOnly(file) => write!(f, "`{file}` is read-only; nothing was written"),
            WriteError::Failed(file, error) => {
                write!(f, "cannot write `{file}`: {}; nothing was written", crate::reason_of(error))
            }
            WriteError::Interrupted => f.write_str("interrupted; nothing was written"),
            WriteError::Stuck(file, error, left) => {
                let reason = crate::reason_of(error);
                write!(f, "cannot write `{file}`: {reason}; already written: `{}`", left.join("`, `"))
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// A new text beside the old one.
struct Staged<'c> {
    change: &'c Change,
    /// The file itself, links followed.
    real: PathBuf,
    new: TempPath,
    metadata: Metadata,
}

/// Writes all changes or none. Gives up, as long as that leaves nothing half done, once `interrupted` is set.
pub fn write(changes: &[Change], interrupted: &AtomicBool) -> Result<(), WriteError> {
    let mut staged = Vec::with_capacity(changes.len());
    for change in changes {
        if interrupted.load(Ordering::Relaxed) {
            return Err(WriteError::Interrupted);
        }
        staged.push(stage(change)?);
    }
    if interrupted.load(Ordering::Relaxed) {
        return Err(WriteError::Interrupted);
    }
    // Time has passed since the first of them was looked at.
    for staged in &staged {
        check_unchanged(staged.change, &staged.real)?;
    }
    commit(staged)
}

fn stage(change: &Change) -> Result<Staged<'_>, WriteError> {
    let failed = |error: io::Error| WriteError::Failed(change.shown.clone(), error);
    let real = change.path.canonicalize().map_err(failed)?;
    let metadata = fs::metadata(&real).map_err(failed)?;
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly(change.shown.clone()));
    }
    check_unchanged(change, &real)?;
    let new = write_beside(&real, &change.new, &metadata).map_err(failed)?;
    Ok(Staged { change, real, new, metadata })
}

fn check_unchanged(change: &Change, real: &Path) -> Result<(), WriteError> {
    match fs::read(real) {
        Ok(bytes) if bytes == change.old.as_bytes() => Ok(()),
        Ok(_) => Err(WriteError::Changed(change.shown.clone())),
        Err(error) => Err(WriteError::Failed(change.shown.clone(), error)),
    }
}

/// A text in a file of its own beside `real`, on the disk. Its name is no module's and no target's.
fn write_beside(real: &Path, text: &str, metadata: &Metadata) -> io::Result<TempPath> {
    let folder = real.parent().ok_or(io::ErrorKind::NotFound)?;
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut file: NamedTempFile =
        tempfile::Builder::new().prefix(&prefix).suffix(".thread-lint").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    keep_owner(file.as_file(), metadata);
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is_same = file.metadata().is_ok_and(|own| (own.uid(), own.gid()) == (metadata.uid(), metadata.gid()));
    if !is_same {
        // Whoever may write a file need not be allowed to give one away.
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

fn commit(staged: Vec<Staged<'_>>) -> Result<(), WriteError> {
    let mut done: Vec<(&Change, PathBuf, Metadata)> = Vec::with_capacity(staged.len());
    for Staged { change, real, new, metadata } in staged {
        match new.persist(&real) {
            Ok(()) => done.push((change, real, metadata)),
            Err(failure) => return Err(bring_back(&done, change, failure.error)),
        }
    }
    Ok(())
}

/// Gives the files that were renamed their old text again.
fn bring_back(done: &[(&Change, PathBuf, Metadata)], failed: &Change, error: io::Error) -> WriteError {
    let mut left = Vec::new();
    for (change, real, metadata) in done {
        let back = write_beside(real, &change.old, metadata)
            .and_then(|old| old.persist(real).map_err(|failure| failure.error));
        if back.is_err() {
            left.push(change.shown.clone());
        }
    }
    if left.is_empty() {
        WriteError::Failed(failed.shown.clone(), error)
    } else {
        WriteError::Stuck(failed.shown.clone(), error, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(folder: &Path, name: &str, old: &str, new: &str) -> Change {
        Change { shown: name.to_owned(), path: folder.join(name), old: Arc::from(old), new: Arc::from(new) }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_written_where_one_file_changed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "a").unwrap();
        fs::write(folder.path().join("b.rs"), "another").unwrap();
        let changes = [change(folder.path(), "a.rs", "a", "A"), change(folder.path(), "b.rs", "b", "B")];
        let error = write(&changes, &AtomicBool::new(false)).unwrap_err();
        assert_eq!(error.to_string(), "`b.rs` was changed on disk since it was read; nothing was written");
        assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), "a");
        assert_eq!(names(folder.path()), ["a.rs", "b.rs"]);
    }

    #[test]
    fn nothing_is_written_once_the_user_gave_up() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "a").unwrap();
        let changes = [change(folder.path(), "a.rs", "a", "A")];
        assert!(matches!(write(&changes, &AtomicBool::new(true)), Err(WriteError::Interrupted)));
        assert_eq!((names(folder.path()).len(), fs::read(folder.path().join("a.rs")).unwrap()), (1, b"a".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_rename_that_fails_brings_back_the_others() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "a").unwrap();
        let metadata = fs::metadata(folder.path().join("a.rs")).unwrap();
        let changes = [change(folder.path(), "a.rs", "a", "A"), change(folder.path(), "b.rs", "b", "B")];
        let staged = changes.iter().map(|change| {
            let real = change.path.clone();
            let new = write_beside(&real, &change.new, &metadata).unwrap();
            Staged { change, real, new, metadata: metadata.clone() }
        });
        let staged: Vec<Staged<'_>> = staged.collect();
        // A folder cannot be renamed over.
        fs::create_dir(folder.path().join("b.rs")).unwrap();
        assert!(matches!(commit(staged), Err(WriteError::Failed(file, _)) if file == "b.rs"));
        assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), "a");
        assert_eq!(names(folder.path()), ["a.rs", "b.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_link_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.rs");
        fs::write(&real, "a").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o751)).unwrap();
        symlink(&real, folder.path().join("link.rs")).unwrap();
        write(&[change(folder.path(), "link.rs", "a", "A")], &AtomicBool::new(false)).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "A");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o751);
        assert!(fs::symlink_metadata(folder.path().join("link.rs")).unwrap().is_symlink());
    }

    #[test]
    fn a_read_only_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "a").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = write(&[change(folder.path(), "a.rs", "a", "A")], &AtomicBool::new(false)).unwrap_err();
        assert_eq!(error.to_string(), "`a.rs` is read-only; nothing was written");
        assert_eq!(fs::read(&path).unwrap(), b"a");
    }
}
