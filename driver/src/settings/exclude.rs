//! Patterns of files in which nothing is reported.

use crate::glob;
use std::path::{Component, Path, PathBuf};

/// A pattern of paths below a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    folder: PathBuf,
    pattern: String,
}

impl Exclusion {
    /// What fits `pattern` below `folder`: a file, or a folder with all that is in it.
    pub fn new(folder: &Path, pattern: &str) -> Exclusion {
        Exclusion { folder: folder.to_path_buf(), pattern: pattern.to_owned() }
    }

    /// The folder that the pattern starts from.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The pattern as it is written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether an absolute path is excluded.
    pub fn matches(&self, path: &Path) -> bool {
        let Ok(inside) = path.strip_prefix(&self.folder) else {
            return false;
        };
        let names: Option<Vec<String>> = inside
            .components()
            .map(|component| match component {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect();
        let pattern: Vec<&str> =
            self.pattern.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
        names.is_some_and(|names| !pattern.is_empty() && glob::matches_path(&pattern, &names))
    }
}
