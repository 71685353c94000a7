//! From a plan to a [`Workspace`]: reads and parses every file of every crate, in parallel, each file once.
//!
//! A task reads a file, parses it, finds the files of its `mod m;` and `include!("file.rs");` items and starts a task for each. When all are done,
//! each crate's module tree is walked in order and the files get their ids.
//!
//! Invariants: a file is parsed once however many crates or modules name it; files are numbered in the order of their
//! shown paths, so nothing depends on the number of threads; whatever is wrong with one file is a value beside the rest;
//! a cycle of modules ends.
//!
//! Call it on a thread of [`pool`]: the parser needs its deep stacks.

mod footprint;
mod kept;
mod loose;
mod modules;
#[cfg(test)]
mod tests;

pub(crate) use footprint::{Footprint, Revisited, span_fits};
pub(crate) use kept::Fresh;
pub use kept::Kept;
pub use loose::rust_files;

use crate::manifest::Target;
use crate::paths;
use crate::plan::{Plan, PlannedCrate, PlannedDependencyTarget};
use crate::progress::Progress;
use modules::{Child, Directory, ModuleFile};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use thread_lints::source::{FileId, LineIndex, Span};
use thread_lints::syntax::{self, FileIr, NotAnalysed};
use thread_lints::{CrateId, Dependency, DependencyTarget, Edition, Krate, SourceFile, Workspace};

/// Modules nested deeper than this are not followed: only links of the file system that lead in a circle are.
const MAX_MODULE_DEPTH: usize = 128;

/// Larger files are not read.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// What was loaded.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The input of a check.
    pub workspace: Workspace,
    /// Where each crate of it comes from.
    pub origins: Vec<CrateOrigin>,
    /// Where each file of it lies.
    pub paths: Vec<PathBuf>,
    /// For each file the crate that names it first, one that is reported on if there is one.
    pub file_crates: Vec<Option<CrateId>>,
    /// The folder that shown paths start from.
    pub base: PathBuf,
    /// `mod m;` and `include!("file.rs");` items without a file.
    pub missing_modules: Vec<MissingModule>,
    /// Panics while a file was parsed.
    pub faults: Vec<String>,
    /// How many lines each file has; empty where their texts say it.
    pub line_counts: Vec<u32>,
    /// Files whose text is not the present one, which cannot be read: see [`Kept::keep_last_good`].
    pub outdated: Vec<FileId>,
}

impl Loaded {
    /// The crate to name as the place of a file's findings: the first one that is reported on.
    pub fn crate_of(&self, file: FileId) -> Option<CrateId> {
        self.file_crates.get(file.index()).copied().flatten()
    }

    /// Whether findings in a file are asked for.
    pub fn is_selected(&self, file: FileId) -> bool {
        let krate = self.crate_of(file).and_then(|id| self.workspace.crates.get(id.index()));
        krate.is_some_and(|krate| krate.selected) && !self.workspace.excluded.contains(&file)
    }

    /// Asks for the findings in one file alone, whatever the settings leave out; whether there is such a file in a crate whose
    /// findings are asked for.
    pub(crate) fn report_only(&mut self, path: &Path) -> bool {
        let Some(index) = self.paths.iter().position(|known| known == path) else {
            return false;
        };
        let file = FileId(index as u32);
        self.workspace.excluded = (0..self.paths.len() as u32).map(FileId).filter(|other| *other != file).collect();
        self.missing_modules.retain(|missing| missing.file == file);
        self.is_selected(file)
    }

    /// The files in which findings are asked for, each with how many lines it has.
    pub(crate) fn selected_files(&self) -> impl Iterator<Item = (&SourceFile, usize)> {
        let files = self.workspace.files.iter().enumerate();
        files.filter(|(index, _)| self.is_selected(FileId(*index as u32))).map(|(index, file)| {
            let counted = self.line_counts.get(index).map(|count| *count as usize);
            (file, counted.unwrap_or_else(|| file.lines.line_count(&file.text)))
        })
    }
}

/// Where a crate comes from, for messages that name its package.
#[derive(Clone, Debug)]
pub struct CrateOrigin {
    /// As cargo prints it.
    pub package_id: String,
    /// The manifest; empty for a loose file without one.
    pub manifest_path: PathBuf,
    /// The target.
    pub target: Target,
}

/// A `mod m;` or `include!("file.rs");` whose file is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingModule {
    /// The file that names it.
    pub file: FileId,
    /// The item's name.
    pub span: Span,
    /// Under a `cfg`, or in a crate that is not reported on: nothing to worry about.
    pub minor: bool,
    /// What is missing.
    pub reason: String,
}

