//! Small files that somebody else has written: manifests, settings, stubs.
//!
//! Invariant: reading ends, and takes no more memory than a file of its kind has a right to. Opening a pipe would wait for
//! whoever writes to it, and a device may never end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Larger files are not read: the largest manifests that people write are a thousandth of it.
const MAX_BYTES: u64 = 16 << 20;

/// The text of a regular file.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("larger than {} MiB", MAX_BYTES >> 20)));
    }
    crate::load::utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_has_a_reason() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let reason = || crate::reason_of(&read(&path).unwrap_err());
        assert_eq!(reason(), "no such file or directory");
        std::fs::write(&path, b"a\n\xff").unwrap();
        assert_eq!(reason(), "not UTF-8: a byte on line 2 is no part of a character");
        File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert_eq!(reason(), "larger than 16 MiB");
        File::create(&path).unwrap().set_len(MAX_BYTES).unwrap();
        assert!(read(&path).is_ok());
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert_eq!(reason(), "not a regular file");
    }
}
