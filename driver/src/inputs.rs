//! What a command is to read: packages, folders, files; and the settings that hold for them.

use crate::buffer::Buffer;
use crate::cli::Common;
use crate::load::{Kept, Loaded, Loader, rust_files};
use crate::manifest::{Reader, Selected, find_manifest, select};
use crate::plan::{Plan, TargetSelection};
use crate::progress::Progress;
use crate::settings::{self, Project, SettingsError, Source};
use crate::timings::{Step, Timings};
use crate::{levels, paths};
use anyhow::bail;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::source::FileId;

/// What is asked for, before any file is read.
struct Asked {
    selections: Vec<Selected>,
    project: Project,
    targets: TargetSelection,
}

/// What is to be read, file by file.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    /// What shown paths start from.
    pub(crate) base: PathBuf,
    /// The folder of the workspace, the first one where there are several.
    pub(crate) workspace_root: Option<PathBuf>,
    pub(crate) project: Project,
    /// What was asked for and has no effect.
    pub(crate) warnings: Vec<String>,
}

/// What was read.
pub(crate) struct Read {
    pub(crate) loaded: Loaded,
    pub(crate) project: Project,
    /// What was asked for and had no effect.
    pub(crate) warnings: Vec<String>,
}

/// What the arguments ask to be read.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) working_dir: PathBuf,
    /// Manifests of packages or workspaces.
    manifests: Vec<PathBuf>,
    /// Folders without a manifest.
    folders: Vec<PathBuf>,
    /// Single files, named on the command line.
    named_files: Vec<PathBuf>,
    /// A text over one of the files.
    pub(crate) buffer: Option<Buffer>,
}

impl Inputs {
    /// A file alone, which need not be on disk.
    pub(crate) fn of_file(file: PathBuf, working_dir: &Path) -> Inputs {
        Inputs {
            working_dir: working_dir.to_path_buf(),
            manifests: Vec::new(),
            folders: Vec::new(),
            named_files: vec![file],
            buffer: None,
        }
    }

    /// What is around a text that stands for a file.
    pub(crate) fn of_buffer(buffer: Buffer, working_dir: &Path) -> Inputs {
        let folder = buffer.path.parent().filter(|_| buffer.is_named);
        let manifest = folder.and_then(|folder| find_manifest(folder).ok());
        let alone = Inputs::of_file(buffer.path.clone(), working_dir);
        let buffer = Some(buffer);
        match manifest {
            Some(manifest) => Inputs { manifests: vec![manifest], named_files: Vec::new(), buffer, ..alone },
            None => Inputs { buffer, ..alone },
        }
    }

