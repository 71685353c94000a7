//! The targets of a package: those that its manifest lists and those that cargo finds by their place.

use super::raw::{Manifest, RawTarget};
use super::{ManifestError, Target, edition_of};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use thread_lints::{Edition, TargetKind};
use toml::Value;

/// Every target of a package, in the order library, binaries, examples, tests, benches, build script.
pub(super) fn targets_of(
    manifest: &Manifest,
    package_name: &str,
    edition: Edition,
) -> Result<Vec<Target>, ManifestError> {
    let finder = Finder { manifest, package_name, edition };
    let Some(package) = &manifest.raw.package else {
        return Ok(Vec::new());
    };
    let mut targets = Vec::new();
    targets.extend(finder.library(package.autolib)?);
    targets.extend(finder.of_kind(&BINARIES, &manifest.raw.bin, package.autobins)?);
    targets.extend(finder.of_kind(&EXAMPLES, &manifest.raw.example, package.autoexamples)?);
    targets.extend(finder.of_kind(&TESTS, &manifest.raw.test, package.autotests)?);
    targets.extend(finder.of_kind(&BENCHES, &manifest.raw.bench, package.autobenches)?);
    targets.extend(finder.build_scripts(package.build.as_ref()));
    Ok(targets)
}

/// Where targets of a kind are found.
struct Place {
    kind: TargetKind,
    table: &'static str,
    folder: &'static str,
}

const BINARIES: Place = Place { kind: TargetKind::Bin, table: "bin", folder: "src/bin" };
const EXAMPLES: Place = Place { kind: TargetKind::Example, table: "example", folder: "examples" };
const TESTS: Place = Place { kind: TargetKind::Test, table: "test", folder: "tests" };
const BENCHES: Place = Place { kind: TargetKind::Bench, table: "bench", folder: "benches" };

struct Finder<'m> {
    manifest: &'m Manifest,
    package_name: &'m str,
    edition: Edition,
}

