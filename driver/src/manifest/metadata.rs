//! What `cargo metadata` says, for the manifests that cannot be read directly.

use super::{DependencySection, Package, PackageDependency, Target, edition_of, rust_version_of};
use serde::Deserialize;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use thread_lints::{Edition, TargetKind};

/// Cargo needs a fraction of a second; a manifest that is a pipe it would wait for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A workspace as cargo sees it.
pub(super) struct Told {
    pub(super) root: PathBuf,
    pub(super) root_manifest: PathBuf,
    pub(super) members: Vec<Arc<Package>>,
    pub(super) default_members: Vec<PathBuf>,
}

/// Asks cargo; `None` where cargo cannot read it either, cannot be run, or does not answer.
///
/// It is run at the root of the file system: there cargo finds no `.cargo/config.toml` of the package, which may name programs to
/// run, and rustup no `rust-toolchain.toml`, which may name a folder with a `cargo` of its own or a toolchain to download.
pub(super) fn ask_cargo(manifest_path: &Path) -> Option<Told> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut asked = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(manifest_path)
        .current_dir(manifest_path.ancestors().last()?)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdout = asked.stdout.take()?;
    let (answer, answered) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // Nobody listens once the time is over.
        let _ = answer.send(stdout.read_to_end(&mut bytes).map(|_| bytes));
    });
    let output = answered.recv_timeout(PATIENCE);
    if output.is_err() {
        // It may be gone already.
        let _ = asked.kill();
    }
    let ended = asked.wait();
    // With cargo its end of the pipe is gone.
    reader.join().ok()?;
    let metadata: Metadata = serde_json::from_slice(&output.ok()?.ok()?).ok()?;
    ended.ok()?.success().then(|| told(metadata))
}

fn told(metadata: Metadata) -> Told {
    let members: HashSet<&str> = metadata.workspace_members.iter().map(String::as_str).collect();
    let default: HashSet<&str> = metadata.workspace_default_members.iter().map(String::as_str).collect();
    let default_members = metadata
        .packages
        .iter()
        .filter(|package| default.contains(package.id.as_str()))
        .map(|package| package.manifest_path.clone())
        .collect();
    let mut packages: Vec<Arc<Package>> = metadata
        .packages
        .iter()
        .filter(|package| members.contains(package.id.as_str()))
        .map(|package| Arc::new(package_of(package)))
        .collect();
    packages.sort_by(|a, b| a.manifest_path.cmp(&b.manifest_path));
    Told {
        root_manifest: metadata.workspace_root.join("Cargo.toml"),
        root: metadata.workspace_root,
        members: packages,
        default_members,
    }
}

fn package_of(package: &MetadataPackage) -> Package {
    let edition = edition_of(&package.edition).unwrap_or(Edition::E2024);
    let dependencies = package.dependencies.iter().map(|dependency| PackageDependency {
        alias: dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_"),
        renamed: dependency.rename.is_some(),
        package: dependency.name.clone(),
        path: dependency.path.clone(),
        section: match dependency.kind.as_deref() {
            Some("dev") => DependencySection::Dev,
            Some("build") => DependencySection::Build,
            _ => DependencySection::Normal,
        },
    });
    Package {
        name: package.name.clone(),
        version: package.version.clone(),
        edition,
        rust_version: package.rust_version.as_deref().and_then(rust_version_of),
        publish: package.publish.as_ref().is_none_or(|registries| !registries.is_empty()),
        manifest_path: package.manifest_path.clone(),
        targets: package.targets.iter().filter_map(target_of).collect(),
        dependencies: dependencies.collect(),
    }
}

fn target_of(target: &MetadataTarget) -> Option<Target> {
    let kind = match target.kind.first()?.as_str() {
        "bin" => TargetKind::Bin,
        "test" => TargetKind::Test,
        "example" => TargetKind::Example,
        "bench" => TargetKind::Bench,
        "custom-build" => TargetKind::BuildScript,
        _ => TargetKind::Lib,
    };
    Some(Target {
        kind,
        name: target.name.clone(),
        path: target.src_path.clone(),
        edition: edition_of(&target.edition).unwrap_or(Edition::E2024),
        crate_types: target.crate_types.clone(),
        doc: target.doc,
        doctest: target.doctest,
        test: target.test,
    })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    workspace_members: Vec<String>,
    #[serde(default)]
    workspace_default_members: Vec<String>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct MetadataPackage {
    id: String,
    name: String,
    version: String,
    edition: String,
    rust_version: Option<String>,
    publish: Option<Vec<String>>,
    manifest_path: PathBuf,
    targets: Vec<MetadataTarget>,
    dependencies: Vec<MetadataDependency>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    kind: Vec<String>,
    crate_types: Vec<String>,
    name: String,
    src_path: PathBuf,
    edition: String,
    #[serde(default)]
    doc: bool,
    #[serde(default)]
    doctest: bool,
    #[serde(default)]
    test: bool,
}

#[derive(Deserialize)]
struct MetadataDependency {
    name: String,
    rename: Option<String>,
    path: Option<PathBuf>,
    kind: Option<String>,
}
