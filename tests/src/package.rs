//! Small packages in temporary folders, for tests that run the tool as a process.

use std::path::Path;
use tempfile::TempDir;

/// The manifest of a package that has nothing but a name.
pub const MANIFEST: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// A package of these files.
pub fn package(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    write(dir.path(), "Cargo.toml", MANIFEST);
    files.iter().for_each(|(path, text)| write(dir.path(), path, text));
    dir
}

/// Writes a file, and the folders around it.
pub fn write(dir: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    std::fs::write(path, text).expect("a file");
}
