//! The shape of a `Cargo.toml`, as far as it matters here; everything else in it is ignored.

use super::{DependencySection, ManifestError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Value;
use toml::de::{DeTable, DeValue};

/// One manifest as written.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The file.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) raw: RawManifest,
}

impl Manifest {
    /// Reads and parses a manifest.
    pub(super) fn read(path: &Path) -> Result<Manifest, ManifestError> {
        let text = crate::text_file::read(path).map_err(|error| ManifestError::Unreadable {
            path: path.to_path_buf(),
            reason: crate::reason_of(&error),
        })?;
        let raw = toml::from_str::<RawManifest>(&text).map_err(|error| ManifestError::Broken {
            path: path.to_path_buf(),
            place: error.span().map(|span| place_of(&text, span.start)),
            reason: error.message().lines().collect::<Vec<_>>().join(", "),
            // Text that is TOML but not of this shape may be of a shape that a newer cargo knows.
            ask_cargo: toml::from_str::<toml::Table>(&text).is_ok(),
        })?;
        Ok(Manifest { path: path.to_path_buf(), raw })
    }

    /// The folder it stands in.
    pub(super) fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// A problem with what it says under these keys; elements of arrays by their numbers. Cargo may know better.
    pub(super) fn undecided(&self, keys: &[&str], reason: impl Into<String>) -> ManifestError {
        ManifestError::Broken {
            path: self.path.clone(),
            place: self.place(keys),
            reason: reason.into(),
            ask_cargo: true,
        }
    }

    /// Line and column of a value, from 1. Errors are rare: the text is not kept for them.
    pub(super) fn place(&self, keys: &[&str]) -> Option<(usize, usize)> {
        let text = crate::text_file::read(&self.path).ok()?;
        let table = DeTable::parse(&text).ok()?;
        let (first, rest) = keys.split_first()?;
        let mut value = table.get_ref().get(*first)?;
        for key in rest {
            value = match value.get_ref() {
                DeValue::Table(table) => table.get(*key)?,
                DeValue::Array(array) => array.get(key.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(place_of(&text, value.span().start))
    }
}

fn place_of(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawManifest {
    #[serde(alias = "project")]
    pub(super) package: Option<RawPackage>,
    pub(super) workspace: Option<RawWorkspace>,
    pub(super) lib: Option<RawTarget>,
    #[serde(default)]
    pub(super) bin: Vec<RawTarget>,
    #[serde(default)]
    pub(super) test: Vec<RawTarget>,
    #[serde(default)]
    pub(super) example: Vec<RawTarget>,
    #[serde(default)]
    pub(super) bench: Vec<RawTarget>,
    #[serde(default)]
    pub(super) dependencies: BTreeMap<String, Value>,
    #[serde(default, alias = "dev_dependencies")]
    pub(super) dev_dependencies: BTreeMap<String, Value>,
    #[serde(default, alias = "build_dependencies")]
    pub(super) build_dependencies: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) target: BTreeMap<String, RawDependencies>,
    #[serde(default)]
    pub(super) profile: BTreeMap<String, RawProfile>,
    #[serde(default)]
    pub(super) patch: BTreeMap<String, BTreeMap<String, Value>>,
}

impl RawManifest {
    /// Every table of dependencies, those of all platforms together.
    pub(super) fn dependency_tables(&self) -> impl Iterator<Item = (DependencySection, &BTreeMap<String, Value>)> {
        let own = [
            (DependencySection::Normal, &self.dependencies),
            (DependencySection::Dev, &self.dev_dependencies),
            (DependencySection::Build, &self.build_dependencies),
        ];
        let of_platforms = self.target.values().flat_map(|platform| {
            [
                (DependencySection::Normal, &platform.dependencies),
                (DependencySection::Dev, &platform.dev_dependencies),
                (DependencySection::Build, &platform.build_dependencies),
            ]
        });
        own.into_iter().chain(of_platforms)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawPackage {
    pub(super) name: String,
    pub(super) version: Option<Value>,
    pub(super) edition: Option<Value>,
    pub(super) rust_version: Option<Value>,
    pub(super) publish: Option<Value>,
    pub(super) workspace: Option<String>,
    pub(super) build: Option<Value>,
    pub(super) autolib: Option<bool>,
    pub(super) autobins: Option<bool>,
    pub(super) autotests: Option<bool>,
    pub(super) autoexamples: Option<bool>,
    pub(super) autobenches: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawWorkspace {
    pub(super) members: Option<Vec<String>>,
    pub(super) default_members: Option<Vec<String>>,
    #[serde(default)]
    pub(super) exclude: Vec<String>,
    #[serde(default)]
    pub(super) package: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) dependencies: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawTarget {
    pub(super) name: Option<String>,
    pub(super) path: Option<String>,
    pub(super) edition: Option<String>,
    #[serde(alias = "crate_type")]
    pub(super) crate_type: Option<Vec<String>>,
    #[serde(alias = "proc_macro")]
    pub(super) proc_macro: Option<bool>,
    pub(super) test: Option<bool>,
    pub(super) doctest: Option<bool>,
    pub(super) doc: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawDependencies {
    #[serde(default)]
    pub(super) dependencies: BTreeMap<String, Value>,
    #[serde(default, alias = "dev_dependencies")]
    pub(super) dev_dependencies: BTreeMap<String, Value>,
    #[serde(default, alias = "build_dependencies")]
    pub(super) build_dependencies: BTreeMap<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RawProfile {
    pub(super) panic: Option<String>,
}

/// Whether a key says `{ workspace = true }`.
pub(super) fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
