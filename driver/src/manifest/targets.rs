//! The targets of a package: those that its manifest lists and those that cargo finds by their place.

use super::raw::{Manifest, RawTarget};
use super::{ManifestError, Target, edition_of};
use std::collections::{HashMap, HashSet};
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

/// The key of a kind's targets in the manifest.
fn table_of(kind: TargetKind) -> &'static str {
    let place = [BINARIES, EXAMPLES, TESTS, BENCHES].into_iter().find(|place| place.kind == kind);
    place.map_or("lib", |place| place.table)
}

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
            None => self.by_old_rules(&[&format!("src/{name}.rs")]).ok_or_else(|| {
                let reason =
                    format!("cannot find the library `{name}`: there is no `src/lib.rs`, and `lib.path` is not set");
                self.manifest.undecided(&["lib"], reason)
            })?,
        };
        if name.contains('-') {
            let reason = format!("the name of a library cannot contain hyphens: `{name}`");
            return Err(self.manifest.undecided(&["lib", "name"], reason));
        }
        self.target(TargetKind::Lib, name, path, written).map(Some)
    }

    /// The first of these files, where the 2015 edition still looks for targets that are elsewhere by now.
    fn by_old_rules(&self, candidates: &[&str]) -> Option<PathBuf> {
        let old = self.edition == Edition::E2015;
        let mut paths = candidates.iter().map(|path| self.dir().join(path)).filter(|path| path.is_file());
        paths.next().filter(|_| old)
    }

    fn of_kind(
        &self,
        place: &Place,
        written: &[RawTarget],
        autodiscover: Option<bool>,
    ) -> Result<Vec<Target>, ManifestError> {
        let found = self.discover(place);
        let mut targets = Vec::new();
        for (index, raw) in written.iter().enumerate() {
            let wrong = |reason: String| self.manifest.undecided(&[place.table, &index.to_string()], reason);
            let Some(name) = raw.name.clone() else {
                return Err(wrong(format!("a `[[{}]]` has no name", place.table)));
            };
            let path = match &raw.path {
                Some(path) => crate::paths::absolute(self.dir(), Path::new(path)),
                None => self.usual_path(place, &name, &found).map_err(wrong)?,
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
        let mut seen: HashMap<&str, &Path> = HashMap::new();
        for target in &targets {
            if let Some(first) = seen.insert(&target.name, &target.path) {
                let shown = [first, &target.path].map(|path| crate::paths::display_from(self.dir(), path));
                let reason =
                    format!("two {} targets are named `{}`: {} and {}", place.table, target.name, shown[0], shown[1]);
                return Err(self.manifest.undecided(&[place.table], reason));
            }
        }
        Ok(targets)
    }

    fn usual_path(&self, place: &Place, name: &str, found: &[(String, PathBuf)]) -> Result<PathBuf, String> {
        let mut fitting = found.iter().filter(|(found_name, _)| found_name == name).map(|(_, path)| path);
        if let (Some(path), None) = (fitting.next(), fitting.next()) {
            return Ok(path.clone());
        }
        let beside = format!("src/{name}.rs");
        let has_library = self.manifest.raw.lib.is_some() || self.dir().join("src/lib.rs").is_file();
        let by_old_rules = match place.kind {
            TargetKind::Bin if has_library => self.by_old_rules(&["src/main.rs", "src/bin/main.rs"]),
            TargetKind::Bin => self.by_old_rules(&[&beside, "src/main.rs", "src/bin/main.rs"]),
            TargetKind::Bench if name == "bench" => self.by_old_rules(&["src/bench.rs"]),
            _ => None,
        };
        by_old_rules.ok_or_else(|| {
            format!(
                "cannot tell the file of {} `{name}`: `{folder}` has none of that name, or two; its `path` may be missing",
                place.table,
                folder = place.folder
            )
        })
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
        let mut entries: Vec<std::fs::DirEntry> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let file_name = entry.file_name().to_string_lossy().into_owned();
            if file_name.starts_with('.') {
                continue;
            }
            // Links count as files, wherever they lead: cargo does not follow them here.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let main = entry.path().join("main.rs");
                if main.is_file() {
                    found.push((file_name, main));
                }
            } else if let Some(stem) = file_name.strip_suffix(".rs") {
                found.push((stem.to_owned(), entry.path()));
            }
        }
        found
    }

    fn build_scripts(&self, build: Option<&Value>) -> Vec<Target> {
        let paths: Vec<&str> = match build {
            Some(Value::Boolean(true)) => vec!["build.rs"],
            Some(Value::String(path)) => vec![path],
            Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).collect(),
            None if self.dir().join("build.rs").is_file() => vec!["build.rs"],
            _ => Vec::new(),
        };
        let paths = paths.into_iter().map(|path| crate::paths::absolute(self.dir(), Path::new(path)));
        paths
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
        let is_lib = kind == TargetKind::Lib;
        let edition = match &raw.edition {
            None => self.edition,
            Some(text) => {
                let reason = || format!("unknown edition `{text}` of target `{name}`");
                edition_of(text).ok_or_else(|| self.manifest.undecided(&[table_of(kind)], reason()))?
            }
        };
        let crate_types = match (&raw.crate_type, raw.proc_macro) {
            (Some(types), _) if is_lib || !types.is_empty() => types.clone(),
            (_, Some(true)) => vec![String::from("proc-macro")],
            _ if is_lib => vec![String::from("lib")],
            _ => vec![String::from("bin")],
        };
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
