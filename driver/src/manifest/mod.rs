//! Packages, targets and dependencies, read from the manifests themselves.
//!
//! Cargo takes 30 to 170 ms to say the same, which is longer than linting most crates. So [`Reader`] reads `Cargo.toml`
//! files with cargo's own rules (inherited keys, member patterns, target discovery), lazily and each once, and asks
//! `cargo metadata` only where a manifest says something that is not known here.
//!
//! Invariants: reading never runs the network; every problem names its file, and its place where there is one; the
//! order of packages and targets is the same in every run.

mod metadata;
mod raw;
mod reader;
mod select;
mod targets;
#[cfg(test)]
mod tests;

pub use reader::{Reader, find_manifest};
pub use select::{PackageSelection, Selected, select};

use std::fmt;
use std::path::{Path, PathBuf};
use thread_lints::{Edition, TargetKind};

/// A package.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version; `0.0.0` where none is written.
    pub version: String,
    /// Its edition.
    pub edition: Edition,
    /// `rust-version` as major and minor.
    pub rust_version: Option<(u32, u32)>,
    /// It may be published.
    pub publish: bool,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// Its targets: library, binaries, examples, tests, benches, build script.
    pub targets: Vec<Target>,
    /// Its dependencies, those of all platforms together.
    pub dependencies: Vec<PackageDependency>,
}

impl Package {
    /// The folder of the manifest.
    pub fn dir(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }

    /// The library, if there is one.
    pub fn library(&self) -> Option<&Target> {
        self.targets.iter().find(|target| target.kind == TargetKind::Lib)
    }

    /// The identifier that cargo prints for it in messages and metadata.
    pub fn id(&self) -> String {
        let dir = self.dir();
        let url = crate::paths::file_url(dir);
        let same_name = dir.file_name().is_some_and(|last| last.to_string_lossy() == self.name);
        if same_name {
            format!("path+{url}#{}", self.version)
        } else {
            format!("path+{url}#{}@{}", self.name, self.version)
        }
    }
}

/// A target of a package.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Its name.
    pub name: String,
    /// Its root file.
    pub path: PathBuf,
    /// Its edition.
    pub edition: Edition,
    /// `crate-type`: `bin`, `lib`, `cdylib`, `proc-macro`…
    pub crate_types: Vec<String>,
    /// Cargo builds its documentation.
    pub doc: bool,
    /// Cargo runs its documentation's examples.
    pub doctest: bool,
    /// `cargo test` runs it.
    pub test: bool,
}

impl Target {
    /// Its name in paths.
    pub fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }

    /// It is a procedural macro, of which nothing but macros can be named.
    pub fn is_proc_macro(&self) -> bool {
        self.crate_types.iter().any(|kind| kind == "proc-macro")
    }
}

/// A dependency of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageDependency {
    /// The key in the manifest, in its form in paths.
    pub alias: String,
    /// The key is not the package's own name.
    pub renamed: bool,
    /// The package.
    pub package: String,
    /// The folder, of a path dependency.
    pub path: Option<PathBuf>,
    /// For what it is there.
    pub section: DependencySection,
}

/// The table that a dependency stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DependencySection {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[build-dependencies]`
    Build,
}

/// Why the packages could not be read or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestError {
    /// No manifest in a folder or any above it.
    NotFound {
        /// Where the search began.
        from: PathBuf,
    },
    /// The file cannot be read.
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is not TOML, or says something that makes no sense.
    Broken {
        /// The manifest.
        path: PathBuf,
        /// Line and column, from 1.
        place: Option<(usize, usize)>,
        /// What is wrong.
        reason: String,
        /// Cargo may know better: the text is TOML, but its meaning is not known here.
        ask_cargo: bool,
    },
    /// A package, target or pattern that was asked for does not exist.
    NoSuch {
        /// What was asked for and where, with the nearest name.
        message: String,
    },
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ManifestError::NotFound { from } => {
                write!(f, "could not find `Cargo.toml` in `{}` or any parent folder", from.display())
            }
            ManifestError::Unreadable { path, reason } => {
                write!(f, "cannot read manifest `{}`: {reason}", path.display())
            }
            ManifestError::Broken { path, place, reason, .. } => {
                write!(f, "broken manifest: {}", path.display())?;
                if let Some((line, column)) = place {
                    write!(f, ":{line}:{column}")?;
                }
                write!(f, ": {reason}")
            }
            ManifestError::NoSuch { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for ManifestError {}

/// The edition that a manifest names.
pub(crate) fn edition_of(text: &str) -> Option<Edition> {
    match text {
        "2015" => Some(Edition::E2015),
        "2018" => Some(Edition::E2018),
        "2021" => Some(Edition::E2021),
        "2024" => Some(Edition::E2024),
        _ => None,
    }
}

/// The edition as a manifest names it.
pub fn edition_text(edition: Edition) -> &'static str {
    match edition {
        Edition::E2015 => "2015",
        Edition::E2018 => "2018",
        Edition::E2021 => "2021",
        Edition::E2024 => "2024",
    }
}

/// `1.70.0` and `1.70` as 1 and 70.
pub(crate) fn rust_version_of(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().split(['.', '-', '+']);
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0);
    Some((major, minor))
}
