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

/// A folder of the files that a text shows: `== path` starts one, `== path -> target` is a symbolic link. No line before the first.
///
/// ```text
/// == Cargo.toml
/// [package]
/// name = "a"
/// == src/lib.rs
/// ```
pub fn tree(shown: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in shown.trim_start().lines() {
        if let Some(path) = line.strip_prefix("== ") {
            files.push((path, String::new()));
        } else {
            let (_, text) = files.last_mut().expect("a text before the first `== path`");
            text.push_str(line);
            text.push('\n');
        }
    }
    for (path, text) in files {
        match path.split_once(" -> ") {
            Some((link, target)) => link_to(target, &dir.path().join(link)),
            None => write(dir.path(), path, text),
        }
    }
    dir
}

fn link_to(target: &str, link: &Path) {
    std::fs::create_dir_all(link.parent().expect("a folder")).expect("folders");
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, link).expect("a link");
    #[cfg(not(unix))]
    panic!("no links here: {} -> {target}", link.display());
}
