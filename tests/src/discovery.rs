//! Which packages and targets the tool sees, beside what `cargo metadata --no-deps` says of the same manifest.
//!
//! Invariant: what is not the same shows as a line that only one of the two has. Order is left out: the tool's own is by path.

use cargo_thread_lint::manifest::{
    DependencySection, Package, PackageSelection, Reader, Selected, edition_text, select,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use thread_lints::TargetKind;

/// One manifest, seen twice. An error is what is said to the user.
#[derive(Debug)]
pub struct Compared {
    /// What cargo says.
    pub cargo: Result<View, String>,
    /// What the tool says.
    pub ours: Result<View, String>,
}

/// The packages of a workspace, as lines that can be compared.
#[derive(Debug, Default)]
pub struct View {
    /// The workspace's folder, the default members, packages, targets and dependencies.
    pub lines: BTreeSet<String>,
    /// How many packages there are.
    pub packages: usize,
    /// How many targets they have.
    pub targets: usize,
    /// The folder of each path dependency, by the line of the dependency.
    paths: BTreeMap<String, String>,
}

impl Compared {
    /// What the two say of the manifest at an absolute path, as if each was run in its folder.
    pub fn at(manifest: &Path) -> Compared {
        Compared { cargo: of_cargo(manifest), ours: ours(manifest) }
    }

    /// The lines that only one of them has, and the errors; none where both say the same or both refuse.
    pub fn differences(&self) -> Vec<String> {
        let (cargo, ours) = match (&self.cargo, &self.ours) {
            (Ok(cargo), Ok(ours)) => (cargo, ours),
            (Err(_), Err(_)) => return Vec::new(),
            (Ok(_), Err(error)) => return vec![format!("only cargo reads it: {error}")],
            (Err(error), Ok(_)) => return vec![format!("cargo refuses it: {error}")],
        };
        let mut differences = Vec::new();
        differences.extend(cargo.lines.difference(&ours.lines).map(|line| format!("only cargo: {line}")));
        differences.extend(ours.lines.difference(&cargo.lines).map(|line| format!("only here: {line}")));
        // A `[patch]` gives other dependencies a folder, which cargo leaves to its resolver.
        let paths = cargo.paths.iter().filter(|(line, path)| ours.paths.get(*line) != Some(path));
        differences.extend(paths.map(|(line, path)| format!("only cargo: {line} in {path}")));
        differences
    }
}

fn of_cargo(manifest: &Path) -> Result<View, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"]).arg(manifest);
    let output = cargo.output().map_err(|error| format!("cargo does not run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let mut view = View::default();
    view.lines.insert(format!("root {}", text(&metadata, "workspace_root")));
    let default_members = list(&metadata, "workspace_default_members").into_iter();
    view.lines.extend(default_members.map(|id| format!("default {id}")));
    for package in items(&metadata, "packages") {
        let publish = package["publish"].as_array().is_none_or(|registries| !registries.is_empty());
        let name = text(package, "name");
        let rust_version = rust_version(package["rust_version"].as_str());
        let described = [text(package, "id"), text(package, "version"), text(package, "edition"), &rust_version];
        view.package(described, publish);
        for target in items(package, "targets") {
            let kinds = list(target, "kind");
            let of_its_own = ["bin", "test", "example", "bench", "custom-build"];
            let kind = of_its_own.into_iter().find(|kind| kinds.first().is_some_and(|first| first == kind));
            let flags = ["doc", "doctest", "test"].map(|key| target[key].as_bool() == Some(true));
            let path = without_dots(text(target, "src_path"));
            let described = [name, kind.unwrap_or("lib"), text(target, "name"), &path];
            view.target(described, text(target, "edition"), &list(target, "crate_types"), flags);
        }
        for dependency in items(package, "dependencies") {
            let rename = dependency["rename"].as_str();
            let alias = rename.unwrap_or(text(dependency, "name"));
            let section = dependency["kind"].as_str().unwrap_or("normal");
            let described = [name, section, alias, text(dependency, "name")];
            view.dependency(described, dependency["path"].as_str());
        }
    }
    Ok(view)
}

fn ours(manifest: &Path) -> Result<View, String> {
    let chosen = |selection: PackageSelection| -> Result<Selected, String> {
        select(&mut Reader::default(), manifest, &selection).map_err(|error| error.to_string())
    };
    let all = chosen(PackageSelection { workspace: true, ..PackageSelection::default() })?;
    let default = chosen(PackageSelection::default())?;
    let mut view = View::default();
    view.lines.insert(format!("root {}", all.root.display()));
    view.lines.extend(default.packages.iter().map(|package| format!("default {}", package.id())));
    all.packages.iter().for_each(|package| view.add(package));
    Ok(view)
}

impl View {
    fn add(&mut self, package: &Package) {
        let rust_version = package.rust_version.map(|(major, minor)| format!("{major}.{minor}"));
        let rust_version = rust_version.unwrap_or_else(|| String::from("-"));
        let described = [&package.id(), &package.version, edition_text(package.edition), &rust_version];
        self.package(described, package.publish);
        for target in &package.targets {
            let kind = match target.kind {
                TargetKind::Lib | TargetKind::Loose => "lib",
                TargetKind::Bin => "bin",
                TargetKind::Test => "test",
                TargetKind::Example => "example",
                TargetKind::Bench => "bench",
                TargetKind::BuildScript => "custom-build",
            };
            let path = target.path.display().to_string();
            let flags = [target.doc, target.doctest, target.test];
            let described = [&package.name, kind, &target.name, &path];
            self.target(described, edition_text(target.edition), &target.crate_types, flags);
        }
        for dependency in &package.dependencies {
            let section = match dependency.section {
                DependencySection::Normal => "normal",
                DependencySection::Dev => "dev",
                DependencySection::Build => "build",
            };
            let path = dependency.path.as_ref().map(|path| path.display().to_string());
            let described = [&package.name, section, &dependency.alias, &dependency.package];
            self.dependency(described, path.as_deref());
        }
    }

    fn package(&mut self, [id, version, edition, rust]: [&str; 4], publish: bool) {
        self.lines.insert(format!("package {id} version={version} edition={edition} rust={rust} publish={publish}"));
        self.packages += 1;
    }

    fn target(&mut self, [package, kind, name, path]: [&str; 4], edition: &str, types: &[String], flags: [bool; 3]) {
        let [doc, doctest, test] = flags;
        let flags = format!("doc={doc} doctest={doctest} test={test}");
        self.lines.insert(format!("{package} {kind} {name} {path} {edition} {types:?} {flags}"));
        self.targets += 1;
    }

    fn dependency(&mut self, [package, section, alias, name]: [&str; 4], path: Option<&str>) {
        let alias = alias.replace('-', "_");
        let line = format!("{package} names {section} dependency {name} as {alias}");
        if let Some(path) = path {
            self.paths.insert(line.clone(), path.to_owned());
        }
        self.lines.insert(line);
    }
}

/// Cargo leaves `..` in the paths of targets outside the package.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// `1.70.0` as `1.70`: the tool knows no more of it.
fn rust_version(text: Option<&str>) -> String {
    let parts: Vec<&str> = text.unwrap_or("-").split('.').take(2).collect();
    if parts.len() == 1 && parts != ["-"] { format!("{}.0", parts[0]) } else { parts.join(".") }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("-")
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[][..], Vec::as_slice)
}

fn list(value: &Value, key: &str) -> Vec<String> {
    items(value, key).iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
