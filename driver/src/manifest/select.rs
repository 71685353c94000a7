//! Which packages a run is about: as cargo decides it from the folder, `-p`, `--workspace` and `--exclude`.

use super::raw::Manifest;
use super::reader::{Reader, aborts_on_panic};
use super::{ManifestError, Package, metadata};
use crate::glob;
use crate::nearest::nearest;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which packages are asked for.
#[derive(Clone, Debug, Default)]
pub struct PackageSelection {
    /// `-p`: names, patterns or package id specifications.
    pub packages: Vec<String>,
    /// `--workspace`
    pub workspace: bool,
    /// `--exclude`: names or patterns.
    pub exclude: Vec<String>,
}

/// The packages that were asked for.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The folder of the workspace, or of the package where there is none.
    pub root: PathBuf,
    /// The packages, in order of their manifests' paths.
    pub packages: Vec<Arc<Package>>,
    /// The workspace's profiles abort on a panic.
    pub panic_abort: bool,
    /// What was asked for and had no effect.
    pub warnings: Vec<String>,
}

/// The packages that are meant when a command is run on the manifest at `manifest_path`.
pub fn select(
    reader: &mut Reader,
    manifest_path: &Path,
    selection: &PackageSelection,
) -> Result<Selected, ManifestError> {
    let direct = select_directly(reader, manifest_path, selection);
    if !matches!(direct, Err(ManifestError::Broken { ask_cargo: true, .. })) {
        return direct;
    }
    let Some(told) = metadata::ask_cargo(manifest_path) else {
        return direct;
    };
    let members = Members {
        root: told.root,
        all: told.members,
        default: told.default_members,
        current: Some(manifest_path.to_path_buf()),
        panic_abort: reader.manifest(&told.root_manifest).is_ok_and(|root| aborts_on_panic(&root)),
    };
    for package in &members.all {
        reader.remember(Arc::clone(package));
    }
    choose(members, selection)
}

fn select_directly(
    reader: &mut Reader,
    manifest_path: &Path,
    selection: &PackageSelection,
) -> Result<Selected, ManifestError> {
    let manifest = reader.manifest(manifest_path)?;
    if manifest.raw.package.is_none() && manifest.raw.workspace.is_none() {
        return Err(manifest.undecided(&[], "it has neither a `[package]` nor a `[workspace]`"));
    }
    let root = reader.workspace_root(&manifest)?.unwrap_or_else(|| Arc::clone(&manifest));
    let members = read_members(reader, &manifest, &root, selection)?;
    choose(members, selection)
}

/// The packages of a workspace that a selection can mean.
struct Members {
    root: PathBuf,
    all: Vec<Arc<Package>>,
    default: Vec<PathBuf>,
    /// The manifest that the command was run on.
    current: Option<PathBuf>,
    panic_abort: bool,
}

/// Reads no more manifests than the selection needs.
fn read_members(
    reader: &mut Reader,
    manifest: &Arc<Manifest>,
    root: &Arc<Manifest>,
    selection: &PackageSelection,
) -> Result<Members, ManifestError> {
    let is_root = manifest.path == root.path;
    let default = if is_root { reader.default_members(root)? } else { None };
    let only_this = manifest.raw.package.is_some() && default.is_none();
    let paths = if selection.workspace || !selection.packages.is_empty() {
        let mut members = reader.members(root)?;
        // A package that believes itself in a workspace that does not list it is still linted on its own.
        if manifest.raw.package.is_some() {
            members.insert(manifest.path.clone());
        }
        members
    } else if only_this {
        [manifest.path.clone()].into()
    } else if let Some(default) = default.clone() {
        default
    } else {
        reader.members(root)?
    };
    let mut all = Vec::new();
    for path in &paths {
        all.push(reader.package(path)?);
    }
    let default = if only_this { vec![manifest.path.clone()] } else { default.unwrap_or(paths).into_iter().collect() };
    Ok(Members { root: root.dir().to_path_buf(), all, default, current: None, panic_abort: aborts_on_panic(root) })
}