impl Finder<'_> {
    fn dir(&self) -> &Path {
        self.manifest.dir()
    }

    fn library(&self, autodiscover: Option<bool>) -> Result<Option<Target>, ManifestError> {
        let usual = self.dir().join("src/lib.rs");
        let Some(written) = &self.manifest.raw.lib else {
            let found = autodiscover != Some(false) && usual.is_file();
            let name = self.package_name.replace('-', "_");
            return found.then(|| self.target(TargetKind::Lib, name, usual, &RawTarget::default())).transpose();
        };
        let name = written.name.clone().unwrap_or_else(|| self.package_name.replace('-', "_"));
        let path = match &written.path {
            Some(path) => crate::paths::absolute(self.dir(), Path::new(path)),
            None if usual.is_file() => usual,
            // The 2015 edition also looks for a file with the library's name.
            None => Some(self.dir().join(format!("src/{name}.rs"))).filter(|path| path.is_file()).unwrap_or(usual),
        };
        self.target(TargetKind::Lib, name, path, written).map(Some)
    }

    fn of_kind(
        &self,
        place: &Place,
        written: &[RawTarget],
        autodiscover: Option<bool>,
    ) -> Result<Vec<Target>, ManifestError> {
        let found = self.discover(place);
        let mut targets = Vec::new();
        for raw in written {
            let Some(name) = raw.name.clone().or_else(|| self.implied_name(place, raw)) else {
                let reason = format!("a `[[{}]]` has no name", place.table);
                return Err(self.manifest.undecided(reason));
            };
            let path = match &raw.path {
                Some(path) => crate::paths::absolute(self.dir(), Path::new(path)),
                None => self.usual_path(place, &name, &found).ok_or_else(|| {
                    let reason = format!(
                        "cannot find the file of {} `{name}` in `{}`; its `path` may be missing",
                        place.table, place.folder
                    );
                    self.manifest.undecided(reason)
                })?,
            };
            targets.push(self.target(place.kind, name, path, raw)?);
        }
        let names: HashSet<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        let paths: HashSet<&Path> = targets.iter().map(|target| target.path.as_path()).collect();
        let others: Vec<_> = found
            .into_iter()
            .filter(|(name, path)| !names.contains(name.as_str()) && !paths.contains(path.as_path()))
            .collect();
        // The 2015 edition stops looking as soon as one is written out.
        let by_default = self.edition != Edition::E2015 || written.is_empty();
        if autodiscover.unwrap_or(by_default) {
            for (name, path) in others {
                targets.push(self.target(place.kind, name, path, &RawTarget::default())?);
            }
        }
        Ok(targets)
    }

    /// The name of a target that is written without one: a sole binary's is the package's.
    fn implied_name(&self, place: &Place, raw: &RawTarget) -> Option<String> {
        let stem = raw.path.as_ref().and_then(|path| Path::new(path).file_stem())?;
        let stem = stem.to_string_lossy().into_owned();
        Some(if place.kind == TargetKind::Bin && stem == "main" { self.package_name.to_owned() } else { stem })
    }

    fn usual_path(&self, place: &Place, name: &str, found: &[(String, PathBuf)]) -> Option<PathBuf> {
        if let Some((_, path)) = found.iter().find(|(found_name, _)| found_name == name) {
            return Some(path.clone());
        }
        // An old rule: a binary that goes by another name may still be `src/main.rs` or `src/<name>.rs`.
        if place.kind != TargetKind::Bin {
            return None;
        }
        let candidates = [format!("src/{name}.rs"), String::from("src/main.rs")];
        candidates.iter().map(|path| self.dir().join(path)).find(|path| path.is_file())
    }

    /// Targets by their place: `folder/x.rs` and `folder/x/main.rs`, and `src/main.rs`.
    fn discover(&self, place: &Place) -> Vec<(String, PathBuf)> {
        let mut found = Vec::new();
        let main = self.dir().join("src/main.rs");
        if place.kind == TargetKind::Bin && main.is_file() {
            found.push((self.package_name.to_owned(), main));
        }
        let Ok(entries) = std::fs::read_dir(self.dir().join(place.folder)) else {
            return found;
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if file_name.starts_with('.') {
                continue;
            }
            if let Some(stem) = file_name.strip_suffix(".rs") {
                if path.is_file() {
                    found.push((stem.to_owned(), path));
                }
                continue;
            }
            let main = path.join("main.rs");
            if main.is_file() {
                found.push((file_name, main));
            }
        }
        found
    }

    fn build_scripts(&self, build: Option<&Value>) -> Vec<Target> {
        let paths: Vec<PathBuf> = match build {
            Some(Value::Boolean(false)) => Vec::new(),
            Some(Value::String(path)) => vec![PathBuf::from(path)],
            Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).map(PathBuf::from).collect(),
            _ => vec![PathBuf::from("build.rs")],
        };
        let existing = paths.iter().map(|path| crate::paths::absolute(self.dir(), path)).filter(|path| path.is_file());
        existing
            .map(|path| {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                Target {
                    kind: TargetKind::BuildScript,
                    name: format!("build-script-{stem}"),
                    path,
                    edition: self.edition,
                    crate_types: vec![String::from("bin")],
                    doc: false,
                    doctest: false,
                    test: false,
                }
            })
            .collect()
    }

    fn target(&self, kind: TargetKind, name: String, path: PathBuf, raw: &RawTarget) -> Result<Target, ManifestError> {
        let edition = match &raw.edition {
            None => self.edition,
            Some(text) => {
                edition_of(text).ok_or_else(|| self.manifest.undecided(format!("unknown edition `{text}`")))?
            }
        };
        let crate_types = match (&raw.crate_type, raw.proc_macro) {
            (_, Some(true)) => vec![String::from("proc-macro")],
            (Some(types), _) if !types.is_empty() => types.clone(),
            _ if kind == TargetKind::Lib => vec![String::from("lib")],
            _ => vec![String::from("bin")],
        };
        let is_lib = kind == TargetKind::Lib;
        let is_bin = kind == TargetKind::Bin;
        let documents_rust = crate_types.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "proc-macro"));
        Ok(Target {
            kind,
            name,
            path,
            edition,
            doc: raw.doc.unwrap_or(is_lib || is_bin),
            doctest: is_lib && documents_rust && raw.doctest.unwrap_or(true),
            test: raw.test.unwrap_or(is_lib || is_bin || kind == TargetKind::Test),
            crate_types,
        })
    }
}
