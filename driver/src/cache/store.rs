//! Entries as files of one folder.
//!
//! Invariants: an entry is whole or not there, whoever writes at the same time and whenever a run is killed, for it is written under
//! another name and renamed; one that is damaged is as good as none; the folder does not grow without bound; nothing
//! in it that is not ours is touched.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use xxhash_rust::xxh3::xxh3_128;

/// What every entry starts with; the last byte counts the changes of the form.
const MAGIC: [u8; 8] = *b"threadl\x01";

/// The magic and the checksum of the rest.
const HEAD: usize = MAGIC.len() + size_of::<u128>();

/// Larger entries are neither written nor read.
const MAX_ENTRY: u64 = 32 << 20;

/// What is kept at most.
const MAX_TOTAL: u64 = 64 << 20;
const MAX_ENTRIES: usize = 64;

/// What a run that was killed leaves behind is taken away after this time.
const ABANDONED: Duration = Duration::from_secs(3600);

/// An entry that is used is marked so once in this time: the least recently used ones go first.
const MARKED_EVERY: Duration = Duration::from_secs(24 * 3600);

const TEMPORARY: &str = ".writing-";
const SUFFIX: &str = "run";

/// The tag by which tools for backups know that a folder can be made again (<https://bford.info/cachedir/>), as cargo writes it.
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by cargo-thread-lint.
# For information about cache directory tags see https://bford.info/cachedir/
";

/// A folder of entries; it need not be there.
#[derive(Debug)]
pub(super) struct Store {
    /// Cargo's own.
    target_dir: PathBuf,
    folder: PathBuf,
}

impl Store {
    /// The one below a target folder.
    pub(super) fn below(target_dir: PathBuf) -> Store {
        Store { folder: target_dir.join("thread-lint"), target_dir }
    }

    /// Where the entries lie.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was written under this name, if it is whole.
    pub(super) fn read(&self, name: u128) -> Option<Vec<u8>> {
        let path = self.path(name);
        let metadata = fs::metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() > MAX_ENTRY {
            return None;
        }
        let file = File::open(&path).ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        file.take(MAX_ENTRY).read_to_end(&mut bytes).ok()?;
        let rest = bytes.strip_prefix(&MAGIC)?;
        let (checksum, payload) = rest.split_first_chunk::<{ size_of::<u128>() }>()?;
        if xxh3_128(payload) != u128::from_le_bytes(*checksum) {
            return None;
        }
        if metadata.modified().ok().and_then(age_of).is_some_and(|age| age > MARKED_EVERY) {
            let marked = File::options().write(true).open(&path);
            // Who may not write it may use it all the same.
            let _ = marked.and_then(|file| file.set_modified(SystemTime::now()));
        }
        bytes.drain(..HEAD);
        Some(bytes)
    }

    /// Writes an entry, and takes away what is too much then.
    pub(super) fn write(&self, name: u128, payload: &[u8]) -> io::Result<()> {
        if payload.len() as u64 > MAX_ENTRY - HEAD as u64 {
            return Ok(());
        }
        self.make_folder()?;
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(&self.folder)?;
        file.write_all(&MAGIC)?;
        file.write_all(&xxh3_128(payload).to_le_bytes())?;
        file.write_all(payload)?;
        file.persist(self.path(name)).map_err(|failure| failure.error)?;
        self.tidy()
    }

    fn path(&self, name: u128) -> PathBuf {
        self.folder.join(format!("{name:032x}.{SUFFIX}"))
    }

