//! What a command is to read: packages, folders, files; and the settings that hold for them.

use crate::cli::Common;
use crate::load::{Loaded, Loader, rust_files};
use crate::manifest::{Reader, Selected, find_manifest, select};
use crate::paths;
use crate::plan::{Plan, TargetSelection};
use crate::progress::Progress;
use crate::settings::{self, SettingsError};
use anyhow::bail;
use std::path::{Path, PathBuf};
use thread_lints::Settings;

/// What the arguments ask to be read.
pub(crate) struct Inputs {
    working_dir: PathBuf,
    /// Manifests of packages or workspaces.
    manifests: Vec<PathBuf>,
    /// Folders without a manifest.
    folders: Vec<PathBuf>,
    /// Single files, named on the command line.
    pub(crate) named_files: Vec<PathBuf>,
}

impl Inputs {
    pub(crate) fn read(arguments: &Common, working_dir: &Path) -> anyhow::Result<Inputs> {
        let mut inputs = Inputs {
            working_dir: working_dir.to_path_buf(),
            manifests: Vec::new(),
            folders: Vec::new(),
            named_files: Vec::new(),
        };
        if let Some(path) = &arguments.manifest_path {
            let path = paths::absolute(working_dir, path);
            let path = if path.is_dir() { path.join("Cargo.toml") } else { path };
            if !path.exists() {
                bail!("manifest path `{}` does not exist", path.display());
            }
            inputs.manifests.push(path);
            return Ok(inputs);
        }
        if arguments.paths.is_empty() {
            inputs.manifests.push(find_manifest(working_dir)?);
            return Ok(inputs);
        }
        for named in &arguments.paths {
            let path = paths::absolute(working_dir, named);
            let metadata = std::fs::metadata(&path)
                .map_err(|error| anyhow::anyhow!("`{}`: {}", named.display(), crate::reason_of(&error)))?;
            if metadata.is_dir() {
                let manifest = path.join("Cargo.toml");
                if manifest.is_file() {
                    inputs.manifests.push(manifest);
                } else {
                    inputs.folders.push(path);
                }
            } else if path.ends_with("Cargo.toml") {
                inputs.manifests.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                inputs.named_files.push(path);
            } else {
                bail!("`{}` is neither a folder nor a Rust file", named.display());
            }
        }
        Ok(inputs)
    }

    /// Reads manifests and the project's settings, plans, and loads. Gives warnings too.
    pub(crate) fn load(
        &self,
        arguments: &Common,
        settings: &mut Settings,
        progress: &Progress,
    ) -> anyhow::Result<(Loaded, Vec<String>)> {
        let mut reader = Reader::default();
        let mut plan = Plan::default();
        let mut warnings = Vec::new();
        let mut bases: Vec<PathBuf> = Vec::new();
        let mut selections: Vec<Selected> = Vec::new();
        for manifest in &self.manifests {
            selections.push(select(&mut reader, manifest, &arguments.package_selection())?);
        }
        self.read_settings(&selections, settings)?;
        let targets = TargetSelection { test_code: settings.tests, ..arguments.target_selection() };
        let tests = targets.includes_tests();
        settings.tests = tests;
        for selected in selections {
            plan.add_packages(&mut reader, &selected, &targets)?;
            warnings.extend(selected.warnings);
            bases.push(selected.root);
        }
        // A file that was named is read whole: whoever names it wants to hear whether it can be.
        let loader = Loader::new(progress).reading_whole(!(self.folders.is_empty() && self.named_files.is_empty()));
        for folder in &self.folders {
            let files = rust_files(folder);
            if files.is_empty() {
                warnings.push(format!("no Rust file in `{}`", folder.display()));
            }
            for root in loader.roots_among(&files) {
                let edition = reader.edition_near(&root);
                plan.add_loose(root, edition, tests);
            }
        }
        for file in &self.named_files {
            let edition = reader.edition_near(file);
            plan.add_loose(file.clone(), edition, tests);
        }
        bases.dedup();
        let base = match bases.as_slice() {
            [root] if self.folders.is_empty() && self.named_files.is_empty() => root,
            _ => &self.working_dir,
        };
        Ok((loader.load(&plan, base), warnings))
    }

    /// The folders whose files are the user's: of the workspace, of the packages that are asked for, and what was named.
    pub(crate) fn folders(&self, loaded: &Loaded) -> Vec<PathBuf> {
        let selected = loaded.workspace.crates.iter().zip(&loaded.origins).filter(|(krate, _)| krate.selected);
        let packages = selected.filter_map(|(_, origin)| origin.manifest_path.parent());
        let named = self.named_files.iter().filter_map(|file| file.parent());
        let workspace = (self.folders.is_empty() && self.named_files.is_empty()).then_some(&*loaded.base);
        let mut folders: Vec<PathBuf> = packages
            .filter(|folder| !folder.as_os_str().is_empty())
            .chain(named)
            .chain(self.folders.iter().map(PathBuf::as_path))
            .chain(workspace)
            .map(Path::to_path_buf)
            .collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// Reads the settings of the first input: its package, its workspace, or the folder around it.
    fn read_settings(&self, selections: &[Selected], settings: &mut Settings) -> Result<(), SettingsError> {
        let package = self.manifests.first().map(PathBuf::as_path);
        let workspace = selections.first().map(|selected| selected.root.join("Cargo.toml"));
        let around_file = self.named_files.first().and_then(|file| file.parent());
        let folder = package.and_then(Path::parent).or(self.folders.first().map(PathBuf::as_path)).or(around_file);
        let origin =
            settings::Origin { folder: folder.unwrap_or(&self.working_dir), package, workspace: workspace.as_deref() };
        settings::read(origin, settings)
    }
}