    pub(crate) fn read(arguments: &Common, working_dir: &Path) -> anyhow::Result<Inputs> {
        let mut inputs = Inputs {
            working_dir: working_dir.to_path_buf(),
            manifests: Vec::new(),
            folders: Vec::new(),
            named_files: Vec::new(),
            buffer: None,
        };
        if let Some(path) = &arguments.manifest_path {
            let path = paths::absolute(working_dir, path);
            let path = if path.is_dir() { path.join("Cargo.toml") } else { path };
            if !path.exists() {
                bail!("manifest path `{}` does not exist", path.display());
            }
            // As with cargo, a package in a single file is its own manifest.
            if path.extension().is_some_and(|extension| extension == "rs") {
                inputs.named_files.push(path);
            } else {
                inputs.manifests.push(path);
            }
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

    /// Reads manifests and settings; the levels of the command line come last.
    fn ask(&self, reader: &mut Reader, arguments: &Common, levels: &[String]) -> anyhow::Result<Asked> {
        let levels = levels::parse(levels, thread_lints::registry::lints()).map_err(anyhow::Error::msg)?;
        let mut selections: Vec<Selected> = Vec::new();
        for manifest in &self.manifests {
            selections.push(select(reader, manifest, &arguments.package_selection())?);
        }
        let mut project = self.read_settings(&selections)?;
        project.levels.extend(levels.into_iter().map(|(name, level)| (name, level, Source::CommandLine)));
        let targets = TargetSelection { test_code: project.settings.tests, ..arguments.target_selection() };
        let tests = targets.includes_tests();
        if tests != project.settings.tests {
            project.settings.tests = tests;
            project.sources.insert("tests", Source::CommandLine);
        }
        Ok(Asked { selections, project, targets })
    }

    /// The settings that hold.
    pub(crate) fn project(&self, arguments: &Common, levels: &[String]) -> anyhow::Result<Project> {
        Ok(self.ask(&mut Reader::default(), arguments, levels)?.project)
    }

    /// Reads manifests and settings, plans, and loads.
    pub(crate) fn load(
        &self,
        arguments: &Common,
        levels: &[String],
        progress: &Progress,
        timings: &Timings,
    ) -> anyhow::Result<Read> {
        if let Some(buffer) = &self.buffer {
            return timings.of(Step::Reading, || self.load_around(buffer, arguments, levels, progress));
        }
        let loader = self.loader(progress);
        let planned = timings.of(Step::Manifests, || self.plan(arguments, levels, &loader))?;
        let loaded = timings.of(Step::Reading, || self.load_planned(&planned, &loader));
        Ok(Read { loaded, project: planned.project, warnings: planned.warnings })
    }

    /// Loads the packages around a text, with the text in its file's place. The file may be that of a test or an example: then all
    /// targets are loaded. No target names it where it is new: then it is loaded alone.
    fn load_around(
        &self,
        buffer: &Buffer,
        arguments: &Common,
        levels: &[String],
        progress: &Progress,
    ) -> anyhow::Result<Read> {
        let mut kept = Kept::default();
        kept.overlay(&buffer.path, Some(Arc::clone(&buffer.text)));
        let all_targets = Common { all_targets: true, ..arguments.clone() };
        for arguments in [arguments, &all_targets] {
            let mut read = self.load_keeping(arguments, levels, progress, &mut kept)?;
            if read.loaded.report_only(&buffer.path) {
                return Ok(read);
            }
        }
        let alone = Inputs::of_file(buffer.path.clone(), &self.working_dir);
        alone.load_keeping(arguments, levels, progress, &mut kept)
    }

    fn load_keeping(
        &self,
        arguments: &Common,
        levels: &[String],
        progress: &Progress,
        kept: &mut Kept,
    ) -> anyhow::Result<Read> {
        let loader = self.loader(progress).keeping(kept);
        let planned = self.plan(arguments, levels, &loader)?;
        let loaded = self.load_planned(&planned, &loader);
        let read = loader.into_read();
        kept.replace(read);
        Ok(Read { loaded, project: planned.project, warnings: planned.warnings })
    }

    /// The folders of what was asked for.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        let of_files = self.manifests.iter().chain(&self.named_files).filter_map(|file| file.parent());
        of_files.chain(self.folders.iter().map(PathBuf::as_path)).map(Path::to_path_buf).collect()
    }

    /// The files that somebody has named, who wants to hear of them.
    pub(crate) fn named(&self) -> Vec<PathBuf> {
        let buffer = self.buffer.iter().map(|buffer| buffer.path.clone());
        self.named_files.iter().cloned().chain(buffer).collect()
    }

    /// What reads the files.
    pub(crate) fn loader<'p>(&self, progress: &'p Progress) -> Loader<'p> {
        // A file that was named is read whole: whoever names it wants to hear whether it can be.
        Loader::new(progress).reading_whole(self.has_loose_files())
    }

    /// Whether there are folders without a manifest: what is a root in them, their files say.
    pub(crate) fn has_loose_folders(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Whether there is anything beside packages.
    pub(crate) fn has_loose_files(&self) -> bool {
        !(self.folders.is_empty() && self.named_files.is_empty())
    }

    /// Reads manifests and settings, and plans.
    pub(crate) fn plan(&self, arguments: &Common, levels: &[String], loader: &Loader<'_>) -> anyhow::Result<Planned> {
        let mut reader = Reader::default();
        let Asked { selections, project, targets } = self.ask(&mut reader, arguments, levels)?;
        let tests = project.settings.tests;
        let mut plan = Plan::default();
        let mut warnings = Vec::new();
        let mut bases: Vec<PathBuf> = Vec::new();
        for selected in selections {
            plan.add_packages(&mut reader, &selected, &targets)?;
            warnings.extend(selected.warnings);
            bases.push(selected.root);
        }
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
        let workspace_root = bases.first().cloned();
        let base = match bases.as_slice() {
            [root] if !self.has_loose_files() => root.clone(),
            _ => self.working_dir.clone(),
        };
        Ok(Planned { plan, base, workspace_root, project, warnings })
    }

    /// Reads the files of a plan.
    pub(crate) fn load_planned(&self, planned: &Planned, loader: &Loader<'_>) -> Loaded {
        let mut loaded = loader.load(&planned.plan, &planned.base);
        self.apply(&planned.project, &mut loaded);
        loaded
    }

    /// Puts in force what settings say of files and packages.
    pub(crate) fn apply(&self, project: &Project, loaded: &mut Loaded) {
        if let Some(msrv) = project.msrv {
            loaded.workspace.crates.iter_mut().for_each(|krate| krate.rust_version = Some(msrv));
        }
        for (index, path) in loaded.paths.iter().enumerate() {
            let excluded = project.exclude.iter().any(|pattern| pattern.matches(path));
            // Who names a file wants to hear of it.
            if excluded && !self.named_files.contains(path) {
                loaded.workspace.excluded.insert(FileId(index as u32));
            }
        }
    }

    /// The folders whose files are the user's: of the workspace, of the packages that are asked for, and what was named.
    pub(crate) fn folders(&self, loaded: &Loaded) -> Vec<PathBuf> {
        let selected = loaded.workspace.crates.iter().zip(&loaded.origins).filter(|(krate, _)| krate.selected);
        let packages = selected.filter_map(|(_, origin)| origin.manifest_path.parent());
        let named = self.named_files.iter().filter_map(|file| file.parent());
        let workspace = (!self.has_loose_files()).then_some(&*loaded.base);
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
    fn read_settings(&self, selections: &[Selected]) -> Result<Project, SettingsError> {
        let package = self.manifests.first().map(PathBuf::as_path);
        let workspace = selections.first().map(|selected| selected.root.join("Cargo.toml"));
        let around_file = self.named_files.first().and_then(|file| file.parent());
        let folder = package.and_then(Path::parent).or(self.folders.first().map(PathBuf::as_path)).or(around_file);
        let origin =
            settings::Origin { folder: folder.unwrap_or(&self.working_dir), package, workspace: workspace.as_deref() };
        settings::read(origin)
    }
}
