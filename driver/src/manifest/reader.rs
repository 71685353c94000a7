//! Manifests on disk, each read once: workspaces, members and packages by cargo's rules.

use super::raw::{Manifest, is_inherited};
use super::targets::targets_of;
use super::{DependencySection, ManifestError, Package, PackageDependency, edition_of, rust_version_of};
use crate::glob;
use crate::paths;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::Edition;
use thread_lints::source::frontmatter;
use toml::Value;

/// How far down in a file the manifest of a cargo script may begin.
const SCRIPT_HEAD: u64 = 512;

/// The nearest `Cargo.toml` in a folder or above it.
pub fn find_manifest(from: &Path) -> Result<PathBuf, ManifestError> {
    from.ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|manifest| manifest.is_file())
        .ok_or_else(|| ManifestError::NotFound { from: from.to_path_buf() })
}

/// The manifest with the `[workspace]` of another, or why it cannot be told.
pub(super) type Root = Result<Option<Arc<Manifest>>, ManifestError>;

/// Reads manifests, each once.
#[derive(Debug, Default)]
pub struct Reader {
    manifests: FxHashMap<PathBuf, Result<Arc<Manifest>, ManifestError>>,
    packages: FxHashMap<PathBuf, Result<Arc<Package>, ManifestError>>,
    roots: FxHashMap<PathBuf, Root>,
}

impl Reader {
    /// The package of a manifest.
    pub fn package(&mut self, manifest_path: &Path) -> Result<Arc<Package>, ManifestError> {
        if let Some(known) = self.packages.get(manifest_path) {
            return known.clone();
        }
        let package = self.read_package(manifest_path).map(Arc::new);
        self.packages.insert(manifest_path.to_path_buf(), package.clone());
        package
    }

    /// Remembers a package that cargo told of.
    pub(super) fn remember(&mut self, package: Arc<Package>) {
        self.packages.insert(package.manifest_path.clone(), Ok(package));
    }

    /// The edition that holds for a loose file: its own where it is a cargo script, that of the nearest manifest above it, or
    /// the newest.
    pub fn edition_near(&mut self, file: &Path) -> Edition {
        if let Some(edition) = edition_of_script(file) {
            return edition;
        }
        let Ok(manifest_path) = find_manifest(file.parent().unwrap_or(file)) else {
            return Edition::E2024;
        };
        let Ok(manifest) = self.manifest(&manifest_path) else {
            return Edition::E2024;
        };
        let Some(package) = &manifest.raw.package else {
            return Edition::E2024;
        };
        let root = self.workspace_root(&manifest).ok().flatten();
        edition(&manifest, root.as_deref(), package.edition.as_ref()).unwrap_or(Edition::E2024)
    }

    /// The manifest at a path.
    pub(super) fn manifest(&mut self, path: &Path) -> Result<Arc<Manifest>, ManifestError> {
        if let Some(known) = self.manifests.get(path) {
            return known.clone();
        }
        let manifest = Manifest::read(path).map(Arc::new);
        self.manifests.insert(path.to_path_buf(), manifest.clone());
        manifest
    }

    /// The manifest with the `[workspace]` that a manifest belongs to, itself included; `None` where there is none.
    pub(super) fn workspace_root(&mut self, manifest: &Arc<Manifest>) -> Root {
        if let Some(known) = self.roots.get(&manifest.path) {
            return known.clone();
        }
        let root = self.find_workspace_root(manifest);
        self.roots.insert(manifest.path.clone(), root.clone());
        root
    }