fn choose(members: Members, selection: &PackageSelection) -> Result<Selected, ManifestError> {
    let mut warnings = Vec::new();
    let root_display = members.root.display();
    let packages: Vec<Arc<Package>> = if selection.workspace {
        for pattern in &selection.exclude {
            if !members.all.iter().any(|package| names(pattern, package)) {
                warnings.push(format!("excluded package `{pattern}` not found in workspace `{root_display}`"));
            }
        }
        let kept =
            members.all.iter().filter(|package| !selection.exclude.iter().any(|pattern| names(pattern, package)));
        kept.cloned().collect()
    } else if !selection.packages.is_empty() {
        let mut chosen: Vec<Arc<Package>> = Vec::new();
        for pattern in &selection.packages {
            let found: Vec<_> = members.all.iter().filter(|package| names(pattern, package)).collect();
            if found.is_empty() {
                return Err(no_such_package(pattern, &members));
            }
            for package in found {
                if !chosen.iter().any(|known| known.manifest_path == package.manifest_path) {
                    chosen.push(Arc::clone(package));
                }
            }
        }
        chosen.sort_by(|a, b| a.manifest_path.cmp(&b.manifest_path));
        chosen
    } else {
        let current =
            members.all.iter().filter(|package| members.current.as_deref() == Some(package.manifest_path.as_path()));
        let current: Vec<_> = current.cloned().collect();
        let default =
            members.all.iter().filter(|package| members.default.iter().any(|path| *path == package.manifest_path));
        if current.is_empty() { default.cloned().collect() } else { current }
    };
    if members.all.is_empty() {
        warnings.push(format!("the workspace `{root_display}` has no members"));
    }
    Ok(Selected { root: members.root, packages, panic_abort: members.panic_abort, warnings })
}

fn no_such_package(pattern: &str, members: &Members) -> ManifestError {
    let names = members.all.iter().map(|package| package.name.as_str());
    let mut message = format!("package `{pattern}` not found in workspace `{}`", members.root.display());
    if let Some(meant) = nearest(wanted_name(pattern), names) {
        message.push_str(&format!("; did you mean `{meant}`?"));
    }
    ManifestError::NoSuch { message }
}

/// Whether a name, pattern or package id specification means a package.
fn names(specification: &str, package: &Package) -> bool {
    if let Some(address) = address_of(specification) {
        return names_by_address(address, package);
    }
    if glob::is_pattern(specification) {
        return glob::matches(specification, &package.name);
    }
    match specification.split_once(['@', ':']) {
        Some((name, version)) => name == package.name && fits_version(version, &package.version),
        None => specification == package.name,
    }
}

/// `path+file:///dir#name@1.2.3` without what stands before the `+`.
fn address_of(specification: &str) -> Option<&str> {
    let address = match specification.split_once('+') {
        Some((kind, address)) if kind.chars().all(|c| c.is_ascii_alphabetic()) => address,
        _ => specification,
    };
    address.contains("://").then_some(address)
}

fn names_by_address(address: &str, package: &Package) -> bool {
    let (place, fragment) = match address.split_once('#') {
        Some((place, fragment)) => (place, Some(fragment)),
        None => (address, None),
    };
    let is_local = place.starts_with("file://");
    if is_local && place.trim_end_matches('/') != crate::paths::file_url(package.dir()) {
        return false;
    }
    let by_place = is_local || place.rsplit('/').next() == Some(package.name.as_str());
    match fragment {
        None => by_place,
        Some(fragment) => match fragment.split_once(['@', ':']) {
            Some((name, version)) => name == package.name && fits_version(version, &package.version),
            None if fragment.starts_with(|c: char| c.is_ascii_digit()) => {
                by_place && fits_version(fragment, &package.version)
            }
            None => fragment == package.name,
        },
    }
}

/// `1.2` fits `1.2.3`.
fn fits_version(wanted: &str, version: &str) -> bool {
    version == wanted || version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(['.', '-', '+']))
}

fn wanted_name(specification: &str) -> &str {
    let after_hash = specification.rsplit('#').next().unwrap_or(specification);
    after_hash.split(['@', ':']).next().unwrap_or(after_hash)
}
