//! From packages to crates: which targets are checked, and which are only there for their names.
//!
//! A checked target brings its own package's library and the libraries of its path dependencies along, so that names
//! resolve through them; those are not reported on.
//!
//! Invariant: the order of the crates follows from the packages' order and the targets' order alone.

use crate::glob;
use crate::manifest::{DependencySection, ManifestError, Package, PackageDependency, Reader, Selected, Target};
use crate::nearest::nearest;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::Arc;
use thread_lints::{Edition, TargetKind};

/// Which targets of the packages are asked for. Nothing set means libraries and binaries.
#[derive(Clone, Debug, Default)]
pub struct TargetSelection {
    /// `--lib`
    pub lib: bool,
    /// `--bins`
    pub bins: bool,
    /// `--tests`
    pub tests: bool,
    /// `--examples`
    pub examples: bool,
    /// `--benches`
    pub benches: bool,
    /// `--all-targets`
    pub all_targets: bool,
    /// The settings ask for test code: that of the chosen targets, and the tests where no target is named.
    pub test_code: bool,
    /// `--bin`, `--test`, `--example`, `--bench`: names or patterns.
    pub named: Vec<(TargetKind, String)>,
}

impl TargetSelection {
    /// Whether code under `#[cfg(test)]` is asked for.
    pub fn includes_tests(&self) -> bool {
        let named = self.named.iter().any(|(kind, _)| matches!(kind, TargetKind::Test | TargetKind::Bench));
        self.tests || self.benches || self.all_targets || self.test_code || named
    }

    fn is_default(&self) -> bool {
        let any = self.lib || self.bins || self.tests || self.examples || self.benches || self.all_targets;
        !any && self.named.is_empty()
    }

    fn includes(&self, target: &Target) -> bool {
        if self.all_targets {
            return true;
        }
        let by_kind = match target.kind {
            // As with cargo, `--tests` and `--benches` take the unit tests of libraries and binaries along.
            TargetKind::Lib => self.lib || self.tests || self.benches || self.is_default(),
            TargetKind::Bin => self.bins || self.tests || self.benches || self.is_default(),
            TargetKind::Test => self.tests || (self.test_code && self.is_default()),
            TargetKind::Example => self.examples,
            TargetKind::Bench => self.benches,
            TargetKind::BuildScript | TargetKind::Loose => false,
        };
        by_kind || self.named.iter().any(|(kind, pattern)| *kind == target.kind && glob::matches(pattern, &target.name))
    }
}

/// The crates of a run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One a target.
    pub crates: Vec<PlannedCrate>,
    by_target: FxHashMap<(PathBuf, TargetKind, String), usize>,
}

/// A target to load.
#[derive(Clone, Debug)]
pub struct PlannedCrate {
    /// Its package; `None` for a loose file.
    pub package: Option<Arc<Package>>,
    /// The target.
    pub target: Target,
    /// Whether findings in it are asked for.
    pub selected: bool,
    /// Whether its `#[cfg(test)]` modules are loaded.
    pub tests: bool,
    /// The profiles abort on a panic.
    pub panic_abort: bool,
    /// What it can name beside std.
    pub dependencies: Vec<PlannedDependency>,
}

/// A name in a crate's extern prelude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDependency {
    /// The name in paths.
    pub alias: String,
    /// What it stands for.
    pub target: PlannedDependencyTarget,
}

/// What a dependency stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedDependencyTarget {
    /// A crate of the plan, by its place.
    Crate(usize),
    /// A package that is not loaded, by its library's supposed name.
    External(String),
}

impl Plan {
    /// Adds the targets of the selected packages that are asked for, with all that they need for their names.
    pub fn add_packages(
        &mut self,
        reader: &mut Reader,
        selected: &Selected,
        targets: &TargetSelection,
    ) -> Result<(), ManifestError> {
        check_names(selected, targets)?;
        for package in &selected.packages {
            for target in package.targets.iter().filter(|target| targets.includes(target)) {
                let index = self.add(package, target, selected.panic_abort);
                self.crates[index].selected = true;
                self.crates[index].tests = targets.includes_tests();
            }
        }
        // Dependencies are appended while the list is walked.
        let mut index = 0;
        while index < self.crates.len() {
            self.resolve_dependencies(reader, index);
            index += 1;
        }
        Ok(())
    }