    fn find_workspace_root(&mut self, manifest: &Arc<Manifest>) -> Root {
        if manifest.raw.workspace.is_some() {
            return Ok(Some(Arc::clone(manifest)));
        }
        if let Some(named) = self.named_root(manifest)? {
            return Ok(Some(named));
        }
        // Cargo's own folder of unpacked packages is never part of somebody's workspace.
        let cargo_home = cargo_home();
        let mut below = manifest.dir();
        while let Some(folder) = below.parent() {
            // Nor are the copies that `cargo package` builds.
            if Some(below) == cargo_home.as_deref() || folder.ends_with("target/package") {
                return Ok(None);
            }
            below = folder;
            let path = folder.join("Cargo.toml");
            if !path.is_file() {
                continue;
            }
            let candidate = self.manifest(&path)?;
            if candidate.raw.workspace.is_none() {
                if let Some(named) = self.named_root(&candidate)? {
                    return Ok(Some(named));
                }
            } else if !is_excluded(&candidate, &manifest.path) {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// The root that `package.workspace` names.
    fn named_root(&mut self, manifest: &Manifest) -> Root {
        let Some(named) = manifest.raw.package.as_ref().and_then(|package| package.workspace.as_ref()) else {
            return Ok(None);
        };
        let path = paths::absolute(manifest.dir(), &Path::new(named).join("Cargo.toml"));
        let root = self.manifest(&path).map_err(|error| match error {
            ManifestError::Unreadable { path, reason } => {
                manifest.undecided(&["package", "workspace"], format!("cannot read `{}`: {reason}", path.display()))
            }
            other => other,
        })?;
        if root.raw.workspace.is_none() {
            let reason = format!("`{}` has no `[workspace]`", path.display());
            return Err(manifest.undecided(&["package", "workspace"], reason));
        }
        Ok(Some(root))
    }

    /// The manifests of a workspace's members, in order of path: those that its patterns name, and their path
    /// dependencies that lie below its folder or point to it.
    pub(super) fn members(&mut self, root: &Arc<Manifest>) -> Result<BTreeSet<PathBuf>, ManifestError> {
        let mut members = BTreeSet::new();
        let mut to_visit = Vec::new();
        if root.raw.package.is_some() {
            to_visit.push(root.path.clone());
        }
        let workspace = root.raw.workspace.as_ref();
        let patterns = workspace.and_then(|workspace| workspace.members.as_ref()).into_iter().flatten();
        for (index, pattern) in patterns.enumerate() {
            to_visit.extend(manifests_of(root, ("members", index), pattern)?);
        }
        while let Some(path) = to_visit.pop() {
            if members.contains(&path) {
                continue;
            }
            let manifest = self.manifest(&path)?;
            members.insert(path);
            for dependency in self.path_dependencies(&manifest) {
                if !dependency.is_file() || is_excluded(root, &dependency) {
                    continue;
                }
                if dependency.starts_with(root.dir()) || self.points_to(root, &dependency) {
                    to_visit.push(dependency);
                }
            }
        }
        Ok(members)
    }

    /// The manifests of `default-members`.
    pub(super) fn default_members(&mut self, root: &Arc<Manifest>) -> Result<Option<BTreeSet<PathBuf>>, ManifestError> {
        let workspace = root.raw.workspace.as_ref();
        let Some(patterns) = workspace.and_then(|workspace| workspace.default_members.as_ref()) else {
            return Ok(None);
        };
        let mut members = BTreeSet::new();
        for (index, pattern) in patterns.iter().enumerate() {
            members.extend(manifests_of(root, ("default-members", index), pattern)?);
        }
        Ok(Some(members))
    }

    /// Whether the manifest of a folder outside belongs to a workspace nevertheless.
    fn points_to(&mut self, root: &Manifest, outside: &Path) -> bool {
        let Ok(manifest) = self.manifest(outside) else {
            return false;
        };
        let own = self.workspace_root(&manifest);
        own.is_ok_and(|own| own.is_some_and(|own| own.path == root.path))
    }

    fn path_dependencies(&mut self, manifest: &Arc<Manifest>) -> Vec<PathBuf> {
        let root = self.workspace_root(manifest).ok().flatten();
        let mut found = Vec::new();
        for (_, table) in manifest.raw.dependency_tables() {
            for (key, value) in table {
                if let Some(folder) = declared_path(manifest, root.as_deref(), key, value) {
                    found.push(folder.join("Cargo.toml"));
                }
            }
        }
        found
    }

    fn read_package(&mut self, manifest_path: &Path) -> Result<Package, ManifestError> {
        let manifest = self.manifest(manifest_path)?;
        let Some(package) = &manifest.raw.package else {
            return Err(manifest.undecided(&["workspace"], "there is no `[package]`"));
        };
        let root = self.workspace_root(&manifest)?;
        let root = root.as_deref();
        let edition = edition(&manifest, root, package.edition.as_ref())?;
        let inherited_text = |key: &str, value: Option<&Value>| match inherited(&manifest, root, key, value)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(manifest.undecided(&["package", key], format!("`{key}` is not a string"))),
        };
        let version = inherited_text("version", package.version.as_ref())?;
        let rust_version = inherited_text("rust-version", package.rust_version.as_ref())?;
        let publish = match inherited(&manifest, root, "publish", package.publish.as_ref())? {
            Some(Value::Boolean(publish)) => publish,
            Some(Value::Array(registries)) => !registries.is_empty(),
            // Without a version there is nothing to publish.
            _ => version.is_some(),
        };
        let mut dependencies = Vec::new();
        for (section, table) in manifest.raw.dependency_tables() {
            for (key, value) in table {
                let dependency = read_dependency(&manifest, root, section, key, value);
                if !dependencies.contains(&dependency) {
                    dependencies.push(dependency);
                }
            }
        }
        let targets = targets_of(&manifest, &package.name, edition)?;
        if targets.is_empty() {
            let reason = "no targets: neither `src/lib.rs`, `src/main.rs`, a `[lib]` nor a `[[bin]]`";
            return Err(manifest.undecided(&["package"], reason));
        }
        Ok(Package {
            name: package.name.clone(),
            version: version.unwrap_or_else(|| String::from("0.0.0")),
            edition,
            rust_version: rust_version.as_deref().and_then(rust_version_of),
            publish,
            manifest_path: manifest.path.clone(),
            targets,
            dependencies,
        })
    }
}

/// Whether the release or dev profile of a root manifest aborts on a panic.
pub(super) fn aborts_on_panic(root: &Manifest) -> bool {
    let profiles = ["release", "dev"].iter().filter_map(|name| root.raw.profile.get(*name));
    profiles.into_iter().any(|profile| profile.panic.as_deref() == Some("abort"))
}

/// The manifests that an entry of the workspace's `members` or `default-members` means.
fn manifests_of(root: &Manifest, entry: (&str, usize), pattern: &str) -> Result<Vec<PathBuf>, ManifestError> {
    let wrong = |reason: String| {
        let (key, index) = entry;
        ManifestError::Broken {
            path: root.path.clone(),
            place: root.place(&["workspace", key, &index.to_string()]),
            reason,
            ask_cargo: false,
        }
    };
    if !glob::is_pattern(pattern) {
        let path = paths::absolute(root.dir(), &Path::new(pattern).join("Cargo.toml"));
        if is_excluded(root, &path) {
            return Ok(Vec::new());
        }
        if !path.is_file() {
            return Err(wrong(format!("`{pattern}` is listed as a member, but there is no `{}`", path.display())));
        }
        return Ok(vec![path]);
    }
    let folders = glob::folders(root.dir(), pattern);
    if folders.is_empty() {
        return Err(wrong(format!("no folder fits `{pattern}`")));
    }
    // A folder without a manifest is left over from another branch, most often: cargo refuses it, here it is passed over.
    let manifests = folders.iter().map(|folder| paths::normal(&folder.join("Cargo.toml")));
    Ok(manifests.filter(|path| path.is_file() && !is_excluded(root, path)).collect())
}

fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Whether a workspace leaves a manifest out: under an `exclude` path and not listed as a member.
fn is_excluded(root: &Manifest, manifest_path: &Path) -> bool {
    let Some(workspace) = &root.raw.workspace else {
        return false;
    };
    let under = |paths: &[String]| {
        paths.iter().any(|path| manifest_path.starts_with(paths::absolute(root.dir(), Path::new(path))))
    };
    under(&workspace.exclude) && !under(workspace.members.as_deref().unwrap_or_default())
}

fn edition(manifest: &Manifest, root: Option<&Manifest>, written: Option<&Value>) -> Result<Edition, ManifestError> {
    let Some(value) = inherited(manifest, root, "edition", written)? else {
        return Ok(Edition::E2015);
    };
    let Some(text) = value.as_str() else {
        return Err(manifest.undecided(&["package", "edition"], "`edition` is not a string"));
    };
    edition_of(text).ok_or_else(|| manifest.undecided(&["package", "edition"], format!("unknown edition `{text}`")))
}

/// The edition of a package in a single file; the newest where its manifest names none.
fn edition_of_script(file: &Path) -> Option<Edition> {
    // Most files are none, as their first bytes tell.
    if !file.is_file() {
        return None;
    }
    let mut head = Vec::new();
    std::fs::File::open(file).ok()?.take(SCRIPT_HEAD).read_to_end(&mut head).ok()?;
    if !head.windows(3).any(|bytes| bytes == b"---") {
        return None;
    }
    let text = crate::text_file::read(file).ok()?;
    let manifest = frontmatter(&text)?.text(&text);
    let table = toml::from_str::<toml::Table>(manifest).unwrap_or_default();
    let edition = table.get("package").and_then(|package| package.get("edition")).and_then(Value::as_str);
    Some(edition.and_then(edition_of).unwrap_or(Edition::E2024))
}

/// A key of `[package]`, looked up in the workspace where it says `workspace = true`.
fn inherited(
    manifest: &Manifest,
    root: Option<&Manifest>,
    key: &str,
    written: Option<&Value>,
) -> Result<Option<Value>, ManifestError> {
    let Some(value) = written else {
        return Ok(None);
    };
    if !is_inherited(value) {
        return Ok(Some(value.clone()));
    }
    let wrong = |reason: &str| manifest.undecided(&["package", key], format!("`{key}.workspace = true`, but {reason}"));
    let workspace = root.and_then(|root| root.raw.workspace.as_ref()).ok_or_else(|| wrong("no workspace was found"))?;
    let value = workspace.package.get(key).cloned();
    value.map(Some).ok_or_else(|| wrong(&format!("the workspace sets no `workspace.package.{key}`")))
}

fn read_dependency(
    manifest: &Manifest,
    root: Option<&Manifest>,
    section: DependencySection,
    key: &str,
    value: &Value,
) -> PackageDependency {
    let (_, source) = dependency_source(manifest, root, key, value);
    let package = source.get("package").and_then(Value::as_str);
    PackageDependency {
        alias: key.replace('-', "_"),
        renamed: package.is_some_and(|package| package != key),
        package: package.unwrap_or(key).to_owned(),
        path: declared_path(manifest, root, key, value).or_else(|| patched_path(manifest, root, key, value)),
        section,
    }
}

/// The folder of a path dependency: its own `path`, or the workspace's.
fn declared_path(manifest: &Manifest, root: Option<&Manifest>, key: &str, value: &Value) -> Option<PathBuf> {
    let (declared_in, source) = dependency_source(manifest, root, key, value);
    let path = source.get("path").and_then(Value::as_str)?;
    Some(paths::absolute(declared_in.dir(), Path::new(path)))
}

/// The folder that a `[patch]` of the workspace puts in place of a dependency.
fn patched_path(manifest: &Manifest, root: Option<&Manifest>, key: &str, value: &Value) -> Option<PathBuf> {
    let (_, source) = dependency_source(manifest, root, key, value);
    let package = source.get("package").and_then(Value::as_str).unwrap_or(key);
    let root = root?;
    let patched = root.raw.patch.values().flatten().find_map(|(patch_key, patch)| {
        let patched = patch.get("package").and_then(Value::as_str).unwrap_or(patch_key);
        (patched == package).then(|| patch.get("path").and_then(Value::as_str)).flatten()
    })?;
    Some(paths::absolute(root.dir(), Path::new(patched)))
}

/// Where a dependency is described, and how: in the manifest itself or in `[workspace.dependencies]`.
fn dependency_source<'v>(
    manifest: &'v Manifest,
    root: Option<&'v Manifest>,
    key: &str,
    value: &'v Value,
) -> (&'v Manifest, &'v Value) {
    if !is_inherited(value) {
        return (manifest, value);
    }
    let shared = root.and_then(|root| {
        let workspace = root.raw.workspace.as_ref()?;
        Some((root, workspace.dependencies.get(key)?))
    });
    shared.unwrap_or((manifest, value))
}