    /// Makes the folder, and the target folder around it as cargo does.
    fn make_folder(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        // Rights that forbid writing are not asked for by the system where the user is the superuser.
        let existing = self.target_dir.ancestors().find_map(|folder| fs::metadata(folder).ok());
        if existing.is_some_and(|metadata| metadata.permissions().readonly()) {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        if !self.target_dir.is_dir() {
            fs::create_dir_all(&self.target_dir)?;
            fs::write(self.target_dir.join("CACHEDIR.TAG"), TAG)?;
        }
        fs::create_dir_all(&self.folder)
    }

    /// Takes away the entries that were not used for the longest time, and what killed runs have left.
    fn tidy(&self) -> io::Result<()> {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(metadata) = entry.metadata() else { continue };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if name.to_string_lossy().starts_with(TEMPORARY) {
                if age_of(modified).is_some_and(|age| age > ABANDONED) {
                    let _ = fs::remove_file(path);
                }
            } else if path.extension().is_some_and(|extension| extension == SUFFIX) {
                entries.push((modified, metadata.len(), path));
            }
        }
        entries.sort();
        let mut total = 0;
        for (index, (_, bytes, path)) in entries.into_iter().rev().enumerate() {
            total += bytes;
            if index >= MAX_ENTRIES || total > MAX_TOTAL {
                // Another run may have done so.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }
}

/// How long ago that was; `None` for times to come.
fn age_of(time: SystemTime) -> Option<Duration> {
    SystemTime::now().duration_since(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::below(dir.path().join("target"));
        (dir, store)
    }

    #[test]
    fn an_entry_comes_back() {
        let (_dir, store) = store();
        assert_eq!(store.read(7), None);
        store.write(7, b"seven").unwrap();
        store.write(8, b"").unwrap();
        assert_eq!((store.read(7).as_deref(), store.read(8).as_deref()), (Some(&b"seven"[..]), Some(&b""[..])));
        store.write(7, b"other").unwrap();
        assert_eq!(store.read(7).as_deref(), Some(&b"other"[..]));
        assert!(store.target_dir.join("CACHEDIR.TAG").is_file());
        assert_eq!(fs::read_dir(store.folder()).unwrap().count(), 2);
    }

    #[test]
    fn a_damaged_entry_is_none() {
        let (_dir, store) = store();
        store.write(7, b"seven").unwrap();
        let path = store.path(7);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                fs::write(&path, &damaged).unwrap();
                assert_eq!(store.read(7), None, "bit {bit} of byte {at}");
            }
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(store.read(7), None, "{at} bytes");
        }
        fs::write(&path, [&whole[..], b"x"].concat()).unwrap();
        assert_eq!(store.read(7), None);
        // It is written over.
        store.write(7, b"seven").unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn the_folder_is_bounded_and_others_files_are_left_alone() {
        let (_dir, store) = store();
        store.write(0, b"first").unwrap();
        let foreign = store.folder().join("notes.txt");
        fs::write(&foreign, "mine").unwrap();
        let left = store.folder().join(format!("{TEMPORARY}x"));
        fs::write(&left, "half").unwrap();
        let now = SystemTime::now();
        let set = |path: &Path, ago: u64| {
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(now - Duration::from_secs(ago)).unwrap();
        };
        for name in 1..100 {
            store.write(name, b"more").unwrap();
            // What is half written may be another run's.
            assert!(left.is_file());
            set(&store.path(name), 1000 - u64::try_from(name).unwrap());
        }
        set(&left, 4000);
        store.write(200, b"last").unwrap();
        assert!(foreign.is_file() && !left.exists());
        assert_eq!(fs::read_dir(store.folder()).unwrap().count(), MAX_ENTRIES + 1);
        assert!(store.read(200).is_some() && store.read(99).is_some() && store.read(1).is_none());
        // Large ones go by their size.
        let large = vec![0; 20 << 20];
        for name in 300..305 {
            store.write(name, &large).unwrap();
        }
        let total: u64 =
            fs::read_dir(store.folder()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
        assert!(total <= MAX_TOTAL, "{total}");
        assert!(store.read(304).is_some());
        store.write(400, &vec![0; 33 << 20]).unwrap();
        assert!(store.read(400).is_none());
    }

    #[test]
    fn an_entry_that_is_used_is_kept_longer() {
        let (_dir, store) = store();
        store.write(7, b"seven").unwrap();
        let file = File::options().write(true).open(store.path(7)).unwrap();
        file.set_modified(SystemTime::now() - 2 * MARKED_EVERY).unwrap();
        assert!(store.read(7).is_some());
        let modified = fs::metadata(store.path(7)).unwrap().modified().unwrap();
        assert!(age_of(modified).is_none_or(|age| age < MARKED_EVERY));
    }

    #[test]
    fn no_folder_can_be_made_in_a_file() {
        let (dir, store) = store();
        fs::write(dir.path().join("target"), "a file").unwrap();
        assert!(store.write(7, b"seven").is_err());
        assert_eq!(fs::read_to_string(dir.path().join("target")).unwrap(), "a file");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_made_in_a_folder_that_may_not_be_written() {
        use std::os::unix::fs::PermissionsExt;
        let (dir, store) = store();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let outcome = store.write(7, b"seven");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(outcome.is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