    /// Adds a file that no manifest names.
    pub fn add_loose(&mut self, path: PathBuf, edition: Edition, tests: bool) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let key = (path.clone(), TargetKind::Loose, name.clone());
        if self.by_target.contains_key(&key) {
            return;
        }
        let target = Target {
            kind: TargetKind::Loose,
            name,
            path,
            edition,
            crate_types: vec![String::from("bin")],
            doc: false,
            doctest: false,
            test: false,
        };
        self.by_target.insert(key, self.crates.len());
        self.crates.push(PlannedCrate {
            package: None,
            target,
            selected: true,
            tests,
            panic_abort: false,
            dependencies: Vec::new(),
        });
    }

    fn add(&mut self, package: &Arc<Package>, target: &Target, panic_abort: bool) -> usize {
        let key = (package.manifest_path.clone(), target.kind, target.name.clone());
        if let Some(index) = self.by_target.get(&key) {
            return *index;
        }
        self.by_target.insert(key, self.crates.len());
        self.crates.push(PlannedCrate {
            package: Some(Arc::clone(package)),
            target: target.clone(),
            selected: false,
            tests: false,
            panic_abort,
            dependencies: Vec::new(),
        });
        self.crates.len() - 1
    }

    fn resolve_dependencies(&mut self, reader: &mut Reader, index: usize) {
        let planned = &self.crates[index];
        let Some(package) = planned.package.clone() else {
            return;
        };
        let (kind, panic_abort) = (planned.target.kind, planned.panic_abort);
        let with_dev = planned.tests || matches!(kind, TargetKind::Test | TargetKind::Example | TargetKind::Bench);
        let mut dependencies: Vec<PlannedDependency> = Vec::new();
        if !matches!(kind, TargetKind::Lib | TargetKind::BuildScript)
            && let Some(library) = package.library().filter(|library| !library.is_proc_macro())
        {
            let target = PlannedDependencyTarget::Crate(self.add(&package, library, panic_abort));
            dependencies.push(PlannedDependency { alias: library.crate_name(), target });
        }
        for dependency in &package.dependencies {
            let applies = match dependency.section {
                DependencySection::Normal => kind != TargetKind::BuildScript,
                DependencySection::Dev => with_dev && kind != TargetKind::BuildScript,
                DependencySection::Build => kind == TargetKind::BuildScript,
            };
            if !applies {
                continue;
            }
            let resolved = self.resolve(reader, dependency, panic_abort);
            if !dependencies.iter().any(|known| known.alias == resolved.alias) {
                dependencies.push(resolved);
            }
        }
        self.crates[index].dependencies = dependencies;
    }

    fn resolve(&mut self, reader: &mut Reader, dependency: &PackageDependency, panic_abort: bool) -> PlannedDependency {
        let external = || PlannedDependency {
            alias: dependency.alias.clone(),
            target: PlannedDependencyTarget::External(dependency.package.replace('-', "_")),
        };
        let Some(folder) = &dependency.path else {
            return external();
        };
        // A dependency that cannot be read costs its names, no more.
        let Ok(package) = reader.package(&folder.join("Cargo.toml")) else {
            return external();
        };
        let Some(library) = package.library().filter(|library| !library.is_proc_macro()) else {
            return external();
        };
        let alias = if dependency.renamed { dependency.alias.clone() } else { library.crate_name() };
        let target = PlannedDependencyTarget::Crate(self.add(&package, library, panic_abort));
        PlannedDependency { alias, target }
    }
}

/// Every target that was asked for by name exists in some package.
fn check_names(selected: &Selected, targets: &TargetSelection) -> Result<(), ManifestError> {
    let all = || selected.packages.iter().flat_map(|package| &package.targets);
    for (kind, pattern) in &targets.named {
        let of_kind = || all().filter(|target| target.kind == *kind);
        if of_kind().any(|target| glob::matches(pattern, &target.name)) {
            continue;
        }
        let mut message = format!("no {} target named `{pattern}`", kind_name(*kind));
        if let Some(meant) = nearest(pattern, of_kind().map(|target| target.name.as_str())) {
            message.push_str(&format!("; did you mean `{meant}`?"));
        }
        return Err(ManifestError::NoSuch { message });
    }
    if targets.lib && !selected.packages.is_empty() && !all().any(|t| t.kind == TargetKind::Lib) {
        let names: Vec<String> = selected.packages.iter().map(|package| format!("`{}`", package.name)).collect();
        let message = format!("no library target in package {}", names.join(", "));
        return Err(ManifestError::NoSuch { message });
    }
    Ok(())
}

/// The word for a kind of target.
pub(crate) fn kind_name(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Lib => "lib",
        TargetKind::Bin | TargetKind::Loose => "bin",
        TargetKind::Test => "test",
        TargetKind::Example => "example",
        TargetKind::Bench => "bench",
        TargetKind::BuildScript => "custom-build",
    }
}
