//! Whole crates as fixtures: `fixtures/crates/<case>`.

use crate::fixture::{self, Fixture, Setup};
use crate::{expected, root};
use cargo_thread_lint::fix::{self, Request};
use cargo_thread_lint::load::{Loaded, Loader};
use cargo_thread_lint::manifest::{PackageSelection, Reader, select};
use cargo_thread_lint::plan::{Plan, TargetSelection};
use cargo_thread_lint::progress::Progress;
use cargo_thread_lint::settings::{self, Origin};
use std::path::{Path, PathBuf};
use thread_lints::diagnostic::Applicability;
use thread_lints::{Report, Settings};

/// The manifests of the crates that are asked for.
pub fn manifests() -> Vec<PathBuf> {
    let all = fixture::files_of(&root().join("fixtures/crates"), 2, "toml");
    all.into_iter().filter(|path| path.ends_with("Cargo.toml") && fixture::is_asked_for(path)).collect()
}

/// A crate, loaded as the tool does, but for the marks, which are taken out.
#[derive(Debug)]
pub struct CrateFixture {
    /// Its files, and what they make up.
    pub loaded: Loaded,
    /// The same files with their marks.
    pub files: Vec<Fixture>,
    /// How it is linted.
    pub settings: Settings,
    folder: PathBuf,
}

impl CrateFixture {
    /// Loads a crate.
    pub fn load(manifest: &Path) -> Result<CrateFixture, String> {
        let mut reader = Reader::default();
        let selection = PackageSelection { workspace: true, ..PackageSelection::default() };
        let selected = select(&mut reader, manifest, &selection).map_err(|error| error.to_string())?;
        if Some(selected.root.as_path()) != manifest.parent() {
            return Err(String::from("a crate fixture has a `[workspace]` table of its own"));
        }
        let mut plan = Plan::default();
        plan.add_packages(&mut reader, &selected, &TargetSelection::default()).map_err(|error| error.to_string())?;
        let progress = Progress::silent();
        let mut loaded = Loader::new(&progress).load(&plan, &selected.root);
        let mut files = Vec::new();
        let mut setup = Setup::default();
        for (file, path) in loaded.workspace.files.iter_mut().zip(&loaded.paths) {
            let fixture = Fixture::read(path)?;
            *file = fixture::source_file(file.path.clone(), &fixture.text);
            if fixture.setup != Setup::default() {
                setup = fixture.setup.clone();
            }
            files.push(fixture);
        }
        let origin = Origin { folder: &selected.root, package: Some(manifest), workspace: Some(manifest) };
        let mut settings = settings::read(origin).map_err(|error| error.to_string())?.into_settings();
        let of_fixtures = setup.settings();
        settings.levels.splice(0..0, of_fixtures.levels);
        settings.tests |= of_fixtures.tests;
        Ok(CrateFixture { loaded, files, settings, folder: selected.root })
    }

    /// The files that change when everything found is mended, with their texts: nothing is found in them any more. `found` is
    /// what a check has found.
    pub fn mend(mut self, found: Report, problems: &mut Vec<String>) -> Vec<(PathBuf, String)> {
        let request = Request { edits: Some(Applicability::MaybeIncorrect), suppressions: None };
        let (left, outcome) = fix::fix(&mut self.loaded, &self.settings, found, &request, &[self.folder]);
        for refused in outcome.refused {
            problems.push(format!("the fix of `{}` is taken back: {}", refused.lint.name, refused.reason));
        }
        if outcome.unfinished {
            problems.push(String::from("fixes are left after the last round"));
        }
        for found in &left.diagnostics {
            let path = &self.loaded.paths[found.primary.loc.file.index()];
            if outcome.changes.iter().any(|change| &change.path == path) {
                let at = expected::shown(path);
                problems.push(format!("{at} has a finding of `{}` where all fixes are made", found.lint.name));
            }
        }
        outcome.changes.into_iter().map(|change| (change.path, change.new.to_string())).collect()
    }
}