/// A thread pool with stacks that the parser needs, and `jobs` threads (0: as many as there are processors).
pub fn pool(jobs: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(syntax::STACK_SIZE)
        .thread_name(|index| format!("thread-lint-{index}"))
        .build()
}

/// Loads one file (and the modules it names) as a crate of its own, on a pool of its own.
pub fn load_loose_file(path: &Path, edition: Edition, base: &Path, tests: bool) -> anyhow::Result<Loaded> {
    let mut plan = Plan::default();
    plan.add_loose(paths::absolute(base, path), edition, tests);
    let pool = pool(0)?;
    Ok(pool.install(|| Loader::new(&Progress::silent()).reading_whole(true).load(&plan, base)))
}

/// Reads files, each once.
#[derive(Debug)]
pub struct Loader<'p> {
    progress: &'p Progress,
    whole: bool,
    kept: Option<&'p Kept>,
    parsed: Mutex<FxHashMap<PathBuf, Arc<OnceLock<Parsed>>>>,
    visited: Mutex<FxHashMap<ModuleFile, Arc<Vec<Child>>>>,
}

/// One file, read and parsed.
#[derive(Clone, Debug, Default)]
struct Parsed {
    text: Arc<str>,
    lines: Arc<LineIndex>,
    ir: Arc<FileIr>,
    problem: Option<NotAnalysed>,
    fault: Option<String>,
    /// The present text, where it cannot be read and an older one stands in for it.
    behind: Option<Arc<str>>,
}

impl<'p> Loader<'p> {
    /// A loader that has read nothing yet.
    pub fn new(progress: &'p Progress) -> Loader<'p> {
        Loader { progress, whole: false, kept: None, parsed: Mutex::default(), visited: Mutex::default() }
    }

    /// Whether the bodies of functions are read with their files, or, if nothing says otherwise, when a lint asks for them. A syntax error
    /// in a body that nobody asks for goes unnoticed.
    pub fn reading_whole(self, whole: bool) -> Loader<'p> {
        Loader { whole, ..self }
    }

    /// Takes from what was kept what has not changed since.
    pub fn keeping(self, kept: &'p Kept) -> Loader<'p> {
        Loader { kept: Some(kept), ..self }
    }

    /// Whether files are read with all their bodies.
    pub(crate) fn reads_whole(&self) -> bool {
        self.whole
    }

    /// What was read, for [`Kept::replace`].
    pub(crate) fn into_read(self) -> Fresh {
        let cells = self.parsed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let files = cells.into_iter().filter_map(|(path, cell)| Some((path, cell.get()?.clone()))).collect();
        Fresh { files, children: self.visited.into_inner().unwrap_or_else(PoisonError::into_inner) }
    }

    /// Loads every file of every crate of a plan; paths are shown from `base`.
    pub fn load(&self, plan: &Plan, base: &Path) -> Loaded {
        rayon::scope(|scope| {
            for planned in &plan.crates {
                let root = root_of(planned);
                self.progress.found();
                scope.spawn(move |scope| self.visit(scope, root, 0));
            }
        });
        Linker::new(self, base).link(plan)
    }

    fn visit<'s>(&'s self, scope: &rayon::Scope<'s>, file: ModuleFile, depth: usize) {
        let is_first = match lock(&self.visited).entry(file.clone()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(first) => {
                first.insert(Arc::default());
                true
            }
        };
        if is_first {
            self.visit_first(scope, file, depth);
        }
        self.progress.done();
    }

    fn visit_first<'s>(&'s self, scope: &rayon::Scope<'s>, file: ModuleFile, depth: usize) {
        let parsed = self.parse(&file.path);
        let children = match self.kept.and_then(|kept| kept.children(&file)) {
            Some(children) => Arc::clone(children),
            None => Arc::new(self.children(&parsed.get_or_init(Parsed::default).ir, &file)),
        };
        for child in children.iter() {
            if let Some(next) = child.file.clone().filter(|_| depth < MAX_MODULE_DEPTH) {
                self.progress.found();
                scope.spawn(move |scope| self.visit(scope, next, depth + 1));
            }
        }
        lock(&self.visited).insert(file, children);
    }

    /// The file's cell, filled.
    fn parse(&self, path: &Path) -> Arc<OnceLock<Parsed>> {
        let cell = Arc::clone(lock(&self.parsed).entry(path.to_path_buf()).or_default());
        cell.get_or_init(|| match self.kept.and_then(|kept| kept.file(path)) {
            Some(parsed) => parsed,
            None => self.read_and_parse(path),
        });
        cell
    }

    fn children(&self, ir: &FileIr, file: &ModuleFile) -> Vec<Child> {
        modules::children(ir, file, |path| self.kept.map_or_else(|| path.is_file(), |kept| kept.is_file(path)))
    }

    fn read_and_parse(&self, path: &Path) -> Parsed {
        let laid_over = self.kept.and_then(|kept| kept.text(path)).cloned();
        let text = match laid_over.map_or_else(|| read(path).map(Arc::from), Ok) {
            Ok(text) => text,
            Err(reason) => {
                let problem = Some(NotAnalysed::whole(reason, None));
                return Parsed { problem, ..Parsed::default() };
            }
        };
        if let Some(earlier) = self.kept.and_then(|kept| kept.earlier(path, &text)) {
            return earlier;
        }
        let parsed = parse(text, self.whole);
        match self.kept {
            Some(kept) => kept.readable(path, parsed),
            None => parsed,
        }
    }
}

/// A poisoned lock guards nothing worse than a map with an entry too few.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn root_of(planned: &PlannedCrate) -> ModuleFile {
    ModuleFile {
        path: planned.target.path.clone(),
        directory: Directory::of_root(&planned.target.path, planned.target.kind),
        tests: planned.tests,
    }
}

fn parse(text: Arc<str>, whole: bool) -> Parsed {
    let parse = if whole { syntax::parse_partly } else { syntax::parse_outline };
    let outcome = catch_unwind(AssertUnwindSafe(|| parse(&text)));
    let lines = Arc::new(LineIndex::new(&text));
    match outcome {
        Ok((ir, problem)) => Parsed { text, lines, ir: Arc::new(ir), problem, ..Parsed::default() },
        Err(payload) => {
            let message = crate::panics::describe(&*payload);
            let problem = NotAnalysed::whole(format!("internal fault: {message}"), None);
            Parsed { text, lines, problem: Some(problem), fault: Some(message), ..Parsed::default() }
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    read_bytes(path, &mut bytes)?;
    utf8(bytes)
}

/// The bytes of a file, behind what is in `bytes` already.
fn read_bytes(path: &Path, bytes: &mut Vec<u8>) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("cannot read it: {}", crate::reason_of(&error));
    let metadata = std::fs::metadata(path).map_err(cannot)?;
    // A pipe or device would block or never end.
    if !metadata.is_file() {
        return Err(String::from("cannot read it: not a regular file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(format!("larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    bytes.reserve(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path).and_then(|mut file| file.read_to_end(bytes)).map_err(cannot)?;
    Ok(())
}

/// Bytes as text; the error names the line.
pub(crate) fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = error.as_bytes() {
            return String::from("not UTF-8 but UTF-16");
        }
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("not UTF-8: a byte on line {line} is no part of a character")
    })
}

fn crates_of_files(workspace: &Workspace) -> Vec<Option<CrateId>> {
    let mut first: Vec<Option<CrateId>> = vec![None; workspace.files.len()];
    let crates = || workspace.crates.iter().enumerate();
    let selected_first =
        crates().filter(|(_, krate)| krate.selected).chain(crates().filter(|(_, krate)| !krate.selected));
    for (index, krate) in selected_first {
        for file in krate.module_files.values().chain([&krate.root]) {
            if let Some(slot) = first.get_mut(file.index()) {
                slot.get_or_insert(CrateId(index as u32));
            }
        }
    }
    first
}

/// Puts the crates together from what was read.
struct Linker<'l, 'p> {
    loader: &'l Loader<'p>,
    base: &'l Path,
    visited: MutexGuard<'l, FxHashMap<ModuleFile, Arc<Vec<Child>>>>,
    ids: FxHashMap<PathBuf, FileId>,
    missing: Vec<MissingModule>,
}

impl<'l, 'p> Linker<'l, 'p> {
    fn new(loader: &'l Loader<'p>, base: &'l Path) -> Linker<'l, 'p> {
        Linker { loader, base, visited: lock(&loader.visited), ids: FxHashMap::default(), missing: Vec::new() }
    }

    fn link(mut self, plan: &Plan) -> Loaded {
        let mut shown: Vec<(String, PathBuf)> = self
            .visited
            .keys()
            .map(|file| &file.path)
            .collect::<FxHashSet<_>>()
            .into_iter()
            .map(|path| (paths::display_from(self.base, path), path.clone()))
            .collect();
        shown.sort();
        for (index, (_, path)) in shown.iter().enumerate() {
            self.ids.insert(path.clone(), FileId(index as u32));
        }
        let crates = plan.crates.iter().map(|planned| self.krate(planned)).collect();
        let mut loaded = Loaded {
            workspace: Workspace { crates, files: Vec::with_capacity(shown.len()), ..Workspace::default() },
            origins: plan.crates.iter().map(|planned| origin_of(planned, self.base)).collect(),
            base: self.base.to_path_buf(),
            ..Loaded::default()
        };
        let parsed = lock(&self.loader.parsed);
        for (display, path) in shown {
            let file = parsed.get(&path).and_then(|cell| cell.get()).cloned().unwrap_or_default();
            if let Some(fault) = file.fault {
                loaded.faults.push(format!("{display}: {fault}"));
            }
            if file.behind.is_some() {
                loaded.outdated.push(FileId(loaded.paths.len() as u32));
            }
            loaded.workspace.files.push(SourceFile {
                path: display,
                lines: file.lines,
                text: file.text,
                ir: file.ir,
                problem: file.problem,
            });
            loaded.paths.push(path);
        }
        loaded.file_crates = crates_of_files(&loaded.workspace);
        self.missing.sort();
        // The same item seen from two crates is as serious as its most serious view.
        self.missing.dedup_by(|later, first| later.file == first.file && later.span == first.span);
        loaded.missing_modules = self.missing;
        loaded
    }

    fn id(&self, path: &Path) -> FileId {
        self.ids.get(path).copied().unwrap_or(FileId(0))
    }

    fn krate(&mut self, planned: &PlannedCrate) -> Krate {
        let root = root_of(planned);
        let mut krate = krate_of(planned, self.id(&root.path));
        self.follow(&mut krate, &root, &mut vec![root.path.clone()]);
        krate
    }

    /// Walks a crate's module tree below one file. `above` are the files from the root to it.
    fn follow(&mut self, krate: &mut Krate, file: &ModuleFile, above: &mut Vec<PathBuf>) {
        let Some(children) = self.visited.get(file).cloned() else {
            return;
        };
        let id = self.id(&file.path);
        for child in children.iter() {
            let Some(next) = &child.file else {
                self.missing.push(MissingModule {
                    file: id,
                    span: child.span,
                    reason: child.missing_reason(self.base),
                    minor: child.conditional || !krate.selected,
                });
                continue;
            };
            if above.contains(&next.path) {
                self.missing.push(MissingModule {
                    file: id,
                    span: child.span,
                    reason: format!("{} leads back to a file around it", child.name),
                    minor: child.conditional || !krate.selected,
                });
                continue;
            }
            if !self.visited.contains_key(next) {
                continue;
            }
            // A file that two modules share is walked once: its own modules are the same items.
            match krate.module_files.entry((id, child.item)) {
                Entry::Occupied(_) => continue,
                Entry::Vacant(free) => free.insert(self.id(&next.path)),
            };
            above.push(next.path.clone());
            self.follow(krate, next, above);
            above.pop();
        }
    }
}

/// A crate without its modules.
fn krate_of(planned: &PlannedCrate, root: FileId) -> Krate {
    let package = planned.package.as_deref();
    let is_library = planned.target.kind == thread_lints::TargetKind::Lib;
    Krate {
        name: planned.target.crate_name(),
        package: package.map_or_else(|| planned.target.name.clone(), |p| p.name.clone()),
        kind: planned.target.kind,
        edition: planned.target.edition,
        root,
        module_files: FxHashMap::default(),
        selected: planned.selected,
        dependencies: planned
            .dependencies
            .iter()
            .map(|dependency| Dependency {
                alias: dependency.alias.clone(),
                target: match &dependency.target {
                    PlannedDependencyTarget::Crate(index) => DependencyTarget::Workspace(CrateId(*index as u32)),
                    PlannedDependencyTarget::External(name) => DependencyTarget::External(name.clone()),
                },
            })
            .collect(),
        rust_version: package.and_then(|package| package.rust_version),
        panic_abort: planned.panic_abort,
        is_public_api: is_library && !planned.target.is_proc_macro() && package.is_some_and(|package| package.publish),
    }
}

fn origin_of(planned: &PlannedCrate, base: &Path) -> CrateOrigin {
    match &planned.package {
        Some(package) => CrateOrigin {
            package_id: package.id(),
            manifest_path: package.manifest_path.clone(),
            target: planned.target.clone(),
        },
        None => {
            let folder = planned.target.path.parent().unwrap_or(base);
            CrateOrigin {
                package_id: format!("path+{}#{}@0.0.0", paths::file_url(folder), planned.target.name),
                manifest_path: PathBuf::new(),
                target: planned.target.clone(),
            }
        }
    }
}
